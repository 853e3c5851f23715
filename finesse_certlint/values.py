"""Frozen values as JSON values, and back: each field under its own name, so that a value is described in one place.

`plain()` writes any attrs class whose fields are text, numbers, bytes, moments, enumerations, tuples, mappings or such
classes again; `restored()` reads one by the types of its fields, and trusts nothing that it reads.
"""

import types
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum, StrEnum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import attrs

from .errors import InputError

T = TypeVar("T", bound=attrs.AttrsInstance)


def plain(value: Any) -> Any:
    """The value as JSON values; a tuple becomes a list, bytes become hexadecimal digits, a set a sorted list.

    What can change in it is made anew at each call.
    """
    kind: type = type(value)
    return value if kind in _JSON else _writer(kind)(value)


def members(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The same for what is known to be a mapping."""
    return {str(name): value if type(value) in _JSON else plain(value) for name, value in values.items()}


_JSON: frozenset[type] = frozenset({type(None), str, int, bool, float})


@lru_cache(maxsize=256)
def _writer(kind: type) -> Callable[[Any], Any]:
    """What makes JSON values of the values of one type that are none themselves."""
    if issubclass(kind, Enum):
        return attrgetter("_value_")  # what `value` returns, without its detour
    if issubclass(kind, Mapping):
        return members
    if issubclass(kind, (list, tuple)):
        return _array
    if issubclass(kind, (set, frozenset)):
        return lambda value: sorted(_array(value), key=repr)
    if issubclass(kind, (bytes, bytearray, memoryview)):
        return lambda value: bytes(value).hex()
    if issubclass(kind, datetime):
        return datetime.isoformat
    if attrs.has(kind):
        names = tuple(field.name for field in attrs.fields(kind) if field.init)
        taken = _getter(names)
        return lambda value: _object(names, taken(value))
    return str


# Where all members are JSON values already, as of most, none is looked at by itself.


def _object(names: Iterable[str], members: Collection[Any]) -> dict[str, Any]:
    return dict(zip(names, _array(members), strict=True))


def _array(members: Collection[Any]) -> list[Any]:
    if _JSON.issuperset(map(type, members)):
        return list(members)
    return [value if type(value) in _JSON else plain(value) for value in members]


@lru_cache(maxsize=256)
def _getter(names: tuple[str, ...]) -> Callable[[Any], Collection[Any]]:
    """What takes these attributes from a value."""
    if len(names) < 2:  # of one name attrgetter gives no tuple, and of none it cannot be made
        return lambda value: [getattr(value, name) for name in names]
    return attrgetter(*names)


def restored(kind: type[T], value: Any, where: str) -> T:
    """The value of that type which `plain()` wrote.

    :param kind: an attrs class, whose fields that are missing take their defaults; others are passed over.
    :param where: the place in the whole, for the message.
    :raises InputError: where the value is of another kind; the message says where and what is wanted.
    """
    values = mapping(value, where)
    hints, given = _hints(kind), {}
    for field in attrs.fields(kind):
        if field.name in values:
            given[field.name] = _restored(hints[field.name], values[field.name], f"{where}.{field.name}")
        elif field.init and field.default is attrs.NOTHING:
            raise InputError(f"{where}.{field.name} is missing: this is no report, or one of another version")
    return kind(**given)


def mapping(value: Any, where: str) -> Mapping[str, Any]:
    """The value, where it is an object.

    :raises InputError: where it is none.
    """
    if not isinstance(value, Mapping):
        raise _unfit(where, "an object", value)
    return value


def member(kind: Any, values: Any, name: str, where: str) -> Any:
    """A member of an object, of the type that is wanted.

    :param kind: a type as an annotation has it: `tuple[int, ...]`, `str | None`.
    :raises InputError: where it is missing or of another kind.
    """
    values = mapping(values, where or "the report")
    place = f"{where}.{name}" if where else name
    if name not in values:
        raise InputError(f"{place} is missing: this is no report, or one of another version")
    return _restored(kind, values[name], place)


def field_of(kind: type, values: Any, name: str, where: str) -> Any:
    """A member of an object, of the type that the field of that name has in a class.

    :raises InputError: where it is missing or of another kind.
    """
    return member(_hints(kind)[name], values, name, where)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _restored(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in get_args(kind):
            return None
        [kind] = [option for option in get_args(kind) if option is not type(None)]
        return _restored(kind, value, where)
    if origin in (tuple, frozenset):
        if not isinstance(value, (list, tuple)):
            raise _unfit(where, "an array", value)
        inner = get_args(kind)[0]
        return origin(_restored(inner, each, f"{where}[{number}]") for number, each in enumerate(value))
    if origin is not None and issubclass(origin, (Mapping, dict)):
        of = get_args(kind)[1]
        return {str(key): _restored(of, each, f"{where}.{key}") for key, each in mapping(value, where).items()}
    if kind is Any:
        return value
    if attrs.has(kind):
        return restored(kind, value, where)
    return _scalar(kind, value, where)


_WORDS: dict[type, str] = {str: "text", int: "a whole number", bool: "true or false", float: "a number"}


def _scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    if kind in _WORDS:
        if type(value) is not kind and not (kind is str and isinstance(value, str)):
            raise _unfit(where, _WORDS[kind], value)
        return value
    if not isinstance(value, str):
        raise _unfit(where, "text", value)
    try:
        if issubclass(kind, StrEnum):
            return kind(value)
        return _moment(value) if kind is datetime else bytes.fromhex(value)
    except (ValueError, OverflowError):
        raise _unfit(where, _wanted(kind), value) from None


def _moment(value: str) -> datetime:
    """A moment that can be told in UTC, which one without a zone is taken for."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    moment.astimezone(UTC)
    return moment


def _wanted(kind: Any) -> str:
    if issubclass(kind, StrEnum):
        return f"one of {', '.join(member.value for member in kind)}"
    return "an ISO 8601 date and time" if kind is datetime else "hexadecimal digits"


def _unfit(where: str, wanted: str, value: Any) -> InputError:
    return InputError(f"{where} must be {wanted}, and is {value!r:.60}")
