"""What a rule is: one function, whose docstring is its page in the docs.

A rule looks at a `Subject` and yields a `Problem` for each thing it finds; it never sees the report, the clock, or
another rule. By its scope it is asked once about the input; about what is presented together, which are the certificates
in the files and, for each handshake, those that its server sent; about each path, each certificate, each handshake or
each request; and no more where what it would say is known (`alone.py`, `alike.py`), for it depends on what it is given and on
nothing else. The headings of its docstring are fixed, in this order, and checked when the rule is defined::

    What it means / Why it matters / What to do / How to see it yourself / Source
"""

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Literal

import attrs

from .errors import RuleError
from .findings import Severity

HEADINGS = ("What it means", "Why it matters", "What to do", "How to see it yourself", "Source")

Scope = Literal["input", "presented", "path", "certificate", "handshake", "request"]
Need = Literal["hostname", "trusted", "request"]


@attrs.frozen(kw_only=True)
class Problem:
    """What a rule yields; the pipeline adds the rule's name and severity, the role and the place.

    ``field`` is a path in RFC 5280's names inside the certificate; ``document`` and what follows it are given only by
    rules that speak of a place in a file which is no certificate's.
    """

    message: str
    remedy: str
    before_issue: str | None = None
    """The remedy where the certificate does not exist yet; a rule without one is silent on what a request asks for."""
    certificate: int | None = None
    request: int | None = None
    chain: int | None = None
    field: str | None = None
    severity: Severity | None = None
    """Where this case is milder than the rule's own severity."""
    evidence: Mapping[str, Any] = attrs.field(factory=dict)
    document: str | None = None
    start: int = 0
    stop: int = 0
    line: int | None = None
    within: str | None = None


@attrs.frozen(kw_only=True, eq=False)
class Rule:
    """A rule as the catalogue lists it; each is equal to itself only."""

    name: str
    severity: Severity
    topic: str
    since: str
    scope: Scope
    needs: tuple[Need, ...]
    references: tuple[str, ...]
    anchors: bool
    """Whether what it finds breaks a trusted certificate too, of which Java looks at little else than name and key."""
    everywhere: bool
    """Whether what it finds breaks the connection on whatever certificate that the server sends, used or not."""
    beside: bool = False
    """Whether it speaks only of what stands in files beside whole certificates, so that of files without it none need ask it."""
    astray: bool = False
    """Whether it speaks only where the certificates are no straight chain (`Hierarchy.straight`), so that of one it need not be
    asked."""
    summary: str
    sections: Mapping[str, str] = attrs.field(repr=False)
    check: Callable[..., Iterable[Problem]] = attrs.field(repr=False)

    def __reduce__(self) -> tuple[Callable[..., "Rule"], tuple[str, str]]:
        """By the name under which it can be imported, because its function bears the same name and cannot be found."""
        place = self.check.__module__, self.check.__qualname__
        if _imported(*place) is not self:
            from pickle import PicklingError

            raise PicklingError(f"rule {self.name}: another process would not find it as {'.'.join(place)}")
        return _imported, place


def _imported(module: str, name: str) -> Rule:
    found: Rule = getattr(import_module(module), name)
    return found


def rule(
    *,
    severity: Severity | str,
    scope: Scope,
    references: tuple[str, ...],
    needs: tuple[Need, ...] = (),
    anchors: bool = False,
    everywhere: bool = False,
    beside: bool = False,
    astray: bool = False,
    since: str = "0.1.0",
) -> Callable[[Callable[..., Iterable[Problem]]], Rule]:
    """Make a rule of a function; its name, with dashes, is the rule's identity for ever.

    :raises RuleError: where the docstring lacks a heading, or cites nothing.
    """

    def make(function: Callable[..., Iterable[Problem]]) -> Rule:
        name = function.__name__.replace("_", "-")
        summary, sections = _read(name, inspect.getdoc(function) or "")
        if not references:
            raise RuleError(f"rule {name} cites no source")
        return Rule(
            name=name,
            severity=Severity(severity),
            topic=function.__module__.rpartition(".")[2],
            since=since,
            scope=scope,
            needs=needs,
            references=references,
            anchors=anchors,
            everywhere=everywhere,
            beside=beside,
            astray=astray,
            summary=summary,
            sections=MappingProxyType(sections),
            check=function,
        )

    return make


def _read(name: str, doc: str) -> tuple[str, dict[str, str]]:
    """Split a docstring into its first sentence and its sections."""
    parts = re.split(r"^## (.+)$", doc, flags=re.MULTILINE)
    summary = " ".join(parts[0].split())
    sections = {heading.strip(): text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
    if tuple(sections) != HEADINGS or not summary or not all(sections.values()):
        raise RuleError(f"rule {name}: its docstring needs a first sentence and, each with text, {', '.join(HEADINGS)}")
    return summary, sections
