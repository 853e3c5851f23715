"""One finding on a line, in the two dialects that pkimetal reads from the linters it runs (its linter/linter.go).

`lines` is that of certlint and x509lint: a letter for the severity, a colon, a blank, the words. `lines-json` is pkilint's: a
JSON object, of which pkimetal shows the code and the path. pkimetal reads no line of more than 64 KiB, so each finding
has an object of its own. What ends a series, `[EndOfResults]`, belongs to the conversation and not to the report.
"""

import json

from ..findings import Finding, Severity, printable
from ..report import Report
from .words import where

_LETTERS = {
    Severity.DEBUG: "D",
    Severity.INFO: "I",
    Severity.NOTICE: "N",
    Severity.WARNING: "W",
    Severity.ERROR: "E",
    Severity.FATAL: "F",
    Severity.BUG: "B",
}
_LONGEST = 8_000
"""Characters of a line, each of up to four bytes, that pkimetal's 64 KiB hold for sure."""


def lines(report: Report) -> str:
    """A line for each finding; nothing where there is none."""
    return "".join(f"{_LETTERS[finding.severity]}: {_words(report, finding)}\n" for finding in report.findings)


def _words(report: Report, finding: Finding) -> str:
    place = where(report, finding)
    words = f"{finding.rule}: {finding.message}" + (f" [{place}]" if place else "")
    return printable(" ".join(words.split("\n")))[:_LONGEST]


def json_lines(report: Report) -> str:
    """A JSON object for each finding; nothing where there is none."""
    return "".join(json.dumps(_result(report, finding), ensure_ascii=True) + "\n" for finding in report.findings)


def _result(report: Report, finding: Finding) -> dict[str, object]:
    path = finding.location.field if finding.location else None
    description = {
        "severity": finding.severity.value.upper(),
        "code": finding.rule,
        "message": " ".join(finding.message.split("\n"))[:_LONGEST],
    }
    node = {"node_path": path or "", "validator": "finesse_certlint", "finding_descriptions": [description]}
    return {"results": [node]}
