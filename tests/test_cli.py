"""The command line: what is said, where, and with which exit status. Some run as a program, the rest in process."""

import importlib
import json
import os
import pkgutil
import re
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import ca
import pytest
import quirks
from typer.main import get_group
from typer.testing import CliRunner, Result

import finesse_certlint as fcl
from finesse_certlint import cli
from finesse_certlint.rule import HEADINGS

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
ARTICLE, TWIN, GOOD, ALONE = (
    str(EXAMPLES / name) for name in ("article-chain.pem", "article-chain.p7b", "good-chain.pem", "no-issuer.pem")
)
COLOUR = {"NO_COLOR": None, "FORCE_COLOR": None, "TERM": "xterm-256color", "COLUMNS": None}
COMMANDS: dict[str, Any] = dict(get_group(cli.app).commands)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def run(*arguments: str | Path, given: bytes | None = None, env: dict[str, str | None] | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=given, env={**COLOUR, **(env or {})})


def environment(**more: str) -> dict[str, str]:
    """This process's, so that the program finds the library, and no wish about colour."""
    kept = {name: value for name, value in os.environ.items() if name not in COLOUR}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **more}


def program(*arguments: str, given: bytes = b"", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "finesse_certlint", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, env=env or environment(), check=False)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


def findings(text: str) -> list[dict[str, Any]]:
    """The findings of a JSON report without the places, which differ from file to file."""
    return [{**finding, "location": None} for finding in json.loads(text)["findings"]]


def write(folder: Path, **files: bytes) -> list[str]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in files]


def line(result: Result) -> str:
    """The one line that stands on standard error."""
    assert result.stderr.count("\n") == 1, result.stderr
    assert result.stderr.startswith("finesse-certlint: ")
    return result.stderr


# -- As a program ------------------------------------------------------------------------------------------------------


def test_the_article_s_case() -> None:
    done = program("lint", ARTICLE)
    assert done.returncode == 1
    assert done.stdout.startswith("refused ")
    said = " ".join(done.stdout.split())
    for word in ("root: Example Root CA", "Signed with RSASSA-PSS (SHA-1", "AlternateSignatureAlgorithm=0"):
        assert word in said
    assert done.stderr == ""


def test_standard_input_as_a_program() -> None:
    done = program("lint", "-", given=Path(GOOD).read_bytes())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("accepted   standard input ")


def test_usage_is_called_by_the_program_s_name() -> None:
    assert program("--help").stdout.startswith("Usage: finesse-certlint ")


def test_without_the_extra(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise ModuleNotFoundError('No module named typer', name='typer')\n")
    done = program("lint", GOOD, env=environment(PYTHONPATH=os.pathsep.join([str(tmp_path), str(ROOT)])))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "finesse-certlint: the command line needs the extra \"cli\": pip install 'finesse_certlint[cli]'\n"
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c() -> None:
    command = [sys.executable, "-m", "finesse_certlint", "lint", ARTICLE, "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment()) as process:
        wait_until_asleep(process.pid)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"finesse-certlint: interrupted\n")


def wait_until_asleep(pid: int) -> None:
    """Until a program waits for its standard input; where that cannot be seen, for two seconds."""
    state = Path(f"/proc/{pid}/wchan")
    for _ in range(1200):
        time.sleep(0.05 if state.exists() else 2)
        if not state.exists() or "pipe" in state.read_text():
            return


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGPIPE")
def test_a_reader_that_leaves_early() -> None:
    command = [sys.executable, "-m", "finesse_certlint", "lint", "--each", *[ARTICLE] * 60]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def on_a_terminal(*arguments: str, columns: int = 100, env: dict[str, str] | None = None) -> tuple[int, str]:
    """What the program shows on a terminal, and its exit status."""
    pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "finesse_certlint", *arguments]
    variables = env or environment(COLUMNS=str(columns))
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=variables) as process:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says so when the other end is closed
                piece = b""
            if not piece:
                break
            shown += piece
    os.close(ours)
    return process.returncode, shown.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colour_and_its_own_width() -> None:
    status, shown = on_a_terminal("lint", ARTICLE, columns=72)
    assert status == 1
    assert shown.startswith("\x1b[1;31mrefused\x1b[0m")
    assert "\x1b[1;31merror\x1b[0m  \x1b[1msignature-algorithm-unsupported\x1b[0m" in shown
    assert "issued by    \x1b[1;31mx\x1b[0m Example Root CA" in shown
    report = fcl.lint(Path(ARTICLE).read_bytes(), name=ARTICLE)
    assert ESCAPE.sub("", shown).split() == report.render("text").split()
    prose = [row for row in ESCAPE.sub("", shown).splitlines() if row.startswith("  ") and "until" not in row]
    assert max(map(len, prose)) <= 72


def test_a_terminal_without_colour() -> None:
    for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        _, shown = on_a_terminal("lint", GOOD, env=environment(**plain))
        assert "\x1b" not in shown


def test_progress_leaves_nothing_behind() -> None:
    status, shown = on_a_terminal("lint", "--each", *[GOOD] * 6)
    assert status == 0
    assert "judging" in shown
    assert "judging" not in shown.split("\x1b[2K")[-1]  # the bar is wiped before the first report
    assert "6 files: 6 \x1b[1;32maccepted\x1b[0m\n" in shown


# -- lint: the verdict -------------------------------------------------------------------------------------------------


def test_the_p7b_twin_gives_the_same_findings() -> None:
    pem, p7b = (run("lint", path, "--format", "json") for path in (ARTICLE, TWIN))
    assert pem.exit_code == p7b.exit_code == 1
    assert findings(pem.stdout) == findings(p7b.stdout)
    first = findings(pem.stdout)[0]
    assert (first["rule"], first["severity"], first["certificate"], first["role"]) == (
        "signature-algorithm-unsupported",
        "error",
        2,
        "root",
    )


def test_a_good_chain() -> None:
    result = run("lint", GOOD)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("accepted ")


def test_a_chain_without_its_issuer() -> None:
    result = run("lint", ALONE)
    assert result.exit_code == 1
    assert result.stdout.startswith("undetermined ")
    assert "Its issuer is not in the input: CN=Example Issuing CA 1" in result.stdout
    assert run("lint", ALONE, "--allow-undetermined").exit_code == 0


def test_a_pipe_gets_the_report_as_it_is() -> None:
    at = "2026-01-02T03:04:05+00:00"
    for format_ in ("text", "json"):
        report = fcl.lint(Path(ARTICLE).read_bytes(), name=ARTICLE, at=datetime.fromisoformat(at))
        assert run("lint", ARTICLE, "--at", at, "--format", format_).stdout == report.render(format_)


def test_several_files_are_one_input(tmp_path: Path) -> None:
    leaf, issuing, root = ca.good_chain()
    files = write(tmp_path, leaf=leaf.der, issuing=issuing.pem, root=root.der)
    result = run("lint", *files, "--format", "json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert [document["name"] for document in report["documents"]] == files
    assert report["chains"][0]["certificates"] == [0, 1, 2]


def test_a_file_given_twice_is_read_twice() -> None:
    report = json.loads(run("lint", ALONE, ALONE, ALONE, "--format", "json").stdout)
    assert [document["name"] for document in report["documents"]] == [ALONE, f"{ALONE} (2)", f"{ALONE} (3)"]
    assert len(report["certificates"]) == 3


def test_standard_input_beside_a_file(tmp_path: Path) -> None:
    leaf, issuing, root = ca.good_chain()
    (rest,) = write(tmp_path, rest=ca.pem_bundle(issuing, root))
    result = run("lint", rest, "-", given=leaf.der)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"accepted   {rest}, standard input ")


def test_a_trust_store(tmp_path: Path) -> None:
    leaf, issuing, root = ca.good_chain()
    chain, store = write(tmp_path, chain=ca.pem_bundle(leaf, issuing), store=root.der)
    assert run("lint", chain).stdout.startswith("undetermined")
    result = run("lint", chain, "--trusted", store)
    assert result.exit_code == 0
    assert "presumed" not in result.stdout
    (other,) = write(tmp_path, other=ca.article_chain()[2].der)
    assert run("lint", chain, "--trusted", other).exit_code == 1


def test_a_host_name() -> None:
    assert run("lint", GOOD, "--hostname", "gadgets.example.com").exit_code == 0
    result = run("lint", GOOD, "--hostname", "other.example.com")
    assert result.exit_code == 1
    assert "hostname-mismatch" in result.stdout


@pytest.mark.parametrize(
    "at", ["2045-01-01", "2044-01-01T00:00:01", "2044-01-01T01:00:01+01:00", "2044-01-01T00:00:01Z"]
)
def test_another_time(at: str) -> None:
    result = run("lint", GOOD, "--at", at)
    assert result.exit_code == 1
    assert "certificate-expired" in result.stdout


def test_a_time_without_a_zone_is_utc() -> None:
    assert (
        json.loads(run("lint", GOOD, "--at", "2030-01-01", "--format", "json").stdout)["at"]
        == "2030-01-01T00:00:00+00:00"
    )


def test_which_rules() -> None:
    only = run("lint", ARTICLE, "--select", "trust-presumed, signature-weak-hash", "--format", "json")
    assert {finding["rule"] for finding in findings(only.stdout)} == {"trust-presumed", "signature-weak-hash"}
    repeated = run("lint", ARTICLE, "--select", "trust-presumed", "--select", "signature-weak-hash", "--format", "json")
    assert findings(repeated.stdout) == findings(only.stdout)
    without = run("lint", ARTICLE, "--ignore", "trust-presumed,signature-weak-hash", "--format", "json")
    assert {finding["rule"] for finding in findings(without.stdout)} == {"signature-algorithm-unsupported"}


def test_accepted_is_not_said_in_silence_where_a_rule_was_left_out() -> None:
    assert (
        "The verdict leaves out 1 rule that was not asked for."
        in run("lint", GOOD, "--ignore", "trust-presumed").stdout
    )
    whole = run("lint", GOOD)
    assert "leaves out" not in whole.stdout


def test_leaving_out_rules_does_not_make_a_picture_readable(tmp_path: Path) -> None:
    (picture,) = write(tmp_path, picture=quirks.FOREIGN["jpeg"]())
    result = run("lint", picture, "--select", "certificate-expired")
    assert result.exit_code == 2
    assert "JPEG" in result.stdout
    assert "cannot be ignored" in line(run("lint", GOOD, "--ignore", "file-not-certificates"))


def test_from_which_severity_on_it_fails() -> None:
    assert run("lint", GOOD, "--fail-on", "notice").exit_code == 0
    assert run("lint", GOOD, "--fail-on", "info").exit_code == 1
    assert run("lint", GOOD, "--fail-on", "INFO", "--exit-zero").exit_code == 0
    assert run("lint", ALONE, "--allow-undetermined", "--fail-on", "warning").exit_code == 1


def test_exit_zero() -> None:
    assert run("lint", ARTICLE, "--exit-zero").exit_code == 0
    assert run("lint", "nowhere", "--exit-zero").exit_code == 2


# -- lint --each -------------------------------------------------------------------------------------------------------


def test_each(tmp_path: Path) -> None:
    noise, picture = write(tmp_path, noise=bytes(range(1, 200)), picture=quirks.FOREIGN["jpeg"]())
    result = run("lint", "--each", GOOD, noise, ARTICLE, picture, "nowhere", ALONE)
    assert result.exit_code == 2
    assert [row for row in result.stdout.splitlines() if re.match(r"(accepted|refused|undetermined) ", row)] == [
        f"{verdict}   {path}   by finesse: {fcl.get_profile('finesse').title}"
        for verdict, path in [
            ("accepted", GOOD),
            ("refused", ARTICLE),
            ("undetermined", picture),
            ("undetermined", ALONE),
        ]
    ]
    end = result.stdout.rpartition("-----\n\n")[2]
    assert end.startswith("6 files: 3 not read, ")
    assert f"  not read       {noise}\n" in end
    assert [row.split(":")[1].strip() for row in result.stderr.splitlines()] == [noise, "nowhere"]


def test_each_takes_the_worst() -> None:
    assert run("lint", "--each", GOOD, GOOD).exit_code == 0
    assert run("lint", "--each", ARTICLE, GOOD).exit_code == 1


def test_each_of_one_file_is_that_file() -> None:
    assert run("lint", "--each", GOOD).stdout == run("lint", GOOD).stdout


def test_each_in_json_is_a_list() -> None:
    result = run("lint", "--each", GOOD, "nowhere", ARTICLE, "--format", "json")
    assert result.exit_code == 2
    assert [report["verdict"] for report in json.loads(result.stdout)] == ["accepted", "refused"]
    assert len(json.loads(run("lint", "--each", GOOD, "--format", "json").stdout)) == 1
    assert json.loads(run("lint", "--each", "nowhere", "--format", "json").stdout) == []


# -- lint --output, --color --------------------------------------------------------------------------------------------


def test_output(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    result = run("lint", ARTICLE, "--format", "json", "--output", report)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert json.loads(report.read_bytes())["verdict"] == "refused"
    run("lint", "--each", ARTICLE, GOOD, "--output", report, env={"FORCE_COLOR": "1"})
    assert b"\x1b" not in report.read_bytes()
    assert run("lint", GOOD, "--output", "-").stdout.startswith("accepted")


def test_output_never_overwrites_an_input(tmp_path: Path) -> None:
    (chain,) = write(tmp_path, chain=Path(GOOD).read_bytes())
    for options in ([chain], [GOOD, "--trusted", chain]):
        result = run("lint", *options, "--output", chain)
        assert result.exit_code == 2
        assert "would overwrite" in line(result)
    assert Path(chain).read_bytes() == Path(GOOD).read_bytes()


def test_output_to_no_place(tmp_path: Path) -> None:
    result = run("lint", GOOD, "--output", tmp_path / "nowhere" / "report")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in line(result)


@pytest.mark.parametrize("command", [["lint", ARTICLE], ["explain", "wrong-order"], ["rules"], ["profiles", "finesse"]])
def test_colour_changes_no_word(command: list[str]) -> None:
    plain = run(*command).stdout
    assert "\x1b" not in plain
    for options, env in ((["--color", "always"], {}), ([], {"FORCE_COLOR": "1"})):
        painted = run(*command, *options, env={**env, "TERM": "dumb"}).stdout
        assert "\x1b[" in painted
        assert ESCAPE.sub("", painted) == plain
    assert run(*command, "--color", "never", env={"FORCE_COLOR": "1"}).stdout == plain
    assert run(*command, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout == plain


def test_what_a_certificate_says_is_no_markup(tmp_path: Path) -> None:
    root = ca.Authority("Evil \x1b[31m[red]CA[/red]\r\nerror  wrong-order   \x07")
    (chain,) = write(tmp_path, chain=ca.pem_bundle(root.server("gadgets.example.com"), root))
    plain = run("lint", chain).stdout
    assert "[red]CA[/red]" in plain
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", plain)
    assert not re.search(r"^error", plain, re.MULTILINE)
    assert ESCAPE.sub("", run("lint", chain, "--color", "always").stdout) == plain


def test_a_name_that_the_terminal_lacks(tmp_path: Path) -> None:
    root = ca.Authority("Größe ルート")
    (chain,) = write(tmp_path, chain=ca.pem_bundle(root.server("gadgets.example.com"), root))
    assert "Größe ルート" in run("lint", chain).stdout
    done = program("lint", chain, env=environment(PYTHONIOENCODING="ascii"))
    assert done.returncode == 0
    assert r"Gr\xf6\xdfe" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_a_file_with_an_unruly_name(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31m\nb"
    path.write_bytes(Path(GOOD).read_bytes())
    assert r"a\1B[31m\0Ab   by finesse" in run("lint", path).stdout.splitlines()[0]
    raw = os.fsencode(tmp_path) + b"/\xff.pem"
    Path(os.fsdecode(raw)).write_bytes(Path(GOOD).read_bytes())
    assert run("lint", os.fsdecode(raw)).exit_code == 0


# -- Misuse, and what cannot be read -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint", str(EXAMPLES)], f"{EXAMPLES}: is a directory; give the files in it, such as {EXAMPLES / '*'}"),
        (["lint", "nowhere.pem"], f"nowhere.pem: no such file; it was looked for in {Path.cwd()}"),
        (["lint", str(EXAMPLES / "good-chan.pem")], f"good-chan.pem: no such file; did you mean {GOOD}?"),
        (["lint", "no/where.pem"], "no/where.pem: no such file; there is no folder no either"),
        (["lint", "-", "-"], "standard input (-) can be read only once"),
        (["lint", "-", "--trusted", "-"], "standard input (-) can be read only once"),
        (["lint", GOOD, "--trusted", GOOD, "--trusted", ALONE], "--trusted takes one file"),
        (["lint", GOOD, "--trusted", "nowhere"], "nowhere: no such file"),
        (["lint", GOOD, "--select", "certificate-expird"], "did you mean certificate-expired"),
        (
            ["lint", GOOD, "--ignore", "wrong-order,frobnicate"],
            "there is no rule 'frobnicate'; `finesse-certlint rules`",
        ),
        (["lint", GOOD, "--profile", "java"], "there is no profile 'java'; there are: finesse"),
        (["explain", "signature-weak-hsah"], "did you mean signature-weak-hash"),
        (["profiles", "java"], "there is no profile 'java'"),
        ([GOOD], f"did you mean: finesse-certlint lint {GOOD}"),
        (["-"], "did you mean: finesse-certlint lint -"),
    ],
)
def test_misuse(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in line(result)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lint"], "Missing argument 'FILE"),
        (["lint", GOOD, "--at", "tomorrow"], "'tomorrow' is no ISO date or date-time; write 2027-03-01"),
        (["lint", GOOD, "--hostname", "https://gadgets.example.com:8443/g.xml"], "the host alone"),
        (["lint", GOOD, "--hostname", "gadgets.example.com:8443"], "port and path: gadgets.example.com"),
        (["lint", GOOD, "--hostname", ""], "it is empty"),
        (["lint", GOOD, "--format", "xml"], "'xml' is none of: text, json"),
        (["lint", GOOD, "--fail-on", "bad"], "'bad' is none of: debug, info, notice, warning, error, fatal"),
        (["lint", GOOD, "--color", "red"], "'red' is none of: auto, always, never"),
        (["lint", GOOD, "--colour", "never"], "--color"),
        (["lnt", GOOD], "lint"),
    ],
)
def test_misused_options(arguments: list[str], said: str) -> None:
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")
    assert said in " ".join(result.stderr.split())


@pytest.mark.parametrize("host", ["gadgets.example.com", "GADGETS.example.com", "10.1.2.3", "2001:db8::1", "::1"])
def test_hosts_that_are_hosts(host: str) -> None:
    assert run("lint", GOOD, "--hostname", host).exit_code in (0, 1)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("empty", "The file is empty."),
        ("pkcs12", "openssl pkcs12 -in FILE.pfx -nokeys"),
        ("jpeg", "JPEG"),
        ("html-page", "web page"),
        ("zip", "ZIP"),
        ("crl-der", "CRL"),
        ("private-key-pkcs8-pem", "private key"),
    ],
)
def test_files_in_which_nothing_can_be_judged(tmp_path: Path, kind: str, said: str) -> None:
    (path,) = write(tmp_path, file=quirks.FOREIGN[kind]())
    result = run("lint", path)
    assert result.exit_code == 2
    assert result.stdout.startswith("undetermined ")
    assert said.lower() in " ".join(result.stdout.lower().split())
    assert "What to do: " in result.stdout
    as_json = run("lint", path, "--format", "json")
    assert as_json.exit_code == 2
    assert json.loads(as_json.stdout)["verdict"] == "undetermined"
    store = run("lint", path, "--trusted", GOOD)
    assert store.exit_code == 2


def test_what_is_read_and_not_judged_is_undetermined(tmp_path: Path) -> None:
    said = "The chain of the CA that is to issue was not given"
    (path,) = write(tmp_path, file=quirks.FOREIGN["csr-pem"]())
    result = run("lint", path)
    assert result.exit_code == 1
    assert result.stdout.startswith("undetermined ")
    assert said in " ".join(result.stdout.split())


def test_the_terminal_shows_no_log_of_a_library(tmp_path: Path) -> None:
    """certvalidator would log a warning where RSASSA-PSS names two hashes; the report has that as a finding."""
    (path,) = write(tmp_path, odd=ca.Authority("Odd Root CA", sign=ca.pss("SHA256", mgf="SHA1", salt=20)).pem)
    done = subprocess.run(
        [sys.executable, "-m", "finesse_certlint", "lint", path], capture_output=True, env=environment(), check=False
    )
    assert done.returncode == 1
    assert b"another hash" in done.stdout
    assert done.stderr == b""


def test_a_truncated_capture(tmp_path: Path) -> None:
    (path,) = write(tmp_path, capture=quirks.FOREIGN["pcap"]()[:20])
    result = run("lint", path)
    assert result.exit_code == 2, "there is nothing in it to judge"
    assert "capture-without-tls" in result.stdout
    assert "ends within a packet" in result.stdout


def test_noise(tmp_path: Path) -> None:
    (path,) = write(tmp_path, noise=bytes(range(1, 250)))
    result = run("lint", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{path}: no certificate, request or key was found in 249 bytes" in line(result)


@pytest.mark.parametrize("kind", ["jpeg", "empty"])
def test_an_unfit_trust_store_is_said_once(tmp_path: Path, kind: str) -> None:
    (store,) = write(tmp_path, store=quirks.FOREIGN[kind]())
    result = run("lint", "--each", GOOD, ARTICLE, "--trusted", store)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--trusted {store}: there is no certificate in the trust store" in line(result)


def test_a_password_opens_a_trust_store_and_is_shown_nowhere(tmp_path: Path) -> None:
    """By the environment, which other users do not see, or by the option; the wrong one and none are said once."""
    (store,) = write(tmp_path, store=quirks.FOREIGN["pkcs12"]())
    variable: dict[str, str | None] = {"FINESSE_CERTLINT_PASSWORD": "changeit"}
    by_environment = run("lint", store, env=variable)
    assert by_environment.exit_code == 0
    assert run("lint", store, "--password", "changeit").stdout == by_environment.stdout
    assert run("compare", store, env=variable).exit_code == 0
    # Of a key's chain Java trusts the server's own certificate, and no more.
    trusting = run("lint", GOOD, "--trusted", store, "--format", "json", env=variable)
    assert json.loads(trusting.stdout)["trust"] == "given"
    for result in (by_environment, trusting, run("lint", "--help", env=variable)):
        assert "changeit" not in result.stdout + result.stderr
    unsaid = run("lint", "--each", GOOD, ARTICLE, "--trusted", store)
    wrong = run("lint", "--each", GOOD, ARTICLE, "--trusted", store, "--password", "no such word")
    for result, reason in ((unsaid, "no password was given"), (wrong, "the password that was given is not its own")):
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"--trusted {store}: this is a PKCS#12" in line(result)
        assert reason in line(result)
        assert "FINESSE_CERTLINT_PASSWORD or --password" in line(result)
        assert "no such word" not in result.stderr


def test_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("finesse_certlint.cli.files._LIMIT", 2**20)
    path = tmp_path / "large"
    path.write_bytes(b"")
    os.truncate(path, 3 * 2**20)  # sparse: its size is looked at before it is read
    assert f"{path}: 3 MB are more than the limit of 1 MB" in line(run("lint", path))
    result = run("lint", "-", given=bytes(2**20 + 1))
    assert result.exit_code == 2
    assert "standard input: it is more than the limit of 1 MB" in line(result)


def test_permission_denied(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    result = run("lint", GOOD)
    assert result.exit_code == 2
    assert f"{GOOD}: permission denied; make it readable" in line(result)


@pytest.mark.parametrize("format_", ["text", "json"])
def test_a_private_key_is_never_echoed(tmp_path: Path, format_: str) -> None:
    for kind in sorted(kind for kind in quirks.FOREIGN if kind.startswith("private-key")):
        key = quirks.FOREIGN[kind]()
        alone, beside = write(tmp_path, alone=key, beside=Path(GOOD).read_bytes() + key)
        body = b"".join(row for row in key.splitlines() if not row.startswith(b"---")) if b"-----" in key else key
        for path in (alone, beside):
            result = run("lint", path, "--format", format_)
            said = (result.stdout_bytes + result.stderr_bytes).replace(b"\n", b"")
            pieces = [body[start : start + 24] for start in range(0, len(body) - 24, 24)]
            assert not [piece for piece in pieces if piece in said or piece.hex().encode() in said]


def test_a_fault_of_the_library_shows_no_input(tmp_path: Path) -> None:
    """A traceback for the library's makers, without the variables of its frames, which hold the input."""
    key = quirks.FOREIGN["private-key-pkcs8-pem"]()
    (path,) = write(tmp_path, key=key)
    code = """
import sys
from finesse_certlint import cli
from finesse_certlint.cli.judging import ExitStatus
ExitStatus.of = lambda *_: 1 / 0
cli.app(sys.argv[1:])
"""
    command = [sys.executable, "-c", code, "lint", path]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Traceback ")
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert not [row for row in key.decode().splitlines() if row in done.stderr]


# -- explain, rules, profiles, help ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", fcl.rules(), ids=lambda rule: rule.name)
def test_explain(rule: fcl.Rule) -> None:
    result = run("explain", rule.name)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule.name}\n{rule.severity.value}, ")
    rows = result.stdout.splitlines()
    assert [row for row in rows if row in HEADINGS] == list(HEADINGS)
    said = " ".join(result.stdout.split())
    for words in (rule.summary, *rule.sections.values(), *rule.references):
        assert " ".join(words.split()) in said
    assert max(map(len, rows)) <= 110


def test_rules_stand_each_on_a_line() -> None:
    rows = run("rules").stdout.splitlines()
    for rule in fcl.rules():
        (row,) = [row for row in rows if row.startswith(f"  {rule.name} ")]
        assert row.split()[1] == rule.severity.value
        assert row.endswith(rule.summary)
    assert {rule.topic for rule in fcl.rules()} <= set(rows)


def test_profiles() -> None:
    assert all(f"{profile.name}\n" in run("profiles").stdout for profile in fcl.profiles())
    for profile in fcl.profiles():
        said = " ".join(run("profiles", profile.name).stdout.split())
        for fact in profile.facts:
            assert f"- {fact.what} Source: {fact.source}" in said
        for oid, name in profile.signature_algorithms.items():
            assert f"{oid} {name}" in said


def test_the_version() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"finesse-certlint {fcl.__version__}\n")


def test_every_file_with_commands_is_registered() -> None:
    files = [importlib.import_module(f"{cli.__name__}.{file.name}") for file in pkgutil.iter_modules(cli.__path__)]
    there = {name for file in files if hasattr(file, "app") for name in get_group(file.app).commands}
    assert there == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_says_what_it_does(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert result.stdout == run(command, "-h").stdout
    shown = " ".join(result.stdout.split())
    for option in COMMANDS[command].params:
        assert option.help
        assert option.help in shown


def test_help_says_how_it_ends() -> None:
    for options in (["--help"], ["lint", "--help"]):
        said = run(*options).stdout
        assert "  Examples:\n    finesse-certlint lint certnew.p7b\n" in said
        assert "    0  accepted, and no finding" in said
        assert "    2  nothing could be read, or the command was misused" in said


def test_nothing_asked_shows_the_help() -> None:
    result = run()
    assert result.exit_code == 2
    assert "Usage:" in result.output


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("explain signature-w", {"signature-weak-hash"}),
        ("lint --ignore wrong-order,signature-w", {"wrong-order,signature-weak-hash"}),
        ("lint --select signature-w", {"signature-weak-hash"}),
        ("lint --profile f", {"finesse"}),
        ("lint --format j", {"json", "junit"}),
        ("lint --color a", {"auto", "always"}),
        ("lint --fail-on w", {"warning"}),
        ("profiles fin", {"finesse"}),
        ("expl", {"explain"}),
    ],
)
def test_completion(words: str, offered: set[str]) -> None:
    typed = f"finesse-certlint {words}"
    env: dict[str, str | None] = {
        "_FINESSE_CERTLINT_COMPLETE": "complete_bash",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    result = CliRunner().invoke(cli.app, [], env={**COLOUR, **env}, prog_name="finesse-certlint")
    assert set(result.stdout.split()) == offered


# -- What a shell may do to the standard streams -----------------------------------------------------------------------


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, which Linux has")
def test_a_full_disk_behind_standard_output_is_said_in_one_line() -> None:
    command = [sys.executable, "-m", "finesse_certlint"]
    for arguments in (["lint", str(EXAMPLES / "good-chain.pem")], ["explain", "signature-weak-hash"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                command + arguments, stdout=full, stderr=subprocess.PIPE, text=True, env=environment(), check=False
            )
        assert done.returncode == 2
        assert re.fullmatch(r"finesse-certlint: standard output: the report cannot be written: .+\n", done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("rest", "status"),
    [("lint {good} >&-", 0), ("lint {refused} >&-", 1), ("lint - <&-", 2), ("lint nowhere.pem 2>&-", 2)],
)
def test_a_closed_stream_does_not_change_the_answer(rest: str, status: int) -> None:
    names = {"good": EXAMPLES / "good-chain.pem", "refused": EXAMPLES / "article-chain.pem"}
    line = f"'{sys.executable}' -m finesse_certlint {rest.format(**names)}"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, env=environment(), check=False)
    assert (done.returncode, done.stderr) == (status, "")


@pytest.mark.skipif(os.name == "nt", reason="needs named pipes")
def test_a_named_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "chain.pem"
    os.mkfifo(pipe)
    with subprocess.Popen(["sh", "-c", f"cat '{EXAMPLES / 'good-chain.pem'}' > '{pipe}'"]):
        command = [sys.executable, "-m", "finesse_certlint", "lint", str(pipe)]
        done = subprocess.run(command, capture_output=True, env=environment(), timeout=60, check=False)
    assert done.returncode == 0
