"""Real servers, set up in each way that matters, seen by a probe; and by a real Java whose packets are captured.

The probe's report names the cause. What the captured Java was sent is diagnosed as what the probe was sent.
"""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
import servers
from ca import Authority, Issued, pss
from servers import Running, nginx_server, openssl_server, probe

import finesse_certlint as fcl
from finesse_certlint.handshake import Sender
from finesse_certlint.tls_suites import SIGNALS, suite

OPENSSL = servers.missing("openssl")
NGINX = servers.missing("openssl", "nginx")
pytestmark = pytest.mark.skipif(bool(OPENSSL), reason=OPENSSL or "never")
Setup = Callable[[], AbstractContextManager[Running]]
HOST = "gadgets.example.com"
OLD_NGINX = "ssl_protocols TLSv1 TLSv1.2; ssl_ciphers AES256-SHA:AES128-SHA:@SECLEVEL=0;"


@cache
def root(**knobs: Any) -> Authority:
    return Authority("Example Root CA", **knobs)


@cache
def issuing(**knobs: Any) -> Authority:
    return root().authority("Example Issuing CA 1", **knobs)


@cache
def leaf(**knobs: Any) -> Issued:
    return issuing().server(HOST, **knobs)


@cache
def below(top: Authority, **knobs: Any) -> tuple[Issued, Authority, Authority]:
    """A server's certificate, its issuing CA made with these knobs, and the root."""
    middle = top.authority("Example Issuing CA 1", **{"sign": "SHA256withRSA", **knobs})
    return middle.server(HOST, sign="SHA256withRSA"), middle, top


@attrs.frozen
class Case:
    """A server, and what the report on it must be."""

    setup: Setup
    verdict: str
    rules: tuple[str, ...] = ()
    """Those of its errors."""
    diagnosis: str = "ok"
    """Of what the server answers to the client's own hello."""
    trusted: Callable[[], bytes] = lambda: root().pem
    java: str = ""
    """What a Java 17 that offers the article's suites at TLS 1.0 comes to see; empty where nothing is captured."""
    needs: str = ""


def good() -> tuple[Issued, Authority, Authority]:
    return leaf(), issuing(), root()


def ranked(*suites: str) -> tuple[str, ...]:
    """OpenSSL's options for suites in the server's own order, TLS 1.0 among the versions."""
    return ("-cipher", ":".join((*suites, "@SECLEVEL=0")), "-serverpref")


@cache
def pss_root() -> Authority:
    return Authority("Example Root CA", sign=pss("SHA1"))


CASES: dict[str, Case] = {
    "good": Case(
        lambda: openssl_server(*good(), options=ranked("AES256-SHA")), "accepted", java="TLS_RSA_WITH_AES_256_CBC_SHA 3"
    ),
    "dhe-first": Case(
        lambda: openssl_server(*good(), options=ranked("DHE-RSA-AES256-SHA", "AES256-SHA"), dh_bits=2048),
        "refused",
        ("cipher-suite-refused",),
        "scenario1",
        java="TLS_DHE_RSA_WITH_AES_256_CBC_SHA 3",
    ),
    "dhe-128-first": Case(
        lambda: openssl_server(*good(), options=ranked("DHE-RSA-AES128-SHA", "AES128-SHA"), dh_bits=4096),
        "refused",
        ("cipher-suite-refused",),
        "scenario1",
        java="TLS_DHE_RSA_WITH_AES_128_CBC_SHA 3",
    ),
    "dhe-alone": Case(
        lambda: openssl_server(*good(), options=ranked("DHE-RSA-AES256-SHA"), dh_bits=3072),
        "refused",
        ("cipher-suite-refused",),
        "scenario1",
    ),
    "pss-root": Case(
        lambda: openssl_server(*below(pss_root()), options=ranked("AES256-SHA")),
        "refused",
        ("signature-algorithm-unsupported",),
        "scenario2",
        trusted=lambda: pss_root().pem,
        java="TLS_RSA_WITH_AES_256_CBC_SHA 3",
    ),
    "pss-issuing": Case(
        lambda: openssl_server(*below(root(), sign=pss()), options=ranked("AES256-SHA")),
        "refused",
        ("signature-algorithm-unsupported",),
        "scenario2",
        java="TLS_RSA_WITH_AES_256_CBC_SHA 3",
    ),
    "pss-leaf": Case(
        lambda: openssl_server(leaf(sign=pss()), issuing(), root(), options=ranked("AES256-SHA")),
        "refused",
        ("signature-algorithm-unsupported",),
        "scenario2",
        java="TLS_RSA_WITH_AES_256_CBC_SHA 3",
    ),
    "pss-and-dhe": Case(
        lambda: openssl_server(
            leaf(sign=pss()), issuing(), root(), options=ranked("DHE-RSA-AES256-SHA", "AES256-SHA"), dh_bits=2048
        ),
        "refused",
        ("cipher-suite-refused", "signature-algorithm-unsupported"),
        "scenario1 scenario2",
    ),
    "ecdsa": Case(
        lambda: openssl_server(leaf(key="ec256"), issuing(), root()),
        "refused",
        ("no-common-suite",),
        "undetermined",
        java="peer not authenticated",
    ),
    "no-intermediate": Case(
        lambda: openssl_server(leaf(), options=ranked("AES256-SHA")),
        "refused",
        ("trust-anchor-missing",),
        java="peer not authenticated",
    ),
    "tls-1.2-only": Case(
        lambda: openssl_server(*good(), options=("-tls1_2",)),
        "refused",
        ("protocol-not-offered",),
        "undetermined",
        java="peer not authenticated",
    ),
    "tls-1.3-only": Case(
        lambda: openssl_server(*good(), options=("-tls1_3",)),
        "refused",
        ("protocol-not-offered",),
        "undetermined",
        java="peer not authenticated",
    ),
    "pss-behind-tls-1.2": Case(
        lambda: openssl_server(*below(root(), sign=pss()), options=("-tls1_2",)),
        "refused",
        ("protocol-not-offered", "signature-algorithm-unsupported"),
        "undetermined",
    ),
    "nginx-defaults": Case(
        lambda: nginx_server(*good()),
        "refused",
        ("protocol-not-offered",),
        "undetermined",
        java="peer not authenticated",
        needs=NGINX,
    ),
    "nginx-good": Case(
        lambda: nginx_server(*good(), directives=OLD_NGINX),
        "accepted",
        java="TLS_RSA_WITH_AES_256_CBC_SHA 3",
        needs=NGINX,
    ),
    "nginx-tls-1.3-only": Case(
        lambda: nginx_server(*good(), directives="ssl_protocols TLSv1.3;"),
        "refused",
        ("protocol-not-offered",),
        "undetermined",
        needs=NGINX,
    ),
    "nginx-client-certificate": Case(
        lambda: nginx_server(*good(), directives=f"{OLD_NGINX} ssl_verify_client optional_no_ca;"),
        "accepted",
        needs=NGINX,
    ),
}


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    found = CASES[request.param]
    if found.needs:
        pytest.skip(found.needs)
    return found


def errors(report: fcl.Report) -> set[str]:
    return {finding.rule for finding in report.findings if finding.severity >= "error"}


def words(handshake: fcl.Handshake) -> str:
    return " ".join(sorted(diagnosis.value for diagnosis in handshake.diagnosis))


def test_the_probe_names_the_cause(case: Case) -> None:
    with case.setup() as server:
        asked = probe(server.port)
    report = asked.report(trusted=case.trusted(), hostname=HOST)
    assert errors(report) == set(case.rules), [finding.message for finding in report.findings]
    assert report.verdict == case.verdict
    assert words(report.handshakes[0]) == case.diagnosis
    assert report.rules.crashed == ()


def test_a_server_with_an_ec_key_alone_is_told_by_its_key() -> None:
    with openssl_server(leaf(key="ec256"), issuing(), root()) as server:
        report = probe(server.port).report(trusted=root().pem, hostname=HOST)
        for_7u181 = probe(server.port, "java-7u181").report(trusted=root().pem, hostname=HOST)
    (found,) = [finding for finding in report.findings if finding.rule == "no-common-suite"]
    assert found.evidence["server_key"] == "EC"
    assert for_7u181.verdict == "accepted", "7u181 offers suites for EC keys"


def test_ranking_is_told_from_having_nothing_else() -> None:
    with CASES["dhe-first"].setup() as server:
        ranked_low = probe(server.port).report()
    with CASES["dhe-alone"].setup() as server:
        nothing_else = probe(server.port).report()
    better = [
        finding
        for report in (ranked_low, nothing_else)
        for finding in report.findings
        if finding.rule == "better-suite-available"
    ]
    assert [finding.evidence["better"] for finding in better] == ["TLS_RSA_WITH_AES_256_CBC_SHA", None]


@pytest.mark.parametrize(
    ("profile", "bits", "taken"),
    [("java-7u80", 2048, False), ("java-7u181", 2048, True), ("java-7u181", 4096, True), ("java-17", 2048, True)],
)
def test_the_size_of_the_group_is_read_and_judged_by_release(profile: str, bits: int, taken: bool) -> None:
    with openssl_server(*good(), options=("-cipher", "DHE-RSA-AES128-SHA:@SECLEVEL=0"), dh_bits=bits) as server:
        report = probe(server.port, profile).report(trusted=root().pem, hostname=HOST)
    shown = next(handshake for handshake in report.handshakes if handshake.key_exchange)
    assert shown.key_exchange is not None
    assert shown.key_exchange.dh_bits == bits
    assert ("dh-prime-refused" not in errors(report)) is taken
    assert (report.verdict == "accepted") is taken


@pytest.mark.parametrize("profile", ["java-8u504", "java-11", "java-17", "java-21"])
def test_a_java_with_tls_1_3_is_shown_the_certificates_without_it(profile: str) -> None:
    with openssl_server(*below(root(), sign=pss())) as server:
        report = probe(server.port, profile).report(trusted=root().pem, hostname=HOST)
    assert [handshake.version for handshake in report.handshakes] == [0x0304, 0x0303]
    assert report.verdict == "accepted", "these have RSASSA-PSS"


@pytest.mark.skipif(bool(NGINX), reason=NGINX or "never")
def test_a_site_that_is_not_the_default_is_found_by_its_name() -> None:
    other = issuing().server("other.example.com")
    with nginx_server(other, issuing(), directives=OLD_NGINX, named={HOST: good()}) as server:
        asked = fcl.Probe(HOST, server.port)
        for attempt in asked.attempts():
            servers.answer(attempt, server.port)
    report = asked.report(trusted=root().pem)
    assert "answer-depends-on-name" in {finding.rule for finding in report.findings}
    assert [handshake.asked for handshake in report.handshakes] == ["own", "server-name"]


# -- What the documentation says to change -----------------------------------------------------------------------------

REMEDIES = (Path(__file__).parents[1] / "docs" / "remedies.md").read_text()


def remedy(heading: str) -> str:
    """The lines to set, from the page of remedies."""
    section = REMEDIES.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return section.partition("```")[2].partition("\n")[2].partition("```")[0]


def ciphers(lines: str) -> str:
    """The cipher list of OpenSSL's in them."""
    words = re.split(r"[\s;\"]+", lines)
    (found,) = [word for word in words if "!DHE" in word]
    return found


@pytest.mark.skipif(bool(NGINX), reason=NGINX or "never")
@pytest.mark.parametrize("ranked_low", [False, True])
def test_the_remedy_for_nginx_is_one(ranked_low: bool, tmp_path: Path) -> None:
    group = tmp_path / "group.pem"
    group.write_bytes(servers.dh_parameters(2048))
    tmp_path.chmod(0o755)
    old = f"ssl_protocols TLSv1; ssl_ciphers {':'.join(FIRST)}:@SECLEVEL=0; ssl_prefer_server_ciphers on;"
    new = remedy("nginx")
    if ranked_low:
        new = new.replace(":!DHE", "").replace(":AES128-SHA", f":AES128-SHA:{':'.join(FIRST[:2])}")
    found = []
    for directives in (old, new):
        with nginx_server(*good(), directives=f"ssl_dhparam {group}; {directives}") as server:
            report = probe(server.port).report(trusted=root().pem, hostname=HOST)
        found.append((report.verdict.value, report.handshakes[0].cipher_suite))
    assert found == [("refused", 0x0039), ("accepted", 0x0035)]


FIRST = ("DHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA", "AES256-SHA", "AES128-SHA")


@pytest.mark.parametrize("server", ["nginx", "Apache httpd", "HAProxy", "Tomcat"])
def test_each_list_leaves_a_common_suite_and_not_the_two(server: str) -> None:
    command = ["openssl", "ciphers", ciphers(remedy(server)).partition(":@")[0] + ":@SECLEVEL=0"]
    left = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().split(":")
    assert {"AES256-SHA", "AES128-SHA"} <= set(left)
    assert [name for name in left if name.startswith("DHE-RSA")] == []
    assert [name for name in left if name.startswith(("ADH", "AECDH"))] == []


# -- A real Java, and its packets --------------------------------------------------------------------------------------

CAPTURING = servers.missing("openssl", "java", "javac", "tcpdump", "tshark")
SOURCE = Path(__file__).with_name("oracle") / "Client.java"
SUITES = ",".join(suite(number).java for number in fcl.get_profile("finesse").cipher_suites if number not in SIGNALS)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the compiled client."""
    if CAPTURING:
        pytest.skip(CAPTURING)
    folder = tmp_path_factory.mktemp("client")
    subprocess.run(["javac", "-d", str(folder), str(SOURCE)], check=True)
    (folder / "old.security").write_text("jdk.tls.disabledAlgorithms=SSLv3\njdk.certpath.disabledAlgorithms=MD2\n")
    return folder


@contextmanager
def capturing(port: int, file: Path) -> Iterator[None]:
    """Everything that goes to and from a port of loopback, in a file."""
    command = ["tcpdump", "-i", "lo", "-s", "0", "-U", "--immediate-mode", "-w", str(file), f"tcp port {port}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    line = process.stderr.readline()
    if "listening" not in line:
        process.wait(timeout=10)
        pytest.skip(f"needs the right to capture on loopback: {line.strip()}")
    try:
        yield
        time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.java])
def test_a_captured_java_is_diagnosed_like_the_probe(name: str, client: Path, tmp_path: Path) -> None:
    case = CASES[name]
    if case.needs:
        pytest.skip(case.needs)
    store, file = tmp_path / "trusted.pem", tmp_path / "java.pcap"
    store.write_bytes(case.trusted())
    with case.setup() as server:
        asked = probe(server.port)
        with capturing(server.port, file):
            command = ["java", f"-Djava.security.properties={client / 'old.security'}", "-cp", str(client), "Client"]
            command += [str(server.port), "TLSv1", SUITES, str(store), "finesse"]
            said = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=60, env={**os.environ, "LC_ALL": "C"}
            )
    assert case.java in said.stdout, said.stderr

    probed = asked.report(trusted=case.trusted()).handshakes[0]
    with file.open("rb") as packets:
        report = fcl.lint_capture(packets, trusted=case.trusted())
    (seen,) = report.handshakes
    # What a probe cannot see is how the client takes it: a fatal alert that neither scenario explains is undetermined.
    alerted = any(alert.fatal and alert.sender is Sender.CLIENT for alert in seen.alerts)
    unexplained = alerted and probed.diagnosis == {fcl.Diagnosis.OK}
    assert seen.diagnosis == ({fcl.Diagnosis.UNDETERMINED} if unexplained else probed.diagnosis)
    if probed.certificate_bytes:
        assert errors(report) == set(case.rules)
    assert (seen.version, seen.cipher_suite) == (probed.version, probed.cipher_suite)
    assert seen.certificate_bytes == probed.certificate_bytes
    assert report.rules.crashed == ()
    # Java hides the reason behind one text; the report does not. What it finds on the handshake the probe finds too.
    if "peer not authenticated" in case.java:
        assert "cause-masked" in {finding.rule for finding in report.findings}
    assert tshark(file, "tls.handshake.ciphersuite", "tls.handshake.type==2") == (
        [] if probed.cipher_suite is None else [f"0x{probed.cipher_suite:04x}"]
    )


def tshark(file: Path, field: str, where: str) -> list[str]:
    """What Wireshark reads."""
    tshark_ = shutil.which("tshark") or "tshark"
    port = next(iter(_ports(file)))
    command = [tshark_, "-r", str(file), "-d", f"tcp.port=={port},tls", "-Y", where, "-T", "fields", "-e", field]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()


def _ports(file: Path) -> Iterator[str]:
    command = ["tshark", "-r", str(file), "-c", "1", "-T", "fields", "-e", "tcp.dstport"]
    yield subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()
