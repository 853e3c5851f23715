"""For a terminal: the answer, then where it breaks, then what to do; no line that a reader must decode."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..findings import Finding, Severity, printable
from ..report import NOT_ASKED, Report
from . import exchange
from .words import Rest, also_on, awaiting, broken, by_rule, ends_self_issued, headline, where

if TYPE_CHECKING:  # a report's parts have these types; a rendering knows nothing else of them
    from ..certificate import Certificate
    from ..request import Request

_WIDTH = 110
_MOST_CHAINS = 5
_MOST_NAMES = 10


def text(report: Report, width: int = _WIDTH) -> str:
    """The report as lines of text, without colour, of at most `width` columns where the names allow it."""
    findings = (
        _rest(report, said, width) if isinstance(said, Rest) else finding_text(report, said, width)
        for said in by_rule(report)
    )
    parts = [
        _head(report, width),
        *_requests(report, width),
        *_files(report),
        *_connections(report, width),
        *findings,
        _foot(report),
    ]
    whole = "\n\n".join(part for part in parts if part)
    # Names in certificates are harmless by now; those of files and hosts are what the caller gave.
    return "".join(f"{printable(line)}\n" for line in whole.split("\n"))


def _head(report: Report, width: int) -> str:
    first = f"{report.verdict.value}   {printable(report.name)}   by {report.profile}: {report.profile_title}"
    note = headline(report)
    return f"{first}\n{fill(note, '', width)}" if note else first


# -- Requests --------------------------------------------------------------------------------------------------------


def _requests(report: Report, width: int) -> list[str]:
    shown = [_request(report, request, width) for request in report.requests[:_MOST_CHAINS]]
    left = len(report.requests) - len(shown)
    if left:
        shown.append(f"  {left} more requests are not shown; --format json has them all.")
    return shown


def _request(report: Report, request: "Request", width: int) -> str:
    broken = any(
        finding.severity >= Severity.ERROR and finding.request == request.index and finding.chain is None
        for finding in report.findings
    )
    key = str(request.public_key or "key unreadable")
    signed = f"signed with {request.signature_algorithm or 'an algorithm that is unreadable'}"
    row = ("request", "x" if broken else "", request.title, key, signed)
    head = (
        f"  request {request.index + 1} of {len(report.requests)}: {request.verdict.value}\n"
        if len(report.requests) > 1
        else ""
    )
    lines = [head + _table([row])]
    names = [printable(name) for name in (*request.dns_names, *request.ip_addresses)]
    if names and names != [request.title]:
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        lines.append(fill(f"for {', '.join(names[:_MOST_NAMES])}{more}", " " * 17, width))
    return "\n".join(lines)


# -- Connections, and the chains that were sent on them --------------------------------------------------------------


def _files(report: Report) -> list[str]:
    """The chains that stand in files."""
    sent = {index for handshake in report.handshakes for index in handshake.chains}
    loose = {index for handshake in report.handshakes for index in handshake.certificates}
    return _chains(
        report,
        [number for number in range(len(report.chains)) if number not in sent],
        [c for c in report.certificates if c.index not in loose],
    )


def _connections(report: Report, width: int) -> list[str]:
    kinds = exchange.alike(report.handshakes)
    blocks = [exchange.table(report.handshakes)]
    drawn: dict[tuple[int, ...], int] = {}
    for kind in kinds[: exchange.MOST_SHOWN]:
        first = kind[0]
        blocks.append(f"{exchange.heading(kind, len(report.handshakes))}\n{exchange.ladder(first, width)}".rstrip())
        before = drawn.setdefault(first.certificates, first.index)
        if first.certificates and before != first.index:
            blocks.append(f"  the certificates of connection {before + 1}")
            continue
        sent = [report.certificates[index] for index in first.certificates]
        blocks += _chains(report, list(first.chains), sent)
    left = len(kinds) - exchange.MOST_SHOWN
    if left > 0:
        blocks.append(f"  {left} more connections that differ from these are not drawn; --format json has them all.")
    return blocks


# -- Chains ----------------------------------------------------------------------------------------------------------


def _chains(report: Report, numbers: list[int], certificates: "list[Certificate]") -> list[str]:
    """The paths with these numbers, and what of the certificates stands in none."""
    shown = [_chain(report, number, numbers) for number in numbers[:_MOST_CHAINS]]
    left = len(numbers) - len(shown)
    if left:
        shown.append(f"  {left} more paths are not drawn; --format json has them all.")
    return [*shown, *_apart(report, numbers, certificates)]


def _chain(report: Report, number: int, numbers: list[int]) -> str:
    chain = report.chains[number]
    rows = []
    for place, index in enumerate(chain.certificates):
        label = _first_label(report, index) if place == 0 else "issued by"
        rows.append(_row(report, label, report.certificates[index], chain=number))
    if chain.missing_issuer is not None and not ends_self_issued(report, number):
        rows.append(("issued by", "?", chain.missing_issuer or "a CA without a name", "not in the input", ""))
    head = ""
    if len(numbers) > 1:
        head = f"  path {numbers.index(number) + 1} of {len(numbers)}: {chain.verdict.value}\n"
    return head + _table(rows)


def _first_label(report: Report, index: int) -> str:
    """What the lower end of a chain is: where a request is to be answered, the CA that would."""
    role = report.roles[index]
    return "would issue" if role != "leaf" and awaiting(report) else role


def _apart(report: Report, numbers: list[int], certificates: "list[Certificate]") -> list[str]:
    """The certificates that stand in no path, and those that only show how a CA signs."""
    used = {index for number in numbers for index in report.chains[number].certificates}
    rest = [c for c in certificates if c.index not in used and not c.trusted]
    samples = [c for c in rest if awaiting(report) and report.roles[c.index] == "leaf"]
    others = [c for c in rest if c not in samples]
    blocks = (("in no path", others), ("issued to others before", samples))
    return [_listed(report, title, listed) for title, listed in blocks if listed]


def _listed(report: Report, title: str, certificates: "list[Certificate]") -> str:
    rows = [_row(report, report.roles[c.index], c) for c in certificates[:_MOST_CHAINS]]
    more = f"\n  and {len(certificates) - _MOST_CHAINS} more" if len(certificates) > _MOST_CHAINS else ""
    return f"  {title}\n{_table(rows)}{more}"


_Row = tuple[str, str, str, str, str]


def _row(report: Report, label: str, certificate: "Certificate", chain: int | None = None) -> _Row:
    algorithm = str(certificate.signature_algorithm or "signature algorithm unreadable")
    until = f"until {certificate.not_after:%Y-%m-%d}" if certificate.not_after else "dates unreadable"
    return (
        label,
        "x" if broken(report, certificate.index, chain) else "",
        certificate.title or "without a name",
        algorithm,
        until,
    )


def _table(rows: list[_Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        f"  {label:<{max(widths[0], 12)}} {mark:>1} {name:<{widths[2]}}   {algorithm:<{widths[3]}}   {until}".rstrip()
        for label, mark, name, algorithm, until in rows
    )


# -- Findings --------------------------------------------------------------------------------------------------------


def finding_text(report: Report, said: Sequence[Finding], width: int) -> str:
    """One finding, or several that say the same: its head, what is the matter, what to do."""
    finding = said[0]
    head = printable(f"{finding.severity.value}  {finding.rule}   {where(report, finding)}".rstrip())
    also = also_on(said)
    if also:
        head += f"\n  and {also}"
    body = "\n".join(fill(line, "  ", width) for line in finding.message.split("\n"))
    return f"{head}\n{body}\n{_remedy(finding.remedy, width)}"


def _rest(report: Report, rest: Rest, width: int) -> str:
    """Those that are not told one by one: how many, and what they stand on."""
    said = f"{rest.places(report)}. What each says is in --format json."
    return f"{rest.severity.value}  {rest.rule}   {len(rest.findings)} more\n{fill(said, '  ', width)}"


def _remedy(remedy: str, width: int) -> str:
    """What to do: one sentence or a few, or numbered steps, each on a line of its own."""
    steps = remedy.split("\n")
    if len(steps) == 1:
        return fill(f"What to do: {remedy}", "  ", width)
    return "\n".join(["  What to do:", *(fill(step, "    ", width, hanging="   ") for step in steps)])


def fill(paragraph: str, indent: str, width: int, hanging: str = "") -> str:
    """A paragraph broken into lines of at most `width` columns, words kept whole."""
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
