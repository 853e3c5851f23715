"""What the extensions of a certificate allow."""

from collections.abc import Iterator

from ..certificate import Certificate
from ..findings import Severity, sentence
from ..java.constraints import RESOLVED
from ..pkix import SERVER_AUTH
from ..rule import Problem, rule
from ..subject import Path, Subject

_SERVER_PURPOSES = {
    SERVER_AUTH: "serverAuth",
    "2.5.29.37.0": "anyExtendedKeyUsage",
    "2.16.840.1.113730.4.1": "Netscape Server Gated Crypto",
    "1.3.6.1.4.1.311.10.3.3": "Microsoft Server Gated Crypto",
}


@rule(severity="error", scope="presented", references=("RFC 5280, section 4.2.1.12",))
def server_auth_missing(subject: Subject) -> Iterator[Problem]:
    """The server's certificate says what it may be used for, and a TLS server is not among it.

    ## What it means
    Its extKeyUsage extension names purposes, for example clientAuth alone, but not serverAuth.

    ## Why it matters
    Observed on Java 7u181, 8u181, 8u504 and 17: such a server is refused. Without the extension, or with
    anyExtendedKeyUsage or one of the old Server Gated Crypto purposes, it is accepted.

    ## What to do
    Have the certificate issued for serverAuth. On AD CS that is the template "Web Server" in place of, for example, "User"
    or "Computer" without that purpose.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -ext extendedKeyUsage` should print "TLS Web Server Authentication".

    ## Source
    RFC 5280, section 4.2.1.12: "If the extension is present, then the certificate MUST only be used for one of the
    purposes indicated." The behaviour of Java was observed.
    """
    for index in sorted(subject.hierarchy.servers):
        certificate = subject.certificates[index]
        violation = subject.profile.constraints.purposes(certificate)
        if violation is None:
            continue
        purposes = violation.evidence.get("purposes", certificate.extended_key_usage)
        if purposes is None:
            continue  # what nobody can read is certificate-malformed's matter
        yield Problem(
            certificate=index,
            field="tbsCertificate.extensions.extKeyUsage",
            message=(
                f"Its extKeyUsage allows {', '.join(purposes) or 'nothing'}, and not serverAuth ({SERVER_AUTH}). "
                "Observed: Java refuses it as a server's."
                if "purposes" in violation.evidence
                else f"{sentence(violation.reason)}."
            ),
            remedy=f"Have {certificate.issuer_title or 'the CA'} reissue it with the purpose serverAuth.",
            before_issue=f"Make the request anew with serverAuth ({SERVER_AUTH}) in extKeyUsage, or without that extension; or "
            "agree with the CA that it issues for serverAuth whatever the request says (on AD CS the template decides).",
            evidence={"purposes": list(purposes)},
        )


@rule(severity="error", scope="certificate", references=("RFC 5280, section 4.2",))
def critical_extension_unknown(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A certificate has a critical extension that Java does not process.

    ## What it means
    An extension marked critical must be understood by whoever uses the certificate. This one is not among those that
    Java processes, which are those that RFC 5280, section 4.2, has every client process.

    ## Why it matters
    Observed on Java 7u80 to 21: an unknown critical extension on the server's or an issuing CA's certificate is refused,
    and so are critical CRL distribution points; on 17 and 21 also key identifiers and a Netscape certificate type that
    are critical. On a certificate in the trust store it does no harm; there this is a warning.

    ## What to do
    Have the certificate reissued with that extension not critical, or without it.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -text` marks such extensions "critical".

    ## Source
    RFC 5280, section 4.2: "A certificate-using system MUST reject the certificate if it encounters a critical extension it
    does not recognize or a critical extension that contains information that it cannot process." The behaviour of Java was
    observed.
    """
    for extension in certificate.critical_extensions:
        if extension.oid in RESOLVED:
            continue
        anchor = subject.is_anchor(certificate)
        yield Problem(
            certificate=certificate.index,
            field=extension.field,
            severity=Severity.WARNING if anchor else None,
            message=f"The extension {extension.oid} is critical, and Java does not process it."
            + (" Observed: on a certificate in the trust store Java passes over it." if anchor else ""),
            remedy=f"Have {certificate.issuer_title or 'the CA'} reissue it with that extension not critical, or without it.",
            before_issue="Make the request anew without that extension, or with it not critical.",
            evidence={"oid": extension.oid},
        )


@rule(severity="notice", scope="path", references=("RFC 5280, section 4.2.1.12",))
def ca_purpose_passed_over(subject: Subject, path: Path) -> Iterator[Problem]:
    """A CA's certificate names purposes, and a TLS server is not among them.

    ## What it means
    The extKeyUsage extension stands in a CA's certificate, and has neither serverAuth nor anyExtendedKeyUsage. Some programs
    take it as a bound on all that the CA issues.

    ## Why it matters
    Observed: every Java from 7u80 to 21 passes over it in a CA's certificate, critical or not. OpenSSL 3.0 does not
    ("unsuitable certificate purpose"), so other clients may refuse the same server.

    ## What to do
    Nothing for Finesse. For other clients, have the server's certificate issued by a CA without that bound.

    ## How to see it yourself
    `openssl x509 -in CA.pem -noout -ext extendedKeyUsage`; `openssl verify -purpose sslserver` applies it.

    ## Source
    RFC 5280, section 4.2.1.12: "In general, this extension will appear only in end entity certificates." The behaviour of
    Java was observed.
    """
    for certificate in path.certificates[1:]:
        purposes = certificate.extended_key_usage
        if not purposes or not _SERVER_PURPOSES.keys().isdisjoint(purposes):
            continue
        yield Problem(
            certificate=certificate.index,
            field="tbsCertificate.extensions.extKeyUsage",
            message=f"A CA's certificate, and its extKeyUsage has {', '.join(purposes)} only. Observed: Java passes over that in a "
            "CA's certificate; other clients may refuse what it issued for a server.",
            remedy=f"Nothing for Finesse; for other clients, have {path.certificates[0].title} issued by a CA without that bound.",
            evidence={"purposes": list(purposes)},
        )
