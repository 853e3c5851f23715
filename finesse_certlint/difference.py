"""Two reports on one thing, before and after: what was fixed, what is new, and what stands as it stood."""

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from typing import Any

import attrs

from .findings import Finding, Severity
from .identity import identity
from .report import Report
from .report_json import finding_values

SCHEMA = "finesse_certlint difference 1"


@attrs.frozen(kw_only=True)
class Difference:
    """What changed from one report to another."""

    before: Report = attrs.field(repr=False)
    after: Report = attrs.field(repr=False)
    fixed: tuple[Finding, ...]
    """Findings that only `before` has; their indices lead into that report."""
    new: tuple[Finding, ...]
    """Findings that only `after` has; their indices, and those of `unchanged`, lead into that report."""
    unchanged: tuple[Finding, ...]

    @property
    def worst(self) -> Severity | None:
        """The highest severity among the new findings."""
        return max((finding.severity for finding in self.new), default=None)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "schema": SCHEMA,
            "before": _about(self.before),
            "after": _about(self.after),
            "new": _listed(self.new, self.after),
            "fixed": _listed(self.fixed, self.before),
            "unchanged": _listed(self.unchanged, self.after),
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The same as JSON text, ASCII only."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=True)

    def render(self, format: str = "text", width: int = 110) -> str:
        """The difference for a person ("text"), or as "json".

        :raises ValueError: where there is no such format.
        """
        if format == "json":
            return self.to_json() + "\n"
        if format != "text":
            raise ValueError(f"there is no format {format!r}; there are: text, json")
        from .render.difference import difference

        return difference(self, width)


def _about(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "verdict": report.verdict.value,
        "profile": report.profile,
        "at": report.at.isoformat(),
        "version": report.version,
    }


def _listed(findings: Iterable[Finding], report: Report) -> list[dict[str, Any]]:
    """The findings, each with the certificate that its index leads to."""
    return [
        {
            **finding_values(finding),
            "fingerprint_sha256": None
            if finding.certificate is None
            else report.certificates[finding.certificate].fingerprint_sha256,
            "subject": None if finding.certificate is None else report.certificates[finding.certificate].subject,
        }
        for finding in findings
    ]


def diff(before: Report, after: Report) -> Difference:
    """What changed between two reports, as `lint()` made them or `Report.from_dict()` read them.

    A finding is the same where its rule and what it stands on are the same: a certificate is known by its fingerprint, so
    what stands on a certificate that was reissued is new, and what stood on the old one is fixed.

    :param before: the earlier report.
    :param after: the later one, of the same input or another.
    """
    remaining: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, finding in enumerate(before.findings):
        remaining[identity(before, finding)].append(number)
    new, unchanged = [], []
    for finding in after.findings:
        earlier = remaining[identity(after, finding)]
        if earlier:
            earlier.pop(0)
            unchanged.append(finding)
        else:
            new.append(finding)
    return Difference(
        before=before,
        after=after,
        fixed=tuple(before.findings[number] for number in sorted(chain.from_iterable(remaining.values()))),
        new=tuple(new),
        unchanged=tuple(unchanged),
    )
