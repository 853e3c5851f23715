"""Rules asked of one certificate by itself: the same answers, and less work."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import attrs
import pytest
from ca import Authority

import finesse_certlint as fcl
from finesse_certlint import alone, formats
from finesse_certlint.certificate import Certificate
from finesse_certlint.formats.der import _plain_certificate, _walked_certificate
from finesse_certlint.lint import Question
from finesse_certlint.rule import Problem
from finesse_certlint.subject import Subject
from finesse_certlint.tlv import SignedParts

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


def glanced(der: bytes) -> SignedParts | None:
    return _plain_certificate(der, len(der))


def walked(der: bytes) -> SignedParts | None:
    return _walked_certificate(der, len(der))


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


def test_a_rule_that_looks_at_nothing_but_the_algorithm_is_asked_once_for_each_algorithm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = Question.of(rules=["signature-algorithm-unsupported"], at=AT)
    quiet = [der for der in certificates() if not asked.findings(der)[0]]
    made: list[Certificate] = []

    def certificate(**fields: Any) -> Certificate:
        made.append(Certificate(**fields))
        return made[-1]

    monkeypatch.setattr(alone, "Certificate", certificate)
    assert all(asked.findings(der) == ((), ()) for der in quiet)
    assert not made


def test_a_rule_that_looks_at_more_is_asked_of_every_certificate() -> None:
    seen: list[bytes] = []

    def looks(_subject: Subject, certificate: Certificate) -> Iterator[Problem]:
        assert isinstance(certificate, Certificate)
        if certificate.signature_oid and certificate.der:
            seen.append(certificate.der)
        return iter(())

    rule = attrs.evolve(ONE_BY_ONE[0], check=looks)
    asked = Question.of(rules=[rule], at=AT)
    ders = certificates()[:100]
    assert all(asked.findings(der) == ((), ()) for der in ders)
    assert seen == ders


def test_what_is_recognised_at_a_glance_is_what_a_walk_finds() -> None:
    """Every octet of the frame changed to every value, and one octet less and more behind it."""
    der = certificates()[0]
    parts = glanced(der)
    assert parts is not None
    frame = (
        range(9),
        range(parts.algorithm.start, parts.algorithm.content),
        range(parts.value.start, parts.value.content),
    )
    for place in chain(*frame):
        for octet in range(256):
            changed = der[:place] + bytes([octet]) + der[place + 1 :]
            assert glanced(changed) in (None, walked(changed))
            for cut in (changed[:-1], changed + b"\0"):
                assert glanced(cut) in (None, walked(cut))


def test_nearly_every_certificate_is_recognised_at_a_glance() -> None:
    ders = certificates()
    found = [glanced(der) for der in ders]
    assert all(parts in (None, walked(der)) for der, parts in zip(ders, found, strict=True))
    assert sum(parts is not None for parts in found) > len(ders) * 0.9
    assert [glanced(der[:size]) for der in ders[:3] for size in range(len(der))] == [None] * sum(map(len, ders[:3]))


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


# -- A certificate that comes again ------------------------------------------------------------------------------------


def asked_of(check: Callable[[Subject, Certificate], object], times: int = 4) -> int:
    """How often a rule that has nothing to say is asked about a certificate that is judged so many times."""
    asked = 0

    def silent(subject: Subject, certificate: Certificate) -> Iterator[Problem]:
        nonlocal asked
        check(subject, certificate)
        asked += 1
        return iter(())

    rule = attrs.evolve(ONE_BY_ONE[0], check=silent)
    der = Authority("Example CA that is met again").der
    for _ in range(times):
        assert not fcl.lint(der, rules=[rule], at=AT).findings
    return asked


def test_a_rule_is_asked_no_more_once_the_octets_and_the_profile_gave_it_nothing_to_say() -> None:
    """Once for the first meeting, and once more without the input at the second."""
    assert asked_of(lambda subject, certificate: (subject.profile, certificate.subject, certificate.problems)) == 2


@pytest.mark.parametrize("name", ["index", "location", "trusted", "awaited"])
def test_a_rule_that_looks_at_a_certificates_place_is_asked_each_time(name: str) -> None:
    assert asked_of(lambda _subject, certificate: getattr(certificate, name)) == 4


@pytest.mark.parametrize("name", ["at", "hierarchy", "hostname", "certificates"])
def test_a_rule_that_looks_at_more_than_the_profile_is_asked_each_time(name: str) -> None:
    assert asked_of(lambda subject, _certificate: getattr(subject, name)) == 4


def test_a_certificate_that_comes_again_is_judged_by_each_profile_in_turn() -> None:
    for der in certificates()[::25]:
        first = [fcl.lint(der, profile=profile, at=AT).findings for profile in fcl.profiles()]
        for _ in range(2):
            assert [fcl.lint(der, profile=profile, at=AT).findings for profile in fcl.profiles()] == first


@pytest.mark.parametrize("profile", [profile.name for profile in fcl.profiles()])
def test_a_certificate_that_comes_again_is_judged_as_the_first_time(profile: str) -> None:
    """Alone, behind itself, and as what is trusted."""
    for der in certificates()[::8]:
        first = fcl.lint(der, profile=profile, at=AT).to_dict()
        fcl.lint(der + der, der, profile=profile, at=AT)
        for _ in range(2):
            assert fcl.lint(der, profile=profile, at=AT).to_dict() == first
