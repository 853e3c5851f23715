"""Whether one certificate's signature verifies with another's key, and a request's with its own.

The only module that touches pyhanko_certvalidator and cryptography, and the only one in which cryptography runs. RSA is
verified here from the numbers of the key, because what is asked is what Java answers: it takes a DigestInfo without NULL
(RFC 8017, section 9.2, note 1: "... should accept ... with or without the NULL"), any mask generation hash, and does not look at
the parameters beside a PKCS #1 v1.5 OID. All other kinds go through certvalidator's own check, keys and signatures brought
into the form that OpenSSL takes where Java takes another too. Which release reads a certificate at all is the parser's matter.
"""

from enum import StrEnum
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from .algorithms import HASHES_BY_NAME, SIGNATURES
from .certificate import Certificate
from .pkix import (
    MGF1,
    PSS,
    AlgorithmIdentifier,
    PublicKey,
    Signed,
    key_members,
    read_algorithm,
    read_public_key,
    rsa_in_der,
    rsa_numbers,
)
from .recurring import LONGEST, recurring
from .request import Request, promise
from .tlv import BIT_STRING, INTEGER, SEQUENCE, Tlv, TlvError, children, encode, encode_oid, read

RSA = "1.2.840.113549.1.1.1"
_EC = "1.2.840.10045.2.1"
_USUAL = MappingProxyType({"2.5.8.1.1": RSA, "1.3.14.3.2.12": "1.2.840.10040.4.1"})
"""Other OIDs of the same keys, as Java's AlgorithmId and KnownOIDs have them."""


class LinkState(StrEnum):
    """What is known of the signature that joins two certificates."""

    VERIFIED = "verified"
    FAILED = "failed"
    UNCHECKED = "unchecked"


WRONG_KIND_OF_KEY = "a key of that kind makes no such signature"
_FAILED = (LinkState.FAILED, "the signature does not verify")


def verify(child: Certificate, issuer: Certificate) -> tuple[LinkState, str]:
    """Whether the child's signature verifies with the issuer's key, and if that cannot be told, why not.

    A certificate that is still to be issued takes the signature of its issuer's key for granted, and has signed nothing itself.
    """
    if issuer.awaited:
        return LinkState.FAILED, WRONG_KIND_OF_KEY
    if child.awaited:
        return (LinkState.VERIFIED, "") if child.signature_value == promise(issuer.public_key) else _FAILED
    return _verify(child, issuer.public_key)


def possession(request: Request) -> tuple[LinkState, str]:
    """Whether a request is signed with the key that is in it (RFC 2986, section 3), and if that cannot be told, why not."""
    return _verify(request, request.public_key)


def _verify(signed: Signed, key: PublicKey | None) -> tuple[LinkState, str]:
    algorithm, value = signed.signature_algorithm, signed.signature_value
    if algorithm is None or value is None or key is None:
        return LinkState.UNCHECKED, "the signature, its algorithm or the key cannot be read"
    octets = signed.tbs_bytes
    short = len(octets) + len(value) + len(algorithm.raw) + len(key.raw) <= 2 * LONGEST
    return (_kept if short else _checked)(octets, value, algorithm.raw, key.raw)


def _checked(octets: bytes, value: bytes, algorithm_raw: bytes, key_raw: bytes) -> tuple[LinkState, str]:
    algorithm, key = read_algorithm(algorithm_raw, read(algorithm_raw, 0, len(algorithm_raw))), read_public_key(key_raw)
    if not fits(algorithm, key):
        return LinkState.FAILED, WRONG_KIND_OF_KEY
    row = SIGNATURES.get(algorithm.oid)
    try:
        if row and row.family in ("RSA", "RSASSA-PSS") and _usual(key) in (RSA, PSS):
            return _verify_rsa(algorithm, row.family, value, octets, key)
        return _verify_other(algorithm, value, octets, key)
    except Exception as error:  # noqa: BLE001 - whatever a library cannot do with hostile bytes is "not checked"
        return LinkState.UNCHECKED, str(error) if isinstance(error, _CannotError) else type(error).__name__


_kept = lru_cache(maxsize=1024)(_checked)
"""The CAs of an inventory stand in chain after chain. What was signed is found by its octets: they are quickly compared."""


def fits(algorithm: AlgorithmIdentifier, key: PublicKey) -> bool:
    """Whether a key of that kind can make such a signature.

    A key of the type id-RSASSA-PSS is an RSA key; that RFC 4055, section 1.2, keeps it from PKCS #1 v1.5 is a rule's matter.
    """
    row = SIGNATURES.get(algorithm.oid)
    oid = _usual(key)
    return not row or not row.keys or oid in row.keys or (oid == PSS and RSA in row.keys)


def _usual(key: PublicKey) -> str:
    return _USUAL.get(key.oid, key.oid)


class _CannotError(Exception):
    """Something that is not known here stands in the way."""


# -- RSA -------------------------------------------------------------------------------------------------------------


def _verify_rsa(
    algorithm: AlgorithmIdentifier, family: str, value: bytes, signed: bytes, key: PublicKey
) -> tuple[LinkState, str]:
    padding, pkcs1, InvalidSignature = _primitives()  # noqa: N806 - a class
    public = _rsa_key(key.raw)
    # Java resolves shaWithRSASignature, 1.3.14.3.2.15, by its name as SHA1withRSA, where it resolves it at all.
    name = "SHA-1" if algorithm.hash == "SHA-0" else algorithm.hash or "none"
    digest = _digest(name)
    try:
        if family == "RSA":
            try:
                public.verify(value, signed, pkcs1, digest)
            except InvalidSignature:
                recovered = public.recover_data_from_signature(value, pkcs1, None)
                return _without_null(recovered, digest, name, signed)
        else:
            pss = algorithm.parameters
            if pss is None or pss.mgf_oid != MGF1 or pss.mgf_hash_oid is None or pss.trailer_field != 1:
                raise _CannotError("the parameters of RSASSA-PSS are not those of RFC 4055")
            mask = padding.MGF1(_digest(pss.mgf.removeprefix("MGF1 with ")))
            public.verify(value, signed, padding.PSS(mask, pss.salt_length), digest)
    except InvalidSignature:
        return _FAILED
    return LinkState.VERIFIED, ""


def _without_null(recovered: bytes, digest: Any, name: str, signed: bytes) -> tuple[LinkState, str]:
    """Whether what was signed is the right digest in a DigestInfo whose algorithm has no parameters."""
    from cryptography.hazmat.primitives import hashes

    whole = hashes.Hash(digest)
    whole.update(signed)
    expected = _der(0x30, _der(0x30, encode_oid(HASHES_BY_NAME[name].oid)) + _der(0x04, whole.finalize()))
    return (LinkState.VERIFIED, "") if recovered == expected else _FAILED


def _der(tag: int, content: bytes) -> bytes:
    """An element of fewer than 128 octets."""
    return bytes([tag, len(content)]) + content


@recurring(256)
def _rsa_key(raw: bytes) -> Any:
    """The key as cryptography has it. A CA's verifies many certificates, and is made ready at the first of them."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    octets = key_members(raw)[1]
    modulus, exponent = rsa_in_der(octets) or rsa_numbers(octets)
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


@cache
def _digest(name: str) -> Any:
    if name not in _DIGESTS:
        raise _CannotError(f"the hash {name} is not known to the libraries in use")
    from cryptography.hazmat.primitives import hashes

    return getattr(hashes, _DIGESTS[name])()


@cache
def _primitives() -> tuple[Any, Any, type[Exception]]:
    """cryptography's paddings, the one of PKCS #1 v1.5 made, and its exception, imported when the first signature is looked at."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding

    return padding, padding.PKCS1v15(), InvalidSignature


_DIGESTS = MappingProxyType(
    {
        "MD5": "MD5",
        "SHA-1": "SHA1",
        "SHA-224": "SHA224",
        "SHA-256": "SHA256",
        "SHA-384": "SHA384",
        "SHA-512": "SHA512",
        "SHA-512/224": "SHA512_224",
        "SHA-512/256": "SHA512_256",
        "SHA3-224": "SHA3_224",
        "SHA3-256": "SHA3_256",
        "SHA3-384": "SHA3_384",
        "SHA3-512": "SHA3_512",
    }
)


# -- The other kinds -------------------------------------------------------------------------------------------------


def _verify_other(algorithm: AlgorithmIdentifier, value: bytes, signed: bytes, key: PublicKey) -> tuple[LinkState, str]:
    from asn1crypto import keys

    validator, invalid, unsupported = _validator()
    row = SIGNATURES.get(algorithm.oid)
    if row and row.family in ("ECDSA", "DSA"):
        value = _positive(value)
    info = keys.PublicKeyInfo.load(_plain_key(key.raw, _usual(key)))
    try:
        validator.validate_signature(value, signed, info, _signed_digest(algorithm))
    except unsupported as error:
        return LinkState.UNCHECKED, type(error).__name__
    except invalid:
        return _FAILED
    return LinkState.VERIFIED, ""


def _positive(value: bytes) -> bytes:
    """The two numbers of an ECDSA or DSA signature, with the zero that one which begins with a 1 needs before it.

    Java's ECUtil and DSA take such a number as meant ("some implementations do not correctly encode values in the ASN.1
    2's complement format"): read in 25.0.3, ECDSA observed on 17.0.15 and 25.0.3. OpenSSL takes it for negative. All else is left
    as it is.
    """
    try:
        outer = read(value, 0, len(value))
        numbers = list(children(value, outer))
    except TlvError:
        return value
    parts = [value[number.content : number.content_stop] for number in numbers]
    if outer.tag != SEQUENCE or outer.stop != len(value) or [number.tag for number in numbers] != [INTEGER, INTEGER]:
        return value
    if not any(part and part[0] & 0x80 for part in parts):
        return value
    return encode(SEQUENCE, *[encode(INTEGER, b"\0" + part if part[:1] >= b"\x80" else part) for part in parts])


@recurring(256)
def _plain_key(raw: bytes, usual: str) -> bytes:
    """A subjectPublicKeyInfo in DER, under its kind's usual OID, as OpenSSL wants it.

    Java 17 and later read any lengths in it, and an octet more behind a point (ECUtil.decodePoint), as observed on 17.0.15.
    """
    if len(raw) > LONGEST:  # none of those kinds of keys is as long
        return raw
    parameters, octets, _ = key_members(raw)
    if usual == _EC and octets[:1] == b"\4" and len(octets) % 2 == 0:
        octets = octets[:-1]
    kind = encode_oid(usual) + (_shortest(raw, parameters) if parameters else b"")
    return encode(SEQUENCE, encode(SEQUENCE, kind), encode(BIT_STRING, b"\0", octets))


def _shortest(data: bytes, element: Tlv) -> bytes:
    """The same element, each length in its shortest form."""
    if element.tag & 0x20:
        return encode(element.tag, *[_shortest(data, member) for member in children(data, element)])
    return encode(element.tag, data[element.content : element.content_stop])


def _signed_digest(algorithm: AlgorithmIdentifier) -> Any:
    """The algorithm as certvalidator wants it: by its usual OID, without the parameters that it should not have."""
    from asn1crypto import algos

    row = SIGNATURES.get(algorithm.oid)
    if row and row.family in ("ECDSA", "DSA") and algorithm.hash:
        usual = f"{algorithm.hash.lower().replace('-', '')}_{row.family.lower()}"
        return algos.SignedDigestAlgorithm({"algorithm": usual})
    return algos.SignedDigestAlgorithm.load(algorithm.raw)


@lru_cache(maxsize=1)
def _validator() -> tuple[Any, type[Exception], tuple[type[Exception], ...]]:
    """certvalidator's signature check, imported when the first signature is looked at, and what it raises."""
    from cryptography.exceptions import InvalidSignature
    from pyhanko_certvalidator.errors import AlgorithmNotSupported, DSAParametersUnavailable, PSSParameterMismatch
    from pyhanko_certvalidator.sig_validate import DEFAULT_SIGNATURE_VALIDATOR

    # These three are InvalidSignature by inheritance, and say only that nothing was tried.
    untried = (AlgorithmNotSupported, DSAParametersUnavailable, PSSParameterMismatch)
    return DEFAULT_SIGNATURE_VALIDATOR, InvalidSignature, untried
