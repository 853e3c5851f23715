"""What a report says of a handshake: the article's own exchange, and what each client makes of what a server selects."""

import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import flights
import packets
import pytest
from ca import Authority, Issued, pem_bundle, pss
from exchanges import ffdhe2048
from flights import TLS_1_0, TLS_1_2, TLS_1_3, alert, articles_exchange, dhe, flight, prime_of

import finesse_certlint as fcl
from finesse_certlint import Finding, Report
from finesse_certlint.handshake import Diagnosis, Handshake, Question, Sender, Witness

AT = datetime(2026, 11, 23, tzinfo=UTC)
CLIENT, SERVER = Sender.CLIENT, Sender.SERVER


@cache
def root(**knobs: Any) -> Authority:
    return Authority("Example Root CA", **knobs)


@cache
def issuing(**knobs: Any) -> Authority:
    return root().authority("Example Issuing CA 1", **knobs)


@cache
def leaf(**knobs: Any) -> Issued:
    return issuing().server("gadgets.example.com", **knobs)


def chain(**knobs: Any) -> tuple[Issued, ...]:
    return (leaf(**knobs), issuing(), root())


def probed(
    own: flights.Answer,
    profile: str = "finesse",
    *,
    host: str = "gadgets",
    trusted: bytes | None = None,
    **further: Any,
) -> Report:
    """A probe of a server that answers so to the client's own hello, and so to further ones."""
    script = {Question.OWN: own, **{Question[name.upper()]: answer for name, answer in further.items()}}
    probe = flights.carry_out(fcl.Probe(host, profile=profile), script)
    return probe.report(trusted=root().pem if trusted is None else trusted, hostname="gadgets.example.com", at=AT)


def captured(*turns: tuple[Sender, bytes], profile: str = "finesse", end: str = "fin", **options: Any) -> Report:
    """The report on a capture of these turns."""
    options.setdefault("trusted", root().pem)
    return fcl.lint(packets.capture(turns, end=end), profile=profile, at=AT, **options)


def rules(report: Report, least: str = "error") -> list[str]:
    """The rules that found something so bad, worst first."""
    return [finding.rule for finding in report.findings if finding.severity >= least]


def the(report: Report, name: str) -> Finding:
    (finding,) = [finding for finding in report.findings if finding.rule == name]
    return finding


# -- The article's own exchange ------------------------------------------------------------------------------------------


def test_the_articles_exchange_is_as_long_as_the_article_says() -> None:
    (_, hello), (_, answered), (_, ended) = articles_exchange(leaf())
    assert len(hello) == 5 + 67
    assert int.from_bytes(hello[6:9], "big") == 63
    at = answered.index(b"\x0c\x00\x04\x08")
    assert int.from_bytes(answered[at + 1 : at + 4], "big") == 1032, (
        "p, g, Ys and the signature, 256 bytes each, and their lengths"
    )
    assert ended.hex() == "15030100020250"


def test_wireshark_reads_the_articles_exchange_as_the_article_shows_it(tmp_path: Path) -> None:
    if shutil.which("tshark") is None:
        pytest.skip("needs tshark")
    file = tmp_path / "article.pcap"
    file.write_bytes(packets.capture(articles_exchange(leaf())))
    fields = ["tls.handshake.type", "tls.handshake.length", "tls.handshake.ciphersuite", "tls.alert_message.desc"]
    command = ["tshark", "-r", str(file), "-d", "tcp.port==8443,tls", "-Y", "tls.handshake or tls.alert_message"]
    command += ["-T", "fields"]
    command += [word for field in fields for word in ("-e", field)]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    hello, flight_, ended = [line.split("\t") for line in said]
    assert hello[:2] == ["1", "63"]
    assert flight_[0] == "2,11,12,14"
    assert flight_[1].split(",")[2] == "1032"
    assert flight_[2] == "0x0039"
    assert ended[3] == "80"


def test_the_articles_exchange_is_scenario_1_with_a_prime_of_2048_bits() -> None:
    report = captured(*articles_exchange(leaf()), trusted=pem_bundle(issuing(), root()))
    (handshake,) = report.handshakes
    assert report.verdict == handshake.verdict == "refused"
    assert handshake.diagnosis == {Diagnosis.SCENARIO_1}
    assert handshake.cipher_suite == 0x0039
    assert handshake.key_exchange is not None
    assert (handshake.key_exchange.length, handshake.key_exchange.dh_bits) == (1032, 2048)
    assert rules(report) == ["cipher-suite-refused"]

    suite = the(report, "cipher-suite-refused")
    assert "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" in suite.message
    assert "2048 bits" in suite.message
    assert "not established" in suite.message, "the cause is not stated as certain"
    assert suite.evidence["dh_bits"] == 2048
    assert suite.evidence["server_key_exchange_length"] == 1032

    prime = the(report, "dh-prime-refused")
    assert prime.severity == "notice"
    assert "before 7u101" in prime.message
    assert "internal_error (80)" in prime.message

    explained = the(report, "alert-explained")
    assert explained.message.startswith(
        "The client ended the handshake with internal_error (80), after the server's certificates."
    )
    assert "2048 bits" in explained.evidence["possible"][0]
    assert "proves none" in explained.message
    assert "peer not authenticated" in the(report, "cause-masked").message


@pytest.mark.parametrize(
    ("profile", "verdict", "found"),
    [
        ("java-7u80", "refused", ["dh-prime-refused"]),
        # Observed: 7u181, 8u181 and later take 2048 bits, and end this handshake for no reason of their own.
        ("java-7u181", "undetermined", []),
        ("java-8u181", "undetermined", []),
    ],
)
def test_what_each_java_makes_of_the_articles_exchange(profile: str, verdict: str, found: list[str]) -> None:
    server = (leaf(), issuing(), root())
    (first, hello), (_, _), last = articles_exchange(leaf())
    said = flight(0x0039, *server, dh=dhe(padded=True))
    report = captured((first, hello), (SERVER, said), last, profile=profile)
    assert report.verdict == verdict
    assert rules(report) == found
    assert report.handshakes[0].diagnosis == {Diagnosis.SCENARIO_1}, "what it shows does not depend on who is asked"


# -- Diffie-Hellman ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "bits", "taken"),
    [
        ("java-7u80", 768, True),
        ("java-7u80", 1024, True),
        ("java-7u80", 1000, False),  # no multiple of 64
        ("java-7u80", 2048, False),
        ("java-7u181", 768, False),
        ("java-7u181", 1024, True),
        ("java-7u181", 4096, True),
        ("java-8u181", 8192, True),
        ("java-8u181", 8256, False),
        ("java-17", 2040, False),
        ("java-17", 2048, True),
    ],
)
def test_a_release_takes_primes_within_its_limits(profile: str, bits: int, taken: bool) -> None:
    version = max(fcl.get_profile(profile).offered_versions)
    version = min(version, TLS_1_2)
    said = flight(0x0033, *chain(), version=version, dh=dhe(prime_of(bits), version=version))
    report = probed(said, profile)
    assert rules(report) == ([] if taken else ["dh-prime-refused"])
    assert report.verdict == ("accepted" if taken else "refused")


def test_a_suite_without_dhe_has_no_prime_to_refuse() -> None:
    assert probed(flight(0x0035, *chain()), "java-7u80").verdict == "accepted"


# -- Suites --------------------------------------------------------------------------------------------------------------


def test_a_server_that_selects_what_finesse_takes_is_accepted() -> None:
    report = probed(flight(0x0035, *chain()))
    assert (report.verdict, rules(report, "warning")) == ("accepted", [])
    assert report.handshakes[0].diagnosis == {Diagnosis.OK}


@pytest.mark.parametrize("number", [0x0039, 0x0033])
def test_either_of_the_two_suites_is_refused_by_finesse_alone(number: int) -> None:
    said = flight(number, *chain(), dh=dhe(prime_of(1024)))
    assert rules(probed(said)) == ["cipher-suite-refused"]
    assert probed(said, "java-7u80").verdict == "accepted"


@pytest.mark.parametrize("number", [0x0038, 0x0032, 0x0016])
def test_no_other_suite_with_dhe_is_the_articles(number: int) -> None:
    report = probed(flight(number, *chain(), dh=dhe(prime_of(1024))))
    assert "cipher-suite-refused" not in rules(report)


def test_what_the_server_would_select_instead_is_asked_and_said() -> None:
    refused = flight(0x0039, *chain(), dh=dhe())
    report = probed(refused, without_refused_suites=flight(0x002F, *chain()))
    better = the(report, "better-suite-available")
    assert better.evidence["better"] == "TLS_RSA_WITH_AES_128_CBC_SHA"
    assert "keep that one enabled" in better.remedy
    assert [handshake.decides for handshake in report.handshakes] == [True, False]
    assert [handshake.verdict for handshake in report.handshakes] == ["refused", "accepted"]
    assert report.verdict == "refused"

    alone = the(probed(refused, without_refused_suites=alert(40)), "better-suite-available")
    assert (alone.severity, alone.evidence["better"]) == ("warning", None)
    assert "Enable one of these first" in alone.remedy


def test_where_the_prime_is_what_is_refused_every_dhe_suite_is_left_out() -> None:
    asked: list[bytes] = []

    def instead(hello: bytes) -> bytes:
        asked.append(hello)
        return flight(0x0035, *chain())

    probed(flight(0x0033, *chain(), dh=dhe()), "java-7u80", without_refused_suites=instead)
    (offered,) = _hellos(asked)
    assert {0x0039, 0x0038, 0x0033, 0x0032, 0x0016, 0x0013}.isdisjoint(offered)
    assert {0x0035, 0x002F, 0xC014} <= set(offered)


def _hellos(sent: list[bytes]) -> list[tuple[int, ...]]:
    from finesse_certlint.formats.tls import messages

    return [messages.client_hello(hello[9:]).cipher_suites for hello in sent]


def test_a_server_with_an_ec_key_has_nothing_to_select_for_finesse() -> None:
    report = probed(
        alert(40), tls_1_2=alert(40), any_suite=flight(0xC009, *chain(key="ec256"), dh=flights.message(12, bytes(80)))
    )
    assert report.verdict == "refused"
    found = the(report, "no-common-suite")
    assert "holds an EC key" in found.message
    assert found.remedy.startswith("Give the server an RSA key")
    assert "protocol-not-offered" not in rules(report)


def test_version_and_suites_can_both_be_what_is_missing() -> None:
    elliptic = flight(0xC02B, *chain(key="ec256"), version=TLS_1_2, dh=flights.message(12, bytes(80)))
    report = probed(alert(70), tls_1_2=alert(40), any_suite=alert(70), any_suite_tls_1_2=elliptic)
    assert rules(report) == ["protocol-not-offered", "no-common-suite"]


def test_a_suite_that_was_not_offered_is_an_error() -> None:
    report = probed(flight(0xC014, *chain()))
    assert rules(report) == ["no-common-suite"]
    assert "did not offer" in the(report, "no-common-suite").message


# -- Versions ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [70, 80, 40])
def test_a_server_without_tls_1_0_is_known_by_what_it_answers_to_tls_1_2(number: int) -> None:
    # nginx with OpenSSL 3 says internal_error (80), OpenSSL alone protocol_version (70).
    report = probed(alert(number), tls_1_2=flight(0x0035, *chain(), version=TLS_1_2))
    assert report.verdict == "refused"
    assert rules(report) == ["protocol-not-offered"]
    found = the(report, "protocol-not-offered")
    assert "TLS 1.0" in found.message
    assert found.evidence["taken"] == "TLS 1.2"


def test_a_server_with_tls_1_3_alone_is_named() -> None:
    thirteen = flight(0x1301, version=TLS_1_3)
    report = probed(
        alert(70), tls_1_2=alert(70), any_suite=alert(70), any_suite_tls_1_2=alert(70), any_version=thirteen
    )
    assert rules(report) == ["protocol-not-offered"]
    assert the(report, "protocol-not-offered").evidence["taken"] == "TLS 1.3"


def test_a_certificate_that_only_tls_1_2_shows_is_judged_too() -> None:
    signed = root().authority("Example Issuing CA 2", sign=pss())
    presented = (signed.server("gadgets.example.com"), signed, root())
    report = probed(alert(80), tls_1_2=flight(0x0035, *presented, version=TLS_1_2))
    assert rules(report) == ["protocol-not-offered", "signature-algorithm-unsupported"]
    assert report.handshakes[1].decides
    assert report.handshakes[1].diagnosis == {Diagnosis.SCENARIO_2}


def test_a_server_that_only_has_an_old_version_is_refused_by_a_new_java() -> None:
    report = probed(flight(0x0035, *chain(), version=TLS_1_0), "java-17")
    assert "protocol-not-offered" in rules(report)
    assert "selects TLS 1.0" in the(report, "protocol-not-offered").message


def test_tls_1_3_hides_the_certificates_and_the_same_client_without_it_sees_them() -> None:
    hidden = flight(0x1301, version=TLS_1_3)
    shown = flight(0xC030, *chain(), version=TLS_1_2)
    report = probed(hidden, "java-17", without_tls_1_3=shown)
    assert report.verdict == "accepted"
    assert [handshake.decides for handshake in report.handshakes] == [False, True]
    assert probed(hidden, "java-17", without_tls_1_3=alert(70)).verdict == "undetermined"


def test_a_resumed_or_cut_flight_is_no_accepted_one() -> None:
    whole = flight(0x0035, *chain())
    for cut in (6, 80, len(whole) // 2, len(whole) - 5):
        report = probed(whole[:cut])
        assert report.verdict != "accepted", cut
        assert "probe-not-answered" in [finding.rule for finding in report.findings]


# -- The key's use -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "usage", "taken"),
    [
        (0x0035, ("key_encipherment",), True),
        (0x0035, ("digital_signature",), False),
        (0xC014, ("digital_signature",), True),
        (0xC014, ("key_encipherment",), False),
        (0x0016, ("digital_signature",), True),
    ],
)
def test_the_suite_decides_what_the_keys_use_must_be(number: int, usage: tuple[str, ...], taken: bool) -> None:
    # OpenJDK's EndEntityChecker: keyEncipherment for RSA key exchange, digitalSignature where the server signs.
    said = flight(number, *chain(key_usage=usage), dh=dhe(prime_of(1024)) if number == 0x0016 else None)
    report = probed(said, "java-7u80")
    assert rules(report) == ([] if taken else ["server-use-not-allowed"])


# -- Names ---------------------------------------------------------------------------------------------------------------


def test_a_server_that_depends_on_its_name_is_told() -> None:
    other = issuing().server("other.example.com")
    report = probed(
        flight(0x0035, other, issuing(), root()), host="gadgets.example.com", server_name=flight(0x0035, *chain())
    )
    assert "another certificate" in the(report, "answer-depends-on-name").message
    assert report.verdict == "refused", (
        "the profile's hello has no name in it, and was sent another server's certificate"
    )
    assert [handshake.decides for handshake in report.handshakes] == [True, False]


def test_where_a_server_answers_to_its_name_alone_that_answer_counts() -> None:
    # Java sends the name of a host that has a dot, so the refusal of a hello without it says nothing of Finesse.
    report = probed(alert(112), host="gadgets.example.com", server_name=flight(0x0035, *chain()))
    assert report.verdict == "accepted"
    assert [handshake.decides for handshake in report.handshakes] == [False, True]
    assert the(report, "answer-depends-on-name").severity == "warning"


def test_a_server_that_does_not_depend_on_its_name_is_shown_once() -> None:
    said = flight(0x0035, *chain())
    report = probed(said, host="gadgets.example.com", server_name=said)
    assert len(report.handshakes) == 1
    assert len(report.certificates) == 3


# -- Alerts --------------------------------------------------------------------------------------------------------------

HELLO = (CLIENT, flights.ARTICLES_HELLO)


def test_certificate_unknown_from_the_client_is_no_proof_of_a_certificate() -> None:
    report = captured(HELLO, (SERVER, flight(0x0035, *chain())), (CLIENT, alert(46)))
    assert report.verdict == "undetermined"
    assert report.handshakes[0].diagnosis == {Diagnosis.UNDETERMINED}
    possible = the(report, "alert-explained").evidence["possible"]
    assert "trust store" in possible[0]


def test_the_certificate_whose_algorithm_is_missing_comes_first() -> None:
    signed = root().authority("Example Issuing CA 2", sign=pss())
    report = captured(
        HELLO, (SERVER, flight(0x0035, signed.server("gadgets.example.com"), signed, root())), (CLIENT, alert(46))
    )
    assert report.verdict == "refused"
    assert the(report, "alert-explained").evidence["possible"][0].startswith("the signature of certificate 2")


def test_a_chain_that_is_too_long_is_a_reason_for_a_clients_handshake_failure() -> None:
    """Observed on Java 17: eleven certificates, and handshake_failure."""
    long = (leaf(), issuing(), *[root()] * 9)
    report = captured(HELLO, (SERVER, flight(0x0035, *long)), (CLIENT, alert(40)))
    assert "11 were sent" in the(report, "alert-explained").evidence["possible"][0]


def test_a_suite_without_certificates_is_the_reason_why_none_are_there() -> None:
    """TLS_DH_anon_WITH_AES_256_CBC_SHA: nothing was lost, cut off or encrypted."""
    flight_ = flights.record(
        22,
        flights.server_hello(0x003A) + flights.message(12, flights.dh_parameters()) + flights.message(14, b""),
    )
    report = captured(HELLO, (SERVER, flight_), end="")
    assert "TLS_DH_anon_WITH_AES_256_CBC_SHA" in the(report, "handshake-not-seen").message
    assert report.handshakes[0].diagnosis == {Diagnosis.UNDETERMINED}


def test_a_certificate_message_without_certificates_is_an_error() -> None:
    """Observed on Java 17: "Empty server certificate chain", bad_certificate."""
    report = captured(HELLO, (SERVER, flight(0x0035)), (CLIENT, alert(42)))
    assert rules(report) == ["sent-certificate-unreadable"]
    assert report.verdict == "refused"


def test_a_chain_with_something_unreadable_in_it_shows_no_scenario_and_is_not_ok() -> None:
    report = captured(HELLO, (SERVER, flight(0x0035, leaf(), b"junk", root())))
    assert report.handshakes[0].diagnosis == {Diagnosis.UNDETERMINED}


def test_what_was_lost_of_the_clients_may_have_been_an_alert() -> None:
    segments = packets.converse([HELLO, (SERVER, flight(0x0035, *chain())), (CLIENT, alert(46))])
    link = packets.LINKS["ethernet"]
    without = [each for each in segments if each.payload[:1] != b"\x15"]
    report = fcl.lint(packets.pcap(packets.frames(packets.Wire(), without, link), link.number), at=AT)
    assert report.handshakes[0].diagnosis == {Diagnosis.UNDETERMINED}
    assert [gap.kind.value for gap in report.handshakes[0].gaps] == ["lost"]


def test_whose_hello_it_was_is_left_open_where_it_was_not_seen() -> None:
    segments = packets.converse([HELLO, (SERVER, flight(0x0039, *chain(), dh=dhe()))])
    link = packets.LINKS["ethernet"]
    seen = packets.frames(packets.Wire(), [each for each in segments if each.sender is SERVER], link)
    report = fcl.lint(packets.pcap(seen, link.number), trusted=root().pem, at=AT)
    assert "was not seen" in the(report, "cipher-suite-refused").message
    assert "another client's hello" not in the(report, "cipher-suite-refused").message


def test_the_article_is_not_said_to_limit_primes() -> None:
    report = captured(HELLO, (SERVER, flight(0x0039, *chain(), dh=dhe(prime_of(512)))))
    assert "Java 7u181 takes 1024 to 8192 bits" in the(report, "dh-prime-refused").message


def test_a_connection_that_ends_without_a_reason_is_a_warning() -> None:
    taken, refused = (
        captured(HELLO, (SERVER, flight(0x0035, *chain()))),
        fcl.lint(packets.capture([HELLO], end="rst"), at=AT),
    )
    assert rules(taken, "warning") == ["handshake-not-seen"]
    assert "does not say why" in the(taken, "handshake-not-seen").message
    assert any("finesse-certlint probe 10.9.0.2:8443" in finding.remedy for finding in refused.findings)


@pytest.mark.parametrize(
    ("number", "first"),
    [
        (40, "no cipher suite in common"),
        (70, "the server has none of the versions"),
        (80, "a server with OpenSSL 3 at security level 2"),
        (112, "the server knows no site"),
        (71, "the server asks for stronger"),
        (86, "the client offered less"),
        (90, "the server gave up"),
        (120, "the server speaks none of the application protocols"),
        (50, "the server could not make sense"),
    ],
)
def test_an_alert_of_the_servers_in_answer_to_the_hello(number: int, first: str) -> None:
    report = captured(HELLO, (SERVER, alert(number)))
    explained = the(report, "alert-explained")
    assert explained.evidence["sender"] == "server"
    assert explained.evidence["possible"][0].startswith(first)
    assert "in answer to the ClientHello" in explained.message
    # The hello is Finesse's own, and protocol_version says what is wrong with it.
    assert report.verdict == ("refused" if number == 70 else "undetermined")


@pytest.mark.parametrize("number", [42, 43, 44, 45, 46, 48, 40, 70, 71, 80, 10, 99])
@pytest.mark.parametrize("sender", [CLIENT, SERVER])
def test_every_alert_has_an_explanation_that_ends(number: int, sender: Sender) -> None:
    for before in ((), (HELLO,), (HELLO, (SERVER, flight(0x0039, *chain(), dh=dhe())))):
        report = captured(*before, (sender, alert(number)))
        for finding in report.findings:
            if finding.rule == "alert-explained":
                assert finding.evidence["possible"]
                assert "None" not in finding.message
        assert report.rules.crashed == ()


def test_a_warning_and_a_close_are_no_end() -> None:
    report = captured(
        HELLO, (SERVER, alert(112, flights.WARNING) + flight(0x0035, *chain())), (CLIENT, alert(0, flights.WARNING))
    )
    assert "alert-explained" not in rules(report, "info")
    assert report.verdict == "accepted"


def test_the_mask_is_explained_once_however_many_handshakes_failed() -> None:
    ended = captured(*articles_exchange(leaf())).handshakes[0]
    report = fcl.lint_handshakes([ended, ended, ended], at=AT)
    assert the(report, "cause-masked").evidence["handshakes"] == [1, 2, 3]
    assert len([finding for finding in report.findings if finding.rule == "alert-explained"]) == 3


def test_a_server_that_insists_on_a_client_certificate() -> None:
    asking = flight(0x0035, *chain(), request=flights.certificate_request(root().name))
    none = flights.record(22, flights.certificate())
    report = captured(HELLO, (SERVER, asking), (CLIENT, none), (SERVER, alert(40)))
    found = the(report, "client-certificate-requested")
    assert (found.severity, found.evidence["sent"]) == ("warning", 0)
    assert "insists on a certificate" in the(report, "alert-explained").evidence["possible"][0]
    assert report.verdict == "undetermined"


# -- Another client's hello ----------------------------------------------------------------------------------------------


def other_hello(profile: str = "java-8u181") -> tuple[Sender, bytes]:
    (attempt, *_) = list(fcl.Probe("gadgets.example.com", profile=profile).attempts())[:1]
    return CLIENT, attempt.hello


def test_what_another_client_was_sent_accepts_and_refuses_nothing_by_its_suite() -> None:
    said = (SERVER, flight(0xC030, *chain(), version=TLS_1_2))
    report = captured(other_hello(), said)
    assert (report.verdict, rules(report)) == ("undetermined", [])
    found = the(report, "answered-another-client")
    assert found.severity == "notice"
    assert "TLS 1.2 and TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" in found.message
    assert captured(other_hello(), said, profile="java-8u181").verdict == "accepted"


def test_a_log_is_another_clients_witness() -> None:
    seen = captured(HELLO, (SERVER, flight(0x0035, *chain()))).handshakes[0]
    report = fcl.lint_handshakes([attrs.evolve(seen, witness=Witness.LOG)], trusted=root().pem, at=AT)
    assert the(report, "answered-another-client").message.startswith("This is the log of another client")


def test_a_servers_highest_version_below_what_a_java_offers_is_certain_for_whoever_asked() -> None:
    # RFC 5246, appendix E.1: the server answers with the highest version that both have.
    said = (SERVER, flight(0x0035, *chain(), version=TLS_1_0))
    report = captured(other_hello("java-8u181"), said, profile="java-17")
    assert "protocol-not-offered" in rules(report)
    # Here the client offered no more than TLS 1.0 itself.
    assert "protocol-not-offered" not in rules(captured(HELLO, said, profile="java-17"))


# -- Values --------------------------------------------------------------------------------------------------------------


def test_a_report_on_handshakes_names_them_and_is_json() -> None:
    seen = captured(*articles_exchange(leaf())).handshakes[0]
    report = fcl.lint_handshakes([seen], name="seen")
    assert (report.name, report.handshakes[0].index) == ("seen", 0)
    values = report.to_dict()["handshakes"][0]
    assert (values["asked"], values["decides"], values["diagnosis"]) == ("own", True, ["scenario1"])


def test_findings_name_the_handshake_that_they_are_about() -> None:
    first = captured(HELLO, (SERVER, flight(0x0035, *chain()))).handshakes[0]
    second = captured(*articles_exchange(leaf())).handshakes[0]
    report = fcl.lint_handshakes([first, second], trusted=root().pem, at=AT)
    assert [handshake.verdict for handshake in report.handshakes] == ["accepted", "refused"]
    assert the(report, "cipher-suite-refused").handshake == 1
    assert isinstance(report.handshakes[0], Handshake)
    assert pem_bundle(*chain()).count(b"BEGIN") == 3
    assert ffdhe2048().bit_length() == 2048
