"""What was read and what is asked of it, judged by one client after the other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from types import MappingProxyType
from typing import TypeVar

import attrs

from . import chain as chains
from . import formats
from .certificate import Certificate
from .certreq import planned
from .chain import Hierarchy
from .documents import Block, Document, Kind, Span
from .findings import Finding, Location
from .handshake import Handshake, Witness
from .issuance import Prospect, chain_among, prospects
from .lazily import lazy
from .limits import Limits
from .profile import Profile
from .prospects import answers, settle
from .report import DocumentSummary, Explanation, JudgedPart, Report, RulesRun, joined, judge, judge_part
from .request import Request
from .rule import Rule
from .run import run
from .subject import Subject
from .verification import possession
from .version import __version__

T = TypeVar("T")


@attrs.frozen(kw_only=True, eq=False)
class _Part:
    """Certificates that are presented together: those of the files, those that the server of one handshake sent, or those
    that a server will send once a request is answered.
    """

    documents: tuple[Document, ...]
    found: tuple[tuple[Certificate, Block], ...]
    hierarchy: Hierarchy
    handshake: Handshake | None = None
    sent: tuple[Block, ...] = ()
    """What the server sent in its Certificate message, what is no certificate among it."""
    prospect: Prospect | None = None
    """Where a request is judged: who could answer it. The first of the certificates is then the one that would come of it."""


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Case:
    """What was read, and what is asked of it: everything but the client, so that several can be asked in turn."""

    name: str
    documents: tuple[Document, ...] = attrs.field(repr=False)
    issuers: tuple[Document, ...] | None = attrs.field(default=None, repr=False)
    issued: tuple[Document, ...] | None = attrs.field(default=None, repr=False)
    answered: tuple[Document, ...] | None = attrs.field(default=None, repr=False)
    handshakes: tuple[Handshake, ...] = attrs.field(default=(), repr=False)
    store: Document | None = attrs.field(repr=False)
    hostname: str | None
    at: datetime
    rules: tuple[Rule, ...] = attrs.field(repr=False)
    limits: Limits

    @lazy
    def _held(self) -> tuple[tuple[Certificate, Block], ...]:
        return () if self.store is None else tuple(certificates_in([self.store], trusted=True))

    @lazy
    def _trusted(self) -> tuple[Certificate, ...] | None:
        return None if self.store is None else tuple(certificate for certificate, _ in self._held)

    @lazy
    def _asks(self) -> bool:
        """Whether there may be requests in the documents that are judged."""
        for document in self.documents:
            for block in document.walk():
                if block.kind in _ASKING:
                    return True
        return False

    @lazy
    def _requests(self) -> tuple[Request, ...]:
        """The requests that are judged before they are answered."""
        if not self._asks:
            return ()
        return tuple(islice(_requests(self.documents, 0), self._most_requests))

    @lazy
    def _most_requests(self) -> int:
        """How many are judged: each is judged with all of the CA's chain, so that a long one leaves room for fewer."""
        held = len(chain_among(*self._beside))
        return min(self.limits.requests, max(1, self.limits.path_steps // max(1, held)))

    @lazy
    def _requests_left(self) -> int:
        """How many requests a limit left out."""
        left = max(0, _asked_in(self.answered) - self.limits.requests) if self.answered else 0
        return left + max(0, _asked_in(self.documents) - self._most_requests) if self._asks else left

    @lazy
    def _beside(self) -> tuple[tuple[Certificate, ...], tuple[Certificate, ...]]:
        """What was given as the CA's chain, and as issued by it."""
        issuers, issued = (tuple(c for c, _ in certificates_in(given or ())) for given in (self.issuers, self.issued))
        return issuers, issued

    @lazy
    def _answered(self) -> tuple[Request, ...]:
        """Those for which the certificates at hand were issued."""
        if not self.answered:
            return ()
        return tuple(islice(_requests(self.answered, len(self._requests)), self.limits.requests))

    @lazy
    def _parts(self) -> tuple[_Part, ...]:
        """The files' part first, then one for each handshake, then one for each request and CA that could answer it."""
        return (self._files, *map(self._of_handshake, self.handshakes), *self._prospects())

    @lazy
    def _files(self) -> _Part:
        """What stands in the files, and the CA's chain behind it."""
        found = tuple(certificates_in(self.documents))
        beside = (*(self.answered or ()), *(self.issuers or ()), *(self.issued or ()))
        stored = () if self.store is None else (self.store,)
        above = () if self.issuers is None or not found else self._completing(found)
        return self._part((*self.documents, *beside, *stored), (*found, *above))

    @lazy
    def _limits_each(self) -> Limits:
        """What one handshake may cost of what an input may; a chain of ten certificates needs far less than the least."""
        share = max(1, len(self.handshakes))
        return attrs.evolve(
            self.limits,
            signature_checks=max(min(100, self.limits.signature_checks), self.limits.signature_checks // share),
            path_steps=max(min(200, self.limits.path_steps), self.limits.path_steps // share),
        )

    def _of_handshake(self, handshake: Handshake) -> _Part:
        sent = () if self._repeats(handshake) else tuple(_sent(handshake, self.limits))
        return self._part((), tuple(_presented(handshake, sent)), handshake=handshake, sent=sent)

    def _repeats(self, handshake: Handshake) -> Handshake | None:
        """Of a handshake that is evidence alone: the one before it in which the server sent the same certificates."""
        if handshake.decides or not handshake.certificate_bytes:
            return None
        earlier = (each for each in self.handshakes[: handshake.index] if each.decides)
        return next((each for each in earlier if each.certificate_bytes == handshake.certificate_bytes), None)

    def _completing(self, found: tuple[tuple[Certificate, Block], ...]) -> tuple[tuple[Certificate, Block], ...]:
        """The CA's chain behind the certificates of the input, without those that are there already."""
        known = {certificate.der for certificate, _ in found}
        more = [(c, block) for c, block in certificates_in(self.issuers or ()) if c.der not in known]
        return tuple((attrs.evolve(c, index=len(found) + number), block) for number, (c, block) in enumerate(more))

    def _prospects(self) -> Iterator[_Part]:
        for request in self._requests:
            for prospect in prospects(request, *self._beside):
                yield self._prospective(prospect)

    def _prospective(self, prospect: Prospect) -> _Part:
        """The certificate that a CA would issue for a request, and the CA's chain."""
        coming = prospect.certificate(self.at)
        found = [attrs.evolve(c, index=i) for i, c in enumerate([*([coming] if coming else []), *prospect.chain])]
        blocks = [Block(kind=Kind.CERTIFICATE, span=_span(certificate), der=certificate.der) for certificate in found]
        return self._part((), tuple(zip(found, blocks, strict=True)), prospect=prospect)

    def _part(
        self,
        documents: tuple[Document, ...],
        found: tuple[tuple[Certificate, Block], ...],
        *,
        handshake: Handshake | None = None,
        sent: tuple[Block, ...] = (),
        prospect: Prospect | None = None,
    ) -> _Part:
        """What the certificates are to one another, whoever asks."""
        limits = self.limits if handshake is None else self._limits_each
        hierarchy = chains.build([certificate for certificate, _ in found], self._trusted, limits)
        return _Part(
            documents=documents, found=found, hierarchy=hierarchy, handshake=handshake, sent=sent, prospect=prospect
        )

    def _subject(self, part: _Part, profile: Profile) -> Subject:
        hierarchy = part.hierarchy
        if profile.paths is not None:
            limits = self.limits if part.handshake is None else self._limits_each
            hierarchy = profile.paths.choose(hierarchy, self._trusted, self.at, limits)
        return Subject(
            documents=part.documents,
            hierarchy=hierarchy,
            profile=profile,
            at=self.at,
            hostname=self.hostname,
            trust_given=self.store is not None,
            blocks_of=_blocks_of(hierarchy.certificates, part.found, self._held),
            store=self._trusted or (),
            handshake=part.handshake,
            handshakes=self.handshakes,
            sent=part.sent,
            requests=(part.prospect.request,) if part.prospect else (),
            prospect=part.prospect and part.prospect.listed_from(len(hierarchy.certificates)),
            answered=self._answered if part is self._files and self.answered else (),
            requests_left=self._requests_left if part is self._files else 0,
        )

    def findings(self, profile: Profile) -> tuple[Finding, ...]:
        """What the rules say, as in the report, without the verdict, and so without the work that only the verdict takes."""
        if self.handshakes or self._requests:
            return self.judge(profile).findings
        found, _ = run(self.rules, self._subject(self._files, profile))
        return _within(_worst_first(found, _chosen(self.rules).ranks), self.limits)[0] if found else ()

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """The certificates in the files, and those of the trust store that they call for."""
        return self._files.hierarchy.certificates

    def judge(self, profile: Profile) -> Report:
        """What this client would say."""
        chosen = _chosen(self.rules)
        parts: list[JudgedPart] = []
        asked: list[tuple[Prospect, JudgedPart]] = []
        runs: list[RulesRun] = []
        for part in self._parts:
            subject = self._subject(part, profile)
            findings, ran = run(self.rules, subject)
            outcome = judge_part(subject.hierarchy, findings, chosen.everywhere, part.handshake, profile)
            runs.append(ran)
            if part.prospect:
                asked.append((part.prospect, outcome))
            else:
                parts.append(outcome)
        if self._answered:
            parts[0] = answers(self._answered, parts[0], chosen.everywhere)
        if asked:
            parts.append(settle(asked))
        judged = self._in_a_row(parts, profile)
        found = _all([part.findings for part in judged])
        listed, omitted = _within(_worst_first(found, chosen.ranks), self.limits)
        documents = self._files.documents
        return Report(
            verdict=judge(judged, documents, whole=not self._requests_left),
            name=self.name,
            profile=profile.name,
            profile_title=profile.title,
            at=self.at,
            hostname=self.hostname,
            trust="presumed" if self.store is None else "given",
            documents=tuple(map(DocumentSummary.of, documents)),
            certificates=_all([part.certificates for part in judged]),
            roles=_all([part.roles for part in judged]),
            chains=_all([part.chains for part in judged]),
            requests=tuple(
                sorted(
                    [r.without_secrets() for part in judged for r in part.requests], key=lambda request: request.index
                )
            ),
            handshakes=tuple([part.handshake for part in judged if part.handshake is not None]),
            findings=listed,
            explanations=tuple(_explanations(listed, chosen.by_name)),
            rules=joined(runs),
            omitted=omitted,
            version=__version__,
            case=self,
        )

    def _in_a_row(self, parts: Iterable[JudgedPart], profile: Profile) -> list[JudgedPart]:
        """The parts with the indices that they have in the report."""
        judged: list[JudgedPart] = []
        certificates, chained = 0, 0
        for part in parts:
            if part.handshake is not None and part.handshake.witness is Witness.LOG:
                judged.append(part.logged_among(judged[0], profile))
                continue
            placed = part.behind(certificates, chained)
            first = self._repeats(part.handshake) if part.handshake else None
            # The part of the files comes first, so that of a handshake stands one behind its index.
            judged.append(placed if first is None else placed.presenting(judged[first.index + 1], profile))
            certificates += len(part.certificates)
            chained += len(part.chains)
        return judged


def _all(of_parts: list[tuple[T, ...]]) -> tuple[T, ...]:
    """What the parts have, in a row."""
    return of_parts[0] if len(of_parts) == 1 else tuple(chain.from_iterable(of_parts))


_ASKING = (Kind.REQUEST, Kind.SETTINGS)


def _place(handshake: Handshake) -> Location:
    return handshake.location or Location(document="handshake", start=0, stop=0)


def _sent(handshake: Handshake, limits: Limits) -> Iterator[Block]:
    """What the server sent in its Certificate message, in its order: certificates, and what is none."""
    place = _place(handshake)
    span = Span(start=place.start, stop=place.stop)
    for number, der in enumerate(handshake.certificate_bytes, 1):
        within = f"connection {handshake.index + 1}, certificate {number}"
        yield formats.presented_block(der, limits, span=span, within=within)


def _presented(handshake: Handshake, sent: Iterable[Block]) -> Iterator[tuple[Certificate, Block]]:
    """The certificates among what was sent."""
    place = _place(handshake)
    whole = (block for block in sent if block.kind is Kind.CERTIFICATE)
    for index, block in enumerate(whole):
        yield Certificate(index=index, der=block.der, location=attrs.evolve(place, within=block.within)), block


def _requests(documents: Iterable[Document], first: int) -> Iterator[Request]:
    """Every request in the documents, in input order, those included that certreq has still to make."""
    index = first
    for document in documents:
        for block in document.walk():
            made = None
            if block.kind is Kind.REQUEST:
                made = Request(index=index, der=block.der, location=document.place(block))
                made = attrs.evolve(made, proof=possession(made)[0].value)
            elif block.kind is Kind.SETTINGS:
                made = planned(document, index)
            if made is not None:
                yield made
                index += 1


def _asked_in(documents: Iterable[Document]) -> int:
    """How many requests `_requests` finds."""
    kinds = ((document, block.kind) for document in documents for block in document.walk())
    return sum(
        kind is Kind.REQUEST or (kind is Kind.SETTINGS and planned(document, 0) is not None) for document, kind in kinds
    )


def _span(certificate: Certificate) -> Span:
    return Span(start=certificate.location.start, stop=certificate.location.stop)


@attrs.frozen(kw_only=True, eq=False)
class _Chosen:
    """What follows from the choice of rules."""

    by_name: Mapping[str, Rule]
    ranks: Mapping[str, int]
    """Each rule's place among them."""
    everywhere: frozenset[str]
    """Those that break the connection on whatever certificate is sent."""


@lru_cache(maxsize=64)
def _chosen(rules: tuple[Rule, ...]) -> _Chosen:
    return _Chosen(
        by_name=MappingProxyType({rule.name: rule for rule in rules}),
        ranks=MappingProxyType({rule.name: number for number, rule in enumerate(rules)}),
        everywhere=frozenset(rule.name for rule in rules if rule.everywhere),
    )


def _worst_first(found: Iterable[Finding], ranks: Mapping[str, int]) -> list[Finding]:
    return sorted(
        found,
        key=lambda f: (-f.severity.rank, -1 if f.certificate is None else f.certificate, ranks.get(f.rule, -1)),
    )


def certificates_in(documents: Iterable[Document], *, trusted: bool = False) -> Iterator[tuple[Certificate, Block]]:
    """Every certificate in the documents, in input order, with the block that holds it."""
    index = 0
    for document in documents:
        for block in document.walk():
            if block.kind is Kind.CERTIFICATE and not (trusted and block.untrusted):
                place = document.place(block)
                yield Certificate.found(index, block.der, place, block.parts, trusted=trusted), block
                index += 1


def _blocks_of(
    certificates: tuple[Certificate, ...],
    found: tuple[tuple[Certificate, Block], ...],
    held: tuple[tuple[Certificate, Block], ...],
) -> tuple[Block, ...]:
    rest = certificates[len(found) :]
    if not rest:
        return tuple([block for _, block in found])
    stored = {certificate.der: block for certificate, block in held}
    return (*(block for _, block in found), *(stored[certificate.der] for certificate in rest))


def _within(findings: Sequence[Finding], limits: Limits) -> tuple[tuple[Finding, ...], dict[str, int]]:
    """The findings that are listed, and how many of each rule are not."""
    if len(findings) <= limits.findings_per_rule:
        return tuple(findings), {}
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


def _explanations(findings: Iterable[Finding], by_name: Mapping[str, Rule]) -> Iterator[Explanation]:
    """What the rules that found something say of themselves; a rule that crashed says nothing."""
    for name in dict.fromkeys(finding.rule for finding in findings):
        if rule := by_name.get(name):
            yield _explanation(rule)


@lru_cache(maxsize=256)
def _explanation(rule: Rule) -> Explanation:
    return Explanation(
        rule=rule.name,
        severity=rule.severity,
        topic=rule.topic,
        summary=rule.summary,
        sections=rule.sections,
        references=rule.references,
    )
