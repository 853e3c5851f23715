"""For a terminal: the answer, then where it breaks, then what to do; no line that a reader must decode."""

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

from ..findings import Finding, Severity, Verdict, printable
from ..report import NOT_ASKED, Report

if TYPE_CHECKING:  # a report's parts have these types; a rendering knows nothing else of them
    from ..certificate import Certificate
    from ..chain import Chain

_WIDTH = 110
_MOST_CHAINS = 5
_HEADLINE = {
    Verdict.ACCEPTED: "Nothing in these certificates makes this client refuse the server. If the connection fails all "
    "the same, look elsewhere: the cipher suites, the host name, the trust store, a restart that is due.",
    Verdict.REFUSED: "",
    Verdict.UNDETERMINED: "Something that decides is not here; the findings say what.",
}


def text(report: Report, width: int = _WIDTH) -> str:
    """The report as lines of text, without colour, of at most `width` columns where the names allow it."""
    findings = (_finding(report, finding, width) for finding in report.findings)
    parts = [_head(report, width), *_chains(report), *findings, _foot(report)]
    whole = "\n\n".join(part for part in parts if part)
    # Names in certificates are harmless by now; those of files and hosts are what the caller gave.
    return "".join(f"{printable(line)}\n" for line in whole.split("\n"))


def _head(report: Report, width: int) -> str:
    first = f"{report.verdict.value}   {printable(report.name)}   by {report.profile}: {report.profile_title}"
    note = _HEADLINE[report.verdict] if report.certificates else ""
    return f"{first}\n{_fill(note, '', width)}" if note else first


# -- Chains ----------------------------------------------------------------------------------------------------------


def _chains(report: Report) -> list[str]:
    shown = [_chain(report, number, chain) for number, chain in enumerate(report.chains[:_MOST_CHAINS])]
    left = len(report.chains) - len(shown)
    if left:
        shown.append(f"  {left} more paths are not drawn; --format json has them all.")
    apart = _apart(report)
    return [*shown, apart] if apart else shown


def _chain(report: Report, number: int, chain: "Chain") -> str:
    rows = []
    for place, index in enumerate(chain.certificates):
        label = report.roles[index] if place == 0 else "issued by"
        rows.append(_row(report, label, report.certificates[index], chain=number))
    if chain.missing_issuer is not None and not _self_issued_end(report, chain):
        rows.append(("issued by", "?", chain.missing_issuer or "a CA without a name", "not in the input", ""))
    head = ""
    if len(report.chains) > 1:
        head = f"  path {number + 1} of {len(report.chains)}: {chain.verdict.value}\n"
    return head + _table(rows)


def _self_issued_end(report: Report, chain: "Chain") -> bool:
    return report.certificates[chain.certificates[-1]].self_issued


def _apart(report: Report) -> str:
    """The certificates that stand in no path."""
    used = {index for chain in report.chains for index in chain.certificates}
    apart = [c for c in report.certificates if c.index not in used and not c.trusted]
    if not apart:
        return ""
    rows = [_row(report, report.roles[c.index], c) for c in apart[:_MOST_CHAINS]]
    more = f"\n  and {len(apart) - _MOST_CHAINS} more" if len(apart) > _MOST_CHAINS else ""
    return f"  in no path\n{_table(rows)}{more}"


_Row = tuple[str, str, str, str, str]


def _row(report: Report, label: str, certificate: "Certificate", chain: int | None = None) -> _Row:
    broken = any(
        finding.severity >= Severity.ERROR
        and finding.certificate == certificate.index
        and finding.chain in (None, chain)
        for finding in report.findings
    )
    algorithm = str(certificate.signature_algorithm or "signature algorithm unreadable")
    until = f"until {certificate.not_after:%Y-%m-%d}" if certificate.not_after else "dates unreadable"
    return label, "x" if broken else "", certificate.title or "without a name", algorithm, until


def _table(rows: list[_Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"  {label:<{max(widths[0], 12)}} {mark:>1} {name:<{widths[2]}}   {algorithm:<{widths[3]}}   {until}".rstrip()
        for label, mark, name, algorithm, until in rows
    )


# -- Findings --------------------------------------------------------------------------------------------------------


def _finding(report: Report, finding: Finding, width: int) -> str:
    head = printable(f"{finding.severity.value}  {finding.rule}   {_where(report, finding)}".rstrip())
    body = "\n".join(_fill(line, "  ", width) for line in finding.message.split("\n"))
    return f"{head}\n{body}\n{_remedy(finding.remedy, width)}"


def _remedy(remedy: str, width: int) -> str:
    """What to do: one sentence or a few, or numbered steps, each on a line of its own."""
    steps = remedy.split("\n")
    if len(steps) == 1:
        return _fill(f"What to do: {remedy}", "  ", width)
    return "\n".join(["  What to do:", *(_fill(step, "    ", width, hanging="   ") for step in steps)])


def _where(report: Report, finding: Finding) -> str:
    if finding.certificate is None:
        return str(finding.location) if finding.location else ""
    certificate = report.certificates[finding.certificate]
    own = sum(not c.trusted for c in report.certificates)
    number = f"certificate {finding.certificate + 1} of {own}, " if not certificate.trusted else "in the trust store, "
    place = certificate.location
    line = f", line {place.line}" if place.line else ""
    return f"{finding.role}: {certificate.title} ({number}{place.document}{line})"


def _fill(paragraph: str, indent: str, width: int, hanging: str = "") -> str:
    return textwrap.fill(
        paragraph,
        width=width,
        initial_indent=indent,
        subsequent_indent=indent + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _foot(report: Report) -> str:
    counts = Counter(finding.severity for finding in report.findings)
    said = ", ".join(f"{counts[severity]} {severity.value}" for severity in sorted(counts, reverse=True))
    lines = []
    if report.omitted:
        omitted = ", ".join(f"{count} x {rule}" for rule, count in report.omitted.items())
        lines.append(f"Left out, because there are too many: {omitted}")
    unasked = sum(rule.reason == NOT_ASKED for rule in report.rules.skipped)
    if unasked:
        what = "1 rule that was" if unasked == 1 else f"{unasked} rules that were"
        lines.append(f"The verdict leaves out {what} not asked for.")
    if report.findings:
        rules = [finding.rule for finding in report.findings if finding.severity is not Severity.BUG]
        more = f" More: finesse-certlint explain {rules[0]}" if rules else ""  # a crash is no rule of the catalogue
        lines.append(f"{said}.{more}")
    return "\n".join(lines)
