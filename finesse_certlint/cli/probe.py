"""`probe`: see a server as a client's Java would."""

import textwrap
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .. import Probe, Report, Severity
from .clients import chosen_client, trust_store
from .command import JUDGING_EXIT_STATUS, Command
from .complaints import PROGRAM
from .dialling import Address, Proxy, address, carry_out, proxy
from .files import check_streams, write
from .judging import ExitStatus, Outcome
from .options import (
    AllowUndetermined,
    Client,
    Colour,
    ExitZero,
    FailOn,
    JavaHome,
    Moment,
    OutputFile,
    Password,
    ReportFormat,
    TrustStore,
    host_name,
)
from .reports import Printer
from .terminal import When

_EXAMPLES = f"""
\b
Examples:
  {PROGRAM} probe gadgets.example.com
  {PROGRAM} probe gadgets.example.com:8443 --trusted tomcat-trust.pem
  {PROGRAM} probe gadgets.example.com --profile java-8u181 --proxy proxy.example.com:8080
  {PROGRAM} probe gadgets.example.com --save chain.pem --format json --output report.json
"""


def _server(value: str) -> Address:
    try:
        return address(value, 443)
    except ValueError as error:
        raise typer.BadParameter(f"{value!r} is no HOST[:PORT]: {error}; write gadgets.example.com:8443.") from None


def _proxy(value: str) -> Proxy:
    try:
        return proxy(value)
    except ValueError as error:
        raise typer.BadParameter(f"{value!r} is no HOST:PORT of a proxy: {error}.") from None


Server = Annotated[
    Address,
    typer.Argument(
        metavar="HOST[:PORT]",
        show_default=False,
        parser=_server,
        help="The server, as in the gadget's URL; the port is 443 if none is given. [2001:db8::7]:8443 for IPv6.",
    ),
]
UrlHost = Annotated[
    str | None,
    typer.Option(
        "--hostname",
        metavar="NAME",
        show_default=False,
        parser=host_name,
        help="The host in the gadget's URL, where it is another than HOST. It is judged, and HOST is asked.",
    ),
]
ThroughProxy = Annotated[
    Proxy | None,
    typer.Option(
        "--proxy",
        metavar="HOST:PORT",
        show_default=False,
        parser=_proxy,
        help="Connect through this HTTP proxy (CONNECT).",
        rich_help_panel="Connection",
    ),
]
Timeout = Annotated[
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.1,
        max=3600,
        help="How long a connection may take to be made, and then an answer to be complete.",
        rich_help_panel="Connection",
    ),
]
Save = Annotated[
    Path | None,
    typer.Option(
        "--save",
        metavar="FILE",
        show_default=False,
        help="Write the certificates that the server sends to this file, in PEM, in its order.",
    ),
]

app = typer.Typer()


@app.command(cls=Command, epilog=f"{_EXAMPLES}{JUDGING_EXIT_STATUS}")
def probe(
    server: Server,
    trusted: TrustStore = None,
    password: Password = None,
    hostname: UrlHost = None,
    profile: Client = None,
    java_home: JavaHome = None,
    at: Moment = None,
    through: ThroughProxy = None,
    timeout: Timeout = 10.0,
    save: Save = None,
    format_: ReportFormat = "text",
    output: OutputFile = None,
    color: Colour = When.AUTO,
    fail_on: FailOn = Severity.ERROR,
    allow_undetermined: AllowUndetermined = False,
    exit_zero: ExitZero = False,
) -> None:
    """See a live server as Finesse would: what it selects, what it sends, and whether that is accepted.

    Only hellos are sent, the first exactly as the client's Java sends it; no handshake is completed and nothing is asked
    of the web server. Where its answer leaves a doubt, further hellos find out what it would have taken. The host's name is
    judged too; --hostname gives another than the one that is asked.
    """
    printer = Printer(form=format_, output=None if output == Path("-") else output, color=color)
    check_streams([], trusted or [], printer.output)
    client, cacerts = chosen_client(profile, java_home)
    store = trust_store(trusted or [], password)
    asking = Probe(server.host, server.port, client)
    carry_out(asking, seconds=timeout, through=through)
    report = asking.report(
        trusted=cacerts if store is None else store, hostname=hostname, at=at or datetime.now(UTC), password=password
    )
    if save is not None:
        write(_chain(report), save)
    printer.one(report)
    status = ExitStatus(fail_on=fail_on, allow_undetermined=allow_undetermined).of(report)
    printer.whereabouts([Outcome(title=report.name, word=report.verdict.value, status=status, report=report)])
    raise typer.Exit(0 if exit_zero and status == 1 else status)


def _chain(report: Report) -> list[str]:
    """What the server sent to the hello that decides, in PEM."""
    shown = next((each for each in report.handshakes if each.decides and each.certificates), None)
    return [_pem(report.certificates[index].der) for index in (shown.certificates if shown else ())]


def _pem(der: bytes) -> str:
    lines = textwrap.wrap(b64encode(der).decode("ascii"), 64)
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])
