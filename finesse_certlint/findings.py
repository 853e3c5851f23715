"""What a rule has found: how bad, where, what it means and what to do about it."""

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from enum import StrEnum
from typing import Any

import attrs

from .values import members


class Severity(StrEnum):
    """How bad a finding is, in pkimetal's words, ordered: ``Severity.WARNING < Severity.ERROR``.

    ``bug`` stands above all others and is reserved for a rule that crashed: the fault is the library's.
    """

    DEBUG = "debug"
    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"
    FATAL = "fatal"
    BUG = "bug"

    @property
    def rank(self) -> int:
        """0 for debug, up to 6 for bug."""
        return _RANKS[self._value_]

    # A StrEnum compares as text, by which "error" < "info"; severities compare by rank, against a plain word too.
    def __lt__(self, other: str) -> bool:
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}


class Verdict(StrEnum):
    """The answer: will this client accept this server?"""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNDETERMINED = "undetermined"
    """Something that decides is not in the input, or could not be looked at; the findings say what."""


class Role(StrEnum):
    """A certificate's place in its chain."""

    LEAF = "leaf"
    INTERMEDIATE = "intermediate"
    ROOT = "root"


@attrs.frozen(kw_only=True)
class Location:
    """Where in the input something stands.

    ``start`` and ``stop`` are byte offsets into the input as it was given; ``line`` counts from 1 and is None in binary
    input; ``field`` is a path in RFC 5280's names, such as ``tbsCertificate.validity.notAfter``; ``within`` says which
    element of a container (a PKCS#7, for one) is meant.
    """

    document: str
    start: int
    stop: int
    line: int | None = None
    within: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        place = self.document
        if self.line is not None:
            place += f", line {self.line}"
        elif self.start:
            place += f", byte {self.start}"
        parts = [place, *(part for part in (self.within, self.field) if part)]
        return ", ".join(parts)


def printable(text: str) -> str:
    """The text with each character that could deceive a terminal or a reader as hexadecimal pairs of its UTF-8."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else "".join(f"\\{byte:02X}" for byte in c.encode("utf-8", "surrogatepass")) for c in text
    )


def sentence(words: str) -> str:
    """The words with a capital letter at their beginning."""
    return words[:1].upper() + words[1:]


class FrozenMapping(Mapping[str, Any]):
    """A mapping that does not change and, unlike the standard library's proxy, can be pickled and copied."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    # The dictionary's own views, which do not look up each key once more.

    def keys(self) -> KeysView[str]:
        return self._values.keys()

    def values(self) -> ValuesView[Any]:
        return self._values.values()

    def items(self) -> ItemsView[str, Any]:
        return self._values.items()

    def __repr__(self) -> str:
        return repr(self._values)


def _evidence(values: Mapping[str, Any]) -> FrozenMapping:
    frozen = FrozenMapping.__new__(FrozenMapping)  # whose own beginning would copy the dictionary
    frozen._values = members(values)
    return frozen


@attrs.frozen(kw_only=True)
class Finding:
    """One thing that one rule has to say.

    ``certificate``, ``request``, ``handshake`` and ``chain`` are indices into the report's tuples of that name, or
    None. A finding with a ``chain`` holds for that path alone; the others hold wherever their certificate is used.
    ``evidence`` holds the values that the judgement rests on, as JSON values; what a rule gives otherwise, becomes one.
    """

    rule: str
    severity: Severity
    message: str
    remedy: str
    certificate: int | None = None
    request: int | None = None
    handshake: int | None = None
    chain: int | None = None
    role: Role | None = None
    location: Location | None = None
    evidence: Mapping[str, Any] = attrs.field(factory=dict, converter=_evidence, hash=False)
    references: tuple[str, ...] = ()
