"""Rules asked of one certificate by itself, before anything is put together.

Most rules that look at certificates one by one have nothing to say of most, and find that out from the certificate and the
profile. So they are asked with these two alone first. Only where one of them speaks, or looks for more, is a document read,
are chains and roles worked out, and the rules asked again. A rule is a function of what it is given; so what it says after a
look at nothing but the signature algorithm, it says of every certificate with that algorithm, and is asked once. Likewise of a
certificate that comes again, a CA's in chain after chain, only those rules are asked that spoke of it or looked further.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from .certificate import Certificate
from .findings import Location
from .profile import Profile
from .rule import Problem, Rule
from .tlv import SEQUENCE, SignedParts, Tlv

_SHORT = 256
_ALGORITHMS = 256
"""How many octets an algorithm may have whose answer is kept, and how many answers are."""
_NOWHERE = Location(document="", start=0, stop=0)
"""What is not said of a certificate has no place."""


class MoreIsAskedError(BaseException):
    """A rule looks for what is not worked out yet, or may differ. No rule's `except Exception` comes in its way."""


def asks(_self: object, *looked_for: object) -> Any:
    """What a look is answered with."""
    raise MoreIsAskedError(*looked_for)


class Known:
    """Of something, what is known. Any other look at it asks for more: so does the question whether it is equal to something, of
    what class it is, or how it is written.
    """

    __getattr__ = __eq__ = __ne__ = __hash__ = __str__ = __repr__ = __format__ = asks
    __class__ = property(asks)  # by which isinstance() asks

    def __init__(self, **known: Any) -> None:
        self.__dict__.update(known)


class _SignedSo(Certificate):
    """Of a certificate, the name of the algorithm that it is signed with; any other look at it asks for more."""

    def __init__(self, algorithm: bytes) -> None:
        whole = Tlv(SEQUENCE, 0, 0, len(algorithm), len(algorithm))
        parts = SignedParts(whole, whole, whole)
        certificate = Certificate(index=0, der=algorithm, parts=parts, location=_NOWHERE)
        object.__setattr__(self, "signature_oid", certificate.signature_oid)

    def __getattribute__(self, name: str) -> Any:
        if name != "signature_oid":
            raise MoreIsAskedError(name)
        return super().__getattribute__(name)


class _Octets(Certificate):
    """Of a certificate, what follows from its octets; a look at where it stands and what it was given for asks for more."""

    def __init__(self, certificate: Certificate) -> None:
        self.__dict__.update(certificate.__dict__)

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_ITS_PLACE:
            raise MoreIsAskedError(name)
        return super().__getattribute__(name)


_OF_ITS_PLACE = frozenset({"index", "location", "trusted", "awaited"})


def unsure(rules: tuple[Rule, ...], certificate: Certificate, profile: Profile) -> tuple[Rule, ...]:
    """Those of the rules that must be asked when a certificate with the same octets comes again.

    The others looked at nothing but octets and profile, and found nothing to say.
    """
    octets, known = _Octets(certificate), Known(profile=profile)
    return tuple([rule for rule in rules if not silent((rule.check,), known, octets)])


def silent(checks: Iterable[Callable[..., Iterable[Problem]]], *about: object) -> bool:
    """Whether none of the rules says anything of that, or asks for more."""
    try:
        for check in checks:
            for _ in check(*about):
                return False
    except (Exception, MoreIsAskedError):  # noqa: BLE001 - a fault in the rule shows when everything is there, too
        return False
    return True


class Alone:
    """Rules, and whether they have anything to say of a certificate by itself."""

    def __init__(self, rules: tuple[Rule, ...], profile: Profile, at: datetime) -> None:
        self.possible = all(rule.scope == "certificate" and not rule.needs for rule in rules)
        """Whether they all look at certificates one by one, and are asked whatever was given beside them."""
        self._checks = [rule.check for rule in rules]
        self._known = Known(profile=profile, at=at)
        self._silent_on = lru_cache(_ALGORITHMS)(self._silent_on_algorithm)

    def silent(self, der: bytes, parts: SignedParts) -> bool:
        """Whether none of the rules has anything to say of the certificate; False where more is needed to know."""
        algorithm = parts.algorithm
        if algorithm.stop - algorithm.start < _SHORT and self._silent_on(der[algorithm.start : algorithm.stop]):
            return True
        certificate = Certificate(index=0, der=der, parts=parts, location=_NOWHERE)
        return silent(self._checks, self._known, certificate)

    def _silent_on_algorithm(self, algorithm: bytes) -> bool:
        """Whether they have nothing to say of any certificate that is so signed; millions are signed in a dozen ways."""
        return silent(self._checks, self._known, _SignedSo(algorithm))
