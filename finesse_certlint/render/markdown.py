"""GitHub's Markdown, for comments and tickets. What a certificate says is never read as markup, as a link or as a mention."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC

from ..findings import Finding, Verdict
from ..handshake import Diagnosis
from ..report import Report
from ..tls_names import suite_name, version_name
from .words import Rest, also_on, broken, by_rule, ends_self_issued, harmless, steps, where

_MOST_CHAINS = 5
_MOST_CONNECTIONS = 50


def markdown(report: Report) -> str:
    """The verdict as a heading, each path as a table, each finding as a section."""
    parts = [f"## {_sign(report.verdict)} {report.verdict.value}: {_words(report.name)}", _about(report)]
    if report.requests:
        parts.append("\n".join(_requests(report)))
    if report.handshakes:
        parts.append("\n".join(_connections(report)))
    parts += ["\n".join(_path(report, number)) for number in range(min(len(report.chains), _MOST_CHAINS))]
    if len(report.chains) > _MOST_CHAINS:
        parts.append(f"{len(report.chains) - _MOST_CHAINS} more paths are not shown.")
    for said in by_rule(report):
        parts += _rest(report, said) if isinstance(said, Rest) else _finding(report, said)
    if report.omitted:
        omitted = ", ".join(f"{count} of `{rule}`" for rule, count in report.omitted.items())
        parts.append(f"Left out, because there are too many: {omitted}.")
    return "\n\n".join(parts) + "\n"


def _sign(verdict: Verdict) -> str:
    return {Verdict.ACCEPTED: "✅", Verdict.REFUSED: "❌", Verdict.UNDETERMINED: "❔"}[verdict]


def _about(report: Report) -> str:
    moment = report.at.astimezone(UTC)
    host = f", for the host {_code(report.hostname)}" if report.hostname is not None else ""
    return f"By **{_words(report.profile)}**: {_words(report.profile_title)}{host}, as of {moment:%Y-%m-%d %H:%M} UTC."


def _requests(report: Report) -> Iterator[str]:
    yield "| request | for | key | signed with |"
    yield "|---|---|---|---|"
    for request in report.requests[:_MOST_CONNECTIONS]:
        key = str(request.public_key or "unreadable")
        yield _row(request.verdict.value, request.title, key, str(request.signature_algorithm or "unreadable"))
    more = len(report.requests) - _MOST_CONNECTIONS
    if more > 0:
        yield f"\n{more} more requests are not shown."


def _connections(report: Report) -> Iterator[str]:
    yield "| connection | server | verdict | shows | version | suite |"
    yield "|---|---|---|---|---|---|"
    for handshake in report.handshakes[:_MOST_CONNECTIONS]:
        shows = ", ".join(diagnosis.value for diagnosis in Diagnosis if diagnosis in handshake.diagnosis)
        version = "not seen" if handshake.version is None else version_name(handshake.version)
        suite = "not seen" if handshake.cipher_suite is None else suite_name(handshake.cipher_suite)
        number, server = str(handshake.index + 1), str(handshake.server or "not known")
        yield _row(number, server, handshake.verdict.value, shows, version, suite)
    more = len(report.handshakes) - _MOST_CONNECTIONS
    if more > 0:
        yield f"\n{more} more connections are not shown."


def _path(report: Report, number: int) -> Iterator[str]:
    chain = report.chains[number]
    if len(report.chains) > 1:
        yield f"Path {number + 1} of {len(report.chains)}: **{chain.verdict.value}**\n"
    yield "| | certificate | signed with | until |"
    yield "|---|---|---|---|"
    for place, index in enumerate(chain.certificates):
        certificate = report.certificates[index]
        label = report.roles[index] if place == 0 else "issued by"
        mark = " ❌" if broken(report, index, number) else ""
        algorithm = str(certificate.signature_algorithm or "unreadable")
        until = f"{certificate.not_after:%Y-%m-%d}" if certificate.not_after else "unreadable"
        yield _row(f"{label}{mark}", certificate.title or "without a name", algorithm, until)
    if chain.missing_issuer is not None and not ends_self_issued(report, number):
        yield _row("issued by ❔", chain.missing_issuer or "a CA without a name", "not in the input", "")


def _row(label: str, name: str, *rest: str) -> str:
    return "| " + " | ".join([label, _cell(name), *map(_words, rest)]) + " |"


def _cell(name: str) -> str:
    """A name as code; one with a bar as text, because a bar ends the cell even within code."""
    if "|" not in name:
        return _code(name)
    return re.sub(r"[^\w ]", lambda sign: f"&#{ord(sign[0])};", harmless(name))


def _finding(report: Report, said: Sequence[Finding]) -> Iterator[str]:
    finding = said[0]
    yield f"### {finding.severity.value}: {_code(finding.rule)}"
    place = ", and ".join(part for part in (where(report, finding), also_on(said)) if part)
    if place:
        yield _code(place)
    yield "\\\n".join(_words(line) for line in finding.message.split("\n"))
    remedies = steps(finding.remedy)
    if len(remedies) == 1:
        yield f"**What to do:** {_words(remedies[0])}"
    else:
        yield "**What to do:**"
        yield "\n".join(f"{number}. {_words(step)}" for number, step in enumerate(remedies, 1))


def _rest(report: Report, rest: Rest) -> Iterator[str]:
    yield f"### {rest.severity.value}: {_code(rest.rule)}, {len(rest.findings)} more"
    yield _words(f"{rest.places(report)}. What each says is in the JSON report.")


# -- Escapes -----------------------------------------------------------------------------------------------------------


def _code(text: str) -> str:
    """The text as a code span, in which nothing is markup but the backticks around it."""
    text = " ".join(harmless(text).split("\n"))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text.strip() else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _words(text: str) -> str:
    """Prose: what stands between backticks is code, and so is shown what a reader would make a link or a mention of."""
    parts = re.split(r"`([^`]+)`|(\S*(?:@|://|www\.)\S*)", " ".join(harmless(text).split("\n")))
    prose, codes = parts[::3], [code or link for code, link in zip(parts[1::3], parts[2::3], strict=True)]
    codes = [*map(_code, codes), ""]
    return _at_start("".join(f"{_escaped(words)}{code}" for words, code in zip(prose, codes, strict=True)))


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&#|~!])", r"\\\1", text)


def _at_start(text: str) -> str:
    """The same without what makes a list or a heading of a line."""
    return re.sub(r"^(\s*)(?=[-+=])|^(\s*\d+)(?=[.)])", r"\1\2\\", text)
