"""DER and BER: one object, several in a row, objects with something before, between and behind them."""

import re
import struct
from collections.abc import Callable

import attrs

from ..documents import Block, Kind, Repair, Span
from ..limits import Limits
from ..tlv import BIT_STRING, CONTEXT_0, SEQUENCE, SignedParts, Tlv, TlvError, read, read_header, read_signed
from .objects import announces, contents, identify, signs_certificate
from .quirks import QUIRKS

_tuple = tuple.__new__  # as in `tlv`
_FRONT = struct.Struct(">HHHHB").unpack_from
_SHORT_HEAD = struct.Struct(">BB").unpack_from
_LONG_HEAD = struct.Struct(">BBH").unpack_from
_LONG_SEQUENCE = SEQUENCE << 8 | 0x82
_PADDING = re.compile(rb"[\0\s]+")
_CANDIDATE = re.compile(rb"\x30[\x81-\x84]")
_MOST_CANDIDATES = 10_000
_CERTIFICATE = Kind.CERTIFICATE
_JUDGED = (Kind.CERTIFICATE, Kind.REQUEST)
_SOUGHT = (Kind.CERTIFICATE, Kind.PKCS7, Kind.REQUEST, Kind.PKCS12, Kind.PRIVATE_KEY)
"""What is looked for among other bytes."""
_DOES_NOT_FIT = "its lengths do not fit together, as where bytes were changed, lost or added on the way"
_NOTHING = (Kind.TEXT, Kind.PADDING, Kind.NOISE, Kind.UNREAD)

Place = Callable[[int, int], Span]


@attrs.define(kw_only=True)
class Reading:
    """What the reading of one input has left to spend; shared by all its blocks."""

    limits: Limits
    blocks_left: int
    rounds_left: int
    password: str | None = attrs.field(default=None, repr=False)
    """For the key stores in it; None is none, and the empty string is a password."""
    cut: bool = False

    @classmethod
    def begin(cls, limits: Limits, password: str | None = None) -> "Reading":
        return cls(limits=limits, blocks_left=limits.blocks, rounds_left=limits.password_rounds, password=password)

    def take(self) -> bool:
        """Whether one more block may be read."""
        if self.blocks_left <= 0:
            self.cut = True
            return False
        self.blocks_left -= 1
        return True

    def spend(self, rounds: int) -> bool:
        """Whether so many more rounds of hashing may be spent on a password."""
        if rounds > self.rounds_left:
            return False
        self.rounds_left -= rounds
        return True


def stream(data: bytes, reading: Reading) -> tuple[list[Block], tuple[Repair, ...]]:
    """All of `data` as blocks: the objects, and what stands between them."""
    blocks: list[Block] = []
    position = 0
    candidates = 0
    while position < len(data):
        padding = None if data[position] == SEQUENCE else _PADDING.match(data, position)
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
    if len(blocks) == 1:
        return blocks, ()
    objects = [block for block in blocks if block.kind not in (Kind.PADDING, Kind.NOISE, Kind.UNREAD)]
    repairs = []
    if len(objects) > 1:
        repairs.append(QUIRKS["several-der"])
    if objects and blocks[0] is not objects[0]:
        repairs.append(QUIRKS["leading-bytes"])
    return blocks, tuple(repairs)


def something(blocks: list[Block]) -> bool:
    """Whether any of the blocks is more than words and blanks."""
    for block in blocks:  # noqa: SIM110 - nearly always the first is; any() would take longer to begin
        if block.kind not in _NOTHING:
            return True
    return False


def one_certificate(data: bytes, limits: Limits) -> SignedParts | None:
    """Where the parts of a certificate stand, where the data are one and nothing else: one block, if they were read."""
    size = len(data)
    if size > limits.certificate_bytes or size > limits.input_bytes or limits.blocks < 1:
        return None
    return _plain_certificate(data, size) or _walked_certificate(data, size)


def _plain_certificate(data: bytes, size: int) -> SignedParts | None:
    """The same of the form that nearly all have: lengths of two octets, a version, and a short algorithm."""
    try:
        whole, length, tbs, tbs_length, version = _FRONT(data)
        start = 8 + tbs_length
        algorithm, algorithm_length = _SHORT_HEAD(data, start)
        stop = start + 2 + algorithm_length
        bits, form, long_length = _LONG_HEAD(data, stop)
    except struct.error:  # it ends before
        return None
    content, bits_length = (stop + 4, long_length) if form == 0x82 else (stop + 2, form)
    if (
        whole == tbs == _LONG_SEQUENCE
        and version == CONTEXT_0
        and algorithm == SEQUENCE
        and algorithm_length < 0x80
        and bits == BIT_STRING
        and (form < 0x80 or form == 0x82)
        and length + 4 == content + bits_length == size
    ):
        signed = _tuple(Tlv, (SEQUENCE, 4, 8, start, start))
        named = _tuple(Tlv, (SEQUENCE, start, start + 2, stop, stop))
        return _tuple(SignedParts, (signed, named, _tuple(Tlv, (BIT_STRING, stop, content, size, size))))
    return None


def _walked_certificate(data: bytes, size: int) -> SignedParts | None:
    try:
        outer = read(data, 0, size)
        parts = read_signed(data, outer)
    except TlvError:
        return None
    whole = outer.stop == size and parts.value.stop == outer.content_stop and outer.tag == SEQUENCE
    return parts if whole and signs_certificate(data, parts) else None


def certificate_at(data: bytes, position: int, limits: Limits) -> Block | None:
    """The block for a certificate of 256 to 65,535 octets, as nearly all are, where one stands there; None: look closer."""
    if data[position + 1 : position + 2] != b"\x82":
        return None
    stop = position + 4 + int.from_bytes(data[position + 2 : position + 4], "big")
    der = data[position:stop]
    parts = one_certificate(der, limits)
    return parts and Block(kind=_CERTIFICATE, span=Span(start=position, stop=stop), der=der, parts=parts)


def _object_at(data: bytes, position: int, reading: Reading) -> Block | None:
    if data[position] != SEQUENCE:
        return None
    certificate = certificate_at(data, position, reading.limits)
    if certificate is not None:
        return certificate if reading.take() else None
    try:
        element = read(data, position, len(data))
    except TlvError as error:
        return _truncated(data, position, str(error), reading)
    kind = identify(data, element)
    if kind is None:
        return _misshapen(data, position, element.stop, _DOES_NOT_FIT)
    if not reading.take():
        return None
    return object_block(data, element, kind, _as_it_stands, reading)


def _truncated(data: bytes, position: int, error: str, reading: Reading) -> Block | None:
    """An object whose end is missing, as far as it can be told from its beginning."""
    if announces(data, position) is Kind.PKCS12 and reading.take():
        from . import pkcs12  # which needs this module

        block = pkcs12.block(data, _rest(data, position), _as_it_stands, reading, cut=f"its DER is {error}")
        if block.children:
            return block
        stop, _ = _next_object(data, position + 8, _MOST_CANDIDATES)
        return attrs.evolve(block, span=Span(start=position, stop=stop))
    container = cut_container(data, _as_it_stands, reading, start=position)
    if container is not None:
        return container
    return _misshapen(data, position, len(data), f"its DER is {error}")


def _misshapen(data: bytes, position: int, most: int, error: str) -> Block | None:
    """What begins as a certificate or a request, and goes on otherwise; it stops before the next object, or at `most`."""
    label = {Kind.CERTIFICATE: "certificate", Kind.REQUEST: "certificate request"}.get(
        announces(data, position) or Kind.NOISE
    )
    if label is None:
        return None
    # A whole object may stand behind one whose length field is wrong.
    stop, _ = _next_object(data, position + 8, _MOST_CANDIDATES)
    return Block(kind=Kind.DAMAGED, span=Span(start=position, stop=min(stop, most)), label=label, error=error)


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
        if identify(data, element) in _SOUGHT:
            return candidate.start(), tried
    return len(data), tried


def object_block(
    data: bytes,
    element: Tlv,
    kind: Kind,
    place: Place,
    reading: Reading,
    *,
    line: int | None = None,
    within: str | None = None,
    label: str = "",
) -> Block:
    """The block for one whole element of the kind that `identify()` says, the elements of a container as its children."""
    span = place(element.start, element.stop)
    if kind in _JUDGED:
        der = data[element.start : element.stop]
        if len(der) <= reading.limits.certificate_bytes:
            return Block(kind=kind, span=span, line=line, within=within, label=label, der=der)
        why = f"larger than the limit of {reading.limits.certificate_bytes} bytes"
        return Block(kind=Kind.UNREAD, span=span, line=line, within=within, label=label, der=der, error=why)
    if kind is Kind.PRIVATE_KEY:
        return Block(kind=kind, span=span, line=line, within=within, label=label)
    if kind is Kind.PKCS12:
        from . import pkcs12  # which needs this module

        return pkcs12.block(data, element, place, reading, line=line, within=within, label=label)
    if kind is Kind.PKCS7:
        return container_block(data, element, place, reading, line=line, within=within, label=label)
    error = None if kind is not Kind.DAMAGED else "its bytes have the shape of no object known here"
    der = data[element.start : element.stop]
    return Block(kind=kind, span=span, line=line, within=within, label=label, der=der, error=error)


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


def certificate_block(
    data: bytes,
    start: int,
    stop: int,
    place: Place,
    reading: Reading,
    *,
    line: int | None = None,
    within: str | None = None,
) -> Block:
    """The block for bytes that a key store holds as a certificate: the certificate, or damage with the reason.

    Java reads the certificate at their beginning and passes over what stands behind it.
    """
    span = place(start, stop)
    try:
        element = read(data, start, stop)
    except TlvError as error:
        return Block(kind=Kind.DAMAGED, span=span, line=line, within=within, error=f"its DER is {error}")
    if identify(data, element) is not Kind.CERTIFICATE:
        why = "what is stored here as a certificate is none"
        return Block(kind=Kind.DAMAGED, span=span, line=line, within=within, error=why)
    block = object_block(data, element, Kind.CERTIFICATE, place, reading, line=line, within=within)
    repairs = () if element.stop == stop else (QUIRKS["stored-with-more"],)
    return attrs.evolve(block, span=span, repairs=repairs)


def presented_block(der: bytes, limits: Limits, *, span: Span, within: str) -> Block:
    """The block for bytes that a server sent as a certificate: the certificate, or damage with the reason."""
    block = certificate_block(der, 0, len(der), lambda _start, _stop: span, Reading.begin(limits), within=within)
    return attrs.evolve(block, span=span)


def _element_of_container(
    data: bytes, element: Tlv, field: str, place: Place, reading: Reading, line: int | None, within: str | None
) -> Block:
    path = f"{within}, {field}" if within else field
    kind = identify(data, element) or Kind.DAMAGED
    if field.startswith("requests") or (kind is Kind.CERTIFICATE and not field.startswith("crls")):
        try:
            read(data, element.start, element.stop)
        except TlvError as error:
            return _damaged(element, place, line, path, str(error))
        return object_block(data, element, kind, place, reading, line=line, within=path)
    if element.tag in (0xA1, 0xA2):  # RFC 5652 10.2.2: v1AttrCert [1], v2AttrCert [2]
        return Block(kind=Kind.ATTRIBUTE_CERTIFICATE, span=place(element.start, element.stop), line=line, within=path)
    if field.startswith("crls"):
        return Block(kind=Kind.CRL, span=place(element.start, element.stop), line=line, within=path)
    return _damaged(element, place, line, path, "this element of the container is no certificate")


def _damaged(element: Tlv, place: Place, line: int | None, path: str, error: str) -> Block:
    return Block(kind=Kind.DAMAGED, span=place(element.start, element.stop), line=line, within=path, error=error)
