"""Rules of one's own: what installed packages offer as entry points of the group `finesse_certlint.rules`.

The command alone reads them; a program hands its rules to `lint(rules=...)`. An entry point leads to a rule or to several.
"""

import os
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from .. import Rule, rules
from ..findings import printable
from ..rules import find
from .complaints import MisuseError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "finesse_certlint.rules"


@cache
def known_rules() -> tuple[Rule, ...]:
    """The library's own rules, and behind them those of installed packages.

    :raises MisuseError: where a package's rules cannot be loaded, or one has the name of another; the message says whose.
    """
    if not _may_offer():
        return rules()
    from importlib.metadata import entry_points

    known = {rule.name: "finesse_certlint itself" for rule in rules()}
    found = []
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        for rule in _loaded(point):
            if rule.name in known:
                raise MisuseError(
                    f"{_title(point)} brings a rule {rule.name}, and so does {known[rule.name]}; a rule's name is its "
                    "identity: rename one of them, or uninstall one of the packages"
                )
            known[rule.name] = _title(point)
            found.append(rule)
    return (*rules(), *found)


def find_rule(name: str) -> Rule:
    """The rule of that name, from wherever it comes.

    :raises RuleError: where there is none.
    """
    return find(name, known_rules())


# Importing importlib.metadata and asking it takes longer than judging a chain does, and hardly anyone has rules of their own.


def _may_offer() -> bool:
    """Whether an installed package may offer rules: the group is named in a folder of `sys.path`, or they are found elsewhere."""
    elsewhere = any(finder is not PathFinder and hasattr(finder, "find_distributions") for finder in sys.meta_path)
    return elsewhere or any(map(_may_be_named, sys.path))


def _may_be_named(place: str) -> bool:
    """Whether the group is named in the entry points that lie in a folder; in a zip file it may be."""
    try:
        with os.scandir(place or ".") as entries:
            about = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return os.path.isfile(place)
    return place.endswith(".egg") or any(map(_names_the_group, about))


def _names_the_group(about: str) -> bool:
    try:
        with open(os.path.join(about, "entry_points.txt"), "rb") as file:
            return GROUP.encode() in file.read()
    except OSError:
        return False


def _loaded(point: "EntryPoint") -> Iterator[Rule]:
    try:
        value = point.load()
    except Exception as error:  # noqa: BLE001 - an import runs whatever the package does
        raise MisuseError(
            f"{_title(point)} cannot be loaded ({type(error).__name__}: {printable(str(error))}); mend or uninstall it"
        ) from None
    for rule in value if isinstance(value, (tuple, list)) else [value]:
        if not isinstance(rule, Rule):
            raise MisuseError(
                f"{_title(point)} leads to {type(rule).__name__}, and must lead to a rule or a tuple of rules, "
                "as finesse_certlint.rule.rule makes them; mend or uninstall it"
            )
        yield rule


def _title(point: "EntryPoint") -> str:
    package = point.dist.name if point.dist else "a package"
    return f"the plug-in {printable(point.name)} of {printable(package)} ({printable(point.value)})"
