"""From frames to TCP segments: link layers, IP with its fragments, and the tunnels that span ports and overlays use.

Only what leads to TCP is read. A frame that leads elsewhere, or nowhere, gives None.
"""

import struct
from collections import Counter

import attrs

ETHERNET = 1
TCP = 6
_IPV4, _IPV6, _PPPOE = 0x0800, 0x86DD, 0x8864
_TAGS = frozenset({0x8100, 0x88A8, 0x9100, 0x9200})
_MPLS = frozenset({0x8847, 0x8848})
_TUNNELS = frozenset({4, 41, 47})
_UDP = 17
_VXLAN = frozenset({4789, 8472})
_GENEVE = 6081
_EXTENSIONS = frozenset({0, 43, 60, 135, 139, 140})
_FRAGMENT, _AUTHENTICATION = 44, 51
_DEEPEST = 8


Segment = tuple[bytes, bytes, int, int, int]
"""Where a TCP segment stands, as a plain tuple because there are so many: its key, which is source and destination address,
source and destination port; the data that it stands in; where in that its TCP header begins, and where what was captured of
it ends; and how many bytes of it were not captured."""


class Network:
    """Finds the TCP segments in frames; keeps the fragments of datagrams that are not whole yet."""

    def __init__(self) -> None:
        self.unknown: Counter[int] = Counter()
        """Link types that are not read, and how many frames came with each."""
        self._fragments = _Fragments()

    def segment(self, frame: bytes, original: int, link: int) -> Segment | None:
        """The TCP segment in a frame, if there is one.

        :param original: the frame's length on the wire.
        """
        # Nearly every frame of nearly every capture: Ethernet, IPv4 without options, whole, TCP.
        if link == ETHERNET and frame[12:15] == b"\x08\x00\x45" and len(frame) >= 38:
            protocol = frame[23]
            if protocol == TCP and not (frame[20] & 0x3F or frame[21]):
                length = frame[16] << 8 | frame[17]
                stop = 14 + length if length else original
                have = len(frame)
                if stop <= have:
                    return frame[26:38], frame, 34, stop, 0
                return frame[26:38], frame, 34, have, stop - have
            if protocol == _UDP and frame[36] << 8 | frame[37] not in _OVERLAYS:
                return None
        reader = _LINKS.get(link)
        if reader is None:
            self.unknown[link] += 1
            return None
        try:
            kind, at = reader(frame)
            return self._payload(frame, at, original, kind, 0)
        except (IndexError, struct.error):
            return None

    def _payload(self, data: bytes, at: int, end: int, kind: int, depth: int) -> Segment | None:
        """What an EtherType announces.

        :param end: where the packet ended on the wire.
        """
        for _ in range(_DEEPEST):
            if kind == _IPV4:
                return self._ipv4(data, at, end, depth)
            if kind == _IPV6:
                return self._ipv6(data, at, end, depth)
            if kind in _TAGS:
                kind, at = _u16(data, at + 2), at + 4
            elif kind == _PPPOE:
                kind, at = _ppp(data, at + 6)
            elif kind in _MPLS:
                while not data[at + 2] & 1:
                    at += 4
                at += 4
                kind = _by_version(data, at)
            elif kind < 0x0600:  # IEEE 802.3: a length, then 802.2 with SNAP
                if data[at : at + 6] != b"\xaa\xaa\x03\0\0\0":
                    return None
                kind, at = _u16(data, at + 6), at + 8
            else:
                return None
        return None

    def _ipv4(self, data: bytes, at: int, end: int, depth: int) -> Segment | None:
        header = (data[at] & 0x0F) * 4
        if data[at] >> 4 != 4 or header < 20:
            return None
        length, fragment, protocol = _u16(data, at + 2), _u16(data, at + 6), data[at + 9]
        addresses = data[at + 12 : at + 20]
        end = at + length if length else end  # 0 where the network card does the splitting
        start = at + header
        if fragment & 0x3FFF:
            offset, more = (fragment & 0x1FFF) * 8, bool(fragment & 0x2000)
            key = (addresses, data[at + 4 : at + 6], protocol)
            return self._fragment(key, data[start:end], end - start, offset, more, addresses, protocol, depth)
        return self._transport(data, start, end, protocol, addresses, depth)

    def _ipv6(self, data: bytes, at: int, end: int, depth: int) -> Segment | None:
        if data[at] >> 4 != 6:
            return None
        length, following = _u16(data, at + 4), data[at + 6]
        addresses = data[at + 8 : at + 40]
        at += 40
        end = at + length if length else end
        for _ in range(_DEEPEST):
            if following in _EXTENSIONS:
                following, at = data[at], at + 8 + data[at + 1] * 8
            elif following == _AUTHENTICATION:
                following, at = data[at], at + (data[at + 1] + 2) * 4
            elif following == _FRAGMENT:
                where = _u16(data, at + 2)
                key = (addresses, data[at + 4 : at + 8], data[at])
                offset, more, following = where & 0xFFF8, bool(where & 1), data[at]
                at += 8
                if offset or more:
                    return self._fragment(key, data[at:end], end - at, offset, more, addresses, following, depth)
            else:
                return self._transport(data, at, end, following, addresses, depth)
        return None

    def _fragment(
        self,
        key: "_Key",
        data: bytes,
        length: int,
        offset: int,
        more: bool,
        addresses: bytes,
        protocol: int,
        depth: int,
    ) -> Segment | None:
        whole = self._fragments.add(key, data, length, offset, more=more)
        if whole is None:
            return None
        joined, size = whole
        if protocol in _EXTENSIONS:  # extension headers may stand behind a fragment's
            protocol, skip = joined[0], 8 + joined[1] * 8
            joined, size = joined[skip:], size - skip
        return self._transport(joined, 0, size, protocol, addresses, depth)

    def _transport(self, data: bytes, at: int, end: int, protocol: int, addresses: bytes, depth: int) -> Segment | None:
        if protocol == TCP:
            stop = min(end, len(data))
            if stop < at + 4:
                return None
            return addresses + data[at : at + 4], data, at, stop, end - stop
        if depth >= _DEEPEST:
            return None
        if protocol == 4:
            return self._ipv4(data, at, end, depth + 1)
        if protocol == 41:
            return self._ipv6(data, at, end, depth + 1)
        if protocol == 47:
            return self._gre(data, at, end, depth + 1)
        if protocol == _UDP:
            return self._overlay(data, at, end, depth + 1)
        return None

    def _gre(self, data: bytes, at: int, end: int, depth: int) -> Segment | None:
        """RFC 2784 and RFC 2890, and the spans of Cisco's switches in it: draft-foschiano-erspan."""
        flags, kind = _u16(data, at), _u16(data, at + 2)
        at += 4 + sum(4 for bit in (0x8000, 0x2000, 0x1000) if flags & bit)
        if kind == 0x88BE:
            at += 8 if flags & 0x1000 else 0
        elif kind == 0x22EB:
            at += 20 if data[at + 11] & 1 else 12
        elif kind != 0x6558:
            return self._payload(data, at, end, kind, depth)
        return self._payload(data, at + 14, end, _u16(data, at + 12), depth)

    def _overlay(self, data: bytes, at: int, end: int, depth: int) -> Segment | None:
        """RFC 7348 and RFC 8926: frames in UDP."""
        port = _u16(data, at + 2)
        at += 8
        if port in _VXLAN:
            at, kind = at + 8, 0x6558
        elif port == _GENEVE:
            kind = _u16(data, at + 2)
            at += 8 + (data[at] & 0x3F) * 4
        else:
            return None
        if kind == 0x6558:
            kind, at = _u16(data, at + 12), at + 14
        return self._payload(data, at, end, kind, depth)


_OVERLAYS = _VXLAN | {_GENEVE}


def _u16(data: bytes, at: int) -> int:
    return data[at] << 8 | data[at + 1]


# -- Link layers: each tells the EtherType and where its payload begins ----------------------------------------------


def _ethernet(frame: bytes) -> tuple[int, int]:
    return _u16(frame, 12), 14


def _raw(frame: bytes) -> tuple[int, int]:
    return _by_version(frame, 0), 0


def _by_version(data: bytes, at: int) -> int:
    return {4: _IPV4, 6: _IPV6}.get(data[at] >> 4, 0xFFFF)


def _null(frame: bytes) -> tuple[int, int]:
    """A protocol family of the capturing machine's, in its byte order: 2 is IPv4, 10, 24, 28 and 30 are IPv6."""
    families = {struct.unpack(f"{order}I", frame[:4])[0] for order in "<>"}
    if 2 in families:
        return _IPV4, 4
    return (_IPV6 if families & {10, 24, 28, 30} else 0xFFFF), 4


def _sll(frame: bytes) -> tuple[int, int]:
    return _u16(frame, 14), 16


def _sll2(frame: bytes) -> tuple[int, int]:
    return _u16(frame, 0), 20


def _ppp(frame: bytes, at: int = 0) -> tuple[int, int]:
    """RFC 1661: a protocol of two bytes, or of one, behind an address and a control byte or none."""
    if frame[at : at + 2] == b"\xff\x03":
        at += 2
    if frame[at] & 1:
        protocol, at = frame[at], at + 1
    else:
        protocol, at = _u16(frame, at), at + 2
    return {0x21: _IPV4, 0x57: _IPV6, 0x281: 0x8847}.get(protocol, 0xFFFF), at


def _cisco_hdlc(frame: bytes) -> tuple[int, int]:
    return _u16(frame, 2), 4


_LINKS = {
    0: _null,
    ETHERNET: _ethernet,
    9: _ppp,
    12: _raw,
    14: _raw,
    50: _ppp,
    51: lambda frame: _ppp(frame, 6),
    101: _raw,
    104: _cisco_hdlc,
    108: _null,
    113: _sll,
    228: _raw,
    229: _raw,
    276: _sll2,
}
"""The link types that are read, by the numbers of the-tcpdump-group's registry."""

# -- Fragments -------------------------------------------------------------------------------------------------------

_Key = tuple[bytes, bytes, int]
_MOST_DATAGRAMS = 128
_MOST_HELD = 2 * 65_535
"""Bytes of one datagram's fragments; more can only be a great many that overlap."""
_LONGEST = 65_535


@attrs.define
class _Datagram:
    parts: dict[int, tuple[bytes, int]] = attrs.field(factory=dict)
    """By their offsets: what was captured, and the length on the wire."""
    length: int | None = None
    held: int = 0


class _Fragments:
    """RFC 791, section 3.2, and RFC 8200, section 4.5: datagrams that are being put together; the oldest give way."""

    def __init__(self) -> None:
        self._datagrams: dict[_Key, _Datagram] = {}

    def add(self, key: _Key, data: bytes, length: int, offset: int, *, more: bool) -> tuple[bytes, int] | None:
        """A fragment; the datagram as far as it was captured, and its length, once all are there."""
        if length <= 0 or offset + length > _LONGEST:
            return None
        datagram = self._datagrams.get(key)
        if datagram is None:
            if len(self._datagrams) >= _MOST_DATAGRAMS:
                del self._datagrams[next(iter(self._datagrams))]
            datagram = self._datagrams[key] = _Datagram()
        datagram.parts.setdefault(offset, (data, length))
        datagram.held += len(data)
        if not more:
            datagram.length = offset + length
        if datagram.held > _MOST_HELD:
            del self._datagrams[key]
            return None
        joined = None if datagram.length is None else _join(datagram.parts, datagram.length)
        if joined is not None:
            del self._datagrams[key]
        return joined


def _join(parts: dict[int, tuple[bytes, int]], length: int) -> tuple[bytes, int] | None:
    """The datagram, up to the first byte that was not captured; None while a fragment is missing."""
    if sum(size for _, size in parts.values()) < length:
        return None
    joined, at, cut = bytearray(), 0, False
    for offset in sorted(parts):
        data, size = parts[offset]
        if offset > at:
            return None
        fresh = at - offset
        if fresh < size:
            if not cut:
                joined += data[fresh:size]
                cut = len(joined) < offset + min(size, length)
            at = offset + size
    return (bytes(joined), length) if at >= length else None
