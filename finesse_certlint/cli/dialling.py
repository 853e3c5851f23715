"""The sockets around a probe: a connection for each hello, straight or through an HTTP proxy, in bounded time."""

import socket
import sys
import time
from base64 import b64encode
from urllib.parse import unquote, urlsplit

import attrs

from .. import Attempt, Probe
from ..findings import printable
from .complaints import MisuseError, complain

_EMPTY_LINES = (b"\r\n\r\n", b"\n\n")
"""What a head ends with; "a recipient MAY recognize a single LF as a line terminator" (RFC 9112, section 2.2)."""
_HEADERS = 64 * 1024
"""Bytes of a proxy's answer that are read before it must have ended."""


@attrs.frozen(kw_only=True)
class Proxy:
    """An HTTP proxy that opens connections for others (RFC 9110, section 9.3.6)."""

    host: str
    port: int
    authorization: str = attrs.field(default="", repr=False)
    """What stands in Proxy-Authorization; empty where none is asked for."""


@attrs.frozen(kw_only=True)
class Address:
    """Where something listens."""

    host: str
    port: int


def address(value: str, default: int) -> Address:
    """Host and port out of HOST, HOST:PORT, [IPV6]:PORT or a URL.

    :raises ValueError: where there is no host in it, or the port is none.
    """
    text = value.strip()
    if "//" not in text and text.count(":") > 1 and not text.startswith("["):
        return Address(host=text, port=default)  # an IPv6 address without brackets
    parts = urlsplit(text if "//" in text else f"//{text}")
    if parts.scheme not in ("", "https", "http"):
        raise ValueError(f"{parts.scheme} is no scheme of a web server")
    if not parts.hostname:
        raise ValueError("there is no host in it")
    port = default if parts.port is None else parts.port
    if port == 0:
        raise ValueError("0 is no port")
    # hostname is in lower case; the host as it is written is what Java would send.
    at = text.lower().find(parts.hostname)
    return Address(host=text[at : at + len(parts.hostname)], port=port)


def proxy(value: str) -> Proxy:
    """A proxy out of HOST:PORT, or a URL with user and password.

    :raises ValueError: as `address`.
    """
    parts = urlsplit(value if "//" in value else f"//{value}")
    credentials = ""
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        credentials = f"Basic {b64encode(pair.encode()).decode()}"
    where = address(parts.netloc.rpartition("@")[2], 8080)
    return Proxy(host=where.host, port=where.port, authorization=credentials)


def carry_out(probe: Probe, *, seconds: float, through: Proxy | None) -> None:
    """Send each hello on a connection of its own, and feed the probe what comes back.

    :param seconds: how long a connection may take to be made, and then an answer to be complete.
    :raises MisuseError: where no connection can be made.
    """
    for number, attempt in enumerate(probe.attempts()):
        if sys.stderr.isatty():
            print(f"{printable(probe.name)}: sending {attempt.words}", file=sys.stderr)
        try:
            connection = _connection(probe, seconds, through)
        except MisuseError as error:
            if number == 0:
                raise
            complain(f"{error} (the hello was {attempt.words})")
            attempt.closed()
            continue
        with connection:
            _exchange(connection, attempt, seconds)


def _exchange(connection: socket.socket, attempt: Attempt, seconds: float) -> None:
    ends = time.monotonic() + seconds
    try:
        connection.sendall(attempt.hello)
        while not attempt.done:
            left = ends - time.monotonic()
            if left <= 0:
                attempt.silent(seconds)
                break
            connection.settimeout(left)
            data = connection.recv(64 * 1024)
            if data:
                attempt.receive(data)
            else:
                attempt.closed()
    except TimeoutError:
        attempt.silent(seconds)
    except OSError:  # reset by the server, most of all
        attempt.closed()


def _connection(probe: Probe, seconds: float, through: Proxy | None) -> socket.socket:
    if through is None:
        return _dial(probe.host, probe.port, seconds)
    try:
        connection = _dial(through.host, through.port, seconds)
    except _UnreachableError as error:
        raise MisuseError(f"the proxy {error.shown}: {error.why}; check what --proxy says") from None
    try:
        _connect(connection, probe.name, through, seconds)
    except BaseException:
        connection.close()
        raise
    return connection


class _UnreachableError(MisuseError):
    """No connection comes about: with whom, why, and what to do about a server."""

    def __init__(self, shown: str, why: str, advice: str = "") -> None:
        super().__init__(f"{shown}: {why}{advice and '; '}{advice}")
        self.shown, self.why = shown, why


def _dial(host: str, port: int, seconds: float) -> socket.socket:
    shown = f"{printable(host)}, port {port}"
    try:
        return socket.create_connection((host, port), timeout=seconds)
    except (socket.gaierror, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it cannot be a host name"
        raise _UnreachableError(
            printable(host),
            f"this name is not known here ({why})",
            "check its spelling, or ask from a machine that knows it, as Finesse must",
        ) from None
    except TimeoutError:
        raise _UnreachableError(
            shown,
            f"no connection within {seconds:g} seconds",
            "a firewall may swallow it: ask from Finesse's network, or give more time with --timeout",
        ) from None
    except ConnectionRefusedError:
        raise _UnreachableError(
            shown, "the connection is refused: nothing listens there", "check the port in the gadget's URL"
        ) from None
    except OSError as error:
        raise _UnreachableError(shown, f"no connection: {error.strerror or error}") from None


def _connect(connection: socket.socket, target: str, through: Proxy, seconds: float) -> None:
    """Have the proxy open the connection.

    :raises MisuseError: where it does not.
    """
    shown = f"the proxy {printable(through.host)}, port {through.port}"
    host, colon, port = target.rpartition(":")
    target = (host if host.isascii() else host.encode("idna").decode("ascii")) + colon + port
    request = f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n"
    if through.authorization:
        request += f"Proxy-Authorization: {through.authorization}\r\n"
    ends, answer = time.monotonic() + seconds, b""
    try:
        connection.sendall(f"{request}\r\n".encode("ascii"))
        # A byte at a time: what stands behind the empty line is the server's already.
        while not answer.endswith(_EMPTY_LINES) and len(answer) < _HEADERS:
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            connection.settimeout(left)
            byte = connection.recv(1)
            if not byte:
                break
            answer += byte
    except TimeoutError:
        raise MisuseError(f"{shown}: it does not answer within {seconds:g} seconds") from None
    except OSError as error:
        raise MisuseError(f"{shown}: {error.strerror or error}") from None
    line = printable(answer.partition(b"\n")[0].rstrip(b"\r").decode("latin-1"))[:80]
    words = line.split()
    whole = answer.endswith(_EMPTY_LINES)
    if not whole and len(answer) < _HEADERS and (not line or line.startswith("HTTP/")):
        raise MisuseError(f"{shown}: it closes the connection before its answer is complete")
    if not whole or len(words) < 2 or not words[0].startswith("HTTP/"):
        raise MisuseError(f"{shown}: it is no HTTP proxy; it answers {line!r}")
    if not words[1].startswith("2"):
        hint = "; it asks for a user: --proxy http://USER:PASSWORD@HOST:PORT" if words[1] == "407" else ""
        raise MisuseError(f"{shown}: it does not connect to {printable(target)}: {line}{hint}")
