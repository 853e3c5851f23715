"""`explain`, `rules` and `profiles`: what the library knows, for people to read."""

import sys
from collections.abc import Iterator
from itertools import groupby
from typing import Annotated

import typer

from .. import Profile, get_profile, profiles
from ..tls_names import extension_name, group_name, signature_name, version_name
from ..tls_suites import suite
from .command import Command
from .complaints import PROGRAM
from .files import write
from .options import Colour, complete_profile, complete_rule
from .plugins import find_rule, known_rules
from .terminal import SEVERITIES, Styles, When, coloured, entry, painted, paragraph

_STYLES: Styles = (
    (r"^(?P<heading>[a-z0-9A-Z][a-zA-Z0-9 -]*)$", {"heading": "bold"}),
    (rf"^(?P<word>{SEVERITIES}), [a-z]+, since", {}),
    (rf"^  (?P<rule>[a-z0-9-]+) +(?P<word>{SEVERITIES})(?= |$)", {"rule": "bold"}),
    (r"(?P<code>`[^`]+`)", {"code": "cyan"}),
    (rf"(?P<command>{PROGRAM} (?:explain RULE|profiles NAME))$", {"command": "cyan"}),
)

RuleName = Annotated[
    str, typer.Argument(metavar="RULE", autocompletion=complete_rule, help="Its name, as a finding shows it.")
]
ProfileName = Annotated[
    str | None, typer.Argument(metavar="NAME", autocompletion=complete_profile, help="Show this one.")
]

app = typer.Typer()


@app.command(cls=Command)
def explain(rule: RuleName, color: Colour = When.AUTO) -> None:
    """Explain a rule.

    What it means, why it matters, what to do, how to see it yourself, and who says so.
    """
    wanted = find_rule(rule)
    parts = [
        f"{wanted.name}\n{wanted.severity.value}, {wanted.topic}, since {wanted.since}\n\n{paragraph(wanted.summary)}"
    ]
    parts += [f"{heading}\n{paragraph(body, '  ')}" for heading, body in wanted.sections.items()]
    parts.append("References\n" + "\n".join(paragraph(reference, "  - ", "    ") for reference in wanted.references))
    _show("\n\n".join(parts), color)


@app.command("rules", cls=Command)
def list_rules(color: Colour = When.AUTO) -> None:
    """List the rules by topic, each with its severity."""
    known = sorted(known_rules(), key=lambda rule: rule.topic)
    names = max(len(rule.name) for rule in known)
    parts = []
    for topic, members in groupby(known, key=lambda rule: rule.topic):
        lines = [entry(f"  {rule.name:<{names}}  {rule.severity.value:<7}  ", rule.summary) for rule in members]
        parts.append("\n".join([topic, *lines]))
    parts.append(f"More on one: {PROGRAM} explain RULE")
    _show("\n\n".join(parts), color)


@app.command("profiles", cls=Command)
def list_profiles(name: ProfileName = None, color: Colour = When.AUTO) -> None:
    """List the profiles, or show one.

    A profile is a client that can be asked; each of its facts is shown with its source.
    """
    if name is None:
        parts = [f"{profile.name}\n{paragraph(profile.title, '  ')}" for profile in profiles()]
        parts.append(f"The first is the default. More on one: {PROGRAM} profiles NAME")
        _show("\n\n".join(parts), color)
    else:
        _show(_profile(get_profile(name)), color)


def _profile(profile: Profile) -> str:
    algorithms = [f"  {oid:<26}  {title}" for oid, title in profile.signature_algorithms.items()]
    parts = [
        f"{profile.name}\n{paragraph(profile.title)}\n\n{paragraph(profile.description)}",
        "\n".join(["Signature algorithms that it has", *algorithms]),
    ]
    if profile.statement:
        parts.append(f"Of all others\n{paragraph(profile.statement, '  ')}\n{paragraph(profile.observed, '  ')}")
    facts = [
        f"{paragraph(fact.what, '  - ', '    ')}\n{paragraph(f'Source: {fact.source}', '    ')}"
        for fact in profile.facts
    ]
    parts.append("\n".join(["Facts", *facts]))
    parts.append("\n".join(["ClientHello", *_hello(profile)]))
    if profile.severities:
        changed = [f"  {rule}: {severity.value}" for rule, severity in profile.severities.items()]
        parts.append("\n".join(["Severities of its own", *changed]))
    parts.append(f"Source\n{paragraph(profile.source, '  ')}")
    return "\n\n".join(parts)


def _hello(profile: Profile) -> Iterator[str]:
    """What it sends by default, for people."""
    form, suites = profile.hello, profile.offered_suites
    yield paragraph(f"Offers {', '.join(map(version_name, profile.offered_versions))} and, in this order:", "  ")
    yield from (f"    0x{number:04X}  {suite(number).java}" for number in suites)
    listed = (
        ("Extensions", [extension_name(kind) for kind in form.extensions]),
        ("Groups", [group_name(group) for group in form.groups]),
        ("Signature algorithms", [signature_name(scheme) for scheme in form.signatures]),
    )
    for title, names in listed:
        yield paragraph(f"{title}: {', '.join(names) or 'none'}", "  ")
    yield paragraph("As it was seen to be sent." if form.observed else "In part concluded; see the facts.", "  ")


def _show(words: str, color: When) -> None:
    write([painted(words + "\n", coloured(color, sys.stdout), _STYLES)])
