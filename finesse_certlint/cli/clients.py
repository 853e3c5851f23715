"""The client that is asked: a profile by name or from a file, or a Java installation; and what it trusts."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from .. import get_profile
from .. import lint as judge
from ..errors import CertlintError, InputError
from ..profile import Profile
from .complaints import MisuseError
from .files import read, read_all, title

# Where an installation keeps its files: Java 9 and later, a JRE, and the JRE inside a JDK of 7 or 8.
_SECURITY = ("conf/security/java.security", "lib/security/java.security", "jre/lib/security/java.security")
_CACERTS = ("lib/security/cacerts", "jre/lib/security/cacerts")
_RELEASE = ("release", "../release")


def named_client(name: str) -> Profile:
    """A profile by its name, or from a TOML file; no name at all is finesse.

    :raises MisuseError: where the file holds no profile.
    :raises ProfileError: where no profile has this name.
    """
    if name.endswith(".toml") or os.path.sep in name:
        return _own_profile(name)
    return get_profile(name or "finesse")


def chosen_client(profile: str | None, java_home: Path | None) -> tuple[Profile, bytes | None]:
    """The client that --profile or --java-home names, finesse without either, and what it trusts where that is known.

    :raises MisuseError: where both are given, or what is given is not fit.
    :raises ProfileError: where no profile has this name.
    """
    if java_home is None:
        return named_client(profile or ""), None
    if profile is not None:
        raise MisuseError("--java-home and --profile each name a client; give one of them")
    return _installation(java_home)


def trust_store(trusted: Sequence[str], password: str | None) -> bytes | None:
    """The bytes of the store that --trusted names, found fit before any file is judged by it; None without one.

    :raises MisuseError: where it cannot be read as a trust store.
    """
    if not trusted:
        return None
    data = read(trusted[0])
    try:
        judge(b"", trusted=data, rules=(), password=password)
    except InputError as error:
        raise MisuseError(f"--trusted {title(trusted[0])}: {str(error).removeprefix('trusted: ')}") from None
    return data


def beside(option: str, files: Sequence[str] | None, password: str | None) -> dict[str, bytes] | None:
    """The files that --issuers, --issued or --request names, found fit before any file is judged by them; None without any.

    :raises MisuseError: where one cannot be read, or holds nothing of its kind.
    """
    if not files:
        return None
    data = read_all(files)
    try:
        judge(b"", rules=(), password=password, **{option: data})  # type: ignore[arg-type]
    except InputError as error:
        raise MisuseError(f"--{option} {error}") from None
    return data


def _own_profile(path: str) -> Profile:
    import tomllib

    try:
        return Profile.from_mapping(tomllib.loads(read(path).decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MisuseError(f"--profile {title(path)}: it is no TOML: {error}") from None
    except CertlintError as error:
        raise MisuseError(f"--profile {title(path)}: {error}") from None


def _installation(home: Path) -> tuple[Profile, bytes | None]:
    """A Java installation as a client: by its files alone, nothing in it is run."""
    release = _found(home, _RELEASE)
    text = release.decode("utf-8", "replace") if release else ""
    version = re.search(r'^JAVA_VERSION="?([^"\n]+)', text, re.MULTILINE)
    if version is None:
        raise MisuseError(
            f"--java-home {title(str(home))}: no file `release` there says which Java it is; "
            "give the folder that holds bin and lib"
        )
    from .. import profile_for_java

    base = profile_for_java(version[1])
    security, cacerts = _found(home, _SECURITY), _found(home, _CACERTS)
    if security is None:
        raise MisuseError(
            f"--java-home {title(str(home))}: it has no java.security; give the folder that holds bin and lib"
        )
    return Profile.from_java_security(security.decode("latin-1"), base, name=f"Java {version[1]}"), cacerts


def _found(home: Path, places: Iterable[str]) -> bytes | None:
    path = next((home / place for place in places if (home / place).is_file()), None)
    return None if path is None else read(str(path))
