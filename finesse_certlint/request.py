"""One certificate request, PKCS#10 (RFC 2986), as the rules see it: typed, frozen, and decoded only where somebody looks.

What stands in it is what somebody asks for; what a CA makes of it is the CA's affair. `certificate_to_be` puts together the
certificate that a CA would issue if it gave what was asked, so that it can be judged like any other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple

import attrs

from .certificate import Certificate
from .findings import FrozenMapping, Location, Verdict, printable
from .lazily import lazy
from .pkix import (
    AUTHORITY_KEY_IDENTIFIER,
    BASIC_CONSTRAINTS,
    SUBJECT_ALT_NAME,
    SUBJECT_KEY_IDENTIFIER,
    Extension,
    FieldProblem,
    Paths,
    PublicKey,
    Signed,
    first_oid,
    read_extensions,
    sha256,
    text,
)
from .tlv import (
    BIT_STRING,
    CONTEXT_0,
    CONTEXT_3,
    GENERALIZED_TIME,
    INTEGER,
    OCTET_STRING,
    SEQUENCE,
    SET,
    Tlv,
    TlvError,
    children,
    encode,
    encode_oid,
    read,
)

CHALLENGE_PASSWORD = "1.2.840.113549.1.9.7"  # noqa: S105 - the attribute's name
EXTENSION_REQUEST = "1.2.840.113549.1.9.14"
_MICROSOFT_EXTENSIONS = "1.3.6.1.4.1.311.2.1.14"
NAME_VALUE_PAIR = "1.3.6.1.4.1.311.13.2.1"
PROVIDER = "1.3.6.1.4.1.311.13.2.2"
_OS_VERSION = "1.3.6.1.4.1.311.13.2.3"
_CLIENT_INFO = "1.3.6.1.4.1.311.21.20"
_TEMPLATE_NAME = "1.3.6.1.4.1.311.20.2"
_TEMPLATE = "1.3.6.1.4.1.311.21.7"

ATTRIBUTES: Mapping[str, str] = FrozenMapping(
    {
        "1.2.840.113549.1.9.1": "emailAddress",
        "1.2.840.113549.1.9.2": "unstructuredName",
        CHALLENGE_PASSWORD: "challengePassword",
        "1.2.840.113549.1.9.8": "unstructuredAddress",
        EXTENSION_REQUEST: "extensionRequest",
        "1.2.840.113549.1.9.15": "smimeCapabilities",
        _MICROSOFT_EXTENSIONS: "Microsoft certificate extensions",
        NAME_VALUE_PAIR: "Microsoft enrollment name and value",
        PROVIDER: "Microsoft cryptographic provider",
        _OS_VERSION: "Microsoft operating system version",
        "1.3.6.1.4.1.311.13.1": "Microsoft renewal certificate",
        _CLIENT_INFO: "Microsoft request client information",
        _TEMPLATE_NAME: "Microsoft certificate template name",
        _TEMPLATE: "Microsoft certificate template",
    }
)
"""What the attributes that occur in requests are called, by OID (RFC 2985; Microsoft's documentation of wincrypt.h)."""

_LEFT_TO_THE_CA = (BASIC_CONSTRAINTS, AUTHORITY_KEY_IDENTIFIER, SUBJECT_KEY_IDENTIFIER, _TEMPLATE, _TEMPLATE_NAME)


@attrs.frozen(kw_only=True)
class Attribute:
    """One attribute of a request: dotted OID, the DER of its values, and its path."""

    oid: str
    values: tuple[bytes, ...] = attrs.field(repr=False)
    field: str

    @property
    def name(self) -> str:
        """What it is called, or its dotted OID."""
        return ATTRIBUTES.get(self.oid, self.oid)


class _Skeleton(NamedTuple):
    """The fields of a CertificationRequestInfo in their order (RFC 2986 section 4.1)."""

    version: Tlv | None = None
    subject: Tlv | None = None
    key: Tlv | None = None
    attributes: Tlv | None = None


@attrs.frozen(kw_only=True, slots=False)
class Request(Signed):
    """A certificate request found in the input. Attributes whose field is damaged are None; `problems` says why."""

    PATHS: ClassVar[Paths] = Paths(
        subject="certificationRequestInfo.subject",
        key="certificationRequestInfo.subjectPKInfo",
        extensions="certificationRequestInfo.attributes.extensionRequest",
        signature="signature",
    )

    form: str = "PKCS#10"
    """`PKCS#10`, or `certreq.inf` for one that Windows' certreq has still to make of a file of settings."""
    lines: Mapping[str, Location] = attrs.field(factory=dict, repr=False, hash=False)
    """For one that has still to be made: where each field is said, by the field's path."""
    said: frozenset[str] = frozenset()
    """For one that has still to be made: the lines that there are, as section and key."""
    makes_certificate: bool = False
    """For one that has still to be made: whether certreq makes a self-signed certificate instead (`RequestType = Cert`)."""
    faults: tuple[FieldProblem, ...] = ()
    """For one that has still to be made: what in the settings makes no sense."""

    # Set by the report.
    given_fingerprint: str | None = None
    """SHA-256 of the request as it was given, where `without_secrets()` may have changed its bytes."""
    proof: str = "unchecked"
    """Whether the request is signed with the key that is in it: `verified`, `failed`, `unchecked`, or `unsigned`."""
    verdict: Verdict = Verdict.UNDETERMINED
    """Whether a certificate for this request can work with the profile's client."""
    answered: bool = False
    """Whether certificates that were issued for it are what is judged; otherwise none has been issued yet."""
    certificate: int | None = None
    """The report's certificate that was issued for it, where one has its key."""

    @lazy
    def fingerprint_sha256(self) -> str:
        """SHA-256 of exactly its bytes as they were given, in lower-case hexadecimal."""
        return self.given_fingerprint or sha256(self.der).hex()

    def without_secrets(self) -> "Request":
        """The same with a challenge password overwritten, so that nothing that is made of a report can show it."""
        if self.form != "PKCS#10":
            return self
        der = _overwritten(self.der) if _CHALLENGE in self.der else self.der
        return attrs.evolve(self, der=der, given_fingerprint=self.fingerprint_sha256)

    @lazy
    def _skeleton(self) -> _Skeleton:
        info = self._members.signed
        # CertificationRequestInfo ::= SEQUENCE { version, subject, subjectPKInfo, attributes [0] }  (RFC 2986, section 4.1)
        wanted = [("version", INTEGER), ("subject", SEQUENCE), ("key", SEQUENCE), ("attributes", CONTEXT_0)]
        found: dict[str, Tlv] = {}
        try:
            for element in children(self.der, info):
                if not wanted or element.tag != wanted[0][1]:
                    place = f"{_FIELD_NAMES[wanted[0][0]]} belongs" if wanted else "nothing belongs"
                    self._note(_INFO, f"an element with tag 0x{element.tag:02x} stands where {place}")
                    break
                found[wanted.pop(0)[0]] = element
        except TlvError as error:
            self._note(_INFO, f"its DER is {error}")
        if wanted:
            self._note(_INFO, f"its {_FIELD_NAMES[wanted[0][0]]} is missing")
        return _Skeleton(**found)

    @lazy
    def version(self) -> int | None:
        """The version as it is written: 0 is v1, the only one there is."""
        element = self._skeleton.version
        if element is None:
            return None
        value = int.from_bytes(self._content(element)[:8], "big", signed=True)
        if value:
            self._note(f"{_INFO}.version", "it is not 0, which is v1, the only version that there is")
        return value

    @property
    def title(self) -> str:
        """What people call it: its last common name, else its first host name, else its subject or number."""
        names = [name for name in (*reversed(self.common_names), *self.dns_names) if name.strip()]
        return printable(names[0]) if names else self.subject or f"request {self.index + 1}"

    def place(self, field: str | None) -> Location:
        """Where a field stands."""
        if field is not None and field in self.lines:
            return self.lines[field]
        return attrs.evolve(self.location, field=field) if self.form == "PKCS#10" else self.location

    # -- Attributes --------------------------------------------------------------------------------------------------

    @lazy
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute, in order, as far as they can be read."""
        element = self._skeleton.attributes
        if element is None:
            return ()
        found: list[Attribute] = []

        def decode() -> None:
            for number, member in enumerate(children(self.der, element)):
                found.append(self._attribute(number, member))

        self._decode(f"{_INFO}.attributes", decode)
        return tuple(found)

    def _attribute(self, number: int, element: Tlv) -> Attribute:
        members = list(children(self.der, element))
        name = first_oid(self.der, element)
        if len(members) != 2 or members[1].tag != SET:
            raise TlvError(f"attribute {number} is not an OID and a SET of values")
        values = tuple(self._bytes(value) for value in children(self.der, members[1]))
        field = f"{_INFO}.attributes.{ATTRIBUTES.get(name, name)}"
        if not values:
            self._note(field, "it has no value")
        return Attribute(oid=name, values=values, field=field)

    def _values(self, dotted: str) -> list[bytes]:
        return [value for attribute in self.attributes if attribute.oid == dotted for value in attribute.values]

    @lazy
    def extensions(self) -> tuple[Extension, ...]:
        """Every extension that is asked for, in order; Windows has an attribute of its own for them."""
        place = self.PATHS.extensions
        found: list[Extension] = []
        for value in (*self._values(EXTENSION_REQUEST), *self._values(_MICROSOFT_EXTENSIONS)):
            found += self._decode(place, partial(_extensions, value, place)) or ()
        return self._without_repeats(tuple(found))

    @property
    def repeated_attributes(self) -> tuple[Attribute, ...]:
        """The attributes that stand there a second time, but for those that may."""
        seen: set[str] = set()
        repeated = []
        for attribute in self.attributes:
            if attribute.oid in seen and attribute.oid != NAME_VALUE_PAIR:
                repeated.append(attribute)
            seen.add(attribute.oid)
        return tuple(repeated)

    @property
    def challenge_password(self) -> bool:
        """Whether there is one; what it says is nobody's business."""
        return any(attribute.oid == CHALLENGE_PASSWORD for attribute in self.attributes)

    # -- What Windows adds -------------------------------------------------------------------------------------------

    @lazy
    def template(self) -> str | None:
        """The AD CS template that is asked for: its name, or its OID with the version."""
        named = self.enrollment_values.get("certificatetemplate")
        if named:
            return printable(named)
        for value in (*self._asked(_TEMPLATE_NAME), *self._asked(_TEMPLATE)):
            found = self._decode(f"{self.PATHS.extensions}.{_TEMPLATE}", partial(_template, value))
            if found:
                return printable(found)
        return None

    @property
    def template_field(self) -> str:
        """Where the template is named."""
        return (
            TEMPLATE_FIELD
            if self.enrollment_values.get("certificatetemplate")
            else f"{self.PATHS.extensions}.{_TEMPLATE}"
        )

    def _asked(self, dotted: str) -> list[bytes]:
        """Values of an attribute that may stand among the extensions instead."""
        return [*self._values(dotted), *(e.value for e in self.extensions if e.oid == dotted)]

    @lazy
    def enrollment_values(self) -> Mapping[str, str]:
        """Windows' pairs of name and value (`[RequestAttributes]` of certreq), by the name in lower case."""
        found: dict[str, str] = {}
        field = f"{_INFO}.attributes.{ATTRIBUTES[NAME_VALUE_PAIR]}"
        for value in self._values(NAME_VALUE_PAIR):
            pair = self._decode(field, partial(_texts, value, 2))
            if pair:
                found.setdefault(pair[0].lower(), pair[1])
        return FrozenMapping(found)

    @lazy
    def provider(self) -> str | None:
        """The Windows provider that holds the key."""
        field = f"{_INFO}.attributes.{ATTRIBUTES[PROVIDER]}"
        for value in self._values(PROVIDER):
            found = self._decode(field, partial(_texts, value, 1))
            if found:
                return printable(found[0])
        return None

    @lazy
    def os_version(self) -> str | None:
        """The Windows version that made the request."""
        values = self._values(_OS_VERSION)
        field = f"{_INFO}.attributes.{ATTRIBUTES[_OS_VERSION]}"
        found = self._decode(field, lambda: text(values[0], read(values[0], 0, len(values[0])))) if values else None
        return printable(found) if found else None

    @property
    def tells_who(self) -> bool:
        """Whether it names the machine, the user and the program that made it."""
        return bool(self._values(_CLIENT_INFO))

    # -- The whole ---------------------------------------------------------------------------------------------------

    @lazy
    def problems(self) -> tuple[FieldProblem, ...]:
        """All that is malformed, after every field has been looked at."""
        _look_at_all_fields(self)
        return (*self.faults, *self._field_problems(_INFO))

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _STATE}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "parts": None, "_noted": {}, "kept": {}}.items():
            object.__setattr__(self, name, value)


FORMS = ("PKCS#10", "certreq.inf")
TEMPLATE_FIELD = f"certificationRequestInfo.attributes.{ATTRIBUTES[NAME_VALUE_PAIR]}.CertificateTemplate"


def _overwritten(der: bytes) -> bytes:
    """The request with asterisks for every challenge password; its lengths stay. Where it is damaged, all that follows goes."""
    octets, place = bytearray(der), 0
    while (found := der.find(_CHALLENGE, place)) >= 0:
        place = found + len(_CHALLENGE)
        try:
            values = read(der, place, len(der))
            spans = [(value.content, value.content_stop) for value in children(der, values)]
        except TlvError:
            spans = [(place, len(der))]
        for start, stop in spans:
            octets[start:stop] = b"*" * (stop - start)
    return bytes(octets)


_STATE = (
    "index",
    "der",
    "location",
    "form",
    "lines",
    "said",
    "makes_certificate",
    "faults",
    "given_fingerprint",
    "proof",
    "verdict",
    "answered",
    "certificate",
)
_CHALLENGE = encode_oid(CHALLENGE_PASSWORD)
_INFO = "certificationRequestInfo"
_FIELD_NAMES = {"version": "version", "subject": "subject", "key": "subjectPKInfo", "attributes": "attributes"}
_look_at_all_fields = attrgetter(
    "signature_algorithm",
    "signature_value",
    "version",
    "subject",
    "common_names",
    "public_key",
    "attributes",
    "basic_constraints",
    "key_usage",
    "extended_key_usage",
    "dns_names",
    "ip_addresses",
    "template",
    "provider",
    "os_version",
)


def _extensions(value: bytes, place: str) -> tuple[Extension, ...]:
    return read_extensions(value, read(value, 0, len(value)), place)


def _texts(value: bytes, count: int) -> tuple[str, ...]:
    """The strings among the members of a SEQUENCE, at most so many."""
    found = (text(value, member) for member in children(value, read(value, 0, len(value))))
    strings = tuple(islice((string for string in found if string is not None), count))
    if len(strings) < count:
        raise TlvError(f"it holds fewer than {count} strings")
    return strings


def _template(value: bytes) -> str | None:
    """The name, as a string; or CertificateTemplate ::= SEQUENCE { templateID OID, major INTEGER OPTIONAL, minor OPTIONAL }."""
    element = read(value, 0, len(value))
    if element.tag != SEQUENCE:
        return text(value, element)
    members = list(children(value, element))
    name = first_oid(value, element)
    numbers = [str(int.from_bytes(value[m.content : m.content_stop], "big")) for m in members[1:3] if m.tag == INTEGER]
    return f"{name} {'.'.join(numbers)}" if numbers else name


# -- The certificate to be ---------------------------------------------------------------------------------------------

UNKNOWN_CA = encode(
    SEQUENCE, encode(SET, encode(SEQUENCE, encode_oid("2.5.4.3"), encode(0x0C, b"the CA that will issue it")))
)
"""The issuer's name in a certificate to be, where nothing is known of the CA."""


def certificate_to_be(
    request: Request, *, issuer: bytes, key: PublicKey | None, algorithm: bytes, at: datetime
) -> Certificate | None:
    """The certificate that a CA would issue for a request if it gave all that was asked, not signed yet.

    :param request: what is asked for.
    :param issuer: the CA's name, in DER.
    :param key: the CA's key; None where none is known.
    :param algorithm: the AlgorithmIdentifier with which it will sign, in DER.
    :param at: a time at which it is to hold.
    :returns: None where the request has no key that stands in its place.
    """
    skeleton = request._skeleton
    if skeleton.key is None:
        return None
    subject = request.subject_raw or encode(SEQUENCE)
    wanted = request.der[skeleton.key.start : skeleton.key.stop]
    asked: dict[str, Extension] = {}
    for extension in request.extensions:
        if extension.oid not in _LEFT_TO_THE_CA:
            asked.setdefault(extension.oid, extension)
    nameless = subject == encode(SEQUENCE)
    # RFC 5280, section 4.2.1.6: "If the subject field contains an empty sequence, then the issuing CA MUST include a
    # subjectAltName extension that is marked as critical."
    extensions = [
        _extension(extension, critical=extension.critical or (nameless and extension.oid == SUBJECT_ALT_NAME))
        for extension in asked.values()
    ]
    tbs = encode(
        SEQUENCE,
        encode(CONTEXT_0, encode(INTEGER, b"\x02")),
        encode(INTEGER, b"\x01"),
        algorithm,
        issuer,
        encode(SEQUENCE, _time(at, timedelta(days=-1)), _time(at, timedelta(days=1))),
        subject,
        wanted,
        *([encode(CONTEXT_3, encode(SEQUENCE, *extensions))] if extensions else []),
    )
    der = encode(SEQUENCE, tbs, algorithm, encode(BIT_STRING, b"\0" + promise(key)))
    return Certificate(index=0, der=der, location=request.location, awaited=True)


def promise(key: PublicKey | None) -> bytes:
    """What stands in place of the signature that a CA's key has still to make: other certificates of its name have other keys."""
    return sha256(key.octets if key else b"")


def _extension(extension: Extension, *, critical: bool) -> bytes:
    flag = encode(0x01, b"\xff") if critical else b""
    return encode(SEQUENCE, encode_oid(extension.oid), flag, encode(OCTET_STRING, extension.value))


def _time(at: datetime, away: timedelta) -> bytes:
    try:
        moment = at.astimezone(UTC) + away
    except OverflowError:  # at the ends of time
        moment = at
    return encode(GENERALIZED_TIME, moment.strftime("%Y%m%d%H%M%SZ").rjust(15, "0").encode())


def asked_in(field: str | None) -> str | None:
    """Where a request asks for what a certificate's field holds: the field's path in the request."""
    if field is None:
        return None
    for part in ("key", "subject", "extensions"):
        there, here = getattr(Certificate.PATHS, part), getattr(Request.PATHS, part)
        if field.startswith(there):
            return str(here + field.removeprefix(there))
    return field
