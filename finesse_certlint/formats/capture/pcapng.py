"""The capture file format of Wireshark: draft-ietf-opsawg-pcapng.

Blocks, each with its type and length. A Section Header gives the byte order for what follows and begins new numbers of
interfaces; an Interface Description gives link type, snap length and the unit of time. Blocks of other types are passed
over, however long they are.
"""

import struct
from collections.abc import Iterator

import attrs

from ..magic import PCAPNG
from .packet import LONGEST, Notes, Packet, Window
from .source import Source

_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _STATISTICS, _PACKET = 0x0A0D0D0A, 1, 2, 3, 5, 6
_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_RESOLUTION, _OFFSET, _DROPPED = 9, 14, 5
_MOST_INTERFACES = 1 << 16


@attrs.frozen
class _Interface:
    link: int
    snap_length: int
    unit: float
    offset: int


def packets(source: Source, notes: Notes) -> Iterator[Packet]:
    """The packets of a pcapng file."""
    window = Window(source)
    try:
        yield from _blocks(window, notes)
    except _DamageError as damage:
        notes.damaged = str(damage)
    notes.left = window.left


class _DamageError(Exception):
    """From here on nothing can be read; the message says why."""


def _blocks(window: Window, notes: Notes) -> Iterator[Packet]:
    order, section = "<", 0
    interfaces: list[_Interface] = []
    dropped: dict[tuple[int, int], int] = {}
    while window.have(12):
        if window.data[window.at : window.at + 4] == PCAPNG:
            order = _ORDERS.get(window.data[window.at + 8 : window.at + 12], "")
            if not order:
                raise _DamageError("a section's header does not tell its byte order")
            interfaces, section = [], section + 1
        kind, length = struct.unpack_from(f"{order}II", window.data, window.at)
        if length < 12:
            raise _DamageError(f"a block announces {length} bytes")
        length += -length % 4
        if kind not in _KNOWN:
            if not window.skip(length):
                notes.cut_off = True
                return
            continue
        if length > LONGEST:
            raise _DamageError(f"a block of type {kind} announces {length} bytes")
        if len(window.data) - window.at < length and not window.have(length):
            break
        body, stop = window.at + 8, window.at + length - 4
        try:
            if kind in _PACKETS:
                packet = _packet(window.data, body, stop, kind, order, interfaces)
                window.at += length
                if packet is not None:
                    yield packet
                continue
            if kind == _INTERFACE:
                if len(interfaces) >= _MOST_INTERFACES:
                    raise _DamageError("it describes too many interfaces")
                interfaces.append(_interface(window.data[body:stop], order))
                notes.snapped(interfaces[-1].snap_length)
            else:
                interface, count = _statistics(window.data[body:stop], order)
                dropped[section, interface] = count
                notes.dropped = sum(dropped.values())
            window.at += length
        except struct.error as error:
            raise _DamageError(f"a block of type {kind} is shorter than its type asks") from error
    notes.cut_off = window.left > 0


_PACKETS = frozenset({_OLD_PACKET, _SIMPLE_PACKET, _PACKET})
_KNOWN = _PACKETS | {_INTERFACE, _STATISTICS}


def _packet(data: bytes, at: int, stop: int, kind: int, order: str, interfaces: list[_Interface]) -> Packet | None:
    """A packet's block; None where its interface was never described, so that nobody knows its link type."""
    if kind == _PACKET:
        number, high, low, captured, original = struct.unpack_from(f"{order}IIIII", data, at)
        at += 20
    elif kind == _OLD_PACKET:
        number, _, high, low, captured, original = struct.unpack_from(f"{order}HHIIII", data, at)
        at += 20
    else:
        number, high, low = 0, 0, 0
        (original,) = struct.unpack_from(f"{order}I", data, at)
        at += 4
        captured = min(original, stop - at)
    if number >= len(interfaces):
        return None
    interface = interfaces[number]
    if kind == _SIMPLE_PACKET and interface.snap_length:
        captured = min(captured, interface.snap_length)
    if captured > stop - at:
        raise struct.error
    moment = ((high << 32) | low) * interface.unit + interface.offset
    return moment, data[at : at + captured], original, interface.link


def _interface(body: bytes, order: str) -> _Interface:
    link, _, snap_length = struct.unpack_from(f"{order}HHI", body)
    unit, offset = 1e-6, 0
    for code, value in _options(body[8:], order):
        if code == _RESOLUTION and value:
            exponent = value[0] & 0x7F
            unit = 2.0**-exponent if value[0] & 0x80 else 10.0**-exponent
        elif code == _OFFSET and len(value) == 8:
            (offset,) = struct.unpack(f"{order}q", value)
    return _Interface(link, snap_length, unit, offset)


def _statistics(body: bytes, order: str) -> tuple[int, int]:
    """An interface, and how many packets were dropped there."""
    (number,) = struct.unpack_from(f"{order}I", body)
    for code, value in _options(body[12:], order):
        if code == _DROPPED and len(value) == 8:
            (count,) = struct.unpack(f"{order}Q", value)
            return number, count
    return number, 0


def _options(body: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    at = 0
    while len(body) - at >= 4:
        code, length = struct.unpack_from(f"{order}HH", body, at)
        at += 4
        if code == 0 or length > len(body) - at:
            return
        yield code, body[at : at + length]
        at += length + -length % 4
