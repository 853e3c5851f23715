"""Who issued whom: from a heap of certificates to the paths that a client could build.

The rules of this file:

1. Names propose, signatures decide. A certificate whose subject is another's issuer (RFC 5280 section 7.1) is a
   candidate; key identifiers only order the candidates, and tell a stranger of the same name from a broken signature.
2. A root is known by being self-issued and signed with its own key, never by standing last.
3. A path ends at the first certificate that is trusted. Without a trust store, roots in the input are presumed trusted.
4. Everything is bounded, and what a bound cut is said (`Hierarchy.limits_reached`).

Whether a signature verifies is asked of verification.py.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

import attrs

from .certificate import Certificate
from .findings import Role, Verdict
from .lazily import lazy
from .limits import Limits
from .pkix import NameIndex, name_key
from .verification import WRONG_KIND_OF_KEY, LinkState, verify


class Trust(StrEnum):
    """Why a path's last certificate is trusted."""

    GIVEN = "given"
    """It is, or has the name and key of, a certificate in `trusted=`."""
    PRESUMED = "presumed"
    """Nothing was said about trust, and it is a root in the input."""


@attrs.frozen(kw_only=True)
class Link:
    """From a certificate to one that could have issued it."""

    child: int
    issuer: int
    state: LinkState
    reason: str = ""


class ObstacleKind(StrEnum):
    """Why a client does not take a path, although each certificate in it may be in order."""

    NAME = "name"
    """It does not find the issuer, because it compares the names otherwise than RFC 5280, section 7.1, does."""
    KEY_IDENTIFIER = "key-identifier"
    """The authority key identifier names another certificate than the one that stands there."""
    LENGTH = "length"
    """It sorts only chains of so many certificates."""
    SELF_ISSUED = "self-issued"
    """It follows no two self-issued certificates in a row."""
    ANCHOR_VALIDITY = "anchor-validity"
    """The trusted certificate does not hold now or, being of version 1 or 2, for the whole time of the one below it."""
    ORDER = "order"
    """It takes the certificates as they stand, and another path would have been needed."""


@attrs.frozen(kw_only=True)
class Obstacle:
    """One such reason, and the certificate at which it is met."""

    kind: ObstacleKind
    certificate: int


@attrs.frozen(kw_only=True)
class Chain:
    """One path, from the server's certificate upwards; indices into the report's certificates."""

    certificates: tuple[int, ...]
    trust: Trust | None
    links: tuple[Link, ...] = ()
    """From each certificate of the path to the next."""
    obstacles: tuple[Obstacle, ...] = ()
    sorted: bool = False
    """Whether the client had to sort the certificates to find this path."""
    missing_issuer: str | None = None
    """The name of the certificate that the path would need next, where it ends without a trusted one."""
    verdict: Verdict = Verdict.UNDETERMINED
    """Set by the report, once the rules have spoken."""

    @property
    def complete(self) -> bool:
        """Whether the path reaches a trusted certificate."""
        return self.trust is not None


@attrs.frozen(kw_only=True, slots=False)
class Hierarchy:
    """The certificates and how they hang together."""

    certificates: tuple[Certificate, ...]
    duplicates: Mapping[int, int]
    """A repeated certificate's index -> the index where it stands first."""
    issuers: Mapping[int, tuple[Link, ...]]
    """A certificate's index -> the links to its issuers, best first; a root links to itself."""
    roots: frozenset[int]
    leaves: tuple[int, ...]
    """The certificates that the paths begin with: the servers' own, or the lowest CAs where there is none."""
    servers: frozenset[int]
    """Those of the leaves that are no CA's: what a server would show as its own."""
    chains: tuple[Chain, ...]
    strays: tuple[int, ...]
    """Certificates that belong to no path."""
    limits_reached: tuple[str, ...]

    @lazy
    def straight(self) -> bool:
        """Whether the certificates are one path to a root in their order: nothing has to be sorted, sought or left out."""
        if not self.one_path:
            return False
        (chain,) = self.chains
        return chain.complete and not chain.sorted and chain.certificates == tuple(range(len(self.certificates)))

    @lazy
    def one_path(self) -> bool:
        """Whether the certificates are one path, each signed by the next, a root also by itself, and none by another; nothing is
        said about trust, and the client meets no obstacle.
        """
        count = len(self.certificates)
        if len(self.chains) != 1 or len(self.issuers) != count or self.limits_reached:
            return False
        (chain,) = self.chains
        links = [link for links in self.issuers.values() for link in links]
        return (
            chain.trust is not Trust.GIVEN
            and len(chain.certificates) == count
            and not chain.obstacles
            and all([link.state is LinkState.VERIFIED for link in links])
            and len(links) == len(chain.links) + len(self.roots)
        )

    def role(self, index: int) -> Role:
        """The certificate's place."""
        return self.roles[index]

    @lazy
    def roles(self) -> tuple[Role, ...]:
        """The place of each."""
        return tuple([self._role(index) for index in range(len(self.certificates))])

    def _role(self, index: int) -> Role:
        index = self.duplicates.get(index, index)
        if index in self.servers:
            return Role.LEAF
        if index in self.roots:
            return Role.ROOT
        return Role.INTERMEDIATE if self.certificates[index].ca or index in self._issuing else Role.LEAF

    def above(self, index: int) -> tuple[int, ...]:
        """The certificate's issuer, that one's, and so on to the root: of several, each time the best."""
        way = [index]
        while links := self.issuers.get(way[-1]):
            if links[0].issuer in way:
                break
            way.append(links[0].issuer)
        return tuple(way[1:])

    @lazy
    def _issuing(self) -> frozenset[int]:
        return frozenset(link.issuer for links in self.issuers.values() for link in links)


def build(found: Sequence[Certificate], trusted: Sequence[Certificate] | None, limits: Limits) -> Hierarchy:
    """Put the certificates of an input, and those of the trust store that they call for, into their hierarchy.

    It is worked out when somebody looks at more of it than the certificates: names, extensions and signatures cost more than
    all that a rule asks which looks at each certificate by itself.
    """
    certificates = (*found, *_called_for(found, trusted)) if trusted else tuple(found)
    return _Unbuilt.of(certificates, lambda: _built(certificates, trusted, limits))


def _built(certificates: tuple[Certificate, ...], trusted: Sequence[Certificate] | None, limits: Limits) -> Hierarchy:
    straight = _straight(certificates, limits) if trusted is None else None
    return straight or _Builder(certificates, trusted, limits).build()


class _Unbuilt(Hierarchy):
    """A hierarchy whose fields but the certificates are filled at the first look at one of them."""

    _build: Callable[[], Hierarchy]

    @classmethod
    def of(cls, certificates: tuple[Certificate, ...], build: Callable[[], Hierarchy]) -> Hierarchy:
        unbuilt = cls.__new__(cls)
        unbuilt.__dict__.update(certificates=certificates, _build=build)
        return unbuilt

    def role(self, index: int) -> Role:
        """The same; one certificate that is no CA's can be nothing but a server's own, and nothing is worked out to say so."""
        if len(self.certificates) == 1 and not self.certificates[0].ca:
            return Role.LEAF
        return super().role(index)

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if name not in _WORKED_OUT:
            raise AttributeError(name)
        self.__dict__.update(self._build().__dict__)
        return self.__dict__[name]


_WORKED_OUT = frozenset(field.name for field in attrs.fields(Hierarchy)) - {"certificates"}


def _straight(certificates: tuple[Certificate, ...], limits: Limits) -> Hierarchy | None:
    """One chain, each certificate signed by the next, as most inputs hold it; None where there is anything to choose.

    No two have the same subject, so none stands there twice, and each has one candidate for its issuer. What a search would say
    of them is written down here without one.
    """
    count = len(certificates)
    ample = (
        0 < count < limits.signature_checks
        and count < limits.path_length
        and count < limits.path_steps
        and limits.paths
    )
    if not ample or (count > 1 and len({certificate.subject_raw for certificate in certificates}) < count):
        return None
    issuers: dict[int, tuple[Link, ...]] = {}
    for number in range(count - 1):
        child, issuer = certificates[number], certificates[number + 1]
        if child.issuer_raw != issuer.subject_raw or verify(child, issuer)[0] is not LinkState.VERIFIED:
            return None
        issuers[number] = (Link(child=number, issuer=number + 1, state=LinkState.VERIFIED),)
    links = tuple([link for (link,) in issuers.values()])
    top, last = count - 1, certificates[-1]
    itself = last.issuer_raw == last.subject_raw
    if itself and verify(last, last)[0] is not LinkState.VERIFIED:
        return None
    if not itself and last.issuer_raw and _named(certificates, last.issuer_raw):
        return None
    issuers[top] = (Link(child=top, issuer=top, state=LinkState.VERIFIED),) if itself else ()
    servers = _FIRST if _is_server(certificates[0]) else _NONE
    chain = Chain(
        certificates=tuple(range(count)),
        trust=Trust.PRESUMED if itself else None,
        links=links,
        missing_issuer=None if itself else last.issuer,
    )
    return Hierarchy(
        certificates=certificates,
        duplicates={},
        issuers=issuers,
        roots=frozenset((top,)) if itself else _NONE,
        leaves=(0,),
        servers=servers,
        chains=(chain,),
        strays=(),
        limits_reached=(),
    )


_NONE: frozenset[int] = frozenset()
_FIRST = frozenset((0,))


def _named(certificates: Iterable[Certificate], name: bytes) -> list[int]:
    """The indices of the certificates of that name, by RFC 5280's comparison."""
    return NameIndex((certificate.subject_raw, index) for index, certificate in enumerate(certificates)).named(name)


def _is_server(certificate: Certificate) -> bool:
    return not certificate.ca or certificate.for_server


class _Builder:
    def __init__(
        self, certificates: Sequence[Certificate], trusted: Sequence[Certificate] | None, limits: Limits
    ) -> None:
        self.limits = limits
        self.trusted = trusted
        self.certificates = certificates
        self.duplicates: dict[int, int] = {}
        self.unique = self._unique()
        self.by_subject: dict[bytes, list[int]] = defaultdict(list)
        for index in self.unique:
            self.by_subject[self.certificates[index].subject_raw].append(index)
        self.names: NameIndex | None = None
        self.by_key_identifier: dict[int, dict[bytes | None, list[int]]] = {}
        self.checks = 0
        self.verified: dict[tuple[int, bytes], tuple[LinkState, str]] = {}
        """What came of each certificate and issuer's key: certificates of one CA that differ otherwise share it."""
        self.steps = 0
        self.reached: dict[str, None] = {}

    def build(self) -> Hierarchy:
        issuers = {index: self._links(index) for index in self.unique}
        roots = frozenset(i for i, links in issuers.items() if any(self._roots_itself(link) for link in links))
        anchors = self._anchors(roots)
        leaves, servers = self._leaves(issuers, roots)
        graph = {
            index: tuple(dict.fromkeys(link.issuer for link in links if link.issuer != index))
            for index, links in issuers.items()
        }
        pairs = {(link.child, link.issuer): link for links in issuers.values() for link in links}
        chains = [
            self._chain(path, anchors, tuple([pairs[pair] for pair in pairwise(path)]))
            for leaf in leaves
            for path in self._paths(leaf, graph, anchors)
        ]
        used = {index for chain in chains for index in chain.certificates}
        strays = [i for i in self.unique if i not in used and not self.certificates[i].trusted]
        return Hierarchy(
            certificates=tuple(self.certificates),
            duplicates=self.duplicates,
            issuers=issuers,
            roots=roots,
            leaves=tuple(leaves),
            servers=servers,
            chains=tuple(chains),
            strays=tuple(strays),
            limits_reached=tuple(self.reached),
        )

    def _unique(self) -> list[int]:
        first: dict[bytes, int] = {}
        for index, certificate in enumerate(self.certificates):
            if first.setdefault(certificate.der, index) != index:
                self.duplicates[index] = first[certificate.der]
        return list(first.values())

    # -- Links -------------------------------------------------------------------------------------------------------

    def _links(self, index: int) -> tuple[Link, ...]:
        child = self.certificates[index]
        checked: list[Link] = []
        for candidate in self._candidates(child):
            if checked and (self._at_limit() or self._settled(checked, candidate)):
                continue
            checked.append(self._check(index, candidate))
            if self._at_limit():
                break
        for state in (LinkState.VERIFIED, LinkState.UNCHECKED):
            links = tuple(link for link in checked if link.state is state)
            if links:
                return links
        return tuple(link for link in checked if not self._stranger(link))

    def _settled(self, checked: list[Link], candidate: int) -> bool:
        """Whether the issuer is found already and the candidate, by its key identifier, has another key."""
        child = self.certificates[checked[0].child]
        verified = any(link.state is LinkState.VERIFIED for link in checked)
        return verified and _key_identifiers(child, self.certificates[candidate]) is False

    def _at_limit(self) -> bool:
        return self.checks >= self.limits.signature_checks

    def _candidates(self, child: Certificate) -> Iterator[int]:
        """Certificates of the issuer's name, those with the right key identifier first."""
        named = self.by_subject.get(child.issuer_raw) or self._by_name(child.issuer_raw)
        if len(named) < 2 or child.authority_key_identifier is None:
            yield from named
            return
        wanted = child.authority_key_identifier
        first = self._by_key_identifier(named).get(wanted, ())
        yield from first
        yield from (index for index in named if index not in first)

    def _by_key_identifier(self, named: list[int]) -> dict[bytes | None, list[int]]:
        """The certificates of one name by their subject key identifiers; made once for each name."""
        found = self.by_key_identifier.get(named[0])
        if found is None:
            found = self.by_key_identifier[named[0]] = defaultdict(list)
            for index in named:
                found[self.certificates[index].subject_key_identifier].append(index)
        return found

    def _by_name(self, issuer: bytes) -> list[int]:
        if not issuer:
            return []
        if self.names is None:
            self.names = NameIndex((self.certificates[index].subject_raw, index) for index in self.unique)
        return self.names.named(issuer)

    def _check(self, child: int, issuer: int) -> Link:
        if self._at_limit():
            self.reached["signature_checks"] = None
            return Link(child=child, issuer=issuer, state=LinkState.UNCHECKED, reason="the limit of checks was reached")
        key = self.certificates[issuer].public_key
        known = (child, key.raw if key else b"")
        if known not in self.verified:
            self.checks += 1
            self.verified[known] = verify(self.certificates[child], self.certificates[issuer])
        state, reason = self.verified[known]
        return Link(child=child, issuer=issuer, state=state, reason=reason)

    def _stranger(self, link: Link) -> bool:
        """Whether a certificate whose key does not fit is merely of the same name.

        Key identifiers say so; or, where a certificate is self-issued, that its own key makes no such signature.
        """
        if link.reason == WRONG_KIND_OF_KEY and link.child == link.issuer:
            return True
        return _key_identifiers(self.certificates[link.child], self.certificates[link.issuer]) is False

    def _roots_itself(self, link: Link) -> bool:
        if link.issuer != link.child:
            return False
        if link.state is LinkState.VERIFIED:
            return True
        certificate = self.certificates[link.child]
        return link.state is LinkState.UNCHECKED and _key_identifiers(certificate, certificate) is not False

    # -- Ends --------------------------------------------------------------------------------------------------------

    def _anchors(self, roots: frozenset[int]) -> dict[int, Trust]:
        if self.trusted is None:
            return dict.fromkeys(roots, Trust.PRESUMED)
        # JDK 7 to 21: a certificate is trusted if the store holds it, or one with the same subject and public key.
        held = {name_and_key(certificate) for certificate in self.trusted}
        return {i: Trust.GIVEN for i in self.unique if name_and_key(self.certificates[i]) in held}

    def _leaves(
        self, issuers: Mapping[int, tuple[Link, ...]], roots: frozenset[int]
    ) -> tuple[list[int], frozenset[int]]:
        """Where paths begin: what issued nothing here and is no CA's; failing that, the lowest CAs."""
        own = [index for index in self.unique if not self.certificates[index].trusted]
        issued = {link.issuer for links in issuers.values() for link in links if link.issuer != link.child}
        ends = [index for index in own if index not in issued]
        servers = [index for index in ends if _is_server(self.certificates[index])]
        if servers:
            return servers, frozenset(servers)
        # No end at all: a loop of certificates that issued one another. One of them is as good a beginning as another.
        ends = [index for index in ends if index not in roots] or ends or own[:1]
        return ends, frozenset(index for index in ends if _is_server(self.certificates[index]))

    # -- Paths -------------------------------------------------------------------------------------------------------

    def _paths(
        self, leaf: int, graph: Mapping[int, tuple[int, ...]], anchors: Mapping[int, Trust]
    ) -> list[tuple[int, ...]]:
        """The paths from one leaf, shortest first; those that reach trust, or, where none does, all of them."""
        useful = _reaching(leaf, graph, anchors)
        paths: list[tuple[int, ...]] = []
        for path in self._walk(leaf, graph, anchors, useful):
            if len(paths) == self.limits.paths:
                self.reached["paths"] = None
                break
            paths.append(path)
        paths.sort(key=len)
        return paths or [(leaf,)]

    def _chain(self, path: tuple[int, ...], anchors: Mapping[int, Trust], links: tuple[Link, ...]) -> Chain:
        last = self.certificates[path[-1]]
        trust = anchors.get(path[-1])
        return Chain(certificates=path, trust=trust, links=links, missing_issuer=None if trust else last.issuer)

    def _walk(
        self,
        leaf: int,
        graph: Mapping[int, tuple[int, ...]],
        anchors: Mapping[int, Trust],
        useful: frozenset[int] | None,
    ) -> Iterator[tuple[int, ...]]:
        """Depth first, without recursion and without visiting a certificate twice on one path."""
        path: list[int] = []
        pending: list[tuple[int, int]] = [(0, leaf)]
        while pending:
            if self.steps >= self.limits.path_steps:
                self.reached["path_steps"] = None
                return
            self.steps += 1
            depth, index = pending.pop()
            del path[depth:]
            path.append(index)
            if index in anchors:
                yield tuple(path)
                continue
            onward = [i for i in graph[index] if i not in path and (useful is None or i in useful)]
            if len(path) >= self.limits.path_length:
                self.reached["path_length"] = None
                onward = []
            pending.extend((depth + 1, i) for i in reversed(onward))
            if not onward and useful is None:
                yield tuple(path)


def _called_for(found: Sequence[Certificate], trusted: Sequence[Certificate]) -> Iterator[Certificate]:
    """The certificates of the trust store that issued, by name, something in the input and are not in it themselves."""
    present = {certificate.der for certificate in found}
    issuers = {certificate.issuer_raw for certificate in found}
    names = {name_key(raw) for raw in issuers}
    index = len(found)
    for certificate in trusted:
        if certificate.der in present:
            continue
        if certificate.subject_raw in issuers or name_key(certificate.subject_raw) in names:
            present.add(certificate.der)
            yield attrs.evolve(certificate, index=index)
            index += 1


def _reaching(leaf: int, graph: Mapping[int, tuple[int, ...]], anchors: Mapping[int, Trust]) -> frozenset[int] | None:
    """The certificates above `leaf` from which trust can be reached; None where it cannot be reached at all."""
    above = {leaf}
    pending = [leaf]
    below: dict[int, list[int]] = defaultdict(list)
    while pending:
        index = pending.pop()
        for issuer in () if index in anchors else graph[index]:
            below[issuer].append(index)
            if issuer not in above:
                above.add(issuer)
                pending.append(issuer)
    useful: set[int] = set()
    pending = [index for index in above if index in anchors]
    while pending:
        index = pending.pop()
        if index not in useful:
            useful.add(index)
            pending.extend(below[index])
    return frozenset(useful) if leaf in useful else None


def name_and_key(certificate: Certificate, normal_form: Callable[[bytes], str] = name_key) -> tuple[str, bytes]:
    """What two certificates share that are the same one issued twice, or the same CA's: subject and public key.

    :param certificate: the certificate; one whose key cannot be read is like itself only.
    :param normal_form: what makes two names of the same form equal; RFC 5280's if not given.
    """
    key = certificate.public_key
    return normal_form(certificate.subject_raw), key.raw if key else certificate.der


def _key_identifiers(child: Certificate, issuer: Certificate) -> bool | None:
    """Whether the child's authority key identifier is the issuer's subject key identifier; None where one is absent."""
    wanted, there = child.authority_key_identifier, issuer.subject_key_identifier
    return None if wanted is None or there is None else wanted == there
