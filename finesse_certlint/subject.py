"""What a rule may look at: the input as it was read, the hierarchy in it, the profile, and the time of judgement."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

import attrs

from .certificate import Certificate, name_key
from .chain import Chain, Hierarchy, LinkState
from .documents import Block, Document
from .findings import Role
from .profile import Profile


@attrs.frozen(kw_only=True, eq=False)
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

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Every certificate, each in its place."""
        return self.hierarchy.certificates

    @property
    def chains(self) -> tuple[Chain, ...]:
        """The paths."""
        return self.hierarchy.chains

    def role(self, certificate: Certificate) -> Role:
        """Its place in its chain."""
        return self.hierarchy.role(certificate.index)

    def is_anchor(self, certificate: Certificate) -> bool:
        """Whether every path that holds it ends with it, trusted: its own signature and dates are then not checked."""
        index = self.hierarchy.duplicates.get(certificate.index, certificate.index)
        holding = [chain for chain in self.chains if index in chain.certificates]
        return bool(holding) and all(chain.complete and chain.certificates[-1] == index for chain in holding)

    def broken_link(self, certificate: Certificate) -> bool:
        """Whether its signature was checked against its issuer's key and does not verify."""
        links = self.hierarchy.issuers.get(certificate.index, ())
        return bool(links) and all(link.state is LinkState.FAILED for link in links)

    def walk(self) -> Iterator[tuple[Document, Block]]:
        """Every block of every document."""
        for document in self.documents:
            for block in document.walk():
                yield document, block

    @cached_property
    def by_subject(self) -> dict[str, list[int]]:
        """The indices of the certificates of each name, as `certificate.name_key` has it."""
        found: dict[str, list[int]] = {}
        for certificate in self.certificates:
            if certificate.subject_raw:
                found.setdefault(name_key(certificate.subject_raw), []).append(certificate.index)
        return found

    @cached_property
    def below(self) -> dict[int, list[int]]:
        """For each certificate the indices of those it issued, itself left out."""
        found: dict[int, list[int]] = {}
        for child, links in self.hierarchy.issuers.items():
            for link in links:
                if link.issuer != child:
                    found.setdefault(link.issuer, []).append(child)
        return found
