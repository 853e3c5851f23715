"""Distinguished names as Java has them, and above all when it takes two for the same.

That is `X500Principal.equals`, which compares canonical RFC 2253 text. Read in OpenJDK's sun/security/x509/AVA.java,
RDN.java and X500Name.java (`toRFC2253CanonicalString`), alike in 7 to 21. It is not RFC 5280's comparison: only
PrintableString and UTF8String count as text, so that a BMPString or a TeletexString never equals one of them, and an
attribute without a keyword in RFC 2253 is compared byte by byte.
"""

import re
import unicodedata

from ..certificate import Certificate
from ..recurring import recurring
from ..tlv import OID, SEQUENCE, SET, Tlv, TlvError, children, oid, read
from .der import content, dotted, encode, members

Attributes = tuple[tuple[tuple[str, int, bytes], ...], ...]
"""A name's RDNs, each as its attributes: type, the value's tag and its octets."""

_COMMON_NAME = "2.5.4.3"
_KEYWORDS = {
    "2.5.4.3": "cn",
    "2.5.4.6": "c",
    "2.5.4.7": "l",
    "2.5.4.8": "st",
    "2.5.4.10": "o",
    "2.5.4.11": "ou",
    "2.5.4.9": "street",
    "0.9.2342.19200300.100.1.25": "dc",
    "0.9.2342.19200300.100.1.1": "uid",
}
_TEXT = (0x0C, 0x13)
_ESCAPED = frozenset(',+<>;"\\')
_TO_ESCAPE = re.compile(r'[,+<>;"\\]|\A#')
_TRIMMED = "".join(map(chr, range(0x21)))
"""What String.trim() takes away: every character up to the blank."""


@recurring(16_384)
def canonical(raw: bytes) -> str:
    """A name's canonical form; two names are the same for Java if theirs are equal.

    :param raw: the name's DER.
    :returns: the form; for a name that cannot be taken apart, its bytes in hexadecimal, so that it equals only itself.
    """
    try:
        return ",".join(reversed(relative_names(raw)))
    except TlvError:
        return f"#{raw.hex()}"


@recurring(4096)
def relative_names(raw: bytes) -> tuple[str, ...]:
    """The canonical form of each RDN, in encoding order.

    :raises TlvError: where the name cannot be taken apart.
    """
    relatives = children(raw, read(raw, 0, len(raw)))
    return tuple([_relative(raw[relative.start : relative.stop]) for relative in relatives])


@recurring(4096)
def _relative(raw: bytes) -> str:
    relative = read(raw, 0, len(raw))
    if relative.tag != SET:
        raise TlvError("an element of the name is no SET")
    pairs = [_attribute(raw, pair) for pair in children(raw, relative)]
    # "order the string type AVA's alphabetically, followed by the oid type AVA's numerically"
    return "+".join(sorted(pairs, key=lambda text: (text[:1].isdigit(), text)))


def _attribute(raw: bytes, pair: Tlv) -> str:
    members = list(children(raw, pair))
    if len(members) != 2:
        raise TlvError("an attribute of the name is not a type and a value")
    kind, value = members
    dotted = oid(raw[kind.content : kind.content_stop])
    keyword = _KEYWORDS.get(dotted)
    if keyword is None or value.tag not in _TEXT:
        return f"{keyword or dotted}=#{raw[value.start : value.stop].hex()}"
    # A PrintableString too: "valStr = new String(value.getDataBytes(), "UTF8")".
    text = raw[value.content : value.content_stop].decode("utf-8", "replace")
    return unicodedata.normalize("NFKD", f"{keyword}={_collapsed(text)}".upper().lower())


def _collapsed(text: str) -> str:
    """The value with its delimiters escaped, runs of white space made one, and none at the ends."""
    if "  " not in text and _TO_ESCAPE.search(text) is None:
        return text.strip(_TRIMMED)
    out: list[str] = []
    white = False
    for place, character in enumerate(text):
        if character == " ":
            if not white:
                out.append(character)
            white = True
            continue
        white = False
        out.append(f"\\{character}" if character in _ESCAPED or (place == 0 and character == "#") else character)
    return "".join(out).strip(_TRIMMED)


def self_issued(certificate: Certificate) -> bool:
    """X509CertImpl.isSelfIssued."""
    return canonical(certificate.subject_raw) == canonical(certificate.issuer_raw)


def attributes(raw: bytes) -> Attributes:
    """What stands in a name (`X500Name`, `RDN`, `AVA`), in encoding order.

    :param raw: the name's DER.
    :raises TlvError: where it is no name.
    """
    outer = read(raw, 0, len(raw))
    if outer.tag != SEQUENCE:
        raise TlvError("it is no SEQUENCE of RDNs")
    found = []
    for relative in children(raw, outer):
        if relative.tag != SET:
            raise TlvError("an RDN is no SET")
        pairs = []
        for pair in children(raw, relative):
            parts = members(raw, pair)
            if pair.tag != SEQUENCE or len(parts) != 2 or parts[0].tag != OID:
                raise TlvError("an attribute is not a type and a value")
            kind, value = parts
            pairs.append((dotted(content(raw, kind)), value.tag, content(raw, value)))
        found.append(tuple(pairs))
    return tuple(found)


def common_name(name: Attributes) -> tuple[int, bytes] | None:
    """The first commonName of the last RDN that has one (`X500Name.findMostSpecificAttribute`): its tag and octets."""
    for relative in reversed(name):
        for kind, tag, octets in relative:
            if kind == _COMMON_NAME:
                return tag, octets
    return None


def rdn_sequence(octets: bytes) -> bytes:
    """The DER of the name in a directoryName's [4].

    X500Name.parseDER takes the content of [4] for the RDNs themselves where it is no SEQUENCE.
    """
    try:
        first = read(octets, 0, len(octets))
        if first.tag == SEQUENCE and members(octets, first) is not None:
            return octets[first.start : first.stop]
    except TlvError:
        pass
    return encode(SEQUENCE, octets)
