"""Host names."""

from collections.abc import Iterator

from ..certificate import Certificate
from ..findings import printable, sentence
from ..rule import Problem, rule
from ..subject import Subject

_GUIDE = "Cisco Finesse Administration Guide 12.0(1), Add certificate for HTTPS gadget"
_MOST_NAMES = 50


@rule(severity="error", scope="presented", needs=("hostname",), anchors=True, references=("RFC 2818, section 3.1",))
def hostname_mismatch(subject: Subject) -> Iterator[Problem]:
    """The server's certificate is not for the host name asked for.

    ## What it means
    Neither a dNSName in subjectAltName nor, where there is none, the last common name fits the host. An address is
    looked for among the iPAddress entries only.

    ## Why it matters
    A client that checks host names refuses the server. Observed on Java 7u80, 7u181, 8u181, 8u504, 11, 17 and 21: where
    the certificate has any dNSName, only these count; otherwise the last common name does. The releases differ: a host
    with an underscore fits no certificate from 7u181 on, even under a wildcard; a host with a trailing dot is refused by
    7u181 and 8u181 only. `*` or `ab*` stands for a host without a dot up to 8u181, and for nothing from 8u504 on; a
    wildcard to the right of the leftmost label counts up to 17, not in 21; `xn--*` fits no encoded name from 11 on;
    `*.com` is a wildcard like any other below a private root. 7u80 compares addresses as text, so that an abbreviated
    IPv6 address fails. A subjectAltName that cannot be read is passed over up to 17, and refused by 21.

    ## What to do
    Use the name in the URL that the certificate has, or have the certificate issued for the name in the URL.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -subject -ext subjectAltName`.

    ## Source
    RFC 2818, section 3.1: "If a subjectAltName extension of type dNSName is present, that MUST be used as the
    identity." OpenJDK's sun/security/util/HostnameChecker.java, release by release.
    """
    host = subject.hostname or ""
    shown_host = printable(host)
    for certificate in _servers(subject):
        found = subject.profile.hostnames.mismatch(certificate, host)
        if found is None:
            continue
        names = [printable(name) for name in found.names[:_MOST_NAMES]]
        shown = ", ".join(names[:10]) or "no name at all"
        if found.at_fault == "host":
            remedy = (
                f"Use another host in the gadget's URL, of letters, digits, hyphens and dots between them, and a certificate "
                f"for it: no certificate can be for {shown_host}."
            )
        elif found.at_fault == "iPAddress":
            remedy = (
                f"Use a name in the URL that the certificate has, or have it reissued with {shown_host} as iPAddress in "
                "subjectAltName."
            )
        else:
            remedy = (
                f"Use a name in the URL that the certificate has, or have it reissued with {shown_host} as common name and as "
                "dNSName in subjectAltName."
            )
        yield Problem(
            certificate=certificate.index,
            field="tbsCertificate.extensions.subjectAltName",
            message=f"It is for {shown}, not for {shown_host}: {found.reason}.",
            remedy=remedy,
            before_issue=_ask_for(found.at_fault, shown_host),
            evidence={"hostname": shown_host, "names": names, "reason": found.reason},
        )


def _ask_for(at_fault: str, host: str) -> str:
    """What to change before anything is issued."""
    if at_fault == "host":
        return (
            "Choose another host for the gadget's URL, of letters, digits, hyphens and dots between them, and make the request "
            f"for that: no certificate can be for {host}."
        )
    if at_fault == "iPAddress":
        return (
            f"Make the request anew with {host} as iPAddress in subjectAltName, or use a name in the URL that it has."
        )
    return (
        f"Make the request anew with {host} as common name and as dNSName in subjectAltName (`openssl req -new -addext "
        f"subjectAltName=DNS:{host}`, `keytool -certreq -ext san=dns:{host}`), or use a name in the URL that it has."
    )


@rule(severity="warning", scope="presented", needs=("hostname",), references=(_GUIDE,))
def common_name_differs(subject: Subject) -> Iterator[Problem]:
    """The common name of the server's certificate is not the host name, though another of its names may be.

    ## What it means
    Cisco's guide asks that the host in the gadget's URL equal the certificate's common name, not only a name in
    subjectAltName.

    ## Why it matters
    Java does not ask for it where there is a dNSName in subjectAltName, as was observed on 7u80, 7u181, 8u181, 8u504, 11,
    17 and 21; Cisco's guide for Finesse 12.0 does.

    ## What to do
    Use the common name in the gadget's URL, or have the certificate reissued with the URL's host as common name.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -subject`.

    ## Source
    Cisco Finesse Administration Guide 12.0(1), on certificates for HTTPS gadgets.
    """
    host = printable((subject.hostname or "").rstrip(".").lower())
    for certificate in _servers(subject):
        common = [printable(name.lower()) for name in certificate.common_names]
        if host in common or subject.profile.hostnames.mismatch(certificate, subject.hostname or "") is not None:
            continue
        own = certificate.title if any(name.strip() for name in common[-1:]) else None
        use = f"Use {own} in the gadget's URL, or " if own else ""
        yield Problem(
            certificate=certificate.index,
            field="tbsCertificate.subject",
            message=(
                f"Its common name is {own}, not {host}" if own else f"It has no common name, and the host is {host}"
            )
            + "; Cisco's guide for Finesse 12.0 asks that they be equal.",
            remedy=sentence(f"{use}have the certificate reissued with the common name {host}."),
            before_issue=sentence(f"{use}make the request anew with the common name {host}."),
            evidence={"hostname": host, "common_names": [printable(name) for name in certificate.common_names]},
        )


def _servers(subject: Subject) -> Iterator[Certificate]:
    return (subject.certificates[index] for index in sorted(subject.hierarchy.servers))
