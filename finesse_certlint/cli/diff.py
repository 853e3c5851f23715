"""`diff`: what changed from one report to another."""

import json
import sys
from typing import Annotated

import typer

from .. import Report, Severity
from .. import diff as compared
from ..errors import InputError
from .command import Command
from .complaints import PROGRAM, MisuseError
from .files import check_streams, read, title, write
from .options import Colour, FailOn, one_of
from .terminal import SEVERITIES, VERDICTS, Styles, When, coloured, painted, width

_EPILOG = f"""
\b
Examples:
  {PROGRAM} lint --format json --output before.json chain.pem
  {PROGRAM} lint --format json --output after.json renewed.pem
  {PROGRAM} diff before.json after.json

\b
Exit status:
  0  nothing that is new is as bad as --fail-on
  1  something new is
  2  a report could not be read, or the command was misused
"""
_STYLES: Styles = (
    (rf"\A(?P<word>{VERDICTS}) -> ", {}),
    (rf"\A\w+ -> (?P<word>{VERDICTS})", {}),
    (r"^(?P<heading>new|fixed|unchanged): \d+$", {"heading": "bold"}),
    (rf"^ *(?P<word>{SEVERITIES})  +(?P<rule>[a-z0-9-]+)(?=   |$)", {"rule": "bold"}),
    (r"^  (?P<label>What to do:)", {"label": "bold"}),
)

Before = Annotated[
    str, typer.Argument(metavar="BEFORE.json", show_default=False, help="The earlier report. `-` is standard input.")
]
After = Annotated[
    str, typer.Argument(metavar="AFTER.json", show_default=False, help="The later one, of the same input or another.")
]
TextOrJson = Annotated[
    str,
    typer.Option(
        "--format", metavar="text|json", parser=one_of(("text", "json")), help="The form.", rich_help_panel="Output"
    ),
]

app = typer.Typer()


@app.command(cls=Command, epilog=_EPILOG)
def diff(
    before: Before,
    after: After,
    format_: TextOrJson = "text",
    color: Colour = When.AUTO,
    fail_on: FailOn = Severity.ERROR,
) -> None:
    """Show what changed between two reports: what is new, what was fixed, what stands as it stood.

    The reports are those of `lint --format json`. A finding is the same where its rule and the certificate it stands on,
    known by its fingerprint, are the same; in which file or place that certificate stands makes no difference.
    """
    check_streams([before, after], [])
    found = compared(_report(before), _report(after))
    words = found.render(format_, width(110) if sys.stdout.isatty() else 110)
    write([painted(words, format_ == "text" and coloured(color, sys.stdout), _STYLES)])
    raise typer.Exit(1 if found.worst is not None and found.worst >= fail_on else 0)


def _report(path: str) -> Report:
    try:
        values = json.loads(read(path))
    except (ValueError, RecursionError):
        raise MisuseError(f"{title(path)}: this is no JSON; give what `{PROGRAM} lint --format json` wrote") from None
    if isinstance(values, list):
        raise MisuseError(f"{title(path)}: it holds {len(values)} reports, as --each writes them; give one")
    try:
        return Report.from_dict(values)
    except InputError as error:
        raise MisuseError(f"{title(path)}: {error}; give what `{PROGRAM} lint --format json` wrote") from None
