"""What an option makes of a word, without the model of its type that typer builds for it.

Typer has pydantic convert each value, those that were not given too, and importing that takes about as long as judging a
chain. Of the values that our commands take, words that stay words or go through a parser need none of it; what does is
left to typer: numbers and paths that are given.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Any


def convert_lightly(params: Iterable[Any]) -> None:
    """Have these parameters of a typer command convert their values by a `Coercion`."""
    for param in params:
        typers = getattr(
            param, "get_runtime_param", None
        )  # an option of click's own, or another release of typer's, has none
        if typers is not None and not isinstance(typers, partial):
            param.get_runtime_param = partial(Coercion, typers)


class Coercion:
    """Stands before typer's own conversion (`typer._coercion.RuntimeParam`), and gives what that would give."""

    def __init__(self, typers: Callable[[], Any]) -> None:
        """Remember how to come by typer's own."""
        self._typers = typers

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value that the command receives.

        :raises BadParameter: where it is not what the option takes.
        """
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        wanted, parser = param.type_descriptor.annotation, param.type_descriptor.parameter_info.parser
        if parser is not None:
            with suppress(ValueError):  # which typer words for people
                return parser(value)
        elif wanted == list[str]:
            if all(isinstance(each, str) for each in value):
                return list(value)
        elif isinstance(value, wanted):
            return value
        return self._typers().coerce(value, param=param, ctx=ctx)
