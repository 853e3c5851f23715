"""The time for which a certificate holds."""

from collections.abc import Iterable
from datetime import timedelta

from ..certificate import Certificate
from ..findings import Severity
from ..rule import Problem, rule
from ..subject import Subject

_SOURCE = ("RFC 5280, sections 4.1.2.5 and 6.1.3 (a)(2)",)


@rule(severity="error", scope="certificate", references=_SOURCE)
def certificate_expired(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's validity has ended.

    ## What it means
    The time of judgement lies behind its notAfter.

    ## Why it matters
    Every client refuses a server's or an issuing CA's certificate after its end. Observed on Java 7u181, 8u181 and
    17: the dates of a certificate in the trust store are not checked, so that an expired root still works there; then
    this is a warning only.

    ## What to do
    Renew it. For a CA renewed with its existing key, the certificates below it stay valid, up to their own end.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -enddate`.

    ## Source
    RFC 5280, section 6.1.3 (a)(2): "The certificate validity period includes the current time."
    """
    if certificate.not_after is None or subject.at <= certificate.not_after:
        return ()
    anchor = subject.is_anchor(certificate)
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.validity.notAfter",
        severity=Severity.WARNING if anchor else None,
        message=f"It expired on {certificate.not_after:%Y-%m-%d %H:%M} UTC, {_days(subject.at - certificate.not_after)} ago."
        + (" Observed: Java does not check the dates of a certificate in the trust store." if anchor else ""),
        remedy=f"The administrator of {certificate.title} renews it"
        + ("." if anchor else " and installs the new certificate on the server."),
        evidence={"not_after": certificate.not_after.isoformat(), "at": subject.at.isoformat()},
    )
    return (problem,)


@rule(severity="error", scope="certificate", references=_SOURCE)
def certificate_not_yet_valid(subject: Subject, certificate: Certificate) -> Iterable[Problem]:
    """A certificate's validity has not begun.

    ## What it means
    The time of judgement lies before its notBefore.

    ## Why it matters
    Every client refuses a server's or an issuing CA's certificate before its time. Observed: Java does not check the
    dates of a certificate in the trust store; then this is a warning only.

    ## What to do
    Wait, or compare the clocks of the CA, the server and Finesse: a certificate from the future usually means a clock
    that is wrong.

    ## How to see it yourself
    `openssl x509 -in FILE -noout -startdate`, and `date` on each of the three machines.

    ## Source
    RFC 5280, section 6.1.3 (a)(2): "The certificate validity period includes the current time."
    """
    if certificate.not_before is None or subject.at >= certificate.not_before:
        return ()
    anchor = subject.is_anchor(certificate)
    problem = Problem(
        certificate=certificate.index,
        field="tbsCertificate.validity.notBefore",
        severity=Severity.WARNING if anchor else None,
        message=f"It is valid only from {certificate.not_before:%Y-%m-%d %H:%M} UTC, "
        f"{_days(certificate.not_before - subject.at)} from the time of judgement.",
        remedy="Compare the clocks of the CA, the server and Finesse; if they are right, wait or have it reissued.",
        evidence={"not_before": certificate.not_before.isoformat(), "at": subject.at.isoformat()},
    )
    return (problem,)


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
