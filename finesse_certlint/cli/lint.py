"""`lint`: judge certificates."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from .. import Rule, Severity
from .clients import beside, chosen_client, trust_store
from .command import JUDGING_EXIT_STATUS, Command
from .complaints import PROGRAM, MisuseError
from .files import check_streams
from .judging import ExitStatus, Judge, Outcome, judge_each, judge_together
from .options import (
    AllowUndetermined,
    Answered,
    Client,
    Colour,
    ExitZero,
    FailOn,
    HostName,
    Issued,
    Issuers,
    JavaHome,
    Moment,
    OutputFile,
    Password,
    ReportFormat,
    TrustStore,
    complete_rule,
)
from .plugins import find_rule, known_rules
from .reports import Printer
from .terminal import When

_EXAMPLES = f"""
\b
Examples:
  {PROGRAM} lint certnew.p7b
  {PROGRAM} lint server.cer issuing.cer --trusted tomcat-trust.pem
  {PROGRAM} lint request.csr --issuers ca.pem --issued sample.cer --hostname gadgets.example.com
  {PROGRAM} lint chain.p7b --request request.csr
  {PROGRAM} lint --each *.cer --format json --output report.json
  {PROGRAM} lint gadget.pcapng --server 10.9.0.2:8443
  openssl s_client -connect HOST:443 -showcerts </dev/null | {PROGRAM} lint -
"""

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="FILE",
        show_default=False,
        help="Certificates in any form: PEM, DER, PKCS#7, base64, logs that hold them, Java key stores; certificate requests "
        "(PKCS#10, certreq's .inf); or a packet capture. `-` is standard input.",
    ),
]
Each = Annotated[
    bool, typer.Option("--each", help="Judge every file by itself. Without it, all files together are one input.")
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="RULE[,RULE]",
        show_default=False,
        autocompletion=complete_rule,
        help="Run these rules only, and those that say that a file cannot be read.",
        rich_help_panel="Rules",
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore",
        metavar="RULE[,RULE]",
        show_default=False,
        autocompletion=complete_rule,
        help="Run all rules but these.",
        rich_help_panel="Rules",
    ),
]

Server = Annotated[
    str | None,
    typer.Option(
        "--server",
        metavar="HOST[:PORT]",
        show_default=False,
        help="Of a packet capture, judge the handshakes with this server alone: an address, or the name that the client "
        "asks for.",
    ),
]

app = typer.Typer()


@app.command(cls=Command, epilog=f"{_EXAMPLES}{JUDGING_EXIT_STATUS}")
def lint(
    files: Files,
    each: Each = False,
    trusted: TrustStore = None,
    issuers: Issuers = None,
    issued: Issued = None,
    request: Answered = None,
    password: Password = None,
    hostname: HostName = None,
    server: Server = None,
    profile: Client = None,
    java_home: JavaHome = None,
    at: Moment = None,
    select: Select = None,
    ignore: Ignore = None,
    format_: ReportFormat = "text",
    output: OutputFile = None,
    color: Colour = When.AUTO,
    fail_on: FailOn = Severity.ERROR,
    allow_undetermined: AllowUndetermined = False,
    exit_zero: ExitZero = False,
) -> None:
    """Judge certificates, requests, or a capture of handshakes: accepted, refused or undetermined, and why.

    Several files are one input, so a server's certificate and its CAs' may lie in files of their own. What a file is,
    is told by its content, never by its name.
    """
    printer = Printer(form=format_, output=None if output == Path("-") else output, color=color)
    check_streams(files, trusted or [], printer.output, beside=[*(issuers or []), *(issued or []), *(request or [])])
    chosen = chosen_rules(select or [], ignore or [])
    client, cacerts = chosen_client(profile, java_home)
    store = trust_store(trusted or [], password)
    judge = Judge(
        server=server,
        trusted=cacerts if store is None else store,
        password=password,
        beside={
            "issuers": beside("issuers", issuers, password),
            "issued": beside("issued", issued, password),
            "request": beside("request", request, password),
        },
        hostname=hostname,
        profile=client,
        at=at or datetime.now(UTC),
        rules=chosen,
    )
    status = ExitStatus(fail_on=fail_on, allow_undetermined=allow_undetermined)
    if each:
        outcomes = printer.series(judge_each(files, judge, status), len(files))
    else:
        report = judge_together(files, judge)
        printer.one(report)
        outcomes = [Outcome(title=report.name, word=report.verdict.value, status=status.of(report), report=report)]
    printer.whereabouts(outcomes)
    worst = max(outcome.status for outcome in outcomes)
    raise typer.Exit(0 if exit_zero and worst == 1 else worst)


def chosen_rules(select: Iterable[str], ignore: Iterable[str]) -> tuple[Rule, ...]:
    """The rules that --select and --ignore leave.

    :raises MisuseError: where one that is needed is ignored.
    :raises RuleError: where there is no rule of a name.
    """
    selected, ignored = ([find_rule(name) for name in _names(words)] for words in (select, ignore))
    # The fatal rules say that there is nothing to judge; without them silence would look like a judgement.
    needed = [rule for rule in known_rules() if rule.severity is Severity.FATAL]
    for rule in ignored:
        if rule in needed:
            raise MisuseError(f"{rule.name} cannot be ignored: it says that there is nothing to judge")
    return tuple(
        rule for rule in known_rules() if rule in needed or (rule not in ignored and (rule in selected or not selected))
    )


def _names(words: Iterable[str]) -> list[str]:
    return [name.strip() for word in words for name in word.split(",") if name.strip()]
