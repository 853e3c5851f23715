"""A probe without a network: which hellos it sends after which answers, and that no server can upset it."""

import time
from itertools import pairwise
from typing import Any

import flights
import pytest
from ca import good_chain
from flights import SILENCE, TLS_1_2, TLS_1_3, alert, carry_out, dhe, flight
from hypothesis import given, settings
from hypothesis import strategies as st

import finesse_certlint as fcl
from finesse_certlint.formats.tls import messages
from finesse_certlint.handshake import GapKind, Question, Witness
from finesse_certlint.profile import Profile

quick = settings(max_examples=200, derandomize=True, database=None, deadline=None)
GOOD = good_chain()
WHOLE = flight(0x0035, *GOOD)
Q = Question


def entropy(count: int) -> bytes:
    return bytes(range(count))


def asked(script: Any, profile: str | Profile = "finesse", host: str = "gadgets") -> list[Question]:
    """What was asked of a server that answers by this script."""
    return [each.asked for each in _probe(script, profile, host).handshakes]


def _probe(script: Any, profile: str | Profile = "finesse", host: str = "gadgets") -> fcl.Probe:
    return carry_out(fcl.Probe(host, profile=profile, entropy=entropy), script)


def gaps(script: Any) -> list[GapKind]:
    """What was missing in the answer to the client's own hello."""
    return [gap.kind for gap in _probe(script).handshakes[0].gaps]


# -- Hellos ----------------------------------------------------------------------------------------------------------------


def test_the_first_hello_is_the_articles() -> None:
    (own, *_) = fcl.Probe("gadgets.example.com").attempts()
    assert len(own.hello) == 72
    assert own.hello[:11] == flights.ARTICLES_HELLO[:11]
    assert own.hello[43:] == flights.ARTICLES_HELLO[43:]
    assert (
        fcl.Probe("gadgets", entropy=entropy).hello
        == next(iter(fcl.Probe("gadgets", entropy=entropy).attempts())).hello
    )


def test_each_hello_is_drawn_by_lot_anew() -> None:
    probe = fcl.Probe("gadgets", profile="java-17")
    (first, *_), (second, *_) = list(probe.attempts()), list(probe.attempts())
    assert first.hello != second.hello
    assert len(first.hello) == len(second.hello)


@pytest.mark.parametrize("profile", fcl.profiles(), ids=lambda profile: profile.name)
@pytest.mark.parametrize("host", ["gadgets.example.com", "gadgets", "192.0.2.7", "2001:db8::7"])
def test_every_hello_of_every_profile_can_be_read(profile: Profile, host: str) -> None:
    every = {question: alert(40) for question in Question}
    for script in (every, {**every, Q.OWN: flight(0x0039, *GOOD, dh=dhe())}, {Q.OWN: flight(0x1301, version=TLS_1_3)}):
        probe = fcl.Probe(host, profile=profile)
        for attempt in probe.attempts():
            read = messages.client_hello(attempt.hello[9:], int.from_bytes(attempt.hello[1:3], "big"))
            assert int.from_bytes(attempt.hello[3:5], "big") == len(attempt.hello) - 5
            assert read.length == len(attempt.hello) - 9
            assert read.cipher_suites
            assert read.server_name in (None, host)
            assert attempt.words
            answer = script.get(attempt.asked)
            attempt.receive(answer) if answer else attempt.closed()


# -- What is asked after what ----------------------------------------------------------------------------------------------


def test_an_answer_that_leaves_no_doubt_ends_it() -> None:
    assert asked({Q.OWN: WHOLE}) == [Q.OWN]
    assert asked({Q.OWN: flight(0xC030, *GOOD, version=TLS_1_2)}, "java-8u181") == [Q.OWN]


def test_a_refused_suite_is_left_out_next() -> None:
    assert asked({Q.OWN: flight(0x0039, *GOOD, dh=dhe())}) == [Q.OWN, Q.WITHOUT_REFUSED_SUITES]


def test_a_refusal_is_looked_into() -> None:
    assert asked({Q.OWN: alert(70), Q.TLS_1_2: flight(0x0035, *GOOD, version=TLS_1_2)}) == [Q.OWN, Q.TLS_1_2]
    assert asked({Q.OWN: alert(40), Q.TLS_1_2: alert(40), Q.ANY_SUITE: flight(0xC009, *GOOD)}) == [
        Q.OWN,
        Q.TLS_1_2,
        Q.ANY_SUITE,
    ]
    assert asked(alert(70)) == [Q.OWN, Q.TLS_1_2, Q.ANY_SUITE, Q.ANY_SUITE_TLS_1_2, Q.ANY_VERSION]
    # This client offers TLS 1.2 itself.
    assert asked(alert(40), "java-8u181") == [Q.OWN, Q.ANY_SUITE, Q.ANY_VERSION]


def test_the_name_is_tried_where_java_would_send_it_and_the_profile_does_not() -> None:
    assert asked({Q.OWN: alert(112), Q.SERVER_NAME: WHOLE}, host="gadgets.example.com") == [Q.OWN, Q.SERVER_NAME]
    assert Q.SERVER_NAME not in asked(alert(112), "java-8u181", host="gadgets.example.com")
    assert Q.SERVER_NAME not in asked(alert(112), host="192.0.2.7")


def test_tls_1_3_is_left_out_next() -> None:
    assert asked({Q.OWN: flight(0x1301, version=TLS_1_3)}, "java-17") == [Q.OWN, Q.WITHOUT_TLS_1_3]


def test_the_hello_without_tls_1_3_is_the_clients_own_otherwise() -> None:
    hellos = {}
    for attempt in fcl.Probe("gadgets.example.com", profile="java-17").attempts():
        hellos[attempt.asked] = messages.client_hello(attempt.hello[9:])
        attempt.receive(flight(0x1301, version=TLS_1_3))
    own, without = hellos[Q.OWN], hellos[Q.WITHOUT_TLS_1_3]
    assert without.highest_version == TLS_1_2
    assert without.cipher_suites == tuple(number for number in own.cipher_suites if number >> 8 != 0x13)
    # Observed on 17.0.15 with TLS 1.2 alone enabled: 302 bytes for this host, supported_versions still among them.
    assert without.length == 302
    assert without.extensions == (0, 5, 10, 11, 17, 23, 35, 13, 43, 50)


def test_silence_is_not_waited_for_again_and_again() -> None:
    assert asked(SILENCE) == [Q.OWN, Q.TLS_1_2]


def test_what_is_no_tls_is_asked_once() -> None:
    assert asked(b"HTTP/1.1 400 Bad Request\r\n\r\n") == [Q.OWN]


def test_a_probe_can_be_carried_out_anew() -> None:
    probe = fcl.Probe("gadgets")
    for _ in range(2):
        carry_out(probe, {Q.OWN: WHOLE})
        assert len(probe.handshakes) == 1


# -- Answers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100, 1460, 100_000])
def test_pieces_of_any_size_are_read_alike(size: int) -> None:
    whole = carry_out(fcl.Probe("gadgets", entropy=entropy), {Q.OWN: WHOLE}).handshakes[0]
    pieces = carry_out(fcl.Probe("gadgets", entropy=entropy), {Q.OWN: WHOLE}, size=size).handshakes[0]
    assert pieces == whole
    assert (whole.witness, len(whole.certificate_bytes), whole.cipher_suite) == (Witness.PROBE, 3, 0x0035)


def test_nothing_is_taken_once_the_flight_is_whole() -> None:
    (attempt,) = [each for each, _ in zip(fcl.Probe("gadgets").attempts(), range(1), strict=False)]
    attempt.receive(WHOLE)
    assert attempt.done
    before = attempt.handshake
    attempt.receive(alert(80))
    attempt.closed()
    attempt.silent(1)
    assert attempt.handshake == before


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        (None, GapKind.ENDED),
        (SILENCE, GapKind.SILENT),
        (WHOLE[:-3], GapKind.SILENT),
        (b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n<html>", GapKind.NOT_TLS),
        (b"220 mail.example.com ESMTP Postfix\r\n", GapKind.NOT_TLS),
        (b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", GapKind.NOT_TLS),
        (bytes(5000), GapKind.NOT_TLS),
        (flights.record(22, flights.message(2, b"\xff" * 3)), GapKind.MALFORMED),
        (
            flights.record(22, flights.server_hello(0x0035) + flights.message(11, b"\0\0\x09\0\0\xff")),
            GapKind.MALFORMED,
        ),
    ],
)
def test_what_is_missing_is_named(script: flights.Answer, kind: GapKind) -> None:
    assert kind in gaps(script)
    report = _probe({Q.OWN: script}).report()
    assert report.verdict != "accepted"
    assert "probe-not-answered" in [finding.rule for finding in report.findings]
    assert report.rules.crashed == ()


def test_plain_http_is_refused_and_the_remedy_is_https() -> None:
    report = _probe(b"HTTP/1.1 400 Bad Request\r\n\r\n").report()
    assert report.verdict == "refused"
    (found,) = [finding for finding in report.findings if finding.rule == "probe-not-answered"]
    assert found.severity == "error"
    assert "HTTPS" in found.remedy


def test_a_server_without_end_is_cut_off() -> None:
    limits = fcl.Limits(flight_bytes=200_000)
    endless = (
        flights.record(22, flights.server_hello(0x0035))
        + flights.record(22, flights.message(11, bytes(0xFFFFFF)))[:600_000]
    )
    probe = fcl.Probe("gadgets", limits=limits)
    for attempt in probe.attempts():
        fed = 0
        while not attempt.done:
            attempt.receive(endless[fed : fed + 4096])
            fed += 4096
        assert fed <= limits.flight_bytes + 4096
    assert GapKind.LIMIT in [gap.kind for gap in probe.handshakes[0].gaps]
    assert probe.report().verdict == "undetermined"


def test_records_without_content_and_of_the_largest_size_are_bounded_work() -> None:
    began = time.process_time()
    for said in (
        b"\x16\x03\x01\0\0" * 60_000,
        b"\x15\x03\x01\0\x02\x01\x5a" * 40_000,
        b"\x16\x03\x01\xff\xff" + bytes(65535),
        flights.record(22, flights.message(0, b"") * 70_000),
        flights.record(23, bytes(1_000_000)),
    ):
        for attempt in fcl.Probe("gadgets").attempts():
            for at in range(0, len(said), 65536):
                attempt.receive(said[at : at + 65536])
            attempt.closed()
            assert attempt.handshake.gaps or attempt.handshake.alerts
    # A megabyte or two, several times over: far from a time that grows with the square of the input.
    assert time.process_time() - began < 60


@quick
@given(st.binary(max_size=3000), st.integers(1, 500))
def test_whatever_a_server_says_a_report_comes_of_it(said: bytes, size: int) -> None:
    report = carry_out(fcl.Probe("gadgets", profile="java-8u504", entropy=entropy), said, size).report()
    assert report.rules.crashed == ()
    assert report.verdict != "accepted"


@quick
@given(st.data())
def test_a_damaged_flight_is_no_other_flight(data: st.DataObject) -> None:
    said = bytearray(flight(0x0039, *GOOD, dh=dhe()))
    for at in data.draw(st.lists(st.integers(0, len(said) - 1), min_size=1, max_size=8)):
        said[at] ^= data.draw(st.integers(1, 255))
    report = carry_out(fcl.Probe("gadgets", entropy=entropy), {Q.OWN: bytes(said)}).report()
    assert report.rules.crashed == ()
    report.to_json()
    report.render()


# -- The report ------------------------------------------------------------------------------------------------------------


def test_the_report_is_named_after_the_server_and_judges_its_name() -> None:
    report = carry_out(fcl.Probe("gadgets", 8443), {Q.OWN: WHOLE}).report(trusted=GOOD[-1].pem)
    assert report.name == "gadgets:8443"
    assert report.hostname == "gadgets"
    assert "hostname-mismatch" in [finding.rule for finding in report.findings]
    fits = carry_out(fcl.Probe("gadgets", 8443), {Q.OWN: WHOLE}).report(
        trusted=GOOD[-1].pem, hostname="gadgets.example.com"
    )
    assert fits.verdict == "accepted"
    assert fits.handshakes[0].evidence["hello"].startswith("1603010043")


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert fcl.Probe("2001:db8::7").name == "[2001:db8::7]:443"


def test_a_probe_that_was_not_carried_out_says_nothing() -> None:
    report = fcl.Probe("gadgets").report()
    assert (report.verdict, report.handshakes) == ("undetermined", ())


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_port_is_a_port(port: int) -> None:
    with pytest.raises(ValueError, match="is no port"):
        fcl.Probe("gadgets", port)


def test_there_must_be_such_a_profile() -> None:
    with pytest.raises(fcl.ProfileError, match="there is no profile"):
        fcl.Probe("gadgets", profile="java-6")


def test_a_profile_of_ones_own_is_asked_by_its_own_lists() -> None:
    text = "jdk.tls.disabledAlgorithms=TLSv1, TLSv1.1, DHE_RSA"
    client = Profile.from_java_security(text, "java-7u181")
    (own, *_) = fcl.Probe("gadgets", profile=client).attempts()
    read = messages.client_hello(own.hello[9:])
    assert {0x0039, 0x0033}.isdisjoint(read.cipher_suites)


def test_evidence_is_no_error() -> None:
    other = GOOD[1].server("other.example.com")
    report = _probe({Q.OWN: WHOLE, Q.SERVER_NAME: flight(0x0035, other, *GOOD[1:])}, host="gadgets.example.com").report(
        trusted=GOOD[-1].pem
    )
    assert report.verdict == "accepted"
    errors = [finding for finding in report.findings if finding.severity >= "error"]
    assert errors == []
    assert any(finding.rule == "hostname-mismatch" and finding.handshake == 1 for finding in report.findings)


def test_findings_stand_worst_first() -> None:
    report = _probe({Q.OWN: flight(0x0039, *GOOD, dh=dhe())}).report()
    ranks = [finding.severity.rank for finding in report.findings]
    assert all(one >= other for one, other in pairwise(ranks))
