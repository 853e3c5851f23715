"""What Java checks along a path besides signatures: constraints on names, lengths, policies and key usage.

The path is what `sun.security.provider.certpath` is given for a TLS server: the server's certificate first, up to the
one below the trust anchor. What the anchor itself says constrains nothing, for PKIXValidator makes it with
`new TrustAnchor(cert, null)`. Java walks from the anchor down; so does this module, and names the first certificate that
Java would stumble over. CertPathValidator (certificates in order) and SunCertPathBuilder (sorted) run the same checks on
a path that is complete: ConstraintsChecker and PolicyChecker whole, KeyChecker.verifyCAKeyUsage, and one set of critical
extensions that count as understood. Up to 8u181 sorting is another matter for lengths and names: there each CA is picked
by them (X509CertSelector), and ConstraintsChecker is not run.

Read in OpenJDK's sun/security/provider/certpath (ConstraintsChecker, PolicyChecker, PolicyNodeImpl, KeyChecker,
PKIXMasterCertPathValidator, ForwardBuilder, SunCertPathBuilder), sun/security/x509 (NameConstraintsExtension,
GeneralSubtrees, GeneralName and the kinds of names) and sun/security/validator (EndEntityChecker, SimpleValidator).
Where Java's own code trips over what it reads (an unchecked exception), the handshake ends as well, and that is a refusal.

Two things differ from Java. The tree of valid policies is kept as the policies of its lowest level, since no more of it
decides and the tree may grow without bound (RFC 9618). And after a million comparisons of names the rest is not
compared: such a path counts as refused.
"""

from collections.abc import Sequence
from typing import Final

import attrs

from ...certificate import Certificate
from .. import hostname, parse
from ..hostname import HostnameChecker
from ..parse import CertificateFactory
from . import policies, usage
from .extensions import NAME_CONSTRAINTS, NETSCAPE_CERT_TYPE, POLICY_CONSTRAINTS, UNLIMITED
from .usage import NOT_A_CA, RESOLVED
from .violation import Violation

__all__ = [
    "JAVA_7U80",
    "JAVA_7U181",
    "JAVA_8U181",
    "JAVA_8U504",
    "JAVA_11",
    "JAVA_17",
    "JAVA_21",
    "NETSCAPE_CERT_TYPE",
    "NOT_A_CA",
    "POLICY_CONSTRAINTS",
    "RESOLVED",
    "UNLIMITED",
    "PathConstraints",
    "Violation",
]


@attrs.frozen(kw_only=True)
class PathConstraints:
    """How one Java release judges a path. Each field is a difference between releases.

    Every method takes the path as PKIX has it (the server's certificate first, the trust anchor left out; RFC 5280
    section 6.1), looks at one kind of constraint, and returns the first violation that Java would meet, or None. The
    certificates are ones that the release can read (`parse.CertificateFactory`). Nothing is raised, whatever stands in
    them.
    """

    reads: CertificateFactory
    """Which non-critical extensions count as absent, since the release cannot read them. [X509CertImpl, parse]"""
    hostnames: HostnameChecker
    """How a wildcard is matched with an excluded name, and which string types a common name may have. [hostname]"""
    common_name_is_host: bool
    """Whether a common name is checked as a dNSName or iPAddress where subjectAltName holds none of the kind: from
    7u181; 7u80 has no such code. [NameConstraintsExtension.verify]"""
    labels_begin_with_letter: bool
    """Whether a common name is a domain name only if each of its labels begins with a letter: up to 8u181; later ones
    may begin with a digit. [DNSName, JDK-8213952]"""
    labels_limited: bool
    """Whether it also must keep to 63 octets to a label and 253 in all, and end no label with a hyphen: 21.0.13.
    [DNSName, JDK-8381771]"""
    common_name_wildcards: bool
    """Whether a common name with `*` counts as a domain name: 21.0.13. [NameConstraintsExtension.verify, as in 17.0.21]"""
    dot_domains: bool
    """Whether ".example.com" in a constraint means what lies below example.com: 17, 21. Before that no name fits it.
    [DNSName.constrains, JDK-8311546]"""
    excluded_wildcards: bool
    """Whether a wildcard name is refused that could stand for an excluded one: 21.0.13, not 17.0.15; taken for so in 8u504
    and 11.0.33 too, whose lines got it in the course of 2026. [DNSName.constrains(GeneralNameInterface, boolean)]"""
    names_select_cas: bool
    """Whether sorting looks for CAs whose nameConstraints allow the names below, the trust anchor's own among them, and
    leaves it at that: 7u80, 7u181, 8u181 (tried on 11.0.13; 17.0.9, of October 2023, does as the later ones).
    [ForwardBuilder.getMatchingCACerts, X509CertSelector.matchPathToNames]"""
    address_families_apart: bool
    """Whether an IPv4 name leaves an IPv6 constraint alone and the other way round: 21. Up to 17 the octets of both are
    compared all the same, until Java reads beyond an array's end. [IPAddressName.constrains, JDK-8267617]"""
    mapped_addresses: bool
    """Whether ::ffff:192.0.2.7 counts as 192.0.2.7: 21.0.13. [IPAddressName, as in 17.0.21]"""
    leaf_extensions_counted: bool
    """Whether the server's certificate may have no critical extension but keyUsage, extKeyUsage, basicConstraints and
    subjectAltName: 7u80, 7u181. From 8 on what PKIX understands is enough. [EndEntityChecker.checkRemainingExtensions]"""
    unreadable_purposes_refused: bool
    """Whether an unreadable, non-critical extKeyUsage refuses a server's certificate: 21. Before that it counts as
    absent. [X509CertImpl.getExtendedKeyUsage]"""

    def path_length(self, certificate: Certificate) -> int:
        """How many CAs may stand below a certificate (`X509CertImpl.getBasicConstraints`).

        :param certificate: the certificate, the trust anchor's among them.
        :returns: `UNLIMITED` where nothing is said; `NOT_A_CA` for what is no CA's, as one without basicConstraints, with
            such as the release cannot read, or with a path length of -1, which Java takes for the same.
        """
        return usage.path_length(self.reads, certificate)

    def basic_constraints(self, path: Sequence[Certificate], *, was_sorted: bool = False) -> Violation | None:
        """Whether each certificate above the server's is a CA's, and whether none has more CAs below it than it allows.

        A self-issued one is not counted; the path length is that of certificates, not of the anchor.
        `ConstraintsChecker.checkBasicConstraints`, alike in all releases; RFC 5280 sections 4.2.1.9 and 6.1.4.

        :param path: the path.
        :param was_sorted: whether Java sorted the certificates, which makes a difference to two oddities.
        :returns: the first violation from the anchor down, or None.
        """
        return usage.basic_constraints(self.reads, path, was_sorted=was_sorted)

    def key_usage(self, path: Sequence[Certificate]) -> Violation | None:
        """Whether each certificate above the server's that has a keyUsage may sign certificates; cRLSign is not asked for.

        `KeyChecker.verifyCAKeyUsage`, alike in all releases; RFC 5280 section 6.1.4 (n).

        :param path: the path.
        :returns: the first violation from the anchor down, or None.
        """
        return usage.key_usage(self.reads, path)

    def critical_extensions(self, path: Sequence[Certificate]) -> Violation | None:
        """Whether a certificate has a critical extension that PKIX does not understand.

        Which those are depends neither on the place in the path nor on the release (`RESOLVED`), nor on whether Java
        had to sort; what the server's certificate may have is less in Java 7 (`end_entity`). Critical
        cRLDistributionPoints and a critical Netscape certificate type are not understood. The evidence lists the OIDs.
        `PKIXMasterCertPathValidator.validate`, `ForwardBuilder.verifyCert`; RFC 5280 section 4.2.

        :param path: the path.
        :returns: the first violation from the anchor down, or None.
        """
        return usage.critical_extensions(path)

    def purposes(self, certificate: Certificate) -> Violation | None:
        """Whether the server's certificate has purposes, and none is a server's; the evidence lists those that it has.

        `EndEntityChecker.checkTLSServer`, of which this is a part; RFC 5280 section 4.2.1.12.

        :param certificate: the server's certificate.
        :returns: the violation, its index 0, or None.
        """
        return usage.purposes(self, certificate)

    def end_entity(self, certificate: Certificate, key_exchange: str) -> Violation | None:
        """Whether the server's certificate may be a server's, for a key exchange.

        Java asks this after the path, and not at all where the certificate itself is in the trust store.
        `EndEntityChecker.checkTLSServer`.

        :param certificate: the server's certificate.
        :param key_exchange: the authType that the trust manager is told: ECDHE_RSA, ECDHE_ECDSA, DHE_RSA, DHE_DSS, RSA,
            ..., and UNKNOWN under TLS 1.3.
        :returns: the first violation, its index 0, or None.
        """
        return usage.end_entity(self, certificate, key_exchange)

    def name_constraints(
        self, path: Sequence[Certificate], *, was_sorted: bool = False, anchor: Certificate | None = None
    ) -> Violation | None:
        """Whether the names in each certificate keep to the nameConstraints of those above it, critical or not.

        A self-issued certificate's names are not looked at unless it is the server's. Every certificate's constraints
        are merged with those above it, and that alone may end in a refusal: where the permitted names of two have
        nothing in common, Java fails to write down that nothing is permitted, whatever names there are below.
        `ConstraintsChecker.verifyNameConstraints`, `NameConstraintsExtension`; RFC 5280 sections 4.2.1.10 and 6.1.

        :param path: the path.
        :param was_sorted: whether Java sorted the certificates, since they were not in order.
        :param anchor: the trust anchor, whose constraints count where `names_select_cas` and Java sorted.
        :returns: the first violation from the anchor down, or None.
        """
        chooses = was_sorted and self.names_select_cas
        if not chooses and not any(certificate.extension(NAME_CONSTRAINTS) for certificate in path):
            return None
        from . import name_constraints  # which few certificates have

        return name_constraints.check(self, path, chooses=chooses, anchor=anchor)

    def policies(self, path: Sequence[Certificate]) -> Violation | None:
        """Whether a policy is left that holds for the whole path, where a certificate asks for one.

        Nothing is asked for at the outset (any policy will do, none is required), so that certificatePolicies alone
        refuse nothing but qualifiers in a critical one; policyConstraints with requireExplicitPolicy do.
        `PolicyChecker`, alike in all releases; RFC 5280 section 6.1.

        :param path: the path.
        :returns: the first violation from the anchor down, or None.
        """
        return policies.check(self.reads, path)


JAVA_7U80: Final = PathConstraints(
    reads=parse.JAVA_7U80,
    hostnames=hostname.JAVA_7U80,
    common_name_is_host=False,
    labels_begin_with_letter=True,
    labels_limited=False,
    common_name_wildcards=False,
    dot_domains=False,
    excluded_wildcards=False,
    names_select_cas=True,
    address_families_apart=False,
    mapped_addresses=False,
    leaf_extensions_counted=True,
    unreadable_purposes_refused=False,
)
"""7u80."""
JAVA_7U181: Final = attrs.evolve(
    JAVA_7U80, reads=parse.JAVA_7U181, hostnames=hostname.JAVA_7U181, common_name_is_host=True
)
"""7u181: a common name is constrained as a host."""
JAVA_8U181: Final = attrs.evolve(
    JAVA_7U181, reads=parse.JAVA_8U181, hostnames=hostname.JAVA_8U181, leaf_extensions_counted=False
)
"""8u181: a server's certificate may have critical policies and name constraints."""
JAVA_8U504: Final = attrs.evolve(
    JAVA_8U181,
    reads=parse.JAVA_8U504,
    hostnames=hostname.JAVA_8U504,
    labels_begin_with_letter=False,
    excluded_wildcards=True,
    names_select_cas=False,
)
"""8u504: sorted certificates are checked like others."""
JAVA_11: Final = attrs.evolve(JAVA_8U504, reads=parse.JAVA_11, hostnames=hostname.JAVA_11)
"""11.0.33."""
JAVA_17: Final = attrs.evolve(
    JAVA_11, reads=parse.JAVA_17, hostnames=hostname.JAVA_17, dot_domains=True, excluded_wildcards=False
)
"""17.0.15, which is older than the wildcards of 8u504 and 11.0.33."""
JAVA_21: Final = attrs.evolve(
    JAVA_17,
    reads=parse.JAVA_21,
    hostnames=hostname.JAVA_21,
    labels_limited=True,
    common_name_wildcards=True,
    excluded_wildcards=True,
    address_families_apart=True,
    mapped_addresses=True,
    unreadable_purposes_refused=True,
)
"""21.0.13."""
