"""What came of the requests: for each the verdicts through the CAs that could answer it, joined into one.

Each prospect is judged like a chain, with the certificate to be at its lower end. Here that certificate, which nobody has
issued, is taken out again, what was found on it is said of the request, and what several prospects say of the same CA is
said once.
"""

from collections.abc import Iterable, Sequence

import attrs

from .certificate import Certificate
from .chain import Chain
from .findings import Finding, Role, Verdict
from .issuance import Prospect, paired
from .report import JudgedPart, chain_verdict, counts
from .request import Request


def settle(judged: Sequence[tuple[Prospect, JudgedPart]]) -> JudgedPart:
    """All prospects of all requests as one part of the report."""
    joining = _Joining()
    for prospect, part in judged:
        joining.add(prospect, part)
    return joining.part(judged)


_STRAY = "stray-certificate"


class _Joining:
    def __init__(self) -> None:
        self.certificates: dict[tuple[bytes, bool], Certificate] = {}
        self.roles: list[str] = []
        self.samples: dict[bytes, Certificate] = {}
        self.chains: dict[tuple[int, ...], Chain] = {}
        self.findings: dict[tuple[object, ...], tuple[Finding, bytes | None]] = {}

    def add(self, prospect: Prospect, part: JudgedPart) -> None:
        places: dict[int, int | None] = {}
        for certificate, role in zip(part.certificates, part.roles, strict=True):
            if certificate.awaited:
                places[certificate.index] = None
                continue
            key = (certificate.der, certificate.trusted)
            if key not in self.certificates:
                self.certificates[key] = attrs.evolve(certificate, index=len(self.certificates))
                self.roles.append(role)
            places[certificate.index] = self.certificates[key].index
        samples = (*prospect.samples, *prospect.strangers)
        self.samples.update({shown.der: shown for shown in samples if shown.der not in self.samples})
        chains = [self._chain(chain, places) for chain in part.chains]
        for finding in part.findings:
            number = None if finding.certificate is None else finding.certificate - len(part.certificates)
            sample = samples[number].der if number is not None and number >= 0 else None
            moved = attrs.evolve(
                finding,
                certificate=None if finding.certificate is None else places.get(finding.certificate),
                role=finding.role
                if sample or finding.certificate is None or places.get(finding.certificate) is not None
                else None,
                chain=None if finding.chain is None else chains[finding.chain],
            )
            identity = (moved.rule, moved.certificate, sample, moved.request, moved.chain, moved.message)
            known = self.findings.get(identity)
            # A CA that stands on no path through one prospect can be what breaks the path through another.
            if known is None or moved.severity.rank > known[0].severity.rank:
                self.findings[identity] = moved, sample

    def _chain(self, chain: Chain, places: dict[int, int | None]) -> int | None:
        """The number of the path without the certificate to be; None where nothing is left of it."""
        rest = tuple(place for index in chain.certificates if (place := places[index]) is not None)
        if not rest:
            return None
        moved = attrs.evolve(
            chain,
            certificates=rest,
            links=tuple(
                attrs.evolve(link, child=child, issuer=issuer)
                for link in chain.links
                if (child := places[link.child]) is not None and (issuer := places[link.issuer]) is not None
            ),
            obstacles=tuple(
                attrs.evolve(obstacle, certificate=place)
                for obstacle in chain.obstacles
                if (place := places[obstacle.certificate]) is not None
            ),
        )
        self.chains.setdefault(rest, moved)
        return list(self.chains).index(rest)

    def part(self, judged: Sequence[tuple[Prospect, JudgedPart]]) -> JudgedPart:
        first = len(self.certificates)
        samples = [attrs.evolve(c, index=first + number) for number, c in enumerate(self.samples.values())]
        numbers = {sample.der: sample.index for sample in samples}
        on_paths = {index for rest in self.chains for index in rest}
        findings = tuple(
            finding if sample is None else attrs.evolve(finding, certificate=numbers[sample])
            for finding, sample in self.findings.values()
            if finding.rule != _STRAY or finding.certificate not in on_paths  # it is on another prospect's path
        )
        requests = _judged(judged)
        return JudgedPart(
            certificates=(*self.certificates.values(), *samples),
            roles=(*self.roles, *(Role.LEAF.value for _ in samples)),
            chains=self._judged_chains(findings),
            findings=findings,
            handshake=None,
            verdict=worst(request.verdict for request in requests),
            requests=requests,
        )

    def _judged_chains(self, findings: Iterable[Finding]) -> tuple[Chain, ...]:
        errors = [finding for finding in findings if counts(finding) and finding.request is None]
        on_certificate = {f.certificate for f in errors if f.certificate is not None and f.chain is None}
        on_chain = {finding.chain for finding in errors if finding.chain is not None}
        return tuple(
            attrs.evolve(chain, verdict=chain_verdict(chain, number in on_chain, on_certificate))
            for number, chain in enumerate(self.chains.values())
        )


def _judged(judged: Iterable[tuple[Prospect, JudgedPart]]) -> tuple[Request, ...]:
    requests: dict[int, Request] = {}
    verdicts: dict[int, set[Verdict]] = {}
    for prospect, part in judged:
        requests[prospect.request.index] = prospect.request
        verdicts.setdefault(prospect.request.index, set()).add(_through(prospect, part))
    return tuple(
        # Which of several CAs will issue is not known, so that they must agree.
        attrs.evolve(request, verdict=verdicts[index].pop() if len(verdicts[index]) == 1 else Verdict.UNDETERMINED)
        for index, request in requests.items()
    )


def _through(prospect: Prospect, part: JudgedPart) -> Verdict:
    """The verdict on a request, if this CA answers it."""
    on_request = [finding for finding in part.findings if finding.request is not None and counts(finding)]
    if any(finding.chain is None for finding in on_request):
        return Verdict.REFUSED
    if prospect.issuer is None or prospect.unasked or part.verdict is None:
        return Verdict.UNDETERMINED
    return part.verdict


def answers(answered: Sequence[Request], part: JudgedPart, everywhere: frozenset[str]) -> JudgedPart:
    """A part with the requests for which its certificates were issued: each with the certificate that has its key.

    `everywhere` as in `judge_server`.
    """
    delivered = paired(answered, part.certificates)
    requests = tuple(
        attrs.evolve(
            request,
            answered=True,
            certificate=delivered[request.index].index if request.index in delivered else None,
            verdict=_delivered(delivered.get(request.index), part, everywhere),
        )
        for request in answered
    )
    verdicts = {*(request.verdict for request in requests), *([part.verdict] if part.verdict else [])}
    return attrs.evolve(part, requests=requests, verdict=worst(verdicts))


def _delivered(certificate: Certificate | None, part: JudgedPart, everywhere: frozenset[str]) -> Verdict:
    """The verdict on a request that was answered: where several servers' certificates were delivered, on its own."""
    verdict = part.verdict or Verdict.UNDETERMINED
    if certificate is None:
        return verdict
    if any(counts(finding) and finding.rule in everywhere and finding.request is None for finding in part.findings):
        return Verdict.REFUSED
    paths: dict[int, set[Verdict]] = {}
    for chain in part.chains:
        paths.setdefault(chain.certificates[0], set()).add(chain.verdict)
    if certificate.index not in paths:
        return Verdict.UNDETERMINED  # the client took another for the server's own, and nobody judged this one
    if len(paths) == 1 or verdict is Verdict.UNDETERMINED:
        return verdict
    # One path that is accepted is enough.
    order = (Verdict.ACCEPTED, Verdict.UNDETERMINED, Verdict.REFUSED)
    return next(each for each in order if each in paths[certificate.index])


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The verdict over several that must all hold."""
    found = set(verdicts)
    order = (Verdict.REFUSED, Verdict.UNDETERMINED, Verdict.ACCEPTED)
    return next((verdict for verdict in order if verdict in found), None)
