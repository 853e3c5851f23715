"""The command line: the only part that reads files, clocks and streams.

A command stands in a file of its own, as a `typer.Typer` called `app`, and has a row in `registry`. Beside the commands lies
what they share: `options` (what they take), `coercion` (what becomes of the words), `clients` (who is asked), `files` (what is
read and written), `dialling` (the sockets), `judging` and `reports` (asking the library, and showing what it says),
`terminal` (the screen), `complaints` and `command` (how they end).
"""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from .. import __version__
from .command import JUDGING_EXIT_STATUS, Commands
from .complaints import PROGRAM

_EXAMPLES = f"""
\b
Examples:
  {PROGRAM} lint certnew.p7b
  {PROGRAM} lint server.cer issuing.cer root.cer
  {PROGRAM} probe gadgets.example.com:8443
  {PROGRAM} explain signature-algorithm-unsupported
"""

app = typer.Typer(
    cls=Commands,
    help="Will the Java inside Cisco Finesse accept this server? If not: which certificate breaks it, and who must do "
    "what?",
    epilog=f"{_EXAMPLES}{JUDGING_EXIT_STATUS}",
    no_args_is_help=True,
    rich_markup_mode=None,  # its boxes leave half of 80 columns to the words
    pretty_exceptions_enable=False,  # its tracebacks show local variables, and those hold the input
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"{PROGRAM} {__version__}")
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
