"""The names in subjectAltName, as far as Java gets with them: X509CertImpl, GeneralNames, GeneralName and its kinds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...certificate import Certificate
from ...tlv import OID, SEQUENCE, Tlv, TlvError, children, oid, read
from .. import uris
from ..addresses import plain
from ..der import STRING_TYPES, content, members
from ..general_names import KINDS, Kind, has_domain, is_uri_host
from ..names import attributes, rdn_sequence
from ..uris import UriError

if TYPE_CHECKING:
    from . import HostnameChecker

_SUBJECT_ALT_NAME = "2.5.29.17"

Name = tuple[Kind, bytes, str]
"""A name from subjectAltName: its kind, its octets, and its text as Java has it; none for an ediPartyName without a party."""


class RefusedError(Exception):
    """The comparison ends here, whatever other names there are; the message says why."""


class UnreadableError(ValueError):
    """A name or the whole extension is not as X.509 has it (Java: IOException); the message says why."""


def alternative_names(rules: "HostnameChecker", certificate: Certificate) -> tuple[Name, ...] | None:
    """The names in subjectAltName; None where the extension is absent or passes for absent.

    :raises RefusedError: where Java refuses the certificate for what stands there.
    """
    extension = certificate.extension(_SUBJECT_ALT_NAME)
    if extension is None:
        return None
    try:
        found = tuple(_general_names(rules, extension.value))
    except (UnreadableError, TlvError) as error:
        if rules.unreadable_names_refused:
            raise RefusedError(f"its subjectAltName cannot be read: {error}") from None
        return None
    for kind, octets, text in found:
        # Found out only when the names are listed, where it is no longer a matter of reading the extension.
        if kind is Kind.EDI and not text:
            raise RefusedError("its subjectAltName holds an ediPartyName without a partyName that Java can read")
        if kind is Kind.ADDRESS and len(octets) == 32 and not _contiguous(octets[16:]):
            raise RefusedError("its subjectAltName holds an IPv6 subnet whose mask has gaps")
    return found


def _general_names(rules: "HostnameChecker", value: bytes) -> Iterator[Name]:
    """GeneralNames, its constructor and GeneralName's."""
    outer = read(value, 0, len(value))
    if outer.tag != SEQUENCE or outer.stop != len(value):
        raise UnreadableError("it is no SEQUENCE of names alone")
    if outer.content == outer.content_stop:
        raise UnreadableError("it holds no name")
    for element in children(value, outer):
        octets = content(value, element)
        kind = KINDS.get(element.tag)
        text = octets.decode("ascii", "replace")
        match kind:
            case None:
                raise UnreadableError(f"an element with tag 0x{element.tag:02x} stands in it")
            case Kind.ADDRESS:
                text = _address_text(octets)
            case Kind.MAIL if not has_domain(text):
                raise UnreadableError("an rfc822Name has no domain")
            case Kind.URI:
                _check_uri(rules, text)
            case Kind.OID:
                oid(octets)
            case Kind.DIRECTORY:
                attributes(rdn_sequence(octets))
            case Kind.OTHER:
                _check_other_name(rules, value, element)
            case Kind.EDI if not _party_name(value, element):
                text = ""
        yield kind, octets, text


def _check_uri(rules: "HostnameChecker", text: str) -> None:
    """URIName's constructor."""
    if not uris.has_scheme(text):
        raise UnreadableError("a URI has no scheme")
    try:
        host = uris.host(text)
    except UriError as error:
        raise UnreadableError(f"a URI is malformed: {error}") from None
    if host and not is_uri_host(host, digit_labels=not rules.uri_labels_begin_with_letter, limited=False):
        raise UnreadableError("a URI's host is neither a domain name nor an address")


def _check_other_name(rules: "HostnameChecker", data: bytes, element: Tlv) -> None:
    parts = children(data, element)
    first, second = next(parts, None), next(parts, None)
    if first is None or first.tag != OID or second is None:
        raise UnreadableError("an otherName is not a type and a value")
    oid(content(data, first))
    if rules.checks_other_names and second.tag != 0xA0:
        raise UnreadableError("an otherName's value is not tagged [0]")


def _party_name(data: bytes, element: Tlv) -> bool:
    """Whether Java finds a partyName. It looks for a primitive [1], where the standard has a constructed one."""
    names = members(data, element)
    if len(names) not in (1, 2):
        raise UnreadableError("an ediPartyName does not hold one or two names")
    found = False
    tags = set()
    for member in names:
        if member.tag not in (0x80, 0x81):
            continue
        if member.tag in tags:
            raise UnreadableError("an ediPartyName holds a name twice")
        inner = next(children(data, member), None)
        if inner is None:
            raise UnreadableError("an ediPartyName holds an empty name")
        if inner.tag in STRING_TYPES:
            tags.add(member.tag)
            found = found or member.tag == 0x81
    return found


def _address_text(octets: bytes) -> str:
    """`IPAddressName.getName`.

    :raises UnreadableError: where the octets are neither an address nor a subnet.
    """
    if len(octets) not in (4, 8, 16, 32):
        raise UnreadableError(f"an iPAddress has {len(octets)} octets")
    half = octets if len(octets) in (4, 16) else octets[: len(octets) // 2]
    address = plain(half)
    text = ".".join(map(str, address))
    if len(address) == 16:
        text = ":".join(f"{int.from_bytes(address[place : place + 2], 'big'):x}" for place in range(0, 16, 2))
    if len(octets) == 8:
        text += "/" + ".".join(map(str, octets[4:]))
    elif len(octets) == 32:
        text += f"/{int.from_bytes(octets[16:], 'big').bit_count()}"
    return text


def _contiguous(mask: bytes) -> bool:
    return "01" not in f"{int.from_bytes(mask, 'big'):0{8 * len(mask)}b}"
