"""PEM armour (RFC 7468), as it arrives: through editors, mail, forms, logs and `cat`.

asn1crypto's and most other readers stop at, or silently pass over, what is not exactly as it should be. This one looks
for every BEGIN and END marker wherever it stands in a line, takes what lies between, and says what it had to mend.
"""

import binascii
import re
from collections.abc import Iterator
from heapq import merge

import attrs

from ..documents import Block, Kind, Repair, Span
from ..limits import Limits
from ..tlv import TlvError, read
from . import bare, body
from .der import Reading, cut_container, object_block, one_certificate
from .objects import identify
from .quirks import QUIRKS
from .text import Text

_DASH = r"(?:-|%2[dD]|&#(?:45|x2[dD]);|\\{1,4}u002[dD]|\xe2\x80[\x90-\x95]|[\x96\x97\u2010-\u2015\u2212])"
_BLANK = r"(?:[ \t\xa0+_]|\xc2\xa0|%20|&nbsp;)"
_WORD = re.compile(r"(?:BEGIN|END)", re.IGNORECASE)
_BEFORE = re.compile(rf"{_DASH}{{2,12}}{_BLANK}{{0,4}}\Z")
_LAST_OF_DASH = frozenset("-dD5\x90\x91\x92\x93\x94\x95\x96\x97\u2010\u2011\u2012\u2013\u2014\u2015\u2212")
_BLANK_ENDS = " \t\xa0+_0;"
_AFTER = re.compile(
    rf"(?P<word>BEGIN|END){_BLANK}{{1,4}}(?P<label>[A-Za-z0-9](?:[A-Za-z0-9#.]|{_BLANK}){{0,60}}?)"
    rf"{_BLANK}{{0,4}}(?:(?P<half>-{{2,6}})(?=(?P=half)BEGIN)|{_DASH}{{2,12}})",
    re.IGNORECASE,
)
_LONGEST_MARKER = 160
_STRICT = re.compile(r"-----(?:BEGIN|END) [A-Z0-9# ]+-----")
_REST_OF_LINE = re.compile(r"[^\r\n]{0,40}")
_BLANKS = re.compile(rf"{_BLANK}+")

_KINDS_BY_LABEL = {
    "CERTIFICATE": Kind.CERTIFICATE,
    "X509 CERTIFICATE": Kind.CERTIFICATE,
    "X.509 CERTIFICATE": Kind.CERTIFICATE,
    "TRUSTED CERTIFICATE": Kind.CERTIFICATE,
    "CERTIFICATE CHAIN": Kind.PKCS7,
    "PKCS7": Kind.PKCS7,
    "PKCS #7 SIGNED DATA": Kind.PKCS7,
    "CMS": Kind.PKCS7,
    "CERTIFICATE REQUEST": Kind.REQUEST,
    "NEW CERTIFICATE REQUEST": Kind.REQUEST,
    "X509 CRL": Kind.CRL,
    "PUBLIC KEY": Kind.PUBLIC_KEY,
    "RSA PUBLIC KEY": Kind.PUBLIC_KEY,
    "SSH2 PUBLIC KEY": Kind.PUBLIC_KEY,
    "ATTRIBUTE CERTIFICATE": Kind.ATTRIBUTE_CERTIFICATE,
    "OCSP REQUEST": Kind.OCSP,
    "OCSP RESPONSE": Kind.OCSP,
    "PKCS12": Kind.PKCS12,
}
# What is named and not judged is believed its label, unless it turns out to hold something that is judged.
_NAMED_ONLY = (Kind.ATTRIBUTE_CERTIFICATE, Kind.CRL, Kind.OCSP, Kind.PUBLIC_KEY, Kind.PARAMETERS)


_PLAIN = re.compile(
    rb"-----BEGIN CERTIFICATE-----\r?\n([A-Za-z0-9+/=\r\n]++)-----END CERTIFICATE-----(\r?\n[\r\n]*+|\Z)"
)
_LINE_ENDS = b"\r\n"


def plain_blocks(data: bytes, limits: Limits) -> tuple[Block, ...] | None:
    """The blocks of a file that is certificates in PEM as RFC 7468 wants them, one behind the other, and nothing else.

    None where anything is otherwise, which `blocks` then says.
    """
    found: list[Block] = []
    position, line, certificates = 0, 1, 0
    while position < len(data):
        armoured = _PLAIN.match(data, position)
        certificates += 1
        if armoured is None or certificates > limits.blocks:
            return None
        try:
            der = binascii.a2b_base64(armoured[1].translate(None, _LINE_ENDS), strict_mode=True)
        except binascii.Error:
            return None
        parts = one_certificate(der, limits)
        if parts is None:
            return None
        end, behind = armoured.start(2), armoured.end()
        span = Span(start=position, stop=end)
        found.append(Block(kind=Kind.CERTIFICATE, span=span, label="CERTIFICATE", line=line, der=der, parts=parts))
        line += data.count(b"\n", position, end)
        if behind > end:
            found.append(Block(kind=Kind.PADDING, span=Span(start=end, stop=behind), line=line))
            line += data.count(b"\n", end, behind)
        position = behind
    return tuple(found)


@attrs.frozen(kw_only=True)
class Marker:
    """A BEGIN or END marker: where it stands in the text and what it says."""

    begins: bool
    label: str
    start: int
    stop: int
    written: str


def markers(text: str) -> Iterator[Marker]:
    """Every BEGIN and END marker in the text, in order."""
    done = 0
    for word in _words(text):
        if word < done:
            continue
        if text[max(done, word - 6) : word].rstrip(_BLANK_ENDS)[-1:] not in _LAST_OF_DASH:
            continue  # most words fall here, before anything costly is done
        after = _AFTER.match(text, word, word + _LONGEST_MARKER)
        if after is None:
            continue
        before = _BEFORE.search(text[max(done, word - 40) : word])
        if before is None:
            continue
        done = after.end()
        start = word - len(before[0])
        label = " ".join(_BLANKS.sub(" ", after["label"]).split()).upper()
        yield Marker(
            begins=after["word"].upper() == "BEGIN", label=label, start=start, stop=done, written=text[start:done]
        )


def _words(text: str) -> Iterator[int]:
    """Where BEGIN and END stand, in whatever case. Base64 is long, and a plain search goes through it ten times as fast."""
    if not text.isascii():
        return (word.start() for word in _WORD.finditer(text))
    lowered = text.lower()
    return merge(_places(lowered, "begin"), _places(lowered, "end"))


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + len(word))


def has_markers(text: str) -> bool:
    """Whether any BEGIN or END marker stands in the text."""
    return next(markers(text), None) is not None


class Lines:
    """Line numbers for rising offsets, each character counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = "\n" if "\n" in text else "\r"
        self._at = 0
        self._line = 1

    def at(self, index: int) -> int:
        self._line += self._text.count(self._end, self._at, index)
        self._at = index
        return self._line


def blocks(source: Text, reading: Reading) -> list[Block]:
    """All of the text as blocks: what the markers enclose, and the words around them."""
    text = source.text
    lines = Lines(text)
    found: list[Block] = []
    position = 0
    pending: Marker | None = None
    previous_end = -1
    for marker in markers(text):
        if marker.start < position:
            continue
        if pending is None:
            if not marker.begins:
                continue  # an END without a BEGIN is a word like any other
            found += _around(source, position, marker.start, lines, reading)
            pending = marker
            continue
        if not reading.take():
            break
        joined = _joined(text, previous_end, pending)
        stop = marker.start if marker.begins else marker.stop
        block = _enclosed(source, pending, None if marker.begins else marker, stop, lines, reading, joined=joined)
        found.append(block)
        position = source.index(block.span.stop)
        previous_end = -1 if marker.begins else position
        if marker.begins:
            found += _around(source, position, marker.start, lines, reading)
            pending = marker
        else:
            pending = None
    if pending is not None and not reading.cut and reading.take():
        block = _enclosed(source, pending, None, len(text), lines, reading, joined=_joined(text, previous_end, pending))
        found.append(block)
        position = source.index(block.span.stop)
    if reading.cut:
        position = pending.start if pending else position
        if position < len(text):
            found.append(Block(kind=Kind.UNREAD, span=_span(source, position, len(text)), line=lines.at(position)))
        return found
    return found + _around(source, position, len(text), lines, reading)


def _joined(text: str, previous_end: int, marker: Marker) -> bool:
    return (
        previous_end >= 0
        and not text[previous_end : marker.start].strip(" \t")
        and ("\n" not in text[previous_end : marker.start] and "\r" not in text[previous_end : marker.start])
    )


def _span(source: Text, start: int, stop: int) -> Span:
    return Span(start=source.byte(start), stop=source.byte(stop))


def _around(source: Text, start: int, stop: int, lines: Lines, reading: Reading) -> list[Block]:
    """The words between two armoured blocks; base64 without armour among them is read too."""
    if start >= stop:
        return []
    return bare.blocks(source, start, stop, reading, line_at=lines.at)


def _enclosed(
    source: Text, begin: Marker, end: Marker | None, stop: int, lines: Lines, reading: Reading, *, joined: bool
) -> Block:
    """One armoured block, from its BEGIN marker to its END marker, or as far as it goes without one."""
    line = lines.at(begin.start)
    if end is None:
        stop = begin.stop + body.leading_lines(source.text[begin.stop : stop])
    span = _span(source, begin.start, stop)
    kind = _KINDS_BY_LABEL.get(begin.label)
    if "PRIVATE KEY" in begin.label:
        return Block(kind=Kind.PRIVATE_KEY, span=span, line=line, label=begin.label)
    if begin.label.startswith("PGP "):  # RFC 9580, section 6.2: no DER, and not all of it base64
        return Block(kind=Kind.PARAMETERS, span=span, line=line, label=begin.label)
    inner = source.text[begin.stop : end.start if end else stop]
    armour_repairs = (*_armour_repairs(begin, end, joined=joined), *_behind(source.text, end))

    def held(text: str, *more: Repair) -> Block:
        decoded = body.decode(text)
        repairs = (*armour_repairs, *more, *decoded.repairs)
        if decoded.error:
            return Block(
                kind=Kind.DAMAGED, span=span, line=line, label=begin.label, repairs=repairs, error=decoded.error
            )
        return _holding(decoded.data, kind, begin.label, span, line, repairs, reading)

    block = held(inner)
    if block.kind is Kind.DAMAGED and end is not None:
        bare_lines = body.unframed(inner)
        again = held(bare_lines, QUIRKS["framed"]) if bare_lines is not None else block
        return block if again.kind is Kind.DAMAGED else again
    return block


def _armour_repairs(begin: Marker, end: Marker | None, *, joined: bool) -> tuple[Repair, ...]:
    quirks = []
    if joined:
        quirks.append("end-begin-on-one-line")
    for marker in (begin, end):
        if marker is None:
            quirks.append("no-end-line")
        elif not _STRICT.fullmatch(marker.written):
            ascii_only = re.sub(_DASH, "-", marker.written)
            dashes = marker.written.startswith("-----") and marker.written.endswith("-----")
            odd = not dashes or ascii_only != marker.written or "------" in marker.written
            quirks.append("odd-dashes" if odd else "odd-label")
    if end is not None and end.label != begin.label:
        quirks.append("end-label-differs")
    return tuple(QUIRKS[quirk] for quirk in dict.fromkeys(quirks))


def _behind(text: str, end: Marker | None) -> tuple[Repair, ...]:
    """Whether words stand behind the END marker on its line; another BEGIN there is another matter."""
    if end is None:
        return ()
    rest = _REST_OF_LINE.match(text, end.stop)
    words = rest[0].strip(" \t\xc2\xa0") if rest else ""
    return (QUIRKS["text-on-end-line"],) if words and not words.startswith(("-", "\\", "%", "&", "=")) else ()


def _holding(
    data: bytes,
    expected: Kind | None,
    label: str,
    span: Span,
    line: int,
    repairs: tuple[Repair, ...],
    reading: Reading,
) -> Block:
    """The block for what the base64 turned out to hold."""

    def damaged(error: str) -> Block:
        return Block(kind=Kind.DAMAGED, span=span, line=line, label=label, repairs=repairs, error=error)

    if data[:1] == b"-":
        text_in_it = within(data, span, reading, line=line, label=label)
        if text_in_it is not None:
            return attrs.evolve(text_in_it, repairs=(*repairs, *text_in_it.repairs))
    named = Block(kind=expected or Kind.PARAMETERS, span=span, line=line, label=label, repairs=repairs)
    try:
        element = read(data, 0, len(data))
    except TlvError as error:
        if named.kind in _NAMED_ONLY:
            return named
        cut = cut_container(data, lambda _start, _stop: span, reading, line=line, label=label)
        if cut is None:
            return damaged(f"its DER is {error}")
        return attrs.evolve(cut, repairs=(*repairs, *cut.repairs))
    kind = identify(data, element)
    if named.kind in _NAMED_ONLY and kind not in (Kind.CERTIFICATE, Kind.PKCS7, Kind.REQUEST):
        return named
    if kind is None:
        return damaged("its bytes have the shape of no object known here")
    block = object_block(data, element, kind, lambda _start, _stop: span, reading, line=line, label=label)
    repairs += _content_repairs(block.kind, expected, label)
    if element.stop == len(data):
        return attrs.evolve(block, repairs=(*repairs, *block.repairs))
    if label == "TRUSTED CERTIFICATE":
        return attrs.evolve(block, repairs=(*repairs, QUIRKS["trusted-certificate"]))
    return _with_more(block, data, element.stop, repairs, reading)


def within(data: bytes, span: Span, reading: Reading, *, label: str, line: int | None = None) -> Block | None:
    """The block for base64 that holds another PEM text; None where it holds none."""
    text = data.decode("latin-1")
    if not has_markers(text):
        return None
    inner = blocks(Text(text=text, base=0, width=1, encoding="8-bit"), reading)
    children = tuple(attrs.evolve(b, span=span, line=line) for b in inner if b.kind is not Kind.PADDING)
    return Block(
        kind=Kind.PKCS7, span=span, line=line, label=label, repairs=(QUIRKS["encoded-twice"],), children=children
    )


def _content_repairs(kind: Kind, expected: Kind | None, label: str) -> tuple[Repair, ...]:
    if kind is Kind.PKCS7 and expected is Kind.CERTIFICATE:
        return (QUIRKS["pkcs7-labelled-certificate"],)
    if kind is Kind.PKCS7 and label == "CMS":
        return (QUIRKS["cms-label"],)
    return () if kind is expected or kind is Kind.DAMAGED else (QUIRKS["label-mismatch"],)


def _with_more(block: Block, data: bytes, position: int, repairs: tuple[Repair, ...], reading: Reading) -> Block:
    """A block behind whose first object more bytes stand: further objects, or a remainder that is named."""
    inner = [attrs.evolve(block, label="")]
    while position < len(data) and reading.take():
        try:
            element = read(data, position, len(data))
        except TlvError:
            break
        kind = identify(data, element)
        if kind is None:
            break
        inner.append(object_block(data, element, kind, lambda _start, _stop: block.span, reading, line=block.line))
        position = element.stop
    if len(inner) > 1:
        repairs = (*repairs, QUIRKS["several-in-one"])
    if position < len(data):
        repairs = (*repairs, QUIRKS["trailing-bytes"])
    if len(inner) == 1:
        return attrs.evolve(block, repairs=repairs)
    numbered = tuple(attrs.evolve(b, within=f"object {i + 1}") for i, b in enumerate(inner))
    return Block(
        kind=Kind.PKCS7, span=block.span, line=block.line, label=block.label, repairs=repairs, children=numbered
    )
