"""Which signatures and keys a Java client takes in the certificates below a trusted one.

Read in OpenJDK's sun/security/provider/certpath (AlgorithmChecker, BasicChecker), sun/security/x509/X509CertImpl.java and
sun/security/ssl/SSLAlgorithmConstraints.java. A certificate's signature must pass, in this order: what java.security
disables for certificates, that a provider has the algorithm, that its parameters are understood, that the issuer's key can
be used for it, and that the client's own list of signature algorithms has it. The first certificate of a path is checked
against the trusted certificate's key as well; the trusted certificate's own signature never is.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

import attrs

from ..algorithms import CURVES, SIGNATURES, key_name
from ..certificate import Certificate
from ..errors import ProfileError
from ..findings import FrozenMapping
from ..pkix import PSS, AlgorithmIdentifier, PublicKey
from .security import DisabledAlgorithms, Entry, Key

ECDSA_WITH_SPECIFIED = "1.2.840.10045.4.3"
_USAGE = "TLSServer"

# sun/security/ssl/SignatureScheme.java: what stands for an algorithm in signature_algorithms, as jdk.tls.disabledAlgorithms
# may name it.
_SCHEMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "RSASSA-PSS": tuple(f"rsa_pss_{key}_sha{bits}" for key in ("rsae", "pss") for bits in (256, 384, 512)),
        "SHA256withECDSA": ("ecdsa_secp256r1_sha256",),
        "SHA384withECDSA": ("ecdsa_secp384r1_sha384",),
        "SHA512withECDSA": ("ecdsa_secp521r1_sha512",),
        "MD5withRSA": ("rsa_md5",),
        "SHA224withRSA": ("rsa_sha224",),
        "Ed25519": ("ed25519",),
        "Ed448": ("ed448",),
    }
    | {f"SHA{bits}withRSA": (f"rsa_pkcs1_sha{bits}",) for bits in (1, 256, 384, 512)}
    | {f"SHA{bits}withECDSA": (f"ecdsa_sha{bits}",) for bits in (1, 224)}
    | {f"SHA{bits}withDSA": (f"dsa_sha{bits}",) for bits in (1, 224, 256)}
)


class RefusalKind(StrEnum):
    """Where in that order a signature or a key is refused."""

    DISABLED = "disabled"
    NO_SERVICE = "no-service"
    PARAMETERS = "parameters"
    KEY = "key"
    NOT_OFFERED = "not-offered"


@attrs.frozen(kw_only=True)
class Refusal:
    """Why Java does not take a signature or a key: in words, and what Java itself would log."""

    kind: RefusalKind
    reason: str
    logged: str


@attrs.frozen(kw_only=True, cache_hash=True)
class AlgorithmChecker:
    """The algorithms of one release."""

    services: Mapping[str, str] = attrs.field(hash=False)
    """Signature OIDs for which a provider has a service, with Java's standard names."""
    offered: frozenset[str] | None
    """The names in the client's signature_algorithms of TLS 1.2, those that the two lists disable among them.

    None for a client that speaks TLS 1.0 and sends no such list.
    """
    disabled: DisabledAlgorithms
    """`jdk.certpath.disabledAlgorithms`."""
    tls_disabled: DisabledAlgorithms
    """`jdk.tls.disabledAlgorithms`."""
    parameters_heeded: bool
    """Whether what stands beside an OID whose parameters should be NULL or absent is looked at (8u251 and later)."""
    pss_keys: bool
    """Whether keys of the type id-RSASSA-PSS are known."""
    curves: frozenset[str]
    """OIDs of the curves on which a signature can be verified."""
    ecdsa_parameters_heeded: bool = True
    """Where parameters are looked at, whether those beside ECDSA must name the curve of the issuer's key.

    SignatureUtil.getParamSpec: observed on 17.0.15, for 8u504 and 11 inferred from it; 21.0.8 and 25.0.3 pass over whatever
    stands there, as observed (for 21.0.13 inferred).
    """

    def name(self, algorithm: AlgorithmIdentifier) -> str | None:
        """Java's standard name, or None where no provider has the algorithm.

        ecdsa-with-Specified takes the hash from its parameters (AlgorithmId.getName).
        """
        if algorithm.oid == ECDSA_WITH_SPECIFIED and algorithm.hash:
            name = f"{algorithm.hash.replace('-', '')}withECDSA"
            return name if name in self.services.values() else None
        return self.services.get(algorithm.oid)

    def signature(
        self, certificate: Certificate, issuer: PublicKey | None, at: datetime, *, jdk_ca: bool = False
    ) -> Refusal | None:
        """Why the signature on a certificate below the trusted one is refused, or None.

        :param issuer: the key it is to be verified with.
        :param at: the time of judgement, for `denyAfter`.
        :param jdk_ca: whether the path ends in a root that came with the JDK.
        """
        algorithm = certificate.signature_algorithm
        if algorithm is None:
            return None
        bare = algorithm.parameters is None and algorithm.form in ("null", "absent")
        if bare and issuer is None and _unquestioned(self, algorithm.oid):
            return None
        name = self.name(algorithm)
        shown = name or _name_without_service(algorithm)
        entry = self._disables(self.disabled, algorithm, shown, at, jdk_ca=jdk_ca)
        if entry:
            return _constrained(f"{shown} is disabled by `{entry.text}` in jdk.certpath.disabledAlgorithms", shown)
        if name is None:
            return Refusal(
                kind=RefusalKind.NO_SERVICE,
                reason=f"no provider of this Java has the signature algorithm {shown}",
                logged=f"java.security.NoSuchAlgorithmException: {shown} Signature not available",
            )
        refusal = self._parameters(algorithm, name, issuer) or (self._issuer_key(algorithm, issuer) if issuer else None)
        if refusal:
            return refusal
        if self.offered is not None and name not in self.offered:
            return Refusal(
                kind=RefusalKind.NOT_OFFERED,
                reason=f"{name} is not among the signature algorithms that this client offers for TLS 1.2",
                logged=f"Algorithm constraints check failed on signature algorithm: {name}",
            )
        entry = self._disables(self.tls_disabled, algorithm, name, at) or self._disables_schemes(name)
        if entry:
            return _constrained(f"{name} is disabled by `{entry.text}` in jdk.tls.disabledAlgorithms", name)
        return None

    def restricts(self, issuer: PublicKey) -> bool:
        """Whether a signature can be refused for the key that it is to be verified with."""
        return issuer.oid == PSS or (issuer.curve is not None and issuer.curve not in self.curves)

    def takes_any_use(self, key: PublicKey) -> bool:
        """Whether neither list could have anything against the key, whenever it is and whatever the key is for."""
        return _unquestioned_key(self, key.oid, key.bits, key.curve)

    def key(self, key: PublicKey, at: datetime, *, verifies: bool, anchor: bool = False) -> Refusal | None:
        """Why a public key on the path, the trusted certificate's included, is refused, or None.

        :param verifies: whether a certificate below is verified with it.
        :param anchor: whether it is the trusted certificate's. No `keySize` of jdk.tls.disabledAlgorithms is asked of it
            then, except that of a curve, without which its signatures are not offered (observed on 17.0.15, 21.0.8, 25.0.3).
        """
        if self.takes_any_use(key):
            return None
        described = described_key(key)
        for where, disabled in (("certpath", self.disabled), ("tls", self.tls_disabled)):
            entry = disabled.refuses_key(described, usage=_USAGE, at=at, verifies=verifies)
            unasked = anchor and disabled is self.tls_disabled and key.curve is None
            if entry and (entry.outright or not unasked):
                return Refusal(
                    kind=RefusalKind.KEY,
                    reason=f"a key of {key} is disabled by `{entry.text}` in jdk.{where}.disabledAlgorithms",
                    logged="Algorithm constraints check failed on keysize limits"
                    if "keysize" in entry.text.lower()
                    else f"Algorithm constraints check failed on disabled algorithm: {described.curve or described.algorithm}",
                )
        return None

    @staticmethod
    def _disables(
        disabled: DisabledAlgorithms, algorithm: AlgorithmIdentifier, name: str, at: datetime, *, jdk_ca: bool = False
    ) -> Entry | None:
        pss = algorithm.parameters
        mask = pss.mgf.removeprefix("MGF1 with ") if pss else None
        return disabled.refuses_signature(
            name, digest=algorithm.hash if pss else None, mgf_digest=mask, usage=_USAGE, jdk_ca=jdk_ca, at=at
        )

    def _disables_schemes(self, name: str) -> Entry | None:
        """The entry that takes the last of an algorithm's schemes out of what the client offers."""
        # The names of SignatureScheme are nothing to a Java that has RSASSA-PSS in none of them.
        if self.offered is None or "RSASSA-PSS" not in self.offered:
            return None
        found = [
            self.tls_disabled.refuses_name(scheme, usage="CertificateSignature") for scheme in _SCHEMES.get(name, ())
        ]
        return found[-1] if found and all(found) else None

    def _parameters(self, algorithm: AlgorithmIdentifier, name: str, issuer: PublicKey | None) -> Refusal | None:
        if not self.parameters_heeded or algorithm.oid == ECDSA_WITH_SPECIFIED:
            return None
        if name.endswith("withECDSA") and (algorithm.curve or not self.ecdsa_parameters_heeded):
            return self._curve(algorithm.curve, issuer) if algorithm.curve and self.ecdsa_parameters_heeded else None
        if algorithm.oid == PSS and algorithm.parameters is None:
            reason, logged = (
                "the parameters of RSASSA-PSS are missing",
                "java.security.SignatureException: Parameters required",
            )
        elif algorithm.oid != PSS and algorithm.form in ("sequence", "other"):
            reason = f"something else than NULL stands as parameters of {name}"
            if "RSA" in name:
                logged = f"java.security.NoSuchAlgorithmException: {name.upper()} AlgorithmParameters not available"
            elif name.endswith("withECDSA"):
                logged = "java.io.IOException: Only named ECParameters supported"
            else:
                logged = f"java.security.cert.CertificateException: Unrecognized algorithm for signature parameters {name.upper()}"
        else:
            return None
        return Refusal(kind=RefusalKind.PARAMETERS, reason=reason, logged=logged)

    @staticmethod
    def _curve(curve: str, issuer: PublicKey | None) -> Refusal | None:
        """SignatureUtil.getParamSpec takes ECDSA's parameters for a curve, and ECDSASignature wants it to be the key's."""
        if issuer is None or issuer.curve == curve:
            return None
        shown = CURVES.get(curve, curve)
        return Refusal(
            kind=RefusalKind.PARAMETERS,
            reason=f"{shown} stands as parameters, and the issuer's key does not lie on that curve",
            logged="java.security.InvalidKeyException: Key params does not match signature params"
            if curve in CURVES
            else f"java.io.IOException: Unknown named curve: {curve}",
        )

    def _issuer_key(self, algorithm: AlgorithmIdentifier, key: PublicKey) -> Refusal | None:
        if key.oid == PSS:
            return self._pss_key(algorithm, key)
        if key.curve and key.curve not in self.curves:
            return Refusal(
                kind=RefusalKind.KEY,
                reason=f"the issuer's key lies on the curve {CURVES.get(key.curve, key.curve)}, which this Java cannot verify with",
                logged=f"Curve not supported: {CURVES.get(key.curve, key.curve)} ({key.curve})",
            )
        return None

    def _pss_key(self, algorithm: AlgorithmIdentifier, key: PublicKey) -> Refusal | None:
        if not self.pss_keys:
            return Refusal(
                kind=RefusalKind.KEY,
                reason="this Java does not know the issuer's kind of key, id-RSASSA-PSS",
                logged="java.security.InvalidKeyException: No installed provider supports this key: sun.security.x509.X509Key",
            )
        own, used = key.algorithm.parameters, algorithm.parameters
        if own is None:
            return None  # a key without parameters is not restricted
        if used is None:
            return Refusal(
                kind=RefusalKind.KEY,
                reason="the issuer's key may make RSASSA-PSS signatures only, and this is none",
                logged="java.security.ProviderException: null params expected for RSA",
            )
        alike = (own.hash_oid, own.mgf_oid, own.mgf_hash_oid, own.trailer_field) == (
            used.hash_oid,
            used.mgf_oid,
            used.mgf_hash_oid,
            used.trailer_field,
        )
        if alike and used.salt_length >= own.salt_length:
            return None
        return Refusal(
            kind=RefusalKind.KEY,
            reason=f"the issuer's key is restricted to RSASSA-PSS with {own}, and the signature has {used}",
            logged="java.security.InvalidKeyException: Key contains incompatible PSS parameter values",
        )


@lru_cache(maxsize=1024)
def _unquestioned(checker: AlgorithmChecker, oid: str) -> bool:
    """Whether signatures of an algorithm without parameters, or with NULL, are taken, whenever it is and from whomever."""
    name = checker.services.get(oid)
    if (
        name is None
        or oid in (PSS, ECDSA_WITH_SPECIFIED)
        or (checker.offered is not None and name not in checker.offered)
    ):
        return False
    lists = (checker.disabled, checker.tls_disabled)
    return (
        not any(disabled.may_refuse_signature(name) for disabled in lists) and checker._disables_schemes(name) is None
    )


@lru_cache(maxsize=1024)
def _unquestioned_key(checker: AlgorithmChecker, oid: str, bits: int | None, curve: str | None) -> bool:
    key = _described(key_name(oid), bits, curve)
    return not checker.disabled.may_refuse_key(key) and not checker.tls_disabled.may_refuse_key(key)


def _constrained(reason: str, name: str) -> Refusal:
    logged = f"Algorithm constraints check failed on signature algorithm: {name}"
    return Refusal(kind=RefusalKind.DISABLED, reason=reason, logged=logged)


def _name_without_service(algorithm: AlgorithmIdentifier) -> str:
    """What Java calls an algorithm that no provider has: an OID it has no name for is shown as it stands."""
    row = SIGNATURES.get(algorithm.oid)
    return "RSA" if row and row.rfc == "rsaEncryption" else algorithm.oid


def described_key(key: PublicKey) -> Key:
    """A public key in the words that java.security uses."""
    return _described(key.name, key.bits, key.curve)


@lru_cache(maxsize=256)
def _described(name: str, bits: int | None, curve: str | None) -> Key:
    names = {"Ed25519": "EdDSA", "Ed448": "EdDSA"}
    return Key(algorithm=names.get(name, name), bits=bits, curve=CURVES.get(curve) if curve else None)


def services(*names: str, also: Mapping[str, str] = MappingProxyType({})) -> Mapping[str, str]:
    """The OIDs of signature algorithms by Java's standard names, the OIW's aliases 1.3.14.3.2.13, .27 and .29 included.

    :param names: standard names, as in `Signature.getInstance`.
    :param also: further OIDs and their names, as AlgorithmId resolves them.
    """
    wanted = set(names)
    found = {oid: row.java for oid, row in SIGNATURES.items() if row.java in wanted and oid != _SHA_WITH_RSA}
    return FrozenMapping({oid: name for oid, name in found.items() if name} | dict(also))


def services_named(names: Iterable[object]) -> Mapping[str, str]:
    """The same for names that somebody wrote.

    :raises ProfileError: for a name that Java does not have.
    """
    known = {row.java for row in SIGNATURES.values() if row.java and row.family != "none"}
    wanted = list(names)
    wrong = [name for name in wanted if name not in known]
    if wrong:
        raise ProfileError(
            f"signature_algorithms: {wrong[0]!r:.60} is no standard name of Java's; there are {', '.join(sorted(known))}"
        )
    return services(*(str(name) for name in wanted))


_SHA_WITH_RSA = "1.3.14.3.2.15"
