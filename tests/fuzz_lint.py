"""The contract under fuzzing: whatever the bytes, `lint()` returns a Report or raises InputError, and the spans add up.

An atheris target (extra `fuzz`), seeded with every quirk and foreign file that the tests know::

    python tests/fuzz_lint.py -runs=200000
"""

import json
import sys
import tempfile
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import atheris
from fuzzing import fcl

from finesse_certlint.render import FORMATS

AT = datetime(2026, 11, 23, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
GOOD = (EXAMPLES / "good-chain.pem").read_bytes()
REQUEST = (EXAMPLES / "request.csr").read_bytes()
PROFILES = [profile.name for profile in fcl.profiles()]


def one(data: bytes) -> None:
    """One input, judged by a client that follows from it, and shown in all forms."""
    profile = drawn(PROFILES, data)
    try:
        report = fcl.lint(data, at=AT, hostname="gadgets.example.com", password="changeit", profile=profile)
    except fcl.InputError:
        return
    (document,) = report.case.documents
    assert sum(len(block.span) for block in document.blocks) == len(data)
    check(report)
    report.render(drawn(list(FORMATS), data))


def drawn(choices: Sequence[str], data: bytes) -> str:
    """One of them; the same for the same input."""
    return choices[zlib.crc32(data) % len(choices)]


def check(report: fcl.Report) -> None:
    """No rule failed, and the report travels."""
    assert not report.rules.crashed, report.rules.crashed
    assert fcl.Report.from_dict(json.loads(report.to_json())) == report


def beside(data: bytes) -> None:
    """The same bytes as what is known of a CA, as the request that was answered, as what is trusted and as a second file."""
    profile = drawn(PROFILES, data)
    for judge in (
        partial(fcl.lint, GOOD, at=AT, issuers=data),
        partial(fcl.lint, REQUEST, at=AT, issuers=data),
        partial(fcl.lint, REQUEST, at=AT, issuers=GOOD, issued=data),
        partial(fcl.lint, GOOD, at=AT, request=data),
        partial(fcl.lint, GOOD, at=AT, trusted=data),
        partial(fcl.lint, {"server": GOOD, "rest": data}, at=AT, trusted=GOOD),
    ):
        try:
            report = judge(profile=profile)
        except fcl.InputError:
            continue
        check(report)


def both(data: bytes) -> None:
    """Everything that is asked of one input."""
    one(data)
    beside(data)


def seeds(folder: Path) -> None:
    """The corpus to begin with: what the tests make, whole."""
    from ca import Authority, article_chain
    from quirks import FOREIGN, QUIRKS, RARER
    from test_requests import seeds as requests

    chain = [issued.der for issued in article_chain()]
    small = Authority("R", key="ec256")
    short = [small.server("a.example", key="ec256").der, small.der]
    for number, quirk in enumerate([*QUIRKS.values(), *RARER.values()]):
        (folder / f"quirk-{number}").write_bytes(quirk(chain))
        (folder / f"short-{number}").write_bytes(quirk(short))
    for number, given in enumerate(requests()):
        (folder / f"request-{number}").write_bytes(given)
    for name, foreign in FOREIGN.items():
        (folder / f"foreign-{name}").write_bytes(foreign())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        seeds(Path(corpus))
        atheris.Setup([*sys.argv, corpus, "-max_len=8192", "-timeout=20"], both)
        atheris.Fuzz()
