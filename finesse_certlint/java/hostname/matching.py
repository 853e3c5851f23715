"""Whether one name stands for a host: HostnameChecker's isMatched, and its two ways with wildcards."""

from typing import TYPE_CHECKING

from .idn import DomainNameError, checked, to_ascii, to_unicode

if TYPE_CHECKING:
    from . import HostnameChecker


def difference(rules: "HostnameChecker", host: str, name: str) -> str | None:
    """None where the name fits (`isMatched`); else the rule that stands against it, or "" where they just differ."""
    if rules.decodes_names:
        try:
            host, name = to_unicode(to_ascii(host)), to_unicode(to_ascii(name))
        except DomainNameError as error:
            return f"it is no domain name, for {error}"
    if rules.wildcard_needs_domain and "*" in name and (name == "*." or "." not in name.rpartition("*")[2]):
        return "a wildcard without a domain behind it does not count"
    if rules.demands_domain_names:
        try:
            checked(name.replace("*", rules.wildcard_stand_in))
        except DomainNameError as error:
            return f"it is no domain name, for {error}"
    host, name = host.lower(), name.lower()
    if not rules.wildcard_leftmost_only:
        return None if all_wildcards(host, name) else "labels that begin with xn-- are compared in Unicode"
    if _leftmost_wildcard(host, name):
        return None
    if all_wildcards(host, name):
        return "a wildcard counts in the leftmost label only"
    return "labels that begin with xn-- are compared in Unicode"


def all_wildcards(host: str, name: str) -> bool:
    """`matchAllWildcards`: label by label, empty ones left out, `*` for any part of any label."""
    labels, patterns = [list(filter(None, text.split("."))) for text in (host, name)]
    return len(labels) == len(patterns) and all(map(_fits, labels, patterns))


def _leftmost_wildcard(host: str, name: str) -> bool:
    """`matchLeftmostWildcard`: `*` in the leftmost label, the rest equal."""
    label, dot, rest = host.partition(".")
    pattern, *others = name.partition(".")
    return _fits(label, pattern) and [dot, rest] == others


def _fits(label: str, pattern: str) -> bool:
    first, *others = pattern.split("*")
    if not others:
        return label == pattern
    if not label.startswith(first):
        return False
    place = len(first)
    for part in others[:-1]:
        place = label.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return label[place:].endswith(others[-1])
