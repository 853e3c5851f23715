"""Files of which one part is of another kind than the rest: PEM and DER joined, or UTF-16 behind 8-bit text.

Windows' `copy /b` and `cat` join whatever they are given, and PowerShell's `>>` writes UTF-16 behind the 8-bit text that is there.
What a reader of the one kind took for words or noise is looked at once more with the eyes of the others.
"""

import re
from collections.abc import Iterable

import attrs

from ..documents import Block, Kind, Repair, Span
from ..tlv import SEQUENCE
from . import armour, der
from .der import Reading
from .quirks import QUIRKS
from .text import Text, utf16

_UTF_16 = re.compile(rb"(?:[^\0]\0){32}")
"""Far more than the marks of an armour take, so that a name in UTF-16 within a certificate is no such text."""
_MARK = re.compile(rb"-{5}BEGIN |(?:-\0){5}B\0E\0G\0I\0N\0")
_BEGINNINGS = (b"-----BEGIN ", b"-\0-\0-\0-\0-\0B\0E\0G\0I\0N\0")
"""What `_MARK` finds, for a search that takes a fiftieth of its time where, as nearly always, there is none."""
_END = re.compile(rb"-{5}END |(?:-\0){5}E\0N\0D\0")
_OPAQUE = (Kind.TEXT, Kind.NOISE)
_DEEPEST = 4


def looked_through(data: bytes, blocks: list[Block], reading: Reading, depth: int = _DEEPEST) -> list[Block]:
    """The blocks, with what stands in the words and the noise among them in its place.

    :param data: the whole input.
    :param blocks: what one reader made of it, in order.
    """
    marked = any(beginning in data for beginning in _BEGINNINGS)
    if not marked and not any(block.kind in _OPAQUE for block in blocks):
        return blocks  # there is nothing to look through
    found: list[Block] = []
    for block in _apart(data, blocks, marked=marked):
        inner = _inside(data, block, reading, depth) if block.kind in _OPAQUE and depth else []
        found += inner if der.something(inner) else [block]
    return found


def _apart(data: bytes, blocks: Iterable[Block], *, marked: bool) -> list[Block]:
    """The blocks, an object in DER that lacks its end no longer taking in the armour behind it."""
    found: list[Block] = []
    for block in blocks:
        stop = block.span.stop
        last = found[-1] if found else block
        if block.kind is last.kind is Kind.NOISE and last is not block:
            found[-1] = attrs.evolve(last, span=Span(start=last.span.start, stop=stop))
            continue
        place = _swallowed(data, block) if marked else stop
        if place == stop:
            found.append(block)
            continue
        found.append(_ended(block, place))
        found.append(Block(kind=Kind.NOISE, span=Span(start=place, stop=stop)))
    return found


def _ended(block: Block, place: int) -> Block:
    """The block as far as that place: a container with what stands whole before it, or damage."""
    kept = (child for child in block.children if child.span.start < place)
    children = tuple(child if child.span.stop <= place else _ended(child, place) for child in kept)
    return attrs.evolve(
        block,
        kind=block.kind if block.children else Kind.DAMAGED,
        span=Span(start=block.span.start, stop=place),
        der=b"",
        children=children,
        error=block.error or "it is cut off, and text stands where it should go on",
    )


def _swallowed(data: bytes, block: Block) -> int:
    """Where armour begins in an object that has no end, or that it outlasts; where none does, the object's end."""
    start, stop = block.span.start, block.span.stop
    if block.kind in (*_OPAQUE, Kind.PADDING) or data[start] != SEQUENCE:
        return stop
    mark = _MARK.search(data, start, stop)
    if mark is None or (not block.error and _END.search(data, mark.end(), stop)):
        return stop
    whole = any(child.span.start > mark.start() and not child.error for child in block.children)
    return stop if whole else mark.start()


def _inside(data: bytes, block: Block, reading: Reading, depth: int) -> list[Block]:
    raw = data[block.span.start : block.span.stop]
    wide = _UTF_16.search(raw)
    cut = wide.start() if wide else len(raw)
    parts = _narrow(raw[:cut], block.span.start, reading)
    if wide:
        source = Text(text=utf16(raw[cut:]), base=block.span.start + cut, width=2, encoding="utf-16-le")
        parts += _armoured(source, reading, QUIRKS["utf-16"], QUIRKS["mixed"])
        rest = source.byte(len(source.text))
        if rest < block.span.stop:
            parts.append(Block(kind=Kind.PADDING, span=Span(start=rest, stop=block.span.stop)))
    return looked_through(data, parts, reading, depth - 1) if der.something(parts) else []


def _narrow(raw: bytes, base: int, reading: Reading) -> list[Block]:
    """The blocks in 8-bit text, or else in DER."""
    if not raw:
        return []
    source = Text(text=raw.decode("latin-1"), base=base, width=1, encoding="8-bit")
    blocks = _armoured(source, reading, QUIRKS["mixed"])
    if der.something(blocks) or raw.isascii():
        return blocks
    stream, _ = der.stream(raw, reading)
    return [_placed(block, base, QUIRKS["mixed"]) for block in stream]


def _armoured(source: Text, reading: Reading, *repairs: Repair) -> list[Block]:
    return [_placed(block, 0, *repairs) for block in armour.blocks(source, reading)]


def _placed(block: Block, by: int, *repairs: Repair) -> Block:
    """The block at its place in the whole input, whose lines nobody can count."""
    span = Span(start=block.span.start + by, stop=block.span.stop + by)
    children = tuple(_placed(child, by) for child in block.children)
    mends = (*repairs, *block.repairs) if block.kind not in (*_OPAQUE, Kind.PADDING) else ()
    return attrs.evolve(block, span=span, line=None, children=children, repairs=mends)
