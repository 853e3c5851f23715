"""Captures made to order: what two parties said on one connection, wrapped into any link layer and any file.

    said = [(CLIENT, hello), (SERVER, flight), (CLIENT, alert)]
    data = PCAP["little-endian"](frames(Wire(), converse(said, size=88), LINKS["vlan"]), LINKS["vlan"].number)

Everything between is open to disturbance: segments can be cut to any size, sent twice, out of order, overlapping, or left
out; packets can be fragmented and cut short by a snap length. Nothing here is random.
"""

import gzip
import ipaddress
import struct
from collections.abc import Callable, Iterable, Sequence

import attrs

from finesse_certlint.handshake import Sender

CLIENT, SERVER = Sender.CLIENT, Sender.SERVER
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
Said = Sequence[tuple[Sender, bytes]]
"""What was said, turn by turn."""


# -- Segments ----------------------------------------------------------------------------------------------------------


@attrs.frozen
class Segment:
    """A TCP segment."""

    sender: Sender
    number: int
    confirmed: int
    flags: int
    payload: bytes = b""

    def part(self, start: int, stop: int | None = None) -> "Segment":
        """The same with a part of the payload, at its place in the stream."""
        return attrs.evolve(self, number=self.number + start, payload=self.payload[start:stop])


def converse(
    said: Said,
    *,
    size: int = 1460,
    numbers: tuple[int, int] = (1_000_000, 2_000_000),
    begin: bool = True,
    end: str = "fin",
) -> list[Segment]:
    """The segments of one connection, each turn cut to payloads of `size`.

    :param numbers: the initial sequence numbers of client and server.
    :param begin: whether the three segments that open the connection are there.
    :param end: "fin", "rst", or empty.
    """
    due = dict(zip(Sender, numbers, strict=True))
    segments = []

    def send(sender: Sender, flags: int, payload: bytes = b"") -> None:
        other = SERVER if sender is CLIENT else CLIENT
        segments.append(Segment(sender, due[sender], due[other] if flags & ACK else 0, flags, payload))
        due[sender] += len(payload) + bool(flags & (SYN | FIN))

    for sender, flags in ((CLIENT, SYN), (SERVER, SYN | ACK), (CLIENT, ACK)):
        send(sender, flags)
    if not begin:
        segments.clear()
    for sender, data in said:
        for at in range(0, len(data), size):
            send(sender, ACK | PSH, data[at : at + size])
        send(SERVER if sender is CLIENT else CLIENT, ACK)
    if end == "fin":
        for sender in (CLIENT, SERVER):
            send(sender, FIN | ACK)
    elif end == "rst":
        send(SERVER, RST | ACK)
    return segments


# -- Packets -----------------------------------------------------------------------------------------------------------


@attrs.frozen
class Wire:
    """Where a connection runs, and what IP makes of it."""

    client: tuple[str, int] = ("10.9.0.1", 40_000)
    server: tuple[str, int] = ("10.9.0.2", 8443)
    fragment: int = 0
    """The largest payload of an IP packet, a multiple of 8; 0 for no fragments."""
    backwards: bool = False
    """Whether fragments come last first."""
    extensions: bool = False
    """Whether IPv6 packets have extension headers, and IPv4 packets options."""
    timestamps: bool = False
    """Whether TCP headers have an option of 12 bytes."""
    unsized: bool = False
    """Whether the IPv4 length is 0, as captures show it where the card does the splitting."""

    @property
    def version(self) -> int:
        """Of IP."""
        return ipaddress.ip_address(self.client[0]).version

    def packets(self, segment: Segment) -> list[bytes]:
        """The IP packets of a segment; more than one where it is fragmented."""
        source, target = (self.client, self.server) if segment.sender is CLIENT else (self.server, self.client)
        return self._packets(source, target, self._tcp(segment, source[1], target[1]), segment.number & 0xFFFF)

    def _tcp(self, segment: Segment, source: int, target: int) -> bytes:
        options = b"\x01\x01\x08\x0a" + bytes(8) if self.timestamps else b""
        offset = (5 + len(options) // 4) << 4
        numbers = (segment.number % 2**32, segment.confirmed % 2**32)
        header = struct.pack(">HHIIBBHHH", source, target, *numbers, offset, segment.flags, 64_240, 0, 0)
        return header + options + segment.payload

    def _packets(self, source: tuple[str, int], target: tuple[str, int], body: bytes, number: int) -> list[bytes]:
        addresses = ipaddress.ip_address(source[0]).packed + ipaddress.ip_address(target[0]).packed
        make = self._ipv4 if self.version == 4 else self._ipv6
        if not self.fragment or len(body) <= self.fragment:
            return [make(addresses, body, number, 0, False, False)]
        places = range(0, len(body), self.fragment)
        made = [
            make(addresses, body[at : at + self.fragment], number, at, at + self.fragment < len(body), True)
            for at in places
        ]
        return made[::-1] if self.backwards else made

    def _ipv4(self, addresses: bytes, body: bytes, number: int, offset: int, more: bool, _part: bool) -> bytes:
        options = b"\x01" * 4 if self.extensions else b""
        length = 0 if self.unsized else 20 + len(options) + len(body)
        start = 0x45 + len(options) // 4
        flags = offset // 8 | (0x2000 if more else 0)
        return struct.pack(">BBHHHBBH", start, 0, length, number, flags, 64, 6, 0) + addresses + options + body

    def _ipv6(self, addresses: bytes, body: bytes, number: int, offset: int, more: bool, part: bool) -> bytes:
        chain = [0, 60] if self.extensions else []  # hop-by-hop, destination options
        chain += [44] if part else []
        headers = b""
        for place, kind in enumerate(chain):
            following = chain[place + 1] if place + 1 < len(chain) else 6
            if kind == 44:
                headers += struct.pack(">BBHI", following, 0, offset | more, number)
            else:
                headers += bytes([following, 0, 1, 4, 0, 0, 0, 0])
        first = chain[0] if chain else 6
        return struct.pack(">IHBB", 6 << 28, len(headers) + len(body), first, 64) + addresses + headers + body


# -- Link layers -------------------------------------------------------------------------------------------------------


@attrs.frozen
class Link:
    """A link layer: its number in the registry, and how it wraps an IP packet of version 4 or 6."""

    number: int
    wrap: Callable[[bytes, int], bytes]


_MACS = bytes(range(12))
_TYPES = {4: b"\x08\x00", 6: b"\x86\xdd"}
_PPP = {4: b"\x00\x21", 6: b"\x00\x57"}


def _ethernet(packet: bytes, version: int) -> bytes:
    """With the padding to 60 bytes that short frames have."""
    return (_MACS + _TYPES[version] + packet).ljust(60, b"\xaa")


def _in_ipv4(protocol: int, body: bytes) -> bytes:
    return struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(body), 7, 0, 64, protocol, 0, 0x0A000001, 0x0A000002) + body


def _in_udp(port: int, body: bytes) -> bytes:
    return _in_ipv4(17, struct.pack(">HHHH", 50_000, port, 8 + len(body), 0) + body)


def _outer(body: bytes) -> bytes:
    return _MACS + b"\x08\x00" + body


LINKS: dict[str, Link] = {
    "ethernet": Link(1, _ethernet),
    "vlan": Link(1, lambda p, v: _MACS + b"\x81\x00\x00\x2a" + _TYPES[v] + p),
    "qinq": Link(1, lambda p, v: _MACS + b"\x88\xa8\x00\x2a\x81\x00\x00\x2b" + _TYPES[v] + p),
    "pppoe": Link(1, lambda p, v: _MACS + b"\x88\x64\x11\x00\x00\x07" + struct.pack(">H", len(p) + 2) + _PPP[v] + p),
    "mpls": Link(1, lambda p, _: _MACS + b"\x88\x47\x00\x01\x00\x40\x00\x02\x01\x40" + p),
    "snap": Link(
        1, lambda p, v: _MACS + struct.pack(">H", min(len(p) + 8, 1500)) + b"\xaa\xaa\x03\0\0\0" + _TYPES[v] + p
    ),
    "sll": Link(113, lambda p, v: b"\0\0\0\1\0\6" + bytes(8) + _TYPES[v] + p),
    "sll2": Link(276, lambda p, v: _TYPES[v] + b"\0\0" + b"\0\0\0\2\0\1\0\6" + bytes(8) + p),
    "raw": Link(101, lambda p, _: p),
    "raw-12": Link(12, lambda p, _: p),
    "raw-14": Link(14, lambda p, _: p),
    "null": Link(0, lambda p, v: struct.pack("<I", 2 if v == 4 else 30) + p),
    "null-big-endian": Link(0, lambda p, v: struct.pack(">I", 2 if v == 4 else 24) + p),
    "loop": Link(108, lambda p, v: struct.pack(">I", 2 if v == 4 else 28) + p),
    "ppp": Link(9, lambda p, v: b"\xff\x03" + _PPP[v] + p),
    "ppp-short": Link(9, lambda p, v: _PPP[v][1:] + p),
    "ppp-serial": Link(50, lambda p, v: b"\xff\x03" + _PPP[v] + p),
    "cisco-hdlc": Link(104, lambda p, v: b"\x0f\x00" + _TYPES[v] + p),
    "ip-in-ip": Link(1, lambda p, v: _outer(_in_ipv4({4: 4, 6: 41}[v], p))),
    "gre": Link(1, lambda p, v: _outer(_in_ipv4(47, b"\x20\x00" + _TYPES[v] + b"\0\0\0\7" + p))),
    "gre-ethernet": Link(1, lambda p, v: _outer(_in_ipv4(47, b"\0\0\x65\x58" + _ethernet(p, v)))),
    "erspan": Link(
        1, lambda p, v: _outer(_in_ipv4(47, b"\x10\x00\x88\xbe" + bytes(4) + b"\x10" + bytes(7) + _ethernet(p, v)))
    ),
    "erspan-3": Link(
        1, lambda p, v: _outer(_in_ipv4(47, b"\x10\x00\x22\xeb" + bytes(4) + b"\x20" + bytes(11) + _ethernet(p, v)))
    ),
    "vxlan": Link(1, lambda p, v: _outer(_in_udp(4789, b"\x08\0\0\0\0\0\x2a\0" + _ethernet(p, v)))),
    "geneve": Link(1, lambda p, v: _outer(_in_udp(6081, b"\x01\0\x65\x58\0\0\x2a\0" + bytes(4) + _ethernet(p, v)))),
}
IPV4_ONLY = Link(228, lambda p, _: p)
IPV6_ONLY = Link(229, lambda p, _: p)


# -- Frames and files --------------------------------------------------------------------------------------------------


@attrs.frozen
class Frame:
    """A captured frame."""

    time: float
    data: bytes
    original: int


def frames(wire: Wire, segments: Iterable[Segment], link: Link, *, snap: int = 0, begin: float = 1.7e9) -> list[Frame]:
    """The frames of a connection, a millisecond apart; with a snap length, as much of them as it leaves."""
    wrapped = (link.wrap(packet, wire.version) for segment in segments for packet in wire.packets(segment))
    return [Frame(begin + place / 1000, data[:snap] if snap else data, len(data)) for place, data in enumerate(wrapped)]


def pcap(made: Sequence[Frame], link: int, *, order: str = "<", nano: bool = False, snap: int = 262_144) -> bytes:
    """A file of libpcap's."""
    magic = 0xA1B23C4D if nano else 0xA1B2C3D4
    out = [struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, snap, link)]
    for frame in made:
        seconds = int(frame.time)
        fraction = round((frame.time - seconds) * (1e9 if nano else 1e6))
        out += [struct.pack(f"{order}IIII", seconds, fraction, len(frame.data), frame.original), frame.data]
    return b"".join(out)


def kuznetzov(made: Sequence[Frame], link: int) -> bytes:
    """The same with packet headers of 24 bytes."""
    out = [struct.pack("<IHHiIII", 0xA1B2CD34, 2, 4, 0, 0, 262_144, link)]
    for frame in made:
        seconds = int(frame.time)
        fraction = round((frame.time - seconds) * 1e6)
        out.append(
            struct.pack("<IIIIIHBB", seconds, fraction, len(frame.data), frame.original, 1, 0x0800, 0, 0) + frame.data
        )
    return b"".join(out)


def _block(order: str, kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    length = struct.pack(f"{order}I", len(body) + 12)
    return struct.pack(f"{order}I", kind) + length + body + length


def section(order: str = "<") -> bytes:
    """A Section Header Block."""
    return _block(order, 0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1))


def interface(link: int, order: str = "<", *, resolution: int | None = None, snap: int = 0) -> bytes:
    """An Interface Description Block."""
    options = b""
    if resolution is not None:
        options = struct.pack(f"{order}HHBxxx", 9, 1, resolution) + bytes(4)
    return _block(order, 1, struct.pack(f"{order}HHI", link, 0, snap) + options)


def enhanced(frame: Frame, order: str = "<", *, number: int = 0, ticks: float = 1e6) -> bytes:
    """An Enhanced Packet Block."""
    moment = round(frame.time * ticks)
    header = (number, moment >> 32, moment & 0xFFFFFFFF, len(frame.data), frame.original)
    return _block(order, 6, struct.pack(f"{order}IIIII", *header) + frame.data)


def statistics(number: int, dropped: int, order: str = "<") -> bytes:
    """An Interface Statistics Block."""
    return _block(order, 5, struct.pack(f"{order}IIIHHQHH", number, 0, 0, 5, 8, dropped, 0, 0))


def pcapng(made: Sequence[Frame], link: int, *, order: str = "<", resolution: int | None = None) -> bytes:
    """A file of Wireshark's, with blocks among the packets that nobody knows."""
    ticks = 1e6 if resolution is None else 2.0 ** (resolution & 127) if resolution & 128 else 10.0**resolution
    strange = _block(order, 0x0BAD, b"of another program" * 500)
    packets = [enhanced(frame, order, ticks=ticks) for frame in made]
    return section(order) + interface(link, order, resolution=resolution) + strange + strange.join(packets)


def pcapng_simple(made: Sequence[Frame], link: int) -> bytes:
    """A file with Simple Packet Blocks, which have no time."""
    blocks = [_block("<", 3, struct.pack("<I", frame.original) + frame.data) for frame in made]
    return section() + interface(link) + b"".join(blocks)


def pcapng_old(made: Sequence[Frame], link: int) -> bytes:
    """A file with the obsolete Packet Blocks."""
    blocks = []
    for frame in made:
        moment = round(frame.time * 1e6)
        header = (0, 0xFFFF, moment >> 32, moment & 0xFFFFFFFF, len(frame.data), frame.original)
        blocks.append(_block("<", 2, struct.pack("<HHIIII", *header) + frame.data))
    return section() + interface(link) + b"".join(blocks)


def pcapng_sections(made: Sequence[Frame], link: int) -> bytes:
    """A file whose two sections differ in byte order, unit of time, and in the number of the interface."""
    half = len(made) // 2
    first = [enhanced(frame) for frame in made[:half]]
    second = [enhanced(frame, ">", number=1, ticks=1e9) for frame in made[half:]]
    other = interface(147, ">")
    return (
        section()
        + interface(link)
        + b"".join(first)
        + section(">")
        + other
        + interface(link, ">", resolution=9)
        + b"".join(second)
    )


PCAP: dict[str, Callable[[Sequence[Frame], int], bytes]] = {
    "little-endian": pcap,
    "big-endian": lambda made, link: pcap(made, link, order=">"),
    "nanoseconds": lambda made, link: pcap(made, link, nano=True),
    "nanoseconds-big-endian": lambda made, link: pcap(made, link, order=">", nano=True),
    "kuznetzov": kuznetzov,
    "pcapng": pcapng,
    "pcapng-big-endian": lambda made, link: pcapng(made, link, order=">"),
    "pcapng-nanoseconds": lambda made, link: pcapng(made, link, resolution=9),
    "pcapng-binary-time": lambda made, link: pcapng(made, link, resolution=0x80 | 20),
    "pcapng-simple": pcapng_simple,
    "pcapng-old": pcapng_old,
    "pcapng-sections": pcapng_sections,
    "gzip": lambda made, link: gzip.compress(pcap(made, link), mtime=0),
    "gzip-pcapng": lambda made, link: gzip.compress(pcapng(made, link), mtime=0),
    "gzip-members": lambda made, link: b"".join(
        gzip.compress(part, mtime=0) for part in (pcap(made, link)[:1000], pcap(made, link)[1000:])
    ),
}
"""Every form of file that is read."""


def capture(said: Said, wire: Wire | None = None, **options: object) -> bytes:
    """The plainest capture of a connection."""
    return pcap(frames(wire or Wire(), converse(said, **options), LINKS["ethernet"]), 1)  # type: ignore[arg-type]


# -- What comes of segments on the way ---------------------------------------------------------------------------------


def twice(segments: Sequence[Segment]) -> list[Segment]:
    """Each segment seen twice, as on an interface and on the bridge behind it."""
    return [segment for segment in segments for _ in range(2)]


def reordered(segments: Sequence[Segment], order: Sequence[int]) -> list[Segment]:
    """Each segment moved back by as many places as its entry says, the entries used again and again."""
    keyed = [(place + order[place % len(order)], place) for place in range(len(segments))]
    return [segments[place] for _, place in sorted(keyed)]


def overlapping(segments: Sequence[Segment], by: int) -> list[Segment]:
    """Each payload followed by a retransmission that begins in its middle and reaches into the next one's."""
    made = []
    following = {(s.sender, s.number): s for s in segments if s.payload}
    for segment in segments:
        made.append(segment)
        after = following.get((segment.sender, segment.number + len(segment.payload)))
        if segment.payload and after is not None:
            half = segment.part(len(segment.payload) // 2)
            made.append(attrs.evolve(half, payload=half.payload + after.payload[:by]))
    return made


def kept_alive(segments: Sequence[Segment]) -> list[Segment]:
    """With a keep-alive of each side behind each segment with data: one byte that was sent before (RFC 9293, 3.8.4)."""
    made = []
    for segment in segments:
        made.append(segment)
        if segment.payload:
            made.append(
                attrs.evolve(segment, number=segment.number + len(segment.payload) - 1, payload=b"\0", flags=ACK)
            )
    return made


def interleaved(*connections: Sequence[Frame]) -> list[Frame]:
    """Several connections at once, their packets taken in turn."""
    longest = max(map(len, connections))
    return [each[place] for place in range(longest) for each in connections if place < len(each)]
