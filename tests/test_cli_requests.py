"""The command on requests: before issue, after issue, and what it says of files that are not fit."""

import json
from pathlib import Path

import ca
import pytest
from ca import good_chain, pem_bundle, request
from test_cli import line, run, write

HOST = "gadgets.example.com"
AT = ("--at", "2026-11-23")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """A request, the CA's chain, a sample that the CA has signed with PSS, and what it has delivered."""
    _, issuing, root = good_chain()
    wanted = request(HOST)
    made = {
        "request": wanted.pem,
        "ca": pem_bundle(issuing, root),
        "sample": issuing.server("other.example.com", sign=ca.pss()).der,
        "good": issuing.server("other.example.com").der,
        "chain": ca.pkcs7(issuing.server(HOST, key=wanted.key), issuing, root),
    }
    return dict(zip(made, write(tmp_path, **made), strict=True))


def test_a_request_before_issue(files: dict[str, str]) -> None:
    asked = ["lint", files["request"], "--issuers", files["ca"], "--hostname", HOST, *AT]
    accepted = run(*asked, "--issued", files["good"])
    assert (accepted.exit_code, accepted.stdout.split()[0]) == (0, "accepted")
    refused = run(*asked, "--issued", files["good"], "--issued", files["sample"], "--format", "json")
    assert refused.exit_code == 1
    said = json.loads(refused.stdout)
    assert said["verdict"] == said["requests"][0]["verdict"] == "refused"
    assert said["findings"][0]["rule"] == "issuing-ca-signature-refused"
    assert run("lint", files["request"], *AT).exit_code == 1, "alone it is undetermined"
    assert run("lint", files["request"], "--allow-undetermined", *AT).exit_code == 0


def test_a_chain_after_issue(files: dict[str, str]) -> None:
    result = run("lint", files["chain"], "--request", files["request"], *AT)
    assert result.exit_code == 0
    assert "upload-order" in result.stdout
    result = run("lint", files["ca"], "--request", files["request"], *AT)
    assert result.exit_code == 1
    assert "delivered-key-differs" in result.stdout


def test_several_clients_are_asked_about_a_request(files: dict[str, str]) -> None:
    result = run("compare", files["request"], "--issuers", files["ca"], "--issued", files["sample"], *AT)
    assert result.exit_code == 0
    rows = {words[0]: words[1] for words in map(str.split, result.stdout.splitlines()) if len(words) > 2}
    assert (rows["finesse"], rows["java-8u181"], rows["java-17"]) == ("refused", "refused", "accepted")
    alone = run("compare", files["request"], *AT)
    assert alone.exit_code == 1
    assert not any(words.isspace() for words in alone.stdout.split("\n") if words)


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--issuers", "request", "there is no certificate in it. Give the chain of the CA"),
        ("--issued", "request", "there is no certificate in it. Give a certificate that the CA has issued lately"),
        ("--request", "ca", "there is no certificate request in it. Give the request (PKCS#10)"),
        ("--issuers", None, "no such file"),
        ("--issuers", "-", "standard input (-) can be read only once"),
    ],
)
def test_what_is_not_fit_is_said_before_anything_is_judged(
    files: dict[str, str], option: str, given: str | None, said: str
) -> None:
    path = "nowhere.pem" if given is None else "-" if given == "-" else files[given]
    result = run("lint", "-" if given == "-" else files["request"], option, path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in line(result)
