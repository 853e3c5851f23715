"""A row for each finding, for spreadsheets and their users; a report without one has a row of its own."""

import csv as writer
from collections.abc import Iterable, Iterator
from io import StringIO

from ..findings import Finding
from ..report import Report
from .words import harmless

_COLUMNS = (
    *("input", "verdict", "profile", "severity", "rule", "role", "certificate", "subject", "fingerprint_sha256"),
    *("document", "line", "field", "message", "remedy", "references"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula, or strips to find one (OWASP, CSV Injection)."""


def csv(report: Report) -> str:
    """The findings below a row of headings."""
    return "".join(csv_series([report]))


def csv_series(reports: Iterable[Report]) -> Iterator[str]:
    """The findings of several reports below one row of headings."""
    yield _line(_COLUMNS)
    for report in reports:
        rows = [_row(report, finding) for finding in report.findings]
        yield "".join(map(_line, rows or [_row(report, None)]))


def _row(report: Report, finding: Finding | None) -> Iterator[str]:
    yield from (report.name, report.verdict.value, report.profile)
    if finding is None:
        yield from [""] * (len(_COLUMNS) - 3)
        return
    certificate = None if finding.certificate is None else report.certificates[finding.certificate]
    place = finding.location
    yield from (finding.severity.value, finding.rule, finding.role.value if finding.role else "")
    yield from (certificate.title, certificate.subject, certificate.fingerprint_sha256) if certificate else ("", "", "")
    yield from (place.document, str(place.line or ""), place.field or "") if place else ("", "", "")
    yield from (finding.message, finding.remedy, "; ".join(finding.references))


def _line(cells: Iterable[str]) -> str:
    line = StringIO()
    writer.writer(line, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(text: str) -> str:
    """The text, never a formula: the apostrophe in front of it is what spreadsheets themselves write for that."""
    text = harmless(text)
    return f"'{text}" if text.startswith(_FORMULA) else text
