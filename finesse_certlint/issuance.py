"""What is known of a certificate before it is issued: the CAs that could issue it, and how they sign.

A request does not say who will answer it. The CAs that could are those of the chain that was given which have issued no other
CA in it; certificates that they have issued show how they sign. Of a CA that was renewed, the newest certificate has the key
that will sign. What nobody has shown is presumed, and the rules say so: an RSA key is presumed to sign with PKCS #1 v1.5 and
SHA-256; a key of another kind leaves no choice.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from types import MappingProxyType

import attrs

from .certificate import Certificate
from .pkix import PSS, AlgorithmIdentifier, PublicKey, name_key, read_algorithm
from .request import UNKNOWN_CA, Request, certificate_to_be
from .tlv import NULL, SEQUENCE, TlvError, encode, encode_oid, read
from .verification import LinkState, fits, verify

MOST_CAS = 8
"""CAs of one chain that are asked about, where it is not told which of them will issue."""
_NEVER = datetime.min.replace(tzinfo=UTC)


@attrs.frozen(kw_only=True, eq=False)
class Prospect:
    """One request, and one CA that could answer it."""

    request: Request
    given: bool
    """Whether anything was given in which a CA could be found."""
    issuer: Certificate | None = None
    """The newest certificate of the CA; None where none is known."""
    chain: tuple[Certificate, ...] = attrs.field(default=(), repr=False)
    """The CA's chain, and whatever else stood there that is no sample."""
    samples: tuple[Certificate, ...] = attrs.field(default=(), repr=False)
    """Certificates that this CA has issued to others, the newest first; without an issuer, those of any."""
    strangers: tuple[Certificate, ...] = attrs.field(default=(), repr=False)
    """Samples that another CA has issued."""
    rivals: tuple[str, ...] = ()
    """The names of the other CAs that could issue it."""
    unasked: int = 0
    """How many more CAs there are, beyond the bound."""

    def listed_from(self, first: int) -> "Prospect":
        """The same, its samples and then its strangers numbered from `first`."""
        shown = tuple(attrs.evolve(c, index=first + n) for n, c in enumerate((*self.samples, *self.strangers)))
        count = len(self.samples)
        return attrs.evolve(self, samples=shown[:count], strangers=shown[count:])

    @property
    def newest(self) -> tuple[Certificate, ...]:
        """The samples that were issued last: one, or those of the same second.

        One that the CA's key cannot have signed, being of another kind, is from before the CA was renewed.
        """
        key = self.issuer.public_key if self.issuer else None
        telling = [s for s in self.samples if s.signature_algorithm and (not key or fits(s.signature_algorithm, key))]
        return tuple(sample for sample in telling if sample.not_before == telling[0].not_before)

    @property
    def shown(self) -> AlgorithmIdentifier | None:
        """How the CA signs, as its newest sample shows."""
        return next((sample.signature_algorithm for sample in self.newest), None)

    @property
    def forced(self) -> AlgorithmIdentifier | None:
        """The kind of signature that its key leaves it no choice about; None for an RSA key."""
        key = self.issuer.public_key if self.issuer else None
        try:
            return _forced(key) if key else None
        except TlvError:  # a key that cannot be read forces nothing; other rules speak of it
            return None

    @cached_property
    def algorithm(self) -> AlgorithmIdentifier:
        """How it will sign, as far as anything is known of it."""
        return self.shown or self.forced or _identifier(_SHA256_RSA, encode(NULL))

    def certificate(self, at: datetime) -> Certificate | None:
        """The certificate that would come of it."""
        issuer = self.issuer.subject_raw if self.issuer else UNKNOWN_CA
        key = self.issuer.public_key if self.issuer else None
        return certificate_to_be(self.request, issuer=issuer, key=key, algorithm=self.algorithm.raw, at=at)


def prospects(request: Request, issuers: Sequence[Certificate], issued: Sequence[Certificate]) -> tuple[Prospect, ...]:
    """Who could answer a request.

    :param request: the request.
    :param issuers: the CA's chain as it will be presented. A server's certificate among them is a sample.
    :param issued: certificates that the CA has issued; the CAs among them are its chain where there is none in `issuers`.
    :returns: one prospect for each CA; one without a CA where none is known.
    """
    pool = chain_among(issuers, issued)
    cas = [certificate for certificate in pool if _is_ca(certificate)]
    chain = {certificate.der for certificate in cas}
    known = {c.der: c for c in (*issuers, *issued) if c.der not in chain}
    samples = sorted(known.values(), key=lambda c: c.not_before or _NEVER, reverse=True)
    given = bool(issuers or issued)
    # A CA among the samples may only be the chain of another sample.
    telling = [sample for sample in samples if not _is_ca(sample)] or samples
    candidates = _candidates(cas, {name_key(sample.issuer_raw) for sample in telling})
    if not candidates:
        return (Prospect(request=request, given=given, samples=tuple(samples)),)
    names = [candidate.title for candidate in candidates]
    return tuple(
        Prospect(
            request=request,
            given=given,
            issuer=ca,
            chain=tuple(cas),
            samples=tuple(sample for sample in samples if name_key(sample.issuer_raw) == name_key(ca.subject_raw)),
            strangers=tuple(
                sample
                for sample in samples
                if not sample.ca and name_key(sample.issuer_raw) != name_key(ca.subject_raw)
            ),
            rivals=tuple(name for place, name in enumerate(names) if place != number),
            unasked=max(0, len(candidates) - MOST_CAS),
        )
        for number, ca in enumerate(candidates[:MOST_CAS])
    )


def chain_among(issuers: Sequence[Certificate], issued: Sequence[Certificate]) -> Sequence[Certificate]:
    """Where the CA's chain is: what was given as such, unless there is no CA in it."""
    return issuers if any(_is_ca(certificate) for certificate in issuers) else issued


def paired(requests: Iterable[Request], certificates: Iterable[Certificate]) -> dict[int, Certificate]:
    """For each request, by its index, the first certificate that has its key; those of the trust store are left out."""
    by_key: dict[bytes, Certificate] = {}
    for certificate in certificates:
        if certificate.public_key and not certificate.trusted:
            by_key.setdefault(certificate.public_key.octets, certificate)
    found = ((request.index, request.public_key and by_key.get(request.public_key.octets)) for request in requests)
    return {index: certificate for index, certificate in found if certificate}


def verifies(sample: Certificate, issuer: Certificate) -> bool:
    """Whether the sample was signed with this very key of the CA."""
    return verify(sample, issuer)[0] is LinkState.VERIFIED


def _is_ca(certificate: Certificate) -> bool:
    """Whether it stands in a chain as a CA's: by its flag, or as one that should have it and has not."""
    if certificate.ca or "keyCertSign" in (certificate.key_usage or ()) or certificate.self_issued:
        return True
    if certificate.for_server or certificate.extended_key_usage or certificate.key_usage is not None:
        return False
    return not any("." in name and " " not in name for name in certificate.common_names)  # a host's name


def _candidates(cas: Iterable[Certificate], issuing: set[str]) -> list[Certificate]:
    """The CAs that could issue: of those with samples, all; else the lowest that stand below another; else the lowest."""
    by_name: dict[str, Certificate] = {}
    above: set[str] = set()
    for ca in cas:
        name = name_key(ca.subject_raw)
        if name not in by_name or (ca.not_before or _NEVER) > (by_name[name].not_before or _NEVER):
            by_name[name] = ca
        if not ca.self_issued:
            above.add(name_key(ca.issuer_raw))
    shown = [ca for name, ca in by_name.items() if name in issuing]
    lowest = [ca for name, ca in by_name.items() if name not in above]
    below = [ca for ca in lowest if not ca.self_issued]
    return shown or below or lowest or list(by_name.values())[:1]


# -- What a key can sign -----------------------------------------------------------------------------------------------

_SHA256_RSA = "1.2.840.113549.1.1.11"
_BY_KEY = MappingProxyType(
    {
        "1.2.840.10040.4.1": "2.16.840.1.101.3.4.3.2",
        "1.3.101.112": "1.3.101.112",
        "1.3.101.113": "1.3.101.113",
        **{f"2.16.840.1.101.3.4.3.{arc}": f"2.16.840.1.101.3.4.3.{arc}" for arc in (17, 18, 19)},
    }
)
_BY_CURVE = MappingProxyType({"1.3.132.0.34": "1.2.840.10045.4.3.3", "1.3.132.0.35": "1.2.840.10045.4.3.4"})
_EC = "1.2.840.10045.2.1"
_ECDSA_SHA256 = "1.2.840.10045.4.3.2"


def _identifier(dotted: str, parameters: bytes = b"") -> AlgorithmIdentifier:
    raw = encode(SEQUENCE, encode_oid(dotted), parameters)
    return read_algorithm(raw, read(raw, 0, len(raw)))


def _forced(key: PublicKey) -> AlgorithmIdentifier | None:
    if key.oid == PSS:
        return key.algorithm if key.algorithm.parameters else _identifier(PSS, encode(SEQUENCE))
    if key.oid == _EC:
        return _identifier(_BY_CURVE.get(key.curve or "", _ECDSA_SHA256))
    dotted = _BY_KEY.get(key.oid)
    return _identifier(dotted) if dotted else None
