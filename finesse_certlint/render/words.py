"""What several renderings say in the same words."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from operator import attrgetter

import attrs

from ..findings import Finding, Severity, Verdict, printable
from ..report import Report

ACCEPTED = (
    "Nothing in these certificates makes this client refuse the server. If the connection fails all the same, look elsewhere: "
    "the cipher suites, the host name, the trust store, a restart that is due."
)
BEFORE_ISSUE = (
    "As far as can be known before it is issued, a certificate for what is asked can work with this client; the findings say what "
    "is presumed."
)
_MOST_OF_A_RULE = 20
UNDETERMINED = "Something that decides is not here; the findings say what."


def harmless(text: str) -> str:
    """Every line of it without the characters that could deceive a terminal or a reader; line ends are kept."""
    return "\n".join(printable(line) for line in text.split("\n"))


def headline(report: Report) -> str:
    """The sentence below the verdict, where one is called for."""
    if report.verdict is Verdict.REFUSED or not (report.certificates or report.requests):
        return ""
    if report.verdict is Verdict.UNDETERMINED:
        return UNDETERMINED
    return BEFORE_ISSUE if awaiting(report) else ACCEPTED


def awaiting(report: Report) -> bool:
    """Whether a request is judged before a certificate is issued for it."""
    return any(not request.answered for request in report.requests)


def where(report: Report, finding: Finding) -> str:
    """The certificate that a finding stands on, and its place in the input."""
    if finding.certificate is None and finding.request is not None:
        request = report.requests[finding.request]
        return f"request: {request.title} ({finding.location or request.location})"
    if finding.certificate is None:
        if finding.handshake is not None and finding.location is not None:
            return f"connection {finding.handshake + 1}: {finding.location.within or finding.location.document}"
        return str(finding.location) if finding.location else ""
    certificate = report.certificates[finding.certificate]
    place = certificate.location
    line = f", line {place.line}" if place.line else ""
    return f"{finding.role}: {certificate.title} ({_numbered(report, finding)}{place.document}{line})"


def _numbered(report: Report, finding: Finding) -> str:
    """Which of the certificates it is, among those that stand together."""
    index = finding.certificate
    if index is None or report.certificates[index].trusted:
        return "in the trust store, "
    if finding.handshake is not None:
        sent = report.handshakes[finding.handshake].certificates
        place = f"{sent.index(index) + 1} of {len(sent)}" if index in sent else f"{index + 1}"
        return f"connection {finding.handshake + 1}, certificate {place}, "
    # Those of the trust store are the last of them.
    presented = bisect(report.certificates, False, key=attrgetter("trusted"))
    return f"certificate {index + 1} of {presented}, "


def said_once(report: Report) -> list[list[Finding]]:
    """The findings, those together that say the same of several connections."""
    kinds: dict[object, list[Finding]] = {}
    for number, finding in enumerate(report.findings):
        same: object = number
        if finding.handshake is not None:
            of = None if finding.certificate is None else report.certificates[finding.certificate].fingerprint_sha256
            same = (finding.rule, finding.severity, finding.message, finding.remedy, of)
        kinds.setdefault(same, []).append(finding)
    return list(kinds.values())


@attrs.frozen
class Rest:
    """What a rule has found beyond what is shown one by one."""

    findings: list[Finding]

    @property
    def severity(self) -> Severity:
        """The same for all of them."""
        return self.findings[0].severity

    @property
    def rule(self) -> str:
        """The same, too."""
        return self.findings[0].rule

    def places(self, report: Report) -> str:
        """What they stand on, in the numbers that `where` gives."""
        alone = [f for f in self.findings if f.handshake is None]
        certificates = [f.certificate for f in alone if f.certificate is not None]
        requests = [f.request for f in alone if f.certificate is None and f.request is not None]
        elsewhere = len(alone) - len(certificates) - len(requests)
        kept = len({number for number in certificates if report.certificates[number].trusted})
        parts = (
            _numbers("certificate", (number for number in certificates if not report.certificates[number].trusted)),
            kept and f"{kept} in the trust store",
            _numbers("connection", (f.handshake for f in self.findings if f.handshake is not None)),
            _numbers("request", requests),
            elsewhere and f"{elsewhere} place{'s' if elsewhere > 1 else ''} in the input",
        )
        return "; ".join(part for part in parts if part)


def _numbers(what: str, indices: Iterable[int]) -> str:
    """Each of them once, counted from 1, those that follow one another as `3 to 7`; empty where there is none."""
    runs: list[list[int]] = []
    for number in sorted({index + 1 for index in indices}):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    listed = ", ".join(str(first) if first == last else f"{first} to {last}" for first, last in runs)
    return f"{what}{'' if listed.isdigit() else 's'} {listed}" if listed else ""


def by_rule(report: Report) -> list[list[Finding] | Rest]:
    """What `said_once` returns; where a rule has found more than can be read, the others of it together, behind the first."""
    shown: dict[tuple[str, Severity], int] = {}
    rests: dict[tuple[str, Severity], Rest] = {}
    said: list[list[Finding] | Rest] = []
    for findings in said_once(report):
        kind = findings[0].rule, findings[0].severity
        shown[kind] = shown.get(kind, 0) + 1
        if shown[kind] <= _MOST_OF_A_RULE:
            said.append(findings)
        elif kind in rests:
            rests[kind].findings.extend(findings)
        else:
            said.append(rests.setdefault(kind, Rest(list(findings))))
    return said


def also_on(said: Sequence[Finding]) -> str:
    """On which further connections the same is said; empty where on none."""
    also = list(dict.fromkeys(str(other.handshake + 1) for other in said[1:] if other.handshake is not None))
    listed = ", ".join(also[:10]) + (f" and {len(also) - 10} more" if len(also) > 10 else "")
    return f"the same on {'connection' if len(also) == 1 else 'connections'} {listed}" if also else ""


def steps(remedy: str) -> list[str]:
    """The steps of a remedy without their numbers; one where it is not numbered."""
    lines = remedy.split("\n")
    if len(lines) == 1:
        return lines
    return [line.partition(". ")[2] if line.partition(". ")[0].isdecimal() else line for line in lines]


def broken(report: Report, index: int, chain: int | None = None) -> bool:
    """Whether an error stands on that certificate, on that path; of one in no path, whether any does."""
    return any(
        finding.severity >= Severity.ERROR
        and finding.certificate == index
        and (chain is None or finding.chain in (None, chain))
        for finding in report.findings
    )


def ends_self_issued(report: Report, chain: int) -> bool:
    """Whether the last certificate of a path is its own issuer, so that none is missing above it."""
    return report.certificates[report.chains[chain].certificates[-1]].self_issued
