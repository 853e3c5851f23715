"""Handshakes for a terminal: a table where there are several, and for each who said what, and where it ended."""

import textwrap
from collections.abc import Iterable
from itertools import groupby

from .. import tls_names
from ..findings import printable
from ..handshake import Diagnosis, Handshake, Step, Witness

MOST_SHOWN = 5
"""Different connections that are drawn; the table has more."""
_MOST_ROWS = 30
MEANING = {
    Diagnosis.SCENARIO_1: "Scenario 1, the suite that the server selects",
    Diagnosis.SCENARIO_2: "Scenario 2, a certificate that the server sends",
    Diagnosis.OK: "neither of the article's scenarios",
    Diagnosis.UNDETERMINED: "neither of the article's scenarios is to be seen, and something is not explained",
}


def alike(handshakes: Iterable[Handshake]) -> list[list[Handshake]]:
    """Handshakes that show the same together, in the order of the first of each kind."""
    kinds: dict[object, list[Handshake]] = {}
    for handshake in handshakes:
        kinds.setdefault(_shown(handshake), []).append(handshake)
    return list(kinds.values())


def _shown(handshake: Handshake) -> object:
    """All that a reader would see of it, its time, its frames and the client's port left out."""
    hello, exchange = handshake.client_hello, handshake.key_exchange
    return (
        handshake.client and handshake.client.address,
        handshake.server,
        hello and (hello.version, hello.cipher_suites, hello.server_name),
        handshake.version,
        handshake.cipher_suite,
        handshake.certificate_bytes,
        exchange and (exchange.kind, exchange.dh_bits, exchange.group, exchange.signature_scheme),
        handshake.alerts,
        handshake.gaps,
        handshake.verdict,
        handshake.diagnosis,
        handshake.completed,
        handshake.before,
    )


def table(handshakes: tuple[Handshake, ...]) -> str:
    """One row for each connection; empty where there is but one."""
    if len(handshakes) < 2:
        return ""
    rows = [_row(handshake) for handshake in handshakes[:_MOST_ROWS]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    more = len(handshakes) - len(rows)
    if more:
        lines.append(f"and {more} more; --format json has them all")
    return "\n".join(f"  {line}" for line in ["connections", *lines])


def _row(handshake: Handshake) -> tuple[str, ...]:
    version = "" if handshake.version is None else tls_names.version_name(handshake.version)
    suite = "no suite seen" if handshake.cipher_suite is None else tls_names.suite_name(handshake.cipher_suite)
    return (
        f"{handshake.index + 1:>3}",
        printable(str(handshake.server or "")),
        printable(f"from {handshake.client}") if handshake.client else "",
        handshake.verdict.value,
        " ".join(diagnosis.value for diagnosis in Diagnosis if diagnosis in handshake.diagnosis),
        version,
        suite,
        _end(handshake),
    )


def _end(handshake: Handshake) -> str:
    """How it ended, in a few words."""
    for alert in handshake.alerts:
        if alert.fatal and alert.description is not None:
            return f"{tls_names.alert_name(alert.description)} from the {alert.sender}"
    if handshake.completed:
        return "resumed" if handshake.resumed else "completed"
    return ""


def heading(kind: list[Handshake], count: int) -> str:
    """The first line of a connection's block."""
    first = kind[0]
    number = f"connection {first.index + 1} of {count}" if count > 1 else "connection"
    name = first.client_hello.server_name if first.client_hello else None
    told = first.location.within if first.location else None  # of the log of another client, nothing else is known
    server = str(first.server or told or "") + (f" ({name})" if name else "")
    where = f"{first.client} to {server}" if first.client else server
    others = [str(handshake.index + 1) for handshake in kind[1:]]
    listed = ", ".join(others[:10]) + (f" and {len(others) - 10} more" if len(others) > 10 else "")
    again = f"\n  the same: {'connection' if len(others) == 1 else 'connections'} {listed}" if others else ""
    asked = "" if first.witness is not Witness.PROBE or count < 2 else f"\n  asked with {first.asked.words}"
    found = "; ".join(MEANING[diagnosis] for diagnosis in Diagnosis if diagnosis in first.diagnosis)
    return f"  {number}: {first.verdict.value}   {printable(where)}{again}{asked}\n  {found}"


def ladder(handshake: Handshake, width: int) -> str:
    """Who said what, one line for each turn, with the packet and the second in which it began."""
    lines = [f"    before TLS: {printable(handshake.before)}"] if handshake.before else []
    for _, turn in groupby(handshake.steps, key=lambda step: step.sender):
        steps = list(turn)
        first = steps[0]
        frame = "" if first.frame is None else f"frame {first.frame}"
        moment = "" if first.time is None else f"{first.time:.3f} s"
        begin = f"    {frame:<10} {moment:>10}  {first.sender.value}  "
        said = ", ".join(_said(step) for step in steps)
        lines.append(
            textwrap.fill(
                said,
                width,
                initial_indent=begin,
                subsequent_indent=" " * len(begin),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
    return "\n".join(lines)


def _said(step: Step) -> str:
    said = f"{step.what} ({step.detail})" if step.detail else step.what
    return printable(said)
