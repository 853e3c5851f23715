"""The command line: the only file that reads files, clocks and streams."""

import difflib
import logging
import os
import re
import shutil
import stat
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from io import TextIOWrapper
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, BinaryIO
from urllib.parse import urlsplit

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from . import Limits, Report, Rule, Severity, Verdict, __version__, get_profile, profiles, rules
from . import lint as judge
from .errors import CertlintError, InputError
from .findings import printable
from .profile import Profile
from .render import FORMATS
from .render.text import text as render_text
from .rules import find

_PROGRAM = "finesse-certlint"
_STDIN = "standard input"
_LIMIT = Limits().input_bytes
_MB = 1024 * 1024
_LARGE = 5 * _MB
"""Bytes from which on judging takes long enough for a person to wonder."""
_MANY = 3
"""Files beyond which --each shows how far it is."""
_SEVERITIES = [severity.value for severity in Severity if severity is not Severity.BUG]

_EXIT_STATUS = """
\b
Exit status:
  0  accepted, and no finding is as bad as --fail-on
  1  refused or undetermined, or a finding is as bad as --fail-on
  2  nothing could be read, or the command was misused
"""
_EXAMPLES = f"""
\b
Examples:
  {_PROGRAM} lint certnew.p7b
  {_PROGRAM} lint server.cer issuing.cer root.cer
  {_PROGRAM} explain signature-algorithm-unsupported
"""
_LINT_EXAMPLES = f"""
\b
Examples:
  {_PROGRAM} lint certnew.p7b
  {_PROGRAM} lint server.cer issuing.cer --trusted tomcat-trust.pem
  {_PROGRAM} lint --each *.cer --format json --output report.json
  openssl s_client -connect HOST:443 -showcerts </dev/null | {_PROGRAM} lint -
"""


class _MisuseError(Exception):
    """What was asked for cannot be done; the message says what, where, and what next."""


class _Command(TyperCommand):
    """A command whose options stand under headings of their own."""

    def get_help(self, ctx: Any) -> str:
        return _painted_help(super().get_help(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if param.param_type_name == "argument":
                sections.setdefault("Arguments", []).append((param.metavar or "", getattr(param, "help", "")))
            elif record := param.get_help_record(ctx):
                sections.setdefault(getattr(param, "rich_help_panel", None) or "Options", []).append(record)
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)


class _Commands(TyperGroup):
    """What every command has in common: faults of the input, Ctrl-C and a closed pipe end it in one line or none."""

    def get_help(self, ctx: Any) -> str:
        return _painted_help(super().get_help(ctx))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (_MisuseError, CertlintError) as error:
            _complain(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            _complain("interrupted")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            # Whoever read the output has gone, as `head` does; the interpreter's last flush must not complain either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(128 + 13) from None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in self.commands and (args[0] == "-" or os.path.exists(args[0])):
            _complain(f"there is no command {printable(args[0])!r}; did you mean: {_PROGRAM} lint {printable(args[0])}")
            raise typer.Exit(2)
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Commands,
    help="Will the Java inside Cisco Finesse accept this server? If not: which certificate breaks it, and who must do "
    "what?",
    epilog=f"{_EXAMPLES}{_EXIT_STATUS}",
    no_args_is_help=True,
    rich_markup_mode=None,  # its boxes leave half of 80 columns to the words
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and those hold the input
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{_PROGRAM} {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    _version_wanted: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    # A name that the terminal's encoding lacks is shown escaped, and ends no run.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # certvalidator logs what the report says as a finding (RSASSA-PSS with two hashes); once is enough.
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.ERROR)


# -- What the options take ---------------------------------------------------------------------------------------------


class When(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise typer.BadParameter(
            f"{value!r} is no ISO date or date-time; write 2027-03-01, or 2027-03-01T12:00+02:00."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _host(value: str) -> str:
    """The host alone; a person has the gadget's URL in the clipboard."""
    try:
        host = urlsplit(value if "//" in value else f"//{value}").hostname
    except ValueError:
        host = None
    if not value.strip():
        raise typer.BadParameter("it is empty; give the host in the server's URL.")
    if host and host != value.lower() and value.count(":") < 2 + ("//" in value):
        raise typer.BadParameter(f"give the host alone, without scheme, port and path: {host}")
    return value


def _one_of(value: str, words: Iterable[str]) -> str:
    if value.lower() not in words:
        raise typer.BadParameter(f"{value!r} is none of: {', '.join(words)}.")
    return value.lower()


def _format(value: str) -> str:
    return _one_of(value, FORMATS)


def _severity(value: str) -> Severity:
    return Severity(_one_of(value, _SEVERITIES))


def _when(value: str) -> When:
    return When(_one_of(value, list(When)))


def _complete_rule(incomplete: str) -> Iterator[tuple[str, str]]:
    done, comma, rest = incomplete.rpartition(",")
    for rule in rules():
        if rule.name.startswith(rest):
            yield f"{done}{comma}{rule.name}", rule.summary


def _complete_profile(incomplete: str) -> Iterator[tuple[str, str]]:
    return ((profile.name, profile.title) for profile in profiles() if profile.name.startswith(incomplete))


def _completion(words: Iterable[str]) -> Callable[[str], list[str]]:
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


Colour = Annotated[
    When,
    typer.Option(
        metavar="|".join(When),
        parser=_when,
        autocompletion=_completion(list(When)),
        help="When to use colour. `auto`: on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it elsewhere.",
        rich_help_panel="Output",
    ),
]


def _chosen_rules(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    selected, ignored = ([find(name) for name in _names(words)] for words in (select, ignore))
    # The fatal rules say that there is nothing to judge; without them silence would look like a judgement.
    needed = [rule for rule in rules() if rule.severity is Severity.FATAL]
    for rule in ignored:
        if rule in needed:
            raise _MisuseError(f"{rule.name} cannot be ignored: it says that there is nothing to judge")
    return tuple(
        rule for rule in rules() if rule in needed or (rule not in ignored and (rule in selected or not selected))
    )


def _names(words: Iterable[str]) -> list[str]:
    return [name.strip() for word in words for name in word.split(",") if name.strip()]


# -- lint --------------------------------------------------------------------------------------------------------------


@app.command(cls=_Command, epilog=f"{_LINT_EXAMPLES}{_EXIT_STATUS}")
def lint(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help="Certificates in any form: PEM, DER, PKCS#7, base64, logs that hold them. `-` is standard input.",
        ),
    ],
    each: Annotated[
        bool, typer.Option("--each", help="Judge every file by itself. Without it, all files together are one input.")
    ] = False,
    trusted: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FILE",
            show_default=False,
            help="What was uploaded to Finesse's tomcat-trust; only that is then trusted. "
            "Without it, a root in the input is presumed to be trusted.",
        ),
    ] = None,
    hostname: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", parser=_host, help="The host in the gadget's URL. Without it, names are not judged."
        ),
    ] = None,
    profile: Annotated[
        str, typer.Option(metavar="NAME", autocompletion=_complete_profile, help="The client that is asked.")
    ] = "finesse",
    at: Annotated[
        datetime | None,
        typer.Option(
            metavar="TIME",
            parser=_moment,
            help="Judge as of this ISO date or date-time, UTC if it has no zone. Without it, now.",
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE[,RULE]",
            show_default=False,
            autocompletion=_complete_rule,
            help="Run these rules only, and those that say that a file cannot be read.",
            rich_help_panel="Rules",
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE[,RULE]",
            show_default=False,
            autocompletion=_complete_rule,
            help="Run all rules but these.",
            rich_help_panel="Rules",
        ),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            parser=_format,
            autocompletion=_completion(FORMATS),
            help="The form of the report.",
            rich_help_panel="Output",
        ),
    ] = "text",
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write the report to this file instead of standard output.", rich_help_panel="Output"
        ),
    ] = None,
    color: Colour = When.AUTO,
    fail_on: Annotated[
        Severity,
        typer.Option(
            metavar="SEVERITY",
            parser=_severity,
            autocompletion=_completion(_SEVERITIES),
            help="Exit with 1 where a finding is as bad as this: debug, info, notice, warning, error or fatal.",
            rich_help_panel="Exit status",
        ),
    ] = Severity.ERROR,
    allow_undetermined: Annotated[
        bool,
        typer.Option(
            "--allow-undetermined",
            help="Do not exit with 1 for an undetermined verdict alone.",
            rich_help_panel="Exit status",
        ),
    ] = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 where it would be 1.", rich_help_panel="Exit status")
    ] = False,
) -> None:
    """Judge certificates: accepted, refused or undetermined, and why.

    Several files are one input, so a server's certificate and its CAs' may lie in files of their own. What a file is,
    is told by its content, never by its name.
    """
    output = None if output == Path("-") else output
    _check_streams(files, trusted or [], output)
    chosen = _chosen_rules(select or [], ignore or [])
    run = partial(
        judge,
        trusted=_store(trusted[0]) if trusted else None,
        hostname=hostname,
        profile=get_profile(profile),
        at=at or datetime.now(UTC),
        rules=chosen,
    )
    to_terminal = output is None and sys.stdout.isatty()
    paint = _colour(color, sys.stdout) if output is None else color is When.ALWAYS
    form = partial(_render, form=format_, paint=paint, width=_width(110) if to_terminal else None)
    status = partial(_status, fail_on=fail_on, allow_undetermined=allow_undetermined)

    if each:
        code, verdicts = _judge_each(files, run, form, status, format_, output, paint)
    else:
        report = _judge_together(files, run)
        _write([form(report)], output)
        code, verdicts = status(report), Counter([report.verdict.value])
    if output is not None and sys.stderr.isatty():
        print(f"{_tally(verdicts)}; the report is in {printable(str(output))}", file=sys.stderr)
    raise typer.Exit(0 if exit_zero and code == 1 else code)


def _check_streams(files: Sequence[str], trusted: Sequence[str], output: Path | None) -> None:
    if len(trusted) > 1:
        raise _MisuseError(
            "--trusted takes one file and was given several; put all certificates into one: "
            "cat A.pem B.pem > trusted.pem"
        )
    if [*files, *trusted].count("-") > 1:
        raise _MisuseError("standard input (-) can be read only once; save it to a file, and give that")
    if output is None:
        return
    for name in (*files, *trusted):
        if output.exists() and os.path.exists(name) and output.samefile(name):
            raise _MisuseError(f"--output would overwrite {printable(name)}, which is an input; write to another file")


def _store(path: str) -> bytes:
    """The trust store's bytes, found fit before any file is judged by it."""
    data = _read(path)
    try:
        judge(b"", trusted=data, rules=())
    except InputError as error:
        raise _MisuseError(f"--trusted {_title(path)}: {str(error).removeprefix('trusted: ')}") from None
    return data


def _judge_together(files: Sequence[str], run: Callable[..., Report]) -> Report:
    inputs: dict[str, bytes] = {}
    for path in files:
        title, number = _title(path), 1
        while title in inputs:
            number += 1
            title = f"{_title(path)} ({number})"
        inputs[title] = _read(path)
    with _patience(sum(map(len, inputs.values()))):
        return run(inputs)


def _judge_each(
    files: Sequence[str],
    run: Callable[..., Report],
    form: Callable[[Report], str],
    status: Callable[[Report], int],
    format_: str,
    output: Path | None,
    paint: bool,
) -> tuple[int, Counter[str]]:
    """Judge files one by one; the exit status is the worst, and a file that cannot be read stops no other."""
    codes = [0]
    came: list[tuple[str, str]] = []

    def reports() -> Iterator[str]:
        for path in _progress(files):
            try:
                data = _read(path)
                with _patience(len(data)) if len(files) <= _MANY else nullcontext():
                    report = run(data, name=_title(path))
            except (_MisuseError, InputError) as error:
                _complain(str(error))
                codes.append(2)
                came.append(("not read", _title(path)))
                continue
            codes.append(status(report))
            came.append(("not read" if codes[-1] == 2 else report.verdict.value, _title(path)))
            yield form(report)

    made: Iterable[str] = reports()
    if output is None and sys.stdout.isatty():
        made = list(made)  # the progress bar and the reports would write over one another
    if format_ == "json":
        _write(_json_array(made), output)
    else:
        _write(made if len(files) == 1 else _text_series(made, lambda: _summary(came, paint)), output)
    return max(codes), Counter(verdict for verdict, _ in came)


def _json_array(documents: Iterable[str]) -> Iterator[str]:
    before = "[\n"
    for document in documents:
        yield before + textwrap.indent(document.rstrip("\n"), "  ")
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _text_series(documents: Iterable[str], summary: Callable[[], str]) -> Iterator[str]:
    for document in documents:
        yield f"{document}\n{'-' * 80}\n\n"
    yield summary()


def _summary(came: Sequence[tuple[str, str]], paint: bool) -> str:
    lines = [_tally(Counter(verdict for verdict, _ in came))]
    lines += [f"  {verdict:<12}   {name}" for verdict, name in came if verdict != Verdict.ACCEPTED]
    return _painted("\n".join(lines) + "\n", paint, _SUMMARY_STYLES)


def _tally(verdicts: Counter[str]) -> str:
    total = verdicts.total()
    if total == 1:
        return next(iter(verdicts))
    return f"{total} files: " + ", ".join(f"{count} {verdict}" for verdict, count in verdicts.most_common())


def _status(report: Report, *, fail_on: Severity, allow_undetermined: bool) -> int:
    if not report.readable:
        return 2
    unsure = report.verdict is Verdict.UNDETERMINED and not allow_undetermined
    noted = report.worst is not None and report.worst >= fail_on
    return 1 if unsure or noted or report.verdict is Verdict.REFUSED else 0


# -- explain, rules, profiles ------------------------------------------------------------------------------------------


@app.command(cls=_Command)
def explain(
    rule: Annotated[
        str, typer.Argument(metavar="RULE", autocompletion=_complete_rule, help="Its name, as a finding shows it.")
    ],
    color: Colour = When.AUTO,
) -> None:
    """Explain a rule.

    What it means, why it matters, what to do, how to see it yourself, and who says so.
    """
    wanted = find(rule)
    parts = [
        f"{wanted.name}\n{wanted.severity.value}, {wanted.topic}, since {wanted.since}\n\n{_paragraph(wanted.summary)}"
    ]
    parts += [f"{heading}\n{_paragraph(body, '  ')}" for heading, body in wanted.sections.items()]
    parts.append("References\n" + "\n".join(_paragraph(reference, "  - ", "    ") for reference in wanted.references))
    _show("\n\n".join(parts), color)


@app.command("rules", cls=_Command)
def list_rules(color: Colour = When.AUTO) -> None:
    """List the rules by topic, each with its severity."""
    names = max(len(rule.name) for rule in rules())
    parts = []
    for topic, members in groupby(sorted(rules(), key=lambda rule: rule.topic), key=lambda rule: rule.topic):
        lines = [_entry(f"  {rule.name:<{names}}  {rule.severity.value:<7}  ", rule.summary) for rule in members]
        parts.append("\n".join([topic, *lines]))
    parts.append(f"More on one: {_PROGRAM} explain RULE")
    _show("\n\n".join(parts), color)


@app.command("profiles", cls=_Command)
def list_profiles(
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", autocompletion=_complete_profile, help="Show this one."),
    ] = None,
    color: Colour = When.AUTO,
) -> None:
    """List the profiles, or show one.

    A profile is a client that can be asked; each of its facts is shown with its source.
    """
    if name is None:
        parts = [f"{profile.name}\n{_paragraph(profile.title, '  ')}" for profile in profiles()]
        parts.append(f"The first is the default. More on one: {_PROGRAM} profiles NAME")
        _show("\n\n".join(parts), color)
    else:
        _show(_profile(get_profile(name)), color)


def _profile(profile: Profile) -> str:
    algorithms = [f"  {oid:<23}  {title}" for oid, title in profile.signature_algorithms.items()]
    parts = [
        f"{profile.name}\n{_paragraph(profile.title)}\n\n{_paragraph(profile.description)}",
        "\n".join(["Signature algorithms that it accepts", *algorithms]),
        f"Of all others\n{_paragraph(profile.statement, '  ')}",
    ]
    if profile.observed:
        parts[-1] += f"\n{_paragraph(profile.observed, '  ')}"
    if profile.facts:
        facts = [
            f"{_paragraph(fact.what, '  - ', '    ')}\n{_paragraph(f'Source: {fact.source}', '    ')}"
            for fact in profile.facts
        ]
        parts.append("\n".join(["Facts", *facts]))
    if profile.severities:
        changed = [f"  {rule}: {severity.value}" for rule, severity in profile.severities.items()]
        parts.append("\n".join(["Severities of its own", *changed]))
    parts.append(f"Source\n{_paragraph(profile.source, '  ')}")
    return "\n\n".join(parts)


# -- Files and streams -------------------------------------------------------------------------------------------------


def _title(path: str) -> str:
    return _STDIN if path == "-" else printable(path)


def _read(path: str) -> bytes:
    """A file's bytes, no more than the library takes.

    :raises _MisuseError: where it cannot be read.
    """
    title = _title(path)
    if path == "-":
        if sys.stdin.isatty() and sys.stderr.isatty():
            end = "Ctrl-Z and Enter" if os.name == "nt" else "Ctrl-D"
            print(f"Paste certificates, then press {end} on a line of its own.", file=sys.stderr)
        return _bounded(sys.stdin.buffer, title)
    try:
        state = os.stat(path)
        if stat.S_ISDIR(state.st_mode):
            raise _MisuseError(f"{title}: is a directory; give the files in it, such as {os.path.join(title, '*')}")
        if state.st_size > _LIMIT:
            raise _too_large(title, f"{state.st_size / _MB:.0f} MB are")
        with open(path, "rb") as file:
            return _bounded(file, title)
    except FileNotFoundError:
        raise _MisuseError(f"{title}: no such file; {_whereabouts(path)}") from None
    except PermissionError:
        raise _MisuseError(f"{title}: permission denied; make it readable for this user, or give a copy") from None
    except OSError as error:
        raise _MisuseError(f"{title}: cannot be read: {error.strerror or error}") from None


def _bounded(stream: BinaryIO, title: str) -> bytes:
    data = stream.read(_LIMIT + 1)
    if len(data) > _LIMIT:
        raise _too_large(title, "it is")
    return data


def _too_large(title: str, how: str) -> _MisuseError:
    return _MisuseError(
        f"{title}: {how} more than the limit of {_LIMIT // _MB} MB; give a file that holds the certificates alone"
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


def _write(parts: Iterable[str], output: Path | None) -> None:
    if output is None:
        for part in parts:
            sys.stdout.write(part)
            sys.stdout.flush()  # so that a closed pipe shows here, and a long run shows what it has
        return
    whole = "".join(parts)
    try:
        output.write_text(whole, encoding="utf-8", errors="backslashreplace", newline="\n")
    except OSError as error:
        raise _MisuseError(
            f"{printable(str(output))}: the report cannot be written: {error.strerror or error}; give another place"
        ) from None


def _complain(message: str) -> None:
    print(f"{_PROGRAM}: {message}", file=sys.stderr)


def _progress(files: Sequence[str]) -> Iterable[str]:
    if len(files) <= _MANY or not sys.stderr.isatty():
        return files
    from rich.progress import track

    return track(files, description="judging", console=Console(stderr=True), transient=True)


def _patience(size: int) -> AbstractContextManager[object]:
    if size <= _LARGE or not sys.stderr.isatty():
        return nullcontext()
    return Console(stderr=True).status(f"judging {size / _MB:.0f} MB")


# -- Words on a screen -------------------------------------------------------------------------------------------------


def _width(most: int) -> int:
    return max(40, min(most, shutil.get_terminal_size((most, 24)).columns))


def _paragraph(words: str, first: str = "", further: str | None = None) -> str:
    return "\n\n".join(
        textwrap.fill(
            " ".join(part.split()),
            width=_width(100),
            initial_indent=first,
            subsequent_indent=first if further is None else further,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for part in words.split("\n\n")
    )


def _entry(columns: str, words: str) -> str:
    """A row of a table, its last column wrapped on a terminal; in a pipe a row is a line, for grep."""
    if not sys.stdout.isatty():
        return columns + words
    width = _width(140)
    if width < len(columns) + 30:
        return f"{columns.rstrip()}\n{textwrap.fill(words, width, initial_indent='    ', subsequent_indent='    ')}"
    return textwrap.fill(words, width, initial_indent=columns, subsequent_indent=" " * len(columns))


def _render(report: Report, *, form: str, paint: bool, width: int | None) -> str:
    if form != "text":
        return report.render(form)
    return _painted(render_text(report, width) if width else report.render(form), paint, _REPORT_STYLES)


def _show(words: str, color: When) -> None:
    _write([_painted(words + "\n", _colour(color, sys.stdout), _PAGE_STYLES)], None)


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
_VERDICTS = "accepted|undetermined|refused"
_HOW_BAD = "|".join(Severity)

# What is to be coloured: each named group by its style, the group "word" by the word that it is.
_Styles = Sequence[tuple[str, dict[str, str]]]
_REPORT_STYLES: _Styles = (
    (rf"\A(?P<word>{_VERDICTS})   (?P<name>.*?)   by ", {"name": "bold"}),
    (rf"^  path \d+ of \d+: (?P<word>{_VERDICTS})$", {}),
    (r"^  .{12} (?P<mark>[x?]) ", {"mark": "bold red"}),
    (rf"^(?P<word>{_HOW_BAD})  (?P<rule>[a-z0-9-]+)(?=   |$)", {"rule": "bold"}),
    (r"^  (?P<label>What to do:)", {"label": "bold"}),
    (rf"More: (?P<command>{_PROGRAM} explain [a-z0-9-]+)$", {"command": "cyan"}),
)
_SUMMARY_STYLES: _Styles = ((rf"(?:^  |, |: )\d*? ?(?P<word>{_VERDICTS}|not read)\b", {}),)
_HELP_STYLES: _Styles = (
    (r"^ *(?P<heading>Usage:|[A-Z][a-z ]+:$)", {"heading": "bold green"}),
    (r"^  (?P<option>-[a-z-]+(?:, --[a-z-]+)?|--[a-z-]+)", {"option": "bold cyan"}),
    (rf"^  +(?:openssl.*)?(?P<program>{_PROGRAM} .*)$", {"program": "cyan"}),
)
_PAGE_STYLES: _Styles = (
    (r"^(?P<heading>[a-z0-9A-Z][a-zA-Z0-9 -]*)$", {"heading": "bold"}),
    (rf"^(?P<word>{_HOW_BAD}), [a-z]+, since", {}),
    (rf"^  (?P<rule>[a-z0-9-]+) +(?P<word>{_HOW_BAD})(?= |$)", {"rule": "bold"}),
    (r"(?P<code>`[^`]+`)", {"code": "cyan"}),
    (rf"(?P<command>{_PROGRAM} (?:explain RULE|profiles NAME))$", {"command": "cyan"}),
)


def _colour(when: When, stream: Any) -> bool:
    if when is not When.AUTO:
        return when is When.ALWAYS
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")


def _painted_help(words: str) -> str:
    return _painted(words, _colour(When.AUTO, sys.stdout), _HELP_STYLES)


def _painted(words: str, paint: bool, styles: _Styles) -> str:
    """Colour by where words stand; what certificates say is never read as markup."""
    if not paint:
        return words
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
