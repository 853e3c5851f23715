"""Algorithm identifiers and public keys (RFC 5280 sections 4.1.1.2 and 4.1.2.7; RFC 4055; RFC 5480)."""

import re
from typing import Any

import attrs

from .. import algorithms
from ..recurring import recurring
from ..tlv import (
    BIT_STRING,
    INTEGER,
    NULL,
    OID,
    SEQUENCE,
    SHORTEST_LENGTH,
    Tlv,
    TlvError,
    children,
    encode,
    encode_oid,
    length_of,
    oid,
    read,
)

PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
_SHA1 = "1.3.14.3.2.26"
_ECDSA_WITH_SPECIFIED = "1.2.840.10045.4.3"


@attrs.frozen(kw_only=True)
class PssParameters:
    """RSASSA-PSS-params (RFC 4055 section 3.1), its defaults filled in. OIDs are dotted; the salt length is in octets."""

    hash_oid: str
    mgf_oid: str
    mgf_hash_oid: str | None
    salt_length: int
    trailer_field: int

    @property
    def hash(self) -> str:
        """The hash's name, "SHA-1" for one."""
        return algorithms.hash_name(self.hash_oid)

    @property
    def mgf(self) -> str:
        """The mask generation function in words."""
        if self.mgf_oid != MGF1:
            return self.mgf_oid
        return f"MGF1 with {algorithms.hash_name(self.mgf_hash_oid)}" if self.mgf_hash_oid else "MGF1"

    def __str__(self) -> str:
        trailer = "" if self.trailer_field == 1 else f", trailer field {self.trailer_field}"
        return f"{self.hash}, {self.mgf}, {self.salt_length}{trailer}"


@attrs.frozen(kw_only=True)
class AlgorithmIdentifier:
    """An AlgorithmIdentifier (RFC 5280 section 4.1.1.2) in a signature field.

    ``parameters`` are PSS's own, or None; ``form`` says what stands in the field: absent, null, sequence or other.
    """

    oid: str
    form: str
    parameters: PssParameters | None = None
    problem: str | None = None
    raw: bytes = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """The RFC's name, or the dotted OID where no table has it."""
        return algorithms.signature_name(self.oid)

    @property
    def hash(self) -> str | None:
        """The name of the hash that is signed, "SHA-256" for one, from the OID or the parameters; None if not known."""
        if self.parameters:
            return self.parameters.hash
        if self.oid == _ECDSA_WITH_SPECIFIED:
            return _specified_hash(self.raw)
        row = algorithms.SIGNATURES.get(self.oid)
        return row.hash if row else None

    @property
    def curve(self) -> str | None:
        """The dotted OID that stands as parameters: of ECDSA, a curve, which does not belong there."""
        if self.form != "other":
            return None
        parameters = list(children(self.raw, read(self.raw, 0, len(self.raw))))[1]
        content = self.raw[parameters.content : parameters.content_stop]
        try:
            return oid(content) if parameters.tag == OID else None
        except TlvError:
            return None

    def __str__(self) -> str:
        return f"{self.name} ({self.parameters})" if self.parameters else self.name


@attrs.frozen(kw_only=True)
class PublicKey:
    """A subjectPublicKeyInfo: its algorithm, and the size in bits that "RSA 2048" means."""

    oid: str
    bits: int | None = None
    curve: str | None = None
    """The named curve's dotted OID."""
    exponent_bits: int | None = None
    raw: bytes = attrs.field(repr=False)
    in_der: bool = attrs.field(default=False, repr=False, eq=False)
    """Whether it is an RSA key with the parameters NULL, each length as short as DER wants it, or an uncompressed point on P-256,
    P-384 or P-521 in DER."""

    @property
    def name(self) -> str:
        """The algorithm's short name, or its dotted OID."""
        return algorithms.key_name(self.oid)

    @property
    def algorithm(self) -> AlgorithmIdentifier:
        """The AlgorithmIdentifier; for a key of the type id-RSASSA-PSS its parameters say what it may be used for."""
        return read_algorithm(self.raw, next(children(self.raw, read(self.raw, 0, len(self.raw)))))

    @property
    def octets(self) -> bytes:
        """The key itself, the same however its algorithm is written: the subjectPublicKey; where that is damaged, all of it."""
        try:
            members = list(children(self.raw, read(self.raw, 0, len(self.raw))))
        except TlvError:
            return self.raw
        return self.raw[members[1].content : members[1].content_stop] if len(members) > 1 else self.raw

    def __str__(self) -> str:
        if self.curve:
            return f"{self.name} {algorithms.CURVES.get(self.curve, self.curve)}"
        return f"{self.name} {self.bits}" if self.bits else self.name


# -- Algorithm identifiers -------------------------------------------------------------------------------------------


def first_oid(data: bytes, element: Tlv) -> str:
    """The OBJECT IDENTIFIER that an element begins with."""
    first = next(children(data, element), None)
    if first is None or first.tag != OID:
        raise TlvError("it holds no OBJECT IDENTIFIER")
    return oid(data[first.content : first.content_stop])


def read_algorithm(data: bytes, element: Tlv) -> AlgorithmIdentifier:
    """An AlgorithmIdentifier."""
    return _algorithm(data[element.start : element.stop])


@recurring(1024)
def _algorithm(raw: bytes) -> AlgorithmIdentifier:
    element = read(raw, 0, len(raw))
    name = first_oid(raw, element)
    rest = list(children(raw, element))[1:]
    if not rest:
        form, parameters = "absent", None
    else:
        form = {NULL: "null", SEQUENCE: "sequence"}.get(rest[0].tag, "other")
        parameters = rest[0]
    problem = "more than one value stands in its parameters" if len(rest) > 1 else None
    pss = None
    if name == PSS and parameters is not None and form == "sequence":
        try:
            pss, out_of_place = _pss(raw, parameters)
            problem = problem or out_of_place
        except TlvError as error:
            problem = str(error)
    return AlgorithmIdentifier(oid=name, form=form, parameters=pss, problem=problem, raw=raw)


def _pss(data: bytes, element: Tlv) -> tuple[PssParameters, str | None]:
    """RFC 4055 section 3.1: hashAlgorithm [0] sha1, maskGenAlgorithm [1] mgf1SHA1, saltLength [2] 20, trailerField [3] 1.

    Fields that stand in another order, twice or under a primitive tag are taken as Java's PSSParameters takes them, the
    last of a kind; what is wrong with them is the second value.
    """
    values: dict[str, Any] = {
        "hash_oid": _SHA1,
        "mgf_oid": MGF1,
        "mgf_hash_oid": _SHA1,
        "salt_length": 20,
        "trailer_field": 1,
    }
    last = -1
    problem = None
    for field in children(data, element):
        number = field.tag & 0x1F
        strange = f"RSASSA-PSS-params holds an element with tag 0x{field.tag:02x} out of its place"
        if field.tag & 0xC0 != 0x80 or number > 3:
            raise TlvError(strange)
        if number <= last or not field.tag & 0x20:
            problem = problem or strange
        last = number
        inner = next(children(data, field), None)
        if inner is None:
            raise TlvError(f"RSASSA-PSS-params has an empty [{number}]")
        if number >= 2:
            if inner.tag != INTEGER or not 1 <= inner.content_stop - inner.content <= 4:
                raise TlvError(f"RSASSA-PSS-params has no usable INTEGER in [{number}]")
            value = int.from_bytes(data[inner.content : inner.content_stop], "big", signed=True)
            values["salt_length" if number == 2 else "trailer_field"] = value
        else:
            name = first_oid(data, inner) if inner.tag == SEQUENCE else None
            if name is None:
                raise TlvError(f"RSASSA-PSS-params has no AlgorithmIdentifier in [{number}]")
            if number == 0:
                values["hash_oid"] = name
            else:
                values["mgf_oid"], values["mgf_hash_oid"] = name, _mgf_hash(data, inner)
    return PssParameters(**values), problem


def _mgf_hash(data: bytes, mgf: Tlv) -> str | None:
    members = list(children(data, mgf))
    return first_oid(data, members[1]) if len(members) > 1 and members[1].tag == SEQUENCE else None


def _specified_hash(raw: bytes) -> str | None:
    """The hash of ecdsa-with-Specified, whose parameters are its AlgorithmIdentifier (RFC 5480 appendix A)."""
    try:
        members = list(children(raw, read(raw, 0, len(raw))))
        return algorithms.hash_name(first_oid(raw, members[1])) if len(members) > 1 else None
    except TlvError:
        return None


NOT_WHOLE = "it is no BIT STRING of whole octets"


def bit_string(data: bytes, element: Tlv) -> tuple[bytes, bool]:
    """The octets of a BIT STRING, and whether all their bits count.

    Bits that do not are 0 in what is returned, as in Java's DerValue.getBitString and, before 16, DerInputBuffer's: so
    observed on 17.0.15 and 25.0.3.

    :raises TlvError: where it is no BIT STRING.
    """
    content = data[element.content : element.content_stop]
    unused = content[0] if content else 8
    if element.tag != BIT_STRING or unused > 7 or (unused and len(content) == 1):
        raise TlvError(NOT_WHOLE)
    if not unused:
        return content[1:], True
    return content[1:-1] + bytes([content[-1] & 0xFF << unused & 0xFF]), False


# -- Keys ------------------------------------------------------------------------------------------------------------

_FIXED_BITS = {"1.3.101.110": 256, "1.3.101.111": 448, "1.3.101.112": 256, "1.3.101.113": 456}


@recurring(1024)
def read_public_key(raw: bytes) -> PublicKey:
    """A subjectPublicKeyInfo; its size and curve only where its encoding is exactly as its RFC has it (`key_size`)."""
    plain = _plain_key(raw)
    if plain is not None:
        return plain
    outer = read(raw, 0, len(raw))
    return PublicKey(oid=first_oid(raw, next(children(raw, outer))), raw=raw)


def key_members(raw: bytes) -> tuple[Tlv | None, bytes, bool]:
    """A subjectPublicKeyInfo's parameters, its key's octets, and whether the key is a BIT STRING of whole octets.

    :raises TlvError: where it is none.
    """
    members = list(children(raw, read(raw, 0, len(raw))))
    if len(members) < 2:
        raise TlvError("it holds no key")
    parameters = list(children(raw, members[0]))[1:]
    return (parameters[0] if parameters else None, *bit_string(raw, members[1]))


def rsa_numbers(octets: bytes) -> tuple[int, int]:
    """Modulus and public exponent (RFC 8017 appendix A.1.1).

    An INTEGER without its leading zero reads as negative; Java, and everybody else, takes it as meant.

    :raises TlvError: where it is no RSA key.
    """
    outer = read(octets, 0, len(octets))
    parts = list(children(octets, outer))
    if outer.tag != SEQUENCE or len(parts) != 2 or any(part.tag != INTEGER for part in parts):
        raise TlvError("the RSA key is not a modulus and an exponent")
    modulus, exponent = (int.from_bytes(octets[part.content : part.content_stop], "big") for part in parts)
    return modulus, exponent


@recurring(1024)
def rsa_in_der(octets: bytes) -> tuple[int, int] | None:
    """The same of a key all lengths of which are as short as DER wants them, None for any other."""
    head = _RSA_NUMBERS.match(octets)
    if head is None or length_of(head[1]) != len(octets) - head.end(1):
        return None
    stop = head.end() + length_of(head[2])
    modulus, exponent = octets[head.end() : stop], octets[stop + 2 :]
    if not modulus or not 0 < len(exponent) < 0x80 or octets[stop : stop + 2] != bytes((INTEGER, len(exponent))):
        return None
    return int.from_bytes(modulus, "big"), int.from_bytes(exponent, "big")


# RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }  (RFC 8017 appendix A.1.1)
_RSA_NUMBERS = re.compile(rb"\x30(%b)\x02(%b)" % (SHORTEST_LENGTH, SHORTEST_LENGTH))


def key_size(key: PublicKey) -> dict[str, Any]:
    """The size and the curve, as far as the key's kind is known.

    :raises TlvError: where it is not what its algorithm says.
    """
    if key.oid in _FIXED_BITS:
        return {"bits": _FIXED_BITS[key.oid]}
    parameters, octets, _ = key_members(key.raw)
    if key.name in ("RSA", "RSASSA-PSS"):
        modulus, exponent = rsa_numbers(octets)
        return {"bits": modulus.bit_length(), "exponent_bits": exponent.bit_length()}
    if key.name == "EC":
        if parameters is None:
            raise TlvError("it does not name its curve")
        if parameters.tag != OID or not octets:
            return {}
        curve = oid(key.raw[parameters.content : parameters.content_stop])
        size = len(octets) - 1 if octets[0] in (2, 3) else (len(octets) - 1) // 2
        return {"curve": curve, "bits": _CURVE_BITS.get(curve, size * 8)}
    if key.name == "DSA":
        prime = next(children(key.raw, parameters), None) if parameters and parameters.tag == SEQUENCE else None
        return (
            {"bits": int.from_bytes(key.raw[prime.content : prime.content_stop], "big").bit_length()} if prime else {}
        )
    return {}


def _plain_key(raw: bytes) -> PublicKey | None:
    """A key of RSA or on a named curve whose encoding is exactly as its RFC has it, in a fraction of the time.

    None for any other, damaged ones among them.
    """
    return _plain_rsa(raw) or _plain_point(raw) or _plain_ec(raw)


def _plain_rsa(raw: bytes) -> PublicKey | None:
    head = _RSA_HEAD.match(raw)
    numbers = rsa_in_der(raw[head.end() :]) if head and length_of(head[1]) == len(raw) - head.end(1) else None
    if numbers is None:
        return None
    modulus, exponent = numbers
    return PublicKey(
        oid="1.2.840.113549.1.1.1",
        bits=modulus.bit_length(),
        exponent_bits=exponent.bit_length(),
        raw=raw,
        in_der=True,
    )


def _plain_point(raw: bytes) -> PublicKey | None:
    """One on the three curves that nearly all such keys are on, uncompressed."""
    curve = _POINTS.get(len(raw))
    if curve is None or not raw.startswith(curve[0]):
        return None
    return PublicKey(oid="1.2.840.10045.2.1", curve=curve[1], bits=curve[2], raw=raw, in_der=True)


def _plain_ec(raw: bytes) -> PublicKey | None:
    try:
        outer = read(raw, 0, len(raw))
        algorithm, bits = children(raw, outer)
        kind, parameters = children(raw, algorithm)
    except ValueError:  # too few, too many, or not whole
        return None
    if outer.tag != SEQUENCE or algorithm.tag != SEQUENCE:
        return None
    if bits.stop != len(raw) or bits.tag != BIT_STRING or bits.stop - bits.content < 2 or raw[bits.content] != 0:
        return None
    name = raw[kind.start : kind.stop]
    if name == _EC and parameters.tag == OID:
        curve = oid(raw[parameters.content : parameters.stop])
        size = bits.stop - bits.content - 2
        octets = size if raw[bits.content + 1] in (2, 3) else size // 2
        return PublicKey(oid="1.2.840.10045.2.1", curve=curve, bits=_CURVE_BITS.get(curve, octets * 8), raw=raw)
    return None


_EC = bytes.fromhex("06072a8648ce3d0201")
# SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING of whole octets }  (RFC 3279 section 2.3.1)
_RSA_HEAD = re.compile(
    rb"\x30(?:%b)\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03(%b)\x00"
    % (SHORTEST_LENGTH, SHORTEST_LENGTH)
)
_CURVE_BITS = {"1.3.132.0.35": 521}


def _point(curve: str, bits: int) -> tuple[int, tuple[bytes, str, int]]:
    """How long a key on the curve is, and its octets as far as the point's own: SEQUENCE { SEQUENCE { id-ecPublicKey, namedCurve },
    BIT STRING of whole octets }, of which the first says that the point is not compressed (RFC 5480 sections 2 and 2.2).
    """
    octets = (bits + 7) // 8
    whole = encode(SEQUENCE, encode(SEQUENCE, _EC, encode_oid(curve)), encode(BIT_STRING, b"\0\4", bytes(2 * octets)))
    return len(whole), (whole[: -2 * octets], curve, bits)


_POINTS = dict((_point("1.2.840.10045.3.1.7", 256), _point("1.3.132.0.34", 384), _point("1.3.132.0.35", 521)))
