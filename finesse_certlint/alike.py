"""Chains that are alike: their certificates have the same algorithms, kinds of keys, and uses, in the same order.

Beyond that they differ in names, dates, keys and much else, and many rules look at nothing of these: what such a rule does not say
of one chain, it does not say of the next. So of a chain like one before it those rules alone are asked that spoke then, or looked
at more. Which these are is found out by asking them all of a view on the chain that shows nothing else (`in_common.py`).
"""

from collections.abc import Hashable
from functools import lru_cache
from operator import attrgetter
from typing import Any

from .certificate import Certificate
from .pkix import BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE, KEY_USAGE, Extension
from .subject import Subject


def likeness(subject: Subject) -> Hashable | None:
    """What chains that are alike have in common; None where they are no chain, or there is a fault in one of them.

    The fields are looked at first, in the order in which `certificate-malformed` does, for that of its remarks depends on it.
    """
    java, found = subject.profile.parser, []
    if not 0 < len(subject.certificates) <= _LONGEST:
        return None
    for certificate in subject.certificates:
        seen = certificate.kept.get(_seen)
        if seen is None:
            seen = certificate.kept[_seen] = _seen(certificate)
        if seen is _FAULTY or not java.reads_all(certificate):
            return None
        found.append(seen)
    hierarchy = subject.hierarchy
    if not hierarchy.one_path:
        return None
    (chain,) = hierarchy.chains
    return chain.certificates, chain.sorted, hierarchy.roots, hierarchy.servers, *found


_LONGEST = 10
"""In certificates; of more, few are one chain."""


def _seen(certificate: Certificate) -> "_Likeness":
    """What `in_common.py` shows of it."""
    if certificate.problems:
        return _FAULTY
    outer, inner, key = certificate.signature_algorithm, certificate.tbs_signature_algorithm, certificate.public_key
    if outer is None or inner is None or key is None:
        return _FAULTY
    shown = tuple(map(_shown, certificate.extensions))
    return _alike((certificate.version, outer.raw, inner.raw, key.oid, key.name, key.bits, key.curve, shown))


def _shown(extension: Extension) -> tuple[Any, ...]:
    return _INSIDE(extension) if extension.oid in LOOKED_INTO else _OUTSIDE(extension)


_INSIDE = attrgetter("oid", "critical", "value", "size", "in_der")
_OUTSIDE = attrgetter("oid", "critical")


LOOKED_INTO = frozenset({BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE})
"""Extensions of which there are few values."""


class _Likeness:
    """Stands for what certificates have in common; of each there is one, which is looked up by itself."""


@lru_cache(maxsize=1024)
def _alike(_shown: tuple[Any, ...]) -> _Likeness:
    return _Likeness()


_FAULTY = _Likeness()
