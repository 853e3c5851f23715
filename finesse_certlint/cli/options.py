"""The options that commands share, what they take, and what the shell offers for them.

An option is an `Annotated` type, so that a command has it by naming it: `hostname: HostName = None`. What one command alone
takes stands with that command.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from .. import Severity, profiles, rules
from ..render import FORMATS
from .complaints import MisuseError
from .plugins import known_rules
from .terminal import When

_SEVERITIES = [severity.value for severity in Severity if severity is not Severity.BUG]


# -- What a word must be -----------------------------------------------------------------------------------------------


def one_of(words: Iterable[str]) -> Callable[[str], str]:
    """A parser of an option that takes one of these words, in upper or lower case."""
    words = tuple(words)

    def parse(value: str) -> str:
        if value.lower() not in words:
            raise typer.BadParameter(f"{value!r} is none of: {', '.join(words)}.")
        return value.lower()

    return parse


def _severity(value: str) -> Severity:
    return Severity(one_of(_SEVERITIES)(value))


def _when(value: str) -> When:
    return When(one_of(When)(value))


def _moment(value: str) -> datetime:
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)  # a moment of year 1 may lie in none there
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            f"{value!r} is no ISO date or date-time; write 2027-03-01, or 2027-03-01T12:00+02:00."
        ) from None
    return moment


def host_name(value: str) -> str:
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


# -- What the shell offers ---------------------------------------------------------------------------------------------


def complete(words: Iterable[str]) -> Callable[[str], list[str]]:
    """A completion by these words."""
    return lambda incomplete: [word for word in words if word.startswith(incomplete)]


def complete_rule(incomplete: str) -> Iterator[tuple[str, str]]:
    """The rules whose names begin so, the last name in a list with commas, each with what it finds."""
    done, comma, rest = incomplete.rpartition(",")
    try:
        known = known_rules()
    except MisuseError:  # the command itself will complain
        known = rules()
    for rule in known:
        if rule.name.startswith(rest):
            yield f"{done}{comma}{rule.name}", rule.summary


def complete_profile(incomplete: str) -> Iterator[tuple[str, str]]:
    """The profiles whose names begin so, each with its title."""
    return ((profile.name, profile.title) for profile in profiles() if profile.name.startswith(incomplete))


# -- What is judged, and by whom ---------------------------------------------------------------------------------------


TrustStore = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted",
        metavar="FILE",
        show_default=False,
        help="What was uploaded to Finesse's tomcat-trust, or another trust store; only that is then trusted. "
        "Without it, a root in the input is presumed to be trusted.",
    ),
]
Issuers = Annotated[
    list[str] | None,
    typer.Option(
        "--issuers",
        metavar="FILE",
        show_default=False,
        help="The chain of the CA that is to answer the request among the files, root included. Beside a certificate: the CAs "
        "that its file lacks.",
        rich_help_panel="Requests",
    ),
]
Issued = Annotated[
    list[str] | None,
    typer.Option(
        "--issued",
        metavar="FILE",
        show_default=False,
        help="A certificate that this CA has issued lately, whatever it is for; it shows how the CA signs.",
        rich_help_panel="Requests",
    ),
]
Answered = Annotated[
    list[str] | None,
    typer.Option(
        "--request",
        metavar="FILE",
        show_default=False,
        help="The request that the certificates among the files were issued for; they are held against it.",
        rich_help_panel="Requests",
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        "--password",
        metavar="TEXT",
        envvar="FINESSE_CERTLINT_PASSWORD",
        show_default=False,
        help="The password of the key stores among the files: PKCS#12, and JKS or JCEKS to have their integrity checked. "
        "Set the variable rather than give the option, which the list of processes shows to everyone.",
    ),
]
HostName = Annotated[
    str | None,
    typer.Option(
        "--hostname",
        metavar="NAME",
        parser=host_name,
        help="The host in the gadget's URL. Without it, names are not judged.",
    ),
]
Client = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME|FILE.toml",
        autocompletion=complete_profile,
        help="The client that is asked: a profile's name, or a TOML file with one of your own. By default finesse.",
    ),
]
JavaHome = Annotated[
    Path | None,
    typer.Option(
        "--java-home",
        metavar="DIR",
        help="Ask this Java installation: its version, its java.security and, without --trusted, its cacerts.",
    ),
]
Moment = Annotated[
    datetime | None,
    typer.Option(
        "--at",
        metavar="TIME",
        parser=_moment,
        help="Judge as of this ISO date or date-time, UTC if it has no zone. Without it, now.",
    ),
]

# -- What becomes of the answer ----------------------------------------------------------------------------------------


ReportFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="|".join(FORMATS),
        parser=one_of(FORMATS),
        autocompletion=complete(FORMATS),
        help="The form of the report.",
        rich_help_panel="Output",
    ),
]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output",
        metavar="FILE",
        help="Write the report to this file instead of standard output.",
        rich_help_panel="Output",
    ),
]
Colour = Annotated[
    When,
    typer.Option(
        "--color",
        metavar="|".join(When),
        parser=_when,
        autocompletion=complete(list(When)),
        help="When to use colour. `auto`: on a terminal, unless NO_COLOR is set; FORCE_COLOR asks for it elsewhere.",
        rich_help_panel="Output",
    ),
]
FailOn = Annotated[
    Severity,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        parser=_severity,
        autocompletion=complete(_SEVERITIES),
        help="Exit with 1 where a finding is as bad as this: debug, info, notice, warning, error or fatal.",
        rich_help_panel="Exit status",
    ),
]
AllowUndetermined = Annotated[
    bool,
    typer.Option(
        "--allow-undetermined",
        help="Do not exit with 1 for an undetermined verdict alone.",
        rich_help_panel="Exit status",
    ),
]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", help="Exit with 0 where it would be 1.", rich_help_panel="Exit status")
]
