"""What a reader makes of an input: a document whose blocks cover every byte of it, in order and without overlap."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import attrs

from .findings import FrozenMapping, Location
from .handshake import Handshake
from .lazily import lazy
from .tlv import SignedParts


class Kind(StrEnum):
    """What a block of the input is."""

    CERTIFICATE = "certificate"
    PKCS7 = "pkcs7"
    REQUEST = "request"
    PKCS12 = "pkcs12"
    KEYSTORE = "keystore"
    """A Java key store, JKS or JCEKS; its entries are the block's children."""
    PRIVATE_KEY = "private-key"
    PUBLIC_KEY = "public-key"
    PARAMETERS = "parameters"
    CRL = "crl"
    OCSP = "ocsp"
    ATTRIBUTE_CERTIFICATE = "attribute-certificate"
    CAPTURE = "capture"
    SETTINGS = "settings"
    """An .inf file of Windows' certificate tools; the document's settings hold what it says."""
    FOREIGN = "foreign"
    """A file format that holds no certificates, or none that can be taken out here; ``label`` names it."""
    TEXT = "text"
    """Words around the blocks: comments, Bag Attributes, logs."""
    PADDING = "padding"
    """White space, byte order marks, NULs."""
    DAMAGED = "damaged"
    """Something that announced itself and could not be read; ``error`` says why."""
    NOISE = "noise"
    UNREAD = "unread"
    """What a limit cut off."""


class Integrity(StrEnum):
    """Whether a key store's bytes are those that were stored, as the digest under its password says."""

    HELD = "held"
    BROKEN = "broken"
    """The password is another one, or the bytes were changed; the digest cannot tell which."""
    NO_PASSWORD = "no-password"  # noqa: S105 - says that there is none
    NO_DIGEST = "no-digest"
    """It carries none, as a PKCS#12 without a password does."""
    UNCHECKABLE = "uncheckable"
    """Its digest is cut off, of an unknown kind, or asks for more work than the limit allows."""


@attrs.frozen(kw_only=True)
class Span:
    """Byte offsets into the input as it was given: start inclusive, stop exclusive."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@attrs.frozen(kw_only=True)
class Repair:
    """Something that had to be mended before a block could be read; ``quirk`` is its name in the docs."""

    quirk: str
    what: str
    refused_by: str


@attrs.frozen(kw_only=True)
class Block:
    """One stretch of the input, or one element of the container that ``children`` of a block stand in.

    ``der`` is the object's own bytes, empty where there is none to judge: a private key's are never kept.
    """

    kind: Kind
    span: Span
    label: str = ""
    line: int | None = None
    within: str | None = None
    der: bytes = attrs.field(default=b"", repr=False)
    parts: SignedParts | None = attrs.field(default=None, repr=False, eq=False)
    """Of a certificate, where its parts stand in ``der``, where the reader has them."""
    repairs: tuple[Repair, ...] = ()
    error: str | None = None
    children: "tuple[Block, ...]" = ()
    integrity: Integrity | None = None
    """Of a key store, what is known of it; of everything else None."""
    untrusted: bool = False
    """A certificate in a key store that Java does not trust when the store is its trust store: one above a key's own."""

    def walk(self) -> "Iterator[Block]":
        """This block and all that stand in it, outer before inner."""
        pending = [self]
        while pending:
            block = pending.pop()
            yield block
            pending.extend(reversed(block.children))


@attrs.frozen(kw_only=True)
class Setting:
    """One line `key = value` of an .inf file, in its section; without a key, what a line says that has no `=`."""

    section: str
    key: str
    value: str
    line: int
    start: int
    stop: int


@attrs.frozen(kw_only=True)
class CaptureSummary:
    """What a capture is, beside the handshakes in it."""

    packets: int
    connections: int
    """TCP connections of which a packet was seen."""
    tls: int
    """Those that speak TLS, or should by their port."""
    spoken: Mapping[str, int] = attrs.field(factory=dict, converter=FrozenMapping, hash=False)
    """What the others speak, each with how many do."""
    silent: int = 0
    """Connections on which nothing was said."""
    refused: tuple[str, ...] = ()
    """Servers that refused a connection, `ADDRESS:PORT`; a few of them."""
    unanswered: tuple[str, ...] = ()
    """Servers that did not answer a request to connect; a few of them."""
    snap_length: int | None = None
    """The smallest that the file states."""
    cut: int = 0
    """Packets of which a part was not captured."""
    dropped: int = 0
    """Packets that the capturing program says it lost."""
    cut_off: bool = False
    """Whether the file ends within a packet."""
    unknown_links: Mapping[str, int] = attrs.field(factory=dict, converter=FrozenMapping, hash=False)
    """Link types that are not read, by their numbers in the-tcpdump-group's registry, and how many packets have each."""
    omitted: int = 0
    """Handshakes that a limit left out."""
    given_up: int = 0
    """Connections that a limit stopped short."""


@attrs.frozen(kw_only=True, slots=False)
class Document:
    """One input, read. The spans of ``blocks`` add up to all of its bytes."""

    name: str
    size: int
    format: str
    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...] = ()
    """Mends that concern the file as a whole: its encoding, for one."""
    handshakes: tuple[Handshake, ...] = ()
    """The TLS handshakes that were seen in it."""
    settings: tuple[Setting, ...] = attrs.field(default=(), repr=False)
    """What an .inf file says."""
    capture: CaptureSummary | None = None
    """Of a capture, what else it shows."""

    def place(self, block: Block) -> Location:
        """Where a block of it stands."""
        span = block.span
        return Location(document=self.name, start=span.start, stop=span.stop, line=block.line, within=block.within)

    def walk(self) -> Iterator[Block]:
        """Every block, those inside containers included, in input order."""
        return iter(self._all_blocks)

    @lazy
    def _all_blocks(self) -> tuple[Block, ...]:
        if not any([block.children for block in self.blocks]):
            return self.blocks
        return tuple([inner for block in self.blocks for inner in block.walk()])
