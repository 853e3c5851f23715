"""One X.509 certificate (RFC 5280) as the rules see it: typed, frozen, and decoded only where somebody looks.

Its skeleton (where each field begins and ends) is walked first; each field is then decoded on its own, extensions, keys
and names for comparison by asn1crypto. So damage in one field is that field's problem, with its path, and the rest is
still judged. This is the only module that touches asn1crypto.x509.
"""

import hashlib
import ipaddress
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any, TypeVar

import attrs
from asn1crypto import keys, x509

from . import algorithms
from .findings import Location, printable
from .tlv import (
    BIT_STRING,
    CONTEXT_0,
    CONTEXT_3,
    GENERALIZED_TIME,
    INTEGER,
    NULL,
    OID,
    SEQUENCE,
    UTC_TIME,
    Tlv,
    TlvError,
    children,
    oid,
    read,
)

T = TypeVar("T")

PSS = "1.2.840.113549.1.1.10"
MGF1 = "1.2.840.113549.1.1.8"
_SHA1 = "1.3.14.3.2.26"

_BASIC_CONSTRAINTS = "2.5.29.19"
_KEY_USAGE = "2.5.29.15"
_EXTENDED_KEY_USAGE = "2.5.29.37"
_SUBJECT_ALT_NAME = "2.5.29.17"
_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
_SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
SERVER_AUTH = "1.3.6.1.5.5.7.3.1"


@attrs.frozen(kw_only=True)
class FieldProblem:
    """A field that is not as RFC 5280 has it: its path, and what is wrong."""

    field: str
    reason: str


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

    @property
    def name(self) -> str:
        """The algorithm's short name, or its dotted OID."""
        return algorithms.key_name(self.oid)

    def __str__(self) -> str:
        if self.curve:
            return f"{self.name} {algorithms.CURVES.get(self.curve, self.curve)}"
        return f"{self.name} {self.bits}" if self.bits else self.name


@attrs.frozen(kw_only=True)
class Extension:
    """One extension: dotted OID, criticality, the DER inside extnValue, and its path in the certificate."""

    oid: str
    critical: bool
    value: bytes = attrs.field(repr=False)
    field: str


@attrs.frozen(kw_only=True)
class BasicConstraints:
    """RFC 5280 section 4.2.1.9."""

    ca: bool
    path_length: int | None


@attrs.frozen(kw_only=True)
class _Skeleton:
    """The elements of a certificate by name; None for what is not there."""

    tbs: Tlv
    serial: Tlv | None = None
    signature: Tlv | None = None
    issuer: Tlv | None = None
    validity: Tlv | None = None
    subject: Tlv | None = None
    key: Tlv | None = None
    extensions: Tlv | None = None
    version: Tlv | None = None
    outer: Tlv
    value: Tlv


@attrs.frozen(kw_only=True, eq=False)
class Certificate:
    """A certificate found in the input. Attributes whose field is damaged are None; `problems` says why."""

    index: int
    der: bytes = attrs.field(repr=False)
    location: Location
    trusted: bool = False
    """Whether it came with `trusted=` rather than with the input itself."""
    _noted: dict[str, str] = attrs.field(factory=dict, init=False, repr=False)

    @cached_property
    def fingerprint_sha256(self) -> str:
        """SHA-256 of exactly the certificate's bytes, in lower-case hexadecimal."""
        return hashlib.sha256(self.der).hexdigest()

    @cached_property
    def _skeleton(self) -> _Skeleton:
        outer = read(self.der, 0, len(self.der))
        tbs, algorithm, value = islice(children(self.der, outer), 3)
        names = ["serial", "signature", "issuer", "validity", "subject", "key"]
        tags = [INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE]
        found: dict[str, Tlv] = {}
        try:
            for element in children(self.der, tbs):
                if element.tag == CONTEXT_0 and not found:
                    found["version"] = element
                elif element.tag == CONTEXT_3:
                    found["extensions"] = element
                elif names and element.tag == tags[0]:
                    found[names.pop(0)] = element
                    tags.pop(0)
                elif element.tag & 0x1F not in (1, 2) or names:
                    place = f"its {_FIELD_NAMES[names[0]]} belongs" if names else "none belongs"
                    self._note("tbsCertificate", f"an element with tag 0x{element.tag:02x} stands where {place}")
                    break
        except TlvError as error:
            self._note("tbsCertificate", f"its DER is {error}")
        if names:
            self._note("tbsCertificate", f"its {_FIELD_NAMES[names[0]]} is missing")
        return _Skeleton(tbs=tbs, outer=algorithm, value=value, **found)

    def _note(self, field: str, reason: str) -> None:
        self._noted.setdefault(field, reason)

    def _decode(self, field: str, decode: Callable[[], T]) -> T | None:
        """The field's value, or None with a note: asn1crypto shows damage as almost any exception."""
        try:
            return decode()
        except Exception as error:  # noqa: BLE001
            self._note(field, _reason(error))
            return None

    def _bytes(self, element: Tlv) -> bytes:
        return self.der[element.start : element.stop]

    def _content(self, element: Tlv) -> bytes:
        return self.der[element.content : element.content_stop]

    # -- Signature ---------------------------------------------------------------------------------------------------

    @cached_property
    def signature_algorithm(self) -> AlgorithmIdentifier | None:
        """The outer signatureAlgorithm."""
        return self._decode("signatureAlgorithm", lambda: _algorithm(self.der, self._skeleton.outer))

    @cached_property
    def tbs_signature_algorithm(self) -> AlgorithmIdentifier | None:
        """tbsCertificate.signature, which "MUST contain the same algorithm identifier" (RFC 5280 section 4.1.1.2)."""
        element = self._skeleton.signature
        if element is None:
            return None
        return self._decode("tbsCertificate.signature", lambda: _algorithm(self.der, element))

    @cached_property
    def signature_oid(self) -> str | None:
        """The outer signature algorithm's dotted OID, without a look at anything else."""
        outer = self._skeleton.outer
        return self._decode("signatureAlgorithm", lambda: _first_oid(self.der, outer))

    @property
    def tbs_bytes(self) -> bytes:
        """The bytes that are signed."""
        return self._bytes(self._skeleton.tbs)

    @cached_property
    def signature_value(self) -> bytes | None:
        """The signature's octets."""
        return self._decode("signatureValue", lambda: _bit_string(self.der, self._skeleton.value))

    # -- Names -------------------------------------------------------------------------------------------------------

    @cached_property
    def subject_raw(self) -> bytes:
        """The subject's DER; empty where it is missing."""
        element = self._skeleton.subject
        return b"" if element is None else self._bytes(element)

    @cached_property
    def issuer_raw(self) -> bytes:
        """The issuer's DER; empty where it is missing."""
        element = self._skeleton.issuer
        return b"" if element is None else self._bytes(element)

    @cached_property
    def subject(self) -> str:
        """The subject in RFC 4514 form, every character that could deceive a reader escaped; "" for an empty name."""
        return self._decode("tbsCertificate.subject", lambda: _rfc4514(self.subject_raw)) or ""

    @cached_property
    def issuer(self) -> str:
        """The issuer, in the same form."""
        return self._decode("tbsCertificate.issuer", lambda: _rfc4514(self.issuer_raw)) or ""

    @cached_property
    def common_names(self) -> tuple[str, ...]:
        """The subject's commonName values, in encoding order."""
        found = self._decode("tbsCertificate.subject", lambda: _values(self.subject_raw, "2.5.4.3"))
        return found or ()

    @property
    def title(self) -> str:
        """What people call it: its last common name, else its subject, else its serial number."""
        if self.common_names and self.common_names[-1].strip():
            return printable(self.common_names[-1])
        return self.subject or f"serial number {self.serial:x}" if self.serial is not None else self.subject

    @property
    def issuer_title(self) -> str:
        """What people call its issuer."""
        names = self._decode("tbsCertificate.issuer", lambda: _values(self.issuer_raw, "2.5.4.3"))
        return printable(names[-1]) if names and names[-1].strip() else self.issuer

    @cached_property
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280 section 3.2)."""
        if self.subject_raw == self.issuer_raw:
            return bool(self.subject_raw)
        return name_key(self.subject_raw) == name_key(self.issuer_raw)

    # -- The other fields --------------------------------------------------------------------------------------------

    @cached_property
    def version(self) -> int | None:
        """1, 2 or 3."""
        element = self._skeleton.version
        if element is None:
            return 1

        def decode() -> int:
            number = next(children(self.der, element))
            value = int.from_bytes(self._content(number), "big", signed=True) + 1
            if value not in (1, 2, 3):
                raise TlvError(f"version {value} does not exist")
            return value

        return self._decode("tbsCertificate.version", decode)

    @cached_property
    def serial(self) -> int | None:
        """The serial number."""
        element = self._skeleton.serial
        if element is None:
            return None
        content = self._content(element)
        if not 1 <= len(content) <= _LONGEST_SERIAL:
            self._note("tbsCertificate.serialNumber", f"a serial number of {len(content)} octets")
            return None
        return int.from_bytes(content, "big", signed=True)

    @cached_property
    def _times(self) -> tuple[datetime | None, datetime | None]:
        element = self._skeleton.validity
        if element is None:
            return None, None
        found = self._decode("tbsCertificate.validity", lambda: list(children(self.der, element)))
        if found is None or len(found) != 2:
            self._note("tbsCertificate.validity", "it is not two points in time")
            return None, None
        before, after = found
        return (
            self._decode("tbsCertificate.validity.notBefore", lambda: self._time(before, "notBefore")),
            self._decode("tbsCertificate.validity.notAfter", lambda: self._time(after, "notAfter")),
        )

    def _time(self, element: Tlv, field: str) -> datetime:
        moment, conforming = _time(element.tag, self._content(element))
        if not conforming:
            self._note(f"tbsCertificate.validity.{field}", "it is not in the form YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ")
        return moment

    @property
    def not_before(self) -> datetime | None:
        """The beginning of its validity, in UTC."""
        return self._times[0]

    @property
    def not_after(self) -> datetime | None:
        """The end of its validity, in UTC."""
        return self._times[1]

    @cached_property
    def public_key(self) -> PublicKey | None:
        """The subject's public key."""
        element = self._skeleton.key
        if element is None:
            return None
        field = "tbsCertificate.subjectPublicKeyInfo"
        found = self._decode(field, lambda: _public_key(self._bytes(element)))
        if found is not None:
            size = self._decode(field, lambda: _key_size(found))
            return attrs.evolve(found, **size) if size else found
        return None

    # -- Extensions --------------------------------------------------------------------------------------------------

    @cached_property
    def extensions(self) -> tuple[Extension, ...]:
        """Every extension, in order."""
        element = self._skeleton.extensions
        if element is None:
            return ()
        found = self._decode("tbsCertificate.extensions", lambda: _extensions(self.der, element)) or ()
        oids = [extension.oid for extension in found]
        for repeated in {name for name in oids if oids.count(name) > 1} if len(set(oids)) < len(oids) else ():
            self._note(_extension_field(repeated), "this extension stands there more than once")
        return found

    def extension(self, dotted: str) -> Extension | None:
        """The first extension of that OID."""
        return next((extension for extension in self.extensions if extension.oid == dotted), None)

    def _extension_value(self, dotted: str, decode: Callable[[bytes], T]) -> T | None:
        extension = self.extension(dotted)
        if extension is None:
            return None
        return self._decode(extension.field, lambda: decode(extension.value))

    @cached_property
    def basic_constraints(self) -> BasicConstraints | None:
        """The extension's value, None where it is absent or unreadable."""
        return self._extension_value(_BASIC_CONSTRAINTS, _basic_constraints)

    @cached_property
    def key_usage(self) -> frozenset[str] | None:
        """The set bits by their names in RFC 5280 section 4.2.1.3 (`keyCertSign`), None where it is absent."""
        return self._extension_value(_KEY_USAGE, _key_usage)

    @cached_property
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """The purposes as dotted OIDs, None where it is absent."""
        return self._extension_value(_EXTENDED_KEY_USAGE, _extended_key_usage)

    @cached_property
    def dns_names(self) -> tuple[str, ...]:
        """The dNSName values of subjectAltName."""
        return self._extension_value(_SUBJECT_ALT_NAME, _dns_names) or ()

    @cached_property
    def ip_addresses(self) -> tuple[str, ...]:
        """The iPAddress values of subjectAltName that are whole addresses."""
        return self._extension_value(_SUBJECT_ALT_NAME, _ip_addresses) or ()

    @cached_property
    def authority_key_identifier(self) -> bytes | None:
        """The keyIdentifier of authorityKeyIdentifier."""
        return self._extension_value(_AUTHORITY_KEY_IDENTIFIER, _authority_key_identifier)

    @cached_property
    def subject_key_identifier(self) -> bytes | None:
        """The subjectKeyIdentifier."""
        return self._extension_value(_SUBJECT_KEY_IDENTIFIER, lambda v: x509.OctetString.load(v, strict=True).native)

    @property
    def ca(self) -> bool:
        """Whether basicConstraints says that it is a CA's."""
        return self.basic_constraints is not None and self.basic_constraints.ca

    @property
    def for_server(self) -> bool:
        """Whether it names a host or the purpose serverAuth: a server's own certificate, whatever else it says."""
        return bool(self.dns_names) or SERVER_AUTH in (self.extended_key_usage or ())

    @cached_property
    def problems(self) -> tuple[FieldProblem, ...]:
        """All that is malformed, after every field has been looked at."""
        for field in _ALL_FIELDS:
            getattr(self, field)
        return tuple(FieldProblem(field=field, reason=reason) for field, reason in self._noted.items())

    def __getstate__(self) -> dict[str, Any]:
        return {"index": self.index, "der": self.der, "location": self.location, "trusted": self.trusted}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "_noted": {}}.items():
            object.__setattr__(self, name, value)


_LONGEST_SERIAL = 1024
_FIELD_NAMES = {
    "serial": "serialNumber",
    "signature": "signature",
    "issuer": "issuer",
    "validity": "validity",
    "subject": "subject",
    "key": "subjectPublicKeyInfo",
}
_ALL_FIELDS = (
    "signature_algorithm",
    "tbs_signature_algorithm",
    "signature_value",
    "subject",
    "issuer",
    "version",
    "serial",
    "not_before",
    "public_key",
    "basic_constraints",
    "key_usage",
    "extended_key_usage",
    "dns_names",
    "authority_key_identifier",
    "subject_key_identifier",
)


def _reason(error: Exception) -> str:
    if isinstance(error, TlvError):
        return str(error)
    first = " ".join(str(error).split())
    return f"it cannot be decoded ({type(error).__name__}: {printable(first[:160])})"


# -- Algorithm identifiers -------------------------------------------------------------------------------------------


def _first_oid(data: bytes, element: Tlv) -> str:
    first = next(children(data, element), None)
    if first is None or first.tag != OID:
        raise TlvError("it holds no OBJECT IDENTIFIER")
    return oid(data[first.content : first.content_stop])


def _algorithm(data: bytes, element: Tlv) -> AlgorithmIdentifier:
    name = _first_oid(data, element)
    rest = list(children(data, element))[1:]
    raw = data[element.start : element.stop]
    if not rest:
        form, parameters = "absent", None
    else:
        form = {NULL: "null", SEQUENCE: "sequence"}.get(rest[0].tag, "other")
        parameters = rest[0]
    problem = "more than one value stands in its parameters" if len(rest) > 1 else None
    pss = None
    if name == PSS and parameters is not None and form == "sequence":
        try:
            pss = _pss(data, parameters)
        except TlvError as error:
            problem = str(error)
    return AlgorithmIdentifier(oid=name, form=form, parameters=pss, problem=problem, raw=raw)


def _pss(data: bytes, element: Tlv) -> PssParameters:
    """RFC 4055 section 3.1: hashAlgorithm [0] sha1, maskGenAlgorithm [1] mgf1SHA1, saltLength [2] 20, trailerField [3] 1."""
    values: dict[str, Any] = {
        "hash_oid": _SHA1,
        "mgf_oid": MGF1,
        "mgf_hash_oid": _SHA1,
        "salt_length": 20,
        "trailer_field": 1,
    }
    last = -1
    for field in children(data, element):
        number = field.tag - CONTEXT_0
        if not last < number <= 3:
            raise TlvError(f"RSASSA-PSS-params holds an element with tag 0x{field.tag:02x} out of its place")
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
            name = _first_oid(data, inner) if inner.tag == SEQUENCE else None
            if name is None:
                raise TlvError(f"RSASSA-PSS-params has no AlgorithmIdentifier in [{number}]")
            if number == 0:
                values["hash_oid"] = name
            else:
                values["mgf_oid"], values["mgf_hash_oid"] = name, _mgf_hash(data, inner)
    return PssParameters(**values)


def _mgf_hash(data: bytes, mgf: Tlv) -> str | None:
    members = list(children(data, mgf))
    return _first_oid(data, members[1]) if len(members) > 1 and members[1].tag == SEQUENCE else None


def _bit_string(data: bytes, element: Tlv) -> bytes:
    content = data[element.content : element.content_stop]
    if element.tag != BIT_STRING or not content or content[0] != 0:
        raise TlvError("it is no BIT STRING of whole octets")
    return content[1:]


# -- Names -----------------------------------------------------------------------------------------------------------

_SHORT_NAMES = {  # RFC 4514 section 3, and three that every tool writes in words
    "2.5.4.3": "CN",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.6": "C",
    "2.5.4.9": "STREET",
    "0.9.2342.19200300.100.1.25": "DC",
    "0.9.2342.19200300.100.1.1": "UID",
    "2.5.4.5": "serialNumber",
    "2.5.4.97": "organizationIdentifier",
    "1.2.840.113549.1.9.1": "emailAddress",
}
_ENCODINGS = {
    0x0C: "utf-8",
    0x12: "ascii",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1A: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}


def _relative_names(raw: bytes) -> list[list[tuple[str, Tlv]]]:
    found = []
    if raw:
        for relative in children(raw, read(raw, 0, len(raw))):
            pairs = []
            for pair in children(raw, relative):
                members = list(children(raw, pair))
                if len(members) != 2:
                    raise TlvError("an attribute of the name is not a type and a value")
                pairs.append((_first_oid(raw, pair), members[1]))
            found.append(pairs)
    return found


def _text(raw: bytes, value: Tlv) -> str | None:
    """The attribute's text, or None where its type or its bytes are not text."""
    encoding = _ENCODINGS.get(value.tag)
    if encoding is None:
        return None
    content = raw[value.content : value.content_stop]
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        # Other than their type says, such as UTF-8 in a PrintableString: shown as it would look byte by byte.
        return content.decode("latin-1")


def _rfc4514(raw: bytes) -> str:
    return ",".join(
        "+".join(_attribute(raw, name, value) for name, value in pairs) for pairs in reversed(_relative_names(raw))
    )


def _attribute(raw: bytes, name: str, value: Tlv) -> str:
    text = _text(raw, value)
    shown = f"#{raw[value.start : value.stop].hex()}" if text is None else _escape_value(text)
    return f"{_SHORT_NAMES.get(name, name)}={shown}"


def _values(raw: bytes, dotted: str) -> tuple[str, ...]:
    pairs = [pair for relative in _relative_names(raw) for pair in relative]
    return tuple(text for name, value in pairs if name == dotted and (text := _text(raw, value)) is not None)


def _escape_value(text: str) -> str:
    """RFC 4514 section 2.4."""
    escaped = re.sub(r"([\"+,;<>\\])", r"\\\1", text)
    if escaped.startswith((" ", "#")):
        escaped = "\\" + escaped
    if escaped.endswith(" ") and len(text) > 1:
        escaped = escaped[:-1] + "\\ "
    return printable(escaped)


@lru_cache(maxsize=16_384)
def name_key(raw: bytes) -> str:
    """A name in the form in which RFC 5280 section 7.1 compares names; two names with the same key are the same name."""
    try:
        return str(x509.Name.load(raw, strict=True).hashable)
    except Exception:  # noqa: BLE001 - a name that cannot be prepared equals only itself
        return raw.hex()


# -- Times -----------------------------------------------------------------------------------------------------------


def _time(tag: int, content: bytes) -> tuple[datetime, bool]:
    """The moment, and whether it is written as RFC 5280 section 4.1.2.5 wants it."""
    if tag not in (UTC_TIME, GENERALIZED_TIME):
        raise TlvError("it is neither UTCTime nor GeneralizedTime")
    text = content.decode("ascii", "replace")
    short = tag == UTC_TIME
    pattern = r"(\d{2})" if short else r"(\d{4})"
    match = re.fullmatch(
        pattern + r"(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,]\d{1,9})?(Z|[+-]\d{4})?", text, re.ASCII
    )
    if match is None:
        raise TlvError("it is no date and time")
    year, month, day, hour, minute = (int(part) for part in match.groups()[:5])
    if short:
        # RFC 5280 4.1.2.5.1: "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY".
        year += 1900 if year >= 50 else 2000
    zone = match[7] or "Z"
    offset = timedelta(0) if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    try:
        moment = datetime(
            year, month, day, hour, minute, int(match[6] or 0), tzinfo=timezone(offset if zone[0] != "-" else -offset)
        )
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise TlvError("it is no date and time") from None
    return moment, len(text) == (13 if short else 15) and text.endswith("Z")


# -- Keys ------------------------------------------------------------------------------------------------------------

_FIXED_BITS = {"1.3.101.110": 256, "1.3.101.111": 448, "1.3.101.112": 256, "1.3.101.113": 456}


def _public_key(raw: bytes) -> PublicKey:
    outer = read(raw, 0, len(raw))
    return PublicKey(oid=_first_oid(raw, next(children(raw, outer))), raw=raw)


def _key_size(key: PublicKey) -> dict[str, Any]:
    """The size and the curve, as far as the key's kind is known, read by asn1crypto."""
    if key.oid in _FIXED_BITS:
        return {"bits": _FIXED_BITS[key.oid]}
    info = keys.PublicKeyInfo.load(key.raw, strict=True)
    if key.name in ("RSA", "RSASSA-PSS"):
        rsa = keys.RSAPublicKey.load(bytes(info["public_key"].parsed.dump()), strict=True)
        return {
            "bits": rsa["modulus"].native.bit_length(),
            "exponent_bits": rsa["public_exponent"].native.bit_length(),
        }
    if key.name == "EC":
        domain = info["algorithm"]["parameters"]
        if domain.name != "named":
            return {}
        curve = domain.chosen.dotted
        point = info["public_key"].contents[2:]
        size = len(point) if info["public_key"].contents[1] in (2, 3) else len(point) // 2
        return {"curve": curve, "bits": _CURVE_BITS.get(curve, size * 8)}
    if key.name == "DSA":
        parameters = info["algorithm"]["parameters"]
        return {"bits": parameters["p"].native.bit_length()} if parameters.contents else {}
    return {}


_CURVE_BITS = {"1.3.132.0.35": 521}


# -- Extensions ------------------------------------------------------------------------------------------------------


def _extensions(data: bytes, wrapper: Tlv) -> tuple[Extension, ...]:
    sequence = next(children(data, wrapper), None)
    if sequence is None or sequence.tag != SEQUENCE:
        raise TlvError("it is no SEQUENCE of extensions")
    found = []
    for number, element in enumerate(children(data, sequence)):
        members = list(children(data, element))
        name = _first_oid(data, element)
        critical = len(members) == 3 and members[1].tag == 0x01 and data[members[1].content] != 0
        value = members[-1]
        if value.tag != 0x04 or len(members) not in (2, 3):
            raise TlvError(f"extension {number} is not an OID, a flag and an OCTET STRING")
        found.append(
            Extension(
                oid=name,
                critical=critical,
                value=data[value.content : value.content_stop],
                field=_extension_field(name),
            )
        )
    return tuple(found)


def _extension_field(dotted: str) -> str:
    return f"tbsCertificate.extensions.{_EXTENSION_NAMES.get(dotted, dotted)}"


_EXTENSION_NAMES = {
    _BASIC_CONSTRAINTS: "basicConstraints",
    _KEY_USAGE: "keyUsage",
    _EXTENDED_KEY_USAGE: "extKeyUsage",
    _SUBJECT_ALT_NAME: "subjectAltName",
    _AUTHORITY_KEY_IDENTIFIER: "authorityKeyIdentifier",
    _SUBJECT_KEY_IDENTIFIER: "subjectKeyIdentifier",
}
_KEY_USAGE_NAMES = {
    "digital_signature": "digitalSignature",
    "non_repudiation": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
    "encipher_only": "encipherOnly",
    "decipher_only": "decipherOnly",
}


def _basic_constraints(value: bytes) -> BasicConstraints:
    parsed = x509.BasicConstraints.load(value, strict=True)
    return BasicConstraints(ca=parsed["ca"].native, path_length=parsed["path_len_constraint"].native)


def _key_usage(value: bytes) -> frozenset[str]:
    return frozenset(_KEY_USAGE_NAMES[bit] for bit in x509.KeyUsage.load(value, strict=True).native)


def _extended_key_usage(value: bytes) -> tuple[str, ...]:
    return tuple(purpose.dotted for purpose in x509.ExtKeyUsageSyntax.load(value, strict=True))


def _dns_names(value: bytes) -> tuple[str, ...]:
    names = x509.GeneralNames.load(value, strict=True)
    return tuple(name.chosen.contents.decode("latin-1") for name in names if name.name == "dns_name")


def _ip_addresses(value: bytes) -> tuple[str, ...]:
    names = x509.GeneralNames.load(value, strict=True)
    packed = [name.chosen.contents for name in names if name.name == "ip_address"]
    return tuple(str(ipaddress.ip_address(address)) for address in packed if len(address) in (4, 16))


def _authority_key_identifier(value: bytes) -> bytes | None:
    identifier: bytes | None = x509.AuthorityKeyIdentifier.load(value, strict=True)["key_identifier"].native
    return identifier
