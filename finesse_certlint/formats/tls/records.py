"""TLS's record layer on one direction of a connection: where records begin, and what they carry.

Bytes come as the witness has them, in pieces of any size and with holes. As long as the headers are there, holes inside
records are counted and the place is kept; where a header falls into a hole, the next record is looked for. Nothing is kept
but a header's bytes and the beginning of what preceded TLS.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

CHANGE_CIPHER_SPEC = 20
ALERT = 21
HANDSHAKE = 22
APPLICATION_DATA = 23
SSLV2 = 0x80
"""Not a type of TLS's: SSL 2.0's record that holds a CLIENT-HELLO."""

_KNOWN = range(CHANGE_CIPHER_SPEC, APPLICATION_DATA + 1)
_HEADER = 5
_LONGEST = 2**14 + 2048
"""RFC 5246, section 6.2.3: "The length MUST NOT exceed 2^14 + 2048.\""""
_MESSAGE_TYPES = frozenset({0, 1, 2, 4, 11, 12, 13, 14, 15, 16, 20, 22})
_LONGEST_MESSAGE = 1 << 20
_PREFACE = 1024
_CANDIDATE = re.compile(rb"[\x14-\x17](?:\x03(?:[\x00-\x04]|\Z)|\Z)")


class Piece(NamedTuple):
    """A part of one record: its next bytes, or so many that are missing."""

    kind: int
    version: int
    length: int
    """Of the whole record's fragment."""
    data: bytes
    missing: int
    first: bool
    last: bool


class Records:
    """The records of one direction."""

    def __init__(self) -> None:
        self.found = False
        """Whether a record was ever found."""
        self.begins = False
        """Whether the first record that was found is a hello, behind nothing that looks like TLS in its middle."""
        self.synced = False
        self.preface = b""
        """The beginning of what came before the first record."""
        self.before = 0
        """How many bytes came before the first record."""
        self.passed_over = 0
        """How many bytes were passed over since, because no record was found in them."""
        self._tail = b""
        self._starts: list[int] = []
        self._kind = 0
        self._version = 0
        self._length = 0
        self._left = 0

    @property
    def version(self) -> int:
        """The version that the last record's header gave; 0 before there was one."""
        return self._version

    def feed(self, data: bytes) -> Iterator[Piece]:
        """The pieces of records in the next bytes, which a segment's beginning begins."""
        while data:
            if not self.synced:
                data = self._seek(data)
            elif self._left:
                piece = data[: self._left]
                data = data[self._left :]
                yield self._piece(piece, 0)
            else:
                data = self._begin(data)

    def skip(self, count: int) -> Iterator[Piece]:
        """The same for `count` bytes that are missing."""
        if self.synced and 0 < count <= self._left and not self._tail:
            yield self._piece(b"", count)
            return
        if self.synced and self._left:
            yield self._piece(b"", self._left)
        self._lose()

    def _piece(self, data: bytes, missing: int) -> Piece:
        first = self._left == self._length
        self._left -= len(data) + missing
        return Piece(self._kind, self._version, self._length, data, missing, first, not self._left)

    def _begin(self, data: bytes) -> bytes:
        """Read a record's header; what is left of the data."""
        joined = self._tail + data
        if self._header(joined):
            self._tail = b""
            return joined[_HEADER:]
        if len(joined) < _HEADER and _plausible(joined, strict=False) is not False:
            self._tail = joined
            return b""
        self._tail = b""
        self._lose()
        return self._seek(joined, boundary=False)

    def _header(self, data: bytes) -> bool:
        if len(data) < _HEADER:
            return False
        kind, version, length = data[0], int.from_bytes(data[1:3], "big"), int.from_bytes(data[3:5], "big")
        if kind not in _KNOWN or data[1] != 3 or data[2] > 4 or length > _LONGEST:
            return False
        self._kind, self._version, self._length, self._left = kind, version, length, length
        return True

    def _lose(self) -> None:
        self.synced = False
        self._left = 0
        self._pass_over(self._tail)
        self._tail, self._starts = b"", []

    def end(self) -> None:
        """Nothing more comes: what waited for its continuation is no record."""
        self._pass_over(self._tail)
        self._tail, self._starts = b"", []

    # -- Looking for a record ----------------------------------------------------------------------------------------

    def _seek(self, data: bytes, *, boundary: bool = True) -> bytes:
        """Look for a record's beginning; what follows it, or nothing where none was found yet."""
        window = self._tail + data
        starts = [*self._starts, len(self._tail)] if boundary else self._starts
        candidates = sorted({*starts, *(match.start() for match in _CANDIDATE.finditer(window))})
        for at in candidates:
            weak = at in starts
            verdict = _plausible(window[at : at + 16], strict=not weak, lost=self.found)
            if verdict is False and weak and not self.found:
                verdict = _sslv2(window[at : at + 16])
                if verdict:
                    self._enter(window, at)
                    return self._sslv2_begins(window[at:])
            if verdict:
                self._enter(window, at)
                return window[at:]
            if verdict is None:
                self._pass_over(window[:at])
                self._tail = window[at:]
                self._starts = [start - at for start in starts if start >= at]
                return b""
        self._pass_over(window)
        self._tail, self._starts = b"", []
        return b""

    def _enter(self, window: bytes, at: int) -> None:
        self._pass_over(window[:at])
        if not self.found:
            self.begins = window[at] in (HANDSHAKE, ALERT) or bool(window[at] & SSLV2)
        self.found = self.synced = True
        self._tail, self._starts = b"", []

    def _sslv2_begins(self, data: bytes) -> bytes:
        self._kind, self._version = SSLV2, 0x0002
        self._length = self._left = (data[0] & 0x7F) << 8 | data[1]
        return data[2:]

    def _pass_over(self, data: bytes) -> None:
        if self.found:
            self.passed_over += len(data)
            return
        self.before += len(data)
        if len(self.preface) < _PREFACE:
            self.preface += data[: _PREFACE - len(self.preface)]


def _plausible(data: bytes, *, strict: bool, lost: bool = False) -> bool | None:
    """Whether a record begins here; None where more bytes would tell.

    :param strict: whether it stands where nothing else speaks for a beginning; then its content must too.
    :param lost: whether records were read before, and the place was lost.
    """
    wanted = _HEADER + 6
    have = len(data)
    if data[0] not in _KNOWN or (have > 1 and data[1] != 3) or (have > 2 and data[2] > 4):
        return False
    if have < _HEADER:
        return None
    kind, length, body = data[0], int.from_bytes(data[3:5], "big"), data[_HEADER:]
    if length > _LONGEST:
        return False
    if not length:  # nothing in it, so the header behind it must speak for it
        return not strict and (None if len(body) < 3 else body[0] in _KNOWN and body[1] == 3 and body[2] <= 4)
    if kind == CHANGE_CIPHER_SPEC:
        return length == 1 and (body[:1] == b"\x01" if body else None)
    if kind == ALERT and (strict or length == 2):
        return length == 2 and lost >= strict and (body[0] in (1, 2) if body else None)
    if not strict:
        return True
    if kind != HANDSHAKE:
        return False
    if have < wanted:
        return None
    message, size = body[0], int.from_bytes(body[1:4], "big")
    if message in (1, 2):
        return 38 <= size < _LONGEST_MESSAGE and size + 4 >= min(length, size + 4) and body[4] == 3 and body[5] <= 4
    return lost and message in _MESSAGE_TYPES and size < _LONGEST_MESSAGE and (size + 4 <= length or message == 11)


def _sslv2(data: bytes) -> bool | None:
    """Whether SSL 2.0's CLIENT-HELLO begins here: its lengths must add up."""
    if not data[0] & 0x80 or (len(data) > 2 and data[2] != 1) or (len(data) > 4 and data[3:5] not in _SSLV2_VERSIONS):
        return False
    if len(data) < 11:
        return None if len(data) < 3 or data[2] == 1 else False
    length = (data[0] & 0x7F) << 8 | data[1]
    specs, session, challenge = (int.from_bytes(data[at : at + 2], "big") for at in (5, 7, 9))
    return specs > 0 and specs % 3 == 0 and session in (0, 16, 32) and length == 9 + specs + session + challenge


_SSLV2_VERSIONS = (b"\x00\x02", b"\x03\x00", b"\x03\x01", b"\x03\x02", b"\x03\x03")
