"""What a page shows of a report, in the order in which it shows it: the answer first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs

from ..findings import Finding, Severity, Verdict
from ..handshake import Diagnosis, Handshake
from ..report import NOT_ASKED, Explanation, Report
from ..tls_names import alert_name, group_name, suite_name, version_name
from .exchange import MEANING, alike
from .ladder import Ladder, ladder
from .picture import Picture, picture
from .words import Rest, also_on, by_rule, headline, steps, where

if TYPE_CHECKING:
    from ..certificate import Certificate
    from ..request import Request

_MOST_CHAINS, _MOST_HANDSHAKES, _MOST_FINDINGS, _MOST_CERTIFICATES, _MOST_CAUSES = 5, 10, 200, 200, 4
_TRUST = {"given": "as given", "presumed": "presumed: a root in the input"}


@attrs.frozen(kw_only=True)
class Cause:
    """A finding that decides, as the head of the page names it."""

    who: str
    what: str
    id: str


@attrs.frozen(kw_only=True)
class ShownFinding:
    """A finding as it is shown."""

    id: str
    severity: str
    rule: str
    title: str
    who: str
    place: str
    message: list[str]
    steps: list[str]
    plain: str
    sections: list[tuple[str, str]]
    references: tuple[str, ...]


Row = tuple[str, str, bool]
"""A term, its value, and whether that is shown as code."""


@attrs.frozen(kw_only=True)
class Folded:
    """A line that opens to a table."""

    title: str
    note: str
    rows: list[Row]


@attrs.frozen(kw_only=True)
class ShownHandshake:
    """A connection: its ladder, and what is known of it."""

    id: str
    caption: str
    also: str
    verdict: str
    diagnosis: list[str]
    rows: list[Row]
    ladder: Ladder
    chains: list[Picture]


@attrs.frozen(kw_only=True)
class View:
    """Everything on the page."""

    id: str
    name: str
    verdict: str
    lead: str
    causes: list[Cause]
    facts: list[tuple[str, str]]
    chains: list[Picture]
    more_chains: int
    handshakes: list[ShownHandshake]
    more_handshakes: int
    findings_title: str
    findings: list[ShownFinding]
    remarks: list[ShownFinding]
    left_out: list[str]
    requests: list[Folded]
    certificates: list[Folded]
    more_certificates: int
    documents: list[tuple[str, str]]
    foot: list[str]


def view(report: Report, id: str) -> View:  # noqa: A002 - the attribute's name
    """The report, made ready for the page."""
    explained = {explanation.rule: explanation for explanation in report.explanations}
    told = by_rule(report)
    rests = [said for said in told if isinstance(said, Rest)]
    single = [said for said in told if not isinstance(said, Rest)]
    shown = [
        (said[0], _finding(report, said, f"{id}-finding-{number}", explained.get(said[0].rule)))
        for number, said in enumerate(single[:_MOST_FINDINGS], 1)
    ]
    sent = {index for handshake in report.handshakes for index in handshake.chains}
    apart = [number for number in range(len(report.chains)) if number not in sent]
    kinds = alike(report.handshakes)
    return View(
        id=id,
        name=report.name,
        verdict=report.verdict.value,
        lead=_lead(report),
        causes=_causes(report, shown),
        facts=_facts(report),
        chains=_pictures(report, apart),
        more_chains=max(0, len(apart) - _MOST_CHAINS),
        handshakes=[
            _handshake(report, kind, f"{id}-connection-{kind[0].index + 1}") for kind in kinds[:_MOST_HANDSHAKES]
        ],
        more_handshakes=max(0, len(kinds) - _MOST_HANDSHAKES),
        findings_title=_counted(report.findings) or "Findings",
        findings=[view for finding, view in shown if finding.severity >= Severity.WARNING],
        remarks=[view for finding, view in shown if finding.severity < Severity.WARNING],
        left_out=_left_out(report, rests, len(single) - _MOST_FINDINGS),
        requests=[_request(number, request) for number, request in enumerate(report.requests, 1)],
        certificates=[_certificate(report, certificate) for certificate in report.certificates[:_MOST_CERTIFICATES]],
        more_certificates=max(0, len(report.certificates) - _MOST_CERTIFICATES),
        documents=[(document.name, _document(document)) for document in report.documents],
        foot=_foot(report),
    )


def _pictures(report: Report, numbers: Sequence[int]) -> list[Picture]:
    return [
        picture(report, number, f"Path {place} of {len(numbers)}")
        for place, number in enumerate(numbers[:_MOST_CHAINS], 1)
    ]


# -- The answer --------------------------------------------------------------------------------------------------------


def _lead(report: Report) -> str:
    if report.verdict is Verdict.REFUSED and not report.breaking:
        return "The findings say why."
    return headline(report)


def _causes(report: Report, shown: Iterable[tuple[Finding, ShownFinding]]) -> list[Cause]:
    """What decides: the errors where the input is refused, the warnings where it cannot be judged."""
    if report.verdict is Verdict.ACCEPTED:
        return []
    least = Severity.ERROR if report.verdict is Verdict.REFUSED else Severity.WARNING
    causes: dict[tuple[str, int | None], Cause] = {}
    for finding, view in shown:
        if finding.severity >= least:
            cause = Cause(who=view.who, what=_sentence(view.message[0]), id=view.id)
            causes.setdefault((finding.rule, finding.certificate), cause)
    return list(causes.values())[:_MOST_CAUSES]


def _sentence(text: str) -> str:
    """The first sentence."""
    first, stop, _ = text.partition(". ")
    return f"{first}." if stop else text


def _who(report: Report, finding: Finding) -> str:
    if finding.certificate is not None:
        return report.certificates[finding.certificate].title
    if finding.request is not None:
        return report.requests[finding.request].title
    server = None if finding.handshake is None else report.handshakes[finding.handshake].server
    return str(server) if server else ""


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [("Client", f"{report.profile}: {report.profile_title}")]
    if report.hostname is not None:
        facts.append(("Host", report.hostname))
    facts.append(("Trust store", _TRUST.get(report.trust, report.trust)))
    facts.append(("As of", _moment(report.at)))
    return facts


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _counted(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(f"{counts[s]} {_plural(s.value, counts[s])}" for s in sorted(counts, reverse=True))


def _plural(word: str, count: int) -> str:
    return f"{word}s" if count > 1 and word in ("error", "warning", "notice", "bug") else word


def _left_out(report: Report, rests: Iterable[Rest], more: int) -> list[str]:
    lines = [
        f"{len(rest.findings)} more of {rest.severity.value} {rest.rule}: {rest.places(report)}. The JSON report has them all."
        for rest in rests
    ]
    if more > 0:
        lines.append(f"{more} more findings are not shown; the JSON report has them all.")
    if report.omitted:
        omitted = ", ".join(f"{count} x {rule}" for rule, count in report.omitted.items())
        lines.append(f"Left out, because there are too many: {omitted}.")
    return lines


def _foot(report: Report) -> list[str]:
    unasked = sum(rule.reason == NOT_ASKED for rule in report.rules.skipped)
    run = len(report.rules.run)
    lines = [f"finesse_certlint {report.version}. {run} {'rule was' if run == 1 else 'rules were'} run."]
    if unasked:
        lines.append(
            f"The verdict leaves out {unasked} {'rule that was' if unasked == 1 else 'rules that were'} not asked for."
        )
    return lines


# -- Findings ----------------------------------------------------------------------------------------------------------


def _finding(report: Report, said: Sequence[Finding], id: str, explained: Explanation | None) -> ShownFinding:  # noqa: A002
    finding = said[0]
    place = ", and ".join(part for part in (where(report, finding), also_on(said)) if part)
    message = finding.message.split("\n")
    plain = "\n".join(
        [f"{finding.severity.value}: {finding.rule}", *([place] if place else []), *message, "What to do:"]
    )
    return ShownFinding(
        id=id,
        severity=finding.severity.value,
        rule=finding.rule,
        who=_who(report, finding),
        title=explained.summary.removesuffix(".") if explained else finding.rule,
        place=place,
        message=message,
        steps=steps(finding.remedy),
        plain=f"{plain}\n{finding.remedy}",
        sections=[(heading, text) for heading, text in explained.sections.items() if heading in _SECTIONS]
        if explained
        else [],
        references=finding.references,
    )


_SECTIONS = ("What it means", "Why it matters", "How to see it yourself", "Source")
"""What to do stands in the finding itself, for its own case."""


# -- Certificates, requests, files -------------------------------------------------------------------------------------


def _certificate(report: Report, certificate: "Certificate") -> Folded:
    role = report.roles[certificate.index]
    note = f"{role}, in the trust store" if certificate.trusted else f"{role}, certificate {certificate.index + 1}"
    rows = [
        ("Subject", certificate.subject or "(empty)", False),
        ("Issuer", certificate.issuer or "(empty)", False),
        ("Serial number", "unreadable" if certificate.serial is None else format(certificate.serial, "x"), True),
        ("Valid from", _moment(certificate.not_before) if certificate.not_before else "unreadable", False),
        ("Valid until", _moment(certificate.not_after) if certificate.not_after else "unreadable", False),
        ("Signature algorithm", _algorithm(certificate.signature_algorithm), False),
        ("Public key", str(certificate.public_key or "unreadable"), False),
        *([("DNS names", ", ".join(certificate.dns_names), False)] if certificate.dns_names else []),
        *([("IP addresses", ", ".join(certificate.ip_addresses), False)] if certificate.ip_addresses else []),
        ("CA", "yes" if certificate.ca else "no", False),
        *([("Key usage", ", ".join(sorted(certificate.key_usage)), False)] if certificate.key_usage else []),
        ("SHA-256", certificate.fingerprint_sha256, True),
        ("Where", str(certificate.location), False),
    ]
    return Folded(title=certificate.title or "without a name", note=note, rows=rows)


def _algorithm(algorithm: Any) -> str:
    return "unreadable" if algorithm is None else f"{algorithm}, {algorithm.oid}"


def _request(number: int, request: "Request") -> Folded:
    rows = [
        ("Subject", request.subject or "(empty)", False),
        ("Signature algorithm", _algorithm(request.signature_algorithm), False),
        ("Signed with its own key", request.proof, False),
        ("Public key", str(request.public_key or "unreadable"), False),
        *([("DNS names", ", ".join(request.dns_names), False)] if request.dns_names else []),
        *([("IP addresses", ", ".join(request.ip_addresses), False)] if request.ip_addresses else []),
        *([("Key usage", ", ".join(sorted(request.key_usage)), False)] if request.key_usage else []),
        *([("AD CS template", request.template, False)] if request.template else []),
        ("Where", str(request.location), False),
    ]
    return Folded(title=request.title, note=f"request {number}, {request.form}: {request.verdict.value}", rows=rows)


def _document(document: Any) -> str:
    said = {kind: count for kind, count in document.blocks.items() if kind not in _UNSAID}
    blocks = [
        f"{count} {kind if count == 1 or kind in _WITHOUT_PLURAL else f'{kind}s'}" for kind, count in said.items()
    ]
    return ", ".join([document.format, f"{document.size} bytes", *blocks])


_UNSAID = ("padding", "text", "foreign")
"""Blocks that nobody asks about."""
_WITHOUT_PLURAL = ("pkcs7", "pkcs12", "parameters", "ocsp", "damaged", "noise", "unread")


# -- Handshakes --------------------------------------------------------------------------------------------------------


def _handshake(report: Report, kind: Sequence[Handshake], id: str) -> ShownHandshake:  # noqa: A002
    """Of several that show the same, the first."""
    handshake = kind[0]
    server = f" to {handshake.server}" if handshake.server else ""
    others = [str(other.index + 1) for other in kind[1:]]
    more = f" and {len(others) - 10} more" if len(others) > 10 else ""
    return ShownHandshake(
        id=id,
        caption=f"Connection {handshake.index + 1}{server}",
        also=f"{'connection' if len(others) == 1 else 'connections'} {', '.join(others[:10])}{more}" if others else "",
        verdict=handshake.verdict.value,
        diagnosis=[MEANING[diagnosis] for diagnosis in Diagnosis if diagnosis in handshake.diagnosis],
        rows=_handshake_rows(handshake),
        ladder=ladder(handshake),
        chains=_pictures(report, handshake.chains),
    )


def _handshake_rows(handshake: Handshake) -> list[Row]:
    hello, exchange = handshake.client_hello, handshake.key_exchange
    rows: list[Row] = [("Seen by", handshake.witness.value, False)]
    if handshake.client:
        rows.append(("Client", str(handshake.client), True))
    if handshake.server:
        rows.append(("Server", str(handshake.server), True))
    if hello:
        rows.append(("Client offers", f"up to {version_name(hello.highest_version)}", False))
        rows.append(("Its suites", ", ".join(map(suite_name, hello.cipher_suites)), False))
        rows.append(("Server name", hello.server_name or "not sent", False))
    if handshake.version is not None:
        rows.append(("Version", version_name(handshake.version), False))
    if handshake.cipher_suite is not None:
        rows.append(("Server selects", suite_name(handshake.cipher_suite), True))
    if exchange:
        rows.append(("Key exchange", _exchange(exchange), False))
    rows += [("Alert", f"{alert.sender.value}: {_alert(alert)}", False) for alert in handshake.alerts]
    rows += [("Not seen", gap.what or gap.kind.value, False) for gap in handshake.gaps]
    rows.append(("Completed", "yes" if handshake.completed else "not seen", False))
    return rows


def _exchange(exchange: Any) -> str:
    if exchange.dh_bits is not None:
        return f"{exchange.kind}, a prime of {exchange.dh_bits} bits"
    return exchange.kind if exchange.group is None else f"{exchange.kind}, {group_name(exchange.group)}"


def _alert(alert: Any) -> str:
    if alert.description is None:
        return "encrypted"
    level = {1: "warning, ", 2: "fatal, "}.get(alert.level, "")
    return f"{level}{alert_name(alert.description)}"
