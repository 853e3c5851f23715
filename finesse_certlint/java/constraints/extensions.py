"""Extensions of certificates that Java has read: what stands in them, where the release takes them for there at all."""

from collections.abc import Callable
from typing import Final, TypeVar

from ...certificate import Certificate
from ...recurring import recurring
from ...tlv import OCTET_STRING, read
from ..der import content, dotted, members, number
from ..parse import CertificateFactory

T = TypeVar("T")

KEY_USAGE: Final = "2.5.29.15"
SUBJECT_ALT_NAME: Final = "2.5.29.17"
BASIC_CONSTRAINTS: Final = "2.5.29.19"
NAME_CONSTRAINTS: Final = "2.5.29.30"
CERTIFICATE_POLICIES: Final = "2.5.29.32"
POLICY_MAPPINGS: Final = "2.5.29.33"
POLICY_CONSTRAINTS: Final = "2.5.29.36"
EXTENDED_KEY_USAGE: Final = "2.5.29.37"
INHIBIT_ANY_POLICY: Final = "2.5.29.54"
NETSCAPE_CERT_TYPE: Final = "2.16.840.1.113730.1.1"

UNLIMITED: Final = 0x7FFFFFFF


def extension_value(reads: CertificateFactory, certificate: Certificate, oid: str) -> bytes | None:
    """The extension's value; None where it is absent, or passed over as unreadable."""
    extension = certificate.extension(oid)
    if extension is None:
        return None
    passed_over = reads.unreadable_extensions(certificate)
    if not passed_over:
        return extension.value
    unreadable = [each.value for each in passed_over if each.oid == oid]
    if not unreadable:
        return extension.value
    # One that cannot be read and one that can are no extension twice.
    readable = (e.value for e in certificate.extensions if e.oid == oid and (e.critical or e.value not in unreadable))
    return next(readable, None)


def decoded(reads: CertificateFactory, certificate: Certificate, oid: str, decode: Callable[[bytes], T]) -> T | None:
    """What stands in the extension, by one of the functions below or the like; None as for `extension_value`."""
    value = extension_value(reads, certificate, oid)
    if value is None:
        return None
    try:
        return decode(value)
    except (ValueError, IndexError):
        # What Java reads in some way of its own, such as a length that DER does not allow.
        return None


def integer(value: bytes) -> int:
    """The number in an INTEGER."""
    return number(content(value, read(value, 0, len(value))))


@recurring(1024)
def bits(value: bytes) -> frozenset[int]:
    """The bits of a BIT STRING that are set, the first being 0."""
    octets = content(value, read(value, 0, len(value)))
    count = 8 * (len(octets) - 1) - octets[0]
    return frozenset(bit for bit in range(count) if octets[1 + bit // 8] & 0x80 >> bit % 8)


@recurring(1024)
def key_usage_bits(value: bytes) -> frozenset[int]:
    """KeyUsageExtension, for which the value may stand in an OCTET STRING of its own."""
    if value[0] == OCTET_STRING:
        value = content(value, read(value, 0, len(value)))
    return bits(value)


@recurring(1024)
def path_length(value: bytes) -> int:
    """How many CAs basicConstraints allow below; -1 where they are no CA's."""
    fields = members(value)
    # Without a BOOLEAN in front Java looks no further.
    if not fields or fields[0].tag != 0x01 or content(value, fields[0]) == b"\0":
        return -1
    return number(content(value, fields[1])) if len(fields) > 1 else UNLIMITED


@recurring(1024)
def purposes(value: bytes) -> tuple[str, ...]:
    """The OIDs in extKeyUsage."""
    return tuple(dotted(content(value, purpose)) for purpose in members(value))


@recurring(1024)
def policies(value: bytes) -> tuple[tuple[str, bool], ...]:
    """Each policy, and whether it has qualifiers."""
    found = []
    for element in members(value):
        fields = members(value, element)
        found.append((dotted(content(value, fields[0])), len(fields) > 1))
    return tuple(found)


@recurring(1024)
def policy_mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """Each pair of policies, the issuer's and the subject's."""
    found = []
    for element in members(value):
        issuer, subject = members(value, element)[:2]
        found.append((dotted(content(value, issuer)), dotted(content(value, subject))))
    return tuple(found)


@recurring(1024)
def policy_constraints(value: bytes) -> tuple[int, int]:
    """How many certificates may follow until a policy is required and until mapping ends; -1 where nothing is said."""
    found = {element.tag: number(content(value, element)) for element in members(value)}
    return found.get(0x80, -1), found.get(0x81, -1)
