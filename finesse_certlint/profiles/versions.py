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
_VERSION = re.compile(
    r"(?:1\.(?P<old>[0-9])\.0(?:_(?P<update>\d{1,4}))?|(?P<new>\d{1,3})(?:\.\d+\.(?P<patch>\d{1,4}))?)\b", re.ASCII
)


def profile_for_java(text: str) -> Profile:
    """The profile for a Java installation, by the text that `java -version` prints.

    :param text: for example ``java version "1.7.0_181"``, the whole output, or the number alone.
    :returns: the profile of the observed release that comes nearest; where that is another release, its title and its
        first fact say so.
    :raises ProfileError: where the text holds no version, or one of a Java before 7, which nobody observed.
    """
    quoted = re.search(r'version "([^"]{1,40})"', text[:10_000])
    match = _VERSION.search(quoted[1] if quoted else text[:200])
    if match is None:
        raise ProfileError(f"{text[:60]!r} holds no version of Java; give what `java -version` prints")
    feature = int(match["old"] or match["new"])
    update = int(match["update"] or match["patch"] or 0)
    if feature < min(_FROM):
        raise ProfileError(f"Java {feature} was not observed; the oldest profile is java-7u80")
    known = max(number for number in _FROM if number <= feature)
    release, why = next((release, why) for since, release, why in _FROM[known] if update >= since)
    asked = f"{feature}u{update}" if feature < 9 else match[0]
    profile = BY_RELEASE[release]
    if asked == release or (feature >= 9 and feature == known):
        return profile
    note = f"Java {asked} itself was not observed; it is judged as {release}: {why}"
    return attrs.evolve(
        profile,
        title=f"{profile.title}, the nearest observed to {asked}",
        facts=(Fact(what=note, source="the releases that were observed"), *profile.facts),
    )
