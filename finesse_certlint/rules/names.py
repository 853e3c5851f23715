"""Host names."""

import ipaddress
from collections.abc import Iterator

from ..certificate import Certificate
from ..findings import printable
from ..rule import Problem, rule
from ..subject import Subject

_GUIDE = "Cisco Finesse Administration Guide 12.0(1), Add certificate for HTTPS gadget"


@rule(severity="error", scope="input", needs=("hostname",), references=("RFC 2818, section 3.1",))
def hostname_mismatch(subject: Subject) -> Iterator[Problem]:
    """The server's certificate is not for the host name asked for.

    ## What it means
    Neither a dNSName in subjectAltName nor, where there is none, the last common name fits the host.

    ## Why it matters
    A client that checks host names refuses the server. Observed on Java 7u80 to 21: where the certificate has any
    dNSName, only these count; otherwise the last common name does.

    ## What to do
    Use the name in the URL that the certificate has, or have the certificate issued for the name in the URL.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -subject -ext subjectAltName`.

    ## Source
    RFC 2818, section 3.1: "If a subjectAltName extension of type dNSName is present, that MUST be used as the
    identity."
    """
    host = (subject.hostname or "").rstrip(".").lower()
    for certificate in _servers(subject):
        names = _identities(certificate, host)
        if any(_matches(name, host) for name in names):
            continue
        names = tuple(printable(name) for name in names[:50])
        shown = ", ".join(names[:10]) or "no name at all"
        yield Problem(
            certificate=certificate.index,
            field="tbsCertificate.extensions.subjectAltName",
            message=f"It is for {shown}, not for {host}.",
            remedy=f"Use a name in the URL that the certificate has, or have it reissued with {host} as common name and as "
            "dNSName in subjectAltName.",
            evidence={"hostname": host, "names": list(names)},
        )


@rule(severity="warning", scope="input", needs=("hostname",), references=(_GUIDE,))
def common_name_differs(subject: Subject) -> Iterator[Problem]:
    """The common name of the server's certificate is not the host name, though another of its names may be.

    ## What it means
    Cisco's guide asks that the host in the gadget's URL equal the certificate's common name, not only a name in
    subjectAltName.

    ## Why it matters
    Java does not ask for it where there is a dNSName in subjectAltName; Cisco's guide for Finesse 12.0 does.

    ## What to do
    Use the common name in the gadget's URL, or have the certificate reissued with the URL's host as common name.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -subject`.

    ## Source
    Cisco Finesse Administration Guide 12.0(1), on certificates for HTTPS gadgets.
    """
    host = (subject.hostname or "").rstrip(".").lower()
    for certificate in _servers(subject):
        common = [name.lower() for name in certificate.common_names]
        if host in common or not any(_matches(name, host) for name in _identities(certificate, host)):
            continue
        yield Problem(
            certificate=certificate.index,
            field="tbsCertificate.subject",
            message=f"Its common name is {certificate.title}, not {host}; Cisco's guide for Finesse 12.0 asks that they be equal.",
            remedy=f"Use {certificate.title} in the gadget's URL, or have the certificate reissued with the common name {host}.",
            evidence={"hostname": host, "common_names": [printable(name) for name in certificate.common_names]},
        )


def _servers(subject: Subject) -> Iterator[Certificate]:
    return (subject.certificates[index] for index in sorted(subject.hierarchy.servers))


def _identities(certificate: Certificate, host: str) -> tuple[str, ...]:
    if _is_address(host):
        return certificate.ip_addresses
    return certificate.dns_names or certificate.common_names[-1:]


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _matches(name: str, host: str) -> bool:
    """RFC 2818 section 3.1: a `*` stands for any one label, or a part of one, here of the leftmost label only."""
    if _is_address(host):
        return name == str(ipaddress.ip_address(host))
    name = name.rstrip(".").lower()
    first, dot, rest = name.partition(".")
    host_first, host_dot, host_rest = host.partition(".")
    if "*" not in first:
        return name == host
    before, _, after = first.partition("*")
    fits = host_first.startswith(before) and host_first.endswith(after) and len(host_first) >= len(before) + len(after)
    return fits and (dot, rest) == (host_dot, host_rest) and "*" not in after
