"""Whether a certificate is for a host: `sun.security.util.HostnameChecker` for TLS, release by release.

So far as it is reached through `X509TrustManagerImpl.checkIdentity` with endpoint identification "HTTPS" and a private
root (against the roots of Java's own cacerts the public suffix list counts too). Read in OpenJDK's HostnameChecker,
X509TrustManagerImpl, X509CertImpl, GeneralNames and their like, IPAddressUtil, IDN and StringPrep; measured against the
verdicts of seven releases, and against a live Java 17. The classes of java.net were those of Java 8 or later in every
measurement, for 7u80 and 7u181 too.
"""

import re
from typing import Literal

import attrs

from ...certificate import Certificate
from ...findings import printable
from ...pkix import SUBJECT_ALT_NAME
from ...pkix.extensions import DNS_NAME, plain_names
from ...tlv import TlvError
from ..addresses import inet_address, is_address, plain
from ..der import as_string
from ..general_names import Kind
from ..names import attributes, common_name
from .idn import DomainNameError, checked, normalized
from .matching import all_wildcards, difference
from .subject_alt_name import RefusedError, alternative_names


@attrs.frozen(kw_only=True)
class Mismatch:
    """Why Java refuses a certificate for a host."""

    reason: str
    """What Java says, and which of its rules it comes from, in words for people."""
    names: tuple[str, ...]
    """The identities that were looked at, as they stand in the certificate; hostile characters and all."""
    at_fault: Literal["dNSName", "iPAddress", "host"]
    """What would have to change: the certificate's names or addresses, or the host, which no certificate can fit."""


@attrs.frozen(kw_only=True)
class HostnameChecker:
    """How one Java release compares a host with a certificate. Each field is a difference between releases."""

    tries_server_name: bool
    """Whether the name in the handshake's server_name is tried before the URL's host: from 8. [X509TrustManagerImpl]"""
    drops_trailing_dot: bool
    """Whether a host's trailing dot is taken off before the comparison: 8u504, 11, 17, 21. [X509TrustManagerImpl]"""
    demands_domain_names: bool
    """Whether host and name must be what SNIHostName takes (letters, digits, hyphens; no empty label, no trailing dot;
    IDNA 2003): from 7u181. 7u80 compares whatever stands there. [matchDNS, isMatched]"""
    compares_addresses: bool
    """Whether addresses are compared as numbers: from 7u181. 7u80 compares text, which for IPv6 is the long form that
    Java writes, 2001:db8:0:0:0:0:0:7. [matchIP]"""
    wildcard_stand_in: Literal["x", "z"]
    """The letter put for `*` when a name's form is looked at: x up to 8u181, z from 8u504. [isMatched]"""
    wildcard_needs_domain: bool
    """Whether `*` needs a dot behind it, and more than a dot: 8u504, 11, 17, 21. [hasIllegalWildcard]"""
    wildcard_leftmost_only: bool
    """Whether `*` counts in the leftmost label only: 21. Before that in every label. [isMatched, JDK-7192189]"""
    decodes_names: bool
    """Whether `xn--` labels on both sides are decoded before the comparison: 11, 17, 21. [isMatched]"""
    common_name_normalized: bool
    """Whether a common name must be in Unicode's normal form NFKC: 8u504, 11, 17, 21. [matchDNS]"""
    reads_universal_string: bool
    """Whether a common name may be a UniversalString: 17, 21. [DerValue.getAsString]"""
    unreadable_names_refused: bool
    """Whether an unreadable, non-critical subjectAltName ends in a refusal: 21. Before that it counts as absent, and
    the common name is looked at. [X509CertImpl.getSubjectAlternativeNames]"""
    checks_other_names: bool
    """Whether an otherName's value must be tagged [0] to be readable: 21. [OtherName, JDK-8277976]"""
    uri_labels_begin_with_letter: bool
    """Whether a URI in subjectAltName is unreadable where a label of its host begins with a digit: up to 8u181.
    [DNSName, JDK-8213952]"""

    def mismatch(self, certificate: Certificate, host: str) -> Mismatch | None:
        """Compare the host with the certificate's names.

        :param certificate: the server's certificate, one that this release can read.
        :param host: the host as it stands in the URL: a name, an IPv4 address, or an IPv6 address with or without [].
        :returns: None where it fits, else why it does not. Nothing is raised, whatever stands in either.
        """
        if _is_among(certificate, host):
            return None
        peer = host[:-1] if self.drops_trailing_dot and host.endswith(".") else host
        server_name = self._server_name(peer)
        # Java tries the peer's host only where the handshake's name does not fit and is another.
        if (
            server_name is not None
            and server_name.lower() != peer.lower()
            and not self._compare(certificate, server_name)
        ):
            return None
        return self._compare(certificate, peer)

    def _server_name(self, host: str) -> str | None:
        """What the client says in server_name, if anything (`Utilities.rawToSNIHostName`)."""
        if not self.tries_server_name or host.find(".") <= 0 or host.endswith(".") or is_address(host):
            return None
        try:
            return checked(host)
        except DomainNameError:
            return None

    def _compare(self, certificate: Certificate, host: str) -> Mismatch | None:
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        return self._address(certificate, host) if is_address(host) else self._name(certificate, host)

    # -- Addresses ---------------------------------------------------------------------------------------------------

    def _address(self, certificate: Certificate, host: str) -> Mismatch | None:
        shown = printable(host)
        try:
            found = alternative_names(self, certificate)
        except RefusedError as refusal:
            return Mismatch(reason=str(refusal), names=(), at_fault="iPAddress")
        if found is None:
            return Mismatch(
                reason=f"no subjectAltName that can be read is there, and an address such as {shown} is only looked for in it",
                names=(),
                at_fault="iPAddress",
            )
        wanted = inet_address(host)
        texts = []
        for kind, octets, text in found:
            if kind is not Kind.ADDRESS:
                continue
            texts.append(text)
            if text.lower() == host.lower() or (
                self.compares_addresses and wanted is not None and plain(octets) == wanted
            ):
                return None
        reason = f"no iPAddress in its subjectAltName is {shown}; an address in a dNSName or common name does not count"
        same = [text for kind, octets, text in found if kind is Kind.ADDRESS and plain(octets) == wanted]
        if same:
            reason = f"this release compares addresses as text, and writes this one {same[0]}"
        return Mismatch(reason=reason, names=tuple(texts), at_fault="iPAddress")

    # -- Names -------------------------------------------------------------------------------------------------------

    def _name(self, certificate: Certificate, host: str) -> Mismatch | None:
        shown = printable(host)
        if self.demands_domain_names:
            try:
                checked(host)
            except DomainNameError as error:
                reason = f"{shown} is no domain name for this release: {error}"
                return Mismatch(reason=reason, names=_raw_names(certificate), at_fault="host")
        try:
            found = alternative_names(self, certificate) or ()
            names = tuple(text for kind, _, text in found if kind is Kind.HOST)
            common = None if names else self._common_name(certificate)
        except RefusedError as refusal:
            return Mismatch(reason=str(refusal), names=_raw_names(certificate), at_fault="dNSName")
        if names:
            said = f"no dNSName in its subjectAltName matches {shown}, and where there is one the common name does not count"
        elif common is None:
            said = "it has neither a dNSName in a subjectAltName that can be read nor a common name"
        else:
            names = (common,)
            said = f"no dNSName is there to go by, and its last common name does not match {shown}"
        if names and self.common_name_normalized and common is not None and not normalized(common):
            said = "its common name is not in Unicode's normal form NFKC"
            return Mismatch(reason=said, names=names, at_fault="dNSName")
        why = ""
        for name in names:
            rule = difference(self, host, name)
            if rule is None:
                return None
            if not why and rule and all_wildcards(host.lower(), name.lower()):
                why = f"; of {printable(name)}: {rule}"
        return Mismatch(reason=said + why, names=names, at_fault="dNSName")

    def _common_name(self, certificate: Certificate) -> str | None:
        try:
            found = common_name(attributes(certificate.subject_raw))
        except TlvError:
            return None
        if found is None:
            return None
        text = as_string(*found, universal=self.reads_universal_string)
        if text is None:
            # A null that Java trips over.
            raise RefusedError(
                f"its common name is of a string type that this release cannot read (tag 0x{found[0]:02x})"
            )
        return text


_PLAIN_HOST = re.compile(
    r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.(?!xn--)[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)
"""A domain name in which no release sees an address, a wildcard, or anything to prepare, decode or object to."""


def _is_among(certificate: Certificate, host: str) -> bool:
    """Whether a plain domain name stands, letter by letter, in a subjectAltName that holds nothing but dNSNames.

    Every release takes that: it can read the names, and compares this one with itself.
    """
    if _PLAIN_HOST.fullmatch(host) is None:
        return False
    extension = certificate.extension(SUBJECT_ALT_NAME)
    names = plain_names(extension.value) if extension else None
    return names is not None and (DNS_NAME, host.encode()) in names and all([kind == DNS_NAME for kind, _ in names])


def _raw_names(certificate: Certificate) -> tuple[str, ...]:
    """The names that a reader would look for, where Java did not get as far as looking."""
    return certificate.dns_names or certificate.common_names[-1:]


JAVA_7U80 = HostnameChecker(
    tries_server_name=False,
    drops_trailing_dot=False,
    demands_domain_names=False,
    compares_addresses=False,
    wildcard_stand_in="x",
    wildcard_needs_domain=False,
    wildcard_leftmost_only=False,
    decodes_names=False,
    common_name_normalized=False,
    reads_universal_string=False,
    unreadable_names_refused=False,
    checks_other_names=False,
    uri_labels_begin_with_letter=True,
)
"""7u80: compares what stands there, as text."""

JAVA_7U181 = attrs.evolve(JAVA_7U80, demands_domain_names=True, compares_addresses=True)
"""7u181: host and names must be domain names; addresses are compared as numbers."""

JAVA_8U181 = attrs.evolve(JAVA_7U181, tries_server_name=True)
"""8u181: the name in the handshake is tried first."""

JAVA_8U504 = attrs.evolve(
    JAVA_8U181,
    drops_trailing_dot=True,
    wildcard_stand_in="z",
    wildcard_needs_domain=True,
    common_name_normalized=True,
    uri_labels_begin_with_letter=False,
)
"""8u504: a host's trailing dot is dropped, and a wildcard needs a domain."""

JAVA_11 = attrs.evolve(JAVA_8U504, decodes_names=True)
"""11.0.33: xn-- labels are compared decoded."""

JAVA_17 = attrs.evolve(JAVA_11, reads_universal_string=True)
"""17.0.15: as 11, but for UniversalString."""

JAVA_21 = attrs.evolve(JAVA_17, wildcard_leftmost_only=True, unreadable_names_refused=True, checks_other_names=True)
"""21.0.13: a wildcard counts in the leftmost label only, and what cannot be read is refused."""
