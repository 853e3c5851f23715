"""Which paths Java's PKIX trust manager tries for what a server sends.

Read in OpenJDK's sun/security/validator/PKIXValidator.java and sun/security/provider/certpath (PKIXCertPathValidator,
SunCertPathBuilder, ForwardBuilder, AdaptableX509CertSelector):

1. The first certificate is the server's. If it is in the trust store, nothing more is looked at.
2. As long as each certificate's subject is the issuer of the one before, they are taken as they stand, up to the first
   that is in the trust store or has the name and key of one there ("trusted cert ... replacing weak cert"); what stands
   below it must then chain to a trusted certificate, and no other path is tried.
3. If they are out of order, or end without a trusted issuer, Java sorts: it goes from issuer to issuer by name, through
   what was sent, trusted certificates first, and takes the first path that stands every check. It does so through
   five intermediate certificates at most (PKIXBuilderParameters: "The default maximum path length ... is 5").

A path that Java would drop half-way, for an expired CA for instance, is kept here and left to the rules, which say why.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise

import attrs

from ..certificate import Certificate
from ..chain import Chain, Hierarchy, Link, Obstacle, ObstacleKind, Trust, name_and_key
from ..limits import Limits
from ..tlv import OCTET_STRING, TlvError, children, encode, read
from ..verification import LinkState, verify
from .names import canonical, self_issued

_SUBJECT_ALT_NAME = "2.5.29.17"
_AUTHORITY_KEY_IDENTIFIER = "2.5.29.35"
_SUBJECT_KEY_IDENTIFIER = "2.5.29.14"
_KEY_IDENTIFIER, _SERIAL = 0x80, 0x82

_name_and_key = partial(name_and_key, normal_form=canonical)


@attrs.frozen(kw_only=True)
class PathBuilding:
    """How a release chooses its paths."""

    leaf_trusted_by_key: bool
    """Whether a server's certificate passes unchecked that merely has the name and key of one in the trust store.

    Up to the updates of January 2020 (7u251, 8u241, 11.0.6) PKIXValidator took it so; since then it must be the same one.
    """
    builder_heeds_key_identifiers: bool
    """Whether sorting asks that the authority key identifier fit; JDK 7's ForwardBuilder does, later ones only prefer it."""
    longest_sorted: int = 5
    """How many intermediate certificates that are not self-issued a sorted path may hold (PKIXBuilderParameters)."""

    def choose(
        self, hierarchy: Hierarchy, trusted: Sequence[Certificate] | None, at: datetime, limits: Limits
    ) -> Hierarchy:
        """The hierarchy with the paths that Java tries in place of all that there are.

        :param hierarchy: what the certificates are to one another.
        :param trusted: the trust store. None: the roots among the certificates are presumed to be in it.
        :param at: the time of judgement; where Java sorts, it passes over trusted certificates that are not valid.
        :param limits: bounds on paths and signature checks.
        """
        search = _Search(self, hierarchy, trusted, at, limits)
        return search.result() if search.presented else hierarchy


class _Search:
    def __init__(
        self,
        rules: PathBuilding,
        hierarchy: Hierarchy,
        trusted: Sequence[Certificate] | None,
        at: datetime,
        limits: Limits,
    ) -> None:
        self.rules = rules
        self.hierarchy = hierarchy
        self.certificates = hierarchy.certificates
        self.at = at
        self.limits = limits
        self.trust = Trust.PRESUMED if trusted is None else Trust.GIVEN
        self.reached = dict.fromkeys(hierarchy.limits_reached)
        self.checks = 0
        self.known = {(link.child, link.issuer): link for links in hierarchy.issuers.values() for link in links}

        roots = [self.certificates[index] for index in sorted(hierarchy.roots)]
        held = roots if trusted is None else trusted
        self.held = {certificate.der for certificate in held}
        self.held_keys = {_name_and_key(certificate) for certificate in held}
        self.held_names = {canonical(certificate.subject_raw) for certificate in held}
        unique = [c.index for c in self.certificates if c.index not in hierarchy.duplicates]
        self.anchors = _by_subject(self.certificates, [i for i in unique if self.certificates[i].der in self.held])
        self.orders = self._orders()
        self.presented = self.orders[0] if self.orders else []
        self.sent = _by_subject(self.certificates, list(dict.fromkeys(self._first(i) for i in self.presented)))

    def _first(self, index: int) -> int:
        return self.hierarchy.duplicates.get(index, index)

    # -- What is sent ------------------------------------------------------------------------------------------------

    def _orders(self) -> list[list[int]]:
        """The certificates as the server sends them, its own first; where that is not told, in the order of each path there is.

        A CA that was renewed with its key has two certificates, and whoever installs the chain chooses between them.
        """
        own = [certificate.index for certificate in self.certificates if not certificate.trusted]
        if not own:
            return []
        servers = self.hierarchy.servers
        first = self.certificates[own[0]]
        if first.ca and not first.for_server and servers and self._first(own[0]) not in servers:
            # No server sends a CA's certificate as its own: it could not prove that it holds the key.
            own.sort(key=lambda index: self._first(index) not in servers)
        if self._order_is_told(own):
            return [own]
        paths = [list(c.certificates) for c in self.hierarchy.chains if c.certificates[0] == self._first(own[0])]
        paths = [[index for index in path if not self.certificates[index].trusted] for path in paths]
        return [path + [index for index in own if index not in path] for path in paths or [[]]]

    def _order_is_told(self, own: list[int]) -> bool:
        """Whether the order in the input is the order on the wire: not across files, and not in the SET of a PKCS#7."""
        places = [self.certificates[index].location for index in own]
        return len({place.document for place in places}) == 1 and not any(
            (place.within or "").startswith("certificates") for place in places
        )

    # -- The result --------------------------------------------------------------------------------------------------

    def result(self) -> Hierarchy:
        leaf = self._first(self.presented[0])
        chains = self._as_they_stand() or list(self._sorted(leaf)) or self._not_found(leaf)
        used = {index for chain in chains for index in chain.certificates}
        strays = [i for i in dict.fromkeys(self._first(i) for i in self.presented) if i not in used]
        certificate = self.certificates[leaf]
        server = certificate.for_server or not certificate.ca or self.trust is Trust.GIVEN
        return attrs.evolve(
            self.hierarchy,
            leaves=(leaf,),
            servers=frozenset({leaf}) if server else frozenset(),
            chains=tuple(sorted(chains, key=lambda chain: len(chain.obstacles))),
            strays=tuple(strays),
            limits_reached=tuple(self.reached),
        )

    def _chain(
        self, path: Sequence[int], *, trust: Trust | None, obstacles: Sequence[Obstacle] = (), was_sorted: bool = False
    ) -> Chain:
        return Chain(
            certificates=tuple(path),
            trust=trust,
            links=tuple(self._link(child, issuer) for child, issuer in pairwise(path)),
            missing_issuer=None if trust else self.certificates[path[-1]].issuer,
            obstacles=tuple(obstacles),
            sorted=was_sorted,
        )

    def _link(self, child: int, issuer: int) -> Link:
        if (child, issuer) not in self.known:
            if self.checks >= self.limits.signature_checks:
                self.reached["signature_checks"] = None
                return Link(
                    child=child, issuer=issuer, state=LinkState.UNCHECKED, reason="the limit of checks was reached"
                )
            self.checks += 1
            state, reason = verify(self.certificates[child], self.certificates[issuer])
            self.known[child, issuer] = Link(child=child, issuer=issuer, state=state, reason=reason)
        return self.known[child, issuer]

    # -- PKIXValidator: the certificates as they stand ---------------------------------------------------------------

    def _as_they_stand(self) -> list[Chain]:
        """The paths through the certificates in the order in which they were sent; none where Java sorts them."""
        chains = [chain for order in self.orders for chain in self._as_it_stands(self._cut(order))]
        return list({chain.certificates: chain for chain in chains}.values())

    def _as_it_stands(self, path: list[int] | None) -> list[Chain]:
        if path is None:
            return []
        if len(path) == 1 and self._is_trusted_leaf(self.certificates[path[0]]):
            return [self._chain(path, trust=self.trust)]
        top = self.certificates[path[-1]]
        anchors = self.anchors.get(canonical(top.issuer_raw), [])
        chains = [
            self._chain([*path, anchor], trust=self.trust, obstacles=self._unlike(top, anchor)) for anchor in anchors
        ]
        return [chain for chain in chains if chain.links[-1].state is not LinkState.FAILED] or chains

    def _cut(self, order: list[int]) -> list[int] | None:
        path: list[int] = []
        for index in order:
            certificate = self.certificates[index]
            if not path:
                if self._is_trusted_leaf(certificate):
                    return [self._first(index)]
            else:
                if canonical(certificate.subject_raw) != canonical(self.certificates[path[-1]].issuer_raw):
                    return None
                if certificate.der in self.held or _name_and_key(certificate) in self.held_keys:
                    return path
            path.append(self._first(index))
        return path if canonical(self.certificates[path[-1]].issuer_raw) in self.held_names else None

    def _is_trusted_leaf(self, certificate: Certificate) -> bool:
        by_key = self.rules.leaf_trusted_by_key and _name_and_key(certificate) in self.held_keys
        return by_key or certificate.der in self.held

    # -- SunCertPathBuilder: sorting ---------------------------------------------------------------------------------

    def _sorted(self, leaf: int) -> Iterator[Chain]:
        """Every path to a trusted certificate, depth first, with what keeps Java from following it."""
        found = steps = 0
        path: list[int] = []
        pending: list[tuple[int, int, tuple[Obstacle, ...]]] = [(0, leaf, ())]
        while pending:
            steps += 1
            if steps > self.limits.path_steps or found == self.limits.paths:
                self.reached["path_steps" if steps > self.limits.path_steps else "paths"] = None
                return
            depth, index, obstacles = pending.pop()
            del path[depth:]
            path.append(index)
            if depth and self.certificates[index].der in self.held:
                found += 1
                yield self._chain(path, trust=self.trust, obstacles=obstacles, was_sorted=True)
                continue
            if len(path) >= self.limits.path_length:
                self.reached["path_length"] = None
                continue
            onward = [
                (depth + 1, issuer, (*obstacles, *self._obstacles(path, issuer)))
                for issuer in self._issuers(self.certificates[index])
                if not any(self._repeats(self.certificates[issuer], self.certificates[other]) for other in path)
            ]
            pending.extend(reversed(onward))

    def _issuers(self, child: Certificate) -> list[int]:
        name = canonical(child.issuer_raw)
        trusted = self.anchors.get(name, [])
        return trusted + [index for index in self.sent.get(name, []) if index not in trusted]

    def _repeats(self, one: Certificate, other: Certificate) -> bool:
        """As SunCertPathBuilder has it: "the same certificate or ... the same public key, subject DN, and subjectAltNames"."""
        return one.index == other.index or (
            _name_and_key(one) == _name_and_key(other)
            and _extension(one, _SUBJECT_ALT_NAME) == _extension(other, _SUBJECT_ALT_NAME)
        )

    def _obstacles(self, path: list[int], issuer: int) -> Iterator[Obstacle]:
        child, parent = self.certificates[path[-1]], self.certificates[issuer]
        trusted = parent.der in self.held
        if self.rules.builder_heeds_key_identifiers:
            yield from self._unlike(child, issuer)
        # ForwardBuilder makes one selector for all CAs and sets the date on it once the first level has been searched.
        if trusted and not (_holds_for(parent, child) and (len(path) == 1 or _valid(parent, self.at))):
            yield Obstacle(kind=ObstacleKind.ANCHOR_VALIDITY, certificate=issuer)
        if trusted:
            if self_issued(child) and self._given_up(path, parent):
                yield Obstacle(kind=ObstacleKind.SELF_ISSUED, certificate=issuer)
            return
        traversed = sum(_counts(self.certificates[index]) for index in path[1:])
        if traversed == self.rules.longest_sorted:  # said once, at the first that is one too many
            yield Obstacle(kind=ObstacleKind.LENGTH, certificate=issuer)
        if self_issued(child) and self_issued(parent):
            yield Obstacle(kind=ObstacleKind.SELF_ISSUED, certificate=issuer)

    def _given_up(self, path: Sequence[int], anchor: Certificate) -> bool:
        """Whether Java comes upon another self-issued certificate before the trusted one, for all the rest is then lost.

        SunCertPathBuilder: "If successive certs are self-issued, don't continue search on this branch", and it returns. The
        trusted one comes first (PKIXCertComparator) where it alone has the key identifier that is asked for.
        """
        child = self.certificates[path[-1]]
        wanted, _ = _authority(child)
        alone = wanted is not None and _extension(anchor, _SUBJECT_KEY_IDENTIFIER) == wanted
        for index in self.sent.get(canonical(child.issuer_raw), []):
            other = self.certificates[index]
            if other.der in self.held or not self_issued(other) or not other.ca or not _valid(other, self.at):
                continue
            if alone and _extension(other, _SUBJECT_KEY_IDENTIFIER) != wanted:
                continue
            if any(self._repeats(other, self.certificates[place]) for place in path):
                continue
            if self._link(path[-1], index).state is not LinkState.FAILED:
                return True
        return False

    def _unlike(self, child: Certificate, issuer: int) -> list[Obstacle]:
        """AdaptableX509CertSelector: the key identifier, and the serial number, of the child's authorityKeyIdentifier."""
        wanted, serial = _authority(child)
        parent = self.certificates[issuer]
        there = _extension(parent, _SUBJECT_KEY_IDENTIFIER)
        differs = wanted is not None and there is not None and there != wanted
        other = serial is not None and (parent.version or 3) > 2 and parent.serial != serial
        return [Obstacle(kind=ObstacleKind.KEY_IDENTIFIER, certificate=child.index)] if differs or other else []

    # -- Nothing found -----------------------------------------------------------------------------------------------

    def _not_found(self, leaf: int) -> list[Chain]:
        """The paths that there are all the same, and why Java does not see them."""
        chains = [chain for chain in self.hierarchy.chains if chain.certificates[0] == leaf]
        return [
            attrs.evolve(chain, obstacles=tuple(self._unseen(chain)) if chain.complete else ()) for chain in chains
        ] or [self._chain([leaf], trust=None)]

    def _unseen(self, chain: Chain) -> Iterator[Obstacle]:
        path = [self.certificates[index] for index in chain.certificates]
        differ = [c for c, issuer in pairwise(path) if canonical(c.issuer_raw) != canonical(issuer.subject_raw)]
        yield from (Obstacle(kind=ObstacleKind.NAME, certificate=child.index) for child in differ)
        if not differ:
            yield Obstacle(kind=ObstacleKind.ORDER, certificate=chain.certificates[-1])


def _by_subject(certificates: Sequence[Certificate], indices: Sequence[int]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for index in indices:
        found[canonical(certificates[index].subject_raw)].append(index)
    return found


def _extension(certificate: Certificate, dotted: str) -> bytes | None:
    extension = certificate.extension(dotted)
    return extension.value if extension else None


def _authority(certificate: Certificate) -> tuple[bytes | None, int | None]:
    """The authority's key identifier as subjectKeyIdentifier would hold it, and its serial number."""
    value = _extension(certificate, _AUTHORITY_KEY_IDENTIFIER)
    identifier = serial = None
    try:
        for field in children(value, read(value, 0, len(value))) if value else ():
            content = value[field.content : field.content_stop] if value else b""
            if field.tag == _KEY_IDENTIFIER:
                identifier = encode(OCTET_STRING, content)
            elif field.tag == _SERIAL:
                serial = int.from_bytes(content, "big", signed=True)
    except TlvError:
        return None, None
    return identifier, serial


def _holds_for(anchor: Certificate, child: Certificate) -> bool:
    """Whether a trusted certificate of version 1 or 2 holds at the child's notBefore and notAfter; later versions always do."""
    if (anchor.version or 3) > 2 or anchor.not_before is None or anchor.not_after is None:
        return True
    times = [moment for moment in (child.not_before, child.not_after) if moment is not None]
    return all(anchor.not_before <= moment <= anchor.not_after for moment in times)


def _valid(certificate: Certificate, at: datetime) -> bool:
    before, after = certificate.not_before, certificate.not_after
    return before is None or after is None or before <= at <= after


def _counts(certificate: Certificate) -> bool:
    """Whether ForwardState counts it: CAs that are not self-issued."""
    return certificate.ca and not self_issued(certificate)
