"""The pipeline: bytes, documents, certificates, chains, rules, findings, report. One direction, no way back."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import attrs

from . import chain as chains
from . import formats
from .certificate import Certificate
from .documents import Block, Document, Kind
from .errors import InputError
from .findings import Finding, Location, Severity, Verdict
from .limits import Limits
from .profile import Profile
from .profiles import get_profile
from .report import NOT_ASKED, Report, RulesRun, SkippedRule, judge, judge_chains, unread
from .rule import Problem, Rule
from .rules import ALL, find
from .subject import Subject
from .version import __version__

Bytes = bytes | bytearray | memoryview


def lint(
    data: Bytes | Mapping[str, Bytes],
    trusted: Bytes | None = None,
    hostname: str | None = None,
    profile: str | Profile = "finesse",
    at: datetime | None = None,
    name: str = "input",
    rules: Iterable[str | Rule] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Judge the certificates in an input by a profile.

    :param data: the bytes of a file in any readable format, told apart by content; or several files that together make
        one chain, as a mapping from their names to their bytes.
    :param trusted: what is in the client's trust store, in any readable format. None: nothing is said about it, and a
        root in `data` is presumed to be trusted, which the report says.
    :param hostname: the host in the server's URL. None: host names are not judged.
    :param profile: a profile or its name.
    :param at: the time of judgement, with a time zone (one without is taken as UTC). None: now.
    :param name: what to call the input in findings, where `data` is bytes.
    :param rules: the rules to run, or their names. None: all.
    :param limits: bounds on the work. None: the defaults.
    :returns: the report; every fault of the input is a finding in it.
    :raises InputError: where nothing in the input can be read.
    :raises ProfileError: where there is no profile of that name.
    :raises RuleError: where there is no rule of that name.
    """
    limits = limits or Limits()
    chosen = profile if isinstance(profile, Profile) else get_profile(profile)
    asked = ALL if rules is None else tuple(find(rule) if isinstance(rule, str) else rule for rule in rules)
    at = datetime.now(UTC) if at is None else at if at.tzinfo else at.replace(tzinfo=UTC)
    inputs = data if isinstance(data, Mapping) else {name: data}

    documents = tuple(formats.read(bytes(content), title, limits) for title, content in inputs.items())
    store = None if trusted is None else _trust_store(bytes(trusted), limits)
    found = tuple(_certificates(documents))
    held = None if store is None else tuple(_certificates([store], trusted=True))
    hierarchy = chains.build([c for c, _ in found], None if held is None else [c for c, _ in held], limits)
    subject = Subject(
        documents=documents if store is None else (*documents, store),
        hierarchy=hierarchy,
        profile=chosen,
        at=at,
        hostname=hostname,
        trust_given=store is not None,
        blocks_of=_blocks_of(hierarchy.certificates, found, held or ()),
    )
    findings, outcome = _run(asked, subject)
    judged = judge_chains(hierarchy, findings)
    verdict = judge(hierarchy, judged, findings)
    if verdict is Verdict.ACCEPTED and unread(subject.documents):
        verdict = Verdict.UNDETERMINED
    listed, omitted = _within(findings, limits)
    return Report(
        verdict=verdict,
        name=", ".join(inputs),
        profile=chosen.name,
        profile_title=chosen.title,
        at=at,
        hostname=hostname,
        trust="presumed" if store is None else "given",
        documents=subject.documents,
        certificates=hierarchy.certificates,
        roles=tuple(subject.role(certificate).value for certificate in hierarchy.certificates),
        chains=judged,
        findings=listed,
        rules=outcome,
        omitted=omitted,
        version=__version__,
    )


def _trust_store(data: bytes, limits: Limits) -> Document:
    document = formats.read(data, "trusted", limits)
    if all(block.kind is not Kind.CERTIFICATE for block in document.walk()):
        raise InputError(
            "trusted: there is no certificate in the trust store that was given. Give the certificates that were uploaded "
            "to Finesse's tomcat-trust, in PEM, DER or PKCS#7; or leave it out, and the root in the input is presumed trusted."
        )
    return document


def _certificates(documents: Iterable[Document], *, trusted: bool = False) -> Iterator[tuple[Certificate, Block]]:
    """Every certificate in the documents, in input order, with the block that holds it."""
    index = 0
    for document in documents:
        for block in document.walk():
            if block.kind is Kind.CERTIFICATE:
                place = Location(
                    document=document.name,
                    start=block.span.start,
                    stop=block.span.stop,
                    line=block.line,
                    within=block.within,
                )
                yield Certificate(index=index, der=block.der, location=place, trusted=trusted), block
                index += 1


def _blocks_of(
    certificates: tuple[Certificate, ...],
    found: tuple[tuple[Certificate, Block], ...],
    held: tuple[tuple[Certificate, Block], ...],
) -> tuple[Block, ...]:
    stored = {certificate.der: block for certificate, block in held}
    rest = certificates[len(found) :]
    return (*(block for _, block in found), *(stored[certificate.der] for certificate in rest))


# -- Rules -----------------------------------------------------------------------------------------------------------


def _run(asked: tuple[Rule, ...], subject: Subject) -> tuple[tuple[Finding, ...], RulesRun]:
    """Run each rule that applies; one that crashes is a finding, and the others run all the same."""
    findings: list[Finding] = []
    run: list[str] = []
    skipped = [SkippedRule(name=rule.name, reason=NOT_ASKED) for rule in ALL if rule not in asked]
    crashed: list[str] = []
    for rule in asked:
        reason = _not_applicable(rule, subject)
        if reason:
            skipped.append(SkippedRule(name=rule.name, reason=reason))
            continue
        try:
            findings.extend(_finding(rule, problem, subject) for problem in _problems(rule, subject))
            run.append(rule.name)
        except Exception as error:  # noqa: BLE001 - a rule may come from anywhere; its fault must not end the run
            crashed.append(rule.name)
            findings.append(_crash(rule, error))
    order = {rule.name: number for number, rule in enumerate(asked)}
    findings.sort(
        key=lambda f: (-f.severity.rank, -1 if f.certificate is None else f.certificate, order.get(f.rule, -1))
    )
    return tuple(findings), RulesRun(run=tuple(run), skipped=tuple(skipped), crashed=tuple(crashed))


def _not_applicable(rule: Rule, subject: Subject) -> str:
    if "hostname" in rule.needs and subject.hostname is None:
        return "no host name was given"
    if "trusted" in rule.needs and not subject.trust_given:
        return "no trust store was given"
    if rule.scope == "certificate" and not subject.certificates:
        return "the input holds no certificate"
    return ""


def _problems(rule: Rule, subject: Subject) -> Iterator[Problem]:
    if rule.scope == "input":
        yield from rule.check(subject)
        return
    for certificate in subject.certificates:
        yield from rule.check(subject, certificate)


def _finding(rule: Rule, problem: Problem, subject: Subject) -> Finding:
    certificate = None if problem.certificate is None else subject.certificates[problem.certificate]
    override = subject.profile.severities.get(rule.name)
    return Finding(
        rule=rule.name,
        severity=problem.severity or override or rule.severity,
        message=problem.message,
        remedy=problem.remedy,
        certificate=problem.certificate,
        chain=problem.chain,
        role=subject.role(certificate) if certificate else None,
        location=_location(problem, certificate),
        evidence=problem.evidence,
        references=rule.references,
    )


def _location(problem: Problem, certificate: Certificate | None) -> Location | None:
    if certificate is not None:
        return attrs.evolve(certificate.location, field=problem.field)
    if problem.document is None:
        return None
    return Location(
        document=problem.document, start=problem.start, stop=problem.stop, line=problem.line, within=problem.within
    )


def _crash(rule: Rule, error: Exception) -> Finding:
    return Finding(
        rule="rule-crashed",
        severity=Severity.BUG,
        message=f"The rule {rule.name} failed with {type(error).__name__}; what it would have said is not known. The fault is "
        "the library's, not the input's.",
        remedy="Report it, with the input if you may share it. The other rules ran.",
        evidence={"rule": rule.name, "exception": type(error).__name__},
    )


def _within(findings: tuple[Finding, ...], limits: Limits) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """The findings that are listed, and how many of each rule are not."""
    seen: Counter[str] = Counter()
    listed = []
    for finding in findings:
        seen[finding.rule] += 1
        if seen[finding.rule] <= limits.findings_per_rule:
            listed.append(finding)
    omitted = {
        rule: count - limits.findings_per_rule for rule, count in seen.items() if count > limits.findings_per_rule
    }
    return tuple(listed), omitted
