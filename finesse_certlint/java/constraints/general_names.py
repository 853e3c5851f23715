"""General names, as far as constraints look at them, and the subtrees of nameConstraints: GeneralName, GeneralSubtrees."""

from ipaddress import IPv6Address
from typing import TYPE_CHECKING

import attrs

from ...findings import printable
from ...tlv import SEQUENCE, Tlv, TlvError, children, read
from .. import uris
from ..addresses import plain
from ..der import content, dotted, members, number
from ..general_names import KINDS, Kind
from ..names import canonical, rdn_sequence, relative_names
from ..uris import UriError

if TYPE_CHECKING:
    from . import PathConstraints


@attrs.frozen(kw_only=True)
class Name:
    """A GeneralName as far as constraints look at it."""

    kind: Kind
    text: str
    octets: bytes = b""
    """An address, followed by its mask in a constraint; an OID."""
    relative: tuple[str, ...] = ()
    """The canonical form of each RDN."""
    host: str | None = None
    """A URI's host, in lower case; in a constraint it may begin with a dot."""
    lower: str = attrs.field(init=False)

    @lower.default
    def _lower(self) -> str:
        return self.text.lower()

    def __str__(self) -> str:
        return f"{self.kind.value} {printable(self.text)}" if self.text else f"an empty {self.kind.value}"


@attrs.frozen(kw_only=True)
class Tree:
    """A GeneralSubtree, and the place in the path of the certificate that it is from."""

    name: Name
    minimum: int = 0
    maximum: int = -1
    origin: int


Trees = tuple[Tree, ...]


@attrs.frozen(kw_only=True)
class Constraints:
    """A NameConstraintsExtension, or several merged."""

    permitted: Trees | None = None
    excluded: Trees | None = None


def read_constraints(rules: "PathConstraints", origin: int, value: bytes) -> Constraints:
    """What stands in the nameConstraints of the certificate at the place `origin` in the path."""
    found: dict[int, Trees] = {}
    for field in members(value):
        trees = []
        for element in children(value, field):
            base, *distances = members(value, element)
            bounds = {bound.tag: number(content(value, bound)) for bound in distances}
            name = _general_name(rules, value, base, constraint=True)
            trees.append(Tree(name=name, minimum=bounds.get(0x80, 0), maximum=bounds.get(0x81, -1), origin=origin))
        found[field.tag] = tuple(trees)
    return Constraints(permitted=found.get(0xA0), excluded=found.get(0xA1))


def read_general_names(rules: "PathConstraints", value: bytes) -> tuple[Name, ...]:
    """The names in a subjectAltName."""
    return tuple(_general_name(rules, value, element, constraint=False) for element in members(value))


def _general_name(rules: "PathConstraints", data: bytes, element: Tlv, *, constraint: bool) -> Name:
    kind = KINDS.get(element.tag)
    octets = content(data, element)
    text = octets.decode("ascii", "replace")
    match kind:
        case None:
            raise TlvError("a name of no known kind")
        case Kind.DIRECTORY:
            return directory_name(rdn_sequence(octets))
        case Kind.ADDRESS:
            address = plain(octets) if rules.mapped_addresses else octets
            return Name(kind=kind, text=_address_text(address), octets=address)
        case Kind.OID:
            return Name(kind=kind, text=dotted(octets), octets=octets)
        case Kind.URI:
            host = uris.constraint_host(text) if constraint else _uri_host(text)
            return Name(kind=kind, text=text, host=host.lower() if host is not None else None)
        case Kind.OTHER | Kind.X400:
            return Name(kind=kind, text=octets.hex())
        case Kind.EDI:
            return Name(kind=kind, text=_party(octets))
    return Name(kind=kind, text=text)


def _uri_host(text: str) -> str | None:
    try:
        return uris.host(text)
    except UriError:
        return None


def directory_name(raw: bytes, shown: str = "") -> Name:
    """A distinguished name, shown as it is given or else in its canonical form."""
    try:
        relative = relative_names(raw)
    except TlvError:
        relative = (f"#{raw.hex()}",)
    return Name(kind=Kind.DIRECTORY, text=shown or canonical(raw), relative=relative)


def _party(octets: bytes) -> str:
    """The party of an ediPartyName: Java looks for a primitive [1], where the standard has a constructed one."""
    for field in children(octets, Tlv(SEQUENCE, 0, 0, len(octets), len(octets))):
        if field.tag == 0x81:
            text = content(octets, read(octets, field.content, field.content_stop))
            return text.decode("latin-1") or " "
    return ""


def _address_text(octets: bytes) -> str:
    match len(octets):
        case 8 | 32:
            half = len(octets) // 2
            return f"{_address_text(octets[:half])}/{_address_text(octets[half:])}"
        case 4:
            return ".".join(map(str, octets))
        case 16:
            return str(IPv6Address(octets))
    return octets.hex()
