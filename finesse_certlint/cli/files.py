"""Files and standard streams: what is read is bounded, and what cannot be read or written is said with what to do next."""

import difflib
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import attrs

from .. import Limits
from ..findings import printable
from ..formats.magic import begins_capture
from .complaints import PROGRAM, MisuseError

_STDIN = "standard input"
_HEAD = 4096
"""Bytes by which a capture is known."""
_LIMIT = Limits().input_bytes
_MB = 1024 * 1024


def title(path: str) -> str:
    """What a file is called on the screen and in a report."""
    return _STDIN if path == "-" else printable(path)


def check_streams(
    files: Sequence[str], trusted: Sequence[str], output: Path | None = None, beside: Sequence[str] = ()
) -> None:
    """See that no input is read twice or written over.

    :raises MisuseError: where one would be.
    """
    if len(trusted) > 1:
        raise MisuseError(
            "--trusted takes one file and was given several; put all certificates into one: "
            "cat A.pem B.pem > trusted.pem"
        )
    if [*files, *trusted, *beside].count("-") > 1:
        raise MisuseError("standard input (-) can be read only once; save it to a file, and give that")
    if output is None:
        return
    for name in (*files, *trusted, *beside):
        if output.exists() and os.path.exists(name) and output.samefile(name):
            raise MisuseError(f"--output would overwrite {printable(name)}, which is an input; write to another file")


@attrs.frozen
class Opened:
    """A file that stands open at its first byte, and its size in bytes; None where that is not known."""

    file: BinaryIO
    size: int | None


@contextmanager
def capture(path: str) -> Iterator[Opened | None]:
    """A packet capture, opened; None where a file is none, cannot be read, or is standard input without anything yet.

    What a file is, is told by its first bytes. Those of standard input are looked at and stay to be read.
    """
    if path == "-":
        stream = sys.stdin.buffer
        head = b"" if sys.stdin.isatty() or not isinstance(stream, BufferedReader) else stream.peek(_HEAD)
        yield Opened(stream, None) if begins_capture(head[:_HEAD]) else None
        return
    if not os.path.isfile(path):
        yield None  # a named pipe can be opened once only, and of what is not there `read` says why
        return
    try:
        file = open(path, "rb")  # noqa: SIM115 - the way it is opened differs from the way it is used
    except OSError:
        yield None  # `read` says why
        return
    with file:
        size = os.stat(file.fileno()).st_size
        yield Opened(file, size) if begins_capture(file.peek(_HEAD)[:_HEAD]) else None


def read(path: str) -> bytes:
    """A file's bytes, or those of standard input for `-`, no more than the library takes.

    :raises MisuseError: where it cannot be read.
    """
    name = title(path)
    if path == "-":
        if sys.stdin.isatty() and sys.stderr.isatty():
            end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
            print(f"Paste certificates, then press {end} on a line of its own.", file=sys.stderr)
        return _bounded(sys.stdin.buffer, name)
    try:
        state = os.stat(path)
        if stat.S_ISDIR(state.st_mode):
            raise MisuseError(
                f"{name}: is a directory; give the files in it, such as {os.path.join(name, '*')}, or judge everything "
                f"below it: {PROGRAM} scan {name}"
            )
        if state.st_size > _LIMIT:
            raise _too_large(name, f"{state.st_size / _MB:.0f} MB are")
        with open(path, "rb") as file:
            return _bounded(file, name)
    except FileNotFoundError:
        raise MisuseError(f"{name}: no such file; {_whereabouts(path)}") from None
    except PermissionError:
        raise MisuseError(f"{name}: permission denied; make it readable for this user, or give a copy") from None
    except OSError as error:
        raise MisuseError(f"{name}: cannot be read: {error.strerror or error}") from None


def read_all(files: Iterable[str]) -> dict[str, bytes]:
    """Several files by their titles; a file that is given twice is there twice.

    :raises MisuseError: where one cannot be read.
    """
    inputs: dict[str, bytes] = {}
    for path in files:
        name, number = title(path), 1
        while name in inputs:
            number += 1
            name = f"{title(path)} ({number})"
        inputs[name] = read(path)
    return inputs


def write(parts: Iterable[str], output: Path | None = None) -> None:
    """Write text as it comes to standard output, or, once it is whole, to a file.

    :raises MisuseError: where the file, or standard output for another reason than a closed pipe, cannot be written.
    """
    if output is None:
        for part in parts:
            try:
                sys.stdout.write(part)
                sys.stdout.flush()  # so that a closed pipe shows here, and a long run shows what it has
            except BrokenPipeError:
                raise
            except OSError as error:
                sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - or the end tries once more
                raise MisuseError(
                    f"standard output: the report cannot be written: {error.strerror or error}; give another place"
                ) from None
        return
    whole = "".join(parts)
    try:
        output.write_text(whole, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise MisuseError(
            f"{printable(str(output))}: the report cannot be written: {error.strerror or error}; give another place"
        ) from None


def _bounded(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise _too_large(name, "it is")
    return data


def _too_large(name: str, how: str) -> MisuseError:
    return MisuseError(
        f"{name}: {how} more than the limit of {_LIMIT // _MB} MB; give a file that holds the certificates alone"
    )


def _whereabouts(path: str) -> str:
    folder, name = os.path.split(path)
    try:
        near = difflib.get_close_matches(name, os.listdir(folder or "."), n=1)
    except OSError:
        return f"there is no folder {printable(folder)} either"
    if near:
        return f"did you mean {printable(os.path.join(folder, near[0]))}?"
    return f"it was looked for in {printable(os.path.abspath(folder))}"
