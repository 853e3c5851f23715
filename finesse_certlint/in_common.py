"""A chain as far as it is like others: what is shown to rules, to find out which of them need not be asked of each."""

from typing import Any

import attrs

from .alike import LOOKED_INTO
from .alone import Known, MoreIsAskedError, asks
from .certificate import Certificate
from .pkix import Extension, PublicKey
from .profile import Profile
from .subject import Subject


def view(subject: Subject) -> Subject:
    """The same chain as far as it is like others; any other look at it or its certificates asks for more.

    :param subject: one that has a likeness.
    """
    unknown: Any = _Unknown()
    certificates: Any = tuple([_Seen(certificate, subject.profile) for certificate in subject.certificates])
    (chain,) = subject.hierarchy.chains
    chains = (attrs.evolve(chain, missing_issuer=None if chain.missing_issuer is None else unknown),)
    return attrs.evolve(
        subject,
        hierarchy=attrs.evolve(subject.hierarchy, certificates=certificates, chains=chains),
        documents=unknown,
        blocks_of=unknown,
        handshakes=unknown,
        requests_left=unknown,
        at=unknown,
        hostname=None if subject.hostname is None else unknown,
    )


class _Seen(Known):
    """Of a certificate, what it has in common with others. It is no `Certificate`, so that no more is seen than is named here."""

    trusted = awaited = False

    def __init__(self, certificate: Certificate, profile: Profile) -> None:
        self.index = certificate.index
        self.version = certificate.version
        self.signature_algorithm = certificate.signature_algorithm
        self.signature_oid = certificate.signature_oid
        self.tbs_signature_algorithm = certificate.tbs_signature_algorithm
        self.public_key = certificate.public_key and _kind_of(certificate.public_key)
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
        if dotted in self._extensions and dotted not in LOOKED_INTO:
            raise MoreIsAskedError(dotted)
        return self._extensions.get(dotted)

    def has_any(self, oids: frozenset[str]) -> bool:
        return not oids.isdisjoint(self._extensions)


def _kind_of(key: PublicKey) -> Known:
    return Known(oid=key.oid, name=key.name, bits=key.bits, curve=key.curve)


class _Unknown(Known):
    """Something of which nothing is known, neither its order nor what it holds; it may be handed on."""

    __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __radd__ = __rsub__ = asks
    __bool__ = __len__ = __iter__ = __getitem__ = __contains__ = asks
