"""What a rule may look at: the input as it was read, the hierarchy in it, the profile, and the time of judgement."""

from collections.abc import Iterator
from datetime import datetime

import attrs

from .certificate import Certificate
from .chain import Chain, Hierarchy
from .documents import Block, Document, Kind
from .findings import Role
from .handshake import Handshake
from .issuance import Prospect, paired
from .lazily import lazy
from .pkix import NameIndex
from .profile import Profile
from .request import Request
from .verification import LinkState


@attrs.frozen(kw_only=True, eq=False)
class Path:
    """One path as the rules see it."""

    number: int
    """Its place among the report's chains."""
    chain: Chain
    certificates: tuple[Certificate, ...]
    """From the server's own upwards, the trusted one included."""
    anchor: Certificate | None
    """The trusted certificate at its end."""
    below: tuple[Certificate, ...]
    """The certificates below the trusted one: those that a client looks at closely.

    A root at the end that is not trusted is left out too: nobody checks its signature on itself.
    """

    @classmethod
    def of(cls, number: int, chain: Chain, certificates: tuple[Certificate, ...]) -> "Path":
        """The path through these certificates, which the chain has by their indices."""
        last = certificates[-1]
        ends = chain.complete or (len(certificates) > 1 and last.self_issued)
        return cls(
            number=number,
            chain=chain,
            certificates=certificates,
            anchor=last if chain.complete else None,
            below=certificates[:-1] if ends else certificates,
        )


@attrs.frozen(kw_only=True, eq=False, slots=False)
class Subject:
    """Everything that one run of the rules is about."""

    documents: tuple[Document, ...]
    hierarchy: Hierarchy
    profile: Profile
    at: datetime
    hostname: str | None
    trust_given: bool
    blocks_of: tuple[Block, ...] = attrs.field(repr=False)
    """The block that each certificate came from, by the certificate's index."""
    store: tuple[Certificate, ...] = attrs.field(default=(), repr=False)
    """Every certificate in the trust store that was given; `certificates` has those that the input calls for."""
    handshake: Handshake | None = None
    """The handshake in which the certificates were sent; None where they stand in files."""
    sent: tuple[Block, ...] = attrs.field(default=(), repr=False)
    """What the server sent in its Certificate message, in its order; what is no certificate among it."""
    handshakes: tuple[Handshake, ...] = ()
    """Every handshake in the input, this one among them, for what one says about another."""
    requests: tuple[Request, ...] = ()
    """The request that is judged before a certificate is issued for it."""
    prospect: Prospect | None = None
    """For that request: who could answer it."""
    requests_left: int = 0
    """How many further requests a limit left out."""
    answered: tuple[Request, ...] = ()
    """The requests for which the certificates here were issued, as the caller says."""

    @lazy
    def certificates(self) -> tuple[Certificate, ...]:
        """Every certificate, each in its place."""
        return self.hierarchy.certificates

    @lazy
    def listed(self) -> tuple[Certificate, ...]:
        """The same, and behind them the samples of how a CA signs, which are in nobody's chain here: each in its place."""
        prospect = self.prospect
        return self.certificates if prospect is None else (*self.certificates, *prospect.samples, *prospect.strangers)

    @lazy
    def delivered(self) -> tuple[tuple[Request, Certificate], ...]:
        """Each request that was answered with the certificate here that has its key; settings have none, and take the only one."""
        if not self.answered:
            return ()
        pairs = paired(self.answered, self.certificates)
        if len(self.hierarchy.servers) == 1:
            (server,) = self.hierarchy.servers
            made = (request.index for request in self.answered if request.form != "PKCS#10")
            pairs |= dict.fromkeys(made, self.certificates[server])
        return tuple((request, pairs[request.index]) for request in self.answered if request.index in pairs)

    @property
    def coming(self) -> Certificate | None:
        """The certificate that would come of the request, where one is judged."""
        return next((certificate for certificate in self.certificates if certificate.awaited), None)

    @lazy
    def chains(self) -> tuple[Chain, ...]:
        """The paths."""
        return self.hierarchy.chains

    @lazy
    def paths(self) -> tuple[Path, ...]:
        """The same with their certificates."""
        all_ = self.certificates
        return tuple(
            [
                Path.of(number, chain, tuple([all_[index] for index in chain.certificates]))
                for number, chain in enumerate(self.chains)
            ]
        )

    def ends_in_jdk_root(self, path: Path) -> bool:
        """Whether the trusted certificate is one that a JDK brought along.

        OpenJDK's AnchorCertificates knows them in cacerts by an alias that contains " [jdk".
        """
        return path.anchor is not None and bool(self.store) and path.anchor.der in self._jdk_roots

    @lazy
    def _jdk_roots(self) -> frozenset[bytes]:
        return frozenset(c.der for c in self.store if " [jdk" in (c.location.within or ""))

    @lazy
    def _below(self) -> frozenset[int]:
        return frozenset(certificate.index for path in self.paths for certificate in path.below)

    @lazy
    def _on_paths(self) -> frozenset[int]:
        return frozenset(index for chain in self.chains for index in chain.certificates)

    def is_below(self, certificate: Certificate) -> bool:
        """Whether it stands on a path below the trusted certificate, so that its signature counts."""
        return self.hierarchy.duplicates.get(certificate.index, certificate.index) in self._below

    def on_path(self, certificate: Certificate) -> bool:
        """Whether it stands on any path."""
        return self.hierarchy.duplicates.get(certificate.index, certificate.index) in self._on_paths

    def role(self, certificate: Certificate) -> Role:
        """Its place in its chain; a sample of how a CA signs, which is in none here, was issued to somebody's server."""
        if certificate.index >= len(self.certificates):
            return Role.LEAF
        return self.hierarchy.role(certificate.index)

    def is_anchor(self, certificate: Certificate) -> bool:
        """Whether every path that holds it ends with it, trusted: its own signature and dates are then not checked."""
        return self.hierarchy.duplicates.get(certificate.index, certificate.index) in self._anchors

    def chains_below(self, certificate: Certificate) -> tuple[int, ...]:
        """The numbers of the paths that end, at a trusted certificate, before they come to this one, which stands above."""
        return self._chains_below.get(certificate.index, ())

    @lazy
    def _chains_below(self) -> dict[int, tuple[int, ...]]:
        found: dict[int, tuple[int, ...]] = {}
        if not self.trust_given:
            return found  # a root that is presumed to be trusted has nothing above it
        for number, chain in enumerate(self.chains):
            if chain.complete:
                for index in self.hierarchy.above(chain.certificates[-1]):
                    found[index] = (*found.get(index, ()), number)
        return found

    def trusted_alone(self, certificate: Certificate) -> bool:
        """Whether it is a path by itself: trusted, with nothing below."""
        return certificate.index in self._trusted_alone

    @lazy
    def _trusted_alone(self) -> frozenset[int]:
        return frozenset(c.certificates[0] for c in self.chains if c.complete and len(c.certificates) == 1)

    @lazy
    def _anchors(self) -> frozenset[int]:
        ends = {chain.certificates[-1] for chain in self.chains if chain.complete}
        return frozenset(ends).difference(
            *(chain.certificates[:-1] if chain.complete else chain.certificates for chain in self.chains)
        )

    def broken_link(self, certificate: Certificate) -> bool:
        """Whether its signature was checked against its issuer's key and does not verify."""
        links = self.hierarchy.issuers.get(certificate.index, ())
        return bool(links) and all([link.state is _FAILED for link in links])

    def walk(self) -> Iterator[tuple[Document, Block]]:
        """Every block of every document."""
        return iter(self._blocks)

    @lazy
    def _blocks(self) -> tuple[tuple[Document, Block], ...]:
        return tuple([(document, block) for document in self.documents for block in document.walk()])

    @lazy
    def plain(self) -> bool:
        """Whether nothing was read but whole certificates and the words around them, mended or not."""
        return bool(self.certificates) and not self.handshakes and all(map(_is_plain, self.documents))

    @lazy
    def names(self) -> NameIndex:
        """The indices of the certificates by their names."""
        return NameIndex((each.subject_raw, each.index) for each in self.certificates if each.subject_raw)

    @lazy
    def below(self) -> dict[int, list[int]]:
        """For each certificate the indices of those it issued, itself left out."""
        found: dict[int, list[int]] = {}
        for child, links in self.hierarchy.issuers.items():
            for link in links:
                if link.issuer != child:
                    found.setdefault(link.issuer, []).append(child)
        return found


_FAILED = LinkState.FAILED
_PLAIN = (Kind.CERTIFICATE, Kind.PADDING, Kind.TEXT)


def _is_plain(document: Document) -> bool:
    """Whether a document is of certificates and words alone; not so an empty file, which other rules speak of."""
    if document.capture is not None or document.settings or not document.blocks:
        return False
    for block in document.blocks:  # noqa: SIM110 - of one, which is what most have; all() would take longer to begin
        if block.kind not in _PLAIN or block.error or block.children:
            return False
    return True
