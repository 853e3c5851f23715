"""Extensions (RFC 5280 section 4.2): where each stands, and the values of those that are looked at.

A value in the plain form that nearly all have is told by its octets; any other is read by asn1crypto, which is imported for
it, and which says what is wrong with it.
"""

import ipaddress
import re
from collections.abc import Iterable
from typing import Any

import attrs

from ..recurring import recurring
from ..tlv import (
    BOOLEAN,
    OCTET_STRING,
    OID,
    SEQUENCE,
    SHORTEST_LENGTH,
    Tlv,
    TlvError,
    children,
    encode,
    length_of,
    oid,
    pieces,
    read,
)

BASIC_CONSTRAINTS = "2.5.29.19"
KEY_USAGE = "2.5.29.15"
EXTENDED_KEY_USAGE = "2.5.29.37"
SUBJECT_ALT_NAME = "2.5.29.17"
AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


@attrs.frozen(kw_only=True)
class Extension:
    """One extension: dotted OID, criticality, the DER inside extnValue, and its path in the certificate."""

    oid: str
    critical: bool
    value: bytes = attrs.field(repr=False)
    field: str
    excess: bool = False
    """Whether something stands behind its value, where nothing belongs. Java's Extension does not look there."""
    size: int = attrs.field(default=0, repr=False, eq=False)
    """In octets, all of it."""
    in_der: bool = attrs.field(default=False, repr=False, eq=False)
    """Whether it is DER as far as its value, which nothing follows. For an OID with an octet 0x80 within, this says no."""
    kept: dict[Any, Any] = attrs.field(factory=dict, init=False, repr=False, eq=False)
    """What others have worked out of it, each by a key of its own."""


@attrs.frozen(kw_only=True)
class BasicConstraints:
    """RFC 5280 section 4.2.1.9."""

    ca: bool
    path_length: int | None


def read_extensions(data: bytes, sequence: Tlv | None, place: str) -> tuple[Extension, ...]:
    """Extensions (RFC 5280 section 4.1); their paths begin with `place`."""
    if sequence is None or sequence.tag != SEQUENCE:
        raise TlvError("it is no SEQUENCE of extensions")
    octets: Iterable[bytes] | None = pieces(data, sequence)
    if octets is None:  # what is wrong with the first that is damaged is said
        octets = (data[element.start : element.stop] for element in children(data, sequence))
    found = []
    for number, raw in enumerate(octets):
        extension = extension_in(raw, place)
        if extension is None:
            raise TlvError(f"extension {number} is not an OID, a flag and an OCTET STRING")
        found.append(extension)
    return tuple(found)


@recurring(4096)
def extension_in(raw: bytes, place: str) -> Extension | None:
    """One extension, or None where it is not made of the parts that it should be.

    :raises TlvError: where it does not begin with an OID, or is not whole.
    """
    return _in_der(raw, place) or _walked(raw, place)


def _in_der(raw: bytes, place: str) -> Extension | None:
    """An extension that is DER as far as its value, and whose OID is as long as those in use; None for another."""
    head = _HEAD.match(raw)
    if head is None:
        return None
    kind, flag, length = head.groups()
    value = raw[head.end() :]
    # The lengths of all else are in the pattern, so that this one tells whether nothing follows the value.
    if len(value) != length_of(length):
        return None
    name = oid(kind[1:])
    return Extension(
        oid=name,
        critical=flag is not None and flag[2] != 0,
        value=value,
        field=extension_field(place, name),
        size=len(raw),
        in_der=b"\x80" not in kind,  # such an OID may be padded
    )


# Extension ::= SEQUENCE { extnID OBJECT IDENTIFIER, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING ...
_HEAD = re.compile(
    rb"\x30(?:%b)\x06(\x03.{3}|\x08.{8}|\x09.{9}|\x0a.{10})(\x01\x01.)?\x04(%b)" % (SHORTEST_LENGTH, SHORTEST_LENGTH),
    re.DOTALL,
)
"""All of an extension but its value, every length as short as can be."""


def _walked(raw: bytes, place: str) -> Extension | None:
    outer = read(raw, 0, len(raw))
    members = children(raw, outer)
    kind = next(members, None)
    if kind is None or kind.tag != OID:
        raise TlvError("it holds no OBJECT IDENTIFIER")
    name = oid(raw[kind.content : kind.content_stop])
    value, critical = next(members, None), False
    if value is not None and value.tag == BOOLEAN:
        critical = raw[value.content] != 0
        value = next(members, None)
    if value is None or value.tag != OCTET_STRING:
        return None
    return Extension(
        oid=name,
        critical=critical,
        value=raw[value.content : value.content_stop],
        field=extension_field(place, name),
        excess=value.stop != outer.content_stop,
        size=len(raw),
    )


def extension_field(place: str, dotted: str) -> str:
    """The path of an extension: its name in RFC 5280, or its OID."""
    return f"{place}.{_EXTENSION_NAMES.get(dotted, dotted)}"


_EXTENSION_NAMES = {
    BASIC_CONSTRAINTS: "basicConstraints",
    KEY_USAGE: "keyUsage",
    EXTENDED_KEY_USAGE: "extKeyUsage",
    SUBJECT_ALT_NAME: "subjectAltName",
    AUTHORITY_KEY_IDENTIFIER: "authorityKeyIdentifier",
    SUBJECT_KEY_IDENTIFIER: "subjectKeyIdentifier",
}
_KEY_USAGE_NAMES = {
    "digital_signature": "digitalSignature",
    "non_repudiation": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
    "encipher_only": "encipherOnly",
    "decipher_only": "decipherOnly",
}

_PLAIN_CONSTRAINTS = {
    b"\x30\0": BasicConstraints(ca=False, path_length=None),
    b"\x30\3\1\1\xff": BasicConstraints(ca=True, path_length=None),
    **{b"\x30\6\1\1\xff\2\1" + bytes([n]): BasicConstraints(ca=True, path_length=n) for n in range(128)},
}
"""Every value in DER, but for path lengths beyond 127."""


# Most certificates hold the same few values of these extensions, so that each value is decoded once.


@recurring(1024)
def basic_constraints(value: bytes) -> BasicConstraints:
    """The value of basicConstraints."""
    plain = _PLAIN_CONSTRAINTS.get(value)
    if plain is not None:
        return plain
    from asn1crypto import x509

    parsed = x509.BasicConstraints.load(value, strict=True)
    return BasicConstraints(ca=parsed["ca"].native, path_length=parsed["path_len_constraint"].native)


@recurring(1024)
def key_usage(value: bytes) -> frozenset[str]:
    """The set bits by their names in RFC 5280."""
    # BIT STRING of one octet: its last bits, of which the first octet says how many there are, stand for nothing.
    if len(value) == 4 and value.startswith(b"\3\2") and value[2] < 8 and not value[3] & (1 << value[2]) - 1:
        return frozenset(name for bit, name in enumerate(_KEY_USAGE_NAMES.values()) if value[3] << bit & 0x80)
    from asn1crypto import x509

    return frozenset(_KEY_USAGE_NAMES[bit] for bit in x509.KeyUsage.load(value, strict=True).native)


@recurring(1024)
def extended_key_usage(value: bytes) -> tuple[str, ...]:
    """The purposes as dotted OIDs."""
    plain = _plain_identifiers(value)
    if plain is not None:
        return plain
    from asn1crypto import x509

    return tuple(purpose.dotted for purpose in x509.ExtKeyUsageSyntax.load(value, strict=True))


def dns_names(value: bytes) -> tuple[str, ...]:
    """The dNSName values of GeneralNames."""
    return tuple([content.decode("latin-1") for kind, content in _alternative_names(value) if kind == DNS_NAME])


def ip_addresses(value: bytes) -> tuple[str, ...]:
    """The iPAddress values of GeneralNames that are whole addresses."""
    packed = [content for kind, content in _alternative_names(value) if kind == IP_ADDRESS]
    return tuple(str(ipaddress.ip_address(address)) for address in packed if len(address) in (4, 16))


def _alternative_names(value: bytes) -> Iterable[tuple[int, bytes]]:
    """The DNS names and the addresses, each with its tag and its octets."""
    plain = plain_names(value)
    if plain is not None:
        return plain
    members = _members(value)
    if members and all(member.tag in (DNS_NAME, IP_ADDRESS) for member in members):
        return [(member.tag, value[member.content : member.content_stop]) for member in members]
    from asn1crypto import x509

    tags = {"dns_name": DNS_NAME, "ip_address": IP_ADDRESS}
    names = x509.GeneralNames.load(value, strict=True)
    return [(tags[name.name], name.chosen.contents) for name in names if name.name in tags]


@recurring(1024)
def plain_names(value: bytes) -> tuple[tuple[int, bytes], ...] | None:
    """The tags and octets of GeneralNames in DER that are all DNS names and addresses, none of 128 octets, as nearly all.

    None for others.
    """
    size = len(value)
    place = 2 if size < 0x82 else 3 if size < 0x103 else 4
    if size < 4 or value[:place] != encode(SEQUENCE, value[place:])[:place]:
        return None
    found = []
    while place < size:
        tag, start = value[place], place + 2
        if tag not in (DNS_NAME, IP_ADDRESS) or start > size or value[place + 1] >= 0x80:
            return None
        place = start + value[place + 1]
        found.append((tag, value[start:place]))
    return tuple(found) if place == size else None


def _plain_identifiers(value: bytes) -> tuple[str, ...] | None:
    """The OIDs in a SEQUENCE that holds nothing else; None for another."""
    members = _members(value)
    if not members or any(member.tag != OID for member in members):
        return None
    try:
        return tuple([oid(value[member.content : member.content_stop]) for member in members])
    except TlvError:
        return None


def _members(value: bytes) -> list[Tlv] | None:
    """What a SEQUENCE holds that is the whole value; None where that is none."""
    try:
        outer = read(value, 0, len(value))
        return list(children(value, outer)) if outer.tag == SEQUENCE and outer.stop == len(value) else None
    except TlvError:
        return None


DNS_NAME, IP_ADDRESS = 0x82, 0x87
_KEY_IDENTIFIER = 0x80


def is_short_identifier(value: bytes) -> bool:
    """Whether it is a SEQUENCE of a keyIdentifier and nothing else, both with a length of one octet."""
    size = len(value)
    return 4 < size < 0x82 and value[:4] == bytes([SEQUENCE, size - 2, _KEY_IDENTIFIER, size - 4])


@recurring(1024)
def key_identifier(value: bytes) -> bytes | None:
    """The keyIdentifier of an AuthorityKeyIdentifier."""
    if is_short_identifier(value):
        return value[4:]
    from asn1crypto import x509

    identifier: bytes | None = x509.AuthorityKeyIdentifier.load(value, strict=True)["key_identifier"].native
    return identifier


def is_short_string(value: bytes) -> bool:
    """Whether it is one OCTET STRING, with a length of one octet."""
    return 2 <= len(value) < 0x82 and value[0] == OCTET_STRING and value[1] == len(value) - 2


def octets(value: bytes) -> bytes:
    """The content of an OCTET STRING."""
    if is_short_string(value):
        return value[2:]
    from asn1crypto import x509

    content: bytes = x509.OctetString.load(value, strict=True).native
    return content
