"""Real servers on loopback for a test: `openssl s_server` and nginx, each with the chain and the settings it is told.

with openssl_server(issued, *chain, options=("-tls1_2",)) as server:
    connect("127.0.0.1", server.port)
"""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import attrs
from ca import Issued, pem_bundle

import finesse_certlint as fcl
from finesse_certlint.cli.dialling import carry_out

LOOPBACK = "127.0.0.1"
OLD = "ALL:@SECLEVEL=0"
"""What an OpenSSL 3 must be told to speak TLS 1.0."""

# RFC 7919, appendix A: groups that nobody need generate.
GROUPS = {2048: "ffdhe2048", 3072: "ffdhe3072", 4096: "ffdhe4096"}


@attrs.frozen
class Running:
    """A server that listens on loopback."""

    port: int


@cache
def missing(*programs: str) -> str:
    """A reason to skip, or nothing."""
    lacking = [program for program in programs if shutil.which(program) is None]
    return f"needs {' and '.join(lacking)}" if lacking else ""


@cache
def dh_parameters(bits: int) -> bytes:
    """Parameters of a Diffie-Hellman group in PEM."""
    kind = ["-pkeyopt", f"group:{GROUPS[bits]}"] if bits in GROUPS else ["-pkeyopt", f"dh_paramgen_prime_len:{bits}"]
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", *kind]
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def openssl_server(
    server: Issued, *chain: Issued, options: tuple[str, ...] = (), dh_bits: int | None = None
) -> Iterator[Running]:
    """`openssl s_server` that sends the server's certificate and this chain."""
    with _folder(server, chain) as folder:
        port = free_port()
        command = ["openssl", "s_server", "-accept", f"{LOOPBACK}:{port}", "-www", "-quiet"]
        command += ["-cert", str(folder / "server.pem"), "-key", str(folder / "key.pem")]
        if chain:
            command += ["-cert_chain", str(folder / "chain.pem")]
        if dh_bits is not None:
            (folder / "dh.pem").write_bytes(dh_parameters(dh_bits))
            command += ["-dhparam", str(folder / "dh.pem")]
        if "-cipher" not in options:
            command += ["-cipher", OLD]
        with _running([*command, *options], folder, port):
            yield Running(port)


@contextmanager
def nginx_server(
    server: Issued, *chain: Issued, directives: str = "", named: Mapping[str, Sequence[Issued]] | None = None
) -> Iterator[Running]:
    """nginx that sends the server's certificate and this chain, with its defaults but for these directives.

    :param named: further sites on the same port by their names, each with what it sends.
    """
    with _folder(server, chain) as folder:
        port = free_port()
        (folder / "whole.pem").write_bytes(pem_bundle(server, *chain))
        sites = ""
        for name, sent in (named or {}).items():
            (folder / f"{name}.pem").write_bytes(pem_bundle(*sent))
            (folder / f"{name}.key").write_bytes(sent[0].key.pem)
            sites += f"  server {{ listen {LOOPBACK}:{port} ssl; server_name {name}; {directives}\n"
            sites += f"    ssl_certificate {folder}/{name}.pem; ssl_certificate_key {folder}/{name}.key; }}\n"
        (folder / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
            "events {}\n"
            "http {\n"
            f"  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;\n"
            f"  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;\n"
            f"  server {{ listen {LOOPBACK}:{port} ssl default_server; server_name _; {directives}\n"
            f"    ssl_certificate {folder}/whole.pem; ssl_certificate_key {folder}/key.pem; }}\n"
            f"{sites}}}\n"
        )
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        with _running([nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], folder, port):
            yield Running(port)


def probe(port: int, profile: str | fcl.Profile = "finesse", host: str = LOOPBACK, seconds: float = 5) -> fcl.Probe:
    """A probe that has been carried out."""
    asking = fcl.Probe(host, port, profile)
    carry_out(asking, seconds=seconds, through=None)
    return asking


def answer(attempt: fcl.Attempt, port: int, seconds: float = 5) -> None:
    """Send one hello to a port of loopback, whatever host it names, and feed what comes back."""
    with socket.create_connection((LOOPBACK, port), timeout=seconds) as connection:
        connection.sendall(attempt.hello)
        while not attempt.done:
            data = connection.recv(65536)
            attempt.receive(data) if data else attempt.closed()


def free_port() -> int:
    """A port of loopback on which nobody listens."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def _folder(server: Issued, chain: tuple[Issued, ...]) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "server.pem").write_bytes(server.pem)
        (folder / "key.pem").write_bytes(server.key.pem)
        (folder / "chain.pem").write_bytes(pem_bundle(*chain))
        yield folder


@contextmanager
def _running(command: list[str], folder: Path, port: int) -> Iterator[None]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=output, stderr=output)
        try:
            _await(process, port, folder)
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)
            if process.stdin:
                process.stdin.close()


def _await(process: "subprocess.Popen[bytes]", port: int, folder: Path) -> None:
    """Wait until the port answers."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends and process.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex((LOOPBACK, port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"it does not listen: {(folder / 'output').read_text(errors='replace')[-500:]}")
