"""What one name is to another that constrains it: `GeneralNameInterface.constrains`, kind by kind."""

from enum import Enum
from typing import TYPE_CHECKING, Final

from .. import uris
from ..general_names import Kind
from ..hostname.matching import difference
from .general_names import Name
from .violation import JavaError

if TYPE_CHECKING:
    from . import PathConstraints

_MOST_COMPARISONS = 1_000_000
TOO_MUCH: Final = f"the names and the constraints on them take more than {_MOST_COMPARISONS:,} comparisons"


class TooMuchError(Exception):
    """More comparisons than this module makes."""


class Relation(Enum):
    """What one name is to another that constrains it (GeneralNameInterface.constrains)."""

    DIFFERENT = -1
    """It is of another kind."""
    MATCH = 0
    NARROWS = 1
    WIDENS = 2
    SAME_KIND = 3
    """It is of the same kind, and neither of the others."""


WITHIN: Final = (Relation.MATCH, Relation.NARROWS)


class Comparison:
    """Names compared as one release compares them, and not without end."""

    def __init__(self, rules: "PathConstraints") -> None:
        self.rules = rules
        self.left = _MOST_COMPARISONS

    def relation(self, this: Name, other: Name, *, wildcards: bool = False) -> Relation:
        """`this.constrains(other)`.

        :raises JavaError: where Java throws an unchecked exception.
        :raises TooMuchError: after a million comparisons.
        """
        self.left -= 1
        if self.left < 0:
            raise TooMuchError
        if this.kind is not other.kind:
            return Relation.DIFFERENT
        match this.kind:
            case Kind.HOST:
                if wildcards and "*" in other.lower and self._stands_for(other.lower, this.lower):
                    return Relation.MATCH
                return self._hosts(this.lower, other.lower)
            case Kind.ADDRESS:
                return self._addresses(this.octets, other.octets)
            case Kind.MAIL:
                return _mail(this.lower, other.lower)
            case Kind.URI:
                return self._uris(this, other)
            case Kind.DIRECTORY:
                return _directories(this.relative, other.relative)
        if this.kind is Kind.OID and this.octets == other.octets:
            return Relation.MATCH
        raise JavaError(
            f"Java cannot compare {other} with the constraint {this} "
            f'(Java: "UnsupportedOperationException ... not supported for {this.kind.value}")'
        )

    def _stands_for(self, wildcard: str, host: str) -> bool:
        """HostnameChecker.isMatched."""
        return difference(self.rules.hostnames, host, wildcard) is None

    def _hosts(self, this: str, other: str) -> Relation:
        """DNSName.constrains."""
        if this == other:
            return Relation.MATCH
        longer, shorter, relation = (
            (this, other, Relation.WIDENS) if this.endswith(other) else (other, this, Relation.NARROWS)
        )
        if not longer.endswith(shorter):
            return Relation.SAME_KIND
        dotted = longer[len(longer) - len(shorter) - 1] == "."
        if self.rules.dot_domains:
            if not shorter:
                raise JavaError(
                    "Java cannot compare a dNSName with an empty one (Java: StringIndexOutOfBoundsException)"
                )
            dotted = dotted is not shorter.startswith(".")
        return relation if dotted else Relation.SAME_KIND

    def _addresses(self, this: bytes, other: bytes) -> Relation:
        """IPAddressName.constrains."""
        if _same_address(this, other):
            return Relation.MATCH
        lengths = len(this), len(other)
        if lengths in ((8, 8), (32, 32)):
            return _subnets(this, other)
        apart = self.rules.address_families_apart
        try:
            if lengths in ((4, 8), (16, 32)) or (not apart and len(other) in (8, 32)):
                return Relation.WIDENS if _in_subnet(this, other) else Relation.SAME_KIND
            if lengths in ((8, 4), (32, 16)) or (not apart and len(this) in (8, 32)):
                return Relation.NARROWS if _in_subnet(other, this) else Relation.SAME_KIND
        except IndexError:
            raise JavaError(
                "Java compares an IPv4 address with an IPv6 one octet by octet, beyond the end of the shorter "
                "(Java: ArrayIndexOutOfBoundsException)"
            ) from None
        return Relation.SAME_KIND

    def _uris(self, this: Name, other: Name) -> Relation:
        """URIName.constrains."""
        mine, theirs = this.host or "", other.host
        if theirs is None:
            raise JavaError(f"{other} has no host that Java could compare (Java: NullPointerException)")
        if mine == theirs:
            return Relation.MATCH
        if this.host is None or uris.is_address(mine) or uris.is_address(theirs):
            return Relation.SAME_KIND
        domains = mine.startswith("."), theirs.startswith(".")
        relation = self._hosts(mine.removeprefix("."), theirs.removeprefix("."))
        if domains == (False, False) and relation in (Relation.WIDENS, Relation.NARROWS):
            return Relation.SAME_KIND
        if relation is Relation.MATCH and domains[0] != domains[1]:
            return Relation.WIDENS if domains[0] else Relation.NARROWS
        return relation


def _mail(this: str, other: str) -> Relation:
    """RFC822Name.constrains: a mailbox, all of a host's, or all of a domain's behind a dot."""
    if this == other:
        return Relation.MATCH
    longer, shorter, relation = (
        (this, other, Relation.WIDENS) if this.endswith(other) else (other, this, Relation.NARROWS)
    )
    if not longer.endswith(shorter) or "@" in shorter:
        return Relation.SAME_KIND
    fits = shorter.startswith(".") or longer[len(longer) - len(shorter) - 1] == "@"
    return relation if fits else Relation.SAME_KIND


def _directories(this: tuple[str, ...], other: tuple[str, ...]) -> Relation:
    """X500Name.constrains: the first RDNs are the same."""
    if this == other:
        return Relation.MATCH
    if other[: len(this)] == this:
        return Relation.NARROWS
    return Relation.WIDENS if this[: len(other)] == other else Relation.SAME_KIND


def _same_address(this: bytes, other: bytes) -> bool:
    """IPAddressName.equals: of two subnets, what their masks leave."""
    if len(this) != len(other):
        return False
    half = len(this) // 2
    if len(this) not in (8, 32):
        return this == other
    return this[half:] == other[half:] and _masked(this, this) == _masked(other, other)


def _masked(address: bytes, subnet: bytes) -> bytes:
    half = len(subnet) // 2
    return bytes(address[place] & subnet[half + place] for place in range(half))


def _in_subnet(address: bytes, subnet: bytes) -> bool:
    """Octet by octet, so that nothing beyond the first difference is looked at.

    :raises IndexError: where the address ends first.
    """
    half = len(subnet) // 2
    return all(address[place] & subnet[half + place] == subnet[place] for place in range(half))


def _subnets(this: bytes, other: bytes) -> Relation:
    half = len(this) // 2
    # A subnet with bits beyond its mask is taken for an empty one.
    empty = _masked(this, this) != this[:half], _masked(other, other) != other[:half]
    if any(empty):
        return Relation.MATCH if all(empty) else Relation.WIDENS if empty[0] else Relation.NARROWS
    if _encloses(this, other):
        return Relation.NARROWS
    return Relation.WIDENS if _encloses(other, this) else Relation.SAME_KIND


def _encloses(outer: bytes, inner: bytes) -> bool:
    half = len(outer) // 2
    narrower = all(o & i == o for o, i in zip(outer[half:], inner[half:], strict=True))
    return narrower and _masked(outer, outer) == _masked(inner, outer)
