"""What came of one run: the verdict, the findings, and the inventory of what was found and looked at."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from .certificate import Certificate
from .chain import Chain, Hierarchy
from .diagnosis import diagnose, judge_handshake
from .documents import CaptureSummary, Document, Kind
from .findings import Finding, FrozenMapping, Severity, Verdict
from .handshake import Handshake
from .request import Request
from .verification import LinkState

if TYPE_CHECKING:
    from .compare import Comparison
    from .profile import Profile

SCHEMA = "finesse_certlint report 1"
NOT_ASKED = "it was not asked for"
"""Why a rule is skipped that the caller left out; the verdict then holds for the others alone."""


class _Common:
    """A value that many reports have in common: it is pickled once, and of those that come out of pickles there is one."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (_pickled(self),)


@lru_cache(maxsize=256)
def _pickled(value: Any) -> bytes:
    import pickle

    names = (field.name for field in attrs.fields(type(value)))
    return pickle.dumps((type(value), {name: getattr(value, name) for name in names}))


@lru_cache(maxsize=256)
def _unpickled(data: bytes) -> Any:
    import pickle

    kind, values = pickle.loads(data)  # noqa: S301 - a part of what is being unpickled
    return kind(**values)


@attrs.frozen(kw_only=True)
class SkippedRule:
    """A rule that did not run, and why."""

    name: str
    reason: str


@attrs.frozen(kw_only=True, cache_hash=True)
class RulesRun(_Common):
    """What became of each rule that was asked for."""

    run: tuple[str, ...]
    skipped: tuple[SkippedRule, ...]
    crashed: tuple[str, ...]


@attrs.frozen(kw_only=True)
class DocumentSummary:
    """One input, as far as a report speaks of it."""

    name: str
    size: int
    """In bytes."""
    format: str
    """What it was recognised as."""
    blocks: Mapping[str, int] = attrs.field(converter=FrozenMapping, hash=False)
    """How many blocks of each kind it is made of, those inside containers included."""
    capture: CaptureSummary | None = None
    """Of a capture, what it shows beside its handshakes."""

    @staticmethod
    def of(document: Document) -> "DocumentSummary":
        """What is to be said of a document."""
        kinds = [block.kind._value_ for block in document.walk()]
        return DocumentSummary(
            name=document.name,
            size=document.size,
            format=document.format,
            blocks={kind: kinds.count(kind) for kind in sorted(set(kinds))},
            capture=document.capture,
        )


@attrs.frozen(kw_only=True, cache_hash=True)
class Explanation(_Common):
    """What a rule that found something says of itself: its page in the docs, so that a report can stand alone."""

    rule: str
    severity: Severity
    """The rule's own; a finding of it may be milder."""
    topic: str
    summary: str
    sections: Mapping[str, str] = attrs.field(converter=FrozenMapping, hash=False)
    """By heading, in the form of Markdown."""
    references: tuple[str, ...]


@attrs.frozen(kw_only=True)
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
    documents: tuple[DocumentSummary, ...] = attrs.field(repr=False)
    certificates: tuple[Certificate, ...] = attrs.field(repr=False)
    roles: tuple[str, ...] = attrs.field(repr=False)
    """Each certificate's role, in the order of `certificates`."""
    chains: tuple[Chain, ...] = attrs.field(repr=False)
    findings: tuple[Finding, ...] = attrs.field(repr=False)
    explanations: tuple[Explanation, ...] = attrs.field(repr=False)
    """The rules that found something, in the order of the findings."""
    rules: RulesRun = attrs.field(repr=False)
    omitted: Mapping[str, int] = attrs.field(repr=False, converter=FrozenMapping, hash=False)
    """Findings that a limit left out, counted by rule."""
    version: str
    requests: tuple[Request, ...] = ()
    """The certificate requests, each with its own verdict."""
    handshakes: tuple[Handshake, ...] = ()
    """The TLS handshakes that were seen, each with its own verdict and diagnosis."""
    case: Any = attrs.field(default=None, repr=False, eq=False)
    """What was judged (`finesse_certlint.lint.Case`), for `compare()`."""

    def __getstate__(self) -> dict[str, Any]:
        """Everything but the case, whose rules are functions: a report that was pickled cannot be compared any more."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(Report) if field.name != "case"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in {**state, "case": None}.items():
            object.__setattr__(self, name, value)

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the findings."""
        return self.findings[0].severity if self.findings else None

    @property
    def breaking(self) -> tuple[Finding, ...]:
        """The findings that count against the input; none where it is accepted."""
        return (
            () if self.verdict is Verdict.ACCEPTED else tuple(finding for finding in self.findings if counts(finding))
        )

    @property
    def readable(self) -> bool:
        """Whether there was anything to judge: False where a finding is fatal."""
        return not any(finding.severity is Severity.FATAL for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON values, in the form of schemas/report-1.schema.json."""
        from .report_json import to_dict

        return to_dict(self)

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> "Report":
        """The report that `to_dict()` wrote: equal to it, and with the same renderings. It cannot be compared any more.

        :raises InputError: where the values are no such report; the message says where.
        """
        from .report_json import from_dict

        return from_dict(values)

    def to_json(self, indent: int | None = 2) -> str:
        """The report as JSON text, ASCII only, so that no name in a certificate can disturb a terminal or a parser."""
        import json

        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=True)

    def compare(self, profiles: Iterable["str | Profile"] | None = None) -> "Comparison":
        """What other clients would say of the same input, so that an upgrade can be weighed against reissuing.

        :param profiles: the profiles to ask, or their names. None: all.
        :raises ValueError: where the report does not know its input any more, as when it was read from JSON.
        :raises ProfileError: where there is no profile of that name.
        """
        from .compare import compare

        return compare(self, profiles)

    def render(self, format: str = "text", **options: Any) -> str:
        """The report in a form for people or programs.

        :param format: one of `finesse_certlint.render.FORMATS`.
        :param options: what that form can be told, such as ``fragment=True`` for "html"; the docs name them.
        :raises ValueError: where there is no such format; the message names those that there are.
        :raises TypeError: where the form has no such option.
        """
        from .render import render

        return render(self, format, **options)


# Of an enumeration, a member is looked up at ten times the cost of a name in the module, and hashed by its name.
_ACCEPTED, _REFUSED, _UNDETERMINED = Verdict.ACCEPTED, Verdict.REFUSED, Verdict.UNDETERMINED
_ERROR, _FATAL, _BUG = Severity.ERROR, Severity.FATAL, Severity.BUG
_FAILED, _UNCHECKED = LinkState.FAILED, LinkState.UNCHECKED


# -- The verdict -----------------------------------------------------------------------------------------------------
#
# A path is refused when an error stands on a certificate in it, or on the path itself. A server is accepted when one of
# its paths is; it is refused when all are. A handshake is refused when an error stands on it, or its server is. The input
# is judged by its worst server. "Accepted" is never said where something could not be looked at.


@attrs.frozen(kw_only=True, eq=False)
class JudgedPart:
    """What came of the certificates that are presented together: those of the files, or those of one handshake."""

    certificates: tuple[Certificate, ...]
    roles: tuple[str, ...]
    chains: tuple[Chain, ...]
    findings: tuple[Finding, ...]
    handshake: Handshake | None
    verdict: Verdict | None
    """None where there is nothing to judge."""
    presented: Verdict = Verdict.UNDETERMINED
    """Of a handshake, the verdict on the certificates alone."""
    requests: tuple[Request, ...] = ()

    def presenting(self, first: "JudgedPart", profile: "Profile") -> "JudgedPart":
        """The same where the server sent once more what was judged as `first` already."""
        if self.handshake is None or first.handshake is None:
            return self
        verdict = judge_handshake(self.handshake, profile, first.presented, self.findings)
        handshake = attrs.evolve(
            self.handshake,
            certificates=first.handshake.certificates,
            chains=first.handshake.chains,
            verdict=verdict,
            diagnosis=diagnose(self.handshake, first.certificates),
        )
        return attrs.evolve(self, handshake=handshake, presented=first.presented, verdict=verdict)

    def logged_among(self, files: "JudgedPart", profile: "Profile") -> "JudgedPart":
        """The same where the handshake stands in a log: its certificates do too, and were judged with the files."""
        if self.handshake is None or self.handshake.location is None:
            return self
        place = self.handshake.location
        own = [
            certificate
            for certificate in files.certificates
            if certificate.location.document == place.document
            and place.start <= certificate.location.start < place.stop
        ]
        sent = {certificate.index for certificate in own}
        verdict = judge_handshake(self.handshake, profile, files.presented, self.findings)
        handshake = attrs.evolve(
            self.handshake,
            certificates=tuple(certificate.index for certificate in own),
            chains=tuple(number for number, chain in enumerate(files.chains) if chain.certificates[0] in sent),
            verdict=verdict,
            diagnosis=diagnose(self.handshake, own),
        )
        return attrs.evolve(self, handshake=handshake, presented=files.presented, verdict=verdict)

    def behind(self, certificates: int, chains: int) -> "JudgedPart":
        """The same with indices that leave room for so many certificates and chains before it."""
        if not certificates and not chains:
            return self
        return attrs.evolve(
            self,
            certificates=tuple(attrs.evolve(c, index=c.index + certificates) for c in self.certificates),
            chains=tuple(_chain_behind(chain, certificates) for chain in self.chains),
            findings=tuple(
                attrs.evolve(f, certificate=_behind(f.certificate, certificates), chain=_behind(f.chain, chains))
                for f in self.findings
            ),
            requests=tuple(attrs.evolve(r, certificate=_behind(r.certificate, certificates)) for r in self.requests),
            handshake=self.handshake
            and attrs.evolve(
                self.handshake,
                certificates=tuple(index + certificates for index in self.handshake.certificates),
                chains=tuple(index + chains for index in self.handshake.chains),
            ),
        )


def _behind(index: int | None, count: int) -> int | None:
    return None if index is None else index + count


def _chain_behind(chain: Chain, count: int) -> Chain:
    return attrs.evolve(
        chain,
        certificates=tuple(index + count for index in chain.certificates),
        links=tuple(attrs.evolve(link, child=link.child + count, issuer=link.issuer + count) for link in chain.links),
        obstacles=tuple(
            attrs.evolve(obstacle, certificate=obstacle.certificate + count) for obstacle in chain.obstacles
        ),
    )


def judge_part(
    hierarchy: Hierarchy,
    findings: tuple[Finding, ...],
    everywhere: frozenset[str],
    handshake: Handshake | None,
    profile: "Profile",
) -> JudgedPart:
    """The verdicts on what is presented together; `everywhere` as in `judge_server`."""
    chains = judge_chains(hierarchy, findings)
    # An error that stands on the handshake itself says nothing of the certificates.
    of_certificates = findings if handshake is None else tuple(filter(_of_certificates, findings))
    verdict = presented = judge_server(hierarchy, chains, of_certificates, everywhere)
    if handshake is not None:
        verdict = judge_handshake(handshake, profile, presented, findings)
        handshake = attrs.evolve(
            handshake,
            certificates=tuple(c.index for c in hierarchy.certificates if not c.trusted),
            chains=tuple(range(len(chains))),
            verdict=verdict,
            diagnosis=diagnose(handshake, hierarchy.certificates),
        )
    nothing = handshake is None and not hierarchy.certificates and not _not_looked_at(hierarchy, findings)
    return JudgedPart(
        certificates=hierarchy.certificates,
        roles=tuple([role._value_ for role in hierarchy.roles]),
        chains=chains,
        findings=findings if handshake is None or handshake.decides else tuple(map(_as_evidence, findings)),
        handshake=handshake,
        presented=presented,
        verdict=None if nothing else verdict,
    )


def _of_certificates(finding: Finding) -> bool:
    return finding.certificate is not None or finding.chain is not None or finding.severity is Severity.BUG


def _as_evidence(finding: Finding) -> Finding:
    """What is found where the verdict does not rest on it, is no error."""
    return attrs.evolve(finding, severity=Severity.WARNING) if finding.severity is Severity.ERROR else finding


def judge(parts: Iterable[JudgedPart], documents: Iterable[Document], *, whole: bool = True) -> Verdict:
    """The verdict over the whole input, its worst part's; `whole` says whether all of the parts are here."""
    verdicts = [part.verdict for part in parts if part.handshake is None or part.handshake.decides]
    if _REFUSED in verdicts:
        return _REFUSED
    accepted = _ACCEPTED in verdicts and _UNDETERMINED not in verdicts
    return _ACCEPTED if accepted and whole and not unread(documents) else _UNDETERMINED


def joined(runs: Iterable[RulesRun]) -> RulesRun:
    """What became of each rule over all parts: it ran if it ran on any."""
    runs = tuple({id(run): run for run in runs}.values())  # handshakes that are alike share one
    if len(runs) == 1:
        return runs[0]
    crashed = dict.fromkeys(name for run in runs for name in run.crashed)
    ran = dict.fromkeys(name for run in runs for name in run.run if name not in crashed)
    spoke = {**ran, **crashed}
    skipped = {rule.name: rule for run in runs for rule in run.skipped if rule.name not in spoke}
    return RulesRun(run=tuple(ran), skipped=tuple(skipped.values()), crashed=tuple(crashed))


def judge_chains(hierarchy: Hierarchy, findings: Iterable[Finding]) -> tuple[Chain, ...]:
    """Each path with its verdict."""
    on_certificate: set[int] = set()
    on_chain: set[int] = set()
    for finding in findings:
        if not counts(finding):
            continue
        if finding.chain is not None:
            on_chain.add(finding.chain)
        elif finding.certificate is not None:
            on_certificate.add(hierarchy.duplicates.get(finding.certificate, finding.certificate))
    return tuple(
        [
            Chain(
                certificates=chain.certificates,
                trust=chain.trust,
                links=chain.links,
                obstacles=chain.obstacles,
                sorted=chain.sorted,
                missing_issuer=chain.missing_issuer,
                verdict=chain_verdict(chain, number in on_chain, on_certificate),
            )
            for number, chain in enumerate(hierarchy.chains)
        ]
    )


def counts(finding: Finding) -> bool:
    """Whether it weighs in a verdict."""
    return finding.severity is _ERROR or finding.severity is _FATAL


def chain_verdict(chain: Chain, broken: bool, on_certificate: set[int]) -> Verdict:
    """The verdict on one path: whether an error stands on it, or on a certificate in it."""
    if broken or not on_certificate.isdisjoint(chain.certificates):
        return _REFUSED
    # The links decide by themselves, so that no choice of rules makes a path of them that does not hold.
    links = [link.state for link in chain.links]
    if _FAILED in links or chain.obstacles:
        return _REFUSED
    return _ACCEPTED if chain.complete and _UNCHECKED not in links else _UNDETERMINED


def judge_server(
    hierarchy: Hierarchy, chains: tuple[Chain, ...], findings: tuple[Finding, ...], everywhere: frozenset[str]
) -> Verdict:
    """The verdict on what is presented; `everywhere` are the rules that break the connection on any certificate sent."""
    errors = [finding for finding in findings if counts(finding)]
    if any([finding.rule in everywhere for finding in errors]):
        return _REFUSED
    own: dict[int, list[Verdict]] = {leaf: [] for leaf in hierarchy.leaves}
    for chain in chains:
        own[chain.certificates[0]].append(chain.verdict)
    wrong = {finding.certificate for finding in errors if finding.chain is None}
    verdicts = [_leaf_verdict(hierarchy, own[leaf], on_leaf=leaf in wrong) for leaf in hierarchy.leaves]
    if _REFUSED in verdicts:
        return _REFUSED
    accepted = _ACCEPTED in verdicts and _UNDETERMINED not in verdicts
    if not hierarchy.servers or not accepted or _not_looked_at(hierarchy, findings):
        return _UNDETERMINED
    return _ACCEPTED


def _leaf_verdict(hierarchy: Hierarchy, own: Collection[Verdict], *, on_leaf: bool) -> Verdict:
    """What the verdicts on a server's own paths come to."""
    if _ACCEPTED in own:
        return _ACCEPTED
    if _UNDETERMINED in own or not own:
        return _UNDETERMINED
    # Every path that was walked is refused. Where a bound cut the walk, only an error on the leaf itself is certain.
    return _REFUSED if on_leaf or not hierarchy.limits_reached else _UNDETERMINED


def _not_looked_at(hierarchy: Hierarchy, findings: tuple[Finding, ...]) -> bool:
    """Whether a part of the input could not be judged: damaged, unread, or left to a rule that crashed."""
    if "signature_checks" in hierarchy.limits_reached:
        return True
    for finding in findings:
        if finding.severity is _BUG or finding.rule in _INCOMPLETE:
            return True
        if finding.certificate is None and counts(finding):
            return True
    return False


_INCOMPLETE = ("capture-limit-reached", "issuing-ca-signature-doubtful", "issuance-policy-unknown")


def unread(documents: Iterable[Document]) -> bool:
    """Whether a bound left a part of an input unread."""
    return any(block.kind is _UNREAD for document in documents for block in document.walk())


_UNREAD = Kind.UNREAD
