"""Two reports compared: what is new, what was fixed, what stands; in a program and on the command line."""

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from ca import Authority, article_chain, good_chain, pem_bundle, pkcs7, pss
from reports import AT
from typer.testing import CliRunner, Result

import finesse_certlint as fcl
from finesse_certlint import Report
from finesse_certlint.cli import app

SERVER, ISSUING, ROOT = article_chain()


def report(*issued: Any, name: str = "chain.pem", **options: Any) -> Report:
    return fcl.lint(pem_bundle(*issued), name=name, at=AT, **options)


def rules(findings: tuple[fcl.Finding, ...]) -> list[str]:
    return [finding.rule for finding in findings]


BEFORE = report(SERVER, ISSUING, ROOT)
RENEWED = Authority(ROOT.common_name, key=ROOT.key, sign="SHA256withRSA")
"""The article's root as it is after its remedy: the same name and key, signed otherwise."""
AFTER = report(SERVER, ISSUING, RENEWED, name="renewed.pem")


def test_what_the_remedy_fixed_is_fixed_and_what_it_brought_is_new() -> None:
    found = fcl.diff(BEFORE, AFTER)
    assert rules(found.fixed) == ["signature-algorithm-unsupported", "signature-weak-hash", "trust-presumed"]
    assert rules(found.new) == ["trust-presumed"], "of another certificate"
    assert found.unchanged == ()
    assert (found.before.verdict, found.after.verdict, found.worst) == ("refused", "accepted", "info")


def test_nothing_is_new_where_nothing_changed_but_names_and_places() -> None:
    moved = fcl.lint(pkcs7(ROOT, ISSUING, SERVER), name="other.p7b", at=AT)
    found = fcl.diff(BEFORE, moved)
    assert rules(found.unchanged) == rules(BEFORE.findings)
    assert found.fixed == ()
    assert all(finding.rule == "wrong-order" for finding in found.new)


def test_of_two_of_the_same_one_may_be_fixed() -> None:
    stray = Authority("Another CA", sign=pss("SHA256"))
    two = report(SERVER, ISSUING, ROOT, stray)
    assert rules(fcl.diff(two, BEFORE).fixed) == [f.rule for f in two.findings if f.certificate == 3]
    twice = attrs.evolve(BEFORE, findings=BEFORE.findings[:1] * 2)
    once = attrs.evolve(BEFORE, findings=BEFORE.findings[:1])
    assert (len(fcl.diff(twice, once).fixed), len(fcl.diff(once, twice).new)) == (1, 1)


def test_a_report_that_was_read_compares_like_the_one_that_was_written() -> None:
    first, second = (Report.from_dict(json.loads(each.to_json())) for each in (BEFORE, AFTER))
    assert fcl.diff(first, second) == fcl.diff(BEFORE, AFTER)


def test_as_json_each_finding_brings_its_certificate_along() -> None:
    values = json.loads(fcl.diff(BEFORE, AFTER).to_json())
    assert values["schema"] == "finesse_certlint difference 1"
    assert [values[end]["verdict"] for end in ("before", "after")] == ["refused", "accepted"]
    assert values["fixed"][0]["fingerprint_sha256"] == BEFORE.certificates[2].fingerprint_sha256
    assert values["fixed"][0]["subject"] == "CN=Example Root CA"
    assert json.loads(fcl.diff(BEFORE, AFTER).render("json")) == values
    with pytest.raises(ValueError, match="there are: text, json"):
        fcl.diff(BEFORE, AFTER).render("html")


TEXT = """\
refused -> accepted   chain.pem -> renewed.pem

new: 1

info  trust-presumed   root: Example Root CA (certificate 3 of 3, renewed.pem, line 40)
  Example Root CA is presumed to be in the client's trust store; nothing was said about it.
  What to do: Give the trust store with --trusted, or check that this root is in Finesse's tomcat-trust.

fixed: 3
  error    signature-algorithm-unsupported   root: Example Root CA (certificate 3 of 3, chain.pem, line 40)
  notice   signature-weak-hash   root: Example Root CA (certificate 3 of 3, chain.pem, line 40)
  info     trust-presumed   root: Example Root CA (certificate 3 of 3, chain.pem, line 40)

unchanged: 0
"""


def test_as_text_what_is_new_stands_in_full_and_the_rest_by_name() -> None:
    assert fcl.diff(BEFORE, AFTER).render() == TEXT


def test_reports_that_were_not_judged_alike_say_so() -> None:
    other = report(SERVER, ISSUING, ROOT, profile="java-17", hostname="gadgets.example.com")
    text = fcl.diff(BEFORE, other).render(width=200)
    assert "They were not judged alike" in text
    assert "profile: finesse -> java-17; host name: none -> gadgets.example.com." in text


# -- The command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def stored(tmp_path: Path) -> tuple[str, str]:
    """Both reports in files."""
    for name, each in (("before.json", BEFORE), ("after.json", AFTER)):
        (tmp_path / name).write_text(each.to_json(), "utf-8")
    return str(tmp_path / "before.json"), str(tmp_path / "after.json")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["diff", *arguments])


def test_the_command_prints_it_and_succeeds_where_nothing_bad_is_new(stored: tuple[str, str]) -> None:
    result = run(*stored)
    assert (result.exit_code, result.stdout) == (0, TEXT)
    assert json.loads(run(*stored, "--format", "json").stdout)["fixed"]


def test_it_fails_where_something_as_bad_as_fail_on_is_new(stored: tuple[str, str]) -> None:
    before, after = stored
    assert run(after, before).exit_code == 1, "an error came back"
    assert run(before, after, "--fail-on", "info").exit_code == 1
    assert run(before, before, "--fail-on", "debug").exit_code == 0, "what stood there before is not new"


def test_what_is_no_report_is_misuse_and_said_in_a_line(stored: tuple[str, str], tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    for content, said in (
        ("-----BEGIN CERTIFICATE-----", "this is no JSON; give what `finesse-certlint lint --format json` wrote"),
        ("[" * 100_000, "this is no JSON"),
        ("{}", "the report's schema must be 'finesse_certlint report 1', and is None"),
        ("7", "the report must be an object, and is 7"),
        (f"[{BEFORE.to_json()}, {BEFORE.to_json()}]", "it holds 2 reports, as --each writes them; give one"),
    ):
        other.write_text(content, "utf-8")
        result = run(stored[0], str(other))
        assert result.exit_code == 2
        assert said in result.stderr
        assert "other.json" in result.stderr
        assert len(result.stderr.splitlines()) == 1
    assert run(stored[0], str(tmp_path / "missing.json")).exit_code == 2


def test_good_chains_differ_in_nothing_from_themselves() -> None:
    good = report(*good_chain())
    assert fcl.diff(good, good).new == fcl.diff(good, good).fixed == ()
