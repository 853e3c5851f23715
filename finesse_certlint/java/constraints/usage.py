"""What a certificate may be used for: lengths of paths, key usage, purposes and critical extensions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from ...certificate import Certificate
from ...findings import printable
from ..names import self_issued
from ..parse import CertificateFactory
from . import extensions
from .extensions import (
    BASIC_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    EXTENDED_KEY_USAGE,
    INHIBIT_ANY_POLICY,
    KEY_USAGE,
    NAME_CONSTRAINTS,
    NETSCAPE_CERT_TYPE,
    POLICY_CONSTRAINTS,
    POLICY_MAPPINGS,
    SUBJECT_ALT_NAME,
    UNLIMITED,
    decoded,
    extension_value,
)
from .violation import EXTENSIONS, Violation

if TYPE_CHECKING:
    from . import PathConstraints

RESOLVED: Final = frozenset(
    {
        KEY_USAGE,
        SUBJECT_ALT_NAME,
        BASIC_CONSTRAINTS,
        NAME_CONSTRAINTS,
        CERTIFICATE_POLICIES,
        POLICY_MAPPINGS,
        POLICY_CONSTRAINTS,
        EXTENDED_KEY_USAGE,
        INHIBIT_ANY_POLICY,
    }
)
"""The critical extensions that a path may hold, at any place and in every release: what the checkers of PKIX resolve
while revocation is off (KeyChecker, ConstraintsChecker, PolicyChecker), and the list in ForwardBuilder.verifyCert."""
_SERVER_RESOLVES = frozenset({KEY_USAGE, EXTENDED_KEY_USAGE, NETSCAPE_CERT_TYPE, BASIC_CONSTRAINTS, SUBJECT_ALT_NAME})

_SERVER_PURPOSES = frozenset(
    {
        "1.3.6.1.5.5.7.3.1",  # serverAuth
        "2.5.29.37.0",  # anyExtendedKeyUsage
        "1.3.6.1.4.1.311.10.3.3",  # Microsoft's Server Gated Cryptography
        "2.16.840.1.113730.4.1",  # Netscape's
    }
)
_DIGITAL_SIGNATURE, _KEY_ENCIPHERMENT, _KEY_AGREEMENT, _KEY_CERT_SIGN = 0, 2, 4, 5
KEY_EXCHANGES = {
    "RSA": (_KEY_ENCIPHERMENT, "keyEncipherment", "KeyUsage does not allow key encipherment"),
    **dict.fromkeys(
        ("DHE_DSS", "DHE_RSA", "ECDHE_ECDSA", "ECDHE_RSA", "RSA_EXPORT", "UNKNOWN"),
        (_DIGITAL_SIGNATURE, "digitalSignature", "KeyUsage does not allow digital signatures"),
    ),
    **dict.fromkeys(
        ("DH_DSS", "DH_RSA", "ECDH_ECDSA", "ECDH_RSA"),
        (_KEY_AGREEMENT, "keyAgreement", "KeyUsage does not allow key agreement"),
    ),
}
_SSL_SERVER = 1
NOT_A_CA: Final = -1


def basic_constraints(reads: CertificateFactory, path: Sequence[Certificate], *, was_sorted: bool) -> Violation | None:
    """`ConstraintsChecker.checkBasicConstraints`."""
    remaining, limited_by = len(path), None
    for index in range(len(path) - 1, 0, -1):
        certificate = path[index]
        own = self_issued(certificate)
        if (certificate.version or 3) < 3:
            # "We choose to reject all version 1 and version 2 intermediate certificates except that it is self
            # issued by the trust anchor in order to support key rollover".
            limit = UNLIMITED if own and index == len(path) - 1 and not was_sorted else NOT_A_CA
        else:
            limit = path_length(reads, certificate)
        if limit == NOT_A_CA or (was_sorted and limit < 0):
            return Violation(
                index=index,
                field=f"{EXTENSIONS}basicConstraints",
                reason=f"{_no_authority(reads, certificate)} "
                '(Java: "basic constraints check failed: this is not a CA certificate")',
                evidence={"version": certificate.version},
            )
        if not own:
            if remaining <= 0:
                by = None if limited_by is None else path[limited_by]
                who = "" if by is None else f' by "{by.title}", whose pathLenConstraint is {path_length(reads, by)}'
                return Violation(
                    index=index,
                    field=f"{EXTENSIONS}basicConstraints",
                    reason=f'no further CA is allowed here{who} (Java: "basic constraints check failed: pathLenConstraint '
                    'violated - this cert must be the last cert in the certification path")',
                    evidence={"limited_by": limited_by},
                )
            remaining -= 1
        if limit < remaining:
            remaining, limited_by = limit, index
    return None


def path_length(reads: CertificateFactory, certificate: Certificate) -> int:
    """X509CertImpl.getBasicConstraints: -1 where it is no CA's, the largest int where there is no limit."""
    found = decoded(reads, certificate, BASIC_CONSTRAINTS, extensions.path_length)
    return NOT_A_CA if found is None else found


def _no_authority(reads: CertificateFactory, certificate: Certificate) -> str:
    if (certificate.version or 3) < 3:
        return f"it is a certificate of version {certificate.version}, which cannot say that it is a CA's"
    if certificate.extension(BASIC_CONSTRAINTS) is None:
        return "it has no basicConstraints, and so is no CA's"
    if extension_value(reads, certificate, BASIC_CONSTRAINTS) is None:
        return "its basicConstraints cannot be read, and so it is no CA's"
    return "its basicConstraints do not say that it is a CA's"


def key_usage(reads: CertificateFactory, path: Sequence[Certificate]) -> Violation | None:
    """`KeyChecker.verifyCAKeyUsage`."""
    for index in range(len(path) - 1, 0, -1):
        usages = decoded(reads, path[index], KEY_USAGE, extensions.key_usage_bits)
        if usages is not None and _KEY_CERT_SIGN not in usages:
            return Violation(
                index=index,
                field=f"{EXTENSIONS}keyUsage",
                reason="its keyUsage does not allow it to sign certificates "
                '(Java: "CA key usage check failed: keyCertSign bit is not set")',
                evidence={"bits": sorted(usages)},
            )
    return None


def critical_extensions(path: Sequence[Certificate]) -> Violation | None:
    """`PKIXMasterCertPathValidator.validate`, `ForwardBuilder.verifyCert`."""
    for index in range(len(path) - 1, -1, -1):
        unknown = [extension for extension in path[index].critical_extensions if extension.oid not in RESOLVED]
        if unknown:
            named = sorted({extension.oid for extension in unknown})
            return Violation(
                index=index,
                field=unknown[0].field,
                reason=f"{_listed('critical extension', named)} {_is(named)} not understood by this Java "
                '(Java: "unrecognized critical extension(s)")',
                evidence={"oids": named},
            )
    return None


def end_entity(rules: "PathConstraints", certificate: Certificate, key_exchange: str) -> Violation | None:
    """`EndEntityChecker.checkTLSServer`."""
    usage = KEY_EXCHANGES.get(key_exchange)
    if usage is None:
        shown = printable(key_exchange)
        return Violation(
            index=0,
            field=f"{EXTENSIONS}keyUsage",
            reason=f'Java knows no key exchange {shown} (Java: "Unknown authType: {shown}")',
            evidence={"key_exchange": key_exchange},
        )
    bit, name, logged = usage
    usages = decoded(rules.reads, certificate, KEY_USAGE, extensions.key_usage_bits)
    if usages is not None and bit not in usages:
        return Violation(
            index=0,
            field=f"{EXTENSIONS}keyUsage",
            reason=f'its keyUsage does not include {name}, which key exchange {key_exchange} needs (Java: "{logged}")',
            evidence={"bits": sorted(usages), "key_exchange": key_exchange},
        )
    return purposes(rules, certificate) or _server_type(rules, certificate) or _remaining(rules, certificate)


def purposes(rules: "PathConstraints", certificate: Certificate) -> Violation | None:
    """`EndEntityChecker.checkEKU`."""
    field = f"{EXTENSIONS}extKeyUsage"
    if (
        rules.unreadable_purposes_refused
        and certificate.extension(EXTENDED_KEY_USAGE) is not None
        and extension_value(rules.reads, certificate, EXTENDED_KEY_USAGE) is None
    ):
        return Violation(
            index=0, field=field, reason="its extKeyUsage cannot be read (Java: CertificateParsingException)"
        )
    found = decoded(rules.reads, certificate, EXTENDED_KEY_USAGE, extensions.purposes)
    if found is None or not _SERVER_PURPOSES.isdisjoint(found):
        return None
    return Violation(
        index=0,
        field=field,
        reason="its extKeyUsage does not include serverAuth "
        '(Java: "Extended key usage does not permit use for TLS server authentication")',
        evidence={"purposes": list(found)},
    )


def _server_type(rules: "PathConstraints", certificate: Certificate) -> Violation | None:
    kinds = decoded(rules.reads, certificate, NETSCAPE_CERT_TYPE, extensions.bits)
    if kinds is None or _SSL_SERVER in kinds:
        return None
    return Violation(
        index=0,
        field=f"{EXTENSIONS}{NETSCAPE_CERT_TYPE}",
        reason="its Netscape certificate type does not include SSL server "
        '(Java: "Netscape cert type does not permit use for SSL server")',
        evidence={"bits": sorted(kinds)},
    )


def _remaining(rules: "PathConstraints", certificate: Certificate) -> Violation | None:
    if not rules.leaf_extensions_counted:
        return None
    unknown = [extension for extension in certificate.critical_extensions if extension.oid not in _SERVER_RESOLVES]
    if not unknown:
        return None
    named = sorted({extension.oid for extension in unknown})
    return Violation(
        index=0,
        field=unknown[0].field,
        reason=f"{_listed('critical extension', named)} {_is(named)} not understood by this Java in a server's "
        f'certificate (Java: "Certificate contains unsupported critical extensions: [{", ".join(named)}]")',
        evidence={"oids": named},
    )


def _listed(word: str, values: Sequence[str]) -> str:
    return f"{word}{'s' * (len(values) > 1)} {', '.join(values)}"


def _is(values: Sequence[str]) -> str:
    return "are" if len(values) > 1 else "is"
