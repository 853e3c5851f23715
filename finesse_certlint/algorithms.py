"""The algorithms a certificate can name: signatures, hashes, public keys and curves, by object identifier.

Data alone, nothing is computed. A ``None`` says that nobody verified a name, not that there is none.

Sources of the names, beside the document that each row refers to:

* Java: AlgorithmId of the releases 7 to 21. That a Java *names* an algorithm does not say that it verifies it.
* OpenSSL: the long names of OpenSSL 3.0, as ``openssl x509 -text`` prints them.
* Windows: the list of names and OIDs under "Hash Algorithm OID", section 2.4.1.6 of Microsoft's open specification at
  msdn.microsoft.com/library/ff635603.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal, Protocol, TypeVar

import attrs

Parameters = Literal["null", "absent", "null-or-absent", "pss", "any"]


@attrs.frozen(kw_only=True)
class SignatureAlgorithm:
    """What is known of one OID in a ``signatureAlgorithm`` field, be it a signature algorithm or not."""

    oid: str
    name: str
    """What is shown: the defining document's word without its ``id-``."""
    rfc: str
    """The identifier in the defining document, letter for letter."""
    java: str | None
    """Java's standard name, of whichever release 7 to 21 has one; None where none was observed."""
    openssl: str | None
    """What ``openssl x509 -text`` prints; None where OpenSSL 3.0 prints the dotted OID."""
    windows: str | None
    """What the certificate dialog of Windows and certutil print."""
    family: str
    """RSA (that is PKCS #1 v1.5), RSASSA-PSS, ECDSA and so on; ``none`` for what is no signature algorithm at all."""
    hash: str | None
    """A name in `HASHES_BY_NAME`; None where the hash is in the parameters, or inherent, or not there."""
    keys: tuple[str, ...]
    """OIDs of the ``subjectPublicKeyInfo`` algorithms that can make such a signature; empty where not known."""
    parameters: Parameters
    """What the defining document asks of the AlgorithmIdentifier; ``any`` where nothing is known of it."""
    reference: str


@attrs.frozen(kw_only=True)
class Hash:
    """A hash function; ``broken`` goes on after "SHA-1 is ..." and is None where collisions are not known."""

    oid: str
    name: str
    java: str | None
    bits: int
    broken: str | None


@attrs.frozen(kw_only=True)
class KeyAlgorithm:
    """The algorithm of a ``subjectPublicKeyInfo``."""

    oid: str
    name: str
    rfc: str
    reference: str


class _Row(Protocol):
    @property
    def oid(self) -> str: ...


_RowT = TypeVar("_RowT", bound=_Row)


def _by_oid(rows: Sequence[_RowT]) -> Mapping[str, _RowT]:
    table = {row.oid: row for row in rows}
    assert len(table) == len(rows), "an OID stands in two rows"
    return MappingProxyType(table)


# -- What the rows share -----------------------------------------------------------------------------------------------

_RSA_KEY = "1.2.840.113549.1.1.1"
_OAEP_KEY = "1.2.840.113549.1.1.7"
_PSS_KEY = "1.2.840.113549.1.1.10"
_EC_KEY = "1.2.840.10045.2.1"
_DSA_KEY = "1.2.840.10040.4.1"
_OIW_DSA_KEY = "1.3.14.3.2.12"
_GOST_94_KEY = "1.2.643.2.2.20"
_GOST_2001_KEY = "1.2.643.2.2.19"
_GOST_2012_256_KEY = "1.2.643.7.1.1.1.1"
_GOST_2012_512_KEY = "1.2.643.7.1.1.1.2"


@attrs.frozen
class _Document:
    """A defining document, and what it asks of the parameters."""

    reference: str
    parameters: Parameters

    def noting(self, note: str) -> "_Document":
        return _Document(f"{self.reference}; {note}", self.parameters)


_RFC_2313 = _Document("RFC 2313, section 11", "null")
_RFC_3279_RSA = _Document("RFC 3279, section 2.2.1", "null")
_RFC_3279_DSA = _Document("RFC 3279, section 2.2.2", "absent")
_RFC_3279_ECDSA = _Document("RFC 3279, section 2.2.3", "absent")
_RFC_4055 = _Document("RFC 4055, section 5", "null")
_RFC_4055_PSS = _Document("RFC 4055, section 3", "pss")
_RFC_4491_94 = _Document("RFC 4491, section 2.2.1", "absent")
_RFC_4491_2001 = _Document("RFC 4491, section 2.2.2", "absent")
_RFC_5758_DSA = _Document("RFC 5758, section 3.1", "absent")
_RFC_5758 = _Document("RFC 5758, section 3.2", "absent")
_RFC_8017 = _Document("RFC 8017, appendix C", "null")
_RFC_8410 = _Document("RFC 8410, section 3", "absent")
_RFC_8692 = _Document("RFC 8692", "absent")
_RFC_9215 = _Document("RFC 9215, section 2", "absent")
_RFC_9688_RSA = _Document("RFC 9688, section 3", "null")
_RFC_9688_ECDSA = _Document("RFC 9688, section 3", "absent")
_RFC_9802 = _Document("RFC 9802", "absent")
_RFC_9881 = _Document("RFC 9881, section 2; FIPS 204", "absent")
_RFC_9909 = _Document("RFC 9909, section 3; FIPS 205", "absent")
_BSI = _Document("BSI TR-03111", "any")
_GM = _Document("GM/T 0006", "any")
_NIST = _Document("NIST Computer Security Objects Register", "any")
_NIST_HASH_ML = _NIST.noting("RFC 9881, section 8.3, keeps it out of certificates")
_TELETRUST = _Document("TeleTrusT", "any")
_X962 = _Document("ANSI X9.62", "any")
_OIW = _Document("OIW Stable Implementation Agreements, part 12", "any")
_OIW_SHA1 = _OIW.noting("alias of 1.2.840.113549.1.1.5")
_OIW_SHA0 = _OIW.noting("Java 11 and later name it SHA1withRSA, Java 8 and earlier do not name it")
_OIW_DSA_SHA0 = _OIW.noting("Java takes it for SHA1withDSA")
_OIW_DSA_SHA1 = _OIW.noting("alias of 1.2.840.10040.4.3")

# -- Signatures --------------------------------------------------------------------------------------------------------

_SAME = "="
"""OpenSSL's name is that of the document."""


def _signature(
    oid: str,
    document: _Document,
    rfc: str,
    digest: str | None,
    java: str | None,
    openssl: str | None,
    windows: str | None,
    *,
    family: str,
    keys: tuple[str, ...],
    name: str | None = None,
) -> SignatureAlgorithm:
    return SignatureAlgorithm(
        oid=oid,
        name=name or rfc.removeprefix("id-"),
        rfc=rfc,
        java=java,
        openssl=rfc if openssl == _SAME else openssl,
        windows=windows,
        family=family,
        hash=digest,
        keys=keys,
        parameters=document.parameters,
        reference=document.reference,
    )


def _rsa(
    oid: str,
    document: _Document,
    rfc: str,
    digest: str,
    java: str | None = None,
    openssl: str | None = None,
    windows: str | None = None,
) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, digest, java, openssl, windows, family="RSA", keys=(_RSA_KEY,))


def _rsa_sha3(oid: str, bits: int) -> SignatureAlgorithm:
    rfc = f"id-rsassa-pkcs1-v1-5-with-sha3-{bits}"
    return _rsa(oid, _RFC_9688_RSA, rfc, f"SHA3-{bits}", f"SHA3-{bits}withRSA", f"RSA-SHA3-{bits}")


def _pss(
    oid: str,
    document: _Document,
    rfc: str,
    digest: str | None = None,
    java: str | None = None,
    openssl: str | None = None,
    windows: str | None = None,
) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, digest, java, openssl, windows, family="RSASSA-PSS", keys=(_RSA_KEY, oid))


def _ecdsa(
    oid: str,
    document: _Document,
    rfc: str,
    digest: str | None,
    java: str | None = None,
    openssl: str | None = None,
    windows: str | None = None,
) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, digest, java, openssl, windows, family="ECDSA", keys=(_EC_KEY,))


def _ecdsa_sha3(oid: str, bits: int) -> SignatureAlgorithm:
    rfc = f"id-ecdsa-with-sha3-{bits}"
    return _ecdsa(oid, _RFC_9688_ECDSA, rfc, f"SHA3-{bits}", f"SHA3-{bits}withECDSA", f"ecdsa_with_SHA3-{bits}")


def _dsa(
    oid: str,
    document: _Document,
    rfc: str,
    digest: str,
    java: str | None = None,
    openssl: str | None = None,
    windows: str | None = None,
) -> SignatureAlgorithm:
    keys = (_DSA_KEY, _OIW_DSA_KEY)
    return _signature(oid, document, rfc, digest, java, openssl, windows, family="DSA", keys=keys)


def _dsa_sha3(oid: str, bits: int) -> SignatureAlgorithm:
    rfc = f"id-dsa-with-sha3-{bits}"
    return _dsa(oid, _NIST, rfc, f"SHA3-{bits}", f"SHA3-{bits}withDSA", f"dsa_with_SHA3-{bits}")


def _gost(oid: str, document: _Document, rfc: str, digest: str, openssl: str, key: str) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, digest, None, openssl, None, family="GOST", keys=(key,))


def _own(
    oid: str,
    document: _Document,
    rfc: str,
    name: str,
    family: str,
    java: str | None = None,
    openssl: str | None = None,
    digest: str | None = None,
) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, digest, java, openssl, None, family=family, keys=(oid,), name=name)


def _slh(oid: str, name: str) -> SignatureAlgorithm:
    return _own(oid, _RFC_9909, f"id-{name.lower()}", name, "SLH-DSA")


def _hash_slh(oid: str, name: str, digest: str) -> SignatureAlgorithm:
    name = f"{name}-with-{digest.replace('-', '')}"
    rfc = "id-" + name.lower().replace("hashslh", "hash-slh")
    return _own(oid, _RFC_9909, rfc, name, "SLH-DSA", digest=digest)


def _hash_ml(oid: str, rfc: str, name: str) -> SignatureAlgorithm:
    return _signature(oid, _NIST_HASH_ML, rfc, "SHA-512", None, None, None, family="ML-DSA", keys=(), name=name)


def _none(oid: str, document: _Document, rfc: str, java: str | None, openssl: str | None) -> SignatureAlgorithm:
    return _signature(oid, document, rfc, None, java, openssl, None, family="none", keys=())


# A row is: OID, document, the document's word, hash, Java's name, OpenSSL's name, that of Windows.

# RSA with PKCS #1 v1.5. RFC 4055 asks for NULL, and asks of a verifier to accept absent parameters too.
_RSA_ROWS = (
    _rsa("1.2.840.113549.1.1.2", _RFC_3279_RSA, "md2WithRSAEncryption", "MD2", "MD2withRSA", _SAME, "md2RSA"),
    _rsa("1.2.840.113549.1.1.3", _RFC_2313, "md4WithRSAEncryption", "MD4", None, _SAME, "md4RSA"),
    _rsa("1.2.840.113549.1.1.4", _RFC_3279_RSA, "md5WithRSAEncryption", "MD5", "MD5withRSA", _SAME, "md5RSA"),
    _rsa("1.2.840.113549.1.1.5", _RFC_8017, "sha1WithRSAEncryption", "SHA-1", "SHA1withRSA", _SAME, "sha1RSA"),
    _rsa("1.2.840.113549.1.1.11", _RFC_4055, "sha256WithRSAEncryption", "SHA-256", "SHA256withRSA", _SAME, "sha256RSA"),
    _rsa("1.2.840.113549.1.1.12", _RFC_4055, "sha384WithRSAEncryption", "SHA-384", "SHA384withRSA", _SAME, "sha384RSA"),
    _rsa("1.2.840.113549.1.1.13", _RFC_4055, "sha512WithRSAEncryption", "SHA-512", "SHA512withRSA", _SAME, "sha512RSA"),
    _rsa("1.2.840.113549.1.1.14", _RFC_4055, "sha224WithRSAEncryption", "SHA-224", "SHA224withRSA", _SAME),
    _rsa("1.2.840.113549.1.1.15", _RFC_8017, "sha512-224WithRSAEncryption", "SHA-512/224", "SHA512/224withRSA", _SAME),
    _rsa("1.2.840.113549.1.1.16", _RFC_8017, "sha512-256WithRSAEncryption", "SHA-512/256", "SHA512/256withRSA", _SAME),
    _rsa_sha3("2.16.840.1.101.3.4.3.13", 224),
    _rsa_sha3("2.16.840.1.101.3.4.3.14", 256),
    _rsa_sha3("2.16.840.1.101.3.4.3.15", 384),
    _rsa_sha3("2.16.840.1.101.3.4.3.16", 512),
    _rsa("1.3.14.3.2.2", _OIW, "md4WithRSA", "MD4", None, None, "md4RSA"),
    _rsa("1.3.14.3.2.3", _OIW, "md5WithRSA", "MD5", None, _SAME, "md5RSA"),
    _rsa("1.3.14.3.2.4", _OIW, "md4WithRSAEncryption", "MD4", None, None, "md4RSA"),
    _rsa("1.3.14.3.2.14", _OIW, "mdc2WithRSASignature", "MDC-2"),
    _rsa("1.3.14.3.2.15", _OIW_SHA0, "shaWithRSASignature", "SHA-0", "SHA1withRSA", "shaWithRSAEncryption", "shaRSA"),
    _rsa("1.3.14.3.2.24", _OIW, "md2WithRSASignature", "MD2"),
    _rsa("1.3.14.3.2.25", _OIW, "md5WithRSASignature", "MD5"),
    _rsa("1.3.14.3.2.29", _OIW_SHA1, "sha1WithRSASignature", "SHA-1", "SHA1withRSA", "sha1WithRSA", "sha1RSA"),
    _rsa("1.3.36.3.3.1.2", _TELETRUST, "rsaSignatureWithripemd160", "RIPEMD-160", None, "ripemd160WithRSA"),
    _rsa("1.3.36.3.3.1.3", _TELETRUST, "rsaSignatureWithripemd128", "RIPEMD-128"),
    _rsa("1.3.36.3.3.1.4", _TELETRUST, "rsaSignatureWithripemd256", "RIPEMD-256"),
    _rsa("1.2.156.10197.1.504", _GM, "sm3WithRSAEncryption", "SM3", None, _SAME),
)

# RSASSA-PSS. The first has one name everywhere, whatever the hash in its parameters.
_PSS_ROWS = (
    _pss(_PSS_KEY, _RFC_4055_PSS, "id-RSASSA-PSS", None, "RSASSA-PSS", "rsassaPss", "RSASSA-PSS"),
    _pss("1.3.6.1.5.5.7.6.30", _RFC_8692, "id-RSASSA-PSS-SHAKE128", "SHAKE128"),
    _pss("1.3.6.1.5.5.7.6.31", _RFC_8692, "id-RSASSA-PSS-SHAKE256", "SHAKE256"),
)

# ECDSA. "Recommended" takes the hash from the key's size, "Specified" has it in the parameters; "plain" writes r and s
# side by side instead of in a SEQUENCE.
_ECDSA_ROWS = (
    _ecdsa("1.2.840.10045.4.1", _RFC_3279_ECDSA, "ecdsa-with-SHA1", "SHA-1", "SHA1withECDSA", _SAME, "sha1ECDSA"),
    _ecdsa("1.2.840.10045.4.2", _X962, "ecdsa-with-Recommended", None, None, _SAME),
    _ecdsa("1.2.840.10045.4.3", _X962, "ecdsa-with-Specified", None, "SpecifiedSHA2withECDSA", _SAME, "specifiedECDSA"),
    _ecdsa("1.2.840.10045.4.3.1", _RFC_5758, "ecdsa-with-SHA224", "SHA-224", "SHA224withECDSA", _SAME),
    _ecdsa("1.2.840.10045.4.3.2", _RFC_5758, "ecdsa-with-SHA256", "SHA-256", "SHA256withECDSA", _SAME, "sha256ECDSA"),
    _ecdsa("1.2.840.10045.4.3.3", _RFC_5758, "ecdsa-with-SHA384", "SHA-384", "SHA384withECDSA", _SAME, "sha384ECDSA"),
    _ecdsa("1.2.840.10045.4.3.4", _RFC_5758, "ecdsa-with-SHA512", "SHA-512", "SHA512withECDSA", _SAME, "sha512ECDSA"),
    _ecdsa_sha3("2.16.840.1.101.3.4.3.9", 224),
    _ecdsa_sha3("2.16.840.1.101.3.4.3.10", 256),
    _ecdsa_sha3("2.16.840.1.101.3.4.3.11", 384),
    _ecdsa_sha3("2.16.840.1.101.3.4.3.12", 512),
    _ecdsa("1.3.6.1.5.5.7.6.32", _RFC_8692, "id-ecdsa-with-shake128", "SHAKE128"),
    _ecdsa("1.3.6.1.5.5.7.6.33", _RFC_8692, "id-ecdsa-with-shake256", "SHAKE256"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.1", _BSI, "ecdsa-plain-SHA1", "SHA-1"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.2", _BSI, "ecdsa-plain-SHA224", "SHA-224"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.3", _BSI, "ecdsa-plain-SHA256", "SHA-256"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.4", _BSI, "ecdsa-plain-SHA384", "SHA-384"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.5", _BSI, "ecdsa-plain-SHA512", "SHA-512"),
    _ecdsa("0.4.0.127.0.7.1.1.4.1.6", _BSI, "ecdsa-plain-RIPEMD160", "RIPEMD-160"),
)

# DSA
_DSA_ROWS = (
    _dsa("1.2.840.10040.4.3", _RFC_3279_DSA, "id-dsa-with-sha1", "SHA-1", "SHA1withDSA", "dsaWithSHA1", "sha1DSA"),
    _dsa("2.16.840.1.101.3.4.3.1", _RFC_5758_DSA, "id-dsa-with-sha224", "SHA-224", "SHA224withDSA", "dsa_with_SHA224"),
    _dsa("2.16.840.1.101.3.4.3.2", _RFC_5758_DSA, "id-dsa-with-sha256", "SHA-256", "SHA256withDSA", "dsa_with_SHA256"),
    _dsa("2.16.840.1.101.3.4.3.3", _NIST, "id-dsa-with-sha384", "SHA-384", "SHA384withDSA", "dsa_with_SHA384"),
    _dsa("2.16.840.1.101.3.4.3.4", _NIST, "id-dsa-with-sha512", "SHA-512", "SHA512withDSA", "dsa_with_SHA512"),
    _dsa_sha3("2.16.840.1.101.3.4.3.5", 224),
    _dsa_sha3("2.16.840.1.101.3.4.3.6", 256),
    _dsa_sha3("2.16.840.1.101.3.4.3.7", 384),
    _dsa_sha3("2.16.840.1.101.3.4.3.8", 512),
    _dsa("1.3.14.3.2.13", _OIW_DSA_SHA0, "dsaWithSHA", "SHA-0", "SHA1withDSA", _SAME, "sha1DSA"),
    _dsa("1.3.14.3.2.27", _OIW_DSA_SHA1, "dsaWithSHA1", "SHA-1", "SHA1withDSA", "dsaWithSHA1-old", "dsaSHA1"),
    _dsa("1.3.14.3.2.28", _OIW, "dsaWithSHA1-CommonParams", "SHA-1"),
)

# National algorithms. OpenSSL's names of the GOST ones are written out, for they have blanks.
_GOST_94_LONG = "GOST R 34.11-94 with GOST R 34.10-94"
_GOST_2001_LONG = "GOST R 34.11-94 with GOST R 34.10-2001"
_GOST_256_LONG = "GOST R 34.10-2012 with GOST R 34.11-2012 (256 bit)"
_GOST_512_LONG = "GOST R 34.10-2012 with GOST R 34.11-2012 (512 bit)"
_GOST_94_RFC = "id-GostR3411-94-with-GostR3410-94"
_GOST_2001_RFC = "id-GostR3411-94-with-GostR3410-2001"
_GOST_256_RFC = "id-tc26-signwithdigest-gost3410-12-256"
_GOST_512_RFC = "id-tc26-signwithdigest-gost3410-12-512"
_GOST_256_HASH = "GOST R 34.11-2012 (256 bit)"
_GOST_512_HASH = "GOST R 34.11-2012 (512 bit)"
_NATIONAL_ROWS = (
    _gost("1.2.643.2.2.3", _RFC_4491_2001, _GOST_2001_RFC, "GOST R 34.11-94", _GOST_2001_LONG, _GOST_2001_KEY),
    _gost("1.2.643.2.2.4", _RFC_4491_94, _GOST_94_RFC, "GOST R 34.11-94", _GOST_94_LONG, _GOST_94_KEY),
    _gost("1.2.643.7.1.1.3.2", _RFC_9215, _GOST_256_RFC, _GOST_256_HASH, _GOST_256_LONG, _GOST_2012_256_KEY),
    _gost("1.2.643.7.1.1.3.3", _RFC_9215, _GOST_512_RFC, _GOST_512_HASH, _GOST_512_LONG, _GOST_2012_512_KEY),
    _signature("1.2.156.10197.1.501", _GM, "SM2-with-SM3", "SM3", None, _SAME, None, family="SM2", keys=(_EC_KEY,)),
)

# Those that sign with a key of their own OID, and so are rows of KEYS too: OID, document, word, name, family, Java's
# name, OpenSSL's.
_OWN_ROWS = (
    _own("1.3.101.112", _RFC_8410, "id-Ed25519", "Ed25519", "EdDSA", "Ed25519", "ED25519"),
    _own("1.3.101.113", _RFC_8410, "id-Ed448", "Ed448", "EdDSA", "Ed448", "ED448"),
    _own("2.16.840.1.101.3.4.3.17", _RFC_9881, "id-ml-dsa-44", "ML-DSA-44", "ML-DSA", "ML-DSA-44"),
    _own("2.16.840.1.101.3.4.3.18", _RFC_9881, "id-ml-dsa-65", "ML-DSA-65", "ML-DSA", "ML-DSA-65"),
    _own("2.16.840.1.101.3.4.3.19", _RFC_9881, "id-ml-dsa-87", "ML-DSA-87", "ML-DSA", "ML-DSA-87"),
    _slh("2.16.840.1.101.3.4.3.20", "SLH-DSA-SHA2-128s"),
    _slh("2.16.840.1.101.3.4.3.21", "SLH-DSA-SHA2-128f"),
    _slh("2.16.840.1.101.3.4.3.22", "SLH-DSA-SHA2-192s"),
    _slh("2.16.840.1.101.3.4.3.23", "SLH-DSA-SHA2-192f"),
    _slh("2.16.840.1.101.3.4.3.24", "SLH-DSA-SHA2-256s"),
    _slh("2.16.840.1.101.3.4.3.25", "SLH-DSA-SHA2-256f"),
    _slh("2.16.840.1.101.3.4.3.26", "SLH-DSA-SHAKE-128s"),
    _slh("2.16.840.1.101.3.4.3.27", "SLH-DSA-SHAKE-128f"),
    _slh("2.16.840.1.101.3.4.3.28", "SLH-DSA-SHAKE-192s"),
    _slh("2.16.840.1.101.3.4.3.29", "SLH-DSA-SHAKE-192f"),
    _slh("2.16.840.1.101.3.4.3.30", "SLH-DSA-SHAKE-256s"),
    _slh("2.16.840.1.101.3.4.3.31", "SLH-DSA-SHAKE-256f"),
    _hash_slh("2.16.840.1.101.3.4.3.35", "HashSLH-DSA-SHA2-128s", "SHA-256"),
    _hash_slh("2.16.840.1.101.3.4.3.36", "HashSLH-DSA-SHA2-128f", "SHA-256"),
    _hash_slh("2.16.840.1.101.3.4.3.37", "HashSLH-DSA-SHA2-192s", "SHA-512"),
    _hash_slh("2.16.840.1.101.3.4.3.38", "HashSLH-DSA-SHA2-192f", "SHA-512"),
    _hash_slh("2.16.840.1.101.3.4.3.39", "HashSLH-DSA-SHA2-256s", "SHA-512"),
    _hash_slh("2.16.840.1.101.3.4.3.40", "HashSLH-DSA-SHA2-256f", "SHA-512"),
    _hash_slh("2.16.840.1.101.3.4.3.41", "HashSLH-DSA-SHAKE-128s", "SHAKE128"),
    _hash_slh("2.16.840.1.101.3.4.3.42", "HashSLH-DSA-SHAKE-128f", "SHAKE128"),
    _hash_slh("2.16.840.1.101.3.4.3.43", "HashSLH-DSA-SHAKE-192s", "SHAKE256"),
    _hash_slh("2.16.840.1.101.3.4.3.44", "HashSLH-DSA-SHAKE-192f", "SHAKE256"),
    _hash_slh("2.16.840.1.101.3.4.3.45", "HashSLH-DSA-SHAKE-256s", "SHAKE256"),
    _hash_slh("2.16.840.1.101.3.4.3.46", "HashSLH-DSA-SHAKE-256f", "SHAKE256"),
    _own("1.2.840.113549.1.9.16.3.17", _RFC_9802, "id-alg-hss-lms-hashsig", "HSS/LMS", "HSS/LMS", "HSS/LMS"),
    _own("1.3.6.1.5.5.7.6.34", _RFC_9802, "id-alg-xmss-hashsig", "XMSS", "XMSS"),
    _own("1.3.6.1.5.5.7.6.35", _RFC_9802, "id-alg-xmssmt-hashsig", "XMSS^MT", "XMSS"),
)

_HASH_ML_ROWS = (
    _hash_ml("2.16.840.1.101.3.4.3.32", "id-hash-ml-dsa-44-with-sha512", "HashML-DSA-44-with-SHA512"),
    _hash_ml("2.16.840.1.101.3.4.3.33", "id-hash-ml-dsa-65-with-sha512", "HashML-DSA-65-with-SHA512"),
    _hash_ml("2.16.840.1.101.3.4.3.34", "id-hash-ml-dsa-87-with-sha512", "HashML-DSA-87-with-SHA512"),
)

# OIDs of keys and of encryption. Java's NONEwithRSA has no OID, so none of these is it.
_NO_SIGNATURES = (
    _none(_RSA_KEY, _Document("RFC 3279, section 2.3.1", "null"), "rsaEncryption", "RSA", _SAME),
    _none(_OAEP_KEY, _Document("RFC 4055, section 4", "any"), "id-RSAES-OAEP", None, "rsaesOaep"),
    _none("1.3.14.3.2.11", _OIW.noting("names no hash"), "rsaSignature", None, _SAME),
    _none(_OIW_DSA_KEY, _OIW.noting("alias of 1.2.840.10040.4.1"), "dsa", "DSA", "dsaEncryption-old"),
)

SIGNATURES: Mapping[str, SignatureAlgorithm] = _by_oid(
    (
        *_RSA_ROWS,
        *_PSS_ROWS,
        *_ECDSA_ROWS,
        *_DSA_ROWS,
        *_NATIONAL_ROWS,
        *_OWN_ROWS,
        *_HASH_ML_ROWS,
        *_NO_SIGNATURES,
    )
)
"""By dotted OID."""

# -- Hashes ------------------------------------------------------------------------------------------------------------

_MD2_BROKEN = "retired: RFC 6149 moves it to Historic status and cites attacks on its collision resistance"
_MD4_BROKEN = "retired: RFC 6150 moves it to Historic status and cites attacks on its collision resistance"
_MD5_BROKEN = (
    "no longer acceptable where collision resistance is required, such as digital signatures (RFC 6151, section 2)"
)
_SHA0_BROKEN = (
    "broken: full collisions are known (Biham and others, Collisions of SHA-0 and Reduced SHA-1, EUROCRYPT 2005)"
)
_SHA1_BROKEN = (
    "broken: a full collision is known (Stevens and others, The first collision for full SHA-1, 2017); NIST SP 800-131A"
    " Rev. 2 disallows it for generating signatures, and RFC 9155 deprecates it for signatures in TLS 1.2"
)


def _hash(oid: str, name: str, java: str | None, bits: int, broken: str | None = None) -> Hash:
    return Hash(oid=oid, name=name, java=java, bits=bits, broken=broken)


HASHES: Mapping[str, Hash] = _by_oid(
    (
        _hash("1.2.840.113549.2.2", "MD2", "MD2", 128, _MD2_BROKEN),
        _hash("1.2.840.113549.2.4", "MD4", None, 128, _MD4_BROKEN),
        _hash("1.2.840.113549.2.5", "MD5", "MD5", 128, _MD5_BROKEN),
        _hash("1.3.14.3.2.19", "MDC-2", None, 128),
        _hash("1.3.14.3.2.18", "SHA-0", None, 160, _SHA0_BROKEN),
        _hash("1.3.14.3.2.26", "SHA-1", "SHA-1", 160, _SHA1_BROKEN),
        _hash("2.16.840.1.101.3.4.2.4", "SHA-224", "SHA-224", 224),
        _hash("2.16.840.1.101.3.4.2.1", "SHA-256", "SHA-256", 256),
        _hash("2.16.840.1.101.3.4.2.2", "SHA-384", "SHA-384", 384),
        _hash("2.16.840.1.101.3.4.2.3", "SHA-512", "SHA-512", 512),
        _hash("2.16.840.1.101.3.4.2.5", "SHA-512/224", "SHA-512/224", 224),
        _hash("2.16.840.1.101.3.4.2.6", "SHA-512/256", "SHA-512/256", 256),
        _hash("2.16.840.1.101.3.4.2.7", "SHA3-224", "SHA3-224", 224),
        _hash("2.16.840.1.101.3.4.2.8", "SHA3-256", "SHA3-256", 256),
        _hash("2.16.840.1.101.3.4.2.9", "SHA3-384", "SHA3-384", 384),
        _hash("2.16.840.1.101.3.4.2.10", "SHA3-512", "SHA3-512", 512),
        # An output of any length; these are the lengths of RFC 8692.
        _hash("2.16.840.1.101.3.4.2.11", "SHAKE128", None, 256),
        _hash("2.16.840.1.101.3.4.2.12", "SHAKE256", None, 512),
        _hash("1.3.36.3.2.1", "RIPEMD-160", None, 160),
        _hash("1.3.36.3.2.2", "RIPEMD-128", None, 128),
        _hash("1.3.36.3.2.3", "RIPEMD-256", None, 256),
        _hash("1.2.643.2.2.9", "GOST R 34.11-94", None, 256),
        _hash("1.2.643.7.1.1.2.2", "GOST R 34.11-2012 (256 bit)", None, 256),
        _hash("1.2.643.7.1.1.2.3", "GOST R 34.11-2012 (512 bit)", None, 512),
        _hash("1.2.156.10197.1.401", "SM3", None, 256),
    )
)
"""By dotted OID."""

HASHES_BY_NAME: Mapping[str, Hash] = MappingProxyType({row.name: row for row in HASHES.values()})

# -- Public keys -------------------------------------------------------------------------------------------------------


def _key(oid: str, name: str, rfc: str, reference: str) -> KeyAlgorithm:
    return KeyAlgorithm(oid=oid, name=name, rfc=rfc, reference=reference)


KEYS: Mapping[str, KeyAlgorithm] = _by_oid(
    (
        # RSA
        _key(_RSA_KEY, "RSA", "rsaEncryption", "RFC 3279, section 2.3.1"),
        _key("2.5.8.1.1", "RSA", "rsa", "ITU-T X.509; alias of 1.2.840.113549.1.1.1"),
        _key(_PSS_KEY, "RSASSA-PSS", "id-RSASSA-PSS", "RFC 4055, section 3"),
        _key(_OAEP_KEY, "RSAES-OAEP", "id-RSAES-OAEP", "RFC 4055, section 4"),
        _key("1.3.6.1.5.5.7.6.30", "RSASSA-PSS-SHAKE128", "id-RSASSA-PSS-SHAKE128", _RFC_8692.reference),
        _key("1.3.6.1.5.5.7.6.31", "RSASSA-PSS-SHAKE256", "id-RSASSA-PSS-SHAKE256", _RFC_8692.reference),
        # Elliptic curves
        _key(_EC_KEY, "EC", "id-ecPublicKey", "RFC 5480, section 2.1.1"),
        _key("1.3.132.1.12", "ECDH", "id-ecDH", "RFC 5480, section 2.1.2"),
        _key("1.3.132.1.13", "ECMQV", "id-ecMQV", "RFC 5480, section 2.1.2"),
        _key("1.3.101.110", "X25519", "id-X25519", _RFC_8410.reference),
        _key("1.3.101.111", "X448", "id-X448", _RFC_8410.reference),
        # Discrete logarithms
        _key(_DSA_KEY, "DSA", "id-dsa", "RFC 3279, section 2.3.2"),
        _key(_OIW_DSA_KEY, "DSA", "dsa", _OIW.noting("alias of 1.2.840.10040.4.1").reference),
        _key("1.2.840.10046.2.1", "DH", "dhpublicnumber", "RFC 3279, section 2.3.3; ANSI X9.42"),
        _key("1.2.840.113549.1.3.1", "DH", "dhKeyAgreement", "PKCS #3"),
        _key("2.16.840.1.101.2.1.1.22", "KEA", "id-keyExchangeAlgorithm", "RFC 3279, section 2.3.4"),
        # GOST
        _key(_GOST_94_KEY, "GOST R 34.10-94", "id-GostR3410-94", "RFC 4491, section 2.3.1"),
        _key(_GOST_2001_KEY, "GOST R 34.10-2001", "id-GostR3410-2001", "RFC 4491, section 2.3.2"),
        _key(_GOST_2012_256_KEY, "GOST R 34.10-2012 (256 bit)", "id-tc26-gost3410-12-256", "RFC 9215"),
        _key(_GOST_2012_512_KEY, "GOST R 34.10-2012 (512 bit)", "id-tc26-gost3410-12-512", "RFC 9215"),
        # Key encapsulation
        _key("2.16.840.1.101.3.4.4.1", "ML-KEM-512", "id-alg-ml-kem-512", f"FIPS 203; {_NIST.reference}"),
        _key("2.16.840.1.101.3.4.4.2", "ML-KEM-768", "id-alg-ml-kem-768", f"FIPS 203; {_NIST.reference}"),
        _key("2.16.840.1.101.3.4.4.3", "ML-KEM-1024", "id-alg-ml-kem-1024", f"FIPS 203; {_NIST.reference}"),
        # Ed25519 and the others whose signatures have the same OID
        *(_key(row.oid, row.name, row.rfc, row.reference) for row in _OWN_ROWS),
    )
)
"""By dotted OID."""

# -- Curves ------------------------------------------------------------------------------------------------------------

CURVES: Mapping[str, str] = MappingProxyType(
    {
        # RFC 5480, section 2.1.1.1
        "1.2.840.10045.3.1.1": "secp192r1",
        "1.3.132.0.1": "sect163k1",
        "1.3.132.0.15": "sect163r2",
        "1.3.132.0.33": "secp224r1",
        "1.3.132.0.26": "sect233k1",
        "1.3.132.0.27": "sect233r1",
        "1.2.840.10045.3.1.7": "secp256r1",
        "1.3.132.0.16": "sect283k1",
        "1.3.132.0.17": "sect283r1",
        "1.3.132.0.34": "secp384r1",
        "1.3.132.0.36": "sect409k1",
        "1.3.132.0.37": "sect409r1",
        "1.3.132.0.35": "secp521r1",
        "1.3.132.0.38": "sect571k1",
        "1.3.132.0.39": "sect571r1",
        # SEC 2
        "1.3.132.0.2": "sect163r1",
        "1.3.132.0.3": "sect239k1",
        "1.3.132.0.4": "sect113r1",
        "1.3.132.0.5": "sect113r2",
        "1.3.132.0.6": "secp112r1",
        "1.3.132.0.7": "secp112r2",
        "1.3.132.0.8": "secp160r1",
        "1.3.132.0.9": "secp160k1",
        "1.3.132.0.10": "secp256k1",
        "1.3.132.0.22": "sect131r1",
        "1.3.132.0.23": "sect131r2",
        "1.3.132.0.24": "sect193r1",
        "1.3.132.0.25": "sect193r2",
        "1.3.132.0.28": "secp128r1",
        "1.3.132.0.29": "secp128r2",
        "1.3.132.0.30": "secp160r2",
        "1.3.132.0.31": "secp192k1",
        "1.3.132.0.32": "secp224k1",
        # ANSI X9.62, as in RFC 3279, section 2.3.5
        "1.2.840.10045.3.1.2": "prime192v2",
        "1.2.840.10045.3.1.3": "prime192v3",
        "1.2.840.10045.3.1.4": "prime239v1",
        "1.2.840.10045.3.1.5": "prime239v2",
        "1.2.840.10045.3.1.6": "prime239v3",
        "1.2.840.10045.3.0.1": "c2pnb163v1",
        "1.2.840.10045.3.0.2": "c2pnb163v2",
        "1.2.840.10045.3.0.3": "c2pnb163v3",
        "1.2.840.10045.3.0.4": "c2pnb176w1",
        "1.2.840.10045.3.0.5": "c2tnb191v1",
        "1.2.840.10045.3.0.6": "c2tnb191v2",
        "1.2.840.10045.3.0.7": "c2tnb191v3",
        "1.2.840.10045.3.0.8": "c2onb191v4",
        "1.2.840.10045.3.0.9": "c2onb191v5",
        "1.2.840.10045.3.0.10": "c2pnb208w1",
        "1.2.840.10045.3.0.11": "c2tnb239v1",
        "1.2.840.10045.3.0.12": "c2tnb239v2",
        "1.2.840.10045.3.0.13": "c2tnb239v3",
        "1.2.840.10045.3.0.14": "c2onb239v4",
        "1.2.840.10045.3.0.15": "c2onb239v5",
        "1.2.840.10045.3.0.16": "c2pnb272w1",
        "1.2.840.10045.3.0.17": "c2pnb304w1",
        "1.2.840.10045.3.0.18": "c2tnb359v1",
        "1.2.840.10045.3.0.19": "c2pnb368w1",
        "1.2.840.10045.3.0.20": "c2tnb431r1",
        # RFC 5639, section 4.1
        "1.3.36.3.3.2.8.1.1.1": "brainpoolP160r1",
        "1.3.36.3.3.2.8.1.1.2": "brainpoolP160t1",
        "1.3.36.3.3.2.8.1.1.3": "brainpoolP192r1",
        "1.3.36.3.3.2.8.1.1.4": "brainpoolP192t1",
        "1.3.36.3.3.2.8.1.1.5": "brainpoolP224r1",
        "1.3.36.3.3.2.8.1.1.6": "brainpoolP224t1",
        "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
        "1.3.36.3.3.2.8.1.1.8": "brainpoolP256t1",
        "1.3.36.3.3.2.8.1.1.9": "brainpoolP320r1",
        "1.3.36.3.3.2.8.1.1.10": "brainpoolP320t1",
        "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
        "1.3.36.3.3.2.8.1.1.12": "brainpoolP384t1",
        "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
        "1.3.36.3.3.2.8.1.1.14": "brainpoolP512t1",
        # RFC 8998
        "1.2.156.10197.1.301": "curveSM2",
        # ANSSI
        "1.2.250.1.223.101.256.1": "FRP256v1",
        # RFC 4357, section 11.4
        "1.2.643.2.2.35.0": "id-GostR3410-2001-TestParamSet",
        "1.2.643.2.2.35.1": "id-GostR3410-2001-CryptoPro-A-ParamSet",
        "1.2.643.2.2.35.2": "id-GostR3410-2001-CryptoPro-B-ParamSet",
        "1.2.643.2.2.35.3": "id-GostR3410-2001-CryptoPro-C-ParamSet",
        "1.2.643.2.2.36.0": "id-GostR3410-2001-CryptoPro-XchA-ParamSet",
        "1.2.643.2.2.36.1": "id-GostR3410-2001-CryptoPro-XchB-ParamSet",
        # RFC 9215
        "1.2.643.7.1.2.1.1.1": "id-tc26-gost-3410-2012-256-paramSetA",
        "1.2.643.7.1.2.1.1.2": "id-tc26-gost-3410-2012-256-paramSetB",
        "1.2.643.7.1.2.1.1.3": "id-tc26-gost-3410-2012-256-paramSetC",
        "1.2.643.7.1.2.1.1.4": "id-tc26-gost-3410-2012-256-paramSetD",
        "1.2.643.7.1.2.1.2.1": "id-tc26-gost-3410-2012-512-paramSetA",
        "1.2.643.7.1.2.1.2.2": "id-tc26-gost-3410-2012-512-paramSetB",
        "1.2.643.7.1.2.1.2.3": "id-tc26-gost-3410-2012-512-paramSetC",
    }
)
"""Names of curves by dotted OID, in the spelling of the document that each comment names."""


def signature_name(oid: str) -> str:
    """What to call a signature algorithm: its name, or the dotted OID of one that is not known."""
    row = SIGNATURES.get(oid)
    return row.name if row else oid


def hash_name(oid: str) -> str:
    """What to call a hash function: its name, or the dotted OID of one that is not known."""
    row = HASHES.get(oid)
    return row.name if row else oid


def key_name(oid: str) -> str:
    """What to call a public key's algorithm: its name, or the dotted OID of one that is not known."""
    row = KEYS.get(oid)
    return row.name if row else oid
