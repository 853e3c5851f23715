"""The capture file format of libpcap: draft-ietf-opsawg-pcap.

A header of 24 bytes, then for each packet a header of 16 (24 in Kuznetzov's variety) and as much of it as was captured.
"""

import struct
from collections.abc import Iterator

from ..magic import PCAP
from .packet import LONGEST, Notes, Packet, Window
from .source import Source

_FILE_HEADER = 24


def packets(source: Source, notes: Notes) -> Iterator[Packet]:
    """The packets of a pcap file, whose magic number is known to be one of `PCAP`."""
    window = Window(source)
    if not window.have(_FILE_HEADER):
        notes.cut_off, notes.left = True, window.left
        return
    order, unit, header = PCAP[window.data[:4]]
    snap_length, link = struct.unpack_from(f"{order}II", window.data, 16)
    notes.snapped(snap_length)
    link &= 0xFFFF  # the other bits speak of frame check sequences
    window.at = _FILE_HEADER
    read = struct.Struct(f"{order}IIII").unpack_from
    while window.have(header):
        data, at, size = window.data, window.at, len(window.data)
        captured = 0
        while at + header <= size:
            seconds, fraction, captured, original = read(data, at)
            start = at + header
            end = start + captured
            if end > size:
                break
            at = end
            yield seconds + fraction * unit, data[start:end], original, link
        window.at = at
        if captured > LONGEST:
            notes.damaged = f"a packet's header announces {captured} bytes"
            break
        if not window.have(header + (captured if at + header <= size else 0)):
            break
    notes.left = window.left
    notes.cut_off = not notes.damaged and window.left > 0
