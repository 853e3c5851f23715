"""The form of a certificate."""

from collections.abc import Iterator

from ..certificate import Certificate, FieldProblem
from ..findings import Severity
from ..rule import Problem, rule
from ..subject import Subject

_EXTENSION = "tbsCertificate.extensions."
_TOLERATED = ("tbsCertificate.serialNumber", "tbsCertificate.version")


@rule(severity="error", scope="certificate", references=("RFC 5280, section 4.1",))
def certificate_malformed(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
    """A field of a certificate is not as RFC 5280 has it.

    ## What it means
    The field that the finding names is missing, of another type, or cannot be decoded. The rest of the certificate
    was judged all the same.

    ## Why it matters
    A field that the judgement rests on (a name, a date, the key, the signature) cannot be relied upon, and Java may
    refuse to parse the certificate. Observed: an extension that stands twice makes every release refuse; an
    unreadable subjectAltName or extKeyUsage that is not critical makes only Java 21 refuse. So an unreadable extension
    is a warning where it is not critical, and an error where it is: RFC 5280, section 4.2, has every client reject "a
    critical extension that contains information that it cannot process".

    ## What to do
    Have the certificate reissued; tell the maker of the CA's software which field it is.

    ## How to see it yourself
    `openssl asn1parse -in FILE` shows the fields as they stand.

    ## Source
    RFC 5280, section 4.1 and its subsections, by the field's name. The behaviour of Java was observed.
    """
    for problem in certificate.problems:
        yield Problem(
            certificate=certificate.index,
            field=problem.field,
            severity=Severity.WARNING if _tolerated(certificate, problem) else None,
            message=f"{problem.field}: {problem.reason}.",
            remedy="Get the certificate again; if it comes the same way, have "
            f"{certificate.issuer_title or 'the CA'} reissue it.",
            evidence={"field": problem.field},
        )


def _tolerated(certificate: Certificate, problem: FieldProblem) -> bool:
    """Whether the clients read on, as far as was observed."""
    if problem.field.startswith(_EXTENSION):
        named = [extension for extension in certificate.extensions if extension.field == problem.field]
        return len(named) < 2 and not any(extension.critical for extension in named)
    return problem.field in _TOLERATED or "it is not in the form" in problem.reason
