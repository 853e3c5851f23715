"""JUnit's XML, which every CI server shows: a suite for each report, in it the verdict and each rule as a test case."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC
from xml.etree import ElementTree as ET

from ..findings import Finding, Severity, Verdict, printable
from ..report import Report
from .words import harmless, where


def junit(report: Report) -> str:
    """The report as a suite."""
    return junit_series([report])


def junit_series(reports: Iterable[Report]) -> str:
    """Several reports, each as a suite."""
    root = ET.Element("testsuites", name="finesse_certlint")
    for report in reports:
        root.append(_suite(report))
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.attrib[count]) for suite in root)))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(report: Report) -> ET.Element:
    found: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        found[finding.rule].append(finding)
    crashed = found.pop("rule-crashed", [])
    cases = [_verdict(report)]
    cases += [_case(report, name, found[name]) for name in report.rules.run]
    cases += [_crashed(report, finding) for finding in crashed]
    for rule in report.rules.skipped:
        case = _new_case(report, rule.name)
        ET.SubElement(case, "skipped", message=printable(rule.reason))
        cases.append(case)
    suite = ET.Element(
        "testsuite",
        name=printable(report.name),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors=str(sum(case.find("error") is not None for case in cases)),
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        timestamp=f"{report.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}",
        time="0",
    )
    suite.extend(cases)
    return suite


def _new_case(report: Report, name: str) -> ET.Element:
    return ET.Element(
        "testcase", classname=f"finesse_certlint.{printable(report.profile)}", name=printable(name), time="0"
    )


def _verdict(report: Report) -> ET.Element:
    """Passed where the client accepts the input; all else is a failure, for whoever looks at nothing but colours."""
    case = _new_case(report, "verdict")
    if report.verdict is not Verdict.ACCEPTED:
        why = (
            "; ".join(dict.fromkeys(finding.rule for finding in report.breaking))
            or "something that decides is not there"
        )
        failure = ET.SubElement(case, "failure", type=report.verdict.value, message=f"{report.verdict.value}: {why}")
        failure.text = printable(f"{report.name}: {report.verdict.value} by {report.profile}: {report.profile_title}")
    return case


def _case(report: Report, name: str, findings: list[Finding]) -> ET.Element:
    """Failed by an error; what is milder is told in a case that passed."""
    case = _new_case(report, name)
    failures = [finding for finding in findings if finding.severity >= Severity.ERROR]
    rest = [finding for finding in findings if finding.severity < Severity.ERROR]
    if failures:
        first = printable(failures[0].message.split("\n")[0])
        failure = ET.SubElement(case, "failure", type=failures[0].severity.value, message=first)
        failure.text = "\n\n".join(_words(report, finding) for finding in failures)
    if rest:
        ET.SubElement(case, "system-out").text = "\n\n".join(_words(report, finding) for finding in rest)
    return case


def _crashed(report: Report, finding: Finding) -> ET.Element:
    case = _new_case(report, str(finding.evidence.get("rule", finding.rule)))
    error = ET.SubElement(case, "error", type="bug", message=printable(finding.message))
    error.text = _words(report, finding)
    return case


def _words(report: Report, finding: Finding) -> str:
    head = f"{finding.severity.value}  {where(report, finding)}".rstrip()
    return harmless(f"{head}\n{finding.message}\nWhat to do:\n{finding.remedy}")
