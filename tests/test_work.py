"""How much is done, counted: nothing twice, and nothing kept that an input could make large. Seconds are the benchmark's matter."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import Mock, patch

import attrs
import ca
import pytest

import finesse_certlint as fcl
from finesse_certlint import chain as chains
from finesse_certlint import run, verification
from finesse_certlint.java.hostname.subject_alt_name import alternative_names
from finesse_certlint.java.parse import plain
from finesse_certlint.lazily import lazy
from finesse_certlint.lint import Question
from finesse_certlint.pkix import extensions, signed
from finesse_certlint.pkix.identifiers import first_oid, key_members
from finesse_certlint.recurring import LONGEST, recurring
from finesse_certlint.rules import ALL
from finesse_certlint.rules.chain import stray_certificate
from finesse_certlint.rules.files import block_damaged
from finesse_certlint.tlv import read_signed

AT = datetime(2026, 11, 23, tzinfo=UTC)
CASES = Path(__file__).parent / "verdicts" / "verdicts.jsonl"
NUMBERS = count()


def chain() -> tuple[bytes, int]:
    """A chain of three in DER whose like no cache has seen, and how many extensions it has."""
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    issuing = root.authority(f"Counted Issuing CA {next(NUMBERS)}")
    ders = (issuing.server("gadgets.example.com").der, issuing.der, root.der)
    certificates = [
        fcl.Certificate(index=0, der=der, location=fcl.Location(document="", start=0, stop=0)) for der in ders
    ]
    return b"".join(ders), sum(len(certificate.extensions) for certificate in certificates)


def test_each_signature_of_a_chain_is_verified_once() -> None:
    data, _ = chain()
    with patch.object(verification, "_verify_rsa", wraps=verification._verify_rsa) as verified:
        fcl.lint(data, at=AT)
    assert verified.call_count == 3


def test_a_ca_that_issued_a_second_chain_is_not_verified_again() -> None:
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    issuing = root.authority(f"Counted Issuing CA {next(NUMBERS)}")
    leaves = [issuing.server(f"gadgets{number}.example.com") for number in range(3)]
    with patch.object(verification, "_verify_rsa", wraps=verification._verify_rsa) as verified:
        for leaf in leaves:
            fcl.lint(leaf.der + issuing.der + root.der, at=AT)
    assert verified.call_count == 2 + len(leaves)


@pytest.mark.parametrize("profile", ["finesse", "java-17"])
def test_each_extension_is_looked_at_once_whatever_the_rules_ask(profile: str) -> None:
    data, number = chain()
    with patch.object(extensions, "extension_in", wraps=extensions.extension_in) as read:
        fcl.lint(data, at=AT, profile=profile).to_dict()
    assert read.call_count == number


def test_where_the_parts_of_a_certificate_stand_is_found_when_the_file_is_read() -> None:
    data, _ = chain()
    with patch("finesse_certlint.pkix.signed.read_signed", wraps=read_signed) as walked:
        fcl.lint(data, at=AT).to_dict()
    assert walked.call_count == 0


@pytest.mark.parametrize("profile", ["finesse", "java-17"])
def test_java_reads_each_certificate_once_whatever_the_rules_ask(profile: str) -> None:
    data, _ = chain()
    with patch("finesse_certlint.java.parse.plain.reads", wraps=plain.reads) as read:
        fcl.lint(data, at=AT, profile=profile).to_dict()
    assert read.call_count == 3


def test_a_cas_key_is_made_ready_once_for_all_that_it_has_signed() -> None:
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}", key=ca.key("rsa2048", f"counted {next(NUMBERS)}"))
    servers = [root.server(f"host{number}.example.com").der for number in range(5)]
    with patch("finesse_certlint.verification.key_members", wraps=key_members) as made:
        fcl.lint(b"".join(servers) + root.der, at=AT)
    assert made.call_count == 1


def test_which_rules_run_is_worked_out_once_for_inputs_that_are_alike() -> None:
    fcl.lint(chain()[0], at=AT)
    before = run._plan.cache_info().misses
    reports = [fcl.lint(chain()[0], at=AT) for _ in range(3)]
    assert run._plan.cache_info().misses == before
    assert reports[0].rules is reports[1].rules is reports[2].rules


def test_reports_share_what_is_the_same_in_all_and_their_dictionaries_share_nothing() -> None:
    first, second = (fcl.lint(chain()[0], at=AT) for _ in range(2))
    expected = second.to_dict()
    changed = first.to_dict()
    changed["rules"]["run"].clear()
    changed["rules"]["skipped"][0].clear()
    for explanation in changed["explanations"]:
        explanation["sections"].clear()
        explanation["references"].clear()
    for finding in changed["findings"]:
        finding["references"].clear()
        finding["evidence"].clear()
    assert second.to_dict() == expected
    assert first.to_dict()["rules"] == expected["rules"]


def test_a_rule_on_what_stands_beside_certificates_is_called_only_where_something_does() -> None:
    data, _ = chain()
    called = Mock(return_value=())
    rules = [attrs.evolve(block_damaged, check=called)]
    assert fcl.lint(data, at=AT, rules=rules).rules.run == ("block-damaged",)
    assert called.call_count == 0
    fcl.lint(data + data[:100], at=AT, rules=rules)
    assert called.call_count == 1


@pytest.mark.parametrize(
    "data", [chain()[0], ca.Authority("Words").pem, b"Words:\n" + ca.Authority("Words").pem + b"and more"]
)
def test_rules_on_what_stands_beside_certificates_have_nothing_to_say_of_certificates(data: bytes) -> None:
    case = Question.of(at=AT).read(data)
    subject = case._subject(case._files, fcl.get_profile("java-17"))
    assert subject.plain
    said = {rule.name: list(rule.check(subject)) for rule in ALL if rule.beside}
    assert len(said) > 10
    assert not any(said.values())


def test_a_rule_on_what_goes_astray_is_called_only_where_something_does() -> None:
    """The first of three has its chain in order; then it lacks its root, stands out of order, and is joined by another."""
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    leaf, stranger = root.server("gadgets.example.com"), ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    called = Mock(return_value=())
    rules = [attrs.evolve(stray_certificate, check=called)]
    assert fcl.lint(leaf.der + root.der, at=AT, rules=rules).rules.run == ("stray-certificate",)
    assert called.call_count == 0
    for ders in ([leaf.der], [root.der, leaf.der], [leaf.der, root.der, root.der], [leaf.der, root.der, stranger.der]):
        called.reset_mock()
        fcl.lint(b"".join(ders), at=AT, rules=rules)
        assert called.call_count == 1
    called.reset_mock()
    fcl.lint(leaf.der + root.der, root.der, at=AT, rules=rules)  # which of the two is trusted, has to be found out
    assert called.call_count == 1


@pytest.mark.parametrize("profile", [profile.name for profile in fcl.profiles()])
def test_rules_on_what_goes_astray_have_nothing_to_say_of_a_straight_chain(profile: str) -> None:
    """Of every chain that was shown to a JVM, good and bad, its root behind it."""
    asked = Question.of(at=AT, profile=profile)
    straight = 0
    for line in CASES.read_text("utf-8").splitlines():
        shown = json.loads(line)
        case = asked.read((shown["presented"] + shown["trust"]).encode("latin-1"))
        subject = case._subject(case._files, asked.profile)
        if not subject.hierarchy.straight:
            continue
        straight += 1
        beside: dict[str, Sequence[Any]] = {"path": subject.paths, "certificate": subject.certificates}
        for rule in ALL:
            if rule.astray:
                calls = [(subject, each) for each in beside[rule.scope]] if rule.scope in beside else [(subject,)]
                assert [problem for arguments in calls for problem in rule.check(*arguments)] == []
    assert straight > 50


# -- What is kept ------------------------------------------------------------------------------------------------------


def test_what_recurs_is_read_once_and_what_is_long_is_never_kept() -> None:
    work = Mock(side_effect=len, __name__="work")
    read = recurring(8)(work)
    assert [read(b"short"), read(b"short")] == [5, 5]
    assert work.call_count == 1
    assert [read(bytes(LONGEST + 1)), read(bytes(LONGEST + 1))] == [LONGEST + 1] * 2
    assert work.call_count == 3


def test_an_algorithm_identifier_without_measure_is_not_kept() -> None:
    usual, long = (ca.algorithm("1.2.840.113549.1.1.11", ca.tlv(0x04, bytes(size))) for size in (8, LONGEST))
    with patch.object(signed, "first_oid", wraps=first_oid) as read:
        for raw in (usual, long) * 2:
            assert signed._first_oid(raw) == "1.2.840.113549.1.1.11"
    assert read.call_count == 3


def test_what_cannot_be_read_is_read_again() -> None:
    work = Mock(side_effect=ValueError("cut off"), __name__="work")
    read = recurring(8)(work)
    for _ in range(2):
        with pytest.raises(ValueError, match="cut off"):
            read(b"\x30")
    assert work.call_count == 2


def test_what_was_made_of_a_certificate_is_there_when_it_is_met_again() -> None:
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    servers = [root.server(f"gadgets{number}.example.com").der for number in range(3)]
    with patch("finesse_certlint.java.parse.plain.reads", wraps=plain.reads) as read:
        reports = [fcl.lint(root.der + server, at=AT) for server in servers]
    assert read.call_count == len(servers) + 1
    assert [report.certificates[0].location.start for report in reports] == [0] * len(servers)
    again = fcl.lint(servers[0] + root.der, at=AT, name="other")
    assert (again.certificates[1].index, again.certificates[1].location.document) == (1, "other")
    assert again.certificates[1].location.start == len(servers[0])


def test_of_certificates_without_measure_nothing_is_kept() -> None:
    names = tuple(f"{'x' * 50}{number}.example.com" for number in range(200))
    server = ca.Authority(f"Counted Root CA {next(NUMBERS)}").server("gadgets.example.com", san=names).der
    with patch("finesse_certlint.java.parse.plain.reads", wraps=plain.reads) as read:
        for _ in range(2):
            fcl.lint(server, at=AT)
    assert read.call_count == 2


def test_what_is_wrong_with_a_certificate_is_said_alike_whatever_was_asked_of_it_before() -> None:
    server = (
        ca.Authority(f"Counted Root CA {next(NUMBERS)}").server("gadgets.example.com", san=("gadgets.example.com",)).der
    )
    # Neither the version nor what the key may be used for can be read.
    damaged = server.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07").replace(
        b"\x04\x04\x03\x02", b"\x04\x04\x04\x02"
    )
    whole = fcl.lint(damaged, at=AT).to_json()
    assert whole.count("certificate-malformed") > 1
    for name in ("rsa-key-too-small", "server-auth-missing", "certificate-unparseable"):
        fcl.lint(damaged, at=AT, rules=[name])
        assert fcl.lint(damaged, at=AT).to_json() == whole


def test_no_more_is_kept_than_was_said() -> None:
    work = Mock(side_effect=len, __name__="work")
    read = recurring(2)(work)
    for raw in (b"a", b"b", b"c", b"a"):
        read(raw)
    assert work.call_count == 4


def test_a_lazy_attribute_is_worked_out_at_the_first_look_and_belongs_to_its_instance() -> None:
    @attrs.frozen(slots=False)
    class Squared:
        side: int

        @lazy
        def area(self) -> int:
            """The area."""
            worked.append(self.side)
            return self.side**2

    worked: list[int] = []
    two, three = Squared(2), Squared(3)
    assert (two.area, two.area, three.area) == (4, 4, 9)
    assert worked == [2, 3]
    assert isinstance(Squared.area, lazy)
    assert Squared.area.__doc__ == "The area."
    assert two == Squared(2)


# -- Plain forms -------------------------------------------------------------------------------------------------------


def test_one_certificate_and_a_straight_chain_need_no_search() -> None:
    data, _ = chain()
    alone = ca.Authority(f"Counted Root CA {next(NUMBERS)}").server("gadgets.example.com").der
    with patch.object(chains, "_Builder", wraps=chains._Builder) as searched:
        reports = [fcl.lint(data, at=AT), fcl.lint(alone, at=AT)]
    assert searched.call_count == 0
    assert [[chain.certificates for chain in report.chains] for report in reports] == [[(0, 1, 2)], [(0,)]]


def test_a_straight_chain_is_what_a_search_finds() -> None:
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    issuing = root.authority(f"Counted Issuing CA {next(NUMBERS)}")
    leaf = issuing.server("gadgets.example.com")
    for ders in ([leaf.der], [leaf.der, issuing.der], [leaf.der, issuing.der, root.der], [root.der]):
        certificates = tuple(
            fcl.Certificate(index=index, der=der, location=fcl.Location(document="", start=0, stop=0))
            for index, der in enumerate(ders)
        )
        straight = chains._straight(certificates, fcl.Limits())
        assert straight == chains._Builder(certificates, None, fcl.Limits()).build()


def test_where_a_certificate_is_altered_missing_or_out_of_order_the_search_has_its_say() -> None:
    root = ca.Authority(f"Counted Root CA {next(NUMBERS)}")
    leaf = root.server("gadgets.example.com")
    altered = leaf.der[:-1] + bytes([leaf.der[-1] ^ 1])
    for ders in ([root.der, leaf.der], [altered, root.der], [leaf.der, leaf.der, root.der]):
        with patch.object(chains, "_Builder", wraps=chains._Builder) as searched:
            list(fcl.lint(b"".join(ders), at=AT).chains)
        assert searched.call_count == 1


@pytest.mark.parametrize("profile", [profile.name for profile in fcl.profiles()])
def test_a_host_that_stands_among_the_names_is_known_without_reading_them_as_java_does(profile: str) -> None:
    server = ca.Authority("Counted Root CA").server(
        "gadgets.example.com", san=("other.example.com", "gadgets.example.com")
    )
    certificate = fcl.Certificate(index=0, der=server.der, location=fcl.Location(document="", start=0, stop=0))
    hostnames = fcl.get_profile(profile).hostnames
    with patch("finesse_certlint.java.hostname.alternative_names", wraps=alternative_names) as read:
        assert hostnames.mismatch(certificate, "gadgets.example.com") is None
        assert read.call_count == 0
        assert hostnames._compare(certificate, "gadgets.example.com") is None
        assert hostnames.mismatch(certificate, "gadgets.example.org") is not None
