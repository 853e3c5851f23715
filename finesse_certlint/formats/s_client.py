"""The log of `openssl s_client`: a weak witness of a handshake, because the server answered OpenSSL's hello, not Java's.

What it prints of a handshake, for OpenSSL 1.0.2 to 3.5 (apps/s_client.c and apps/lib/s_cb.c)::

    CONNECTED(00000003)
    140...:error:...:sslv3 alert handshake failure:...:SSL alert number 40
     0 s:CN = gadgets.example.com                       one line for each certificate, the server's own first
    Server Temp Key: DH, 2048 bits                      "Peer Temp Key" from 3.5 on
    New, TLSv1.2, Cipher is DHE-RSA-AES256-SHA          "Reused" for a resumed session, (NONE) where it failed

Certificates in it are read as in any other text, and judged once.
"""

import re
from collections.abc import Iterator

import attrs

from .. import tls_names, tls_suites
from ..findings import Location
from ..handshake import Alert, Gap, GapKind, Handshake, KeyExchange, Sender, ServerHello, Step, Witness

_CONNECTED = re.compile(r"^CONNECTED\([0-9A-Fa-f]+\)", re.MULTILINE)
_SUITE = re.compile(r"^(New|Reused), ([\w.()/]+), Cipher is ([\w-]+)\s*$", re.MULTILINE)
_PROTOCOL = re.compile(r"^ +Protocol *: *([\w.]+)\s*$", re.MULTILINE)
_TEMP_KEY = re.compile(r"^(?:Server|Peer) Temp Key: (\w+), (?:([\w-]+), )?(\d+) bits", re.MULTILINE)
_ALERT = re.compile(r"SSL alert number (\d{1,3})\b")
_LISTED = re.compile(r"^ *\d+ s:", re.MULTILINE)
_BLOCKS = re.compile(r"^-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----", re.MULTILINE)
_VERSIONS = {
    "SSLv3": 0x0300,
    "TLSv1": 0x0301,
    "TLSv1.0": 0x0301,
    "TLSv1.1": 0x0302,
    "TLSv1.2": 0x0303,
    "TLSv1.3": 0x0304,
}
_GROUPS = {
    "X25519": 29,
    "X448": 30,
    "P-256": 23,
    "prime256v1": 23,
    "P-384": 24,
    "secp384r1": 24,
    "P-521": 25,
    "secp521r1": 25,
}


@attrs.frozen
class Logged:
    """A handshake in a log, and where its session begins and ends in the text."""

    handshake: Handshake
    start: int
    stop: int


def is_log(text: str) -> bool:
    """Whether s_client wrote this."""
    return _CONNECTED.search(text) is not None


def sessions(text: str, limit: int) -> Iterator[Logged]:
    """The handshakes in a log, one for each connection that it made.

    :param limit: how many at most.
    """
    begins = [match.start() for match in _CONNECTED.finditer(text)]
    for number, start in enumerate(begins[:limit]):
        stop = begins[number + 1] if number + 1 < len(begins) else len(text)
        # Errors are printed on standard error, and so may stand before the first line of standard output.
        handshake = _handshake(text[start if number else 0 : stop])
        if handshake is not None:
            yield Logged(handshake, start, stop)


def located(logged: Logged, document: str, start: int, stop: int) -> Handshake:
    """The handshake with its place in the input, in bytes."""
    return attrs.evolve(
        logged.handshake, location=Location(document=document, start=start, stop=stop, within="log of openssl s_client")
    )


def _handshake(text: str) -> Handshake | None:
    """What one session's lines tell; None where they tell nothing."""
    hello, resumed = _server_hello(text)
    alerts = tuple(Alert(sender=Sender.SERVER, level=2, description=int(number)) for number in _ALERT.findall(text)[:1])
    if hello is None and not alerts:
        return None
    listed, held = len(_LISTED.findall(text)), len(_BLOCKS.findall(text))
    exchange = None if hello is None else _key_exchange(text)
    steps = []
    if hello is not None:
        named = f"{tls_names.version_name(hello.version)}, {tls_names.suite_name(hello.cipher_suite)}"
        steps.append(Step(sender=Sender.SERVER, what="ServerHello", detail=named))
    if listed:
        steps.append(Step(sender=Sender.SERVER, what="Certificate", detail=f"{listed} listed, {held} in the log"))
    if exchange is not None and exchange.dh_bits is not None:
        steps.append(Step(sender=Sender.SERVER, what="ServerKeyExchange", detail=f"{exchange.dh_bits}-bit DH prime"))
    for alert in alerts:
        named = tls_names.alert_name(alert.description or 0)
        steps.append(Step(sender=Sender.SERVER, what="Alert", detail=f"fatal, {named}"))
    gaps = [Gap(kind=GapKind.NO_CLIENT, sender=Sender.CLIENT, what="the log does not show what OpenSSL offered")]
    if resumed:
        gaps.append(Gap(kind=GapKind.RESUMED, sender=Sender.SERVER, what="the session is resumed"))
    elif held < listed:
        gaps.append(
            Gap(kind=GapKind.CUT, sender=Sender.SERVER, what="it was made without -showcerts: the chain is not in it")
        )
    return Handshake(
        index=0,
        witness=Witness.LOG,
        decides=False,
        server_hello=hello,
        certificate_message=0 < listed <= held,
        key_exchange=exchange,
        alerts=alerts,
        completed=hello is not None and not alerts,
        resumed=resumed,
        steps=tuple(steps),
        gaps=tuple(gaps),
    )


def _server_hello(text: str) -> tuple[ServerHello | None, bool]:
    """What was negotiated, and whether the session was resumed."""
    found = _SUITE.search(text)
    suite = tls_suites.suite_named(found[3]) if found else None
    if found is None or suite is None:
        return None, False
    # "New, TLSv1/SSLv3" in OpenSSL 1.0 is where the suite comes from; the session's Protocol is what was negotiated.
    protocol = _PROTOCOL.search(text)
    version = _VERSIONS.get(protocol[1] if protocol else found[2])
    if version is None:
        return None, False
    return ServerHello(version=version, cipher_suite=suite.number, session_id=b""), found[1] == "Reused"


def _key_exchange(text: str) -> KeyExchange | None:
    found = _TEMP_KEY.search(text)
    if found is None:
        return None
    kind, curve, bits = found.groups()
    if kind == "DH":
        return KeyExchange(kind="dhe", length=None, dh_bits=int(bits))
    return KeyExchange(kind="ecdhe", length=None, group=_GROUPS.get(curve or kind))
