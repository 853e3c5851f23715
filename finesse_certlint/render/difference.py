"""What changed between two reports, for a terminal: the verdicts, then what is new in full, then the rest by name."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..findings import Finding, printable
from ..report import Report
from .text import fill, finding_text
from .words import where

if TYPE_CHECKING:
    from ..difference import Difference


def difference(found: "Difference", width: int) -> str:
    """As lines of text."""
    before, after = found.before, found.after
    parts = [
        f"{before.verdict.value} -> {after.verdict.value}   {before.name} -> {after.name}",
        _comparable(before, after, width),
        f"new: {len(found.new)}",
        *(finding_text(after, [finding], width) for finding in found.new),
        _named("fixed", before, found.fixed),
        _named("unchanged", after, found.unchanged),
    ]
    whole = "\n\n".join(part for part in parts if part)
    return "".join(f"{printable(line)}\n" for line in whole.split("\n"))


def _comparable(before: Report, after: Report, width: int) -> str:
    """What else differs, where that may be why findings do."""
    notes = [
        f"{what}: {first} -> {second}"
        for what, first, second in (
            ("profile", before.profile, after.profile),
            ("trust", before.trust, after.trust),
            ("host name", before.hostname or "none", after.hostname or "none"),
            ("finesse_certlint", before.version, after.version),
        )
        if first != second
    ]
    return (
        fill(f"They were not judged alike, so findings may differ for that alone: {'; '.join(notes)}.", "", width)
        if notes
        else ""
    )


def _named(heading: str, report: Report, findings: Iterable[Finding]) -> str:
    rows = [f"  {f.severity.value:<7}  {f.rule}   {where(report, f)}".rstrip() for f in findings]
    return "\n".join([f"{heading}: {len(rows)}", *rows])
