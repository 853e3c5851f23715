"""DER and BER: one object, several in a row, objects with something before, between and behind them."""

import re
from collections.abc import Callable

import attrs

from ..documents import Block, Kind, Repair, Span
from ..limits import Limits
from ..tlv import SEQUENCE, Tlv, TlvError, read, read_header
from .objects import announces, contents, identify
from .quirks import QUIRKS

_PADDING = re.compile(rb"[\0\s]+")
_CANDIDATE = re.compile(rb"\x30[\x81-\x84]")
_MOST_CANDIDATES = 10_000
_SECRET = (Kind.PRIVATE_KEY, Kind.PKCS12)

Place = Callable[[int, int], Span]


@attrs.define(kw_only=True)
class Reading:
    """What the reading of one input has left to spend; shared by all its blocks."""

    limits: Limits
    blocks_left: int
    cut: bool = False

    @classmethod
    def begin(cls, limits: Limits) -> "Reading":
        return cls(limits=limits, blocks_left=limits.blocks)

    def take(self) -> bool:
        """Whether one more block may be read."""
        if self.blocks_left <= 0:
            self.cut = True
            return False
        self.blocks_left -= 1
        return True


def stream(data: bytes, reading: Reading) -> tuple[list[Block], tuple[Repair, ...]]:
    """All of `data` as blocks: the objects, and what stands between them."""
    blocks: list[Block] = []
    position = 0
    candidates = 0
    while position < len(data):
        padding = _PADDING.match(data, position)
        if padding:
            blocks.append(Block(kind=Kind.PADDING, span=Span(start=position, stop=padding.end())))
            position = padding.end()
            continue
        block = _object_at(data, position, reading)
        if block is None:
            if candidates >= _MOST_CANDIDATES or reading.cut:
                blocks.append(Block(kind=Kind.UNREAD, span=Span(start=position, stop=len(data))))
                break
            stop, tried = _next_object(data, position + 1, _MOST_CANDIDATES - candidates)
            candidates += tried
            block = Block(kind=Kind.NOISE, span=Span(start=position, stop=stop))
        blocks.append(block)
        position = block.span.stop
    objects = [block for block in blocks if block.kind not in (Kind.PADDING, Kind.NOISE, Kind.UNREAD)]
    repairs = []
    if len(objects) > 1:
        repairs.append(QUIRKS["several-der"])
    if objects and blocks[0] is not objects[0]:
        repairs.append(QUIRKS["leading-bytes"])
    return blocks, tuple(repairs)


def _object_at(data: bytes, position: int, reading: Reading) -> Block | None:
    if data[position] != SEQUENCE:
        return None
    try:
        element = read(data, position, len(data))
    except TlvError as error:
        return _truncated(data, position, str(error), reading)
    if identify(data, element) is None or not reading.take():
        return None
    return object_block(data, element, _as_it_stands, reading)


def _truncated(data: bytes, position: int, error: str, reading: Reading) -> Block | None:
    """An object whose end is missing, as far as it can be told from its beginning."""
    block = cut_container(data, _as_it_stands, reading, start=position)
    if block is not None:
        return block
    if announces(data, position) is not Kind.CERTIFICATE:
        return None
    # A whole object may stand behind one whose length field is wrong.
    stop, _ = _next_object(data, position + 8, _MOST_CANDIDATES)
    return Block(
        kind=Kind.DAMAGED, span=Span(start=position, stop=stop), label="certificate", error=f"its DER is {error}"
    )


def cut_container(
    data: bytes, place: Place, reading: Reading, *, start: int = 0, line: int | None = None, label: str = ""
) -> Block | None:
    """A PKCS#7 whose end is missing, with what stands whole in it; None where it is nothing of the kind."""
    if announces(data, start) is not Kind.PKCS7:
        return None
    element = _rest(data, start)
    block = container_block(data, element, place, reading, line=line, label=label)
    if not block.children:
        return None
    return attrs.evolve(block, repairs=(*block.repairs, QUIRKS["truncated-container"]), error="it is cut off")


def _rest(data: bytes, start: int) -> Tlv:
    """All from `start` on as the content of the element that begins there."""
    tag, _, content = read_header(data, start, len(data))
    return Tlv(tag, start, content, len(data), len(data))


def _as_it_stands(start: int, stop: int) -> Span:
    return Span(start=start, stop=stop)


def _next_object(data: bytes, position: int, most: int) -> tuple[int, int]:
    """Where the next object begins (or the data end), and how many places were tried to find it."""
    tried = 0
    for candidate in _CANDIDATE.finditer(data, position):
        tried += 1
        if tried > most:
            return len(data) if most <= 0 else candidate.start(), tried
        try:
            element = read(data, candidate.start(), len(data))
        except TlvError:
            continue
        if identify(data, element) in (Kind.CERTIFICATE, Kind.PKCS7):
            return candidate.start(), tried
    return len(data), tried


def object_block(
    data: bytes,
    element: Tlv,
    place: Place,
    reading: Reading,
    *,
    line: int | None = None,
    within: str | None = None,
    label: str = "",
) -> Block:
    """The block for one whole element whose shape is known, the elements of a container as its children."""
    kind = identify(data, element) or Kind.DAMAGED
    span = place(element.start, element.stop)
    if kind in _SECRET:
        return Block(kind=kind, span=span, line=line, within=within, label=label)
    if kind is not Kind.PKCS7:
        der = data[element.start : element.stop]
        error = None if kind is not Kind.DAMAGED else "its bytes have the shape of no object known here"
        if kind is Kind.CERTIFICATE and len(der) > reading.limits.certificate_bytes:
            kind, error = Kind.UNREAD, f"larger than the limit of {reading.limits.certificate_bytes} bytes"
        return Block(kind=kind, span=span, line=line, within=within, label=label, der=der, error=error)
    return container_block(data, element, place, reading, line=line, within=within, label=label)


def container_block(
    data: bytes,
    element: Tlv,
    place: Place,
    reading: Reading,
    *,
    line: int | None = None,
    within: str | None = None,
    label: str = "",
) -> Block:
    """The block for a PKCS#7 or its like, with its elements as children."""
    span = place(element.start, element.stop)
    held = contents(data, element, reading.blocks_left)
    inner: list[Block] = []
    for field, part in held.elements:
        if not reading.take():
            span_of_rest = place(part.start, element.stop)
            inner.append(Block(kind=Kind.UNREAD, span=span_of_rest, line=line, within=f"{field} and what follows"))
            break
        inner.append(_element_of_container(data, part, field, place, reading, line, within))
    return Block(
        kind=Kind.PKCS7,
        span=span,
        line=line,
        within=within,
        label=label or held.content_type,
        children=tuple(inner),
    )


def _element_of_container(
    data: bytes, element: Tlv, field: str, place: Place, reading: Reading, line: int | None, within: str | None
) -> Block:
    path = f"{within}, {field}" if within else field
    if identify(data, element) is Kind.CERTIFICATE and not field.startswith("crls"):
        try:
            read(data, element.start, element.stop)
        except TlvError as error:
            return _damaged(element, place, line, path, str(error))
        return object_block(data, element, place, reading, line=line, within=path)
    if element.tag in (0xA1, 0xA2):  # RFC 5652 10.2.2: v1AttrCert [1], v2AttrCert [2]
        return Block(kind=Kind.ATTRIBUTE_CERTIFICATE, span=place(element.start, element.stop), line=line, within=path)
    if field.startswith("crls"):
        return Block(kind=Kind.CRL, span=place(element.start, element.stop), line=line, within=path)
    return _damaged(element, place, line, path, "this element of the container is no certificate")


def _damaged(element: Tlv, place: Place, line: int | None, path: str, error: str) -> Block:
    return Block(kind=Kind.DAMAGED, span=place(element.start, element.stop), line=line, within=path, error=error)
