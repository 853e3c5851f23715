"""What the readers of capture files give: packets, and what was said about the capture as a whole."""

from collections.abc import Callable, Iterator

import attrs

from .source import Source

LONGEST = 1 << 20
"""Bytes of one packet; a file that announces a longer one is damaged. libpcap's own limit is 256 KiB."""


Packet = tuple[float, bytes, int, int]
"""One captured packet, as a plain tuple because there are so many: its time in seconds since 1970; the frame as far as it
was captured; its length on the wire, which the snap length may have cut; and its link type, by the registry of
the-tcpdump-group (LINKTYPE_ETHERNET is 1)."""


@attrs.define(kw_only=True)
class Notes:
    """What a reader learnt on the way; complete when it has come to the end."""

    snap_length: int | None = None
    """The smallest that the file states; None where it states none."""
    dropped: int = 0
    """Packets that the capturing program says it lost."""
    cut_off: bool = False
    """Whether the file ends within a packet, as one does whose program was stopped the hard way."""
    damaged: str = ""
    """Why reading stopped before the end of the file."""
    left: int = 0
    """Bytes that stand behind the last packet that was read, of those that were at hand."""

    def snapped(self, length: int) -> None:
        """Note a snap length; 0 stands for none."""
        if length:
            self.snap_length = length if self.snap_length is None else min(self.snap_length, length)


Reader = Callable[[Source, Notes], Iterator[Packet]]


class Window:
    """The part of a source that is being looked at: readers ask for so many bytes at the place where they stand."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.data = b""
        self.at = 0

    def have(self, count: int) -> bool:
        """Whether so many bytes stand at `at` of `data`, after reading on where needed."""
        if len(self.data) - self.at >= count:
            return True
        parts = [self.data[self.at :]]
        total = len(parts[0])
        while total < count:
            part = self._source.read()
            if not part:
                break
            parts.append(part)
            total += len(part)
        self.data, self.at = b"".join(parts), 0
        return total >= count

    def skip(self, count: int) -> bool:
        """Go on by so many bytes, without keeping them; whether they were all there."""
        while len(self.data) - self.at < count:
            count -= len(self.data) - self.at
            self.data, self.at = self._source.read(), 0
            if not self.data:
                return False
        self.at += count
        return True

    @property
    def left(self) -> int:
        """Bytes that are at hand."""
        return len(self.data) - self.at
