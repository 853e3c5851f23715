"""Base64 without armour: from JSON, LDIF, forms, portals; alone or among other words.

DER says at its beginning how long it is, so exactly as many base64 characters are taken as the object needs, and the
words that follow are not mistaken for more of it.
"""

import binascii
import re
from collections.abc import Callable

import attrs

from ..documents import Block, Kind, Span
from ..tlv import TlvError, read, read_header
from .der import Reading, cut_container, object_block
from .objects import announces, identify
from .quirks import QUIRKS
from .text import Text

# A SEQUENCE whose length takes one to three bytes, or an indefinite one, begins with 0x30 0x80-0x83: "MI" in base64. The keys
# that are shorter begin with a version and an algorithm (RFC 5958) or octets (RFC 5915); "LS0tLS1CRUdJTi" is "-----BEGIN".
_CANDIDATE = re.compile(
    r"(?:(?<![A-Za-z0-9+/])|(?<=\\[nrt])|(?<=%0[AaDd]))"  # at the beginning of a word or, where line ends are escaped, a line
    r"(?:MI[A-Za-z0-9+/]|M[A-H][A-Za-z0-9+/]CAQ(?:Aw|Ew|EE)|LS0tLS1CRUdJTi)"
)
_PEM = "LS0t"
_ONE_LINE = 48
"""Bytes in a line of base64. Less than that of an object without an end is how logs and letters abbreviate one."""
_SEPARATORS = re.compile(r"\\{1,4}[nrt]|[\s\"'>,]+")
_LEAST = 64
_FIRST_CONTENT = (b"\x30", b"\x06", b"\x02", b"\x0a")
"""What every object that is known here begins with, behind its own header."""
_RUN = re.compile(r"[A-Za-z0-9+/]+")
_WORK = 2
"""How many times over the text may be taken for an object that it turns out not to hold."""


def blocks(source: Text, start: int, stop: int, reading: Reading, *, line_at: Callable[[int], int]) -> list[Block]:
    """The stretch of text as blocks: objects in bare base64, and the words or blanks between."""
    text = source.text
    found: list[Block] = []
    position = start
    work = _WORK * (stop - start)
    for candidate in _CANDIDATE.finditer(text, start, stop):
        if candidate.start() < position:
            continue
        if work <= 0 or reading.cut:
            return [*found, _unread(source, position, stop, line_at, searched=work <= 0)]
        data, end = _take(text, candidate.start(), stop)
        work -= max(_LEAST, end - candidate.start())
        span = Span(start=source.byte(candidate.start()), stop=source.byte(end))
        block = _block(data, span, reading)
        if block is None:
            continue
        found += _words(source, position, candidate.start(), line_at)
        found.append(
            attrs.evolve(block, line=line_at(candidate.start()), repairs=(*block.repairs, QUIRKS["no-armour"]))
        )
        position = end
    return found + _words(source, position, stop, line_at)


def _block(data: bytes, span: Span, reading: Reading) -> Block | None:
    """What the bytes are that stood there in base64; None where they are nothing known, or a limit is reached."""
    if data.startswith(b"-----BEGIN"):
        from . import armour  # which needs this module

        return armour.within(data, span, reading, label="base64")
    try:
        element = read(data, 0, len(data))
    except TlvError as error:
        return _cut_off(data, span, reading, str(error))
    kind = identify(data, element)
    if kind is None or not reading.take():
        return None
    return object_block(data, element, kind, _at(span), reading, label="base64")


def _cut_off(data: bytes, span: Span, reading: Reading, error: str) -> Block | None:
    """An object whose end is missing, or that a character interrupts which base64 does not know."""
    kind = announces(data, 0) if len(data) >= _ONE_LINE else None
    if kind not in (Kind.CERTIFICATE, Kind.REQUEST, Kind.PKCS7) or not reading.take():
        return None
    container = cut_container(data, _at(span), reading, label="base64")
    if container is not None:
        return container
    return Block(kind=Kind.DAMAGED, span=span, label="base64", error=f"its DER is {error}")


def _at(span: Span) -> Callable[[int, int], Span]:
    return lambda _start, _stop: span


def _unread(source: Text, start: int, stop: int, line_at: Callable[[int], int], *, searched: bool) -> Block:
    error = "too much in it looks like the beginning of base64 and is not" if searched else None
    span = Span(start=source.byte(start), stop=source.byte(stop))
    return Block(kind=Kind.UNREAD, span=span, line=line_at(start), error=error)


def _words(source: Text, start: int, stop: int, line_at: Callable[[int], int]) -> list[Block]:
    if start >= stop:
        return []
    words = source.text[start:stop]
    kind = Kind.TEXT if words.strip(" \t\r\n\f\v\0\ufeff\xa0\x1a") else Kind.PADDING
    span = Span(start=source.byte(start), stop=source.byte(stop))
    return [Block(kind=kind, span=span, line=line_at(start))]


def _take(text: str, start: int, stop: int) -> tuple[bytes, int]:
    """The bytes of the object whose base64 begins at `start`, and where that base64 ends."""
    needed: int | None = None
    measured = text.startswith(_PEM, start)  # which ends where its base64 does
    parts: list[str] = []
    have = 0
    position = start
    while position < stop and (needed is None or have < needed):
        run = _RUN.match(text, position, stop)
        if run is None:
            gap = _SEPARATORS.match(text, position, stop)
            if gap is None or not _RUN.match(text, gap.end(), stop):
                break
            position = gap.end()
            continue
        part = run[0] if needed is None else run[0][: needed - have]
        parts.append(part)
        have += len(part)
        position += len(part)
        if not measured and have >= 8:
            measured = True
            needed = _length("".join(parts)[:12])
            if needed is not None and needed < have:
                packed = "".join(parts)
                position -= have - needed
                parts, have = [packed[:needed]], needed
    while position < stop and text[position] == "=" and have % 4:
        position += 1
        have += 1
    packed = "".join(parts)
    packed = packed[: len(packed) - (len(packed) % 4 == 1)]
    return binascii.a2b_base64(packed + "=" * (-len(packed) % 4)), position


def _length(head: str) -> int | None:
    """How many base64 characters the object takes; None for an indefinite length."""
    data = binascii.a2b_base64(head[: len(head) - len(head) % 4])
    try:
        _, length, content = read_header(data, 0, len(data))
    except TlvError:
        return 0
    if data[content : content + 1] not in _FIRST_CONTENT:
        return 0
    return None if length is None else ((content + length) * 4 + 2) // 3
