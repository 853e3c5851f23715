"""A file read once from front to back, unpacked on the way where it is gzip'ed, with counts of what was read."""

import zlib
from collections.abc import Callable
from typing import Protocol

from ..magic import GZIP

_CHUNK = 1 << 20


class Readable(Protocol):
    """What is asked of a file object: `read(n)`, as `open(path, "rb")` has it."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


class Source:
    """The bytes of a capture, in order."""

    def __init__(self, file: Readable, unpacked_limit: int, progress: Callable[[int], object] | None = None) -> None:
        """Begin with a file that stands at its first byte.

        :param unpacked_limit: how many bytes a gzip'ed file may come to.
        :param progress: told how many bytes of the file have been read, after each part of it.
        """
        self._file = file
        self._progress = progress
        self._limit = unpacked_limit
        self.size = 0
        """Bytes of the file that were read."""
        self.limited = False
        """Whether the limit was reached."""
        self.broken = ""
        """Why it could not be unpacked to its end."""
        self.cut_off = False
        """Whether gzip'ed data ends before its own end."""
        self._waiting = b""
        self._unpacked = 0
        self._gzip: zlib._Decompress | None = None
        self._raw = b""
        head = self._part()
        while len(head) < len(GZIP) and (more := self._part()):
            head += more
        if head.startswith(GZIP):
            self._gzip, self._raw = zlib.decompressobj(wbits=31), head
        else:
            self._waiting = head

    @property
    def packed(self) -> bool:
        """Whether the file is gzip'ed."""
        return self._gzip is not None

    def read(self) -> bytes:
        """The next bytes, of any number; none at the end."""
        if self._waiting:
            data, self._waiting = self._waiting, b""
            return data
        return self._unpack() if self._gzip else self._part()

    def head(self, count: int) -> bytes:
        """The first bytes, which `read` gives again."""
        while len(self._waiting) < count:
            data = self._unpack() if self._gzip else self._part()
            if not data:
                break
            self._waiting += data
        return self._waiting[:count]

    @property
    def behind(self) -> int:
        """Bytes of the file that were read and not unpacked: they stand behind its end, or could not be."""
        return len(self._raw)

    def drain(self) -> None:
        """Read what is left without unpacking it, to know the file's size."""
        while self._part():
            pass

    def _part(self) -> bytes:
        data = self._file.read(_CHUNK)
        self.size += len(data)
        if self._progress is not None and data:
            self._progress(self.size)
        return data

    def _unpack(self) -> bytes:
        while not self.broken and not self.limited:
            self._raw = self._raw or self._part()
            if not self._raw:
                self.cut_off = self._gzip is not None and not self._gzip.eof
                return b""
            assert self._gzip is not None
            if self._gzip.eof:  # RFC 1952, section 2.2: members follow one another
                if not self._raw.startswith(GZIP):
                    self.broken = "something else stands behind the gzip'ed data"
                    return b""
                self._gzip = zlib.decompressobj(wbits=31)
            try:
                data = self._gzip.decompress(self._raw, _CHUNK)
            except zlib.error:
                self.broken = "the gzip'ed data is damaged"
                return b""
            self._raw = self._gzip.unconsumed_tail or self._gzip.unused_data
            self._unpacked += len(data)
            self.limited = self._unpacked > self._limit
            if data:
                return data
        return b""
