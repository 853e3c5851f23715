"""From a capture's file to a document: the one place where its layers meet."""

from collections import Counter
from collections.abc import Callable

import attrs

from ...documents import Block, CaptureSummary, Document, Kind, Span
from ...errors import InputError
from ...findings import Location
from ...handshake import Endpoint, GapKind, Handshake, Sender
from ...limits import Limits
from ..magic import PCAP, PCAPNG
from ..tls import Conversation
from . import pcap, pcapng
from .network import Network
from .packet import Notes, Reader
from .source import Readable, Source
from .tcp import Reassembly

_READERS: tuple[tuple[tuple[bytes, ...], str, Reader], ...] = (
    (tuple(PCAP), "pcap", pcap.packets),
    ((PCAPNG,), "pcapng", pcapng.packets),
)
_TLS_PORTS = frozenset(
    {443, 465, 563, 636, 989, 990, 992, 993, 994, 995, 5061, 5986, 7443, 8443, 8444, 8445, 9443, 10443}
)
"""Where a connection without TLS is one that lacks it: by IANA's registry, or by custom, Finesse's own among them."""
_MOST_NAMED = 16
_MOST_KEPT = 16 * 1024 * 1024
"""Bytes that all handshakes together may keep, those of certificates above all."""


def read(
    file: Readable,
    name: str,
    limits: Limits,
    *,
    server: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Document:
    """Read a capture to its end.

    :param file: from its first byte on; only `read(n)` is asked of it.
    :param name: what to call the input in findings.
    :param server: HOST, HOST:PORT or :PORT; handshakes with other servers are left out. HOST is an address, or the name in
        the client's server_name.
    :param progress: told how many bytes of the file have been read.
    :returns: a document whose blocks cover every byte: the capture, and what behind it could not be read.
    :raises InputError: where it is no capture, or holds no connection with that server.
    """
    wanted = None if server is None else _Server.named(server)
    source = Source(file, limits.unpacked_bytes, progress)
    head = source.head(4)
    for magics, format_, reader in _READERS:
        if head.startswith(magics):
            return _Capture(name, format_, limits, wanted).document(reader, source)
    raise InputError(
        f"{name}: this is no packet capture. Give a file in pcap or pcapng format, as tcpdump and Wireshark write them."
    )


class _Capture:
    """One capture being read."""

    def __init__(self, name: str, format_: str, limits: Limits, wanted: "_Server | None") -> None:
        self._name = name
        self._format = format_
        self._limits = limits
        self._wanted = wanted
        self._handshakes: list[tuple[int, Handshake]] = []
        self._without: list[tuple[int, Handshake]] = []
        self._kept = 0
        self._tls = 0
        self._silent = 0
        self._omitted = 0
        self._given_up = 0
        self._spoken: Counter[str] = Counter()
        self._refused: dict[str, None] = {}
        self._unanswered: dict[str, None] = {}
        self._servers: dict[str, None] = {}

    def document(self, reader: Reader, source: Source) -> Document:
        """Read all packets, and say what they came to."""
        notes, network = Notes(), Network()
        reassembly = Reassembly(lambda client, server: _Heard(self.take, client, server))
        number = cut = 0
        locate, take_in = network.segment, reassembly.segment
        for number, packet in enumerate(reader(source, notes), start=1):
            time, frame, original, link = packet
            if len(frame) < original:
                cut += 1
            segment = locate(frame, original, link)
            if segment is not None:
                take_in(segment, time, number)
        reassembly.close()
        source.drain()
        found = sorted(self._handshakes or self._without, key=lambda each: each[0])
        if self._wanted is not None and not found:
            raise self._no_such_server()
        summary = CaptureSummary(
            packets=number,
            connections=reassembly.connections,
            tls=self._tls,
            spoken=dict(self._spoken.most_common()),
            silent=self._silent,
            refused=tuple(self._refused),
            unanswered=tuple(self._unanswered),
            snap_length=notes.snap_length,
            cut=cut,
            dropped=notes.dropped,
            cut_off=notes.cut_off or source.cut_off,
            unknown_links={str(link): count for link, count in network.unknown.most_common()},
            omitted=self._omitted,
            given_up=self._given_up,
        )
        return Document(
            name=self._name,
            size=source.size,
            format=self._format,
            blocks=tuple(_blocks(self._format, source, notes)),
            handshakes=tuple(self._placed(handshake, source.size) for _, handshake in found),
            capture=summary,
        )

    def take(self, heard: "_Heard") -> None:
        """What came of one connection."""
        conversation = heard.conversation
        self._servers.setdefault(str(conversation.server))
        if self._wanted is not None and not self._wanted.fits(conversation):
            return
        expected = self._wanted is not None or (conversation.server and conversation.server.port in _TLS_PORTS)
        if heard.said and (conversation.is_tls or expected):
            self._tls += 1
            self._given_up += heard.given_up
            for handshake in conversation.handshakes():
                self._keep(heard.first_frame, handshake)
            return
        if heard.said:
            self._spoken[conversation.spoken or "something that was not captured"] += 1
        else:
            self._nothing_said(heard)
        # Where there is no TLS at all, what became of these connections is all that there is to see.
        if len(self._without) < _MOST_NAMED:
            self._without += [(heard.first_frame, handshake) for handshake in conversation.handshakes()]

    def _nothing_said(self, heard: "_Heard") -> None:
        self._silent += 1
        named = self._refused if heard.reset else self._unanswered
        if not heard.answered and len(named) < _MOST_NAMED:
            named.setdefault(str(heard.conversation.server))

    def _keep(self, frame: int, handshake: Handshake) -> None:
        hello = handshake.client_hello.length if handshake.client_hello else 0
        weight = 8 * hello + sum(map(len, handshake.certificate_bytes + (handshake.client_certificate_bytes or ())))
        if len(self._handshakes) >= self._limits.handshakes or self._kept + weight > _MOST_KEPT:
            self._omitted += 1
            return
        self._kept += weight
        self._handshakes.append((frame, handshake))

    def _placed(self, handshake: Handshake, size: int) -> Handshake:
        frames = [step.frame for step in handshake.steps if step.frame]
        within = f"{handshake.client} to {handshake.server}"
        if frames:
            last = f" to {max(frames)}" if len(set(frames)) > 1 else ""
            within += f", {'frames' if last else 'frame'} {min(frames)}{last}"
        return attrs.evolve(handshake, location=Location(document=self._name, start=0, stop=size, within=within))

    def _no_such_server(self) -> InputError:
        there = list(self._servers)
        listed = ", ".join(there[:_MOST_NAMED]) + (
            f" and {len(there) - _MOST_NAMED} more" if len(there) > _MOST_NAMED else ""
        )
        return InputError(
            f"{self._name}: there is no connection with {self._wanted} in this capture. "
            + (f"Those that were called are {listed}." if there else "It holds no TCP connection.")
        )


def _blocks(format_: str, source: Source, notes: Notes) -> list[Block]:
    """The capture, and what behind it could not be read."""
    why = notes.damaged or source.broken
    if not why and not source.limited:
        return [Block(kind=Kind.CAPTURE, span=Span(start=0, stop=source.size), label=format_)]
    whole = max(0, source.size - source.behind - (0 if source.packed else notes.left))
    capture = Block(kind=Kind.CAPTURE, span=Span(start=0, stop=whole), label=format_)
    rest = Span(start=whole, stop=source.size)
    if why:
        return [capture, Block(kind=Kind.DAMAGED, span=rest, label=format_, error=why)]
    return [capture, Block(kind=Kind.UNREAD, span=rest, label="unpacked_bytes")]


class _Heard:
    """What is heard of one connection."""

    def __init__(self, done: Callable[["_Heard"], None], client: Endpoint, server: Endpoint) -> None:
        self._done = done
        self.conversation = Conversation(client=client, server=server)
        self.first_frame = 0
        self.said = False
        self.answered = False
        self.reset = False
        self.given_up = False

    @property
    def settled(self) -> bool:
        return self.conversation.settled or self.conversation.other

    @property
    def held(self) -> int:
        return self.conversation.held

    def appear(self, sender: Sender) -> None:
        self.conversation.appear(sender)

    def feed(self, sender: Sender, data: bytes, time: float | None, frame: int | None) -> None:
        self._say(frame)
        self.conversation.feed(sender, data, time, frame)

    def skip(self, sender: Sender, count: int, why: GapKind, time: float | None, frame: int | None) -> None:
        self._say(frame)
        self.conversation.skip(sender, count, why, time, frame)

    def end(self, sender: Sender, how: str, time: float | None, frame: int | None) -> None:
        self.reset = self.reset or (how.startswith("resets") and sender is Sender.SERVER)
        self.conversation.end(sender, how, time, frame)

    def close(self, *, early: bool) -> None:
        self.given_up = early and self.conversation.is_tls and not self.conversation.completed
        self.conversation.end()
        self._done(self)

    def _say(self, frame: int | None) -> None:
        if not self.said:
            self.said, self.first_frame = True, frame or 0


@attrs.frozen
class _Server:
    """Which server is asked for."""

    host: str
    port: int | None

    @classmethod
    def named(cls, text: str) -> "_Server":
        """Read HOST, HOST:PORT, [ADDRESS]:PORT or :PORT.

        :raises InputError: where it is none of these.
        """
        host, colon, port = text.strip().rpartition(":")
        if not colon or (":" in host and not host.startswith("[")):
            host, port = text.strip(), ""
        host = host.strip("[]").lower()
        bad = (
            not (port.isdecimal() and port.isascii() and 0 < int(port) < 1 << 16)
            if port
            else text.strip().endswith(":")
        )
        if bad or not (host or port):
            raise InputError(f"server: {text!r} is not HOST, HOST:PORT, [ADDRESS]:PORT or :PORT.")
        return cls(host, int(port) if port else None)

    def fits(self, conversation: Conversation) -> bool:
        """Whether this connection is with it."""
        server = conversation.server
        if server is None or self.port not in (None, server.port):
            return False
        return self.host in ("", server.address, *(name.lower() for name in conversation.names))

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"
