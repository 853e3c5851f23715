"""Certificates in the plain form that nearly all have, which every release reads alike.

What is not of this form is read as the release in question reads it, which takes several times as long.
"""

from operator import attrgetter
from typing import TYPE_CHECKING

from ...certificate import VERSION_3, Certificate
from ...pkix import PublicKey
from ...pkix.names import is_plain
from ...tlv import BIT_STRING, SEQUENCE, Tlv, are_shortest, children, is_shortest, read
from .algorithms import read_plain_algorithm
from .certificate import PLAIN_VALIDITY, is_sound
from .keys import read_key
from .names import is_plain_name
from .refusal import UnreadableError

if TYPE_CHECKING:
    from . import CertificateFactory


def reads(java: "CertificateFactory", certificate: Certificate) -> bool:
    """Whether a certificate is plain DER throughout and holds nothing that this Java stumbles over or passes over.

    False says nothing yet.
    """
    try:
        return _reads(java, certificate)
    except (UnreadableError, ValueError, IndexError):
        return False


def _reads(java: "CertificateFactory", certificate: Certificate) -> bool:
    found = certificate.in_der
    if found is None:
        return False
    (_, outer, value), (version, serial, inner, issuer, validity, subject, key, extensions) = found
    der = certificate.der
    algorithm = _octets(der, outer)
    return (
        _octets(der, version) == VERSION_3
        and serial.content < serial.stop
        and algorithm == _octets(der, inner)
        and read_plain_algorithm(java, algorithm) is not None
        and value.content < value.stop
        and der[value.content] == 0
        and PLAIN_VALIDITY.fullmatch(der, validity.content, validity.stop) is not None
        and _reads_name(java, _octets(der, issuer))
        and _reads_name(java, _octets(der, subject))
        and (_is_usual(certificate.public_key) or _reads_key(java, _octets(der, key)))
        and _reads_extensions(java, certificate, extensions)
    )


def _octets(der: bytes, element: Tlv) -> bytes:
    return der[element.start : element.stop]


def _reads_name(java: "CertificateFactory", raw: bytes) -> bool:
    return is_plain(raw) or is_plain_name(raw, java)


def _is_usual(key: PublicKey | None) -> bool:
    """Whether it is an RSA key in DER of a size that every release takes (`keys._rsa_key`), or a point on a curve that all know."""
    if key is None or not key.in_der or key.bits is None:
        return False
    if key.exponent_bits is None:
        return key.curve is not None
    return 512 <= key.bits <= 16_384 and 3 <= key.exponent_bits <= 64


def _reads_key(java: "CertificateFactory", raw: bytes) -> bool:
    algorithm, bits = children(raw, read(raw, 0, len(raw)))
    if algorithm.tag != SEQUENCE or bits.tag != BIT_STRING or not are_shortest((algorithm, bits)):
        return False
    plain = read_plain_algorithm(java, raw[algorithm.start : algorithm.stop])
    if plain is None or bits.content == bits.stop or raw[bits.content] != 0:
        return False
    octets = raw[bits.content + 1 : bits.stop]
    read_key(java, plain, octets, 8 * len(octets))
    return True


def _reads_extensions(java: "CertificateFactory", certificate: Certificate, field: Tlv) -> bool:
    """Whether the extensions, each once and nothing else, are plain and can be read."""
    sequence = read(certificate.der, field.content, field.stop)
    extensions = certificate.extensions
    if sequence.tag != SEQUENCE or not is_shortest(sequence):
        return False
    for extension in extensions:
        if not is_sound(java, extension):
            return False
    whole = sum(map(_SIZE, extensions)) == field.stop - sequence.content
    return whole and len(set(map(_OID, extensions))) == len(extensions)


_SIZE, _OID = attrgetter("size"), attrgetter("oid")
