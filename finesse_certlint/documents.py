"""What a reader makes of an input: a document whose blocks cover every byte of it, in order and without overlap."""

from collections.abc import Iterator
from enum import StrEnum

import attrs


class Kind(StrEnum):
    """What a block of the input is."""

    CERTIFICATE = "certificate"
    PKCS7 = "pkcs7"
    REQUEST = "request"
    PKCS12 = "pkcs12"
    PRIVATE_KEY = "private-key"
    PUBLIC_KEY = "public-key"
    PARAMETERS = "parameters"
    CRL = "crl"
    OCSP = "ocsp"
    ATTRIBUTE_CERTIFICATE = "attribute-certificate"
    CAPTURE = "capture"
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
    repairs: tuple[Repair, ...] = ()
    error: str | None = None
    children: "tuple[Block, ...]" = ()

    def walk(self) -> "Iterator[Block]":
        """This block and all that stand in it, outer before inner."""
        pending = [self]
        while pending:
            block = pending.pop()
            yield block
            pending.extend(reversed(block.children))


@attrs.frozen(kw_only=True)
class Document:
    """One input, read. The spans of ``blocks`` add up to all of its bytes."""

    name: str
    size: int
    format: str
    blocks: tuple[Block, ...]
    repairs: tuple[Repair, ...] = ()
    """Mends that concern the file as a whole: its encoding, for one."""

    def walk(self) -> Iterator[Block]:
        """Every block, those inside containers included, in input order."""
        for block in self.blocks:
            yield from block.walk()
