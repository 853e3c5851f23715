"""Extensions (RFC 5280 section 4.2): where each stands, and the values of those that are looked at.

A value in the plain form that nearly all have is told by its octets; any other is read by asn1crypto, which is imported for
it, and which says what is wrong with it.
"""

import ipaddress
from typing import Any

import attrs

from ..recurring import recurring
from ..tlv import BOOLEAN, OCTET_STRING, OID, SEQUENCE, Tlv, TlvError, children, is_shortest, oid, read

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
    found = []
    for number, element in enumerate(children(data, sequence)):
        extension = extension_in(data[element.start : element.stop], place)
        if extension is None:
            raise TlvError(f"extension {number} is not an OID, a flag and an OCTET STRING")
        found.append(extension)
    return tuple(found)


@recurring(4096)
def extension_in(raw: bytes, place: str) -> Extension | None:
    """One extension, or None where it is not made of the parts that it should be.

    :raises TlvError: where it does not begin with an OID, or is not whole.
    """
    outer = read(raw, 0, len(raw))
    members = children(raw, outer)
    kind = next(members, None)
    if kind is None or kind.tag != OID:
        raise TlvError("it holds no OBJECT IDENTIFIER")
    content = raw[kind.content : kind.content_stop]
    name = oid(content)
    flag, value, critical = None, next(members, None), False
    if value is not None and value.tag == BOOLEAN:
        flag, critical = value, raw[value.content] != 0
        value = next(members, None)
    if value is None or value.tag != OCTET_STRING:
        return None
    excess = value.stop != outer.content_stop
    return Extension(
        oid=name,
        critical=critical,
        value=raw[value.content : value.content_stop],
        field=extension_field(place, name),
        excess=excess,
        size=len(raw),
        in_der=(
            not excess
            and outer.tag == SEQUENCE
            and b"\x80" not in content
            and (flag is None or flag.stop - flag.start == 3)
            and is_shortest(outer)
            and is_shortest(kind)
            and is_shortest(value)
        ),
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
    return tuple(content.decode("latin-1") for kind, content in _alternative_names(value) if kind == _DNS_NAME)


def ip_addresses(value: bytes) -> tuple[str, ...]:
    """The iPAddress values of GeneralNames that are whole addresses."""
    packed = [content for kind, content in _alternative_names(value) if kind == _IP_ADDRESS]
    return tuple(str(ipaddress.ip_address(address)) for address in packed if len(address) in (4, 16))


def _alternative_names(value: bytes) -> list[tuple[int, bytes]]:
    """The DNS names and the addresses, each with its tag and its octets."""
    plain = _plain_names(value)
    if plain is not None:
        return [(name.tag, value[name.content : name.content_stop]) for name in plain]
    from asn1crypto import x509

    tags = {"dns_name": _DNS_NAME, "ip_address": _IP_ADDRESS}
    names = x509.GeneralNames.load(value, strict=True)
    return [(tags[name.name], name.chosen.contents) for name in names if name.name in tags]


def _plain_names(value: bytes) -> list[Tlv] | None:
    """The names in a subjectAltName that has nothing but DNS names and addresses, as nearly all; None for another."""
    names = _members(value)
    return names if names and _PLAIN_NAMES.issuperset(name.tag for name in names) else None


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


_DNS_NAME, _IP_ADDRESS = 0x82, 0x87
_KEY_IDENTIFIER = 0x80
_PLAIN_NAMES = frozenset({_DNS_NAME, _IP_ADDRESS})


@recurring(1024)
def key_identifier(value: bytes) -> bytes | None:
    """The keyIdentifier of an AuthorityKeyIdentifier."""
    # SEQUENCE of nothing but [0], both with a length of one octet.
    size = len(value)
    if 4 < size < 0x82 and value[:4] == bytes([SEQUENCE, size - 2, _KEY_IDENTIFIER, size - 4]):
        return value[4:]
    from asn1crypto import x509

    identifier: bytes | None = x509.AuthorityKeyIdentifier.load(value, strict=True)["key_identifier"].native
    return identifier


def octets(value: bytes) -> bytes:
    """The content of an OCTET STRING."""
    if value[:1] == b"\x04" and len(value) < 0x82 and value[1] == len(value) - 2:
        return value[2:]
    from asn1crypto import x509

    content: bytes = x509.OctetString.load(value, strict=True).native
    return content
