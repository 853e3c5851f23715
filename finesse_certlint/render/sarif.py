"""SARIF 2.1.0 (OASIS), which code-scanning services read: one run, with a result for each finding.

A result always has a physical location, because GitHub passes over those without: lines where the file is text, bytes where
it is not. The same finding has the same partial fingerprint in every run (`finesse_certlint.identity`).
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any
from urllib.parse import quote

from ..findings import Finding, Location, Severity
from ..identity import fingerprints
from ..report import Explanation, Report
from .words import harmless, where

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ARTICLE = (
    "https://www.cisco.com/c/en/us/support/docs/contact-center/finesse/"
    "214617-troubleshoot-finesse-error-sslpeerunver.html"
)
_LEVELS = {
    Severity.DEBUG: "note",
    Severity.INFO: "note",
    Severity.NOTICE: "note",
    Severity.WARNING: "warning",
    Severity.ERROR: "error",
    Severity.FATAL: "error",
    Severity.BUG: "error",
}


def sarif(report: Report) -> str:
    """The report as a log with one run."""
    return sarif_series([report])


def sarif_series(reports: Iterable[Report]) -> str:
    """Several reports as a log with one run, in which each of their results stands in its own file."""
    reports = tuple(reports)
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(reports)]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _run(reports: tuple[Report, ...]) -> dict[str, Any]:
    explained = {explanation.rule: explanation for report in reports for explanation in report.explanations}
    names = sorted({finding.rule for report in reports for finding in report.findings})
    numbers = {name: number for number, name in enumerate(names)}
    documents = {document.name: document for report in reports for document in report.documents}
    notes = [_notification(finding) for report in reports for finding in report.findings if _crash(finding)]
    return {
        "tool": {"driver": _driver(reports, [_rule(name, explained.get(name)) for name in names])},
        "invocations": [
            {"executionSuccessful": not notes, "toolExecutionNotifications": notes}
            | ({"endTimeUtc": f"{reports[0].at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"} if reports else {})
        ],
        "artifacts": [
            {"location": {"uri": _uri(document.name)}, "length": document.size} for document in documents.values()
        ],
        "results": [_result(r, finding, digest, numbers) for r in reports for finding, digest in fingerprints(r)],
        "columnKind": "unicodeCodePoints",
        "properties": {
            "reports": [
                {
                    "name": harmless(report.name),
                    "verdict": report.verdict.value,
                    "profile": report.profile,
                    "profileTitle": report.profile_title,
                    "at": report.at.isoformat(),
                }
                for report in reports
            ]
        },
    }


def _driver(reports: tuple[Report, ...], rules: list[dict[str, Any]]) -> dict[str, Any]:
    version = {"version": reports[0].version, "semanticVersion": reports[0].version} if reports else {}
    return {"name": "finesse_certlint", **version, "informationUri": _ARTICLE, "rules": rules}


# -- Rules -------------------------------------------------------------------------------------------------------------


def _rule(name: str, explanation: Explanation | None) -> dict[str, Any]:
    words = "".join(part.capitalize() for part in name.split("-"))
    if explanation is None:  # a rule that crashed has nothing to say of itself
        summary = "A rule of finesse_certlint failed."
        return {"id": name, "name": words, "shortDescription": {"text": summary}, "fullDescription": {"text": summary}}
    sections = explanation.sections.items()
    described = {
        "id": name,
        "name": words,
        "shortDescription": {"text": explanation.summary},
        "fullDescription": {"text": explanation.sections.get("What it means", explanation.summary)},
        "help": {
            "text": "\n\n".join(f"{heading}\n{text}" for heading, text in sections),
            "markdown": "\n\n".join(f"## {heading}\n\n{text}" for heading, text in sections),
        },
        "defaultConfiguration": {"level": _LEVELS[explanation.severity]},
        "properties": {"tags": [explanation.topic], "references": list(explanation.references)},
    }
    link = _help_uri(explanation.references)
    return described | ({"helpUri": link} if link else {})


def _help_uri(references: Iterable[str]) -> str | None:
    """The first of what a rule rests on that stands on the web under an address of its own."""
    for reference in references:
        if "TechNote 214617" in reference:
            return _ARTICLE
        if found := re.search(r"RFC (\d+)(?:, section ([\d.]*\d))?", reference):
            section = f"#section-{found[2]}" if found[2] else ""
            return f"https://www.rfc-editor.org/rfc/rfc{found[1]}{section}"
    return None


# -- Results -----------------------------------------------------------------------------------------------------------


def _crash(finding: Finding) -> bool:
    return finding.severity is Severity.BUG


def _notification(finding: Finding) -> dict[str, Any]:
    return {"level": "error", "message": {"text": _message(finding.message)}, "descriptor": {"id": finding.rule}}


def _result(report: Report, finding: Finding, digest: str, numbers: Mapping[str, int]) -> dict[str, Any]:
    place = where(report, finding)
    text = (
        f"{finding.message}\nWhat to do: {finding.remedy}"
        if "\n" not in finding.remedy
        else (f"{finding.message}\nWhat to do:\n{finding.remedy}")
    )
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": {"text": _message(f"{place}\n{text}" if finding.certificate is not None else text)},
        "locations": [_location(report, finding)],
        "partialFingerprints": {"finesseCertlint/v1": digest},
        "properties": {"severity": finding.severity.value, "evidence": dict(finding.evidence)},
    }
    if finding.certificate is not None:
        certificate = report.certificates[finding.certificate]
        result["properties"]["certificate"] = {
            "subject": certificate.subject,
            "fingerprintSha256": certificate.fingerprint_sha256,
        }
    return result


def _message(text: str) -> str:
    """The text without what could be read as a link: SARIF has `[words](target)` in its messages (section 3.11.6)."""
    return re.sub(r"\[(?=[^\]]*\]\()", r"\\[", harmless(text))


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    place = finding.location
    document = place.document if place else report.documents[0].name if report.documents else report.name
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(document)}}
    region = _region(place) if place else None
    if region:
        physical["region"] = region
    location: dict[str, Any] = {"physicalLocation": physical}
    if place and place.field:
        location["logicalLocations"] = [
            {"name": place.field.rpartition(".")[2], "fullyQualifiedName": place.field, "kind": "member"}
        ]
    return location


def _region(place: Location) -> dict[str, int] | None:
    if place.line is not None:
        return {"startLine": place.line}
    if place.stop > place.start:
        return {"byteOffset": place.start, "byteLength": place.stop - place.start}
    return None


def _uri(name: str) -> str:
    """A file's name as a URI reference; an absolute path as a file URI."""
    path = quote(name or "input", safe="/", errors="surrogatepass")
    return f"file://{path}" if path.startswith("/") else path
