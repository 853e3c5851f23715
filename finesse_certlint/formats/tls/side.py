"""One side of a TLS conversation: its records joined to messages, and what of them cannot be read any more."""

from collections.abc import Iterator

import attrs

from ...handshake import GapKind
from .messages import CERTIFICATE, CLIENT_HELLO, NAMES, SERVER_HELLO
from .records import ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, SSLV2, Piece, Records

_LONGEST_CERTIFICATE = 512 * 1024
_LONGEST_OTHER = 64 * 1024


@attrs.frozen(kw_only=True)
class Message:
    """A handshake message, whole or with a hole."""

    kind: int
    body: bytes
    """What was seen of it before the first hole."""
    length: int
    """What it says of itself."""
    record_version: int
    missing: GapKind | None = None
    """Why it is not whole."""


@attrs.frozen(kw_only=True)
class Alerted:
    """An alert's two bytes; None where it is encrypted."""

    level: int | None
    description: int | None


@attrs.frozen(kw_only=True)
class Marked:
    """Another record: of what kind, and how long."""

    kind: int
    version: int
    length: int


Event = Message | Alerted | Marked


class Side:
    """What one side sent, as far as it can be read."""

    def __init__(self) -> None:
        self.records = Records()
        self.seen = 0
        """Bytes that came from this side."""
        self.encrypted = False
        """Whether it has changed to a negotiated cipher."""
        self.hole: GapKind | None = None
        """The first reason why a part of the handshake is missing."""
        self.ended = False
        self._gathered = bytearray()
        self._damage: GapKind | None = None
        self._behind = 0  # bytes of the message behind its first hole: they are counted and not kept
        self._astray = False  # whether it is not known where the next message begins
        self._alert = b""
        self._beginning: bytes | None = None  # of a record that may be a hello in clear

    @property
    def held(self) -> int:
        """Bytes that wait for the rest of their message."""
        return len(self._gathered)

    def feed(self, data: bytes) -> Iterator[Event]:
        """What is complete now."""
        self.seen += len(data)
        for piece in self.records.feed(data):
            yield from self._take(piece, GapKind.LOST)

    def skip(self, count: int, why: GapKind) -> Iterator[Event]:
        """So many bytes are missing."""
        self.seen += count
        synced = self.records.synced
        for piece in self.records.skip(count):
            yield from self._take(piece, why)
        if not self.records.synced and not self.encrypted:
            if synced or not self.records.found:
                self.hole = self.hole or why
            yield from self._abandon(why)

    def end(self) -> Iterator[Event]:
        """This side says no more."""
        self.ended = True
        self.records.end()
        yield from self._abandon(GapKind.ENDED)

    def _take(self, piece: Piece, why: GapKind) -> Iterator[Event]:
        if piece.missing and piece.kind != APPLICATION_DATA and not self.encrypted:
            self.hole = self.hole or why
        if piece.kind == HANDSHAKE and ((piece.first and self.encrypted) or self._beginning is not None):
            whole = self._begun(piece)
            if whole is None:
                return
            piece = whole
        if piece.kind == HANDSHAKE and not self.encrypted:
            yield from self._handshake(piece, why)
        elif piece.kind == ALERT:
            yield from self._alerts(piece)
        elif piece.kind == SSLV2:
            yield from self._sslv2(piece, why)
        elif piece.first:
            if piece.kind == CHANGE_CIPHER_SPEC:
                yield from self._abandon(GapKind.LOST)
                self.encrypted = True
            yield Marked(kind=piece.kind, version=piece.version, length=piece.length)

    def _begun(self, piece: Piece) -> Piece | None:
        """A record's beginning behind a change of cipher, once it is long enough to tell whether it is a hello in clear."""
        self._beginning = (b"" if piece.first else self._beginning or b"") + piece.data
        if len(self._beginning) < _HEADER + 2 and not piece.last and not piece.missing:
            return None
        piece = piece._replace(data=self._beginning, first=True)
        self._beginning = None
        if _hello(piece):
            self.encrypted = False
        return piece

    def _alerts(self, piece: Piece) -> Iterator[Event]:
        """RFC 5246, section 7.2: two bytes. Encrypted, with its MAC, padding or nonce, it is longer.

        In clear a record may hold several, or a part of one: section 6.2.1.
        """
        if piece.first and piece.length == 2:
            self._alert = b""
        in_clear = piece.length == 2 or (piece.length < _SHORTEST_ENCRYPTED and not self.encrypted)
        if piece.missing or not in_clear:
            self._alert = b""
            if piece.last:
                yield Alerted(level=None, description=None)
            return
        self._alert += piece.data
        while len(self._alert) >= 2:
            level, description = self._alert[:2]
            self._alert = self._alert[2:]
            readable = level in (1, 2)
            yield Alerted(level=level if readable else None, description=description if readable else None)

    def _sslv2(self, piece: Piece, why: GapKind) -> Iterator[Event]:
        if piece.missing:
            self._damage = self._damage or why
        if self._damage is None:
            self._gathered += piece.data
        if piece.last:
            yield Message(
                kind=SSLV2,
                body=bytes(self._gathered),
                length=piece.length,
                record_version=piece.version,
                missing=self._damage,
            )
            self._forget()

    # -- Messages across records, and several in one -----------------------------------------------------------------

    def _handshake(self, piece: Piece, why: GapKind) -> Iterator[Event]:
        if self._astray:
            if not piece.first or not self._found_again(piece):
                return
            self._astray = False
        data, missing = piece.data, piece.missing
        while data or missing:
            if len(self._gathered) < _HEADER:
                if missing:
                    yield from self._abandon(why)
                    self._astray = True
                    return
                data = self._header(data)
                if self._astray:
                    yield Marked(kind=HANDSHAKE, version=piece.version, length=piece.length)
                    return
            else:
                count = min(self._left(), len(data) or missing)
                if missing:
                    missing -= count
                    self._damage = self._damage or why
                if self._damage:
                    self._behind += count
                else:
                    self._gathered += data[:count]
                data = data[count:]
            if len(self._gathered) >= _HEADER and not self._left():
                yield self._message(piece.version)

    def _header(self, data: bytes) -> bytes:
        """Take a message's header, or as much of it as there is; the rest of the data."""
        count = _HEADER - len(self._gathered)
        self._gathered += data[:count]
        if self._gathered[0] not in NAMES:  # encrypted, where the change to the cipher was not seen, or no handshake
            self._forget()
            self._astray = True
        elif len(self._gathered) == _HEADER and self._gathered[0] in _HELLOS and self._announced() > _LONGEST_OTHER:
            self._forget()  # a message's middle, where its beginning was not seen
            self._astray = True
        elif len(self._gathered) == _HEADER and self._announced() > _longest(self._gathered[0]):
            self._damage = GapKind.LIMIT
        return data[count:]

    def _found_again(self, piece: Piece) -> bool:
        """Whether a message begins where this record does; a guess, where the headers before it are missing."""
        if len(piece.data) < _HEADER or piece.data[0] not in NAMES:
            return False
        length = int.from_bytes(piece.data[1:_HEADER], "big")
        return length + _HEADER <= piece.length or (piece.data[0] == CERTIFICATE and length <= _LONGEST_CERTIFICATE)

    def _announced(self) -> int:
        return int.from_bytes(self._gathered[1:_HEADER], "big")

    def _left(self) -> int:
        """How many bytes of the message are still to come."""
        return _HEADER + self._announced() - len(self._gathered) - self._behind

    def _message(self, version: int) -> Message:
        message = Message(
            kind=self._gathered[0],
            body=bytes(self._gathered[_HEADER:]),
            length=self._announced(),
            record_version=version,
            missing=self._damage,
        )
        self._forget()
        return message

    def _abandon(self, why: GapKind) -> Iterator[Event]:
        """The rest of the message that is being gathered will not come."""
        if len(self._gathered) >= _HEADER and self._gathered[0] in NAMES:
            self._damage = self._damage or why
            yield self._message(self.records.version)
        self._forget()

    def _forget(self) -> None:
        self._gathered = bytearray()
        self._damage = None
        self._behind = 0


_HEADER = 4
_HELLOS = (CLIENT_HELLO, SERVER_HELLO)
_SHORTEST_ENCRYPTED = 2 + 8
"""Of an alert: the tags of CCM_8 are the shortest there are (RFC 6655)."""


def _hello(piece: Piece) -> bool:
    """Whether this is a hello in clear, although the cipher was changed.

    RFC 8446, appendix D.4: after a HelloRetryRequest both sides may send change_cipher_spec, which changes nothing, and go
    on with a second pair of hellos in clear.
    """
    data = piece.data
    if piece.kind != HANDSHAKE or len(data) < 6 or data[0] not in (1, 2) or data[4] != 3:
        return False
    return int.from_bytes(data[1:_HEADER], "big") + _HEADER == piece.length


def _longest(kind: int) -> int:
    """The longest message of that kind that is kept; a longer one is read as far as its beginning goes."""
    return _LONGEST_CERTIFICATE if kind == CERTIFICATE else _LONGEST_OTHER
