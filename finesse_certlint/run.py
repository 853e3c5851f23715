"""The rules, each asked about what its scope says, and what each has to say as a finding."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

import attrs

from .alike import likeness
from .certificate import Certificate
from .findings import Finding, Location, Severity
from .profile import Profile
from .report import NOT_ASKED, RulesRun, SkippedRule
from .request import Request, asked_in
from .rule import Problem, Rule
from .rules import ALL
from .subject import Subject


def run(asked: tuple[Rule, ...], subject: Subject) -> tuple[tuple[Finding, ...], RulesRun]:
    """Run each rule that applies; one that crashes is a finding, and the others run all the same."""
    plan = _plan(asked, _Holding.of(subject))
    about = _About(subject, plan)
    findings: list[Finding] = []
    crashed: list[str] = []
    for rule, check, what in _rules_that_may_speak(plan, subject):
        try:
            for arguments in about[what]:
                for problem in check(*arguments):
                    if _is_said(problem, subject):
                        findings.append(_finding(rule, problem, subject))  # noqa: PERF401 - what was said before a crash stays
        except Exception as error:  # noqa: BLE001 - a rule may come from anywhere; its fault must not end the run
            crashed.append(rule.name)
            findings.append(_crash(rule, error))
    return tuple(findings), plan.without(crashed) if crashed else plan.outcome


# -- Which rules run ---------------------------------------------------------------------------------------------------
#
# That follows from what there is to ask about, and so is the same for nearly all inputs.


class _Holding(NamedTuple):
    """What a subject has to ask about."""

    hostname: bool
    trust: bool
    answered: bool
    certificates: bool
    requests: bool
    handshake: bool
    prospect: bool
    plain: bool

    @classmethod
    def of(cls, subject: Subject) -> "_Holding":
        return cls(
            subject.hostname is not None,
            subject.trust_given,
            bool(subject.answered),
            bool(subject.certificates),
            bool(subject.requests),
            subject.handshake is not None,
            subject.prospect is not None,
            subject.plain,
        )


_Asked = tuple[Rule, Callable[..., Iterable[Problem]], str | Rule]
"""A rule, how it is asked, and what about, a key of `_About`."""


@attrs.frozen(kw_only=True, eq=False)
class _Plan:
    """The rules that run, and what is to be said of all where none crashes."""

    rules: tuple[_Asked, ...]
    """Each that may find something."""
    whole: bool
    """Whether every rule is asked, so that all is looked at, of what stands in files; nothing was given beside them."""
    of_certificates: tuple[Rule, ...]
    """Those among them that look at certificates one by one, whatever these are to one another."""
    outcome: RulesRun

    def without(self, crashed: list[str]) -> RulesRun:
        """What is to be said where some crashed."""
        ran = tuple(name for name in self.outcome.run if name not in crashed)
        return attrs.evolve(self.outcome, run=ran, crashed=tuple(dict.fromkeys(crashed)))


@lru_cache(maxsize=256)
def _plan(asked: tuple[Rule, ...], there: _Holding) -> _Plan:
    names = {rule.name for rule in asked}
    skipped = {rule.name: NOT_ASKED for rule in ALL if rule.name not in names}
    skipped |= {rule.name: reason for rule in asked if (reason := _not_applicable(rule, there))}
    rules = tuple(rule for rule in asked if not _not_applicable(rule, there))
    return _Plan(
        rules=tuple(
            (rule, partial(_on_paths, rule.check) if rule.scope == "path" else rule.check, _what(rule))
            for rule in rules
            if not (rule.beside and there.plain)  # it runs without a call: there is nothing that it speaks of
        ),
        whole=names >= _ALL and not (there.trust or there.answered or there.handshake or there.prospect),
        of_certificates=tuple(rule for rule in rules if _what(rule) is rule),
        outcome=RulesRun(
            run=tuple(dict.fromkeys(rule.name for rule in rules)),
            skipped=tuple(SkippedRule(name=name, reason=reason) for name, reason in skipped.items()),
            crashed=(),
        ),
    )


_ALL = {rule.name for rule in ALL}


def _not_applicable(rule: Rule, there: _Holding) -> str:
    if "hostname" in rule.needs and not there.hostname:
        return "no host name was given"
    if "trusted" in rule.needs and not there.trust:
        return "no trust store was given"
    if "request" in rule.needs and not there.answered:
        return "no request was given"
    if rule.scope in ("path", "certificate") and not there.certificates:
        return "the input holds no certificate"
    if rule.scope == "input" and (there.handshake or there.prospect):
        return "it speaks of files"
    if rule.scope == "handshake" and not there.handshake:
        return "the input holds no handshake"
    if rule.scope == "request" and not there.requests:
        return "the input holds no request"
    return ""


# -- What they say -----------------------------------------------------------------------------------------------------


class _About(dict[str | Rule, Sequence[tuple[Any, ...]]]):
    """The arguments of each call of a rule, by what it is asked about (`_what`)."""

    def __init__(self, subject: Subject, plan: _Plan) -> None:
        self._subject = subject
        whole = [(subject,)]
        self["input"] = self["presented"] = whole
        self["handshake"] = [(subject, subject.handshake)]
        self["request"] = [(subject, request) for request in subject.requests]
        self.update(_about_certificates(subject, plan.of_certificates))

    def __missing__(self, what: str) -> Sequence[tuple[Any, ...]]:
        """Of rules on what goes astray, when the first of them is asked: whether anything does, the chains tell."""
        subject = self._subject
        asked: Sequence[tuple[Any, ...]] = ()
        if not subject.hierarchy.straight:
            alone = [(subject, certificate) for certificate in subject.certificates]
            asked = alone if what == "certificate astray" else [(subject,)]
        self[what] = asked
        return asked


def _what(rule: Rule) -> str | Rule:
    """What a rule is asked about: its scope; on paths see `_on_paths`. Of certificates each rule has its own."""
    scope = "presented" if rule.scope == "path" else rule.scope
    if rule.astray:
        return f"{scope} astray"
    return rule if scope == "certificate" else scope


def _about_certificates(subject: Subject, rules: tuple[Rule, ...]) -> dict[str | Rule, Sequence[tuple[Any, ...]]]:
    """Each rule is asked about the certificates that are met for the first time; about the others where it may speak."""
    asked = [(certificate, _asked_again(rules, certificate, subject.profile)) for certificate in subject.certificates]
    everything = [(subject, certificate) for certificate, some in asked if some is None]
    about: dict[str | Rule, Sequence[tuple[Any, ...]]] = dict.fromkeys(rules, everything)
    for certificate, some in asked:
        for rule in some or ():
            about[rule] = [*about[rule], (subject, certificate)]
    return about


def _asked_again(rules: tuple[Rule, ...], certificate: Certificate, profile: Profile) -> tuple[Rule, ...] | None:
    """The rules to ask of a certificate that was met before, as a CA's in its second chain; None where it was not."""
    last = certificate.kept.get(_asked_again)
    if last is None:
        certificate.kept[_asked_again] = _MET
        return None
    if last[0] is not rules or last[1] is not profile:
        from .alone import unsure  # most certificates are met once

        last = certificate.kept[_asked_again] = (rules, profile, unsure(rules, certificate, profile))
    asked: tuple[Rule, ...] = last[2]
    return asked


_MET = (None, None, ())


def _rules_that_may_speak(plan: _Plan, subject: Subject) -> tuple[_Asked, ...]:
    """Of a chain like others before it, those that spoke then, or looked at what differs; of any other all of them."""
    try:
        alike = likeness(subject) if plan.whole else None
    except Exception:  # noqa: BLE001 - what fails then, fails in the rules that look at it, and they are named
        alike = None
    if alike is None:
        return plan.rules
    profile, last = subject.profile, _last_alike(plan, subject.profile.name, alike)
    [(known, rules)] = last or [(None, None)]
    if known is not profile:
        last[:] = [(profile, None)]
        return plan.rules
    if rules is None:
        rules = _not_silent(plan, subject)
        last[:] = [(profile, rules)]
    return rules


@lru_cache(maxsize=1024)
def _last_alike(
    _plan: _Plan, _profile: str, _likeness: Hashable
) -> list[tuple[Profile | None, tuple[_Asked, ...] | None]]:
    """Where the profile of the last chain of that likeness, and the rules that may speak of others, are left for the next."""
    return []


def _not_silent(plan: _Plan, subject: Subject) -> tuple[_Asked, ...]:
    """The rules that are not silent on what all chains of its likeness have in common."""
    from .alone import silent
    from .in_common import view

    chain = view(subject)
    about = {"certificate": [(chain, each) for each in chain.certificates]}
    return tuple(
        (rule, check, what)
        for rule, check, what in plan.rules
        if not all(silent((check,), *arguments) for arguments in about.get(rule.scope, [(chain,)]))
    )


def _on_paths(check: Callable[..., Iterable[Problem]], subject: Subject) -> Iterable[Problem]:
    found = [[*check(subject, path)] for path in subject.paths]
    return _joined(subject, found) if any(found) else ()


_ERROR = Severity.ERROR


def _is_said(problem: Problem, subject: Subject) -> bool:
    """Whether it is worth saying: of a certificate that does not exist yet, only what the requester can mend."""
    awaited = problem.certificate is not None and subject.listed[problem.certificate].awaited
    return not awaited or problem.before_issue is not None


def _joined(subject: Subject, on_paths: list[list[Problem]]) -> Iterator[Problem]:
    """What stands on every path that holds the certificate is said once, of the certificate; the rest of each path."""
    seen: dict[tuple[int | None, str], set[int]] = defaultdict(set)
    for number, problems in enumerate(on_paths):
        for problem in problems:
            seen[problem.certificate, problem.message].add(number)
    holding: dict[int | None, set[int]] = defaultdict(set)
    for number, chain in enumerate(subject.chains):
        for index in chain.certificates:
            holding[index].add(number)
    said: set[tuple[int | None, str]] = set()
    for number, problems in enumerate(on_paths):
        for problem in problems:
            key = (problem.certificate, problem.message)
            if problem.certificate is None or seen[key] < holding[problem.certificate]:
                yield attrs.evolve(problem, chain=number)
            elif key not in said:
                said.add(key)
                yield problem


def _finding(rule: Rule, problem: Problem, subject: Subject) -> Finding:
    certificate = None if problem.certificate is None else subject.listed[problem.certificate]
    request = _request(problem, certificate, subject)
    stated = problem.severity or subject.profile.severities.get(rule.name) or rule.severity
    return Finding(
        rule=rule.name,
        severity=stated
        if certificate is None or problem.request is not None
        else _severity(stated, rule, certificate, subject),
        message=problem.message,
        remedy=problem.before_issue if certificate and certificate.awaited and problem.before_issue else problem.remedy,
        certificate=problem.certificate,
        request=request.index if request else problem.request,
        handshake=subject.handshake.index if subject.handshake else None,
        chain=problem.chain,
        role=subject.role(certificate) if certificate else None,
        location=_location(problem, certificate, request, subject),
        evidence=problem.evidence,
        references=rule.references,
    )


def _request(problem: Problem, certificate: Certificate | None, subject: Subject) -> Request | None:
    """The request that is meant: by its number, or by the certificate that would come of it."""
    if certificate is not None and certificate.awaited and subject.prospect:
        return subject.prospect.request
    requests = (*subject.requests, *subject.answered)
    if not requests:
        return None
    return next((request for request in requests if request.index == problem.request), None)


def _severity(stated: Severity, rule: Rule, certificate: Certificate, subject: Subject) -> Severity:
    """An error where the client looks at it; less on a certificate that it passes over.

    Java looks at no certificate off its paths, and at a trusted one only as far as the rule says.
    """
    if stated is not _ERROR or subject.profile.paths is None or rule.everywhere:
        return stated
    if not subject.on_path(certificate):
        return Severity.NOTICE
    if subject.is_anchor(certificate) and not rule.anchors:
        return Severity.WARNING
    return stated


def _location(
    problem: Problem, certificate: Certificate | None, request: Request | None, subject: Subject
) -> Location | None:
    if certificate is not None and not certificate.awaited:
        place = certificate.location
        if problem.field is None:
            return place
        return Location(
            document=place.document,
            start=place.start,
            stop=place.stop,
            line=place.line,
            within=place.within,
            field=problem.field,
        )
    if request is not None:
        return request.place(asked_in(problem.field))
    if problem.document is None:
        return subject.handshake.location if subject.handshake else None
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
