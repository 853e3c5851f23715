"""Which object a DER or BER element is, told from its shape alone, and what stands inside the containers."""

import re

import attrs

from ..documents import Kind
from ..tlv import (
    BIT_STRING,
    CONTEXT_0,
    INTEGER,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SignedParts,
    Tlv,
    TlvError,
    children,
    first_tags,
    oid,
    read,
    read_header,
)

_CERTIFICATE = Kind.CERTIFICATE
"""Of an enumeration, a member's name is looked up at ten times the cost of a name in the module."""
_PKCS7 = "1.2.840.113549.1.7."
_SIGNED_DATA = _PKCS7 + "2"
_NETSCAPE_SEQUENCE = "2.16.840.1.113730.2.5"
_CONTENT_TYPES = {
    _PKCS7 + "1": "data",
    _SIGNED_DATA: "signedData",
    _PKCS7 + "3": "envelopedData",
    _PKCS7 + "4": "signedAndEnvelopedData",
    _PKCS7 + "5": "digestedData",
    _PKCS7 + "6": "encryptedData",
    "1.2.840.113549.1.9.16.1.2": "authData",
    "1.2.840.113549.1.9.16.1.9": "compressedData",
    "1.2.840.113549.1.9.16.1.23": "authEnvelopedData",
}
_PFX = re.compile(
    rb"\x02\x01\x03\x30(?:[\x00-\x80]|\x81.|\x82..|\x83...|\x84....)\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07", re.DOTALL
)
_MOST_PARTS = 16
"""Members of a ContentInfo or a SignedData; RFC 5652 has at most six."""


def identify(data: bytes, element: Tlv) -> Kind | None:
    """What the element at hand is by its ASN.1 shape, or None; a bounded look at its first few members."""
    if element.tag != SEQUENCE:
        return None
    tags = first_tags(data, element, 4)
    if tags == [SEQUENCE, SEQUENCE, BIT_STRING]:
        return _signed(data, read(data, element.content, element.content_stop))
    members = _members(data, element, 4)
    match tags:
        case [0x06, 0xA0, *_]:
            name = _oid(data, members[0])
            return Kind.PKCS7 if name in _CONTENT_TYPES or name == _NETSCAPE_SEQUENCE else None
        case [0x02, 0x30, *_] if _first_tag(data, members[1]) == OID:
            if len(tags) > 2 and tags[2] == OCTET_STRING:
                return Kind.PRIVATE_KEY  # PKCS#8, RFC 5958: version, algorithm, octets
            inner = _members(data, members[1], 1)
            return Kind.PKCS12 if inner and _oid(data, inner[0]).startswith(_PKCS7) else None
        case [0x02, 0x04, *_] if data[members[0].content : members[0].content_stop] == b"\x01":
            return Kind.PRIVATE_KEY  # RFC 5915: version 1, octets, parameters
        case [0x02, 0x02, 0x02, 0x02] if element.content_stop > members[3].stop:
            return Kind.PRIVATE_KEY  # RFC 8017 A.1.2 and the DSA form of OpenSSL
        case [0x30, 0x04] if _first_tag(data, members[0]) == OID:
            return Kind.PRIVATE_KEY  # RFC 5958 section 3: encrypted
        case [0x30, 0x03] if _first_tag(data, members[0]) == OID:
            return Kind.PUBLIC_KEY
        case [0x0A] | [0x0A, 0xA0]:
            return Kind.OCSP
        case [0x30, *_] if _is_ocsp_request(data, members[0]):
            return Kind.OCSP
        case [0x30, 0x30, *_] | [0x30] if _signed_tags(data, members[0]):
            return Kind.PKCS7  # PkiPath, RFC 6066 section 8: certificates in a SEQUENCE
    return None


def announces(data: bytes, start: int) -> Kind | None:
    """What the object at `start` begins like, where its end is missing: a certificate, a request, or a container or store."""
    try:
        tag, _, content = read_header(data, start, len(data))
        inner_tag, _, inner = read_header(data, content, len(data))
    except TlvError:
        return None
    if tag != SEQUENCE:
        return None
    if inner_tag == OID:
        first = Tlv(inner_tag, content, inner, inner + data[content + 1], inner + data[content + 1])
        name = _oid(data, first)
        return Kind.PKCS7 if name in _CONTENT_TYPES or name == _NETSCAPE_SEQUENCE else None
    if inner_tag == INTEGER:
        # PFX ::= SEQUENCE { version INTEGER {v3(3)}, authSafe ContentInfo, ...  (RFC 7292 section 4)
        return Kind.PKCS12 if _PFX.match(data, content) else None
    if inner_tag != SEQUENCE:
        return None
    # CertificationRequestInfo ::= SEQUENCE { version INTEGER { v1(0) }, subject Name, ...
    if data[inner : inner + 4] == b"\x02\x01\x00\x30":
        return Kind.REQUEST
    # tbsCertificate ::= SEQUENCE { version [0] EXPLICIT INTEGER, ...
    return Kind.CERTIFICATE if data[inner : inner + 4] == b"\xa0\x03\x02\x01" else None


def _signed_tags(data: bytes, element: Tlv) -> bool:
    return first_tags(data, element, 4) == [SEQUENCE, SEQUENCE, BIT_STRING]


def signs_certificate(data: bytes, parts: SignedParts) -> bool:
    """Whether the three parts of a signed object are those of a certificate."""
    signed, algorithm, value = parts
    shape = signed.tag == SEQUENCE and algorithm.tag == SEQUENCE and value.tag == BIT_STRING
    return shape and _signed(data, signed) is _CERTIFICATE


def _signed(data: bytes, tbs: Tlv) -> Kind | None:
    """Of the things that are SIGNED{}: which one, by what is to be signed."""
    if _first_tag(data, tbs) == CONTEXT_0:
        return _CERTIFICATE  # tbsCertificate ::= SEQUENCE { version [0] ..., and nothing else begins so
    match first_tags(data, tbs, 6):
        case [0x02, 0x30, 0x30, 0x17 | 0x18, *_] | [0x30, 0x30, 0x17 | 0x18, *_]:
            return Kind.CRL
        case [0x02, 0x30, 0xA0, 0x30, 0x02, 0x30, *_] | [0x02, 0x30, 0x30, 0x30, 0x02, 0x30, *_]:
            return Kind.ATTRIBUTE_CERTIFICATE
        case [0x02, 0x30, 0x30, 0x30, *_]:
            return _CERTIFICATE  # version 1
        case [0x02, 0x30, 0x30] | [0x02, 0x30, 0x30, *_]:
            return Kind.REQUEST  # RFC 2986 4.1: version, subject, key, attributes [0], whatever stands in their place
    return _CERTIFICATE  # three members of a signed thing: judged as a certificate, its oddities become findings


def _is_ocsp_request(data: bytes, first: Tlv) -> bool:
    """RFC 6960 4.1.1: SEQUENCE OF Request, each a CertID whose first member is an AlgorithmIdentifier."""
    element = first
    for _ in range(4):
        inner = [m for m in _members(data, element, 3) if m.tag == SEQUENCE]
        if not inner:
            return False
        element = inner[0]
    return _first_tag(data, element) == OID and _first_tag(data, first) != OID


def _members(data: bytes, element: Tlv, most: int) -> list[Tlv]:
    """Up to `most` members, fewer where one is not whole; a fifth member or so never decides."""
    found: list[Tlv] = []
    try:
        for member in children(data, element):
            found.append(member)
            if len(found) == most:
                break
    except TlvError:
        pass
    return found


def _first_tag(data: bytes, element: Tlv) -> int | None:
    return data[element.content] if element.content < element.content_stop else None


def _oid(data: bytes, element: Tlv) -> str:
    try:
        return oid(data[element.content : element.content_stop])
    except TlvError:
        return ""


@attrs.frozen(kw_only=True)
class Contents:
    """What a container holds: its content type by name, and its elements with their paths in it."""

    content_type: str = ""
    elements: tuple[tuple[str, Tlv], ...] = ()


def contents(data: bytes, container: Tlv, most: int) -> Contents:
    """The certificates and CRLs in a PKCS#7, a Netscape certificate sequence or a PkiPath, in the order encoded.

    Works on BER and on a container that is cut off: what is whole in it is found, `most` elements and one more.
    """
    members = clamped(data, container, max(most, _MOST_PARTS))
    if not members or members[0].tag != OID:
        return Contents(elements=_numbered("certificate", members))
    name = _oid(data, members[0])
    inner = clamped(data, members[1], _MOST_PARTS) if len(members) > 1 else []
    parts: list[tuple[str, Tlv]] = []
    if inner and name == _NETSCAPE_SEQUENCE:
        parts += _numbered("certificates", clamped(data, inner[0], most))
    if inner and name == _SIGNED_DATA:
        for part in clamped(data, inner[0], _MOST_PARTS):
            # RFC 5652 5.1: certificates [0] IMPLICIT CertificateSet OPTIONAL, crls [1] IMPLICIT RevocationInfoChoices
            field = {0xA0: "certificates", 0xA1: "crls"}.get(part.tag)
            if field:
                parts += _numbered(field, clamped(data, part, most))
        requests = _wrapped_requests(data, inner[0], most)
        parts += _numbered("requests", requests)
    return Contents(content_type=_CONTENT_TYPES.get(name, name), elements=tuple(parts))


def _wrapped_requests(data: bytes, signed: Tlv, most: int) -> list[Tlv]:
    """The PKCS#10 requests that a SignedData has as its content, as certreq wraps them (`RequestType = PKCS7` or `CMC`).

    The content is the request itself, or a PKIData (RFC 5272, section 3.2.1) whose TaggedRequests have it in [0].
    """
    for part in clamped(data, signed, _MOST_PARTS):
        content = clamped(data, part, 2) if part.tag == SEQUENCE else []
        if len(content) < 2 or content[0].tag != OID or content[1].tag != 0xA0:
            continue
        octets = clamped(data, content[1], 1)
        held = clamped(data, octets[0], most) if octets and octets[0].tag == OCTET_STRING else octets
        return [element for element in _tagged(data, held, most) if identify(data, element) is Kind.REQUEST]
    return []


def _tagged(data: bytes, held: list[Tlv], most: int) -> list[Tlv]:
    if not held or identify(data, held[0]) is Kind.REQUEST:
        return held[:1]
    found: list[Tlv] = []
    # PKIData ::= SEQUENCE { controlSequence, reqSequence SEQUENCE OF TaggedRequest, ... }
    members = clamped(data, held[0], _MOST_PARTS) if held[0].tag == SEQUENCE else []
    for tagged in clamped(data, members[1], most) if len(members) > 1 else []:
        # TaggedCertificationRequest ::= [0] SEQUENCE { bodyPartID, certificationRequest }
        inner = clamped(data, tagged, 2) if tagged.tag == 0xA0 else []
        found += inner[1:2]
    return found


def _numbered(field: str, elements: list[Tlv]) -> tuple[tuple[str, Tlv], ...]:
    return tuple((f"{field}[{number}]", element) for number, element in enumerate(elements))


def clamped(data: bytes, parent: Tlv, most: int) -> list[Tlv]:
    """The members of `parent`, at most `most` and one more; the last, if it is cut off, as far as it goes."""
    found: list[Tlv] = []
    position = parent.content
    while position < parent.content_stop and len(found) <= most:
        try:
            element = read(data, position, parent.content_stop)
        except TlvError:
            rest = _cut(data, position, parent.content_stop)
            if rest is None:
                break
            element = rest
        found.append(element)
        position = element.stop
    return found


def _cut(data: bytes, start: int, limit: int) -> Tlv | None:
    """An element of which only the beginning is there, ended where its surroundings end."""
    try:
        tag, _, content = read_header(data, start, limit)
    except TlvError:
        return None
    return Tlv(tag, start, content, limit, limit) if content < limit else None
