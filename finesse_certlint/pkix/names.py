"""Names: as text that deceives nobody, and in the form in which they are compared."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..findings import printable
from ..recurring import recurring
from ..tlv import OID, SEQUENCE, SET, Tlv, TlvError, children, is_shortest, oid, pieces, read

_SHORT_NAMES = {  # RFC 4514 section 3, and three that every tool writes in words
    "2.5.4.3": "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
    "2.5.4.5": "serialNumber",
    "2.5.4.97": "organizationIdentifier",
    "1.2.840.113549.1.9.1": "emailAddress",
}
_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}


class _Attribute(NamedTuple):
    """One attribute of a name: its type, its text, and how it is shown."""

    kind: str
    text: str | None
    shown: str
    plain: bool = False
    """Whether its RDN holds it alone, in DER with lengths of one octet; its value is no BMPString, of which not all octets are
    characters, and in its OID is no octet 0x80, which may pad it."""


@recurring(1024)
def _relative_names(raw: bytes) -> tuple[tuple[_Attribute, ...], ...]:
    if not raw:
        return ()
    whole = read(raw, 0, len(raw))
    found = pieces(raw, whole)
    if found is None:  # what is wrong with the first that is damaged is said
        return tuple([_attributes(raw[relative.start : relative.stop]) for relative in children(raw, whole)])
    return tuple([_attributes(relative) for relative in found])


@recurring(4096)
def _attributes(raw: bytes) -> tuple[_Attribute, ...]:
    """Those of one RDN: most name a country or an organisation that others name, too."""
    plain = _plain_attribute(raw)
    if plain is not None:
        return (plain,)
    found = []
    for pair in children(raw, read(raw, 0, len(raw))):
        members = list(children(raw, pair))
        if len(members) != 2:
            raise TlvError("an attribute of the name is not a type and a value")
        if members[0].tag != OID:
            raise TlvError("it holds no OBJECT IDENTIFIER")
        found.append(_attribute(raw, oid(raw[members[0].content : members[0].content_stop]), members[1]))
    return tuple(found)


def _plain_attribute(raw: bytes) -> _Attribute | None:
    """The attribute of an RDN that has one, with lengths of one octet, as nearly all; None for another."""
    size = len(raw)
    if not 8 <= size < 0x82 or (raw[1], raw[2], raw[3], raw[4]) != (size - 2, SEQUENCE, size - 4, OID):
        return None
    place = 6 + raw[5]
    if place + 2 > size or raw[place] & 0x1F == 0x1F or raw[place + 1] != size - place - 2:
        return None
    plain = raw[0] == SET and raw[place] != _BMP_STRING and b"\x80" not in raw[6:place]
    return _attribute(raw, oid(raw[6:place]), Tlv(raw[place], place, place + 2, size, size), plain=plain)


def _attribute(raw: bytes, kind: str, value: Tlv, *, plain: bool = False) -> _Attribute:
    string = text(raw, value)
    shown = f"#{raw[value.start : value.stop].hex()}" if string is None else _escape_value(string)
    return _Attribute(kind, string, f"{_SHORT_NAMES.get(kind, kind)}={shown}", plain)


@recurring(4096)
def is_plain(raw: bytes) -> bool:
    """Whether a Name is DER and each of its RDNs one plain attribute, as in nearly all.

    :raises TlvError: where it is damaged.
    """
    relatives = _relative_names(raw)
    for relative in relatives:
        if len(relative) != 1 or not relative[0].plain:
            return False
    return bool(relatives) and is_shortest(read(raw, 0, len(raw)))


def text(raw: bytes, value: Tlv) -> str | None:
    """A string's text, or None where its type or its bytes are not text."""
    encoding = _ENCODINGS.get(value.tag)
    if encoding is None:
        return None
    content = raw[value.content : value.content_stop]
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # Other than their type says, such as UTF-8 in a PrintableString: shown as it would look byte by byte.
        return content.decode("latin-1")


@recurring(4096)
def rfc4514(raw: bytes) -> str:
    """A Name as RFC 4514 writes it, the last of its parts first."""
    relatives = reversed(_relative_names(raw))
    return ",".join([rdn[0].shown if len(rdn) == 1 else "+".join([each.shown for each in rdn]) for rdn in relatives])


@recurring(4096)
def values(raw: bytes, dotted: str) -> tuple[str, ...]:
    """The values of one attribute type in a Name, in encoding order."""
    found = [each for relative in _relative_names(raw) for each in relative]
    return tuple([each.text for each in found if each.kind == dotted and each.text is not None])


_TO_ESCAPE = re.compile(r"[\"+,;<>\\]|\A[ #]| \Z")
_SPECIAL = re.compile(r"([\"+,;<>\\])")


def _escape_value(text: str) -> str:
    """RFC 4514 section 2.4."""
    if _TO_ESCAPE.search(text) is None:
        return printable(text)
    escaped = _SPECIAL.sub(r"\\\1", text)
    if escaped.startswith((" ", "#")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(text) > 1:
        escaped = escaped[:-1] + "\\ "
    return printable(escaped)


@recurring(16_384)
def name_key(raw: bytes) -> str:
    """A name in the form in which RFC 5280 section 7.1 compares names; two names with the same key are the same name."""
    try:
        plain = _plain_name_key(raw)
        if plain:
            return plain
        from asn1crypto import x509

        return str(x509.Name.load(raw, strict=True).hashable)
    except Exception:  # noqa: BLE001 - a name that cannot be prepared equals only itself
        return raw.hex()


def same_name(one: bytes, other: bytes) -> bool:
    """Whether two names are the same as RFC 5280 section 7.1 compares them; most differ in their attributes' types already."""
    return one == other or (_types(one) == _types(other) and name_key(one) == name_key(other))


class NameIndex:
    """What has which name. Of names with other types of attributes than the one that is sought, none is prepared."""

    def __init__(self, names: Iterable[tuple[bytes, int]]) -> None:
        """:param names: each name, with the number of what has it."""
        self._by_types: dict[_Types | None, list[tuple[bytes, int]]] = {}
        for raw, number in names:
            self._by_types.setdefault(_types(raw), []).append((raw, number))
        self._by_key: dict[_Types | None, dict[str, list[int]]] = {}

    def named(self, raw: bytes) -> list[int]:
        """The numbers of what has the name, in the order given."""
        types = _types(raw)
        if types not in self._by_types:
            return []
        if types not in self._by_key:
            by_key = self._by_key[types] = {}
            for name, number in self._by_types[types]:
                by_key.setdefault(name_key(name), []).append(number)
        return self._by_key[types].get(name_key(raw), [])


_Types = tuple[tuple[str, ...], ...]


@recurring(4096)
def _types(raw: bytes) -> _Types | None:
    """The types of a name's attributes, RDN by RDN, sorted within one, which is a SET; None where it cannot be taken apart."""
    try:
        return tuple([tuple(sorted([each.kind for each in relative])) for relative in _relative_names(raw)])
    except TlvError:
        return None


def _plain_name_key(raw: bytes) -> str | None:
    """The same for a name in the plain form that nearly all have, in a fraction of the time; None for another form."""
    if raw[0] != SEQUENCE:
        return None
    position = 2 if raw[1] < 0x80 else 3 if raw[1] == 0x81 else len(raw)
    if raw[position - 1] != len(raw) - position:
        return None
    parts = []
    while position < len(raw):
        found = _PLAIN_ATTRIBUTE.match(raw, position)
        if found is None:
            return None
        outer, inner, tag, size = found[1][0], found[2][0], found[4][0], found[5][0]
        position = found.end() + size
        value = raw[found.end() : position]
        # What the three lengths say of one another shows that nothing else stands in the RDN.
        if size != len(value) or size > 0x7F or inner != len(found[3]) + 3 + size or outer != inner + 2:
            return None
        kind = _PLAIN_TYPES[found[3]]
        if tag == _IA5_STRING or kind == "domain_component":
            if tag != _IA5_STRING or kind != "domain_component" or not _PLAIN_LABEL.fullmatch(value):
                return None
        elif tag == _PRINTABLE_STRING and not value.isascii():
            return None
        parts.append(f"{kind}: {_prepared(value)}")
    return "\x1e".join(parts)


@recurring(16_384)
def _prepared(octets: bytes) -> str:
    """A value in UTF-8 prepared for comparison (RFC 4518 section 2), padded and with its spaces doubled."""
    text = octets.decode()
    if _LATIN.fullmatch(text):
        return f" {_SPACES.sub('  ', text.casefold()).strip()} "
    from asn1crypto import x509

    value = x509.NameTypeAndValue({"type": "name", "value": x509.DirectoryString("utf8_string", text)})
    return str(value.prepped_value)


_PRINTABLE_STRING, _IA5_STRING, _BMP_STRING = 0x13, 0x16, 0x1E
_SPACES = re.compile(" +")
_LATIN = re.compile("[ -~À-ÖØ-öø-ÿ]*")
"""Characters each of which is prepared by itself, and to what `str.casefold` makes of it."""
_PLAIN_LABEL = re.compile(rb"(?!(?i:xn--))[0-9A-Za-z-]+")
"""What IDNA leaves as it is."""
_PLAIN_TYPES = {
    b"\x03\x55\x04\x03": "common_name",
    b"\x03\x55\x04\x05": "serial_number",
    b"\x03\x55\x04\x06": "country_name",
    b"\x03\x55\x04\x07": "locality_name",
    b"\x03\x55\x04\x08": "state_or_province_name",
    b"\x03\x55\x04\x0a": "organization_name",
    b"\x03\x55\x04\x0b": "organizational_unit_name",
    b"\x0a\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19": "domain_component",
}
"""The OIDs of the types that count as plain, each with its length before it, and what asn1crypto calls them."""
# SET { SEQUENCE { OBJECT IDENTIFIER, PrintableString or UTF8String or IA5String }}: the octets up to the value.
_PLAIN_ATTRIBUTE = re.compile(
    rb"\x31(.)\x30(.)\x06(" + b"|".join(map(re.escape, _PLAIN_TYPES)) + rb")([\x0c\x13\x16])(.)",
    re.DOTALL,
)
