"""The view that certificates and requests share: a name, a key and extensions, signed."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, ClassVar, Protocol, TypeVar

import attrs

from ..algorithms import SIGNATURES
from ..findings import Location, printable
from ..lazily import lazy
from ..recurring import recurring
from ..tlv import SignedParts, Tlv, TlvError, read, read_signed
from .extensions import (
    BASIC_CONSTRAINTS,
    EXTENDED_KEY_USAGE,
    KEY_USAGE,
    SERVER_AUTH,
    SUBJECT_ALT_NAME,
    BasicConstraints,
    Extension,
    basic_constraints,
    dns_names,
    extended_key_usage,
    extension_field,
    ip_addresses,
    key_usage,
)
from .identifiers import (
    NOT_WHOLE,
    AlgorithmIdentifier,
    PublicKey,
    bit_string,
    first_oid,
    key_members,
    key_size,
    read_algorithm,
    read_public_key,
)
from .names import rfc4514, values

T = TypeVar("T")


def sha256(data: bytes) -> bytes:
    """Their SHA-256."""
    import hashlib  # it loads OpenSSL, which takes longer than to judge a chain

    return hashlib.sha256(data).digest()


@attrs.frozen(kw_only=True)
class FieldProblem:
    """A field that is not as RFC 5280 has it: its path, and what is wrong."""

    field: str
    reason: str


@attrs.frozen(kw_only=True)
class Paths:
    """What the parts are called in the standard."""

    subject: str
    key: str
    extensions: str
    signature: str


class Skeleton(Protocol):
    """The elements of what is signed by name; None for what is not there."""

    @property
    def subject(self) -> Tlv | None:
        """The subject."""

    @property
    def key(self) -> Tlv | None:
        """The subjectPublicKeyInfo."""


@attrs.frozen(kw_only=True, slots=False)
class Signed:
    """What a certificate and a request have in common: a name, a key and extensions, signed.

    Attributes whose field is damaged are None; `problems` says why. It is its bytes and its place; two are equal where these are.
    """

    index: int
    der: bytes = attrs.field(repr=False)
    location: Location
    parts: SignedParts | None = attrs.field(default=None, repr=False, eq=False)
    """Where its parts stand in `der`, where that is known beforehand."""
    _noted: dict[str, str] = attrs.field(factory=dict, init=False, repr=False, eq=False)

    kept: dict[Any, Any] = attrs.field(factory=dict, init=False, repr=False, eq=False)
    """What others have worked out of its octets alone, each by a key of its own."""

    @lazy
    def fingerprint_sha256(self) -> str:
        """SHA-256 of exactly its bytes, in lower-case hexadecimal."""
        return sha256(self.der).hex()

    PATHS: ClassVar[Paths]

    @property
    def _skeleton(self) -> Skeleton:
        """Where its parts stand."""
        raise NotImplementedError

    def _note(self, field: str, reason: str) -> None:
        self._noted.setdefault(field, reason)

    def _field_problems(self, whole: str) -> tuple[FieldProblem, ...]:
        """What was noted; first what is wrong with all that is signed, whichever field was looked at first."""
        noted = sorted(self._noted.items(), key=lambda each: each[0] != whole)
        return tuple([FieldProblem(field=field, reason=reason) for field, reason in noted])

    def _decode(self, field: str, decode: Callable[[], T]) -> T | None:
        """The field's value, or None with a note: asn1crypto shows damage as almost any exception."""
        try:
            return decode()
        except Exception as error:  # noqa: BLE001
            self._note(field, reason(error))
            return None

    def _bytes(self, element: Tlv) -> bytes:
        return self.der[element.start : element.stop]

    def _content(self, element: Tlv) -> bytes:
        return self.der[element.content : element.content_stop]

    @lazy
    def _members(self) -> SignedParts:
        return self.parts or read_signed(self.der, read(self.der, 0, len(self.der)))

    # -- Signature ---------------------------------------------------------------------------------------------------

    @lazy
    def signature_algorithm(self) -> AlgorithmIdentifier | None:
        """The outer signatureAlgorithm."""
        return self._decode("signatureAlgorithm", lambda: read_algorithm(self.der, self._members.algorithm))

    @lazy
    def signature_oid(self) -> str | None:
        """The outer signature algorithm's dotted OID, without a look at anything else."""
        try:  # as `_decode` does, which for the one field that is read of every certificate would take as long as the reading
            algorithm = (self.parts or self._members).algorithm
            return _first_oid(self.der[algorithm.start : algorithm.stop])
        except Exception as error:  # noqa: BLE001
            self._note("signatureAlgorithm", reason(error))
            return None

    @property
    def tbs_bytes(self) -> bytes:
        """The bytes that are signed."""
        return self._bytes(self._members.signed)

    @lazy
    def signature_value(self) -> bytes | None:
        """The signature's octets."""
        found = self._decode(self.PATHS.signature, lambda: bit_string(self.der, self._members.value))
        if found is None:
            return None
        value, whole = found
        if not whole:
            self._note(self.PATHS.signature, NOT_WHOLE)
        return value

    # -- Name and key ------------------------------------------------------------------------------------------------

    @lazy
    def subject_raw(self) -> bytes:
        """The subject's DER; empty where it is missing."""
        element = self._skeleton.subject
        return b"" if element is None else self._bytes(element)

    @lazy
    def subject(self) -> str:
        """The subject in RFC 4514 form, every character that could deceive a reader escaped; "" for an empty name."""
        return self._decode(self.PATHS.subject, lambda: rfc4514(self.subject_raw)) or ""

    @lazy
    def common_names(self) -> tuple[str, ...]:
        """The subject's commonName values, in encoding order."""
        found = self._decode(self.PATHS.subject, lambda: values(self.subject_raw, "2.5.4.3"))
        return found or ()

    @lazy
    def public_key(self) -> PublicKey | None:
        """The subject's public key."""
        element = self._skeleton.key
        if element is None:
            return None
        field = self.PATHS.key
        found = self._decode(field, lambda: read_public_key(self._bytes(element)))
        if found is None or found.bits is not None:
            return found
        size = self._decode(field, lambda: key_size(found))
        if size == {} and found.name == "DSA" and not self._signed_with_dsa:
            self._note(field, "it has no parameters, which only one may leave out that is signed with DSA")
        if size and not self._decode(field, lambda: key_members(found.raw)[2]):
            self._note(field, NOT_WHOLE)
        return attrs.evolve(found, **size) if size else found

    @property
    def _signed_with_dsa(self) -> bool:
        """Only then may a DSA key go without parameters (RFC 3279 section 2.3.2; Java's AlgorithmChecker, observed on 17.0.15)."""
        row = SIGNATURES.get(self.signature_oid or "")
        return row is not None and row.family == "DSA"

    # -- Extensions --------------------------------------------------------------------------------------------------

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """Every extension, in order."""
        raise NotImplementedError

    def _without_repeats(self, found: tuple[Extension, ...]) -> tuple[Extension, ...]:
        """The same, with a note for each that stands there more than once, or has something behind its value."""
        for extension in filter(_EXCESS, found):
            self._note(extension.field, "something stands behind its value")
        oids = [*map(_OID, found)]
        if len(set(oids)) < len(oids):
            for repeated in {name for name in oids if oids.count(name) > 1}:
                self._note(
                    extension_field(self.PATHS.extensions, repeated), "this extension stands there more than once"
                )
        return found

    def extension(self, dotted: str) -> Extension | None:
        """The first extension of that OID."""
        return self._first_extensions.get(dotted)

    @lazy
    def _first_extensions(self) -> dict[str, Extension]:
        found = self.extensions[::-1]
        return dict(zip(map(_OID, found), found, strict=True))

    def has_any(self, oids: frozenset[str]) -> bool:
        """Whether it has an extension of one of these OIDs."""
        return not oids.isdisjoint(self._first_extensions)

    def _extension_value(self, dotted: str, decode: Callable[[bytes], T]) -> T | None:
        extension = self._first_extensions.get(dotted)
        if extension is None:
            return None
        if decode in extension.kept:
            found: T = extension.kept[decode]
            return found
        return self._decode(extension.field, lambda: extension.kept.setdefault(decode, decode(extension.value)))

    @lazy
    def basic_constraints(self) -> BasicConstraints | None:
        """The extension's value, None where it is absent or unreadable."""
        return self._extension_value(BASIC_CONSTRAINTS, basic_constraints)

    @lazy
    def key_usage(self) -> frozenset[str] | None:
        """The set bits by their names in RFC 5280 section 4.2.1.3 (`keyCertSign`), None where it is absent."""
        return self._extension_value(KEY_USAGE, key_usage)

    @lazy
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """The purposes as dotted OIDs, None where it is absent."""
        return self._extension_value(EXTENDED_KEY_USAGE, extended_key_usage)

    @lazy
    def dns_names(self) -> tuple[str, ...]:
        """The dNSName values of subjectAltName."""
        return self._extension_value(SUBJECT_ALT_NAME, dns_names) or ()

    @lazy
    def ip_addresses(self) -> tuple[str, ...]:
        """The iPAddress values of subjectAltName that are whole addresses."""
        return self._extension_value(SUBJECT_ALT_NAME, ip_addresses) or ()

    @property
    def ca(self) -> bool:
        """Whether basicConstraints says that it is a CA's."""
        return self.basic_constraints is not None and self.basic_constraints.ca

    @property
    def for_server(self) -> bool:
        """Whether it names a host or the purpose serverAuth: a server's own certificate, whatever else it says."""
        return bool(self.dns_names) or SERVER_AUTH in (self.extended_key_usage or ())


_OID, _EXCESS = attrgetter("oid"), attrgetter("excess")


@recurring(1024)  # few algorithms sign all certificates
def _first_oid(raw: bytes) -> str:
    return first_oid(raw, read(raw, 0, len(raw)))


def reason(error: Exception) -> str:
    """What a field's decoding failed of, in words."""
    if isinstance(error, TlvError):
        return str(error)
    first = " ".join(str(error).split())
    return f"it cannot be decoded ({type(error).__name__}: {printable(first[:160])})"
