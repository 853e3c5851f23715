"""The profiles that come with the library. A new one is one value in one file, and one row here."""

from ..errors import ProfileError
from ..profile import Profile
from .finesse import FINESSE
from .java import RELEASES

__all__ = ["ALL", "get_profile", "profiles"]

ALL: tuple[Profile, ...] = (FINESSE, *RELEASES)


def get_profile(name: str) -> Profile:
    """The profile of that name.

    :raises ProfileError: where there is none; the message names those that there are.
    """
    for profile in ALL:
        if profile.name == name:
            return profile
    raise ProfileError(f"there is no profile {name!r}; there are: {', '.join(profile.name for profile in ALL)}")


def profiles() -> tuple[Profile, ...]:
    """Every profile, the default first."""
    return ALL
