"""Which certificates Java's `CertificateFactory` cannot read at all, release by release.

Where a certificate cannot be read the handshake ends, wherever in what the server sent it stands; and it cannot be
imported into a trust store. What Java reads is neither DER nor RFC 5280: much is tolerated (a UTCTime without seconds, a
negative modulus, a non-critical extension that makes no sense), and much that other clients read is not (a curve written
out, an inner algorithm that differs from the outer in its parameters).

Read in OpenJDK's sun/security/provider/X509Factory.java, sun/security/util (DerValue, DerInputStream, DerInputBuffer,
DerIndefLenConverter, ECParameters, CurveDB, KnownOIDs), sun/security/x509 (X509CertImpl, X509CertInfo, X509Key,
AlgorithmId, CertificateExtensions, OIDMap and the classes of the extensions and names), sun/security/rsa,
sun/security/ec, sun/security/provider and com/sun/crypto/provider; the way of reading is followed with its oddities, such
as what is left unread. Up to 11 values are read through streams (DerInputBuffer); 16 rewrote that (JDK-8249783).

Where this model knows that it departs from some release: an algorithm identifier may name a cipher (AES, PBE), whose
parameters Java would then read and this does not; nesting is bounded at 128 (as 17.0.21 and its contemporaries do; older
ones go on until their stack ends), at 30 for an OCTET STRING in parts; an IPv4-mapped IPv6 subnet whose mask is not an
IPv4 mask is read (17.0.21 does not); the name of an interface in an IPv6 URI is taken for one that is not there.
"""

from typing import Final

import attrs

from ...certificate import Certificate
from . import plain
from .algorithms import DH_KEYS, OAEP, RSASSA_PSS, SHA2, SHA3
from .certificate import Reading
from .refusal import Refusal, UnreadableExtension

__all__ = [
    "JAVA_7U80",
    "JAVA_7U181",
    "JAVA_8U181",
    "JAVA_8U504",
    "JAVA_11",
    "JAVA_17",
    "JAVA_21",
    "CertificateFactory",
    "Refusal",
    "UnreadableExtension",
]


@attrs.frozen(kw_only=True, cache_hash=True)
class CertificateFactory:
    """How one release reads certificates. A further release is one `attrs.evolve()` of the one before it."""

    whole_arrays: bool = False
    """17 and 21: values are slices of one array (DerValue since 16, JDK-8249783), so that a tag may not have two octets,
    a BIT STRING may not be empty, an OCTET STRING's parts may nest, and nothing may follow an RSA key's numbers."""
    minimal_lengths: bool = True
    """7u181, 8u181, 8u504 and 11: a length in more octets than it needs is an error (DerInputStream.getLength); not yet
    in 7u80, and no longer in 17 and 21."""
    resumes_after_indefinite: bool = False
    """None of the seven (for 21 inferred from 17.0.21), but JDK 24 and later: behind a value of indefinite length in the
    midst of others the next is found (DerInputStream.getDerValue, JDK-8336667)."""
    digits_only: bool = True
    """8u504 (inferred), 11, 17 and 21: a time holds digits only, and a fraction of a second as many as it likes
    (DerInputBuffer.getTime, DerValue.toDigit). Before, a letter counts as a digit of value -1."""
    surrogates_refused: bool = False
    """8u504, 11 and 21: a BMPString in a name may not hold surrogates (DerValue.validateBMPString; read in 17.0.21 and
    25.0.3, later than 17.0.15; for these three inferred)."""
    brainpool: bool = True
    """8u181 and later: CurveDB has the brainpool curves; Java 7 does not."""
    ec_keys: bool = True
    """7u181 and later: there is a KeyFactory for EC, which wants an uncompressed point (ECUtil.decodePoint). The 7u80
    that was observed has no elliptic-curve provider: it reads the curve and leaves the key as it is."""
    named_parameters: frozenset[str] = frozenset()
    """Algorithms beside DSA and EC whose parameters are read (AlgorithmId.decodeParams): RSASSA-PSS from 8u504,
    RSAES-OAEP and Diffie-Hellman (that of X9.42 too) from 11, where KnownOIDs gave them their names (JDK-8242151)."""
    mask_hashes: frozenset[str] = SHA2
    """Hashes that MGF1 in RSASSA-PSS parameters may name (PSSParameters.engineInit): SHA-3 from 17."""
    xdh_keys: bool = False
    """11, 17 and 21: X25519 and X448 keys must have their length (XDHPublicKeyImpl)."""
    eddsa_keys: bool = False
    """17 and 21: so must Ed25519 and Ed448 keys (EdDSAPublicKeyImpl)."""
    ml_keys: bool = False
    """21.0.13: an ML-DSA or ML-KEM key may have no parameters (NamedX509Key)."""
    explicit_other_names: bool = False
    """21: an otherName's value must be in [0] (OtherName, JDK-8277976), and an ediPartyName must have a party."""
    digit_labels: bool = False
    """8u504 and later: a label of a URI's host may begin with a digit (DNSName, JDK-8213952)."""
    labels_limited: bool = False
    """21.0.13: it must keep to 63 octets, the host to 253, and no label may end with a hyphen (DNSName, JDK-8381771; read in
    17.0.21, which has it too, as 17.0.15 has not)."""
    unreadable_purposes_refused: bool = False
    """21: not while reading, but when a server's certificate is used, an unreadable extKeyUsage ends in a refusal, though
    it is not critical (X509CertImpl.getExtendedKeyUsage). Before, it counts as absent."""

    key: object = attrs.field(factory=object, init=False, eq=False, repr=False)
    """By which its answers are kept: looked up in a fraction of the time that all of the above takes."""

    def refusal(self, certificate: Certificate) -> Refusal | None:
        """Whether this Java cannot read a certificate.

        :param certificate: the certificate; only its bytes are looked at. What follows its end is not read.
        :returns: the first thing that Java stumbles over, or None where it reads the certificate.
        """
        return _read(self, certificate)[0]

    def reads_all(self, certificate: Certificate) -> bool:
        """Whether this Java reads a certificate and passes over no extension of it."""
        return _read(self, certificate) == _NOTHING

    def unreadable_extensions(self, certificate: Certificate) -> tuple[UnreadableExtension, ...]:
        """Extensions that Java passes over while it reads a certificate, as they are not critical and make no sense to it.

        A later check may want one all the same: 21 refuses a server's certificate whose subjectAltName or extKeyUsage is
        among them; the releases before it judge as if it were not there.

        :param certificate: the certificate.
        :returns: the extensions, in the certificate's order, up to where it can be read.
        """
        return _read(self, certificate)[1]


_Read = tuple[Refusal | None, tuple[UnreadableExtension, ...]]


def _read(java: CertificateFactory, certificate: Certificate) -> _Read:
    found: _Read | None = certificate.kept.get(java.key)
    if found is None:
        found = certificate.kept[java.key] = (
            _NOTHING if plain.reads(java, certificate) else _reading(java, certificate.der)
        )
    return found


def _reading(java: CertificateFactory, der: bytes) -> _Read:
    reading = Reading(java, der)
    return reading.refusal, tuple(reading.unreadable)


_NOTHING: Final[_Read] = (None, ())


JAVA_7U80: Final = CertificateFactory(minimal_lengths=False, digits_only=False, brainpool=False, ec_keys=False)
"""7u80 without an elliptic-curve provider."""
JAVA_7U181: Final = attrs.evolve(JAVA_7U80, minimal_lengths=True, ec_keys=True)
"""7u181."""
JAVA_8U181: Final = attrs.evolve(JAVA_7U181, brainpool=True)
"""8u181."""
JAVA_8U504: Final = attrs.evolve(
    JAVA_8U181,
    digits_only=True,
    surrogates_refused=True,
    named_parameters=frozenset({RSASSA_PSS}),
    digit_labels=True,
)
"""8u504."""
JAVA_11: Final = attrs.evolve(
    JAVA_8U504, named_parameters=JAVA_8U504.named_parameters | DH_KEYS | {OAEP}, xdh_keys=True
)
"""11.0.33."""
JAVA_17: Final = attrs.evolve(
    JAVA_11,
    whole_arrays=True,
    minimal_lengths=False,
    surrogates_refused=False,
    mask_hashes=SHA2 | SHA3,
    eddsa_keys=True,
)
"""17.0.15."""
JAVA_21: Final = attrs.evolve(
    JAVA_17,
    surrogates_refused=True,
    ml_keys=True,
    explicit_other_names=True,
    labels_limited=True,
    unreadable_purposes_refused=True,
)
"""21.0.13."""
