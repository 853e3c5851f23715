"""What a client accepts, as data: a profile is a frozen value whose every fact names its source."""

from collections.abc import Mapping
from types import MappingProxyType

import attrs

from .findings import Severity


@attrs.frozen(kw_only=True)
class Fact:
    """One thing that is known of the client, and who says so."""

    what: str
    source: str


@attrs.frozen(kw_only=True)
class Profile:
    """A client, as far as certificates show whether it accepts a server.

    ``signature_algorithms`` maps the OIDs of those it accepts to Java's standard names. ``statement`` is what the
    source says of any other, for the finding to quote; ``observed`` is what releases were seen to do, where that
    differs. ``severities`` overrides the severity of a rule by its name.
    """

    name: str
    title: str
    description: str
    signature_algorithms: Mapping[str, str] = attrs.field(hash=False)
    algorithm_list: str
    """The list in words, as a finding names it."""
    statement: str
    observed: str = ""
    source: str
    facts: tuple[Fact, ...] = ()
    severities: Mapping[str, Severity] = attrs.field(factory=lambda: MappingProxyType({}), hash=False)
