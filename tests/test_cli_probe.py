"""`finesse-certlint probe`: the sockets around a probe, what is said where, and with which exit status."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import flights
import pytest
from ca import good_chain, pem_bundle
from flights import alert, dhe, flight
from test_cli import line, run

from finesse_certlint.cli import dialling

CHAIN = good_chain()
Serve = Callable[[socket.socket], None]


@contextmanager
def listening(serve: Serve, host: str = "127.0.0.1") -> Iterator[int]:
    """A server on loopback that does this with each connection, until the test is over."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((host, 0))
        server.listen()
        over = threading.Event()

        def work() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    if over.is_set():
                        return
                    connection.settimeout(10)
                    with suppress(OSError):  # the probe has gone
                        serve(connection)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            over.set()
            server.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=15)


def says(answer: bytes) -> Serve:
    """A server that takes a hello and says this."""

    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(answer)
        connection.recv(1)  # until the probe closes

    return serve


GOOD = flight(0x0035, *CHAIN)


@pytest.fixture
def trusted(tmp_path: Path) -> str:
    file = tmp_path / "trusted.pem"
    file.write_bytes(CHAIN[-1].pem)
    return str(file)


def probe(port: int, *options: str, host: str = "127.0.0.1") -> Any:
    return run("probe", f"{host}:{port}", "--hostname", "gadgets.example.com", *options)


# -- What comes of it --------------------------------------------------------------------------------------------------


def test_a_good_server_is_accepted(trusted: str) -> None:
    with listening(says(GOOD)) as port:
        result = probe(port, "--trusted", trusted)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"accepted   127.0.0.1:{port}   by finesse")


def test_a_refused_suite_is_refused(trusted: str) -> None:
    with listening(says(flight(0x0039, *CHAIN, dh=dhe()))) as port:
        result = probe(port, "--trusted", trusted)
    assert result.exit_code == 1
    assert result.stdout.startswith("refused")
    assert "error  cipher-suite-refused" in result.stdout
    assert "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" in result.stdout


def test_the_report_can_be_json_and_go_to_a_file(trusted: str, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    with listening(says(GOOD)) as port:
        result = probe(port, "--trusted", trusted, "--format", "json", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    report = json.loads(file.read_text())
    assert report["name"] == f"127.0.0.1:{port}"
    assert [handshake["witness"] for handshake in report["handshakes"]] == ["probe"]


def test_the_chain_can_be_saved_as_it_was_sent(trusted: str, tmp_path: Path) -> None:
    file = tmp_path / "chain.pem"
    with listening(says(GOOD)) as port:
        assert probe(port, "--trusted", trusted, "--save", str(file)).exit_code == 0
    assert file.read_bytes() == pem_bundle(*CHAIN)
    assert run("lint", str(file), "--trusted", trusted).exit_code == 0


def test_the_hosts_own_name_is_judged_unless_another_is_given(trusted: str) -> None:
    with listening(says(GOOD)) as port:
        result = run("probe", f"https://localhost:{port}/gadget.xml", "--trusted", trusted)
    assert result.exit_code == 1
    assert "hostname-mismatch" in result.stdout
    assert f"localhost:{port}" in result.stdout


def test_another_client_can_be_asked(trusted: str) -> None:
    hellos = []

    def serve(connection: socket.socket) -> None:
        hellos.append(connection.recv(4096))
        connection.sendall(flight(0xC030, *CHAIN, version=flights.TLS_1_2))
        connection.recv(1)

    with listening(serve) as port:
        assert probe(port, "--trusted", trusted, "--profile", "java-8u181").exit_code == 0
    assert [hello[1:3] for hello in hellos] == [b"\x03\x03"]


def test_ipv6_is_reached(trusted: str) -> None:
    try:
        with listening(says(GOOD), host="::1") as port:
            result = probe(port, "--trusted", trusted, host="[::1]")
    except OSError:
        pytest.skip("this machine has no IPv6 on loopback")
    assert result.exit_code == 0
    assert f"[::1]:{port}" in result.stdout


# -- What goes wrong ---------------------------------------------------------------------------------------------------


def test_an_unknown_name_a_refused_connection_and_a_wrong_word_are_told_in_one_line() -> None:
    result = run("probe", "no-such-host.invalid")
    assert result.exit_code == 2
    assert "not known here" in line(result)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        result = run("probe", f"127.0.0.1:{unused.getsockname()[1]}")
    assert result.exit_code == 2
    assert "nothing listens there" in line(result)


@pytest.mark.parametrize("word", ["", "https://", "host:99999", "host:0", "ftp://host", "host:port"])
def test_what_is_no_host_is_refused(word: str) -> None:
    result = run("probe", word)
    assert result.exit_code == 2
    assert "is no HOST[:PORT]" in " ".join(result.stderr.split())


def test_silence_ends(trusted: str) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.recv(1)

    began = time.monotonic()
    with listening(serve) as port:
        result = probe(port, "--trusted", trusted, "--timeout", "0.3")
    assert time.monotonic() - began < 20
    assert result.exit_code == 1
    assert result.stdout.startswith("undetermined")
    assert "nothing within 0.3 seconds" in " ".join(result.stdout.split())


def test_a_trickle_ends_with_the_time_for_the_whole_answer(trusted: str) -> None:
    def serve(connection: socket.socket) -> None:
        connection.recv(4096)
        for byte in GOOD:
            connection.sendall(bytes([byte]))
            time.sleep(0.1)

    began = time.monotonic()
    with listening(serve) as port:
        result = probe(port, "--trusted", trusted, "--timeout", "0.5")
    assert time.monotonic() - began < 20
    assert result.stdout.startswith("undetermined")


@pytest.mark.parametrize(
    ("answer", "verdict", "said"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n<html>", "refused", "not TLS but HTTP"),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", "refused", "is not TLS"),
        (alert(70), "refused", "protocol_version (70)"),
        (bytes(300_000), "refused", "is not TLS"),
    ],
)
def test_other_answers_are_told(answer: bytes, verdict: str, said: str, trusted: str) -> None:
    with listening(says(answer)) as port:
        result = probe(port, "--trusted", trusted, "--timeout", "2")
    assert result.exit_code == 1
    assert result.stdout.startswith(verdict)
    assert said in " ".join(result.stdout.split())


def test_a_server_that_closes_or_resets_is_told(trusted: str) -> None:
    def reset(connection: socket.socket) -> None:
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    for serve in (lambda connection: connection.recv(4096), reset):
        with listening(serve) as port:
            result = probe(port, "--trusted", trusted, "--timeout", "2")
        assert result.stdout.startswith("undetermined"), result.stdout
        assert "closed the connection without an answer" in " ".join(result.stdout.split())


def test_a_server_that_goes_away_between_hellos_is_no_traceback(trusted: str) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(1)
        port = server.getsockname()[1]

        def once() -> None:
            connection, _ = server.accept()
            server.close()
            with connection:
                connection.recv(4096)
                connection.sendall(alert(40))

        thread = threading.Thread(target=once)
        thread.start()
        result = probe(port, "--trusted", trusted, "--timeout", "2")
        thread.join()
    assert result.exit_code == 1
    assert "the hello was the same cipher suites up to TLS 1.2" in result.stderr
    assert "alert-explained" in result.stdout


# -- Proxies -----------------------------------------------------------------------------------------------------------


def through(answer: bytes, seen: list[bytes]) -> Serve:
    """A proxy that answers so to CONNECT, and then is the server."""

    def serve(connection: socket.socket) -> None:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += connection.recv(1)
        seen.append(request)
        connection.sendall(answer)
        if b" 200 " in answer:
            connection.recv(4096)
            connection.sendall(GOOD)
            connection.recv(1)

    return serve


def test_a_proxy_connects(trusted: str) -> None:
    seen: list[bytes] = []
    with listening(through(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n", seen)) as port:
        result = run(
            "probe", "gadgets.example.com:8443", "--trusted", trusted, "--proxy", f"http://me:p%40ss@127.0.0.1:{port}"
        )
    assert result.exit_code == 0, result.stderr
    assert seen[0].startswith(b"CONNECT gadgets.example.com:8443 HTTP/1.1\r\nHost: gadgets.example.com:8443\r\n")
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==\r\n" in seen[0]
    assert "bWU6cEBzcw" not in result.output


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 403 Forbidden\r\n\r\n", "it does not connect to gadgets.example.com:443: HTTP/1.1 403 Forbidden"),
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "it asks for a user"),
        (b"SSH-2.0-x\r\n\r\n\r\n", "it is no HTTP proxy"),
        (b"", "it closes the connection before its answer is complete"),
        (b"HTTP/1.1 502 Bad", "it closes the connection before its answer is complete"),
        (b"HTTP/1.1 200 " + b"x" * 70_000, "it is no HTTP proxy"),
    ],
)
def test_a_proxy_that_does_not_is_told(answer: bytes, said: str) -> None:
    with listening(through(answer, [])) as port:
        result = run("probe", "gadgets.example.com", "--proxy", f"127.0.0.1:{port}", "--timeout", "2")
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_proxy_that_nobody_can_reach_is_told() -> None:
    result = run("probe", "gadgets.example.com", "--proxy", "no-such-proxy.invalid:3128")
    assert result.exit_code == 2
    assert "the proxy no-such-proxy.invalid: this name is not known here" in line(result)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        result = run("probe", "gadgets.example.com", "--proxy", f"127.0.0.1:{port}")
    assert result.exit_code == 2
    assert f"the proxy 127.0.0.1, port {port}: the connection is refused" in line(result)
    assert "gadget's URL" not in line(result), "it is the proxy that does not listen"


def test_a_proxy_may_end_its_lines_as_unix_does(trusted: str) -> None:
    with listening(through(b"HTTP/1.0 200 OK\nVia: x\n\n", [])) as port:
        result = run(
            "probe", "gadgets.example.com", "--trusted", trusted, "--proxy", f"127.0.0.1:{port}", "--timeout", "3"
        )
    assert result.exit_code == 0, result.stderr


@pytest.mark.parametrize(
    ("word", "host", "port"),
    [
        ("gadgets.example.com", "gadgets.example.com", 443),
        ("Gadgets.Example.com:8443", "Gadgets.Example.com", 8443),
        ("https://gadgets.example.com/gadget.xml?x=1#y", "gadgets.example.com", 443),
        ("https://gadgets.example.com:8443", "gadgets.example.com", 8443),
        ("192.0.2.7:1", "192.0.2.7", 1),
        ("2001:db8::7", "2001:db8::7", 443),
        ("[2001:db8::7]", "2001:db8::7", 443),
        ("[2001:db8::7]:8443", "2001:db8::7", 8443),
    ],
)
def test_a_host_and_a_port_are_read_out_of_what_people_paste(word: str, host: str, port: int) -> None:
    found = dialling.address(word, 443)
    assert (found.host, found.port) == (host, port)
