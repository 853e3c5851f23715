"""Names: sun.security.x509's X500Name, and GeneralName with its kinds."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...recurring import recurring
from ...tlv import OID, SEQUENCE, SET
from .. import uris
from ..der import STRING_TYPES, encode
from ..general_names import has_domain, is_domain_name, is_uri_host
from ..uris import UriError
from .refusal import UnreadableError, fail
from .stream import Stream, Value, is_plain_oid, stream_of

if TYPE_CHECKING:
    from . import CertificateFactory

_BMP_STRING = 0x1E
_DNS_NAME = 0x82


def read_name(stream: Stream) -> bool:
    """X500Name.parseDER; whether the name is empty."""
    java = stream.java
    whole = stream.whole_sequence()
    if whole and is_plain_name(whole, java):
        stream.position += len(whole)
        return False
    rest = stream.rest()
    try:
        relatives = stream.members(SEQUENCE)
    except UnreadableError:
        # "catch (IOException ioe)": then the RDNs may stand there without their SEQUENCE, as in an implicit [4].
        if not rest and not java.whole_arrays:
            return True
        relatives = stream_of(java, encode(SEQUENCE, rest)).members(SEQUENCE)
    counts = [read_relative_name(relative) for relative in relatives]
    return not any(counts)


@recurring(1024)
def is_plain_name(whole: bytes, java: "CertificateFactory") -> bool:
    """Whether a SEQUENCE is a name that can be read, in plain DER, of RDNs of fewer than 128 octets that all hold something."""
    if b"\x80" in whole:
        return False  # it may be an indefinite length
    first = place = 2 if whole[1] < 0x80 else 2 + (whole[1] & 0x7F)
    try:
        while place < len(whole):
            tag, size, start = whole[place], whole[place + 1], place + 2
            place = start + size
            sound = tag == SET and size < 0x80 and place <= len(whole) and _read_attributes(whole[start:place], java)
            if not sound:
                return False
    except (UnreadableError, IndexError):
        return False
    return place > first


def read_relative_name(relative: Value) -> int:
    """RDN and AVA: how many attributes there are."""
    if relative.tag != SET:
        fail("an element of a name in it is no SET", "X500 RDN")
    return _read_attributes(relative.content, relative.java)


@recurring(4096)
def _read_attributes(octets: bytes, java: "CertificateFactory") -> int:
    if _is_one_attribute(octets):
        return 1
    attributes = stream_of(java, encode(SET, octets)).members(SET)
    for attribute in attributes:
        if attribute.tag != SEQUENCE:
            fail("an attribute of a name in it is no SEQUENCE", "AVA not a sequence")
        attribute.stream.oid()
        value = attribute.stream.value()
        if attribute.stream.available != 0:
            fail("more than a type and a value stand in an attribute of a name in it", "AVA, extra bytes")
        # An unpaired surrogate has become U+FFFD by the time Java looks.
        text = value.content.decode("utf-16-be", "replace") if value.tag == _BMP_STRING else ""
        if java.surrogates_refused and max(text, default="") > "\uffff":
            fail("a BMPString in a name in it holds a character that needs two", "Illegal character in BMPString")
    return len(attributes)


def _is_one_attribute(octets: bytes) -> bool:
    """Whether this is one attribute in plain DER, with a value that no release looks into."""
    if len(octets) < 8 or len(octets) >= 0x82:
        return False
    place = 4 + octets[3]
    kind, value = octets[4:place], octets[place:]
    return (
        octets[:3] == bytes((SEQUENCE, len(octets) - 2, OID))
        and len(value) >= 2
        and value[0] & 0x1F not in (0x1F, _BMP_STRING)
        and value[1] == len(value) - 2
        and is_plain_oid(kind)
    )


def read_general_names(value: Value) -> None:
    """GeneralNames."""
    if value.tag != SEQUENCE:
        fail("it is no SEQUENCE of names", "Invalid encoding for GeneralNames.")
    if value.stream.available == 0:
        fail("it holds no name", "No data available in passed DER encoded value.")
    for name in value.stream.values():
        if name.tag != _DNS_NAME:  # that is an IA5String, of which everything is taken
            read_general_name(name)


def read_general_name(value: Value, *, constraint: bool = False) -> None:
    """GeneralName, with the constructor of its kind; `constraint` is for one in a GeneralSubtree."""
    number = value.tag & 0x1F
    if number > 8:
        fail(
            f"it holds a name of a kind that does not exist, with tag 0x{value.tag:02x}", "Unrecognized GeneralName tag"
        )
    if value.tag & 0xC0 != 0x80 or value.constructed != (number in (0, 3, 4, 5)):
        fail(f"it holds a name with the wrong tag, 0x{value.tag:02x}", f"Invalid encoding of {_GENERAL_NAMES[number]}")
    java = value.java
    if number == 0:
        value.stream.oid()
        inner = value.stream.value()
        if java.explicit_other_names and inner.tag != 0xA0:
            fail("the value of an otherName in it is not in [0]", "value is not EXPLICTly tagged [0]")
    elif number == 1:
        _mail_address(value.ia5())
    elif number == 4:
        read_name(value.stream)
    elif number == 5:
        _edi_party(value)
    elif number == 6:
        _uri(java, value.ia5(), constraint=constraint)
    elif number == 7 and value.end - value.start not in (4, 8, 16, 32):
        fail(f"an iPAddress in it has {value.end - value.start} octets", "Invalid IPAddressName")
    elif number == 8:
        Value(java, OID, value.buffer, value.start, value.end).oid()


_GENERAL_NAMES = (
    "Other-Name", "RFC822 name", "DNSName", "X400Address name", "Directory name", "EDI name", "URI", "IP address", "OID name"
)  # fmt: skip


def _mail_address(name: str) -> None:
    if not has_domain(name):
        fail("an rfc822Name in it is empty or has no domain", "RFC822Name may not be null or empty")


def _edi_party(value: Value) -> None:
    """EDIPartyName, which looks only at fields that are tagged as nobody would tag them."""
    fields = stream_of(value.java, encode(SEQUENCE, value.content)).members(SEQUENCE)
    if not 1 <= len(fields) <= 2:
        fail("an ediPartyName in it has not one field or two", "Invalid encoding of EDIPartyName")
    seen: set[int] = set()
    for field in fields:
        if field.tag in (0x80, 0x81):
            if field.tag in seen:
                fail("a field of an ediPartyName in it stands there twice", "Duplicate partyName found in EDIPartyName")
            text = field.stream.value()
            # getAsString is null for another tag, so that a second one passes for the first.
            if text.tag in STRING_TYPES:
                seen.add(field.tag)
    if value.java.explicit_other_names and 0x81 not in seen:
        fail("an ediPartyName in it has no party", "party cannot be missing")


def read_uri(java: "CertificateFactory", octets: bytes) -> None:
    """A uniformResourceIdentifier in GeneralName."""
    _uri(java, octets.decode("ascii", "replace"), constraint=False)


def _uri(java: "CertificateFactory", text: str, *, constraint: bool) -> None:
    """URIName."""
    if not constraint and _PLAIN_URI.fullmatch(text):
        return
    if constraint:
        if uris.has_scheme(text):
            fail(
                f"a URI constraint in it is a whole URI: {text[:80]!a}",
                "invalid URI name constraint (should not include scheme)",
            )
        _host(text, uris.relative_host)
        domain = uris.constraint_host(text).removeprefix(".")
        if not is_domain_name(domain, digit_labels=java.digit_labels, limited=java.labels_limited):
            fail(f"a URI constraint in it is no host: {text[:80]!a}", "invalid URI name constraint")
        return
    if not uris.has_scheme(text):
        fail(f"a URI in it has no scheme: {text[:80]!a}", "URI name must include scheme")
    host = _host(text, uris.host)
    if host and not is_uri_host(host, digit_labels=java.digit_labels, limited=java.labels_limited):
        fail(f"a URI in it has no usable host: {text[:80]!a}", "portion is not a valid DNSName or IPv4 address")


_LABEL = r"[A-Za-z](?:[A-Za-z0-9-]{0,40}[A-Za-z0-9])?"
_PLAIN_URI = re.compile(
    rf"[a-z]{{1,8}}://(?:{_LABEL}\.){{0,4}}{_LABEL}(?:/(?:[\w\-.~/]|%[0-9A-Fa-f]{{2}})*)?", re.ASCII
)
"""A URI with a host that every release takes: labels that begin with a letter, five of at most 42 octets."""


def _host(text: str, find: Callable[[str], str | None]) -> str | None:
    try:
        return find(text)
    except UriError as error:
        raise UnreadableError(f"a URI in it is malformed: {text[:80]!a}", str(error)) from None
