"""The form of a certificate."""

from collections.abc import Iterator

from ..certificate import Certificate
from ..findings import Severity
from ..rule import Problem, rule
from ..subject import Subject

_TOLERATED = ("tbsCertificate.extensions.", "tbsCertificate.serialNumber", "tbsCertificate.version")


@rule(severity="error", scope="certificate", references=("RFC 5280, section 4.1",))
def certificate_malformed(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A field of a certificate is not as RFC 5280 has it.

    ## What it means
    The field that the finding names is missing, of another type, or cannot be decoded. The rest of the certificate was
    judged all the same.

    ## Why it matters
    A field that the judgement rests on (a name, a date, the key, the signature) cannot be relied upon, and Java may refuse
    to parse the certificate. Observed: an extension that stands twice makes every release refuse; an unreadable
    subjectAltName or extKeyUsage that is not critical makes only Java 21 refuse. For extensions this is a warning.

    ## What to do
    Have the certificate reissued; tell the maker of the CA's software which field it is.

    ## How to see it yourself
    `openssl asn1parse -in FILE` shows the fields as they stand.

    ## Source
    RFC 5280, section 4.1 and its subsections, by the field's name. The behaviour of Java was observed.
    """
    for problem in certificate.problems:
        tolerated = problem.field.startswith(_TOLERATED) or "it is not in the form" in problem.reason
        yield Problem(
            certificate=certificate.index,
            field=problem.field,
            severity=Severity.WARNING if tolerated else None,
            message=f"{problem.field}: {problem.reason}.",
            remedy=f"Get the certificate again; if it comes the same way, have {certificate.issuer_title or 'the CA'} reissue it.",
            evidence={"field": problem.field},
        )
