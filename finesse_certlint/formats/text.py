"""Bytes seen as text, with a way back: every character's place in the input stays known.

Only the ASCII part matters for armour, so 8-bit input is taken as Latin-1 (one byte, one character) whatever it really
is; UTF-16 is taken unit by unit.
"""

import sys
from array import array

import attrs

_UTF8_BOM = b"\xef\xbb\xbf"
_SAMPLE = 512


@attrs.frozen(kw_only=True)
class Text:
    """`text[i]` stands at byte ``base + width * i`` of the input."""

    text: str
    base: int
    width: int
    encoding: str

    def byte(self, index: int) -> int:
        """The offset in the input of character `index`."""
        return self.base + self.width * index

    def index(self, byte: int) -> int:
        """The character at offset `byte` of the input."""
        return (byte - self.base) // self.width


def decode(data: bytes) -> Text:
    """The text in `data`, its encoding guessed from a byte order mark or from where the NULs stand."""
    if data.startswith(_UTF8_BOM):
        return Text(text=data[3:].decode("latin-1"), base=3, width=1, encoding="utf-8-bom")
    if data.startswith(b"\xff\xfe"):
        return Text(text=_units(data[2:], "little"), base=2, width=2, encoding="utf-16-le-bom")
    if data.startswith(b"\xfe\xff"):
        return Text(text=_units(data[2:], "big"), base=2, width=2, encoding="utf-16-be-bom")
    order = utf16_order(data)
    if order:
        return Text(text=_units(data, order), base=0, width=2, encoding=f"utf-16-{order[0]}e")
    return Text(text=data.decode("latin-1"), base=0, width=1, encoding="8-bit")


def utf16_order(data: bytes) -> str | None:
    """`little` or `big` where every second byte of the beginning is NUL and the others are not; else None."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    sample = sample[: len(sample) - len(sample) % 2]
    if len(sample) < 4:
        return None
    even, odd = sample[0::2], sample[1::2]
    few = len(even) // 16
    if odd.count(0) >= len(odd) - few and even.count(0) <= few:
        return "little"
    if even.count(0) >= len(even) - few and odd.count(0) <= few:
        return "big"
    return None


def utf16(data: bytes) -> str:
    """The text in little-endian UTF-16 without a mark, one character for each unit."""
    return _units(data, "little")


def _units(data: bytes, order: str) -> str:
    even = data[: len(data) - len(data) % 2]
    text = even.decode(f"utf-16-{order[0]}e", "replace")
    if len(text) * 2 == len(even):
        return text
    # A pair of surrogates became one character and the offsets would drift: take each unit on its own.
    units = array("H", even)
    if order != sys.byteorder:
        units.byteswap()
    return "".join(map(chr, units))
