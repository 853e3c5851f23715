"""Public keys: sun.security.x509.X509Key, and the KeyFactory that a release has for them."""

from typing import TYPE_CHECKING

from ...pkix import rsa_in_der
from ...recurring import recurring
from ...tlv import INTEGER, SEQUENCE
from .algorithms import DH_KEYS, DSA_KEYS, EC_KEY, RSASSA_PSS, Algorithm, read_algorithm, read_curve
from .refusal import fail
from .stream import Value, stream_of, whole_value

if TYPE_CHECKING:
    from . import CertificateFactory

_RSA_KEYS = frozenset({"1.2.840.113549.1.1.1", "1.2.840.113549.1.1", "2.5.8.1.1"})
_XDH = {"1.3.101.110": 32, "1.3.101.111": 56}
_EDDSA = {"1.3.101.112": 32, "1.3.101.113": 57}
_ML = frozenset(
    {f"2.16.840.1.101.3.4.3.{arc}" for arc in (17, 18, 19)} | {f"2.16.840.1.101.3.4.4.{arc}" for arc in (1, 2, 3)}
)


def read_public_key(java: "CertificateFactory", value: Value) -> None:
    """X509Key.parse: an algorithm without a KeyFactory leaves the key as it is."""
    if value.tag != SEQUENCE:
        fail("the public key is no SEQUENCE", "corrupt subject key")
    algorithm = read_algorithm(java, value.stream.value())
    octets, count = value.stream.bits()
    read_key(java, algorithm, octets, count)
    if value.stream.available != 0:
        fail("something follows the public key inside its SEQUENCE", "excess subject key")


def read_key(java: "CertificateFactory", algorithm: Algorithm, octets: bytes, count: int) -> None:
    """The KeyFactory's part: a key's octets, of which so many bits count."""
    name = algorithm.oid
    if name in _RSA_KEYS or (name == RSASSA_PSS and RSASSA_PSS in java.named_parameters):
        _rsa_key(octets, java)
    elif name in DSA_KEYS:
        stream_of(java, octets).integer()
    elif name == EC_KEY and java.ec_keys:
        _ec_key(java, algorithm, octets)
    elif name in DH_KEYS and name in java.named_parameters:
        if algorithm.parameters is None:
            fail("the Diffie-Hellman key has no parameters", "Parameters missing")
        stream_of(java, octets).integer()
    elif (name in _XDH and java.xdh_keys) or (name in _EDDSA and java.eddsa_keys):
        size = _XDH.get(name) or _EDDSA[name]
        if count != 8 * size:
            fail(f"the public key must have {size} octets and has {count / 8:g}", f"key length must be {size}")
    elif name in _ML and java.ml_keys and algorithm.parameters is not None:
        fail("the public key has parameters where its algorithm has none", "algorithm identifier has params")


@recurring(1024)
def _rsa_key(octets: bytes, java: "CertificateFactory") -> None:
    """RSAPublicKeyImpl and RSAKeyFactory.checkRSAProviderKeyLengths."""
    modulus, exponent = rsa_in_der(octets) or _rsa_numbers(octets, java)
    bits = modulus.bit_length() + 7 & ~7
    if bits < 512:
        fail(f"the RSA modulus has {modulus.bit_length()} bits", "RSA keys must be at least 512 bits long")
    if bits > 16_384:
        fail(f"the RSA modulus has {modulus.bit_length()} bits", "RSA keys must be no longer than 16384 bits")
    if bits > 3072 and exponent.bit_length() > 64:
        fail(
            f"the RSA exponent has {exponent.bit_length()} bits",
            "RSA exponents can be no longer than 64 bits  if modulus is greater than 3072 bits",
        )
    if exponent >= modulus:
        fail("the RSA exponent is not smaller than the modulus", "exponent is larger than modulus")
    if exponent < 3:
        fail(f"the RSA exponent is {exponent}", "exponent is smaller than 3")


def _rsa_numbers(octets: bytes, java: "CertificateFactory") -> tuple[int, int]:
    key = whole_value(java, octets) if java.whole_arrays else stream_of(java, octets).value()
    if key.tag != SEQUENCE:
        fail("the RSA key is no SEQUENCE", "Invalid RSA public key: Not a SEQUENCE")
    numbers = []
    for _ in range(2):
        member = key.stream.expect(INTEGER, "INTEGER")
        member.integer()
        # getPositiveBigInteger: a leading one is part of the number, not its sign.
        numbers.append(int.from_bytes(member.content, "big"))
    if key.stream.available:
        fail("the RSA key holds more than two numbers", "Extra data available")
    return numbers[0], numbers[1]


def _ec_key(java: "CertificateFactory", algorithm: Algorithm, octets: bytes) -> None:
    if algorithm.parameters is None:
        fail(
            "the elliptic-curve key does not name its curve",
            "EC domain parameters must be encoded in the algorithm identifier",
        )
    bits = read_curve(java, algorithm.parameters)
    if octets[:1] != b"\4":
        fail("the point of the elliptic-curve key is compressed", "Only uncompressed point format supported")
    if (len(octets) - 1) // 2 != (bits + 7) // 8:
        fail("the point of the elliptic-curve key has the wrong size for its curve", "Point does not match field size")
