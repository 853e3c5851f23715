"""One X.509 certificate (RFC 5280) as the rules see it: typed, frozen, and decoded only where somebody looks."""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

import attrs

from .findings import Location, printable
from .lazily import lazy
from .pkix import (
    AUTHORITY_KEY_IDENTIFIER,
    SUBJECT_KEY_IDENTIFIER,
    AlgorithmIdentifier,
    Extension,
    FieldProblem,
    Paths,
    Signed,
    key_identifier,
    octets,
    read_algorithm,
    read_extensions,
    rfc4514,
    same_name,
    values,
)
from .recurring import LONGEST
from .tlv import (
    BIT_STRING,
    CONTEXT_0,
    CONTEXT_3,
    GENERALIZED_TIME,
    INTEGER,
    SEQUENCE,
    UTC_TIME,
    SignedParts,
    Tlv,
    TlvError,
    are_shortest,
    children,
)


class _Skeleton(NamedTuple):
    """The fields of a TBSCertificate in their order (RFC 5280 section 4.1)."""

    version: Tlv | None = None
    serial: Tlv | None = None
    signature: Tlv | None = None
    issuer: Tlv | None = None
    validity: Tlv | None = None
    subject: Tlv | None = None
    key: Tlv | None = None
    extensions: Tlv | None = None


@attrs.frozen(kw_only=True, slots=False)
class Certificate(Signed):
    """A certificate found in the input. Attributes whose field is damaged are None; `problems` says why.

    It is its bytes and its place; two certificates are equal where these are.
    """

    PATHS: ClassVar[Paths] = Paths(
        subject="tbsCertificate.subject",
        key="tbsCertificate.subjectPublicKeyInfo",
        extensions="tbsCertificate.extensions",
        signature="signatureValue",
    )

    trusted: bool = False
    """Whether it came with `trusted=` rather than with the input itself."""
    awaited: bool = False
    """Whether nobody has issued it yet: the certificate that a request asks for, put together to be judged."""

    @lazy
    def _skeleton(self) -> _Skeleton:
        return self._usual_skeleton or self._walked_skeleton(self._members.signed)

    @lazy
    def _usual_skeleton(self) -> _Skeleton | None:
        """Where there is a field for each tag of version 3 in its place, and no other, as in nearly all."""
        try:
            elements = list(children(self.der, self._members.signed))
        except TlvError:
            return None
        if bytes(map(_TAG, elements)) != _TAGS:
            return None
        return _Skeleton._make(elements)

    @lazy
    def in_der(self) -> tuple[SignedParts, tuple[Tlv, ...]] | None:
        """Where its parts stand, if it is of version 3, with nothing but the usual fields, and none has a longer header than DER
        allows; None for any other, which may be a certificate all the same.
        """
        if self.der[:4] != b"\x30\x82" + (len(self.der) - 4 & 0xFFFF).to_bytes(2, "big"):
            return None
        parts, fields = self._members, self._usual_skeleton
        if fields is None or bytes(map(_TAG, parts)) != _PART_TAGS or parts.value.stop != len(self.der):
            return None
        elements = tuple(filter(None, fields))
        return (parts, elements) if are_shortest(parts) and are_shortest(elements) else None

    def _walked_skeleton(self, tbs: Tlv) -> _Skeleton:
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
        return _Skeleton(**found)

    # -- Signature ---------------------------------------------------------------------------------------------------

    @lazy
    def tbs_signature_algorithm(self) -> AlgorithmIdentifier | None:
        """tbsCertificate.signature, which "MUST contain the same algorithm identifier" (RFC 5280 section 4.1.1.2)."""
        element = self._skeleton.signature
        if element is None:
            return None
        return self._decode("tbsCertificate.signature", lambda: read_algorithm(self.der, element))

    # -- Names -------------------------------------------------------------------------------------------------------

    @lazy
    def issuer_raw(self) -> bytes:
        """The issuer's DER; empty where it is missing."""
        element = self._skeleton.issuer
        return b"" if element is None else self._bytes(element)

    @lazy
    def issuer(self) -> str:
        """The issuer, in the same form."""
        return self._decode("tbsCertificate.issuer", lambda: rfc4514(self.issuer_raw)) or ""

    @property
    def title(self) -> str:
        """What people call it: its last common name, else its subject, else its serial number."""
        if self.common_names and self.common_names[-1].strip():
            return printable(self.common_names[-1])
        return self.subject or f"serial number {self.serial:x}" if self.serial is not None else self.subject

    @property
    def issuer_title(self) -> str:
        """What people call its issuer."""
        names = self._decode("tbsCertificate.issuer", lambda: values(self.issuer_raw, "2.5.4.3"))
        return printable(names[-1]) if names and names[-1].strip() else self.issuer

    @lazy
    def self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280 section 3.2)."""
        return bool(self.subject_raw) and same_name(self.subject_raw, self.issuer_raw)

    # -- The other fields --------------------------------------------------------------------------------------------

    @lazy
    def version(self) -> int | None:
        """1, 2 or 3."""
        element = self._skeleton.version
        if element is None:
            return 1
        if self._bytes(element) == VERSION_3:
            return 3

        def decode() -> int:
            number = next(children(self.der, element))
            value = int.from_bytes(self._content(number), "big", signed=True) + 1
            if value not in (1, 2, 3):
                raise TlvError(f"version {value} does not exist")
            return value

        return self._decode("tbsCertificate.version", decode)

    @lazy
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

    @lazy
    def _times(self) -> tuple[datetime | None, datetime | None]:
        element = self._skeleton.validity
        if element is None:
            return None, None
        plain = _TWO_TIMES.fullmatch(self._content(element))
        if plain is not None:
            try:
                return _moment(*plain.group(1, 2)), _moment(*plain.group(3, 4))
            except ValueError:
                pass  # the 30th of February: which of the two it is, is found out below
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

    # -- Extensions --------------------------------------------------------------------------------------------------

    @lazy
    def extensions(self) -> tuple[Extension, ...]:
        """Every extension, in order."""
        element = self._skeleton.extensions
        if element is None:
            return ()
        place = self.PATHS.extensions

        def decode() -> tuple[Extension, ...]:
            return read_extensions(self.der, next(children(self.der, element), None), place)

        return self._without_repeats(self._decode(place, decode) or ())

    @lazy
    def critical_extensions(self) -> tuple[Extension, ...]:
        """Those of them that are critical."""
        return tuple([extension for extension in self.extensions if extension.critical])

    @lazy
    def authority_key_identifier(self) -> bytes | None:
        """The keyIdentifier of authorityKeyIdentifier."""
        return self._extension_value(AUTHORITY_KEY_IDENTIFIER, key_identifier)

    @lazy
    def subject_key_identifier(self) -> bytes | None:
        """The subjectKeyIdentifier."""
        return self._extension_value(SUBJECT_KEY_IDENTIFIER, octets)

    @lazy
    def problems(self) -> tuple[FieldProblem, ...]:
        """All that is malformed, after every field has been looked at."""
        _look_at_all_fields(self)
        return self._field_problems("tbsCertificate")

    @classmethod
    def found(
        cls, index: int, der: bytes, location: Location, parts: SignedParts | None = None, *, trusted: bool = False
    ) -> "Certificate":
        """One that was found there. Those of CAs come again from chain to chain: what was made of the same octets when they
        were met last, is there already.
        """
        if len(der) > LONGEST:
            return cls(index=index, der=der, location=location, parts=parts, trusted=trusted)
        last = _last_with(der)
        # Where faults were noted it begins anew: in which order they are depends on what was asked first.
        known = last[0].copy() if last and not last[0]["_noted"] else {"der": der, "awaited": False, "kept": {}}
        known["index"] = index
        known["location"] = location
        known["parts"] = parts
        known["trusted"] = trusted
        known["_noted"] = {}
        last[:] = [known]
        certificate = cls.__new__(cls)
        object.__setattr__(certificate, "__dict__", known)
        return certificate

    def __getstate__(self) -> dict[str, Any]:
        return {
            "index": self.index,
            "der": self.der,
            "location": self.location,
            "trusted": self.trusted,
            "awaited": self.awaited,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "parts": None, "_noted": {}, "kept": {}}.items():
            object.__setattr__(self, name, value)


_TAG = attrgetter("tag")
_TAGS = bytes([CONTEXT_0, INTEGER, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, SEQUENCE, CONTEXT_3])


@lru_cache(maxsize=512)
def _last_with(_der: bytes) -> list[dict[str, Any]]:
    """Where the attributes of the last certificate with these octets are left for the next."""
    return []


VERSION_3 = b"\xa0\x03\x02\x01\x02"
"""version [0] EXPLICIT INTEGER { v3(2) }, as nearly all certificates have it."""
_PART_TAGS = bytes([SEQUENCE, SEQUENCE, BIT_STRING])
_LONGEST_SERIAL = 1024
_FIELD_NAMES = {
    "serial": "serialNumber",
    "signature": "signature",
    "issuer": "issuer",
    "validity": "validity",
    "subject": "subject",
    "key": "subjectPublicKeyInfo",
}
_look_at_all_fields = attrgetter(
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


# -- Times -----------------------------------------------------------------------------------------------------------


# Two times in UTCTime, exactly as RFC 5280, section 4.1.2.5.1, has them: nearly all certificates.
_TWO_TIMES = re.compile(rb"\x17\x0d(\d{6})(\d{6}Z)" * 2)


def _moment(day: bytes, time: bytes) -> datetime:
    return datetime.fromisoformat(f"{_century(int(day[:2])) // 100}{day.decode()}T{time.decode()}")


def _century(year: int) -> int:
    """RFC 5280 4.1.2.5.1: "Where YY is greater than or equal to 50, the year SHALL be interpreted as 19YY"."""
    return 1900 if year >= 50 else 2000


_SINCE_MONTH = r"(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,]\d+)?(Z|[+-]\d{4})?"
_UTC_TIME = re.compile(rf"(\d{{2}}){_SINCE_MONTH}", re.ASCII)
_GENERALIZED_TIME = re.compile(rf"(\d{{4}}){_SINCE_MONTH}", re.ASCII)


def _time(tag: int, content: bytes) -> tuple[datetime, bool]:
    """The moment, and whether it is written as RFC 5280 section 4.1.2.5 wants it."""
    if tag not in (UTC_TIME, GENERALIZED_TIME):
        raise TlvError("it is neither UTCTime nor GeneralizedTime")
    short = tag == UTC_TIME
    text = content.decode("ascii", "replace")
    match = (_UTC_TIME if short else _GENERALIZED_TIME).fullmatch(text)
    if match is None:
        raise TlvError("it is no date and time")
    year, month, day, hour, minute = map(int, match.groups()[:5])
    if short:
        year += _century(year)
    zone = match[7] or "Z"
    if not 1 <= day <= 31:
        raise TlvError("it is no date and time")
    try:
        # The 30th of February is the 1st or 2nd of March, as Java's calendar has it, too.
        moment = datetime(year, month, 1, hour, minute, int(match[6] or 0), tzinfo=UTC) + timedelta(days=day - 1)
        if zone != "Z":
            offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
            moment = moment.replace(tzinfo=timezone(offset if zone[0] != "-" else -offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise TlvError("it is no date and time") from None
    conforming = len(text) == (13 if short else 15) and text.endswith("Z") and moment.month == month
    return moment, conforming
