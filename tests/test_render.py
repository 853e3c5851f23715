"""What each form promises to the program that reads it."""

import csv
import json
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import attrs
import npm
import pytest
from ca import Authority, article_chain, good_chain, pem_bundle, pkcs7
from jsonschema.validators import validator_for
from markdown_it import MarkdownIt
from reports import AT, INPUTS, example, report_of

import finesse_certlint as fcl
from finesse_certlint import Report
from finesse_certlint.findings import Finding, Severity
from finesse_certlint.render import FORMATS, SERIES, render_series


def crashed(report: Report) -> Report:
    """The same report with a rule that failed."""
    crash = Finding(
        rule="rule-crashed",
        severity=Severity.BUG,
        message="The rule some-rule failed with KeyError.",
        remedy="Report it.",
        evidence={"rule": "some-rule"},
    )
    rules = attrs.evolve(report.rules, crashed=("some-rule",))
    return attrs.evolve(report, findings=(crash, *report.findings), rules=rules)


# -- SARIF -------------------------------------------------------------------------------------------------------------


def sarif(report: Report) -> dict[str, Any]:
    """The one run in the log."""
    log = json.loads(report.render("sarif"))
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    return dict(run)


def test_a_result_says_which_rule_how_bad_and_where() -> None:
    run = sarif(example("article-chain.pem"))
    result = run["results"][0]
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert (result["ruleId"], rule["id"]) == ("signature-algorithm-unsupported",) * 2
    assert result["level"] == "error"
    assert result["message"]["text"].startswith(
        "root: Example Root CA (certificate 3 of 3, article-chain.pem, line 40)\n"
    )
    assert "1. The administrator of Example Root CA" in result["message"]["text"]
    [location] = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "article-chain.pem"},
        "region": {"startLine": 40},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "signatureAlgorithm"
    assert rule["helpUri"].startswith("https://www.cisco.com/c/en/us/support/docs/contact-center/finesse/214617-")
    assert "## What to do" in rule["help"]["markdown"]


def test_in_a_binary_file_a_result_is_at_its_bytes() -> None:
    report = example("article-chain.p7b")
    place = report.certificates[2].location
    [location] = sarif(report)["results"][0]["locations"]
    assert location["physicalLocation"]["region"] == {"byteOffset": place.start, "byteLength": place.stop - place.start}


@pytest.mark.parametrize("name", INPUTS)
def test_every_result_has_a_physical_location_and_a_fingerprint_of_its_own(name: str) -> None:
    report = report_of(name)
    run = sarif(report)
    assert len(run["results"]) == len(report.findings)
    prints = [result["partialFingerprints"]["finesseCertlint/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)
    for result in run["results"]:
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


def test_a_fingerprint_stays_where_files_are_renamed_and_certificates_move() -> None:
    def prints(report: Report) -> set[str]:
        return {result["partialFingerprints"]["finesseCertlint/v1"] for result in sarif(report)["results"]}

    server, issuing, root = article_chain()
    first = fcl.lint(pem_bundle(server, issuing, root), name="a.pem", at=AT)
    second = fcl.lint(b"\n\n" + pem_bundle(server, issuing, root), name="b.pem", at=AT)
    assert prints(first) == prints(second) == prints(fcl.lint(pkcs7(server, issuing, root), at=AT))
    assert prints(first).isdisjoint(prints(fcl.lint(pem_bundle(*good_chain()), trusted=good_chain()[1].der, at=AT)))


@pytest.mark.parametrize(
    ("name", "uri"),
    [
        ("a b#c?.pem", "a%20b%23c%3F.pem"),
        ("Prüfung.pem", "Pr%C3%BCfung.pem"),
        ("C:\\certs\\x.pem", "C%3A%5Ccerts%5Cx.pem"),
        ("/etc/pki/x.pem", "file:///etc/pki/x.pem"),
        ("../x.pem", "../x.pem"),
        ("", "input"),
    ],
)
def test_a_file_name_becomes_a_uri(name: str, uri: str) -> None:
    [location] = sarif(fcl.lint(pem_bundle(*article_chain()), name=name, at=AT))["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_a_rule_that_crashed_is_a_fault_of_the_run_too() -> None:
    run = sarif(crashed(example("good-chain.pem")))
    assert run["invocations"][0]["executionSuccessful"] is False
    assert "some-rule" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert sarif(example("good-chain.pem"))["invocations"][0]["executionSuccessful"] is True


def sarif_schema() -> Any:
    """The schema of OASIS, as Microsoft's package ships it."""
    schema = json.loads((npm.package("@microsoft/sarif-multitool-linux") / "sarif-2.1.0.json").read_text("utf-8"))
    return validator_for(schema)(schema)


@pytest.mark.slow
def test_every_log_is_as_the_schema_of_sarif_says() -> None:
    validator = sarif_schema()
    reports = {name: report_of(name) for name in INPUTS}
    reports["crashed"] = crashed(example("good-chain.pem"))
    for name, report in reports.items():
        assert [error.message for error in validator.iter_errors(json.loads(report.render("sarif")))] == [], name
    together = json.loads(render_series(reports.values(), "sarif"))
    assert [error.message for error in validator.iter_errors(together)] == []
    assert not validator.is_valid({**together, "version": "1"}), "another log would not pass"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["article-chain.pem", "article-chain.p7b", "good-chain.pem", "no-issuer.pem"])
def test_microsofts_tool_finds_no_fault_in_a_log(name: str, tmp_path: Path) -> None:
    tool = npm.package("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    tool.chmod(0o755)  # npm takes the bit away where it runs no install scripts
    log, verdict = tmp_path / "log.sarif", tmp_path / "verdict.sarif"
    log.write_text(example(name).render("sarif"), "utf-8")
    environment = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    command = [str(tool), "validate", str(log), "--output", str(verdict), "--log", "ForceOverwrite"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    [run] = json.loads(verdict.read_text("utf-8-sig"))["runs"]
    assert [result for result in run.get("results", []) if result.get("level", "warning") in ("error", "warning")] == []


# -- JUnit -------------------------------------------------------------------------------------------------------------


def suite(report: Report) -> ET.Element:
    """The one suite."""
    [found] = ET.fromstring(report.render("junit"))
    return found


@pytest.mark.parametrize("name", INPUTS)
def test_the_counts_of_a_suite_are_those_of_its_cases(name: str) -> None:
    found = suite(report_of(name))
    cases = found.findall("testcase")
    assert found.get("tests") == str(len(cases))
    for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert found.get(count) == str(len(found.findall(f"testcase/{element}")))
    names = [case.get("name") for case in cases]
    assert len(set(names)) == len(names), "one case for each rule"
    assert all(len(case.findall("failure")) <= 1 for case in cases), "many readers show the first alone"


def test_a_refused_chain_fails_by_its_verdict_and_its_rule() -> None:
    failed = {case.get("name") for case in suite(example("article-chain.pem")) if case.find("failure") is not None}
    assert failed == {"verdict", "signature-algorithm-unsupported"}


def test_what_is_accepted_fails_in_nothing_and_what_is_undetermined_in_its_verdict() -> None:
    assert suite(example("good-chain.pem")).get("failures") == "0"
    assert [case.get("name") for case in suite(example("no-issuer.pem")) if case.find("failure") is not None] == [
        "verdict"
    ]


def test_a_rule_that_crashed_is_an_error_and_one_that_was_skipped_says_why() -> None:
    found = suite(crashed(example("good-chain.pem")))
    assert [case.get("name") for case in found if case.find("error") is not None] == ["some-rule"]
    skipped = {case.get("name"): case.find("skipped") for case in found if case.find("skipped") is not None}
    reason = skipped["hostname-mismatch"]
    assert reason is not None
    assert reason.get("message") == "no host name was given"


# -- CSV, lines, Markdown ----------------------------------------------------------------------------------------------


def rows(text: str) -> list[dict[str, str]]:
    """The table by its headings."""
    return list(csv.DictReader(StringIO(text)))


def test_a_row_is_a_finding() -> None:
    report = example("article-chain.pem")
    first = rows(report.render("csv"))[0]
    assert (first["verdict"], first["severity"], first["rule"]) == (
        "refused",
        "error",
        "signature-algorithm-unsupported",
    )
    assert (first["certificate"], first["line"], first["field"]) == ("Example Root CA", "40", "signatureAlgorithm")
    assert first["fingerprint_sha256"] == report.certificates[2].fingerprint_sha256
    assert len(rows(report.render("csv"))) == len(report.findings)


def test_what_has_no_finding_has_a_row_all_the_same() -> None:
    [row] = rows(report_of("good-with-trust").render("csv"))
    assert (row["input"], row["verdict"], row["rule"]) == ("good-with-trust", "accepted", "")


@pytest.mark.parametrize("name", INPUTS)
def test_both_dialects_of_lines_have_a_line_for_each_finding(name: str) -> None:
    report = report_of(name)
    lines, objects = report.render("lines").splitlines(), report.render("lines-json").splitlines()
    assert len(lines) == len(objects) == len(report.findings)
    for finding, line, text in zip(report.findings, lines, objects, strict=True):
        assert line.startswith(f"{finding.severity.value[0].upper()}: {finding.rule}: ")
        [result] = json.loads(text)["results"]
        [description] = result["finding_descriptions"]
        assert (description["code"], description["severity"]) == (finding.rule, finding.severity.value.upper())
        assert result["node_path"] == ((finding.location.field if finding.location else None) or "")
        assert max(len(line.encode()), len(text)) < 64 * 1024, "what pkimetal reads as one line"


def test_markdown_is_a_heading_a_table_and_numbered_steps() -> None:
    text = example("article-chain.pem").render("markdown")
    page = MarkdownIt("commonmark").enable("table").render(text)
    assert "<h2>❌ refused: article-chain.pem</h2>" in page
    assert page.count("<tr>") == 4
    assert page.count("<li>") == 3
    assert "<code>certutil -setreg ca\\csp\\CNGHashAlgorithm SHA256</code>" in page


# -- Several reports ---------------------------------------------------------------------------------------------------


def several() -> list[Report]:
    return [example(name) for name in ("article-chain.pem", "good-chain.pem", "no-issuer.pem")]


def test_several_reports_are_one_sarif_run() -> None:
    [run] = json.loads(render_series(several(), "sarif"))["runs"]
    assert len(run["results"]) == sum(len(report.findings) for report in several())
    places = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]}
    assert places == {"article-chain.pem", "good-chain.pem", "no-issuer.pem"}
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert [report["verdict"] for report in run["properties"]["reports"]] == ["refused", "accepted", "undetermined"]


def test_several_reports_are_one_document_of_each_form() -> None:
    assert len(ET.fromstring(render_series(several(), "junit"))) == 3
    assert len(json.loads(render_series(several(), "json"))) == 3
    assert len(rows(render_series(several(), "csv"))) == sum(len(report.findings) for report in several())
    page = render_series(several(), "html")
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


@pytest.mark.parametrize("format", FORMATS)
def test_a_series_may_be_empty(format: str) -> None:
    assert isinstance(render_series([], format), str)


def test_the_forms_of_a_series_are_forms() -> None:
    assert set(SERIES) <= set(FORMATS)
    with pytest.raises(ValueError, match="there is no format 'nonsense'"):
        render_series([], "nonsense")


# -- HTML --------------------------------------------------------------------------------------------------------------


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    page = example("article-chain.pem").render("html")
    assert "default-src 'none'" in page
    for word in ("<script", "<link", "<img", "<iframe", "@import", "url(", "src=", "http://", "https://"):
        assert word not in page


def test_a_fragment_has_no_page_around_it_and_ids_of_its_own() -> None:
    fragment = example("article-chain.pem").render("html", fragment=True, level=3, id="left")
    assert fragment.startswith("<style>")
    assert not re.search(r"<(html|head|body|main|meta|link)\b", fragment)
    assert min(int(level) for level in re.findall(r"<h(\d)", fragment)) == 3
    assert all(found.startswith("left") for found in re.findall(r'\bid="([^"]+)"', fragment))


def test_every_rule_of_the_style_stays_within_the_fragment() -> None:
    style = re.search(r"<style>\n(.*?)</style>", example("article-chain.pem").render("html", fragment=True), re.DOTALL)
    assert style
    bare = re.sub(r"/\*.*?\*/", "", style[1], flags=re.DOTALL)
    selectors = [each.strip() for each in re.findall(r"([^{}]+)\{", bare) if not each.strip().startswith("@")]
    assert [selector for selector in selectors if not all(".fcl" in part for part in _parts(selector))] == []


def _parts(selector: str) -> list[str]:
    """The selectors in a list, those within parentheses left alone."""
    return re.split(r",(?![^(]*\))", selector)


@pytest.mark.parametrize(("option", "value"), [("id", "1x"), ("id", "a b"), ("level", 0), ("level", 4)])
def test_an_option_that_makes_no_page_is_refused(option: str, value: object) -> None:
    with pytest.raises(ValueError, match="must begin with a letter"):
        example("good-chain.pem").render("html", fragment=True, **{option: value})


def test_an_option_that_a_form_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError):
        example("good-chain.pem").render("csv", fragment=True)


def test_without_jinja_the_page_says_how_to_get_it() -> None:
    code = (
        "import sys; sys.modules['jinja2'] = None\n"
        "import finesse_certlint as fcl\n"
        f"report = fcl.lint(open({str(Path(__file__).parents[1] / 'docs/examples/good-chain.pem')!r}, 'rb').read())\n"
        "try:\n    report.render('html')\n"
        "except fcl.ExtraError as error:\n    print(error)\n"
        "print(report.render('markdown')[:5])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert "the format html needs Jinja2: pip install 'finesse-certlint[html]'" in shown


def test_the_broken_link_is_red_and_named_and_the_missing_one_dashed() -> None:
    page = example("article-chain.pem").render("html")
    assert page.count('<g class="fcl-node-bad">') == 1
    assert page.count('<g class="fcl-node-good">') == 2
    assert re.search(r'fcl-red">signature-algorithm-unsupported</text>', page)
    page = example("no-issuer.pem").render("html")
    assert page.count('<g class="fcl-node-missing">') == 1
    assert "CN=Example Issuing CA 1" in page


def test_a_signature_that_does_not_verify_is_a_red_line() -> None:
    server, issuing, root = good_chain()
    other = Authority(issuing.common_name, issuer_subject=(("common_name", root.common_name, "utf8_string"),))
    page = fcl.lint(pem_bundle(server, other, root), at=AT).render("html")
    assert 'class="fcl-link-failed"' in page
    assert "the signature does not verify" in page


def test_a_page_of_very_many_findings_says_what_it_leaves_out() -> None:
    report = example("article-chain.pem")
    finding = report.findings[0]
    page = attrs.evolve(report, findings=(finding,) * 1000).render("html")
    assert "980 more of error signature-algorithm-unsupported: certificate 3. The JSON report has them all." in page
    rules = (attrs.evolve(finding, rule=f"rule-{number}") for number in range(1000))
    page = attrs.evolve(report, findings=tuple(rules)).render("html")
    assert "800 more findings are not shown; the JSON report has them all." in page
    assert len(page) < 2_000_000


def inventory(count: int) -> Report:
    """So many servers of one CA in one file, all of them with a fault of their own and with one fault that is alike."""
    root = Authority("Example Root CA")
    servers = [root.server(f"server-{number}.example.com", key=root.key).der for number in range(count)]
    return fcl.lint(b"".join([*servers, root.der]), trusted=root.der, hostname="gadgets.example.com", at=AT)


def test_what_a_rule_says_of_very_many_certificates_is_told_of_twenty_and_counted_for_the_rest() -> None:
    report = inventory(27)
    text, page = report.render("text"), report.render("html")
    for number in range(27):
        told = (
            f"error  hostname-mismatch   leaf: server-{number}.example.com (certificate {number + 1} of 28, input"
            in text
        )
        assert told == (number < 20)
    assert "error  hostname-mismatch   7 more\n  certificates 21 to 27. What each says is in --format json.\n" in text
    heading = "### error: `hostname-mismatch`, 7 more\n\ncertificates 21 to 27. What each says is in the JSON report.\n"
    assert heading in report.render("markdown")
    assert "7 more of error hostname-mismatch: certificates 21 to 27. The JSON report has them all." in page
    assert "27 error" in text.splitlines()[-1], "the sum counts them all"


def test_twenty_are_told_one_by_one() -> None:
    assert " more\n" not in inventory(20).render("text")


def test_what_is_counted_is_named_by_its_place() -> None:
    """Certificates of the input and of the trust store, connections, requests and places in files are told apart."""
    root = Authority("Example Root CA")
    servers = [root.server(f"server-{number}.example.com", key=root.key).der for number in range(2)]
    report = fcl.lint(b"".join(servers), trusted=root.der, at=AT)
    [trusted] = [certificate.index for certificate in report.certificates if certificate.trusted]
    finding = Finding(rule="some-rule", severity=Severity.ERROR, message="It is so.", remedy="Change it.")
    places: tuple[dict[str, Any], ...] = (
        *({"certificate": number, "role": "leaf"} for number in (0, 1)),
        {"certificate": trusted, "role": "root"},
        *({"handshake": number, "message": str(number)} for number in (4, 7, 5)),
        {"request": 2},
        *({"message": str(number)} for number in range(2)),
    )
    findings = (*(finding,) * 20, *(attrs.evolve(finding, **place) for place in places))
    text = attrs.evolve(report, findings=findings).render("text", width=200)
    named = "certificates 1 to 2; 1 in the trust store; connections 5 to 6, 8; request 3; 2 places in the input. What"
    assert f"error  some-rule   9 more\n  {named}" in text
