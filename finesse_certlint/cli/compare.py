"""`compare`: ask several clients about one input."""

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer

from .. import profiles
from .clients import beside, named_client, trust_store
from .command import Command
from .complaints import PROGRAM, MisuseError
from .files import check_streams, write
from .judging import Judge, judge_together
from .options import Colour, HostName, Issued, Issuers, Moment, Password, TrustStore, complete_profile, one_of
from .terminal import VERDICTS, Styles, When, coloured, painted, width

_EPILOG = f"""
\b
Examples:
  {PROGRAM} compare certnew.p7b
  {PROGRAM} compare --trusted roots.pem --profile java-7u181 --profile java-17 chain.pem

\b
Exit status:
  0  some client accepts it
  1  none does
  2  nothing could be read, or the command was misused
"""
_STYLES: Styles = ((rf"^  \S+ +(?P<word>{VERDICTS})\b", {}),)

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE", show_default=False, help="Certificates in any form; all files together are one input."
    ),
]
Clients = Annotated[
    list[str] | None,
    typer.Option(
        "--profile",
        metavar="NAME|FILE.toml",
        show_default=False,
        autocompletion=complete_profile,
        help="Ask this client; may be given several times. By default every profile is asked.",
    ),
]
TableFormat = Annotated[
    str,
    typer.Option(
        "--format", metavar="text|json", parser=one_of(("text", "json")), help="The form.", rich_help_panel="Output"
    ),
]

app = typer.Typer()


@app.command(cls=Command, epilog=_EPILOG)
def compare(
    files: Files,
    trusted: TrustStore = None,
    issuers: Issuers = None,
    issued: Issued = None,
    password: Password = None,
    hostname: HostName = None,
    profile: Clients = None,
    at: Moment = None,
    format_: TableFormat = "text",
    color: Colour = When.AUTO,
) -> None:
    """Ask several Javas about one input, so that an upgrade can be weighed against reissuing.

    A table of clients by certificates, with what breaks each, and what that comes to.
    """
    check_streams(files, trusted or [], beside=[*(issuers or []), *(issued or [])])
    asked = [named_client(name) for name in profile] if profile else list(profiles())
    judge = Judge(
        trusted=trust_store(trusted or [], password),
        beside={
            "issuers": beside("issuers", issuers, password),
            "issued": beside("issued", issued, password),
        },
        password=password,
        hostname=hostname,
        profile=asked[0],
        at=at or datetime.now(UTC),
    )
    report = judge_together(files, judge)
    if not report.readable:
        first = report.findings[0]
        raise MisuseError(f"{report.name}: {first.message} {first.remedy}")
    comparison = report.compare(asked)
    words = comparison.render(format_, width(110) if sys.stdout.isatty() else 110)
    write([painted(words, format_ == "text" and coloured(color, sys.stdout), _STYLES)])
    raise typer.Exit(0 if comparison.accepted_by else 1)
