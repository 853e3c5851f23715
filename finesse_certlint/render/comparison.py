"""A comparison for a terminal: one line for each client, one column for each certificate, and what it comes to.

Where the columns find no room, what breaks it stands behind each client in words.
"""

from collections import Counter
from typing import TYPE_CHECKING

from ..findings import Finding, Verdict, printable
from ..report import Report
from .text import fill
from .words import Rest

if TYPE_CHECKING:
    from ..compare import Comparison

_WIDEST_NAME = 28
_MOST_NAMES = 4
"""Certificates that are named; more of them are given by their numbers."""
_MOST_REASONS = 20


def comparison(compared: "Comparison", width: int) -> str:
    """The table, and below it which profiles accept the input and what breaks it for the others."""
    table = _table(compared)
    if max(map(len, table.split("\n"))) > width:
        table = _list(compared, width)
    parts = [printable(compared.name), table, _sum(compared, width), *_reasons(compared, width)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _table(compared: "Comparison") -> str:
    shown = _certificates(compared)
    head = ["", "", *(_title(compared.reports[0], index) for index in shown)]
    if _elsewhere(compared, shown):
        head.append("elsewhere")
    rows = [head]
    for report in compared.reports:
        findings = report.breaking
        cells = [", ".join(dict.fromkeys(f.rule for f in findings if f.certificate == index)) or "-" for index in shown]
        if len(head) > len(cells) + 2:
            rest = dict.fromkeys(f.rule for f in findings if f.certificate not in shown)
            cells.append(", ".join(rest) or "-")
        rows.append([report.profile, report.verdict.value, *cells])
    if len(head) == 2:
        del rows[0]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = ["   ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(f"  {line}" for line in lines)


def _list(compared: "Comparison", width: int) -> str:
    """The same without columns: behind each client each rule that breaks it, and on what."""
    names = max(len(report.profile) for report in compared.reports)
    verdicts = max(len(report.verdict.value) for report in compared.reports)
    lines = []
    for report in compared.reports:
        head = f"  {report.profile.ljust(names)}   {report.verdict.value.ljust(verdicts)}   "
        found: dict[str, list[Finding]] = {}
        for finding in report.breaking:
            found.setdefault(finding.rule, []).append(finding)
        for rule, findings in found.items():
            lines.append(_hanging(f"{rule}: {_on(report, findings)}", head, width))
            head = " " * len(head)
        if not found:
            lines.append(f"{head}-")
    return "\n".join(lines)


def _hanging(text: str, head: str, width: int) -> str:
    return head + fill(text, " " * len(head), width).lstrip()


def _on(report: Report, findings: list[Finding]) -> str:
    """What they stand on: certificates by their names, as long as these are few."""
    names = dict.fromkeys(_name(report, f) for f in findings if f.certificate is not None)
    others = [f for f in findings if f.certificate is None]
    if len(names) > _MOST_NAMES:
        return Rest(findings).places(report)
    return ", ".join([*names, *([Rest(others).places(report)] if others else [])])


def _name(report: Report, finding: Finding) -> str:
    assert finding.certificate is not None
    name = printable(report.certificates[finding.certificate].title or "without a name")
    return name if finding.handshake is None else f"{name} (connection {finding.handshake + 1})"


def _certificates(compared: "Comparison") -> list[int]:
    """Those on any client's paths, in the order in which they stand there."""
    return list(dict.fromkeys(i for r in compared.reports for chain in r.chains for i in chain.certificates))


def _elsewhere(compared: "Comparison", shown: list[int]) -> bool:
    return any(f.certificate not in shown for report in compared.reports for f in report.breaking)


def _title(report: Report, index: int) -> str:
    name = report.certificates[index].title or "without a name"
    return name if len(name) <= _WIDEST_NAME else name[: _WIDEST_NAME - 3] + "..."


def _sum(compared: "Comparison", width: int) -> str:
    verdicts = {report.verdict for report in compared.reports}
    if verdicts == {Verdict.ACCEPTED}:
        words = "Every profile accepts it."
    elif verdicts == {Verdict.REFUSED}:
        words = "No profile accepts it: another Java would not help, the certificates must change."
    elif Verdict.ACCEPTED in verdicts:
        words = (
            f"Accepted by {', '.join(compared.accepted_by)}. Where such a Java is in use, or can be, nothing need be reissued; "
            "for the others what is named below must change."
        )
    else:
        words = "No profile can say that it accepts it: something that decides is not here. `finesse-certlint lint` says what."
    return fill(words, "", width)


def _reasons(compared: "Comparison", width: int) -> list[str]:
    """Each reason once, with the profiles that give it."""
    found: dict[tuple[str, str | None], tuple[Finding, Report, list[str]]] = {}
    for report in compared.reports:
        for finding in report.breaking:
            of = None if finding.certificate is None else report.certificates[finding.certificate].fingerprint_sha256
            entry = found.setdefault((finding.rule, of), (finding, report, []))
            if report.profile not in entry[2]:
                entry[2].append(report.profile)
    parts = []
    told = Counter[str]()
    for finding, report, names in found.values():
        told[finding.rule] += 1
        if told[finding.rule] > _MOST_REASONS:
            continue
        where = "" if finding.certificate is None else f"   {report.certificates[finding.certificate].title}"
        first = finding.message.split("\n")[0]
        parts.append(
            f"{finding.rule}{where}\n"
            + fill(first, "  ", width)
            + "\n"
            + fill(f"For {', '.join(names)}. What to do: {finding.remedy.splitlines()[0]}", "  ", width)
        )
    for rule, count in told.items():
        if count > _MOST_REASONS:
            parts.append(f"{rule}\n  {count - _MOST_REASONS} more; --format json has them all.")
    return [printable_lines(part) for part in parts]


def printable_lines(text: str) -> str:
    """Every line made harmless for a terminal."""
    return "\n".join(printable(line) for line in text.split("\n"))
