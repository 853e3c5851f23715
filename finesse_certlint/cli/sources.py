"""Where the inputs of a scan lie: folders, archives, bundles and tables, walked one after another, in memory that stays bounded.

A file is told by its content. What holds one chain is one input; what holds many things that have nothing to do with one
another (an archive, a table, a PEM file of more certificates than a chain has) is taken apart, and each part is an input with a
name of its own: ``inventory.zip/ca/root.cer``, ``export.pem#17``, ``log.jsonl#4711``. An archive may decompress to a hundred
times its size and no more, and archives in archives are opened three deep. Whatever is passed over is said.
"""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import attrs

from .. import Limits
from ..findings import printable
from .complaints import MisuseError
from .tables import Table, table

_LIMIT = Limits().input_bytes
_MB = 1024 * 1024
_CHAIN = 50
"""Certificates in one PEM file up to which it is taken for a chain with what came along."""
_DEPTH = 3
_GROWTH = 100
"""How many times its own size an archive may decompress to; what certificates compress to is about half."""
_SPARE = 16 * _MB
_HEAD = 4096
_BEGIN, _END = b"-----BEGIN ", b"-----END "

_PACKED: tuple[tuple[bytes, Callable[[Any], Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)
_BROKEN = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
)


@attrs.frozen(kw_only=True)
class Source:
    """One input: its name, and its bytes or why there are none."""

    name: str
    data: bytes = attrs.field(default=b"", repr=False)
    trouble: str = ""


@attrs.frozen(kw_only=True)
class Walk:
    """How sources are walked."""

    column: str | None = None
    """The column of inputs in tables, for those that call it by no usual name; a path with dots goes into JSON objects."""
    split: bool | None = None
    """Whether each certificate of a PEM file is an input by itself. None: where there are more than a chain has."""

    def files(self, paths: Sequence[str]) -> Iterator[Path]:
        """Every file at or below the paths, each folder's in the order of their names; links to folders are not followed.

        :raises MisuseError: where a path does not exist.
        """
        for given in paths:
            path = Path(given)
            if not path.exists():
                raise MisuseError(f"{printable(given)}: no such file or folder")
            if not path.is_dir():
                yield path
                continue
            unreadable: list[OSError] = []
            for folder, folders, names in os.walk(path, onerror=unreadable.append):
                folders.sort()
                yield from (Path(folder, name) for name in sorted(names))
                yield from (Path(error.filename) for error in unreadable)
                unreadable.clear()
            yield from (Path(error.filename) for error in unreadable)

    def sources(self, path: Path) -> Iterator[Source]:
        """Every input in one file; one that cannot be read is a source with its trouble."""
        name = str(path)
        try:
            state = path.stat()
            if not stat.S_ISREG(state.st_mode):
                what = "a folder that cannot be read" if path.is_dir() else "no regular file"
                yield Source(name=name, trouble=f"it is {what}")
                return
            with path.open("rb") as file:
                yield from self._opened(name, file, state.st_size, _Budget(state.st_size), 0)
        except OSError as error:
            yield Source(name=name, trouble=f"it cannot be read: {error.strerror or error}")

    def _opened(self, name: str, file: IO[bytes], size: int, budget: "_Budget", depth: int) -> Iterator[Source]:
        """What stands in a stream that can be read again from its start."""
        head = file.read(_HEAD)
        file.seek(0)
        if head[:4] in (b"PK\3\4", b"PK\5\6") and zipfile.is_zipfile(file):
            yield from self._archive(name, _zip_members(file), budget, depth)
        elif _is_tar(head):
            yield from self._archive(name, _tar_members(file), budget, depth)
        elif opener := next((opener for magic, opener in _PACKED if head.startswith(magic)), None):
            yield from self._packed(name, opener, file, budget, depth)
        else:
            file.seek(0)
            yield from self._plain(name, head, file, size)

    # -- Archives ----------------------------------------------------------------------------------------------------

    def _archive(
        self, name: str, members: Iterator[tuple[str, int, IO[bytes] | str]], budget: "_Budget", depth: int
    ) -> Iterator[Source]:
        if depth == _DEPTH:
            yield Source(name=name, trouble=f"archives in archives are opened {_DEPTH} deep, and this one lies deeper")
            return
        try:
            for member, size, content in members:
                inner = f"{name}/{member}"
                if isinstance(content, str):
                    yield Source(name=inner, trouble=content)
                    continue
                yield from self._member(inner, content, size, budget, depth + 1)
        except _TooMuchError as error:
            yield Source(name=name, trouble=str(error))
        except _BROKEN as error:
            yield Source(name=name, trouble=f"the archive is broken: {printable(str(error)) or type(error).__name__}")

    def _member(self, name: str, content: IO[bytes], size: int, budget: "_Budget", depth: int) -> Iterator[Source]:
        # In memory, because most streams of archives cannot go back to their start; and no more than an input may have.
        data = budget.read(content)
        if len(data) > _LIMIT:
            yield _too_large(name, size)
            return
        yield from self._opened(name, io.BytesIO(data), len(data), budget, depth)

    def _packed(
        self, name: str, opener: Callable[[Any], Any], file: IO[bytes], budget: "_Budget", depth: int
    ) -> Iterator[Source]:
        """One compressed file; a tar inside it is read as it comes, anything else as a member."""
        inner = name.rpartition(".")[0] if name.endswith((".gz", ".bz2", ".xz")) else name
        try:
            with opener(file) as unpacked:
                head = unpacked.read(_HEAD)
                unpacked.seek(0)
                if _is_tar(head):
                    yield from self._archive(name, _tar_members(_counted(unpacked, budget)), budget, depth)
                elif _is_lines(head):
                    yield from self._plain(name, head, _counted(unpacked, budget), _LIMIT + 1)
                else:
                    yield from self._archive(name, iter([(Path(inner).name, -1, unpacked)]), budget, depth)
        except _TooMuchError as error:
            yield Source(name=name, trouble=str(error))
        except _BROKEN as error:
            yield Source(
                name=name, trouble=f"it cannot be decompressed: {printable(str(error)) or type(error).__name__}"
            )

    # -- Files -------------------------------------------------------------------------------------------------------

    def _plain(self, name: str, head: bytes, file: Any, size: int) -> Iterator[Source]:
        found = table(head, self.column)
        if found is not None:
            yield from self._rows(name, found, file)
            return
        if _BEGIN in head and (self.split or (self.split is None and _is_bundle(file))):
            file.seek(0)
            yield from _certificates(name, file)
            return
        file.seek(0)
        data = file.read(_LIMIT + 1)
        yield Source(name=name, data=data) if len(data) <= _LIMIT else _too_large(name, size)

    @staticmethod
    def _rows(name: str, found: Table, file: Any) -> Iterator[Source]:
        number = 0
        try:
            for number, row in enumerate(found.rows(file), 1):
                inner = f"{name}#{number}"
                yield Source(name=inner, data=row) if isinstance(row, bytes) else Source(name=inner, trouble=row)
        except _TooMuchError:
            raise
        except (ValueError, *_BROKEN) as error:
            reason = printable(" ".join(str(error).split()))
            yield Source(name=name, trouble=f"it cannot be read as {found.form} beyond row {number}: {reason}")


def _too_large(name: str, size: int) -> Source:
    how = f"{size / _MB:.0f} MB are" if size > _LIMIT else "it is"
    return Source(name=name, trouble=f"{how} more than the limit of {_LIMIT // _MB} MB for one input")


# -- What archives decompress to ---------------------------------------------------------------------------------------


class _TooMuchError(Exception):
    """An archive decompresses to more than it may."""


class _Budget:
    """How much an archive, with all in it, may still decompress to."""

    def __init__(self, size: int) -> None:
        self.all = self.left = size * _GROWTH + _SPARE

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _TooMuchError(
                f"it decompresses to more than {self.all // _MB} MB, over {_GROWTH} times its size; what stands behind is not read"
            )

    def read(self, content: IO[bytes]) -> bytes:
        """A member's bytes, no more than an input may have and one."""
        parts = []
        have = 0
        while have <= _LIMIT and (part := content.read(min(_MB, _LIMIT + 1 - have))):
            self.spend(len(part))
            have += len(part)
            parts.append(part)
        return b"".join(parts)


class _Counted(io.RawIOBase):
    """A decompressed stream whose bytes are counted as they are read."""

    def __init__(self, stream: IO[bytes], budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget
        self._furthest = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        place = self._stream.tell()
        self._budget.spend(max(0, place - self._furthest))
        self._furthest = max(self._furthest, place)
        return len(data)


def _counted(stream: IO[bytes], budget: _Budget) -> io.BufferedReader:
    return io.BufferedReader(_Counted(stream, budget), _MB)


def _is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def _zip_members(file: IO[bytes]) -> Iterator[tuple[str, int, IO[bytes] | str]]:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.is_dir():
                continue
            if member.flag_bits & 1:
                yield member.filename, member.file_size, "it is encrypted; decrypt the archive and give what was in it"
                continue
            with archive.open(member) as content:
                yield member.filename, member.file_size, content


def _tar_members(file: Any) -> Iterator[tuple[str, int, IO[bytes] | str]]:
    with tarfile.open(fileobj=file, mode="r:") as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isreg() else None
            if content is not None:
                yield member.name, member.size, content
            elif not member.isdir():
                yield member.name, 0, "it is a link or a device in the archive, and no file"
            archive.members = []  # type: ignore[attr-defined] # it would keep every member that it has passed


# -- Bundles -----------------------------------------------------------------------------------------------------------


def _is_lines(head: bytes) -> bool:
    """Whether it is text of which more may come than fits into memory: PEM, JSON lines or CSV."""
    return b"\0" not in head and (
        _BEGIN in head or head.lstrip()[:1] in (b"{", b"[") or b"," in head.partition(b"\n")[0]
    )


def _is_bundle(file: Any) -> bool:
    """Whether more certificates stand in a PEM file than in a chain."""
    file.seek(0)
    count = 0
    for line in _lines(file):
        count += line.count(_BEGIN + b"CERTIFICATE-")
        if count > _CHAIN:
            return True
    return False


def _lines(file: Any) -> Iterator[bytes]:
    """The lines of a file; what has no line ends comes in pieces."""
    return iter(lambda: bytes(file.readline(_MB)), b"")


def _certificates(name: str, file: Any) -> Iterator[Source]:
    """Each armoured block of a PEM file, from its BEGIN to its END; what stands around them is no input."""
    block: list[bytes] = []
    number = size = 0
    for line in _lines(file):
        if _BEGIN in line:
            if block:
                number += 1
                yield Source(name=f"{name}#{number}", data=b"".join(block))
            block, size = [line], len(line)
            continue
        if not block or size > _LIMIT:
            continue
        block.append(line)
        size += len(line)
        if _END in line:
            number += 1
            yield Source(name=f"{name}#{number}", data=b"".join(block))
            block = []
    if block:
        yield Source(name=f"{name}#{number + 1}", data=b"".join(block))


def count_files(walk: Walk, paths: Sequence[str], most: int = 1_000_000) -> int | None:
    """How many files there are, for a progress bar; None where there are so many that counting takes too long."""
    count = 0
    with suppress(MisuseError):
        for count, _ in enumerate(walk.files(paths), 1):
            if count == most:
                return None
    return count
