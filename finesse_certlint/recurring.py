"""What stands in many certificates is read once: algorithms, names of CAs, extensions."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

LONGEST = 2048
"""In octets. Longer ones are rare and read each time, so that no input decides how much memory is held."""


def recurring(maxsize: int) -> Callable[[F], F]:
    """Keep what a function made of the last `maxsize` octet strings that were short enough; what it raises is not kept.

    The octets are its first argument. It must depend on its arguments alone, and what it returns must not change.
    """

    def decorate(function: F) -> F:
        kept = lru_cache(maxsize=maxsize)(function)

        @wraps(function)
        def read(raw: bytes, /, *args: Any) -> Any:
            return (kept if len(raw) <= LONGEST else function)(raw, *args)

        return read  # type: ignore[return-value] # of the same form

    return decorate
