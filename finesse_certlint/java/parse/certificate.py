"""A whole certificate: X509Factory, X509CertImpl, X509CertInfo and CertificateExtensions."""

import re
from typing import TYPE_CHECKING

from ...pkix import Extension, extension_in
from ...tlv import BIT_STRING, GENERALIZED_TIME, SEQUENCE, UTC_TIME, TlvError
from .algorithms import Algorithm, read_algorithm
from .extensions import EXTENSIONS, SUBJECT_ALT_NAME, read_extension
from .indefinite import MAX_DEPTH
from .keys import read_public_key
from .names import read_name
from .refusal import CUT, CUT_OR_WRONG, INDEFINITE, LONG_LENGTH, Refusal, UnreadableError, UnreadableExtension, fail
from .stream import BOOLEAN, Stream, Value, stream_of, whole_value

if TYPE_CHECKING:
    from . import CertificateFactory


class Reading:
    """One certificate being read; `field` says where."""

    def __init__(self, java: "CertificateFactory", der: bytes) -> None:
        self.java = java
        self.field = "certificate"
        self.unreadable: list[UnreadableExtension] = []
        self.refusal: Refusal | None = None
        try:
            self._certificate(der)
        except UnreadableError as error:
            self.refusal = Refusal(field=self.field, reason=str(error))
        except IndexError:
            # As in Java, where a time or an end-of-contents is read beyond the end of the array.
            self.refusal = Refusal(
                field=self.field, reason='its encoding is broken off (Java: "ArrayIndexOutOfBoundsException")'
            )

    def _certificate(self, der: bytes) -> None:
        """X509Factory and X509CertImpl.parse."""
        value = whole_value(self.java, _first_block(der))
        if value.tag != SEQUENCE:
            fail("it is no SEQUENCE", "invalid DER-encoded certificate data")
        tbs, algorithm, signature = value.stream.value(), value.stream.value(), value.stream.value()
        if value.stream.available != 0:
            fail("something follows the signature inside the certificate", "signed overrun")
        self.field = "tbsCertificate"
        if tbs.tag != SEQUENCE:
            fail("it is no SEQUENCE", "signed fields invalid")
        self.field = "signatureAlgorithm"
        outer = read_algorithm(self.java, algorithm)
        if algorithm.stream.available != 0:
            fail("something follows the algorithm", "algid field overrun")
        self.field = "signatureValue"
        if signature.tag != BIT_STRING or signature.start == signature.end:
            fail("it is no BIT STRING", "DerValue.getBitString, not a bit string")
        padding = signature.content[0]
        if padding > 7 or (padding and signature.end - signature.start == 1):
            fail("it says that more bits are unused than there can be", "Invalid number of padding bits")
        inner = self._signed(tbs)
        self.field = "tbsCertificate.signature"
        if outer != inner:
            what = "another algorithm" if outer.oid != inner.oid else "the same algorithm with other parameters"
            fail(f"it names {what} than signatureAlgorithm", "Signature algorithm mismatch")

    def _signed(self, tbs: Value) -> Algorithm:
        """X509CertInfo.parse; the algorithm that stands in it."""
        stream = tbs.stream
        version = 0
        self.field = "tbsCertificate.version"
        value = stream.value()
        if value.context(0):
            if value.constructed:
                version = value.stream.value().small_integer()
            value = stream.value()
        self.field = "tbsCertificate.serialNumber"
        value.integer()
        self.field = "tbsCertificate.signature"
        algorithm = read_algorithm(self.java, stream.value())
        self.field = "tbsCertificate.issuer"
        if read_name(stream):
            fail("it is empty", "Empty issuer DN not allowed in X509Certificates")
        self._validity(stream)
        self.field = "tbsCertificate.subject"
        empty = read_name(stream)
        if empty and version == 0:
            fail("it is empty, in a certificate of version 1", "Empty subject DN not allowed in v1 certificate")
        self.field = "tbsCertificate.subjectPublicKeyInfo"
        read_public_key(self.java, stream.value())
        self._optional(stream, version, empty=empty)
        return algorithm

    def _validity(self, stream: Stream) -> None:
        self.field = "tbsCertificate.validity"
        value = stream.value()
        if value.tag == SEQUENCE and PLAIN_VALIDITY.fullmatch(value.content):
            return
        if value.tag != SEQUENCE or value.start == value.end:
            fail(
                "it is no SEQUENCE of two times", "Invalid encoded CertificateValidity, starting sequence tag missing."
            )
        times = stream_of(self.java, value.encoded()).members(SEQUENCE)
        if len(times) != 2:
            fail("it is not two times", "Invalid encoding for CertificateValidity")
        for time, name in zip(times, ("notBefore", "notAfter"), strict=True):
            self.field = f"tbsCertificate.validity.{name}"
            if time.tag not in (UTC_TIME, GENERALIZED_TIME):
                fail("it is neither UTCTime nor GeneralizedTime", "Invalid encoding for CertificateValidity")
            value.stream.time(time.tag)

    def _optional(self, stream: Stream, version: int, *, empty: bool) -> None:
        """What may follow the key: two identifiers and the extensions."""
        if stream.available == 0:
            return
        self.field = "tbsCertificate"
        if version == 0:
            fail(
                "a certificate of version 1 ends with its key, and here something follows",
                "no more data allowed for version 1 certificate",
            )
        value = stream.value()
        for number, name in ((1, "issuerUniqueID"), (2, "subjectUniqueID")):
            if value.context(number):
                self.field = f"tbsCertificate.{name}"
                value.bits(any_tag=True)
                if stream.available == 0:
                    return
                self.field = "tbsCertificate"
                value = stream.value()
        self.field = "tbsCertificate.version"
        if version != 2:
            fail(
                f"extensions are there, which need version 3, and it says {version + 1}",
                "Extensions not allowed in v2 certificate",
            )
        self.field = "tbsCertificate.extensions"
        found = self._extensions(value.stream) if value.tag == 0xA3 else None
        self.field = "tbsCertificate.subject"
        if empty:
            if found is None or SUBJECT_ALT_NAME not in found:
                fail(
                    "it is empty, and there is no subjectAltName",
                    "subject field is empty, and SubjectAlternativeName extension is absent",
                )
            if not found[SUBJECT_ALT_NAME]:
                fail(
                    "it is empty, and subjectAltName is not critical",
                    "SubjectAlternativeName extension MUST be marked critical when subject field is empty",
                )

    def _extensions(self, stream: Stream) -> dict[str, bool]:
        """CertificateExtensions: the extensions that were kept, each with its criticality."""
        found: dict[str, bool] = {}
        for value in stream.members(SEQUENCE):
            name, critical = _sound_extension(value) or self._extension(value)
            if name in found:
                self.field = _field(name)
                fail("this extension stands there more than once", "Duplicate extensions not allowed")
            if name:
                found[name] = critical
        return found

    def _extension(self, value: Value) -> tuple[str, bool]:
        """The OID and the criticality of one; without the OID where it is passed over, because it cannot be read."""
        self.field = "tbsCertificate.extensions"
        fields = value.inside()
        name = fields.oid()
        self.field = _field(name)
        critical, octets = _criticality_and_value(fields)
        try:
            read_extension(self.java, name, critical, octets)
        except (UnreadableError, IndexError) as error:
            reason = CUT if isinstance(error, IndexError) else str(error)
            if critical:
                fail(f"it is critical, and it cannot be read: {reason}")
            self.unreadable.append(UnreadableExtension(oid=name, field=self.field, reason=reason, value=octets))
            return "", critical
        return name, critical


def _field(name: str) -> str:
    return f"tbsCertificate.extensions.{EXTENSIONS[name][0] if name in EXTENSIONS else name}"


def _criticality_and_value(fields: Stream) -> tuple[bool, bytes]:
    content = fields.value()
    critical = False
    if content.tag == BOOLEAN:
        critical = content.boolean()
        content = fields.value()
    return critical, content.octets()


def _sound_extension(value: Value) -> tuple[str, bool] | None:
    """The same of an extension in plain DER that can be read, wherever it stands; None for another."""
    try:
        extension = extension_in(value.encoded(), "")
    except TlvError:
        return None
    return (extension.oid, extension.critical) if extension and is_sound(value.java, extension) else None


def is_sound(java: "CertificateFactory", extension: Extension) -> bool:
    """Whether an extension is in plain DER and can be read."""
    found: bool | None = extension.kept.get(java.key)
    if found is None:
        found = extension.kept[java.key] = extension.in_der and _is_read(java, extension)
    return found


def _is_read(java: "CertificateFactory", extension: Extension) -> bool:
    try:
        read_extension(java, extension.oid, extension.critical, extension.value)
    except (UnreadableError, IndexError):
        return False
    return True


_PLAIN_TIME = rb"(?:\x17\x0d\d\d|\x18\x0f\d{4})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\dZ"
PLAIN_VALIDITY = re.compile(_PLAIN_TIME * 2)
"""Two times as RFC 5280, section 4.1.2.5, wants them, which all releases read."""


def _first_block(data: bytes) -> bytes:
    """X509Factory.readOneBlock: the certificate's bytes, without what follows."""
    if not data or data[0] != SEQUENCE:
        fail("it does not begin with a SEQUENCE", "Empty input")
    position, depth = 1, 0
    tag = SEQUENCE
    while True:
        first = _at(data, position)
        position += 1
        if first == 0x80:
            if not tag & 0x20:
                fail(INDEFINITE, "Non constructed encoding must have definite length")
            depth += 1
            if depth > MAX_DEPTH:
                fail("indefinite lengths nest too deep in it", "Nesting sequence depth limit reached.")
        else:
            length = first
            if first > 0x80:
                count = first & 0x7F
                if count > 4:
                    fail(LONG_LENGTH, "Invalid BER/DER data (too huge?)")
                if position + count > len(data):
                    fail(CUT, "Incomplete BER/DER length info")
                length = int.from_bytes(data[position : position + count], "big")
                position += count
            if position + length > len(data):
                fail(CUT_OR_WRONG, "Incomplete BER/DER data")
            position += length
            # Any value with tag 0 ends an indefinite length, even one that has content.
            if tag == 0 and depth:
                depth -= 1
        if depth == 0:
            return data[:position]
        tag = _at(data, position)
        if tag & 0x1F == 0x1F:
            fail("it holds a value whose tag has more than one octet", "Multi octets tag not supported")
        position += 1


def _at(data: bytes, position: int) -> int:
    if position >= len(data):
        fail(CUT, "BER/DER length info absent")
    return data[position]
