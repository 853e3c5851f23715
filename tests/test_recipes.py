"""The scripts of docs/recipes, each run as the program that calls it would: these are what people copy."""

import hashlib
import hmac
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from types import ModuleType
from typing import Any

import ca
import pytest
import yaml
from ca import article_chain, good_chain, pem_bundle, pkcs7
from test_house import ROOT, tracked

RECIPES = ROOT / "docs" / "recipes"
GOOD, BAD = good_chain(), article_chain()
PSS = BAD[2].authority("Example Issuing CA 2", sign=ca.pss("SHA256"))
REFUSED = PSS.server("gadgets.example.com", sign=ca.pss("SHA256"))
"""A server's certificate that is itself signed with RSASSA-PSS."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """With the command in PATH, as after an installation, and the good chain's CAs as issuers."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "finesse-certlint"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m finesse_certlint "$@"\n')
    command.chmod(0o755)
    (tmp_path / "issuers.pem").write_bytes(pem_bundle(*GOOD[1:]))
    (tmp_path / "pss.pem").write_bytes(pem_bundle(PSS, BAD[2]))
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    issuers = str(tmp_path / "issuers.pem")
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "FINESSE_CERTLINT_ISSUERS": issuers}


def run(
    *command: str | Path, given: bytes = b"", environment: dict[str, str], folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, input=given, env=environment, cwd=folder, capture_output=True, check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def module(name: str) -> ModuleType:
    """A recipe in Python, imported."""
    spec = importlib.util.spec_from_file_location(name, RECIPES / f"{name}.py")
    assert spec
    assert spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def test_every_script_has_a_page_and_every_page_shows_its_script() -> None:
    pages = {path.stem: path.read_text("utf-8") for path in RECIPES.glob("*.md")}
    for script in RECIPES.iterdir():
        if script.suffix != ".md":
            assert any(f"literalinclude}} {script.name}" in page for page in pages.values()), script.name
    assert "pre-commit" in pages


# -- EJBCA -------------------------------------------------------------------------------------------------------------


def test_ejbca_gets_zero_for_what_may_be_issued_and_another_status_for_what_may_not(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    script = RECIPES / "ejbca.sh"
    assert run(script, given=GOOD[0].pem, environment=environment).returncode == 0, "by %cert%, on standard input"
    (tmp_path / "certificate.pem").write_bytes(GOOD[0].pem)
    assert run(script, tmp_path / "certificate.pem", environment=environment).returncode == 0, "as a file"

    other = {**environment, "FINESSE_CERTLINT_ISSUERS": str(tmp_path / "pss.pem")}
    refused = run(script, given=REFUSED.pem, environment=other)
    assert refused.returncode == 1
    assert "E: signature-algorithm-unsupported: " in refused.stdout

    assert run(script, given=b"no certificate", environment=environment).returncode == 2, (
        "what cannot be read is not issued"
    )
    missing = {**environment, "FINESSE_CERTLINT_ISSUERS": str(tmp_path / "nothing.pem")}
    broken = run(script, given=GOOD[0].pem, environment=missing)
    assert (broken.returncode, broken.stdout) == (2, "")
    assert "no such file" in broken.stderr


# -- certmonger --------------------------------------------------------------------------------------------------------


def helper(folder: Path, output: bytes, status: int) -> Path:
    """A helper that answers this."""
    (folder / "answer").write_bytes(output)
    path = folder / "helper"
    path.write_text(f'#!/bin/sh\ncat "{folder / "answer"}"\nexit {status}\n')
    path.chmod(0o755)
    return path


def test_certmonger_gets_an_accepted_certificate_as_it_was_issued(tmp_path: Path, environment: dict[str, str]) -> None:
    done = run(RECIPES / "certmonger.sh", helper(tmp_path, GOOD[0].pem, 0), environment=environment)
    assert (done.returncode, done.stdout) == (0, GOOD[0].pem.decode())


def test_certmonger_is_told_that_a_refused_certificate_is_rejected_and_why(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    other = {**environment, "FINESSE_CERTLINT_ISSUERS": str(tmp_path / "pss.pem"), "CERTMONGER_OPERATION": "POLL"}
    done = run(RECIPES / "certmonger.sh", helper(tmp_path, REFUSED.pem, 0), environment=other)
    assert done.returncode == 2
    assert "E: signature-algorithm-unsupported: " in done.stdout
    assert "BEGIN CERTIFICATE" not in done.stdout


@pytest.mark.parametrize(
    ("operation", "status"), [("SUBMIT", 1), ("SUBMIT", 3), ("POLL", 5), ("IDENTIFY", 0), ("X", 6)]
)
def test_all_else_that_the_helper_says_is_passed_on(
    tmp_path: Path, environment: dict[str, str], operation: str, status: int
) -> None:
    done = run(
        RECIPES / "certmonger.sh",
        helper(tmp_path, b"a cookie\n", status),
        environment={**environment, "CERTMONGER_OPERATION": operation},
    )
    assert (done.returncode, done.stdout) == (status, "a cookie\n")


# -- step-ca -----------------------------------------------------------------------------------------------------------

SECRET = b"0123456789abcdef"


@pytest.fixture
def webhook() -> Iterator[int]:
    """The webhook, running on a port of this machine."""
    running = module("step_ca_webhook").server(0, pem_bundle(*GOOD[1:]), SECRET)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running.server_address[1]
    running.shutdown()
    running.server_close()
    thread.join()


def post(port: int, body: bytes, signature: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", body, {"X-Smallstep-Signature": signature})
    response = connection.getresponse()
    text = response.read()
    connection.close()
    return response.status, json.loads(text) if response.status == 200 else None


def signed(body: bytes) -> str:
    """As step-ca signs it."""
    return hmac.new(SECRET, body, hashlib.sha256).hexdigest()


def body_of(request: bytes) -> bytes:
    """As step-ca posts it."""
    return json.dumps({"x509CertificateRequest": {"raw": b64encode(request).decode()}}).encode()


def test_step_ca_may_sign_a_request_in_order(webhook: int) -> None:
    body = body_of(ca.request("gadgets.example.com").der)
    status, reply = post(webhook, body, signed(body))
    assert status == 200
    assert reply["allow"] is True


def test_step_ca_may_not_sign_what_cannot_be_read(webhook: int) -> None:
    for body in (body_of(b"junk"), b"{}", b"[]", b"junk", b'{"x509CertificateRequest": {"raw": 7}}'):
        status, reply = post(webhook, body, signed(body))
        assert (status, reply["allow"], reply["error"]["code"]) == (200, False, "unreadable")


def test_step_ca_is_told_why_a_request_is_refused() -> None:
    # The certificate in place of the request: whatever the rules refuse is refused in the same way.
    reply = module("step_ca_webhook").answer(body_of(REFUSED.der), pem_bundle(PSS, BAD[2]))
    assert (reply["allow"], reply["error"]["code"]) == (False, "refused")
    assert "RSASSA-PSS" in reply["error"]["message"]


def test_what_step_ca_did_not_sign_is_not_looked_at(webhook: int) -> None:
    body = body_of(ca.request("gadgets.example.com").der)
    for wrong in ("", "00", signed(body + b" "), "\u00e4"):
        assert post(webhook, body, wrong)[0] == 401
    assert post(webhook, b"", signed(b""))[0] == 413


# -- pkimetal ----------------------------------------------------------------------------------------------------------


def test_pkimetal_reads_findings_up_to_the_end_of_each_result(tmp_path: Path, environment: dict[str, str]) -> None:
    sent = b"".join(
        f"{number}\n{b64encode(der).decode()}\n".encode() for number, der in ((0, REFUSED.der), (35, b"junk"))
    )
    done = run(
        sys.executable, RECIPES / "pkimetal_backend.py", tmp_path / "pss.pem", given=sent, environment=environment
    )
    assert done.returncode == 0, done.stderr
    first, second, rest = done.stdout.split("[EndOfResults]\n")
    assert "E: signature-algorithm-unsupported: " in first
    assert "intermediate" not in first, "what is said of the issuers is not said of the certificate"
    assert second.startswith("F: ")
    assert rest == ""
    lines = (first + second).splitlines()
    assert all(line[1:3] == ": " and line[0] in "DINWEFB" and len(line) > 4 for line in lines), (
        "as linter.go reads them"
    )


def test_pkimetal_reads_nothing_of_a_certificate_in_order(tmp_path: Path, environment: dict[str, str]) -> None:
    sent = f"0\n{b64encode(GOOD[0].der).decode()}\n".encode()
    issuers = tmp_path / "issuers.pem"
    done = run(sys.executable, RECIPES / "pkimetal_backend.py", issuers, given=sent, environment=environment)
    assert done.stdout == "[EndOfResults]\n"


# -- AD CS -------------------------------------------------------------------------------------------------------------


def certreq(folder: Path, chain: bytes | None) -> None:
    """A certreq in PATH, which delivers this chain to where it is told, or keeps the request pending."""
    path = folder / "bin" / "certreq"
    if chain is not None:
        (folder / "delivered").write_bytes(chain)
    deliver = f'cp "{folder / "delivered"}" "$6"' if chain is not None else "true"
    path.write_text(f'#!/bin/sh\n[ "$1 $2 $3" = "-submit -config CA\\\\Example" ] || exit 9\n{deliver}\n')
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("chain", "status", "said"),
    [
        (pkcs7(*GOOD), 0, "accepted   chain.p7b"),
        (pkcs7(*BAD), 1, "refused   chain.p7b"),
        (None, 2, ""),
    ],
)
def test_adcs_what_was_delivered_is_judged(
    tmp_path: Path, environment: dict[str, str], chain: bytes | None, status: int, said: str
) -> None:
    certreq(tmp_path, chain)
    (tmp_path / "server.req").write_bytes(ca.request("gadgets.example.com").pem)
    arguments = ["CA\\Example", "server.req", "chain.p7b", "gadgets.example.com"]
    script = RECIPES / "adcs_submit.py"
    done = run(sys.executable, script, *arguments, environment=environment, folder=tmp_path)
    assert (done.returncode, done.stdout[: len(said)]) == (status, said), done.stderr
    assert ("certreq delivered nothing" in done.stderr) == (chain is None)


# -- GitHub Actions ----------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def repository(folder: Path) -> Path:
    """A repository with a good chain and one that is signed with RSASSA-PSS."""
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "good chain.pem").write_bytes(pem_bundle(*GOOD))
    (folder / "pss.p7b").write_bytes(pkcs7(*BAD))
    (folder / "readme.txt").write_bytes(b"no certificate\n")
    git(folder, "add", ".")
    return folder


def test_the_step_for_github_fails_and_leaves_what_is_to_be_uploaded(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    workflow = yaml.safe_load((RECIPES / "github-actions.yml").read_text("utf-8"))
    steps = workflow["jobs"]["lint"]["steps"]
    [step] = [step for step in steps if "finesse-certlint lint" in step.get("run", "")]
    upload = steps[-1]
    folder = repository(tmp_path / "repository")
    done = run("bash", "-e", "-o", "pipefail", "-c", step["run"], environment=environment, folder=folder)
    assert done.returncode != 0
    log = json.loads((folder / upload["with"]["sarif_file"]).read_text("utf-8"))
    results = log["runs"][0]["results"]
    places = {
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results if r["level"] == "error"
    }
    assert places == {"pss.p7b"}
    assert len(log["runs"][0]["artifacts"]) == 2


# -- pre-commit --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_pre_commit_itself_stops_a_commit_with_a_pss_chain_in_it(tmp_path: Path) -> None:
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("needs pre-commit (pip install pre-commit)")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    git(hooks, "init", "-q")
    for path in tracked():
        if path.parts[0] != "tests":
            (hooks / path).parent.mkdir(parents=True, exist_ok=True)
            (hooks / path).write_bytes((ROOT / path).read_bytes())
    git(hooks, "add", ".")
    git(hooks, "commit", "-q", "-m", "all")
    folder = repository(tmp_path / "repository")
    pinned = {"repo": str(hooks), "rev": git(hooks, "rev-parse", "HEAD"), "hooks": [{"id": "finesse-certlint"}]}
    (folder / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [pinned]}), "utf-8")
    git(folder, "add", ".")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")}
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--color", "never"]

    failed = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, text=True)
    assert failed.returncode == 1, failed.stdout + failed.stderr
    assert "error  signature-algorithm-unsupported   root: Example Root CA" in failed.stdout
    assert "readme" not in failed.stdout

    git(folder, "rm", "-q", "--cached", "pss.p7b")
    passed = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, text=True)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert "Passed" in passed.stdout


# -- Rules of one's own ------------------------------------------------------------------------------------------------


def package(folder: Path, name: str, value: str, source: str | None = None) -> None:
    """An installed package with an entry point."""
    if source is not None:
        (folder / f"{value.partition(':')[0]}.py").write_text(source, "utf-8")
    about = folder / f"{name}-1.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    (about / "entry_points.txt").write_text(f"[finesse_certlint.rules]\nhouse = {value}\n")


@pytest.fixture
def site(tmp_path: Path, environment: dict[str, str]) -> tuple[Path, dict[str, str]]:
    """A folder for packages, and the environment that knows it."""
    folder = tmp_path / "site"
    folder.mkdir()
    return folder, {**environment, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}


def certlint(*arguments: str | Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "finesse_certlint", *arguments, environment=environment)


EXAMPLE = ROOT / "docs" / "examples" / "good-chain.pem"


def test_a_rule_of_an_installed_package_runs_with_the_others(site: tuple[Path, dict[str, str]]) -> None:
    folder, environment = site
    package(folder, "house-rules", "own_rule:RULES", (RECIPES / "own_rule.py").read_text("utf-8"))
    done = certlint("lint", EXAMPLE, environment=environment)
    assert done.returncode == 0
    assert "warning  issuer-not-ours   leaf: gadgets.example.com" in done.stdout
    assert certlint("lint", "--ignore", "issuer-not-ours", EXAMPLE, environment=environment).stdout.find("not-ours") < 0
    assert "issuer-not-ours" in certlint("rules", environment=environment).stdout
    assert "House rule 7" in certlint("explain", "issuer-not-ours", environment=environment).stdout
    sarif = json.loads(certlint("lint", "--format", "sarif", EXAMPLE, environment=environment).stdout)
    assert "issuer-not-ours" in [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]]


def test_so_does_a_rule_out_of_a_zip_file(site: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, environment = site
    package(folder, "house-rules", "own_rule:RULES", (RECIPES / "own_rule.py").read_text("utf-8"))
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", folder)
    done = certlint("lint", EXAMPLE, environment={**environment, "PYTHONPATH": f"{packed}{os.pathsep}{ROOT}"})
    assert "warning  issuer-not-ours   leaf: gadgets.example.com" in done.stdout


def test_the_library_itself_reads_no_entry_point(site: tuple[Path, dict[str, str]]) -> None:
    folder, environment = site
    package(folder, "house-rules", "own_rule:RULES", "raise SystemExit('imported')")
    code = f"import finesse_certlint as fcl; print(fcl.lint(open({str(EXAMPLE)!r}, 'rb').read()).verdict)"
    assert run(sys.executable, "-c", code, environment=environment).stdout == "accepted\n"


@pytest.mark.parametrize(
    ("value", "source", "said"),
    [
        ("nowhere:RULES", None, "(nowhere:RULES) cannot be loaded (ModuleNotFoundError: No module named 'nowhere')"),
        ("broken:RULES", "1/0", "cannot be loaded (ZeroDivisionError: division by zero)"),
        (
            "wrong:RULES",
            "RULES = (len,)",
            "leads to builtin_function_or_method, and must lead to a rule or a tuple of rules",
        ),
        (
            "twin:RULES",
            "from finesse_certlint.rules.chain import wrong_order as RULES",
            "brings a rule wrong-order, and so does finesse_certlint itself",
        ),
    ],
)
def test_a_broken_package_is_complained_of_by_name(
    site: tuple[Path, dict[str, str]], value: str, source: str | None, said: str
) -> None:
    folder, environment = site
    package(folder, "house-rules", value, source)
    done = certlint("lint", EXAMPLE, environment=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the plug-in house of house-rules" in done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
