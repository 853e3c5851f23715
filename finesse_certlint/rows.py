"""A report as rows of a table: one for each finding, or one that says that there is none."""

from collections.abc import Mapping, Sequence

from .certificate import Certificate
from .findings import Finding, Verdict
from .report import Report

FIELDS: tuple[tuple[str, type], ...] = (
    ("verdict", str),
    ("rule", str),
    ("severity", str),
    ("certificate", int),
    ("fingerprint_sha256", str),
    ("role", str),
    ("subject", str),
    ("issuer", str),
    ("signature_algorithm", str),
    ("field", str),
    ("message", str),
    ("remedy", str),
    ("error", str),
)
"""The columns. `verdict` is the input's; from `rule` to `remedy` it is one finding and the certificate that it is about, null
where there is none; `error` says why an input could not be judged, and then all others are null."""

Row = tuple[str | int | None, ...]
_NO_FINDING: Row = (None,) * (len(FIELDS) - 2)


_SAID_NOTHING: Mapping[str | None, tuple[Row]] = {
    verdict: ((verdict, *_NO_FINDING, None),) for verdict in (None, *(verdict.value for verdict in Verdict))
}


def rows(report: Report) -> Sequence[Row]:
    """The rows of a report, at least one."""
    return finding_rows(report.verdict.value, report.findings, report.certificates)


def finding_rows(
    verdict: str | None, findings: Sequence[Finding], certificates: Sequence[Certificate]
) -> Sequence[Row]:
    """The same, of a report's parts."""
    if not findings:
        return _SAID_NOTHING[verdict]
    return [(verdict, *_finding(finding, certificates), None) for finding in findings]


def error_row(reason: str) -> Row:
    """The row of an input for which there is no report."""
    return (None, *_NO_FINDING, reason)


def _finding(finding: Finding, certificates: Sequence[Certificate]) -> Row:
    of = None if finding.certificate is None else certificates[finding.certificate]
    algorithm = of.signature_algorithm if of else None
    return (
        finding.rule,
        finding.severity.value,
        finding.certificate,
        of.fingerprint_sha256 if of else None,
        finding.role.value if finding.role else None,
        of.subject if of else None,
        of.issuer if of else None,
        str(algorithm) if algorithm else None,
        finding.location.field if finding.location else None,
        finding.message,
        finding.remedy,
    )
