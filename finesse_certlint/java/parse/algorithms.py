"""Algorithm identifiers and their parameters: sun.security.x509.AlgorithmId and the classes of AlgorithmParameters."""

from collections.abc import Iterator
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from ...recurring import recurring
from ...tlv import NULL, OID, SEQUENCE
from .refusal import fail
from .stream import Stream, Value, stream_of, whole_value

if TYPE_CHECKING:
    from . import CertificateFactory

EC_KEY = "1.2.840.10045.2.1"
RSASSA_PSS = "1.2.840.113549.1.1.10"
OAEP = "1.2.840.113549.1.1.7"
DSA_KEYS = frozenset({"1.2.840.10040.4.1", "1.3.14.3.2.12"})
DH_KEYS = frozenset({"1.2.840.113549.1.3.1", "1.2.840.10046.2.1"})
SHA2 = frozenset(
    {"1.3.14.3.2.26", *(f"2.16.840.1.101.3.4.2.{arc}" for arc in range(1, 7))}  # SHA-1, SHA-2 with SHA-512/224 and /256
)
SHA3 = frozenset(f"2.16.840.1.101.3.4.2.{arc}" for arc in range(7, 11))

_MGF1 = "1.2.840.113549.1.1.8"
_P_SPECIFIED = "1.2.840.113549.1.1.9"
_BRAINPOOL = "1.3.36.3.3.2.8.1.1."
_MAX_DEPTH = 30


def _curves() -> Iterator[tuple[str, int]]:
    """CurveDB: each curve's OID and the size of its field in bits."""
    certicom = (
        "1:163 2:163 3:239 4:113 5:113 6:112 7:112 8:160 9:160 10:256 15:163 16:283 17:283 22:131 23:131 24:193 25:193 "
        "26:233 27:233 28:128 29:128 30:160 31:192 32:224 33:224 34:384 35:521 36:409 37:409 38:571 39:571"
    )
    for prefix, arcs in (
        ("1.3.132.0.", certicom),
        ("1.2.840.10045.3.0.", "5:191 6:191 7:191 11:239 12:239 13:239 18:359 20:431"),
        ("1.2.840.10045.3.1.", "1:192 2:192 3:192 4:239 5:239 6:239 7:256"),
        (_BRAINPOOL, "1:160 3:192 5:224 7:256 9:320 11:384 13:512"),
    ):
        for row in arcs.split():
            arc, bits = row.split(":")
            yield prefix + arc, int(bits)


_CURVES = MappingProxyType(dict(_curves()))


@attrs.frozen
class Algorithm:
    """An AlgorithmId; the parameters are encoded anew, and None where they are absent or NULL."""

    oid: str
    parameters: bytes | None


def read_algorithm(java: "CertificateFactory", value: Value, depth: int = 0) -> Algorithm:
    """AlgorithmId.parse, which reads the parameters of those algorithms that have an AlgorithmParameters class."""
    if depth > _MAX_DEPTH:
        fail("algorithm identifiers nest too deep in it", "StackOverflowError")
    if value.tag != SEQUENCE:
        fail("an algorithm identifier in it is no SEQUENCE", "algid parse error, not a sequence")
    content = value.content
    if depth == 0 and b"\x80" not in content:
        # No length in it can be indefinite, so that it is read alike wherever it stands.
        value.exhaust()
        return _recurring_algorithm(content, java)
    return _read(java, value.inside(), depth)


def read_plain_algorithm(java: "CertificateFactory", raw: bytes) -> Algorithm | None:
    """The algorithm in a SEQUENCE of fewer than 128 octets in which no length can be indefinite, None for another."""
    return _recurring_algorithm(raw[2:], java) if raw[1] < 0x80 and b"\x80" not in raw else None


@recurring(1024)
def _recurring_algorithm(content: bytes, java: "CertificateFactory") -> Algorithm:
    return _read(java, Stream(java, content, 0, len(content)), 0)


def _read(java: "CertificateFactory", stream: Stream, depth: int) -> Algorithm:
    name = stream.oid()
    if stream.available == 0:
        return Algorithm(name, None)
    parameters = stream.value()
    absent = parameters.tag == NULL
    if absent and parameters.start != parameters.end:
        fail("a NULL in it holds something", "invalid NULL")
    if stream.available != 0:
        fail("more than one value stands in the parameters of an algorithm", "Invalid AlgorithmIdentifier: extra data")
    if absent:
        return Algorithm(name, None)
    encoded = parameters.encoded()
    if name in DSA_KEYS:
        _dsa_parameters(java, encoded)
    elif name == EC_KEY:
        read_curve(java, encoded)
    elif name in java.named_parameters:
        if name in DH_KEYS:
            _dh_parameters(whole_value(java, encoded))
        else:
            _padding_parameters(java, encoded, depth, pss=name == RSASSA_PSS)
    return Algorithm(name, encoded)


def _dsa_parameters(java: "CertificateFactory", encoded: bytes) -> None:
    stream = _numbers(whole_value(java, encoded), "DSA")
    for _ in range(3):
        stream.integer()
    if stream.available:
        fail("the DSA parameters hold more than three numbers", "encoded params have extra bytes")


def _dh_parameters(value: Value) -> None:
    stream = _numbers(value, "Diffie-Hellman")
    stream.integer()
    stream.integer()
    if stream.available:
        # Those of X9.42 have q here, a long number.
        stream.small_integer()
    if stream.available:
        fail("the Diffie-Hellman parameters hold more than three numbers", "DH parameter parsing error: Extra data")


def _numbers(value: Value, name: str) -> Stream:
    if value.tag != SEQUENCE:
        fail(f"the {name} parameters are no SEQUENCE", f"{name} params parsing error")
    return value.data()


def read_curve(java: "CertificateFactory", encoded: bytes) -> int:
    """ECParameters.engineInit: the size of the named curve's field."""
    value = whole_value(java, encoded)
    if value.tag != OID:
        fail("the elliptic curve is written out in numbers instead of being named", "Only named ECParameters supported")
    name = value.oid()
    bits = _CURVES.get(name)
    if bits is None or (name.startswith(_BRAINPOOL) and not java.brainpool):
        fail(f"this Java does not know the elliptic curve {name}", f"Unknown named curve: {name}")
    return bits


def _padding_parameters(java: "CertificateFactory", encoded: bytes, depth: int, *, pss: bool) -> None:
    """PSSParameters and OAEPParameters, which differ in their third field and the hashes."""
    what = "RSASSA-PSS" if pss else "RSAES-OAEP"
    for field in stream_of(java, encoded).members(SEQUENCE):
        if field.context(0):
            read_algorithm(java, field.stream.value(), depth + 1)
        elif field.context(1):
            mask = read_algorithm(java, field.stream.value(), depth + 1)
            if mask.oid != _MGF1:
                fail(f"the mask generation function of the {what} parameters is not MGF1", "Only MGF1 mgf is supported")
            if mask.parameters is None:
                fail(f"the mask generation function of the {what} parameters has no hash", "Missing MGF1 parameters")
            digest = read_algorithm(java, whole_value(java, mask.parameters), depth + 1).oid
            if digest not in (java.mask_hashes if pss else SHA2):
                fail(
                    f"this Java does not take the hash {digest} in the mask generation function of the {what} parameters",
                    f"Unrecognized message digest algorithm {digest}",
                )
        elif field.context(2) and pss:
            if field.stream.value().small_integer() < 0:
                fail("the salt length of the RSASSA-PSS parameters is negative", "Negative value for saltLength")
        elif field.context(3) and pss:
            trailer = field.stream.value().small_integer()
            if trailer != 1:
                fail(
                    f"the trailer field of the RSASSA-PSS parameters is {trailer}, and only 1 exists",
                    f"Unsupported trailerField value {trailer}",
                )
        elif field.context(2):
            label = read_algorithm(java, field.stream.value(), depth + 1)
            if label.oid != _P_SPECIFIED or label.parameters is None:
                fail("the RSAES-OAEP parameters have no usable label", "Wrong OID for pSpecified")
            stream = stream_of(java, label.parameters)
            stream.octets()
            if stream.available:
                fail("the RSAES-OAEP parameters have no usable label", "Extra data for pSpecified")
        else:
            fail(f"the {what} parameters hold a field that does not belong there", "Invalid encoded PSSParameters")
