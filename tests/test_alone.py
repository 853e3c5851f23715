"""Rules asked of one certificate by itself: the same answers, and less work."""

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import finesse_certlint as fcl
from finesse_certlint import formats
from finesse_certlint.lint import Question

AT = datetime(2026, 11, 23, tzinfo=UTC)
CASES = Path(__file__).parent / "verdicts" / "verdicts.jsonl"
ONE_BY_ONE = tuple(rule for rule in fcl.rules() if rule.scope == "certificate" and not rule.needs)


@cache
def certificates() -> list[bytes]:
    """Every certificate that was shown to a JVM, good and bad."""
    found: dict[bytes, None] = {}
    for line in CASES.read_text("utf-8").splitlines():
        case = json.loads(line)
        for part in (case["presented"], case["trust"]):
            try:
                found |= dict.fromkeys(c.der for c in fcl.lint(part.encode("latin-1"), rules=[], at=AT).certificates)
            except fcl.InputError:
                continue
    return list(found)


@pytest.mark.parametrize("profile", [profile.name for profile in fcl.profiles()])
@pytest.mark.parametrize(
    "rules",
    [("signature-algorithm-unsupported",), tuple(rule.name for rule in ONE_BY_ONE)],
    ids=["one rule", "all of them"],
)
def test_the_findings_are_those_of_the_report(profile: str, rules: tuple[str, ...]) -> None:
    asked = Question.of(profile=profile, rules=rules, at=AT)
    ders = certificates()[:: 1 if len(rules) == 1 else 4]
    assert len(ders) > 100
    said = 0
    for der in ders:
        findings, _ = asked.findings(der)
        assert findings == fcl.lint(der, profile=profile, rules=rules, at=AT).findings
        said += len(findings)
    assert said


def test_of_a_certificate_that_nothing_is_to_be_said_of_no_document_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Question.of(rules=["signature-algorithm-unsupported"], at=AT)
    quiet = [der for der in certificates() if not asked.findings(der)[0]]
    assert len(quiet) > 100
    monkeypatch.setattr(formats, "read", lambda *_arguments: pytest.fail("a document was read"))
    assert all(asked.findings(der) == ((), ()) for der in quiet)


def test_two_certificates_in_a_row_and_anything_else_are_read_as_ever() -> None:
    asked = Question.of(rules=["signature-algorithm-unsupported"], at=AT)
    [pss, *_] = (der for der in certificates() if asked.findings(der)[0])
    [quiet, *_] = (der for der in certificates() if not asked.findings(der)[0])
    assert len(asked.findings(quiet + pss)[0]) == 1
    with pytest.raises(fcl.InputError):
        asked.findings(b"nothing of the kind")


def test_a_limit_on_the_size_holds() -> None:
    asked = Question.of(rules=["signature-algorithm-unsupported"], at=AT, limits=fcl.Limits(input_bytes=100))
    with pytest.raises(fcl.InputError, match="more than the limit of 100"):
        asked.findings(certificates()[0])
