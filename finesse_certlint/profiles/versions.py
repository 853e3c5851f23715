"""From what `java -version` prints to the profile that comes nearest."""

import re

import attrs

from ..errors import ProfileError
from ..profile import Fact, Profile
from .java import BY_RELEASE

# From which update on a release behaves as the observed one does, as far as certificates go, and why the line is there.
_FROM: dict[int, tuple[tuple[int, str, str], ...]] = {
    7: (
        (131, "7u181", "TLS 1.2, EC keySize < 224 and SHA1 jdkCA came with 7u131 (read in 7u's source)"),
        (0, "7u80", "TLS 1.0 by default up to 7u121 (read in 7u's source)"),
    ),
    8: (
        (251, "8u504", "RSASSA-PSS came with 8u251 (8230978)"),
        (0, "8u181", "no RSASSA-PSS before 8u251 (8230978)"),
    ),
    9: ((0, "8u181", "Java 9 has no RSASSA-PSS either (read in its source)"),),
    10: ((0, "8u181", "RSASSA-PSS came with 11 (8146293)"),),
    11: ((0, "11", "the nearest that was observed"),),
    17: ((0, "17", "the nearest that was observed"),),
    21: ((0, "21", "the nearest that was observed"),),
}
# 1.7.0_181, 1.7.0.181 as packages are named, 1.7; 7u181, 7 Update 181; 17, 17.0.15, 17.0.4.1. It stands alone or behind a
# name as in jdk1.7.0_80 and java-17.0.2, and no other number is one: 11.6(1), 25.181-b13, 64-Bit.
_VERSION = re.compile(
    r"(?:(?<![\w.+-])|(?<=jdk)|(?<=jre)|(?<=[a-z]{3}-))"
    r"(?:1\.(?P<old>[0-9])(?:\.[0-9](?:[_.](?P<update>\d{1,4}))?)?"
    r"|(?P<short>[5-8])(?:u|\s+update\s+)(?P<short_update>\d{1,4})"
    r"|(?P<new>\d{1,3})(?:(?:\.\d{1,4}){2,5}|(?!\.\d)))\b(?!-bit)",
    re.ASCII | re.IGNORECASE,
)


def profile_for_java(text: str) -> Profile:
    """The profile for a Java installation, by the text that `java -version` prints.

    :param text: for example ``java version "1.7.0_181"``, the whole output, or the number alone.
    :returns: the profile of the observed release that comes nearest; where that is another release, its title and its
        first fact say so.
    :raises ProfileError: where the text holds no version, or one of a Java before 7, which nobody observed.
    """
    text = text[:10_000]
    quoted = re.search(r'version "([^"]{1,40})"', text)
    match = _VERSION.search(quoted[1] if quoted else text[:200])
    if match is None:
        raise ProfileError(f"{text[:60]!r} holds no version of Java; give what `java -version` prints")
    feature = _feature(match)
    # IBM's Java 7 says 1.7.0 and, further down, "based on Oracle jdk7u85-b15"; a package says it twice, once in full.
    updates = (_update(each) for each in (match, *_VERSION.finditer(text)) if _feature(each) == feature)
    update = next(filter(None, updates), 0)
    if feature < min(_FROM):
        raise ProfileError(f"Java {feature} was not observed; the oldest profile is java-7u80")
    known = max(number for number in _FROM if number <= feature)
    release, why = next((release, why) for since, release, why in _FROM[known] if update >= since)
    asked = f"{feature}u{update}" if feature < 9 else match[0]
    profile = BY_RELEASE[release]
    if release in (asked, str(feature)):
        return profile
    note = f"Java {asked} itself was not observed; it is judged as {release}: {why}"
    return attrs.evolve(
        profile,
        title=f"{profile.title}, the nearest observed to {asked}",
        facts=(Fact(what=note, source="the releases that were observed"), *profile.facts),
    )


def _feature(match: re.Match[str]) -> int:
    return int(match["old"] or match["short"] or match["new"])


def _update(match: re.Match[str]) -> int:
    """The update of a Java before 9; later releases are told apart by their feature alone."""
    return int(match["update"] or match["short_update"] or 0)
