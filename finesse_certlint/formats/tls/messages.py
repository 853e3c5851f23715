"""The handshake messages of SSL 3.0 to TLS 1.3: bytes to values, each by the structure that its RFC gives.

A message that is not as its RFC has it raises `MalformedError`; one that was cut off behind the fields that decide is read as
far as it goes, by the functions whose name begins with ``partial_``.
"""

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from ... import tls_suites
from ...handshake import CertificateRequest, ClientHello, KeyExchange, ServerHello

HELLO_REQUEST = 0
CLIENT_HELLO = 1
SERVER_HELLO = 2
NEW_SESSION_TICKET = 4
CERTIFICATE = 11
SERVER_KEY_EXCHANGE = 12
CERTIFICATE_REQUEST = 13
SERVER_HELLO_DONE = 14
CERTIFICATE_VERIFY = 15
CLIENT_KEY_EXCHANGE = 16
FINISHED = 20

NAMES: Mapping[int, str] = MappingProxyType(
    {
        HELLO_REQUEST: "HelloRequest",
        CLIENT_HELLO: "ClientHello",
        SERVER_HELLO: "ServerHello",
        NEW_SESSION_TICKET: "NewSessionTicket",
        8: "EncryptedExtensions",
        CERTIFICATE: "Certificate",
        SERVER_KEY_EXCHANGE: "ServerKeyExchange",
        CERTIFICATE_REQUEST: "CertificateRequest",
        SERVER_HELLO_DONE: "ServerHelloDone",
        CERTIFICATE_VERIFY: "CertificateVerify",
        CLIENT_KEY_EXCHANGE: "ClientKeyExchange",
        FINISHED: "Finished",
        21: "CertificateURL",
        22: "CertificateStatus",
        23: "SupplementalData",
        24: "KeyUpdate",
        25: "CompressedCertificate",
        67: "NextProtocol",
    }
)
"""The registry TLS HandshakeType, those that TLS over TCP uses; 67 is the draft's of next_protocol_negotiation."""

TLS_1_2 = 0x0303
TLS_1_3 = 0x0304

HELLO_RETRY_REQUEST = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
"""RFC 8446, section 4.1.3: the random of a ServerHello that is a HelloRetryRequest."""

_SERVER_NAME = 0
_SUPPORTED_GROUPS = 10
_SIGNATURE_ALGORITHMS = 13
_SUPPORTED_VERSIONS = 43


class MalformedError(ValueError):
    """A message is not as its RFC has it."""


class Fields:
    """What is left to read of a structure of TLS's presentation language (RFC 8446, section 3)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __len__(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if count > len(self):
            raise MalformedError(f"it ends {count - len(self)} bytes before its own end")
        self._at += count
        return self._data[self._at - count : self._at]

    def uint(self, width: int) -> int:
        """An unsigned integer of `width` bytes."""
        return int.from_bytes(self.take(width), "big")

    def vector(self, width: int) -> bytes:
        """A vector whose length stands in front of it in `width` bytes."""
        return self.take(self.uint(width))

    def rest(self) -> bytes:
        """All that is left."""
        return self.take(len(self))


def _uints16(data: bytes) -> tuple[int, ...]:
    if len(data) % 2:
        raise MalformedError("a list of two-byte values has an odd length")
    return struct.unpack(f">{len(data) // 2}H", data)


# -- Hellos ----------------------------------------------------------------------------------------------------------


def client_hello(body: bytes, record_version: int | None = None) -> ClientHello:
    """RFC 5246, section 7.4.1.2, and RFC 8446, section 4.1.2."""
    return _client_hello(body, record_version, len(body))


def partial_client_hello(seen: bytes, record_version: int | None, length: int) -> ClientHello:
    """A ClientHello of `length` bytes of which the beginning was seen: its extensions may be missing."""
    return _client_hello(seen, record_version, length)


def _client_hello(body: bytes, record_version: int | None, length: int) -> ClientHello:
    fields = Fields(body)
    version, random, session = fields.uint(2), fields.take(32), fields.vector(1)
    suites = _uints16(fields.vector(2))
    try:
        fields.vector(1)  # compression methods
        extensions = _extensions(fields)
    except MalformedError:
        if len(body) == length:
            raise
        extensions = {}
    return ClientHello(
        version=version,
        record_version=record_version,
        random=random,
        session_id=session,
        cipher_suites=suites,
        extensions=tuple(extensions),
        length=length,
        server_name=_known(extensions, _SERVER_NAME, _server_name, None),
        supported_versions=_known(extensions, _SUPPORTED_VERSIONS, lambda data: _uints16(Fields(data).vector(1)), ()),
        groups=_known(extensions, _SUPPORTED_GROUPS, lambda data: _uints16(Fields(data).vector(2)), ()),
        signature_algorithms=_known(
            extensions, _SIGNATURE_ALGORITHMS, lambda data: _uints16(Fields(data).vector(2)), ()
        ),
    )


def sslv2_client_hello(body: bytes) -> ClientHello:
    """RFC 5246, appendix E.2: the CLIENT-HELLO of SSL 2.0, by which a client of its time offered later versions too.

    :param body: the record without its two bytes of length.
    """
    fields = Fields(body)
    if fields.uint(1) != CLIENT_HELLO:
        raise MalformedError("it is no CLIENT-HELLO of SSL 2.0")
    version, specs, session, challenge = fields.uint(2), fields.uint(2), fields.uint(2), fields.uint(2)
    listed = fields.take(specs)
    if specs % 3:
        raise MalformedError("its list of cipher specs is not made of three-byte values")
    kinds = [listed[at : at + 3] for at in range(0, specs, 3)]
    return ClientHello(
        version=version,
        record_version=None,
        session_id=fields.take(session),
        random=fields.take(challenge),
        # "V2CipherSpec ::= { 0x00, CipherSuite }": the others are SSL 2.0's own.
        cipher_suites=tuple(int.from_bytes(kind[1:], "big") for kind in kinds if kind[0] == 0),
        extensions=(),
        length=len(body),
        sslv2=True,
    )


def server_hello(body: bytes) -> tuple[ServerHello, bool]:
    """RFC 5246, section 7.4.1.3, and RFC 8446, section 4.1.3; and whether it is a HelloRetryRequest."""
    return _server_hello(body, len(body))


def partial_server_hello(seen: bytes, length: int) -> tuple[ServerHello, bool]:
    """A ServerHello of `length` bytes of which the beginning was seen, its cipher suite at least."""
    return _server_hello(seen, length)


def _server_hello(body: bytes, length: int) -> tuple[ServerHello, bool]:
    fields = Fields(body)
    version, random, session, suite = fields.uint(2), fields.take(32), fields.vector(1), fields.uint(2)
    try:
        fields.uint(1)  # compression method
        extensions = _extensions(fields)
    except MalformedError:
        if len(body) == length:
            raise
        extensions = {}
    selected = _known(extensions, _SUPPORTED_VERSIONS, lambda data: Fields(data).uint(2), None)
    if selected is None and suite >> 8 == 0x13:
        selected = TLS_1_3  # RFC 8446, appendix B.4: these suites are for TLS 1.3 only
    hello = ServerHello(
        version=selected or version, cipher_suite=suite, session_id=session, extensions=tuple(extensions)
    )
    return hello, random == HELLO_RETRY_REQUEST


def _extensions(fields: Fields) -> dict[int, bytes]:
    """The extensions by their types, in order; where a type is repeated, the first."""
    found: dict[int, bytes] = {}
    if not len(fields):
        return found
    inner = Fields(fields.vector(2))
    while len(inner):
        kind = inner.uint(2)
        found.setdefault(kind, inner.vector(2))
    return found


_T = TypeVar("_T")


def _known(extensions: dict[int, bytes], kind: int, read: Callable[[bytes], _T], default: _T) -> _T:
    """What an extension says; one that cannot be read says nothing, and the others are read all the same."""
    if kind not in extensions:
        return default
    try:
        return read(extensions[kind])
    except MalformedError:
        return default


def _server_name(data: bytes) -> str | None:
    """RFC 6066, section 3: the first host_name."""
    inner = Fields(Fields(data).vector(2))
    while len(inner):
        kind, name = inner.uint(1), inner.vector(2)
        if kind == 0:
            return name.decode("ascii", "backslashreplace")
    return None


# -- Certificates ----------------------------------------------------------------------------------------------------


def certificates(body: bytes, version: int | None) -> tuple[bytes, ...]:
    """The certificates in a Certificate message, in its order: RFC 5246, section 7.4.2, or RFC 8446, section 4.4.2."""
    fields = Fields(body)
    if version == TLS_1_3:
        fields.vector(1)  # certificate_request_context
    listed, found = Fields(fields.vector(3)), []
    while len(listed):
        found.append(listed.vector(3))
        if version == TLS_1_3:
            listed.vector(2)  # the certificate's own extensions
    if len(fields):
        raise MalformedError(f"{len(fields)} bytes stand behind its list")
    return tuple(found)


def certificate_request(body: bytes, version: int | None) -> CertificateRequest:
    """RFC 5246, section 7.4.4; before TLS 1.2 without the signature algorithms (RFC 4346, section 7.4.4)."""
    fields = Fields(body)
    types = tuple(fields.vector(1))
    algorithms = _uints16(fields.vector(2)) if version == TLS_1_2 else ()
    inner = Fields(fields.vector(2))
    authorities = []
    while len(inner):
        authorities.append(inner.vector(2))
    return CertificateRequest(types=types, signature_algorithms=algorithms, authorities=tuple(authorities))


# -- Key exchange ----------------------------------------------------------------------------------------------------


_NAMED_CURVE = 3


def key_exchange(body: bytes, suite: int | None) -> KeyExchange:
    """RFC 5246, section 7.4.3; RFC 8422, section 5.4; RFC 4279, section 3.

    :param suite: what the server selected; None where its ServerHello was not seen, and the form decides then.
    """
    if suite is None:
        for read in (_ecdhe, _dhe):
            try:
                return read(Fields(body), len(body), signed=True)
            except MalformedError:
                continue
        return KeyExchange(kind="other", length=len(body))
    selected = tls_suites.suite(suite)
    fields, signed = Fields(body), selected.server_key is not None
    if selected.authentication == "PSK" and selected.key_exchange in ("DHE", "ECDHE"):
        fields.vector(2)  # psk_identity_hint
    if selected.key_exchange == "DHE":
        return _dhe(fields, len(body), signed=signed)
    if selected.key_exchange == "ECDHE":
        return _ecdhe(fields, len(body), signed=signed)
    return KeyExchange(kind="other", length=len(body))


def _dhe(fields: Fields, length: int, *, signed: bool) -> KeyExchange:
    p, g, public = (int.from_bytes(fields.vector(2), "big") for _ in range(3))
    return KeyExchange(
        kind="dhe",
        length=length,
        dh_bits=p.bit_length(),
        dh_prime=p,
        dh_generator=g,
        dh_public_bits=public.bit_length(),
        signature_scheme=_signature_scheme(fields) if signed else None,
    )


def _ecdhe(fields: Fields, length: int, *, signed: bool) -> KeyExchange:
    if fields.uint(1) != _NAMED_CURVE:
        return KeyExchange(kind="ecdhe", length=length)
    group = fields.uint(2)
    fields.vector(1)  # the point
    scheme = _signature_scheme(fields) if signed else None
    return KeyExchange(kind="ecdhe", length=length, group=group, signature_scheme=scheme)


def _signature_scheme(fields: Fields) -> int | None:
    """The scheme that stands before the signature from TLS 1.2 on; which form it is, the lengths tell."""
    signature = fields.rest()
    if len(signature) >= 2 and len(signature) == 2 + int.from_bytes(signature[:2], "big"):
        return None
    if len(signature) >= 4 and len(signature) == 4 + int.from_bytes(signature[2:4], "big"):
        return int.from_bytes(signature[:2], "big")
    raise MalformedError("its signature is not as long as it says")
