"""Chains that are alike: their certificates have the same algorithms, kinds of keys, and uses, in the same order.

Beyond that they differ in names, dates, keys and much else, and many rules look at nothing of these: what such a rule does not say
of one chain, it does not say of the next. So of a chain like one before it those rules alone are asked that spoke then, or looked
at more. Which these are is found out by asking them all of a view on the chain that shows nothing else.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Any

import attrs

from .alone import MoreIsAskedError
from .certificate import Certificate
from .pkix import BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, Extension, PublicKey
from .profile import Profile
from .subject import Subject


def likeness(subject: Subject) -> Hashable | None:
    """What chains that are alike have in common; None where there is no chain in order, or a fault in one of its certificates.

    The fields are looked at first, in the order in which `certificate-malformed` does, for that of its remarks depends on it.
    """
    java, found = subject.profile.parser, []
    if len(subject.certificates) > _LONGEST:
        return None
    for certificate in subject.certificates:
        seen = certificate.kept.get(_seen)
        if seen is None:
            seen = certificate.kept[_seen] = _seen(certificate)
        if seen is _FAULTY or not java.reads_all(certificate):
            return None
        found.append(seen)
    hierarchy = subject.hierarchy
    return (hierarchy.straight, hierarchy.servers, *found) if hierarchy.in_order else None


_LONGEST = 10
"""In certificates; of more, few are one chain."""


def view(subject: Subject) -> Subject:
    """The same chain as far as it is like others; any other look at it or its certificates asks for more.

    :param subject: one that has a likeness.
    """
    unknown: Any = _Unknown()
    certificates: Any = tuple([_Seen(certificate, subject.profile) for certificate in subject.certificates])
    (chain,) = subject.hierarchy.chains
    chains = (attrs.evolve(chain, missing_issuer=chain.missing_issuer and unknown),)
    return attrs.evolve(
        subject,
        hierarchy=attrs.evolve(subject.hierarchy, certificates=certificates, chains=chains),
        documents=unknown,
        blocks_of=unknown,
        at=unknown,
        hostname=None if subject.hostname is None else unknown,
    )


def _seen(certificate: Certificate) -> "_Likeness":
    """What a `_Seen` shows of it."""
    if certificate.problems:
        return _FAULTY
    outer, inner, key = certificate.signature_algorithm, certificate.tbs_signature_algorithm, certificate.public_key
    if outer is None or inner is None or key is None:
        return _FAULTY
    shown = tuple([_shown(extension) for extension in certificate.extensions])
    return _alike((certificate.version, outer.raw, inner.raw, key.oid, key.name, key.bits, key.curve, shown))


def _shown(extension: Extension) -> tuple[Any, ...]:
    oid = extension.oid
    return (oid, extension.critical, extension.value) if oid in _LOOKED_INTO else (oid, extension.critical)


_LOOKED_INTO = frozenset({BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE})
"""Extensions of which there are few values."""


class _Likeness:
    """Stands for what certificates have in common; of each there is one, which is looked up by itself."""


@lru_cache(maxsize=1024)
def _alike(_shown: tuple[Any, ...]) -> _Likeness:
    return _Likeness()


_FAULTY = _Likeness()


# -- The view ----------------------------------------------------------------------------------------------------------


class _Seen:
    """Of a certificate, what it has in common with others; any other look at it asks for more.

    It is no `Certificate`, so that nothing is to be seen of which this does not know.
    """

    trusted = awaited = False

    def __init__(self, certificate: Certificate, profile: Profile) -> None:
        self.index = certificate.index
        self.version = certificate.version
        self.signature_algorithm = certificate.signature_algorithm
        self.signature_oid = certificate.signature_oid
        self.tbs_signature_algorithm = certificate.tbs_signature_algorithm
        self.public_key = certificate.public_key and _Key(certificate.public_key)
        self.ca = certificate.ca
        self.basic_constraints = certificate.basic_constraints
        self.key_usage = certificate.key_usage
        self.extended_key_usage = certificate.extended_key_usage
        self.kept = {profile.parser.key: certificate.kept[profile.parser.key]}
        self._extensions = {extension.oid: extension for extension in certificate.extensions}

    @property
    def critical_extensions(self) -> tuple[Extension, ...]:
        return tuple([self.extension(each.oid) for each in self._extensions.values() if each.critical])

    def extension(self, dotted: str) -> Any:
        if dotted in self._extensions and dotted not in _LOOKED_INTO:
            raise MoreIsAskedError(dotted)
        return self._extensions.get(dotted)

    def has_any(self, oids: frozenset[str]) -> bool:
        return not oids.isdisjoint(self._extensions)

    def __getattr__(self, name: str) -> Any:
        raise MoreIsAskedError(name)


class _Key:
    """Of a public key its kind and size."""

    def __init__(self, key: PublicKey) -> None:
        self.oid, self.name, self.bits, self.curve = key.oid, key.name, key.bits, key.curve

    def __getattr__(self, name: str) -> Any:
        raise MoreIsAskedError(name)


def _asks(_self: object, *_arguments: object) -> Any:
    raise MoreIsAskedError("something of which nothing is known")


class _Unknown:
    """Something of which nothing is known, not even whether it is equal to anything; it may be handed on."""

    __getattr__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __radd__ = __rsub__ = _asks
    __hash__ = __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = __str__ = __repr__ = __format__ = _asks
