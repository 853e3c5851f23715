"""The extensions that have a class in sun.security.x509, and what each class asks of its value."""

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ...pkix.extensions import DNS_NAME, is_short_identifier, is_short_string, plain_names
from ...tlv import GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, SET, SHORTEST_LENGTH, length_of
from ..der import encode
from .names import read_general_name, read_general_names, read_relative_name, read_uri
from .refusal import UnreadableError, fail
from .stream import BOOLEAN, Value, stream_of, whole_value

if TYPE_CHECKING:
    from . import CertificateFactory

_ENUMERATED = 0x0A


_STRANGE_FIELD: Final = "it holds a field that does not belong there"
_FIELD_TWICE: Final = "a field of it stands there twice"


def _subject_key_identifier(value: Value, _critical: bool) -> None:
    value.octets()


def _key_usage(value: Value, _critical: bool) -> None:
    value.flags()


def _private_key_usage(value: Value, _critical: bool) -> None:
    seen: set[int] = set()
    for field in stream_of(value.java, value.encoded()).members(SEQUENCE):
        if field.tag not in (0x80, 0x81):
            fail(_STRANGE_FIELD, "Invalid encoding of PrivateKeyUsageExtension")
        if field.tag in seen:
            fail(_FIELD_TWICE, "Duplicate notBefore in PrivateKeyUsage.")
        seen.add(field.tag)
        stream_of(value.java, encode(GENERALIZED_TIME, field.content)).time(GENERALIZED_TIME)


def _alternative_names(value: Value, _critical: bool) -> None:
    read_general_names(value)


def _basic_constraints(value: Value, _critical: bool) -> None:
    _need_sequence(value, "BasicConstraints")
    stream = value.stream
    if stream.available == 0:
        return
    first = stream.value()
    if first.tag != BOOLEAN:
        return  # "non-CA cert", and the rest is not looked at
    first.boolean()
    if stream.available == 0:
        return
    limit = stream.value()
    if limit.tag != INTEGER:
        fail("its path length is no INTEGER", "Invalid encoding of BasicConstraints")
    limit.small_integer()


def _name_constraints(value: Value, _critical: bool) -> None:
    _need_sequence(value, "NameConstraintsExtension")
    seen: set[int] = set()
    for field in value.stream.values():
        if field.tag not in (0xA0, 0xA1):
            fail(_STRANGE_FIELD, "Invalid encoding of NameConstraintsExtension.")
        if field.tag in seen:
            fail(_FIELD_TWICE, "Duplicate permitted GeneralSubtrees in NameConstraintsExtension.")
        seen.add(field.tag)
        for tree in field.stream.values():
            _need_sequence(tree, "GeneralSubtree")
            read_general_name(tree.stream.value(), constraint=True)
            for bound in tree.stream.values():
                if bound.tag not in (0x80, 0x81):
                    fail(
                        "one of its subtrees holds a field that does not belong there",
                        "Invalid encoding of GeneralSubtree.",
                    )
                _implicit_integer(bound)


def _policies(value: Value, _critical: bool) -> None:
    _need_sequence(value, "CertificatePoliciesExtension")
    for policy in value.stream.values():
        _need_sequence(policy, "PolicyInformation")
        policy.stream.value().oid()
        if policy.stream.available == 0:
            continue
        qualifiers = policy.stream.value()
        _need_sequence(qualifiers, "PolicyInformation")
        if qualifiers.stream.available == 0:
            fail("a policy in it has an empty list of qualifiers", "No data available in policyQualifiers")
        for qualifier in qualifiers.stream.values():
            _need_sequence(qualifier, "PolicyQualifierInfo")
            qualifier.stream.value().oid()


def _policy_mappings(value: Value, _critical: bool) -> None:
    _need_sequence(value, "PolicyMappingsExtension")
    for pair in value.stream.values():
        _need_sequence(pair, "CertificatePolicyMap")
        pair.stream.value().oid()
        pair.stream.value().oid()


def _policy_constraints(value: Value, _critical: bool) -> None:
    _need_sequence(value, "PolicyConstraint")
    seen: dict[int, int] = {}
    for field in value.stream.values():
        if field.tag not in (0x80, 0x81):
            fail(_STRANGE_FIELD, "Invalid encoding of PolicyConstraint")
        if seen.get(field.tag, -1) != -1:
            fail(_FIELD_TWICE, "Duplicate requireExplicitPolicy found in the PolicyConstraintsExtension")
        seen[field.tag] = _implicit_integer(field)


def _inhibit_any_policy(value: Value, critical: bool) -> None:
    if not critical:
        fail("it is not critical", "Criticality cannot be false for InhibitAnyPolicy")
    if value.tag != INTEGER or value.small_integer() < -1:
        fail("it is no number of certificates", "Invalid encoding of InhibitAnyPolicy: data not integer")


def _authority_key_identifier(value: Value, _critical: bool) -> None:
    _need_sequence(value, "AuthorityKeyIdentifierExtension")
    seen: set[int] = set()
    for field in value.stream.values():
        if field.tag not in (0x80, 0xA1, 0x82):
            fail(_STRANGE_FIELD, "Invalid encoding of AuthorityKeyIdentifierExtension.")
        if field.tag in seen:
            fail(_FIELD_TWICE, "Duplicate KeyIdentifier in AuthorityKeyIdentifier.")
        seen.add(field.tag)
        if field.tag == 0xA1:
            read_general_names(_as_tag(field, SEQUENCE))
        elif field.tag == 0x82:
            _as_tag(field, INTEGER).integer()


def _extended_key_usage(value: Value, _critical: bool) -> None:
    _need_sequence(value, "ExtendedKeyUsageExtension")
    for purpose in value.stream.values():
        purpose.oid()


def _distribution_points(value: Value, _critical: bool) -> None:
    _need_sequence(value, "CRLDistributionPoints")
    for point in value.stream.values():
        _need_sequence(point, "DistributionPoint")
        seen: set[int] = set()
        for field in point.stream.values():
            if field.tag not in (0xA0, 0x81, 0xA2):
                fail("a point in it holds a field that does not belong there", "Invalid encoding of DistributionPoint.")
            if field.tag in seen:
                fail(
                    "a field of a point in it stands there twice",
                    "Duplicate DistributionPointName in DistributionPoint.",
                )
            seen.add(field.tag)
            if field.tag == 0xA0:
                _distribution_point_name(field.stream.value())
            elif field.tag == 0x81:
                field.flags(any_tag=True)
            else:
                read_general_names(_as_tag(field, SEQUENCE))
        if not seen & {0xA0, 0xA2}:
            fail(
                "a point in it has neither a name nor an issuer",
                "One of fullName, relativeName, and crlIssuer has to be set",
            )


def _distribution_point_name(name: Value) -> None:
    if name.tag == 0xA0:
        read_general_names(_as_tag(name, SEQUENCE))
    elif name.tag == 0xA1:
        read_relative_name(_as_tag(name, SET))
    else:
        fail(
            "the name of a distribution point in it is of no known kind",
            "Invalid DistributionPointName in DistributionPoint",
        )


def _issuing_distribution_point(value: Value, _critical: bool) -> None:
    _need_sequence(value, "IssuingDistributionPointExtension")
    for field in value.stream.values():
        if field.tag == 0xA0:
            _distribution_point_name(field.stream.value())
        elif field.tag == 0x83:
            field.flags(any_tag=True)
        elif field.tag in (0x81, 0x82, 0x84, 0x85):
            _as_tag(field, BOOLEAN).boolean()
        else:
            fail(_STRANGE_FIELD, "Invalid encoding of IssuingDistributionPoint")


def _information_access(value: Value, _critical: bool) -> None:
    _need_sequence(value, "AuthorityInfoAccessExtension")
    for description in value.stream.values():
        description.stream.oid()
        read_general_name(description.stream.value())


def _crl_number(value: Value, _critical: bool) -> None:
    value.integer()


def _reason_code(value: Value, _critical: bool) -> None:
    if value.tag != _ENUMERATED:
        fail("it is no ENUMERATED", "DerValue.getEnumerated, not expected")
    _implicit_integer(value)


def _as_tag(value: Value, tag: int) -> Value:
    """resetTag, for what stands under an IMPLICIT tag."""
    return Value(value.java, tag, value.buffer, value.start, value.end)


def _implicit_integer(value: Value) -> int:
    return _as_tag(value, INTEGER).small_integer()


def _need_sequence(value: Value, name: str) -> None:
    if value.tag != SEQUENCE:
        fail(
            f"a SEQUENCE is expected, and a value with tag 0x{value.tag:02x} stands there",
            f"Invalid encoding for {name}.",
        )


# -- Plain values ------------------------------------------------------------------------------------------------------
#
# What differs from certificate to certificate or from CA to CA is told by its octets where it is plain DER that all releases
# read alike.


def _plain_names(_java: "CertificateFactory", octets: bytes) -> bool:
    """GeneralNames that are DNS names, of which everything is taken, and addresses."""
    names = plain_names(octets)
    return names is not None and all(kind == DNS_NAME or len(name) in (4, 8, 16, 32) for kind, name in names)


def _plain_string(_java: "CertificateFactory", octets: bytes) -> bool:
    return is_short_string(octets)


def _plain_key_identifier(_java: "CertificateFactory", octets: bytes) -> bool:
    return is_short_identifier(octets)


def _plain_points(java: "CertificateFactory", octets: bytes) -> bool:
    """One distribution point that is named by URIs alone."""
    head, size = _POINT.match(octets), len(octets)
    if head is None or any([length_of(head[number]) != size - head.end(number) for number in range(1, 5)]):
        return False
    return _plain_uris(java, octets, _NAME, head.end())


def _plain_accesses(java: "CertificateFactory", octets: bytes) -> bool:
    """Descriptions of where to ask OCSP or to find the CA's certificate, each with a URI."""
    head = _SEQUENCE.match(octets)
    if head is None or length_of(head[1]) != len(octets) - head.end():
        return False
    return _plain_uris(java, octets, _ACCESS, head.end())


def _plain_uris(java: "CertificateFactory", octets: bytes, pattern: re.Pattern[bytes], place: int) -> bool:
    """Whether from there on all is of the pattern, each time with a URI behind it."""
    size = len(octets)
    if place == size:
        return False
    while place < size:
        head = pattern.match(octets, place)
        if head is None:
            return False
        place = head.end() + length_of(head[head.re.groups])
        if place > size or length_of(head[1]) != place - head.end(1):
            return False
        read_uri(java, octets[head.end() : place])
    return True


_SEQUENCE = re.compile(rb"\x30(%b)" % SHORTEST_LENGTH)
# CRLDistributionPoints, DistributionPoint, [0] DistributionPointName, [0] fullName (RFC 5280, section 4.2.1.13)
_POINT = re.compile(rb"\x30(%b)\x30(%b)\xa0(%b)\xa0(%b)" % (*[SHORTEST_LENGTH] * 4,))
_NAME = re.compile(rb"\x86(%b)" % SHORTEST_LENGTH)
# AccessDescription: id-ad-ocsp or id-ad-caIssuers (section 4.2.2.1), uniformResourceIdentifier
_ACCESS = re.compile(rb"\x30(%b)\x06\x08\x2b\x06\x01\x05\x05\x07\x30[\x01\x02]\x86(%b)" % (*[SHORTEST_LENGTH] * 2,))

_PLAIN: MappingProxyType[Callable[[Value, bool], None], Callable[["CertificateFactory", bytes], bool]] = (
    MappingProxyType(
        {
            _alternative_names: _plain_names,
            _subject_key_identifier: _plain_string,
            _authority_key_identifier: _plain_key_identifier,
            _distribution_points: _plain_points,
            _information_access: _plain_accesses,
        }
    )
)


def _is_plain(java: "CertificateFactory", reader: Callable[[Value, bool], None], octets: bytes) -> bool:
    plain = _PLAIN.get(reader)
    try:
        return plain is not None and plain(java, octets)
    except UnreadableError:
        return False  # the reader says what is wrong with it


_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_KEY_USAGE = "2.5.29.15"
SUBJECT_ALT_NAME = "2.5.29.17"

EXTENSIONS: MappingProxyType[str, tuple[str, Callable[[Value, bool], None] | None]] = MappingProxyType(
    # OIDMap: the extensions that have a class, which reads the value as soon as the certificate is read.
    {
        "2.5.29.14": ("subjectKeyIdentifier", _subject_key_identifier),
        _KEY_USAGE: ("keyUsage", _key_usage),
        "2.5.29.16": ("privateKeyUsagePeriod", _private_key_usage),
        SUBJECT_ALT_NAME: ("subjectAltName", _alternative_names),
        "2.5.29.18": ("issuerAltName", _alternative_names),
        "2.5.29.19": ("basicConstraints", _basic_constraints),
        "2.5.29.20": ("cRLNumber", _crl_number),
        "2.5.29.21": ("reasonCode", _reason_code),
        "2.5.29.27": ("deltaCRLIndicator", _crl_number),
        "2.5.29.28": ("issuingDistributionPoint", _issuing_distribution_point),
        "2.5.29.29": ("certificateIssuer", _alternative_names),
        "2.5.29.30": ("nameConstraints", _name_constraints),
        "2.5.29.31": ("cRLDistributionPoints", _distribution_points),
        "2.5.29.32": ("certificatePolicies", _policies),
        "2.5.29.33": ("policyMappings", _policy_mappings),
        "2.5.29.35": ("authorityKeyIdentifier", _authority_key_identifier),
        "2.5.29.36": ("policyConstraints", _policy_constraints),
        "2.5.29.37": ("extKeyUsage", _extended_key_usage),
        "2.5.29.46": ("freshestCRL", _distribution_points),
        "2.5.29.54": ("inhibitAnyPolicy", _inhibit_any_policy),
        "1.3.6.1.5.5.7.1.1": ("authorityInfoAccess", _information_access),
        "1.3.6.1.5.5.7.1.11": ("subjectInfoAccess", _information_access),
        _NO_CHECK: ("ocspNoCheck", None),
        "2.16.840.1.113730.1.1": ("netscapeCertType", _key_usage),
    }
)


def read_extension(java: "CertificateFactory", name: str, critical: bool, octets: bytes) -> None:
    """The constructor of the extension's class, for those that have one."""
    _, reader = EXTENSIONS.get(name, (name, None))
    if reader is None or _is_plain(java, reader, octets):
        return  # of OCSP's no-check, "the value should be null, just ignore it here"
    if name == _KEY_USAGE and octets[:1] == bytes([OCTET_STRING]):
        octets = whole_value(java, octets).octets()
    if name == "2.5.29.16":
        # Read as a stream: what follows the SEQUENCE is not looked at.
        first = stream_of(java, octets).value()
        reader(first, critical)
    else:
        reader(whole_value(java, octets), critical)
