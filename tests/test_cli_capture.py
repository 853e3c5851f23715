"""The command on packet captures: as any file, from a pipe, one server of several, and what a person sees of it."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from exchanges import known
from packets import LINKS, Wire, converse, frames, interleaved, pcap
from test_cli import environment, run

from finesse_certlint.cli.files import capture
from finesse_certlint.cli.terminal import reading

CAPTURES = Path(__file__).parent / "captures"
SEVERAL = str(CAPTURES / "interleaved_s1_s2_ok.pcapng")


def test_a_capture_is_linted_as_any_file() -> None:
    result = run("lint", SEVERAL, "--profile", "java-7u181")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].startswith("refused ")
    table = lines[lines.index("  connections") + 1 :][:3]
    assert [line.split()[4:6] for line in table] == [
        ["refused", "scenario2"],
        ["accepted", "ok"],
        ["undetermined", "scenario1"],
    ]
    assert "    frame 51      0.098 s  client  Alert (fatal, internal_error), closes the connection" in lines


def test_a_capture_from_a_pipe_is_the_same() -> None:
    command = [sys.executable, "-m", "finesse_certlint", "lint", "-", "--format", "json", "--at", "2026-11-23"]
    with open(SEVERAL, "rb") as file:
        done = subprocess.run(command, stdin=file, capture_output=True, env=environment(), check=False)
    assert done.returncode == 1
    assert done.stderr == b""
    piped = json.loads(done.stdout)
    report = json.loads(run("lint", SEVERAL, "--format", "json", "--at", "2026-11-23").stdout)
    assert [h["diagnosis"] for h in piped["handshakes"]] == [h["diagnosis"] for h in report["handshakes"]]


def test_one_server_is_picked() -> None:
    result = run("lint", SEVERAL, "--server", "10.9.0.2:8445", "--profile", "java-8u181")
    assert result.exit_code == 0
    assert "10.9.0.2:8443" not in result.stdout


def test_a_server_that_is_not_in_it_is_said() -> None:
    result = run("lint", SEVERAL, "--server", "10.9.0.7")
    assert result.exit_code == 2
    assert "no connection with 10.9.0.7" in result.stderr
    assert "10.9.0.2:8443" in result.stderr


def test_a_server_is_asked_of_a_capture_alone() -> None:
    for files in ([str(CAPTURES.parent.parent / "docs/examples/good-chain.pem")], [SEVERAL, SEVERAL]):
        result = run("lint", *files, "--server", "10.9.0.2")
        assert result.exit_code == 2
        assert "--server is for one capture" in result.stderr


def test_what_stands_beside_certificates_does_not_stand_beside_a_capture() -> None:
    result = run("lint", SEVERAL, "--issuers", str(CAPTURES.parent.parent / "docs/examples/good-chain.pem"))
    assert result.exit_code == 2
    assert "is a capture; --issuers go with certificates and requests" in result.stderr


def test_each_capture_by_itself() -> None:
    result = run("lint", "--each", SEVERAL, str(CAPTURES / "ok_java_tls12.pcap"), "--profile", "java-8u181")
    assert "2 files: 1 refused, 1 accepted" in result.stdout


def test_connections_that_are_alike_are_drawn_once(tmp_path: Path) -> None:
    made = [
        frames(Wire(client=("10.9.0.1", 40_000 + n)), converse(known()["tls-1.2-article"]), LINKS["ethernet"])
        for n in range(4)
    ]
    path = tmp_path / "four"
    path.write_bytes(pcap(interleaved(*made), 1))
    shown = run("lint", str(path)).stdout
    assert shown.count("ServerHello (") == 1
    assert "  the same: connections 2, 3, 4\n" in shown
    assert shown.count("error  signature-algorithm-unsupported") == 1
    assert "and the same on connections 2, 3, 4" in shown


@pytest.mark.parametrize(
    "name", ["snap256_s1.pcap", "plain_http_on_8443.pcap", "resumed_tls12.pcap", "tls13_java.pcapng"]
)
def test_what_is_not_visible_is_said_with_what_to_do(name: str) -> None:
    shown = run("lint", str(CAPTURES / name)).stdout
    assert "Not everything of this handshake is visible" in shown


def test_a_large_capture_shows_a_person_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    with reading(200_000_000) as progress:
        assert progress is not None
        progress(100_000_000)
    assert "reading" in screen.getvalue()
    with reading(1000) as progress:
        assert progress is None, "nobody needs to be told of a small one"


def test_a_capture_is_streamed_from_its_file() -> None:
    with capture(SEVERAL) as opened:
        assert opened is not None
        assert opened.size == Path(SEVERAL).stat().st_size
        assert opened.file.tell() == 0, "what was looked at stays to be read"
    with capture(__file__) as opened:
        assert opened is None


def test_a_capture_is_compared_connection_by_connection_within_the_width_of_a_terminal() -> None:
    text = run("compare", SEVERAL).stdout
    assert (
        "  finesse      refused        cipher-suite-refused: connection 3\n"
        "                              signature-algorithm-unsupported: pssinter Issuing CA (connection 1)\n"
    ) in text
    assert "  java-17      undetermined   -\n" in text
    assert max(map(len, text.splitlines())) <= 110
