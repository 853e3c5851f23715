"""TCP: from segments to what each side said, in order, with the holes named (RFC 9293).

Segments may come out of order, repeated, overlapping, cut short by the snap length, or never; the capture may begin in
the middle of a connection or show one direction alone; ports are used again. Each connection has a `Listener`, which is fed
in order and says when it has heard enough; from then on the connection costs one look-up for each packet. Every bound
has its number here, and what a bound made to drop is counted.
"""

import struct
from bisect import insort
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Protocol

from ...handshake import Endpoint, GapKind, Sender
from .network import Segment

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_HALF = 1 << 31
_MODULUS = 1 << 32

_MOST_LIVE = 1024
"""Connections that are listened to at once; the one that has been silent longest gives way."""
_MOST_KNOWN = 1 << 16
"""Directions of connections that are remembered, those that nobody listens to any more included."""
_LINGER = 64
"""Closed connections that are kept open for what comes late."""
_MOST_WAITING = 256 * 1024
"""Bytes of one direction that wait for what is missing before them; it is taken for lost then."""
_MOST_SEGMENTS = 512
_MOST_HELD = 24 * 1024 * 1024
"""Bytes of all connections together that wait, here or at their listeners."""
_UNSURE = 8
"""Segments that are looked at before the lowest of them is taken for the first that was captured."""


class Listener(Protocol):
    """Who is told what is said on one connection."""

    @property
    def settled(self) -> bool:
        """Whether it has heard enough."""

    @property
    def held(self) -> int:
        """Bytes that it keeps."""

    def appear(self, sender: Sender) -> None:
        """A packet of this side was seen."""

    def feed(self, sender: Sender, data: bytes, time: float | None, frame: int | None) -> None:
        """The next bytes of one side, as one segment had them."""

    def skip(self, sender: Sender, count: int, why: GapKind, time: float | None, frame: int | None) -> None:
        """So many bytes of one side are missing."""

    def end(self, sender: Sender, how: str, time: float | None, frame: int | None) -> None:
        """One side closes or resets the connection."""

    def close(self, *, early: bool) -> None:
        """Nothing more is told of this connection; `early` where only because there is too much to listen to."""


class _Connection:
    __slots__ = ("closing", "halves", "held", "listener", "live")

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.live = True
        self.closing = False
        self.held = 0
        self.halves: tuple[_Half, ...] = ()


class _Half:
    """One direction of a connection."""

    __slots__ = (
        "acked",
        "connection",
        "ended",
        "fin",
        "next",
        "peer",
        "seen",
        "sender",
        "start",
        "stood",
        "waiting",
        "weight",
    )

    def __init__(self, connection: _Connection, sender: Sender) -> None:
        self.connection = connection
        self.sender = sender
        self.peer: _Half = self
        self.next: int | None = None  # the place in the stream that is due, beginning at the first sequence number
        self.start: int | None = None  # the initial sequence number, where the SYN was seen
        self.fin: int | None = None
        self.acked: int | None = None  # what the other side last confirmed of this one
        self.stood: int | None = None  # what the other side first confirmed of this one
        self.waiting: list[tuple[int, int, bytes, int, float]] = []
        self.weight = 0
        self.seen = False
        self.ended = False


class Reassembly:
    """All connections of a capture."""

    def __init__(self, listen: Callable[[Endpoint, Endpoint], Listener]) -> None:
        """Begin with none.

        :param listen: called for each connection with who began it and who was called; where the beginning was not
            seen, that is a guess from the ports.
        """
        self._listen = listen
        self._halves: dict[bytes, _Half] = {}
        self._live: OrderedDict[_Connection, None] = OrderedDict()
        self._lingering: deque[_Connection] = deque()
        self._held = 0
        self.connections = 0

    def segment(self, segment: Segment, time: float, frame: int) -> None:
        """Take in one segment."""
        key, data, start, stop, missing = segment
        half = self._halves.get(key)
        if stop - start < 14:
            return
        flags = data[start + 13]
        if half is not None and not half.connection.live and not flags & _SYN:
            return
        number, confirmed = struct.unpack_from(">II", data, start + 4)
        if half is None or (flags & _SYN and self._used_again(half, number)):
            half = self._open(key, flags)
        connection = half.connection
        if not connection.live:
            return
        self._live.move_to_end(connection)
        if not half.seen:
            half.seen = True
            connection.listener.appear(half.sender)
        if flags & _SYN:
            if half.start is None:
                half.start = number
                half.next = number + 1 if half.next is None else half.next
                self._deliver(half, time, frame)
            number += 1
        if flags & _ACK:
            half.peer.acked = confirmed
            if half.peer.stood is None:
                half.peer.stood = confirmed
            self._begin(half.peer, time, frame)
        body = start + (data[start + 12] >> 4) * 4
        payload = data[body:stop]
        missing -= max(0, body - stop)
        if payload or missing > 0:
            self._data(half, number, payload, max(missing, 0), time, frame)
        if flags & (_FIN | _RST):
            self._ending(half, flags, number + len(payload) + max(missing, 0), time, frame)
        self._weigh(connection)

    def close(self) -> None:
        """The capture is over."""
        for connection in list(self._live):
            self._finish(connection)

    # -- Connections -------------------------------------------------------------------------------------------------

    def _used_again(self, half: _Half, number: int) -> bool:
        """Whether a SYN begins another connection between the same ports."""
        if half.start is not None:
            return half.start != number
        if not half.connection.live:
            return True
        due = half.next if half.next is not None else half.waiting[0][0] if half.waiting else None
        # One that comes behind the data it should precede belongs to them.
        return due is not None and not 0 <= due - _near(number + 1, due) < _MOST_WAITING

    def _open(self, key: bytes, flags: int) -> _Half:
        old = self._halves.get(key)
        if old is not None and old.connection.live:
            self._finish(old.connection)
        source, target, back = _endpoints(key)
        called = bool(flags & _ACK) if flags & _SYN else _serves(source.port, target.port)
        sender = Sender.SERVER if called else Sender.CLIENT
        listener = self._listen(target, source) if called else self._listen(source, target)
        connection = _Connection(listener)
        half = _Half(connection, sender)
        peer = _Half(connection, Sender.CLIENT if called else Sender.SERVER)
        half.peer, peer.peer = peer, half
        connection.halves = (half, peer)
        if len(self._halves) >= _MOST_KNOWN:
            self._forget()
        self._halves[key], self._halves[back] = half, peer
        self._live[connection] = None
        self.connections += 1
        if len(self._live) > _MOST_LIVE:
            self._finish(next(iter(self._live)), early=True)
        return half

    def _forget(self) -> None:
        """Make room: forget the older half of what nobody listens to."""
        quiet = [key for key, half in self._halves.items() if not half.connection.live]
        for key in quiet[: len(quiet) // 2 + 1]:
            del self._halves[key]

    def _ending(self, half: _Half, flags: int, number: int, time: float | None, frame: int | None) -> None:
        connection = half.connection
        if flags & _RST:
            self._deliver(half, time, frame, wait=False)
            if not half.ended:
                half.ended = True
                connection.listener.end(half.sender, "resets the connection", time, frame)
        else:
            half.fin = number if half.next is None else _near(number, half.next)
            self._fin(half, time, frame)
        if not connection.closing and (flags & _RST or all(each.ended for each in connection.halves)):
            connection.closing = True
            self._lingering.append(connection)
            if len(self._lingering) > _LINGER:
                self._finish(self._lingering.popleft())

    def _fin(self, half: _Half, time: float | None, frame: int | None) -> None:
        if half.fin is not None and not half.ended and (half.next is None or half.next >= half.fin):
            half.ended = True
            half.connection.listener.end(half.sender, "closes the connection", time, frame)

    def _finish(self, connection: _Connection, *, early: bool = False) -> None:
        """Hand over what waits, and listen no longer."""
        if not connection.live:
            return
        for half in connection.halves:
            self._deliver(half, None, None, wait=False)
            behind = 0 if half.next is None or half.acked is None else _near(half.acked, half.next) - half.next
            if behind > 1 and behind < _HALF // 2:  # 1 is the FIN
                connection.listener.skip(half.sender, behind, GapKind.LOST, None, None)
        connection.listener.close(early=early)
        self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        connection.live = False
        self._held -= connection.held
        connection.held = 0
        del self._live[connection]
        for half in connection.halves:
            half.waiting = []

    def _weigh(self, connection: _Connection) -> None:
        """Listen no longer where nothing can come any more, or where too much is kept."""
        if not connection.live:
            return
        if connection.listener.settled:
            self._finish(connection)
            return
        held = connection.listener.held + sum(half.weight for half in connection.halves)
        self._held += held - connection.held
        connection.held = held
        while self._held > _MOST_HELD and self._live:
            self._finish(max(self._live, key=_weight), early=True)

    # -- One direction -----------------------------------------------------------------------------------------------

    def _data(self, half: _Half, number: int, payload: bytes, missing: int, time: float, frame: int) -> None:
        if half.next is None:
            place = _near(number, half.waiting[0][0]) if half.waiting else number
            self._wait(half, place, payload, missing, time, frame)
            self._begin(half, time, frame)
            return
        place = _near(number, half.next)
        if place > half.next:
            self._wait(half, place, payload, missing, time, frame)
            if half.weight > _MOST_WAITING or len(half.waiting) > _MOST_SEGMENTS:
                self._deliver(half, time, frame, wait=False)
            return
        self._take(half, place, payload, missing, time, frame)
        if half.waiting:
            self._deliver(half, time, frame)
        self._fin(half, time, frame)

    def _begin(self, half: _Half, time: float, frame: int) -> None:
        """Settle where a direction begins whose SYN was not seen, as soon as something tells."""
        if half.next is not None or not half.waiting:
            return
        lowest, _, payload, _, _ = half.waiting[0]
        if half.stood is not None:  # what the other side confirmed tells where this one stood
            confirmed = _near(half.stood, lowest)
            half.next = confirmed if 0 <= lowest - confirmed < _MOST_WAITING else lowest
        elif payload[:2] in _BEGINNINGS or len(half.waiting) >= _UNSURE:
            half.next = lowest
        else:
            return
        self._deliver(half, time, frame)

    def _wait(self, half: _Half, place: int, payload: bytes, missing: int, time: float, frame: int) -> None:
        insort(half.waiting, (place, missing, payload, frame, time))
        half.weight += len(payload)

    def _take(
        self, half: _Half, place: int, payload: bytes, missing: int, time: float | None, frame: int | None
    ) -> None:
        """Tell the listener what is new in a segment that reaches up to what is due."""
        assert half.next is not None
        known = half.next - place
        fresh = payload[known:]
        missing -= max(0, known - len(payload))
        listener = half.connection.listener
        if fresh:
            half.next += len(fresh)
            listener.feed(half.sender, fresh, time, frame)
        if missing > 0:
            half.next += missing
            listener.skip(half.sender, missing, GapKind.CUT, time, frame)

    def _deliver(self, half: _Half, time: float | None, frame: int | None, *, wait: bool = True) -> None:
        """Tell what waits, as far as it follows; where nothing is waited for any more, all of it."""
        waiting = half.waiting
        if not waiting:
            return
        if half.next is None:
            half.next = waiting[0][0]
        count = 0
        for place, missing, payload, number, when in waiting:
            if place > half.next:
                if wait:
                    break
                half.connection.listener.skip(half.sender, place - half.next, GapKind.LOST, when, number)
                half.next = place
            self._take(half, place, payload, missing, when, number)
            half.weight -= len(payload)
            count += 1
        del waiting[:count]
        self._fin(half, time, frame)


def _weight(connection: _Connection) -> int:
    return connection.held


_BEGINNINGS = (b"\x16\x03", b"\x15\x03")


def _near(number: int, place: int) -> int:
    """The place in the stream that a sequence number means: the one nearest to `place`."""
    return place + ((number - place + _HALF) % _MODULUS) - _HALF


def _serves(source: int, target: int) -> bool:
    """Whether the sender of a connection in its middle is the server, by the ports: those below 1024, or the lower."""
    return source < target


def _endpoints(key: bytes) -> tuple[Endpoint, Endpoint, bytes]:
    """Source, target, and the key of the other direction."""
    size = (len(key) - 4) // 2
    source, target = key[:size], key[size : 2 * size]
    ports = key[2 * size :]
    back = target + source + ports[2:] + ports[:2]
    return (
        Endpoint(address=_address(source), port=int.from_bytes(ports[:2], "big")),
        Endpoint(address=_address(target), port=int.from_bytes(ports[2:], "big")),
        back,
    )


def _address(packed: bytes) -> str:
    if len(packed) == 4:
        return ".".join(map(str, packed))
    import ipaddress

    return str(ipaddress.IPv6Address(packed))
