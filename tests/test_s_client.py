"""The log of `openssl s_client` tells of a handshake: what the server selected, though for another client than Java."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server

import pytest
from ca import article_chain, good_chain, pem_bundle
from exchanges import log

import finesse_certlint as fcl
from finesse_certlint.handshake import Handshake

AT = datetime(2026, 11, 23, tzinfo=UTC)


def the(text: str) -> Handshake:
    (handshake,) = fcl.lint(text.encode(), at=AT).handshakes
    return handshake


def test_the_selected_suite_and_the_prime_are_read() -> None:
    handshake = the(log())
    assert (handshake.witness, handshake.version, handshake.cipher_suite) == ("log", 0x0303, 0x0039)
    assert handshake.key_exchange is not None
    assert handshake.key_exchange.dh_bits == 2048
    assert handshake.diagnosis == {"scenario1"}
    assert handshake.completed


def test_the_certificates_in_it_are_judged_once_and_are_those_of_the_handshake() -> None:
    report = fcl.lint(log(article_chain()).encode(), at=AT)
    assert len(report.certificates) == 3
    assert report.handshakes[0].certificates == (0, 1, 2)
    assert report.handshakes[0].chains == (0,)
    assert report.handshakes[0].diagnosis == {"scenario1", "scenario2"}
    assert [f.certificate for f in report.findings if f.rule == "signature-algorithm-unsupported"] == [2]
    assert report.verdict == report.handshakes[0].verdict == "refused"
    assert "sent-certificate-unreadable" not in {finding.rule for finding in report.findings}


def test_a_good_log_rules_the_first_scenario_out_for_nobody_but_openssl() -> None:
    report = fcl.lint(
        log(
            new="New, TLSv1.2, Cipher is ECDHE-RSA-AES256-GCM-SHA384", key="Server Temp Key: X25519, 253 bits"
        ).encode(),
        at=AT,
    )
    assert report.verdict == "accepted", "its certificates are"
    assert report.handshakes[0].diagnosis == {"undetermined"}
    assert report.handshakes[0].key_exchange is not None
    assert report.handshakes[0].key_exchange.group == 29
    (said,) = [finding for finding in report.findings if finding.rule == "answered-another-client"]
    assert "the log of another client" in said.message


def test_without_showcerts_the_chain_is_not_in_it() -> None:
    handshake = the(log(listed=3))
    assert not handshake.certificate_message
    assert [gap.kind for gap in handshake.gaps] == ["no-client", "cut"]


def test_old_openssl_prints_a_version_that_is_not_the_negotiated_one() -> None:
    """1.0.2: the line names where the cipher comes from, the session what was negotiated."""
    handshake = the(log(new="New, TLSv1/SSLv3, Cipher is AES256-SHA", protocol="TLSv1", key=""))
    assert (handshake.version, handshake.cipher_suite) == (0x0301, 0x0035)


def test_several_sessions_in_one_log_are_several_handshakes() -> None:
    report = fcl.lint((log() + log(article_chain())).encode(), at=AT)
    assert [handshake.certificates for handshake in report.handshakes] == [(0, 1, 2), (3, 4, 5)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_the_places_are_those_of_the_bytes(encoding: str) -> None:
    data = (log() + log()).encode(encoding)
    report = fcl.lint(data, at=AT)
    places = [handshake.location for handshake in report.handshakes]
    assert all(places)
    assert places[1] is not None
    assert places[1].stop == len(data)
    assert [len(handshake.certificates) for handshake in report.handshakes] == [3, 3]


FAILED = """CONNECTED(00000003)
1407:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:ssl/record/rec_layer_s3.c:1601:SSL alert number 40
---
no peer certificate available
---
New, (NONE), Cipher is (NONE)
"""


def test_a_log_without_a_certificate_tells_how_it_failed() -> None:
    report = fcl.lint(FAILED.encode(), at=AT)
    assert report.verdict == "undetermined"
    assert [(a.sender, a.level, a.description) for a in report.handshakes[0].alerts] == [("server", 2, 40)]
    assert report.readable


def test_secrets_in_a_log_stand_in_no_report() -> None:
    secret = "648194C878A182339449EF9D119418ECB27F6C07B304BDACE5F7EF7F93CBD07A"
    report = fcl.lint((log() + f"    Master-Key: {secret}\n").encode(), at=AT)
    assert secret not in report.to_json() + report.render()


# -- Against the program -----------------------------------------------------------------------------------------------


@contextmanager
def server(folder: Path, *options: str) -> Iterator[int]:
    """`openssl s_server` with the good chain, on a port of the loopback interface."""
    chain = good_chain()
    (folder / "chain.pem").write_bytes(pem_bundle(*chain))
    (folder / "key.pem").write_bytes(chain[0].key.pem)
    with create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", "chain.pem", "-cert_chain", "chain.pem"]
    with subprocess.Popen(
        [*command, "-key", "key.pem", "-www", *options], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            assert process.stdout is not None
            while b"ACCEPT" not in process.stdout.readline():
                assert process.poll() is None
                time.sleep(0.01)
            yield port
        finally:
            process.terminate()


@pytest.mark.parametrize(
    ("options", "suite", "bits"),
    [
        (["-tls1_2", "-cipher", "DHE-RSA-AES256-SHA:@SECLEVEL=0"], 0x0039, 2048),
        (["-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"], 0xC02F, None),
        (["-tls1_3"], 0x1302, None),
    ],
    ids=["dhe", "ecdhe", "tls-1.3"],
)
def test_what_the_program_at_hand_prints_is_read(options: list[str], suite: int, bits: int | None) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), *options) as port:
        command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-showcerts", "-cipher", "ALL:@SECLEVEL=0"]
        done = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=30)
    handshake = the((done.stderr + done.stdout).decode())
    assert handshake.cipher_suite == suite
    assert (handshake.key_exchange and handshake.key_exchange.dh_bits) == bits
    assert len(handshake.certificates) == 3 or handshake.certificate_message
