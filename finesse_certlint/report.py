"""What came of one run: the verdict, the findings, and the inventory of what was found and looked at."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from .certificate import Certificate
from .chain import Chain, Hierarchy, LinkState
from .documents import Document, Kind
from .findings import Finding, FrozenMapping, Location, Severity, Verdict, printable

SCHEMA = "finesse_certlint report 1"
NOT_ASKED = "it was not asked for"
"""Why a rule is skipped that the caller left out; the verdict then holds for the others alone."""


@attrs.frozen(kw_only=True)
class SkippedRule:
    """A rule that did not run, and why."""

    name: str
    reason: str


@attrs.frozen(kw_only=True)
class RulesRun:
    """What became of each rule that was asked for."""

    run: tuple[str, ...]
    skipped: tuple[SkippedRule, ...]
    crashed: tuple[str, ...]


@attrs.frozen(kw_only=True, eq=False)
class Report:
    """The result of `lint()`. Everything in it is a value; nothing in it changes."""

    verdict: Verdict
    name: str
    profile: str
    profile_title: str
    at: datetime
    hostname: str | None
    trust: str
    """`given`, or `presumed` where nothing was said about it."""
    documents: tuple[Document, ...] = attrs.field(repr=False)
    certificates: tuple[Certificate, ...] = attrs.field(repr=False)
    roles: tuple[str, ...] = attrs.field(repr=False)
    """Each certificate's role, in the order of `certificates`."""
    chains: tuple[Chain, ...] = attrs.field(repr=False)
    findings: tuple[Finding, ...] = attrs.field(repr=False)
    rules: RulesRun = attrs.field(repr=False)
    omitted: Mapping[str, int] = attrs.field(repr=False, converter=FrozenMapping)
    """Findings that a limit left out, counted by rule."""
    version: str
    requests: tuple[Any, ...] = ()
    """Certificate requests that were judged; this version judges none."""
    handshakes: tuple[Any, ...] = ()
    """TLS handshakes that were judged; this version judges none."""

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the findings."""
        return self.findings[0].severity if self.findings else None

    @property
    def readable(self) -> bool:
        """Whether there was anything to judge: False where a finding is fatal."""
        return not any(finding.severity is Severity.FATAL for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values, in the form of schemas/report-1.schema.json."""
        return {
            "schema": SCHEMA,
            "version": self.version,
            "name": self.name,
            "verdict": self.verdict.value,
            "profile": {"name": self.profile, "title": self.profile_title},
            "at": self.at.isoformat(),
            "hostname": self.hostname,
            "trust": self.trust,
            "documents": [_document(document) for document in self.documents],
            "certificates": [_certificate(c, role) for c, role in zip(self.certificates, self.roles, strict=True)],
            "chains": [_chain(chain) for chain in self.chains],
            "requests": [],
            "handshakes": [],
            "findings": [_finding(finding) for finding in self.findings],
            "rules": {
                "run": list(self.rules.run),
                "skipped": [{"name": rule.name, "reason": rule.reason} for rule in self.rules.skipped],
                "crashed": list(self.rules.crashed),
            },
            "omitted": dict(self.omitted),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The report as JSON text, ASCII only, so that no name in a certificate can disturb a terminal or a parser."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=True)

    def render(self, format: str = "text") -> str:
        """The report in a form for people or programs.

        :param format: one of `finesse_certlint.render.FORMATS`: "text" or "json".
        :raises ValueError: where there is no such format; the message names those that there are.
        """
        from .render import render

        return render(self, format)


def _document(document: Document) -> dict[str, Any]:
    kinds = Counter(block.kind.value for block in document.walk())
    return {
        "name": document.name,
        "size": document.size,
        "format": document.format,
        "blocks": {kind: kinds[kind] for kind in sorted(kinds)},
    }


def _certificate(certificate: Certificate, role: str) -> dict[str, Any]:
    algorithm, key = certificate.signature_algorithm, certificate.public_key
    parameters = algorithm.parameters if algorithm else None
    return {
        "index": certificate.index,
        "role": role,
        "fingerprint_sha256": certificate.fingerprint_sha256,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": None if certificate.serial is None else format(certificate.serial, "x"),
        "signature_algorithm": None
        if algorithm is None
        else {
            "oid": algorithm.oid,
            "name": algorithm.name,
            "parameters": None
            if parameters is None
            else {
                "hash": parameters.hash,
                "mask_generation": parameters.mgf,
                "salt_length": parameters.salt_length,
                "trailer_field": parameters.trailer_field,
            },
        },
        "not_before": _moment(certificate.not_before),
        "not_after": _moment(certificate.not_after),
        "public_key": None if key is None else {"oid": key.oid, "name": key.name, "bits": key.bits, "curve": key.curve},
        "dns_names": [printable(name) for name in certificate.dns_names],
        "ca": certificate.ca,
        "trusted": certificate.trusted,
        "location": _location(certificate.location),
    }


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _location(location: Location | None) -> dict[str, Any] | None:
    return None if location is None else attrs.asdict(location)


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "certificates": list(chain.certificates),
        "complete": chain.complete,
        "trust": chain.trust.value if chain.trust else None,
        "missing_issuer": chain.missing_issuer,
        "verdict": chain.verdict.value,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "certificate": finding.certificate,
        "role": finding.role.value if finding.role else None,
        "chain": finding.chain,
        "request": finding.request,
        "handshake": finding.handshake,
        "location": _location(finding.location),
        "evidence": dict(finding.evidence),
        "references": list(finding.references),
    }


# -- The verdict -----------------------------------------------------------------------------------------------------
#
# A path is refused when an error stands on a certificate in it, or on the path itself. A server is accepted when one of
# its paths is; it is refused when all are. The input is judged by its worst server. "Accepted" is never said where
# something could not be looked at.


def judge_chains(hierarchy: Hierarchy, findings: Iterable[Finding]) -> tuple[Chain, ...]:
    """Each path with its verdict."""
    errors = [finding for finding in findings if _counts(finding)]
    on_certificate = {
        hierarchy.duplicates.get(finding.certificate, finding.certificate)
        for finding in errors
        if finding.certificate is not None and finding.chain is None
    }
    on_chain = {finding.chain for finding in errors if finding.chain is not None}
    return tuple(
        attrs.evolve(chain, verdict=_chain_verdict(hierarchy, chain, number in on_chain, on_certificate))
        for number, chain in enumerate(hierarchy.chains)
    )


def _counts(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.FATAL)


def _chain_verdict(hierarchy: Hierarchy, chain: Chain, broken: bool, on_certificate: set[int]) -> Verdict:
    if broken or not on_certificate.isdisjoint(chain.certificates):
        return Verdict.REFUSED
    # The links decide by themselves, so that no choice of rules makes a path of them that does not hold.
    links = {link.state for index in chain.certificates[:-1] for link in hierarchy.issuers.get(index, ())}
    if LinkState.FAILED in links:
        return Verdict.REFUSED
    return Verdict.ACCEPTED if chain.complete and LinkState.UNCHECKED not in links else Verdict.UNDETERMINED


def judge(hierarchy: Hierarchy, chains: tuple[Chain, ...], findings: Iterable[Finding]) -> Verdict:
    """The verdict over the whole input."""
    findings = tuple(findings)
    own: dict[int, set[Verdict]] = {leaf: set() for leaf in hierarchy.leaves}
    for chain in chains:
        own[chain.certificates[0]].add(chain.verdict)
    wrong = {f.certificate for f in findings if _counts(f) and f.chain is None}
    verdicts = {_leaf_verdict(hierarchy, own[leaf], on_leaf=leaf in wrong) for leaf in hierarchy.leaves}
    if Verdict.REFUSED in verdicts:
        return Verdict.REFUSED
    if not hierarchy.servers or verdicts != {Verdict.ACCEPTED} or _not_looked_at(hierarchy, findings):
        return Verdict.UNDETERMINED
    return Verdict.ACCEPTED


def _leaf_verdict(hierarchy: Hierarchy, own: set[Verdict], *, on_leaf: bool) -> Verdict:
    """What the verdicts on a server's own paths come to."""
    if Verdict.ACCEPTED in own:
        return Verdict.ACCEPTED
    if Verdict.UNDETERMINED in own or not own:
        return Verdict.UNDETERMINED
    # Every path that was walked is refused. Where a bound cut the walk, only an error on the leaf itself is certain.
    return Verdict.REFUSED if on_leaf or not hierarchy.limits_reached else Verdict.UNDETERMINED


def _not_looked_at(hierarchy: Hierarchy, findings: tuple[Finding, ...]) -> bool:
    """Whether a part of the input could not be judged: damaged, unread, or left to a rule that crashed."""
    if "signature_checks" in hierarchy.limits_reached:
        return True
    return any(
        finding.severity is Severity.BUG
        or (_counts(finding) and finding.certificate is None)
        or finding.rule in _INCOMPLETE
        for finding in findings
    )


_INCOMPLETE = ("request-not-judged", "capture-not-judged")


def unread(documents: Iterable[Document]) -> bool:
    """Whether a bound left a part of an input unread."""
    return any(block.kind is Kind.UNREAD for document in documents for block in document.walk())
