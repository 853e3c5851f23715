"""`scan`: judge everything below folders, in archives and in tables, each input by itself, and sum up."""

import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import attrs
import typer

from .. import Report, Result, Severity, Verdict, lint_many
from ..findings import printable
from ..rows import Row, error_row, rows
from .clients import chosen_client, trust_store
from .command import Command
from .complaints import PROGRAM, complain
from .lint import Ignore, Select, chosen_rules
from .options import (
    Client,
    Colour,
    ExitZero,
    FailOn,
    HostName,
    JavaHome,
    Moment,
    Password,
    TrustStore,
    complete,
    one_of,
)
from .outputs import FORMS, Output, form_of, opened
from .terminal import SEVERITIES, VERDICTS, Styles, When, coloured, painted

if TYPE_CHECKING:  # imported when a scan begins, because it imports every archive's module
    from .sources import Walk

_EXAMPLES = f"""
\b
Examples:
  {PROGRAM} scan /etc/pki inventory.zip
  {PROGRAM} scan export.pem --output findings.csv
  {PROGRAM} scan ct-log/*.jsonl.gz --select signature-algorithm-unsupported --output findings.parquet
  {PROGRAM} scan ct-log/*.jsonl.gz --output findings.jsonl --resume
"""
_EXIT_STATUS = """
\b
Exit status:
  0  no input is refused, and no finding is as bad as --fail-on
  1  an input is refused, or a finding is as bad as --fail-on
  2  nothing could be judged, or the command was misused
  130  interrupted; what was written is whole, and --resume goes on from there
"""
_SHOWN = 10
"""Lines of each part of the summary."""
_MOST_ISSUERS = 50_000
"""Issuers that are told apart, so that memory stays bounded; further ones are counted together."""
_OTHERS = "others"
_NOT_JUDGED = "not judged"
_STYLES: Styles = (
    (rf"(?:: |, )\d[\d,]* (?P<word>{VERDICTS})\b", {}),
    (rf"^ +[\d,]+  (?P<word>{SEVERITIES})  ", {}),
    (r"^(?P<heading>[A-Z][^\n]*:)$", {"heading": "bold"}),
)

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH",
        show_default=False,
        help="Folders, and files of every kind that `lint` reads; archives (zip, tar, gz, bz2, xz), PEM files of any number of "
        "certificates, and tables (JSON, CSV, Parquet; a CT log's get-entries) are taken apart.",
    ),
]
Column = Annotated[
    str | None,
    typer.Option(
        "--column",
        metavar="NAME",
        help="The column that holds the certificates in tables, or in JSON objects a path with dots. Without it, the usual "
        "names are tried: data, certificate, cert, pem, der, raw ...",
    ),
]
Split = Annotated[
    bool | None,
    typer.Option(
        "--split/--whole",
        show_default=False,
        help="Whether each certificate of a PEM file is judged by itself. Without either, where a file has more than 50.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="N",
        min=0,
        show_default=False,
        help="How many processes judge; 0 is none but this one. Without it, one for each processor.",
    ),
]
RowFormat = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(FORMS),
        parser=one_of(FORMS),
        autocompletion=complete(FORMS),
        help="The form of the rows. Without it, what the output's name says, else jsonl.",
        rich_help_panel="Output",
    ),
]
RowFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write a row for each finding, and one for each input without any, to this file, or folder for Parquet; `-` is "
        "standard output. Without it, there is the summary alone.",
        rich_help_panel="Output",
    ),
]
Resume = Annotated[
    bool,
    typer.Option(
        "--resume", help="Go on with the output of an earlier scan: judge what is not in it.", rich_help_panel="Output"
    ),
]

app = typer.Typer()


@app.command(cls=Command, epilog=f"{_EXAMPLES}{_EXIT_STATUS}")
def scan(
    paths: Paths,
    column: Column = None,
    split: Split = None,
    workers: Workers = None,
    trusted: TrustStore = None,
    password: Password = None,
    hostname: HostName = None,
    profile: Client = None,
    java_home: JavaHome = None,
    at: Moment = None,
    select: Select = None,
    ignore: Ignore = None,
    format_: RowFormat = None,
    output: RowFile = None,
    resume: Resume = False,
    color: Colour = When.AUTO,
    fail_on: FailOn = Severity.ERROR,
    exit_zero: ExitZero = False,
) -> None:
    """Judge everything below folders, in archives, bundles and tables, and sum up by rule, algorithm and issuer.

    Each input is judged by itself: a file, a member of an archive, a row of a table. One that cannot be read is a row with an
    error and ends nothing.
    """
    from .sources import Walk

    client, cacerts = chosen_client(profile, java_home)
    store = trust_store(trusted or [], password)
    chosen = chosen_rules(select or [], ignore or [])
    walk = Walk(column=column, split=split)
    tally = Tally(fail_on=fail_on)
    progress = _Progress(walk, paths)
    rows_to = opened(form_of(format_, output), output, resume=resume)
    troubles: dict[str, str] = {}
    results = lint_many(
        _inputs(walk, paths, rows_to, troubles, progress),
        workers=workers,
        profile=client,
        rules=chosen,
        trusted=cacerts if store is None else store,
        password=password,
        hostname=hostname,
        at=at or datetime.now(UTC),
        then=scanned,
    )
    interrupted = False
    with progress:
        try:
            for result in results:
                outcome = _outcome(result, troubles)
                with _undivided():
                    tally.add(outcome)
                    rows_to.add(result.name, outcome.rows)
                progress.judged(tally.inputs)
        except KeyboardInterrupt:
            interrupted = True
        finally:
            rows_to.close()
    summary = painted(tally.summary(rows_to.count), coloured(color, sys.stdout), _STYLES)
    print(summary, end="", file=sys.stderr if str(output) == "-" else sys.stdout)
    if interrupted:
        complain("interrupted" + ("; add --resume to go on from here" if output and str(output) != "-" else ""))
        raise typer.Exit(130)
    raise typer.Exit(0 if exit_zero and tally.status == 1 else tally.status)


@contextmanager
def _undivided() -> Iterator[None]:
    """Ctrl-C waits for what is done in here, so that what the summary counts is what was written."""
    if threading.current_thread() is not threading.main_thread():  # which alone is interrupted, and may say how
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if held and callable(before):  # it is not where Ctrl-C is ignored
        before(held[0], None)


def _inputs(
    walk: "Walk", paths: Sequence[str], output: Output, troubles: dict[str, str], progress: "_Progress"
) -> Iterator[tuple[str, bytes]]:
    """What is to be judged. What cannot be read goes along as nothing, so that its row comes in its turn."""
    for path in walk.files(paths):
        for source in walk.sources(path):
            if output.has(source.name):
                continue
            if source.trouble:
                troubles[source.name] = source.trouble
            yield source.name, source.data
        progress.file()


# -- What a worker sends back ------------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Scanned:
    """What a scan wants to know of an input."""

    verdict: str
    rows: tuple[Row, ...]
    found: tuple[tuple[str, str], ...] = ()
    """The rules that found something, once each, with their worst severities."""
    certificates: tuple[tuple[str, str, bool], ...] = ()
    """Of each certificate the signature algorithm, the issuer, and whether an error stands on it."""


def scanned(report: Report) -> Scanned:
    """What is kept of a report; called in the worker."""
    worst: dict[str, str] = {}
    for finding in report.findings:
        worst.setdefault(finding.rule, finding.severity.value)
    wrong = {finding.certificate for finding in report.findings if finding.severity >= Severity.ERROR}
    return Scanned(
        verdict=report.verdict.value,
        rows=tuple(rows(report)),
        found=tuple(worst.items()),
        certificates=tuple(
            (str(c.signature_algorithm or "unreadable"), c.issuer, c.index in wrong) for c in report.certificates
        ),
    )


def _outcome(result: Result[Any], troubles: dict[str, str]) -> Scanned:
    trouble = troubles.pop(result.name, "") if troubles else ""
    if trouble or result.report is None:
        return Scanned(verdict=_NOT_JUDGED, rows=(error_row(trouble or str(result.error)),))
    kept: Scanned = result.report
    return kept


# -- The summary -------------------------------------------------------------------------------------------------------


@attrs.define(kw_only=True)
class Tally:
    """What is counted while a scan goes on."""

    fail_on: Severity
    inputs: int = 0
    status: int = 2
    verdicts: Counter[str] = attrs.field(factory=Counter)
    rules: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    algorithms: Counter[str] = attrs.field(factory=Counter)
    issuers: Counter[str] = attrs.field(factory=Counter)
    broken: Counter[str] = attrs.field(factory=Counter)
    """Of the certificates of each issuer, those on which an error stands."""

    def add(self, outcome: Scanned) -> None:
        """Count one input."""
        self.inputs += 1
        self.verdicts[outcome.verdict] += 1
        self.rules.update(outcome.found)
        for algorithm, issuer, wrong in outcome.certificates:
            self.algorithms[algorithm if algorithm in self.algorithms or len(self.algorithms) < 1000 else _OTHERS] += 1
            known = issuer if issuer in self.issuers or len(self.issuers) < _MOST_ISSUERS else _OTHERS
            self.issuers[known] += 1
            self.broken[known] += wrong
        if outcome.verdict != _NOT_JUDGED:
            bad = any(Severity(severity) >= self.fail_on for _, severity in outcome.found)
            self.status = 1 if self.status == 1 or bad or outcome.verdict == Verdict.REFUSED else 0

    def summary(self, before: int) -> str:
        """The counts in words and tables; `before` inputs were in the output already."""
        counts = ", ".join(f"{count:,} {word}" for word, count in self.verdicts.most_common())
        lines = [
            f"{self.inputs:,} {'input' if self.inputs == 1 else 'inputs'}: {counts}" if self.inputs else "0 inputs"
        ]
        if before:
            lines[0] += f"; {before:,} were in the output already"
        order = sorted(self.rules.items(), key=lambda item: (-Severity(item[0][1]).rank, -item[1], item[0]))
        lines += _part(
            "Inputs by what was found", ((n, f"{severity:<7}  {rule}") for (rule, severity), n in order), all_=True
        )
        lines += _part("Certificates by signature algorithm", ((n, name) for name, n in self.algorithms.most_common()))
        worst = sorted(self.issuers, key=lambda name: (-self.broken[name], -self.issuers[name], name))
        shown = ((self.issuers[name], f"{printable(name) or 'no name'}" + self._with_errors(name)) for name in worst)
        lines += _part("Certificates by issuer", shown)
        return "\n".join(lines) + "\n"

    def _with_errors(self, issuer: str) -> str:
        count = self.broken[issuer]
        return f"   ({count:,} with an error)" if count else ""


def _part(heading: str, counted: Iterable[tuple[int, str]], *, all_: bool = False) -> list[str]:
    found = list(counted)
    if not found:
        return []
    shown = found if all_ else found[:_SHOWN]
    wide = max(len(f"{count:,}") for count, _ in shown)
    lines = ["", f"{heading}:", *(f"  {count:>{wide},}  {words}" for count, words in shown)]
    return [*lines, f"  and {len(found) - len(shown):,} more"] if len(found) > len(shown) else lines


# -- Progress ----------------------------------------------------------------------------------------------------------


class _Progress:
    """A bar over the files, with the number of inputs beside it; nothing where standard error is no terminal."""

    def __init__(self, walk: "Walk", paths: Sequence[str]) -> None:
        self._bar: Any = None
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            from .sources import count_files

            columns = (
                TextColumn("scanning"),
                BarColumn(),
                TextColumn("file {task.completed:,} of {task.total}, {task.fields[inputs]:,} inputs judged"),
                TimeElapsedColumn(),
            )
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("", total=count_files(walk, paths), inputs=0)

    def __enter__(self) -> None:
        (self._bar or nullcontext()).__enter__()

    def __exit__(self, *how: Any) -> None:
        (self._bar or nullcontext()).__exit__(*how)

    def file(self) -> None:
        """One more file was walked."""
        if self._bar:
            self._bar.advance(self._task)

    def judged(self, count: int) -> None:
        """So many inputs were judged."""
        if self._bar:
            self._bar.update(self._task, inputs=count)
