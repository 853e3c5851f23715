"""The ClientHello that a release of Java sends, byte for byte but for what is drawn by lot.

What differs between releases is data, a `HelloForm` and the profile's versions and suites; how it is written down follows
RFC 5246, section 7.4.1.2, and RFC 8446, section 4.1.2.
"""

import ipaddress
import re
import struct

import attrs

from ..tls_names import TLS_1_2

ENTROPY = 96
"""Bytes drawn by lot that a hello takes: the random, the session id and a key share."""

(_SERVER_NAME, _STATUS_REQUEST, _GROUPS, _POINT_FORMATS, _SIGNATURES, _STATUS_REQUEST_2) = (0, 5, 10, 11, 13, 17)
(_MASTER_SECRET, _TICKET, _VERSIONS, _PSK_MODES, _SIGNATURES_OF_CERTIFICATES, _KEY_SHARE) = (23, 35, 43, 45, 50, 51)
_SECP256R1, _X25519 = 23, 29

# Nothing is ever decrypted with it, so any point on the curve will do: the base point of P-256 (SEC 2, section 2.4.2).
_POINT_OF_P256 = bytes.fromhex(
    "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)


@attrs.frozen(kw_only=True)
class HelloForm:
    """What a client puts into its ClientHello beside its versions and its cipher suites."""

    extensions: tuple[int, ...] = ()
    """Their types, in order. server_name is left out where Java leaves it out; see `server_name`."""
    groups: tuple[int, ...] = ()
    """supported_groups."""
    signatures: tuple[int, ...] = ()
    """signature_algorithms, and signature_algorithms_cert where that is sent."""
    key_shares: tuple[int, ...] = ()
    """The groups for which it sends a key: secp256r1 and x25519 are known here."""
    session_id: int = 0
    """The length of the session id of a new session: 32 where TLS 1.3 is offered (RFC 8446, appendix D.4)."""
    observed: bool = True
    """Whether all of this was seen to be sent by the release itself; False where a part was concluded."""

    @property
    def tls_1_2(self) -> "HelloForm":
        """What is left of it where TLS 1.3 is not offered, as observed on 17.0.15; supported_versions stays."""
        kept = tuple(kind for kind in self.extensions if kind not in (_PSK_MODES, _KEY_SHARE))
        return attrs.evolve(self, extensions=kept, key_shares=(), session_id=0)


def client_hello(
    form: HelloForm, *, versions: tuple[int, ...], suites: tuple[int, ...], host: str | None, entropy: bytes
) -> bytes:
    """A ClientHello as it goes over the wire, in a record of its own.

    :param versions: what is offered, 0x0301 for TLS 1.0, in any order.
    :param suites: the numbers of the cipher suites, in order.
    :param host: the host that is asked for, as the URL has it.
    :param entropy: `ENTROPY` bytes that nobody can guess.
    :raises ValueError: where `entropy` is too short, or no version is offered.
    """
    if len(entropy) < ENTROPY or not versions:
        raise ValueError(f"a hello takes {ENTROPY} bytes of entropy and at least one version")
    random, session_id, share = entropy[:32], entropy[32 : 32 + form.session_id], entropy[64:96]
    version = struct.pack(">H", min(max(versions), TLS_1_2))
    body = version + random + _vector(1, session_id) + _vector(2, _shorts(suites)) + b"\x01\x00"
    extensions = b"".join(
        struct.pack(">H", kind) + _vector(2, content)
        for kind in form.extensions
        if (content := _extension(kind, form, versions, host, share)) is not None
    )
    if extensions:
        body += _vector(2, extensions)
    message = b"\x01" + _vector(3, body)
    # Java 7 and 8 were seen to put client_version into the record's header too, and so do 11 to 21.
    return b"\x16" + version + _vector(2, message)


def server_name(host: str | None) -> str | None:
    """What Java sends of a host in server_name, or None where it sends none.

    None is sent for a name without a dot, an address, and a name with characters that a host name cannot have. A dot at
    the end is left off, and letters outside ASCII are sent as an A-label; upper case stays. Observed on Java 17; that 7 and
    8 send none without a dot and for addresses stands in ClientHandshaker.java.
    """
    if host is None or _is_address(host):
        return None
    try:
        name = host.removesuffix(".")
        name = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return name if name.find(".") > 0 and _NAME.fullmatch(name) else None


_NAME = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9-]{1,63}(?<!-))*", re.ASCII)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def _extension(kind: int, form: HelloForm, versions: tuple[int, ...], host: str | None, share: bytes) -> bytes | None:
    """The content of an extension; None where the whole extension is left out."""
    if kind == _SERVER_NAME:
        name = server_name(host)
        return None if name is None else _vector(2, b"\x00" + _vector(2, name.encode("ascii")))
    if kind == _VERSIONS:
        return _vector(1, _shorts(sorted(versions, reverse=True)))
    if kind == _KEY_SHARE:
        keys = {_SECP256R1: _POINT_OF_P256, _X25519: share}
        return _vector(2, b"".join(_shorts([group]) + _vector(2, keys[group]) for group in form.key_shares))
    lists = {_GROUPS: form.groups, _SIGNATURES: form.signatures, _SIGNATURES_OF_CERTIFICATES: form.signatures}
    return _vector(2, _shorts(lists[kind])) if kind in lists else _FIXED[kind]


_FIXED = {
    _STATUS_REQUEST: bytes.fromhex("0100000000"),  # RFC 6066: OCSP, no responders and no extensions named
    _POINT_FORMATS: bytes.fromhex("0100"),  # RFC 8422: uncompressed
    _STATUS_REQUEST_2: bytes.fromhex("000702000400000000"),  # RFC 6961: ocsp_multi, likewise
    _MASTER_SECRET: b"",
    _TICKET: b"",
    _PSK_MODES: bytes.fromhex("0101"),  # RFC 8446: psk_dhe_ke
}


def _vector(width: int, content: bytes) -> bytes:
    return len(content).to_bytes(width, "big") + content


def _shorts(values: "tuple[int, ...] | list[int]") -> bytes:
    return struct.pack(f">{len(values)}H", *values)
