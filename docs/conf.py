"""Sphinx's settings, and the pages that are made from the package itself.

What the package knows of itself (rules, profiles, the report's schema, the quirks of files) is written to `rules/` and
`_made/` before each build, so that the pages cannot say anything else than the code does. Neither folder is in git.
"""

import json
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

HERE = Path(__file__).parent
SOURCES = HERE.parent
sys.path.insert(0, str(SOURCES))  # these sources, not another version that happens to be installed

from finesse_certlint import Profile, profiles
from finesse_certlint.formats import FOREIGN, QUIRKS
from finesse_certlint.rule import Rule
from finesse_certlint.rules import ALL
from finesse_certlint.version import __version__

SCHEMA = SOURCES / "finesse_certlint" / "schemas" / "report-1.schema.json"

project = "finesse_certlint"
author = "The finesse_certlint authors"
copyright = f"2026 {author}"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "_made", "examples", "LICENSE"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
default_role = "code"
nitpicky = True
# What a report's documents and an extension look like inside is not promised, and has no page.
_INSIDE = ("documents.Document", "certificate.Extension")
nitpick_ignore = [("py:class", f"finesse_certlint.{name}") for name in _INSIDE]
# Names of the standard library have no page here to link to.
nitpick_ignore_regex = [("py:.*", r"(?!finesse_certlint).*")]

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"

html_theme = "furo"
html_title = "finesse_certlint"


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("builder-inited", make_pages)


def make_pages(_app: Sphinx) -> None:
    """Write every generated page anew, so that a rule that is gone leaves no page behind."""
    for folder in ("rules", "_made"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir()
    write("rules/index.md", rules_index())
    for rule in ALL:
        write(f"rules/{rule.name}.md", rule_page(rule))
    write("_made/report.md", schema_tables(json.loads(SCHEMA.read_text("utf-8"))))
    write("_made/profiles.md", (line for profile in profiles() for line in profile_section(profile)))
    write("_made/quirks.md", table(("quirk", "what is mended", "would not be read by"), quirk_rows()))
    foreign = ((f"{entry.what}.", entry.remedy) for entry in FOREIGN.values())
    write("_made/foreign.md", table(("what the report says", "what to do"), foreign))


def write(name: str, lines: Iterable[str]) -> None:
    """One page, below this folder."""
    (HERE / name).write_text("\n".join(lines) + "\n", "utf-8")


def table(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A Markdown table."""
    headings = tuple(headings)
    yield row(headings)
    yield row("---" for _ in headings)
    yield from map(row, rows)
    yield ""


def row(cells: Iterable[str]) -> str:
    """One line of it; a cell has no line ends, and a bar in it is escaped."""
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def quirk_rows() -> Iterator[tuple[str, str, str]]:
    """Every mend that the readers can make."""
    for quirk in QUIRKS.values():
        yield f"`{quirk.quirk}`", quirk.what[:1].upper() + quirk.what[1:] + ".", quirk.refused_by


def rules_index() -> Iterator[str]:
    """All rules by topic, in the order in which they run."""
    yield from ("# Rules", "")
    yield "A rule has one identity, its name, which is never given to another. The severity is what its findings have"
    yield "unless the profile, or the rule itself in a milder case, says otherwise."
    yield ""
    for topic in dict.fromkeys(rule.topic for rule in ALL):
        yield from (f"## {topic.capitalize()}", "")
        rows = ((f"[{r.name}]({r.name}.md)", r.severity.value, r.summary) for r in ALL if r.topic == topic)
        yield from table(("rule", "severity", "what it finds"), rows)
    yield from ("```{toctree}", ":hidden:", "", *(rule.name for rule in ALL), "```")


def rule_page(rule: Rule) -> Iterator[str]:
    """A rule's page: its docstring, and what else is known of it."""
    looks_at = {"input": "the input as a whole", "certificate": "each certificate by itself"}
    yield from (f"# {rule.name}", "", rule.summary, "")
    facts = (rule.severity.value, rule.topic, looks_at[rule.scope], rule.since)
    yield from table(("severity", "topic", "looks at", "since version"), [facts])
    for heading, text in rule.sections.items():
        yield from (f"## {heading}", "", text, "")
    yield from ("## References", "", *(f"- {reference}" for reference in rule.references))


def profile_section(profile: Profile) -> Iterator[str]:
    """What a profile holds, and who says so."""
    yield from (f"## {profile.name}", "", f"**{profile.title}.** {profile.description}", "")
    yield from (f"Source: {profile.source}.", "", profile.statement, "", profile.observed, "")
    yield from (f"The list of signature algorithms, in the source's words: {profile.algorithm_list}.", "")
    yield from table(("OID", "accepted as"), ((f"`{oid}`", name) for oid, name in profile.signature_algorithms.items()))
    yield from table(("fact", "who says so"), ((f"{fact.what}.", f"{fact.source}.") for fact in profile.facts))
    if profile.severities:
        rows = ((f"[{name}](rules/{name}.md)", severity.value) for name, severity in profile.severities.items())
        yield from table(("rule", "severity in this profile"), rows)


def schema_tables(schema: Mapping[str, Any]) -> Iterator[str]:
    """The report, then each kind of object that it holds."""
    yield from ("## The report itself", "", *fields_table(schema))
    for name, definition in schema.get("$defs", {}).items():
        yield from (f"## {name}", "", definition.get("description", ""), "")
        if "properties" in definition:
            yield from fields_table(definition)
        elif "enum" in definition:
            yield from (f"One of {kind(definition)}.", "")


def fields_table(schema: Mapping[str, Any]) -> Iterator[str]:
    """The fields of one object; those of an object inside it have dotted names."""
    yield from table(("field", "is", "meaning"), fields(schema, ""))


def fields(schema: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Name, type and description of each field, outer before inner."""
    for name, field in schema.get("properties", {}).items():
        yield f"`{prefix}{name}`", kind(field), field.get("description", "")
        yield from fields(field, f"{prefix}{name}.")
        yield from fields(field.get("items", {}), f"{prefix}{name}[].")


def kind(field: Mapping[str, Any]) -> str:
    """What a field's value may be, in words; a `$ref` links to the object's own table."""
    match field:
        case {"$ref": reference}:
            name = reference.rpartition("/")[2]
            return f"[{name}](#{name.lower()})"
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"enum": values}:
            return ", ".join(f"`{json.dumps(value)}`" for value in values)
        case {"anyOf": options} | {"oneOf": options}:
            return " or ".join(map(kind, options))
        case {"type": "array", "items": items}:
            return f"array of {kind(items)}"
        case {"type": list(types)}:
            return " or ".join(types)
        case {"type": str(word), "format": form}:
            return f"{word} ({form})"
        case {"type": str(word)}:
            return word
        case _:
            return "any value"
