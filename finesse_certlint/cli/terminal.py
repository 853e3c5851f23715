"""A person's screen: how wide it is, which words are coloured, how text is wrapped, and how far a long run has come."""

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from enum import StrEnum
from typing import TextIO

from .. import Severity

_MB = 1024 * 1024
_LARGE = 5 * _MB
"""Bytes from which on judging takes long enough for a person to wonder."""
MANY = 3
"""Files beyond which --each shows how far it is."""

VERDICTS = "accepted|undetermined|refused"
"""A verdict, for the patterns of `Styles`."""
SEVERITIES = "|".join(Severity)
"""A severity, for the patterns of `Styles`."""
_WORD_STYLES = {
    "accepted": "bold green",
    "undetermined": "bold yellow",
    "refused": "bold red",
    "not read": "bold red",
    "bug": "bold magenta",
    "fatal": "bold red",
    "error": "bold red",
    "warning": "bold yellow",
    "notice": "bold cyan",
    "info": "bold blue",
    "debug": "dim",
}
Styles = Sequence[tuple[str, dict[str, str]]]
"""What is to be coloured: patterns, each named group by its style, the group "word" by the word that it is."""


class When(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def coloured(when: When, stream: TextIO) -> bool:
    """Whether what goes to this stream is to be coloured."""
    if when is not When.AUTO:
        return when is When.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def painted(words: str, paint: bool, styles: Styles) -> str:
    """Colour by where words stand; what certificates say is never read as markup."""
    if not paint:
        return words
    from rich.console import Console  # which takes longer to import than most files to judge
    from rich.text import Text

    text = Text(words)
    for pattern, of_group in styles:
        for match in re.finditer(pattern, words, re.MULTILINE):
            for group in match.re.groupindex:
                style = of_group.get(group) or _WORD_STYLES[match[group]]
                text.stylize(style, *match.span(group))
    console = Console(force_terminal=True, no_color=False, color_system="standard", legacy_windows=False, width=10_000)
    with console.capture() as capture:
        console.print(text, soft_wrap=True, end="")
    return capture.get()


def width(most: int) -> int:
    """The columns to fill: what the terminal has, `most` where there is none, and no more than that."""
    return max(40, min(most, shutil.get_terminal_size((most, 24)).columns))


def paragraph(words: str, first: str = "", further: str | None = None) -> str:
    """Wrapped text, its first line behind `first` and each further line behind `further`."""
    return "\n\n".join(
        textwrap.fill(
            " ".join(part.split()),
            width=width(100),
            initial_indent=first,
            subsequent_indent=first if further is None else further,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in words.split("\n\n")
    )


def entry(columns: str, words: str) -> str:
    """A row of a table, its last column wrapped on a terminal; in a pipe a row is a line, for grep."""
    if not sys.stdout.isatty():
        return columns + words
    room = width(140)
    if room < len(columns) + 30:
        return f"{columns.rstrip()}\n{textwrap.fill(words, room, initial_indent='    ', subsequent_indent='    ')}"
    return textwrap.fill(words, room, initial_indent=columns, subsequent_indent=" " * len(columns))


def progress(files: Sequence[str]) -> Iterable[str]:
    """The files one by one, behind a bar on a terminal where they are many."""
    if len(files) <= MANY or not sys.stderr.isatty():
        return files
    from rich.console import Console
    from rich.progress import track

    return track(files, description="judging", console=Console(stderr=True), transient=True)


def patience(size: int) -> AbstractContextManager[object]:
    """A sign of life while this many bytes are judged, where a person may wonder."""
    if size <= _LARGE or not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"judging {size / _MB:.0f} MB")


@contextmanager
def reading(size: int | None) -> Iterator[Callable[[int], object] | None]:
    """Something to tell how many bytes of a file have been read, which a person sees as a bar; None where nobody would."""
    if not sys.stderr.isatty() or (size is not None and size <= _LARGE):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=size)
        yield lambda done: bar.update(task, completed=done)
