"""Which command stands in which file. A file is imported when one of its commands is asked for: a command pays for no other."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.main import get_group

_FILES = {
    "lint": "lint",
    "probe": "probe",
    "compare": "compare",
    "scan": "scan",
    "diff": "diff",
    "explain": "catalogue",
    "rules": "catalogue",
    "profiles": "catalogue",
}
"""In the order of the help."""


class Registry(Mapping[str, Any]):
    """All commands by their names, as typer wants to have them."""

    def __getitem__(self, name: str) -> Any:
        """The command, imported.

        :raises KeyError: where there is none of that name.
        """
        return _commands(_FILES[name])[name]

    def __iter__(self) -> Iterator[str]:
        """The names."""
        return iter(_FILES)

    def __len__(self) -> int:
        """How many there are."""
        return len(_FILES)

    def __contains__(self, name: object) -> bool:
        """Whether there is a command of that name; nothing is imported for it."""
        return name in _FILES


@cache
def _commands(file: str) -> Mapping[str, Any]:
    app = typer.Typer(rich_markup_mode=None)
    app.add_typer(import_module(f".{file}", __package__).app)  # without a name: its commands are commands of this one
    return get_group(app).commands
