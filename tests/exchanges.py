"""What real TLS implementations say to one another, turn by turn, without a network.

OpenSSL plays both parts by way of Python's ssl module and memory; nothing but the bytes between them is kept.
"""

import contextlib
import ssl
import tempfile
import warnings
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from ca import Authority, Issued, armour, article_chain, good_chain, integer, pem_bundle, sequence
from packets import CLIENT, SERVER

from finesse_certlint.handshake import Sender

TLS_1_0, TLS_1_1 = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
Turns = tuple[tuple[Sender, bytes], ...]
_DATA = b"GET /gadget.xml HTTP/1.1\r\n\r\n"


def ffdhe2048() -> int:
    """RFC 7919, appendix A.1: p = 2^2048 - 2^1984 + {[2^1918 * e] + 560316} * 2^64 - 1."""
    scale, term, total = 1918 + 64, 1 << (1918 + 64), 0
    for number in range(1, 400):
        total += term
        term //= number
    return (1 << 2048) - (1 << 1984) + ((total >> (scale - 1918)) + 560316) * (1 << 64) - 1


class Party:
    """One side of an exchange, behind the buffers of its TLS."""

    def __init__(self, context: ssl.SSLContext, *, server: bool, **options: Any) -> None:
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self._in, self._out, server_side=server, **options)
        self.failed = False

    def shake(self) -> None:
        """Go on with the handshake as far as it goes."""
        if not self.failed:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError:
                self.failed = True

    def hear(self, data: bytes) -> None:
        """Take in what the other side said."""
        self._in.write(data)

    def say(self) -> bytes:
        """What it has to say now."""
        return self._out.read()


def exchange(
    chain: Sequence[Issued] | None = None,
    version: ssl.TLSVersion = TLS_1_2,
    ciphers: str = "ALL:@SECLEVEL=0",
    *,
    client_chain: Sequence[Issued] = (),
    verify: bool = False,
    data: bytes = _DATA,
    client_options: dict[str, Any] | None = None,
    contexts: "tuple[ssl.SSLContext, ssl.SSLContext] | None" = None,
    after: "list[ssl.SSLSession | None] | None" = None,
) -> Turns:
    """A handshake and, where it succeeds, a request and its answer.

    :param chain: the server's, its own first; none: the good chain.
    :param verify: whether the client checks it, against an empty trust store: it then refuses.
    :param contexts: server's and client's, for a second connection between them.
    :param after: is given the client's session.
    """
    server_context, client_context = contexts or contexts_for(chain, version, ciphers, client_chain, verify=verify)
    server = Party(server_context, server=True)
    options = {"server_hostname": "gadgets.example.com", **(client_options or {})}
    client = Party(client_context, server=False, **options)
    turns: list[tuple[Sender, bytes]] = []

    def pump() -> bool:
        moved = False
        for sender, party, other in ((CLIENT, client, server), (SERVER, server, client)):
            said = party.say()
            if said:
                turns.append((sender, said))
                other.hear(said)
                moved = True
        return moved

    for _ in range(20):
        client.shake()
        moved = pump()
        server.shake()
        if not (pump() or moved):
            break
    if not (client.failed or server.failed):
        client.tls.write(data)
        pump()
        with contextlib.suppress(ssl.SSLWantReadError):
            server.tls.read(65_536)
        server.tls.write(b"HTTP/1.1 200 OK\r\n\r\n" + data)
        pump()
        with contextlib.suppress(ssl.SSLWantReadError):
            client.tls.read(65_536)
        if after is not None:
            after.append(client.tls.session)
        for party in (client, server):
            with contextlib.suppress(ssl.SSLError):
                party.tls.unwrap()
        pump()
    return tuple(turns)


def contexts_for(
    chain: Sequence[Issued] | None = None,
    version: ssl.TLSVersion = TLS_1_2,
    ciphers: str = "ALL:@SECLEVEL=0",
    client_chain: Sequence[Issued] = (),
    *,
    verify: bool = False,
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What server and client are set up with."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for context in (server, client):
        context.set_ciphers(ciphers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # TLS 1.0 is what this is about
            context.minimum_version = context.maximum_version = version
    client.check_hostname = False
    if not verify:
        client.verify_mode = ssl.CERT_NONE
    _load(server, good_chain() if chain is None else chain)
    if client_chain:
        _load(client, client_chain)
        server.verify_mode = ssl.CERT_OPTIONAL
        server.load_verify_locations(cadata=client_chain[-1].pem.decode())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dh.pem"
        path.write_bytes(armour("DH PARAMETERS", sequence(integer(ffdhe2048()), integer(2))))
        server.load_dh_params(str(path))
    return server, client


def _load(context: ssl.SSLContext, chain: Sequence[Issued]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "chain.pem"
        path.write_bytes(pem_bundle(*chain) + chain[0].key.pem)
        context.load_cert_chain(path)


def resumed() -> Turns:
    """The second connection of a session, TLS 1.2."""
    contexts = contexts_for()
    sessions: list[ssl.SSLSession | None] = []
    exchange(contexts=contexts, after=sessions)
    return exchange(contexts=contexts, client_options={"session": sessions[0]})


@cache
def known() -> dict[str, Turns]:
    """One exchange of each kind."""
    authority = Authority("Client CA")
    client = [authority.server("client.example.com", eku=("client_auth",)), authority]
    made = {
        "tls-1.0-dhe": exchange(version=TLS_1_0, ciphers="DHE-RSA-AES256-SHA:@SECLEVEL=0"),
        "tls-1.1-rsa": exchange(version=TLS_1_1, ciphers="AES128-SHA:@SECLEVEL=0"),
        "tls-1.2-dhe": exchange(ciphers="DHE-RSA-AES128-SHA:@SECLEVEL=0"),
        "tls-1.2-dhe-gcm": exchange(ciphers="DHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0"),
        "tls-1.2-ecdhe": exchange(ciphers="ECDHE-RSA-AES256-GCM-SHA384"),
        "tls-1.2-rsa": exchange(ciphers="AES256-SHA:@SECLEVEL=0"),
        "tls-1.2-anonymous": exchange(ciphers="ADH-AES256-SHA:@SECLEVEL=0"),
        "tls-1.2-ecdh-anonymous": exchange(ciphers="AECDH-AES256-SHA:@SECLEVEL=0"),
        "tls-1.2-article": exchange(article_chain(), ciphers="AES256-SHA:@SECLEVEL=0"),
        "tls-1.2-client-certificate": exchange(client_chain=client),
        "tls-1.0-client-certificate": exchange(version=TLS_1_0, client_chain=client),
        "tls-1.2-refused": exchange(verify=True),
        "tls-1.0-refused-dhe": exchange(version=TLS_1_0, ciphers="DHE-RSA-AES256-SHA:@SECLEVEL=0", verify=True),
        "tls-1.2-resumed": resumed(),
        "tls-1.2-much-data": exchange(data=bytes(20_000)),
        "tls-1.3": exchange(version=TLS_1_3),
        "tls-1.3-refused": exchange(version=TLS_1_3, verify=True),
        "tls-1.3-retry": _retried(),
        "no-suite": _no_suite(),
    }
    assert all(made.values())
    return made


def _retried() -> Turns:
    """The server wants another group than the client's first: a HelloRetryRequest."""
    server, client = contexts_for(version=TLS_1_3)
    server.set_ecdh_curve("secp384r1")
    return exchange(contexts=(server, client))


def _no_suite() -> Turns:
    """The server finds no suite: handshake_failure."""
    server, _ = contexts_for(ciphers="AES256-SHA:@SECLEVEL=0")
    _, client = contexts_for(ciphers="ECDHE-RSA-AES256-GCM-SHA384")
    return exchange(contexts=(server, client))


def log(
    chain: Sequence[Issued] | None = None,
    *,
    listed: int | None = None,
    new: str = "New, TLSv1.2, Cipher is DHE-RSA-AES256-SHA",
    protocol: str = "TLSv1.2",
    key: str = "Server Temp Key: DH, 2048 bits",
) -> str:
    """What `openssl s_client -showcerts` of OpenSSL 3.0 prints of a handshake, its session's secrets left out.

    :param listed: how many certificates the server sent; none: as many as there are in the log.
    """
    chain = good_chain() if chain is None else chain
    blocks = [issued.pem.decode() for issued in chain]
    lines = ["depth=0 CN = gadgets.example.com", "verify return:1", "CONNECTED(00000003)", "---", "Certificate chain"]
    for place in range(len(blocks) if listed is None else listed):
        lines += [f" {place} s:CN = {place}", f"   i:CN = {place + 1}"]
        lines += [blocks[place].rstrip()] if listed is None else []
    lines += [
        "---",
        "Server certificate",
        *(blocks[:1] if listed is not None else []),
        "subject=CN = gadgets.example.com",
    ]
    lines += [
        "---",
        key,
        "---",
        new,
        "SSL-Session:",
        f"    Protocol  : {protocol}",
        "    Cipher    : 0000",
        "---",
        "DONE",
    ]
    return "\n".join(lines) + "\n"
