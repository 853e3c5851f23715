"""Where the rows of a scan go: JSON lines, CSV or Parquet, written so that what is there is whole whenever the scan ends.

All rows of an input are written together. `--resume` reads which inputs are there; the last of them, of which some rows may be
missing, is taken out and judged again. Parquet files cannot be added to, so Parquet is a folder of files, each written under
another name first.
"""

import csv
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from ..findings import printable
from ..rows import FIELDS, Row
from .complaints import MisuseError

FORMS = ("jsonl", "csv", "parquet")
NAMES = ("input", *(name for name, _ in FIELDS))
_ROWS_A_FILE = 100_000


def form_of(asked: str | None, output: Path | None) -> str:
    """The form that was asked for, or the one that the file's name says, or JSON lines."""
    ending = output.suffix.lower().lstrip(".") if output else ""
    return asked or (ending if ending in FORMS else "jsonl")


class Output:
    """Rows that go nowhere: what the others have in common."""

    def __init__(self) -> None:
        self._done: set[bytes] = set()

    @property
    def count(self) -> int:
        """How many inputs were there already."""
        return len(self._done)

    def has(self, name: str) -> bool:
        """Whether the input of that name was there already."""
        return bool(self._done) and _digest(name) in self._done

    def add(self, name: str, rows: Iterable[Row]) -> None:
        """Write the rows of an input."""

    def close(self) -> None:
        """Write what is not written yet."""


def opened(form: str, path: Path | None, *, resume: bool) -> Output:
    """The output, ready to be added to; no path at all is none, and `-` is standard output.

    :raises MisuseError: where it is there already and is not to be resumed, or cannot be written.
    """
    if path is None or str(path) == "-":
        if resume:
            raise MisuseError("--resume needs --output: the file that the earlier scan has written")
        if path is None:
            return Output()
        if form == "parquet":
            raise MisuseError("Parquet is written to a folder; name it with --output")
        return _Lines(form, sys.stdout.buffer)
    if path.exists() and not resume:
        raise MisuseError(f"{printable(str(path))}: is there already; add --resume to go on with it, or remove it")
    try:
        return _Parquet(path) if form == "parquet" else _Lines.resumed(form, path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise MisuseError(f"{printable(str(path))}: it cannot be written: {reason}; give another place") from None


def _digest(name: str) -> bytes:
    """Eight octets in place of a name, because there may be millions."""
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()


# -- JSON lines and CSV ------------------------------------------------------------------------------------------------


class _Lines(Output):
    def __init__(self, form: str, file: IO[bytes], *, begun: bool = False) -> None:
        super().__init__()
        self._form = form
        self._file = file
        if form == "csv" and not begun:
            self._write([NAMES])

    @classmethod
    def resumed(cls, form: str, path: Path) -> "_Lines":
        """A file, cut back to the inputs that are there as a whole."""
        file = path.open("r+b" if path.exists() else "w+b")
        try:
            keep, done = _whole(form, file)
        except MisuseError:
            file.close()
            raise
        file.truncate(keep)
        file.seek(keep)
        output = cls(form, file, begun=keep > 0)
        output._done = done
        return output

    def add(self, name: str, rows: Iterable[Row]) -> None:
        self._write((name, *row) for row in rows)

    def _write(self, rows: Iterable[tuple[Any, ...]]) -> None:
        if self._form == "csv":
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows(rows)
            whole = text.getvalue()
        else:
            whole = "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in rows)
        self._file.write(whole.encode("utf-8", "backslashreplace"))

    def close(self) -> None:
        self._file.flush()
        if self._file is not sys.stdout.buffer:
            self._file.close()


def _whole(form: str, file: IO[bytes]) -> tuple[int, set[bytes]]:
    """Up to where a file holds inputs as a whole, and which: all but the last, of which rows may be missing."""
    done: set[bytes] = set()
    begins = 0
    current: str | None = None
    for name, start in _inputs(form, file):
        if name != current:
            if current is not None:
                done.add(_digest(current))
            begins, current = start, name
    return begins, done


def _inputs(form: str, file: IO[bytes]) -> Iterator[tuple[str, int]]:
    """The input that each row in a file is about, and where the row begins; what is not whole is left out."""
    place = 0

    def lines() -> Iterator[str]:
        nonlocal place
        for line in file:
            if not line.endswith(b"\n"):
                return  # the writer was cut off in it
            place += len(line)
            yield line.decode("utf-8", "replace")

    start = 0
    if form == "jsonl":
        for line in lines():
            try:
                name = json.loads(line)["input"]
            except (ValueError, TypeError, KeyError):
                raise MisuseError("--resume: the file was not written by a scan; give another place") from None
            yield name, start
            start = place
        return
    reader = csv.reader(lines())
    header = next(reader, None)
    if header is None:
        return
    if tuple(header) != NAMES:
        raise MisuseError("--resume: the file was not written by a scan; give another place")
    start = place
    for row in reader:
        if len(row) != len(NAMES):
            return
        yield row[0], start
        start = place


# -- Parquet -----------------------------------------------------------------------------------------------------------


class _Parquet(Output):
    """A folder of Parquet files."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError:
            raise MisuseError("Parquet needs the extra \"arrow\": pip install 'finesse-certlint[arrow]'") from None
        from ..arrow import ADDED

        self._arrow, self._parquet = pa, pq
        self._schema = pa.schema([("input", pa.string()), *ADDED])
        self._folder = folder
        self._rows: list[tuple[Any, ...]] = []
        folder.mkdir(exist_ok=True)
        files = sorted(folder.glob("part-*.parquet"))
        self._number = len(files)
        for file in files:
            for batch in pq.ParquetFile(file).iter_batches(columns=["input"]):
                self._done.update(map(_digest, set(batch.column(0).to_pylist())))

    def add(self, name: str, rows: Iterable[Row]) -> None:
        self._rows += ((name, *row) for row in rows)
        if len(self._rows) >= _ROWS_A_FILE:
            self.close()

    def close(self) -> None:
        if not self._rows:
            return
        columns = zip(*self._rows, strict=True)
        arrays = [self._arrow.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        part = self._folder / f"part-{self._number:05d}.parquet"
        unfinished = part.with_suffix(".unfinished")
        self._parquet.write_table(self._arrow.table(arrays, schema=self._schema), unfinished)
        os.replace(unfinished, part)
        self._number += 1
        self._rows = []
