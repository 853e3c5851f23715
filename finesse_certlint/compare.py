"""One input, several clients: which of them would accept it, and what breaks it for the others."""

import json
from collections.abc import Iterable
from typing import Any

import attrs

from .findings import Verdict
from .profile import Profile
from .profiles import get_profile, profiles
from .report import Report

SCHEMA = "finesse_certlint comparison 1"


@attrs.frozen(kw_only=True, eq=False)
class Comparison:
    """The reports of one input under several profiles, in the order in which they were asked."""

    name: str
    reports: tuple[Report, ...]

    @property
    def accepted_by(self) -> tuple[str, ...]:
        """The profiles that accept the input."""
        return tuple(report.profile for report in self.reports if report.verdict is Verdict.ACCEPTED)

    def to_dict(self) -> dict[str, Any]:
        """As JSON values: for each profile its verdict, and what breaks the input for it."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "profiles": [
                {
                    "name": report.profile,
                    "title": report.profile_title,
                    "verdict": report.verdict.value,
                    "breaks": [
                        {"rule": finding.rule, "certificate": finding.certificate, "message": finding.message}
                        for finding in report.breaking
                    ],
                }
                for report in self.reports
            ],
        }

    def to_json(self, indent: int | None = 2) -> str:
        """The same as JSON text, ASCII only."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=True)

    def render(self, format: str = "text", width: int = 110) -> str:
        """The comparison as a table of profiles by certificates ("text"), or as "json".

        :raises ValueError: where there is no such format.
        """
        if format == "json":
            return self.to_json() + "\n"
        if format != "text":
            raise ValueError(f"there is no format {format!r}; there are: text, json")
        from .render.comparison import comparison

        return comparison(self, width)


def compare(report: Report, asked: Iterable[str | Profile] | None = None) -> Comparison:
    """Judge a report's input anew by other profiles.

    :raises ValueError: where the report does not know its input any more.
    :raises ProfileError: where there is no profile of that name.
    """
    if report.case is None:
        raise ValueError("the report does not hold its input; lint it again to compare profiles")
    wanted = profiles() if asked is None else [p if isinstance(p, Profile) else get_profile(p) for p in asked]
    reports = tuple(report if profile.name == report.profile else report.case.judge(profile) for profile in wanted)
    return Comparison(name=report.name, reports=reports)
