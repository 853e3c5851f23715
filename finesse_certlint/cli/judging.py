"""Asking the library about files: all of them as one input, or each by itself, and the exit status that comes of it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from typing import Any

import attrs

from .. import Report, Severity, Verdict, lint, lint_capture
from ..errors import InputError
from .complaints import MisuseError, complain
from .files import capture, read, read_all, title
from .terminal import MANY, patience, progress, reading

NOT_READ = "not read"
"""What stands in place of a verdict."""


@attrs.frozen(kw_only=True)
class ExitStatus:
    """By what a report makes the command fail."""

    fail_on: Severity
    allow_undetermined: bool

    def of(self, report: Report) -> int:
        """0 where all is well, 1 where it is not, 2 where nothing could be read."""
        if not report.readable:
            return 2
        unsure = report.verdict is Verdict.UNDETERMINED and not self.allow_undetermined
        noted = report.worst is not None and report.worst >= self.fail_on
        return 1 if unsure or noted or report.verdict is Verdict.REFUSED else 0


@attrs.frozen(kw_only=True)
class Outcome:
    """What came of one input: its title, the word for it, the exit status it asks for, and its report if there is one."""

    title: str
    word: str
    status: int
    report: Report | None


class Judge:
    """The library's `lint()`, and its `lint_capture()` for captures, with all but the input settled."""

    def __init__(self, *, server: str | None = None, beside: Mapping[str, Any] | None = None, **settled: Any) -> None:
        """Settle what both take.

        :param server: of a capture, judge the handshakes with this server alone.
        :param beside: what goes with certificates and requests alone, by the names of `lint()`; None where it is not given.
        """
        self._beside = {name: value for name, value in (beside or {}).items() if value is not None}
        self._files: Callable[..., Report] = partial(lint, **self._beside, **settled)
        self._capture: Callable[..., Report] = partial(lint_capture, server=server, **settled)
        self._server = server

    def one(self, path: str, *, patiently: bool = True) -> Report:
        """A report on one file; a capture is read as it is judged, and may be of any size.

        :param patiently: whether to show a person that something is going on.
        :raises MisuseError: where it cannot be read.
        """
        with capture(path) as opened:
            if opened is not None:
                if self._beside:
                    options = " and ".join(f"--{name}" for name in self._beside)
                    raise MisuseError(f"{title(path)} is a capture; {options} go with certificates and requests")
                with reading(opened.size) if patiently else nullcontext() as progress:
                    return self._capture(opened.file, name=title(path), progress=progress)
        return self.together({title(path): read(path)}, patiently=patiently)

    def together(self, inputs: Mapping[str, bytes], *, patiently: bool = True) -> Report:
        """A report on the bytes of several files."""
        if self._server is not None:
            raise MisuseError("--server is for one capture: give a pcap or pcapng file, and nothing beside it")
        with patience(sum(map(len, inputs.values()))) if patiently else nullcontext():
            return self._files(inputs)


def judge_together(files: Sequence[str], judge: Judge) -> Report:
    """One report on all files.

    :raises MisuseError: where one cannot be read.
    """
    return judge.one(files[0]) if len(files) == 1 else judge.together(read_all(files))


def judge_each(files: Sequence[str], judge: Judge, status: ExitStatus) -> Iterator[Outcome]:
    """What comes of each file; one that cannot be read is complained of and stops no other."""
    for path in progress(files):
        try:
            report = judge.one(path, patiently=len(files) <= MANY)
        except (MisuseError, InputError) as error:
            complain(str(error))
            yield Outcome(title=title(path), word=NOT_READ, status=2, report=None)
        else:
            code = status.of(report)
            word = NOT_READ if code == 2 else report.verdict.value
            yield Outcome(title=title(path), word=word, status=code, report=report)
