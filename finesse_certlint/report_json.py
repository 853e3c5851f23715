"""A report as JSON values, in the form of schemas/report-1.schema.json, and back.

Certificates and requests travel as their bytes (`certificate_json`), handshakes as the numbers that were sent
(`handshake_json`), everything else as it is.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from .certificate_json import certificate_values, location_values, read_certificate, read_request, request_values
from .chain import Chain, Link
from .errors import InputError
from .findings import Finding, Verdict
from .handshake_json import handshake_values, read_handshake
from .report import SCHEMA, DocumentSummary, Explanation, Report, RulesRun
from .values import mapping, member, members, plain

T = TypeVar("T")


def to_dict(report: Report) -> dict[str, Any]:
    """The report as JSON values, its fields in the order of the schema."""
    return {
        "schema": SCHEMA,
        "version": report.version,
        "name": report.name,
        "verdict": report.verdict._value_,
        "profile": {"name": report.profile, "title": report.profile_title},
        "at": report.at.isoformat(),
        "hostname": report.hostname,
        "trust": report.trust,
        "documents": [*map(_document, report.documents)],
        "certificates": [
            certificate_values(c, role) for c, role in zip(report.certificates, report.roles, strict=True)
        ],
        "chains": [*map(_chain, report.chains)],
        "requests": [*map(request_values, report.requests)],
        "handshakes": [handshake_values(handshake, report.certificates) for handshake in report.handshakes],
        "findings": [*map(finding_values, report.findings)],
        "explanations": [*map(_explanation, report.explanations)],
        "rules": _rules(report.rules),
        "omitted": dict(report.omitted.items()),
    }


# What stands in every report is written field by field, which takes a quarter of the time of `plain()`. An enumeration's
# `_value_` is what its `value` returns, without a detour.


def _document(document: DocumentSummary) -> dict[str, Any]:
    return {
        "name": document.name,
        "size": document.size,
        "format": document.format,
        "blocks": dict(document.blocks.items()),
        "capture": plain(document.capture),
    }


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "certificates": [*chain.certificates],
        "complete": chain.complete,
        "trust": None if chain.trust is None else chain.trust._value_,
        "missing_issuer": chain.missing_issuer,
        "verdict": chain.verdict._value_,
        "sorted": chain.sorted,
        "links": [*map(_link, chain.links)],
        "obstacles": plain(chain.obstacles),
    }


def _link(link: Link) -> dict[str, Any]:
    return {"child": link.child, "issuer": link.issuer, "state": link.state._value_, "reason": link.reason}


def _explanation(explanation: Explanation) -> dict[str, Any]:
    return {
        "rule": explanation.rule,
        "severity": explanation.severity._value_,
        "topic": explanation.topic,
        "summary": explanation.summary,
        "sections": dict(explanation.sections.items()),
        "references": [*explanation.references],
    }


def _rules(rules: RulesRun) -> dict[str, Any]:
    return {
        "run": [*rules.run],
        "skipped": [*map(dict.copy, _skipped(rules))],
        "crashed": [*rules.crashed],
    }


@lru_cache(maxsize=256)
def _skipped(rules: RulesRun) -> tuple[dict[str, str], ...]:
    """To be copied; nearly all reports share one `RulesRun`."""
    return tuple({"name": rule.name, "reason": rule.reason} for rule in rules.skipped)


def finding_values(finding: Finding) -> dict[str, Any]:
    """A finding as JSON values."""
    return {
        "rule": finding.rule,
        "severity": finding.severity._value_,
        "message": finding.message,
        "remedy": finding.remedy,
        "certificate": finding.certificate,
        "role": None if finding.role is None else finding.role._value_,
        "chain": finding.chain,
        "request": finding.request,
        "handshake": finding.handshake,
        "location": None if finding.location is None else location_values(finding.location),
        "evidence": members(finding.evidence),
        "references": [*finding.references],
    }


# -- And back ----------------------------------------------------------------------------------------------------------


def from_dict(values: Mapping[str, Any]) -> Report:
    """The report that `to_dict()` wrote.

    :raises InputError: where it is no such report; the message says where it is otherwise.
    """
    contract = mapping(values, "the report").get("schema")
    if contract != SCHEMA:
        raise InputError(f"the report's schema must be {SCHEMA!r}, and is {contract!r:.60}: this is no report of ours")
    certificates = tuple(_each(values, "certificates", read_certificate))
    report = Report(
        verdict=member(Verdict, values, "verdict", ""),
        name=member(str, values, "name", ""),
        profile=member(str, values.get("profile"), "name", "profile"),
        profile_title=member(str, values.get("profile"), "title", "profile"),
        at=member(datetime, values, "at", ""),
        hostname=member(str | None, values, "hostname", ""),
        trust=member(str, values, "trust", ""),
        documents=member(tuple[DocumentSummary, ...], values, "documents", ""),
        certificates=certificates,
        roles=tuple(_each(values, "certificates", lambda each, where: str(member(str, each, "role", where)))),
        chains=member(tuple[Chain, ...], values, "chains", ""),
        requests=tuple(_each(values, "requests", read_request)),
        handshakes=tuple(_each(values, "handshakes", lambda each, where: read_handshake(each, where, certificates))),
        findings=member(tuple[Finding, ...], values, "findings", ""),
        explanations=member(tuple[Explanation, ...], values, "explanations", ""),
        rules=member(RulesRun, values, "rules", ""),
        omitted=member(Mapping[str, int], values, "omitted", ""),
        version=member(str, values, "version", ""),
    )
    _check_indices(report)
    return report


def _each(values: Mapping[str, Any], name: str, read: Callable[[Any, str], T]) -> Iterator[T]:
    members = member(tuple[Any, ...], values, name, "")
    return (read(each, f"{name}[{number}]") for number, each in enumerate(members))


def _check_indices(report: Report) -> None:
    """Every index leads somewhere, so that whatever reads the report need not look."""
    for number, certificate in enumerate(report.certificates):
        if certificate.index != number:
            raise InputError(f"certificates[{number}].index must be {number}, and is {certificate.index}")
    for number, chain in enumerate(report.chains):
        where = f"chains[{number}]"
        if not chain.certificates:
            raise InputError(f"{where}.certificates is empty")
        _within(chain.certificates, report.certificates, f"{where}.certificates")
        _within([end for link in chain.links for end in (link.child, link.issuer)], report.certificates, where)
        _within([obstacle.certificate for obstacle in chain.obstacles], report.certificates, where)
    for number, request in enumerate(report.requests):
        if request.index != number:
            raise InputError(f"requests[{number}].index must be {number}, and is {request.index}")
        if request.certificate is not None:
            _within([request.certificate], report.certificates, f"requests[{number}].certificate")
    for number, handshake in enumerate(report.handshakes):
        _within(handshake.chains, report.chains, f"handshakes[{number}].chains")
    for number, finding in enumerate(report.findings):
        for name in ("certificate", "chain", "handshake", "request"):
            index = getattr(finding, name)
            if index is not None:
                _within([index], getattr(report, f"{name}s"), f"findings[{number}].{name}")


def _within(indices: Sequence[int], of: Sequence[object], where: str) -> None:
    wrong = next((index for index in indices if not 0 <= index < len(of)), None)
    if wrong is not None:
        raise InputError(f"{where} points at {wrong}, and there are {len(of)}")
