"""What stands in many certificates is read once: algorithms, names of CAs, extensions."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

LONGEST = 2048
"""In octets. Longer ones are rare and read each time, so that no input decides how much memory is held."""


def recurring(maxsize: int) -> Callable[[F], F]:
    """Keep what a function made of the last `maxsize` octet strings that were short enough; what it raises is not kept.

    The octets are its first argument, beside which it may have another. It must depend on these alone, and what it returns must
    not change.
    """

    def decorate(function: F) -> F:
        kept = lru_cache(maxsize=maxsize)(function)

        # Asked dozens of times for each chain, so that no arguments are packed and unpacked.
        def read(raw: bytes, /) -> Any:
            return kept(raw) if len(raw) <= LONGEST else function(raw)

        def read_with(raw: bytes, other: Any, /) -> Any:
            return kept(raw, other) if len(raw) <= LONGEST else function(raw, other)

        more = getattr(getattr(function, "__code__", None), "co_argcount", 1) > 1
        return wraps(function)(read_with if more else read)  # type: ignore[return-value] # of the same form

    return decorate
