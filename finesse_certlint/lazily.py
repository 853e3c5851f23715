"""Attributes that are worked out at the first look."""

from functools import cached_property
from typing import Any, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class lazy(cached_property[T_co]):  # noqa: N801 - it stands where `property` does
    """`functools.cached_property` without the lock that it has before Python 3.12: what comes out twice is equal.

    The class must have a `__dict__`: with attrs, ``slots=False``, by which a first look costs a fifth.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> "lazy[T_co]": ...
    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T_co: ...
    def __get__(self, instance: object, owner: type[Any] | None = None) -> "lazy[T_co] | T_co":
        """The value, which stands in the instance's own dictionary from then on, where it is found without this."""
        if instance is None:
            return self
        value = instance.__dict__[self.attrname] = self.func(instance)  # type: ignore[index] # its class gave it
        return value
