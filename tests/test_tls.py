"""The reader of TLS handshakes: bytes of two sides, in pieces of any size, to what each message says.

Real exchanges where a real implementation says it; records made by hand where none does any more.
"""

import struct
from typing import Any

import pytest
from ca import good_chain
from exchanges import Turns, ffdhe2048, known
from hypothesis import given, settings
from hypothesis import strategies as st
from packets import CLIENT, LINKS, PCAP, SERVER, Wire, converse, frames

import finesse_certlint as fcl
from finesse_certlint.formats.tls import Conversation
from finesse_certlint.handshake import GapKind, Handshake, Sender

quick = settings(max_examples=150, derandomize=True, database=None, deadline=None)


def record(kind: int, body: bytes, version: int = 0x0301) -> bytes:
    return struct.pack(">BHH", kind, version, len(body)) + body


def message(kind: int, body: bytes) -> bytes:
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def vector(width: int, body: bytes) -> bytes:
    return len(body).to_bytes(width, "big") + body


def hello(*suites: int, version: int = 0x0301, extensions: bytes = b"") -> bytes:
    """A ClientHello's body."""
    listed = vector(2, b"".join(struct.pack(">H", suite) for suite in suites))
    return struct.pack(">H", version) + bytes(32) + b"\0" + listed + b"\x01\x00" + extensions


def server_hello(suite: int, version: int = 0x0301) -> bytes:
    return struct.pack(">H", version) + bytes(range(32)) + b"\0" + struct.pack(">HB", suite, 0)


def certificate(*ders: bytes) -> bytes:
    return vector(3, b"".join(vector(3, der) for der in ders))


def dhe(prime: int, generator: bytes = b"\x02", signature: bytes = bytes(256), scheme: bytes = b"") -> bytes:
    p = prime.to_bytes((prime.bit_length() + 7) // 8, "big")
    return vector(2, p) + vector(2, generator) + vector(2, p) + scheme + vector(2, signature)


def read(*said: tuple[Sender, bytes], size: int = 0) -> list[Handshake]:
    """What a conversation shows, each turn fed in pieces of that size; whole where it is 0."""
    conversation = Conversation()
    for number, (sender, data) in enumerate(said, 1):
        step = size or len(data) or 1
        for at in range(0, len(data), step):
            conversation.feed(sender, data[at : at + step], float(number), number)
    conversation.end()
    return list(conversation.handshakes())


def the(*said: tuple[Sender, bytes], size: int = 0) -> Handshake:
    (handshake,) = read(*said, size=size)
    return handshake


CHAIN = [issued.der for issued in good_chain()]
OFFER = (CLIENT, record(22, message(1, hello(0x0035, 0x0039, 0x00FF))))


def answer(suite: int, *messages: bytes, split: int = 0) -> tuple[Sender, bytes]:
    """A server's flight in one record, or in records of `split` bytes."""
    flight = message(2, server_hello(suite)) + message(11, certificate(*CHAIN)) + b"".join(messages) + message(14, b"")
    parts = [flight[at : at + split] for at in range(0, len(flight), split)] if split else [flight]
    return SERVER, b"".join(record(22, part) for part in parts)


# -- Messages and records ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("split", [0, 1, 3, 100, 4096])
@pytest.mark.parametrize("size", [0, 1, 7])
def test_messages_span_records_and_share_them(split: int, size: int) -> None:
    handshake = the(OFFER, answer(0x0039, message(12, dhe(ffdhe2048())), split=split), size=size)
    assert handshake.client_hello is not None
    assert handshake.client_hello.cipher_suites == (0x0035, 0x0039, 0x00FF)
    assert list(handshake.certificate_bytes) == CHAIN
    assert handshake.key_exchange is not None
    assert (handshake.key_exchange.dh_bits, handshake.key_exchange.dh_generator) == (2048, 2)
    assert [step.what for step in handshake.steps] == [
        "ClientHello",
        "ServerHello",
        "Certificate",
        "ServerKeyExchange",
        "ServerHelloDone",
    ]
    assert not handshake.gaps


def test_the_articles_exchange_has_a_key_exchange_of_1032_bytes() -> None:
    """Cisco TechNote 214617: p, g, Ys and an RSA-2048 signature, each 256 bytes behind its length, g padded."""
    body = dhe(ffdhe2048(), generator=b"\x02".rjust(256, b"\0"))
    assert len(body) == 1032
    article = record(21, b"\x02\x50")
    handshake = the(OFFER, answer(0x0039, message(12, body)), (CLIENT, article))
    assert handshake.key_exchange is not None
    assert (handshake.key_exchange.length, handshake.key_exchange.dh_bits) == (1032, 2048)
    assert [(a.sender, a.level, a.description) for a in handshake.alerts] == [(CLIENT, 2, 80)]


def test_the_lengths_tell_whether_a_signature_names_its_scheme() -> None:
    """RFC 5246, section 4.7: from TLS 1.2 on a signature names its algorithms; what came before does not."""
    for scheme, expected in ((b"", None), (b"\x04\x01", 0x0401)):
        exchange = the(OFFER, answer(0x0039, message(12, dhe(ffdhe2048(), scheme=scheme)))).key_exchange
        assert exchange is not None
        assert exchange.signature_scheme == expected


def test_the_hello_of_ssl_2_is_read() -> None:
    """RFC 5246, appendix E.2: specs of three bytes, those that begin with 0 being TLS's."""
    specs = bytes.fromhex("000035 000039 0700c0 0000ff".replace(" ", ""))
    body = b"\x01\x03\x01" + struct.pack(">HHH", len(specs), 0, 16) + specs + bytes(16)
    handshake = the((CLIENT, struct.pack(">H", 0x8000 | len(body)) + body), answer(0x0035), size=3)
    assert handshake.client_hello is not None
    assert (handshake.client_hello.sslv2, handshake.client_hello.version) == (True, 0x0301)
    assert handshake.client_hello.cipher_suites == (0x0035, 0x0039, 0x00FF)
    assert handshake.certificate_message


def test_what_the_client_is_asked_for_is_read_in_both_forms() -> None:
    authority = good_chain()[2].name
    old = vector(1, b"\x01\x02") + vector(2, vector(2, authority))
    new = vector(1, b"\x01") + vector(2, b"\x04\x01\x02\x01") + vector(2, b"")
    first = the(OFFER, answer(0x0035, message(13, old))).certificate_request
    assert first is not None
    assert (first.types, first.signature_algorithms, first.authorities) == ((1, 2), (), (authority,))
    flight = message(2, server_hello(0x0035, 0x0303)) + message(13, new)
    second = the(OFFER, (SERVER, record(22, flight))).certificate_request
    assert second is not None
    assert (second.types, second.signature_algorithms, second.authorities) == ((1,), (0x0401, 0x0201), ())


def test_extensions_are_read_and_one_that_is_broken_hides_no_other() -> None:
    name = struct.pack(">H", 0) + vector(2, vector(2, b"\0" + vector(2, b"gadgets.example.com")))
    groups = struct.pack(">H", 10) + vector(2, b"\x00\x05\x00\x17")  # it says five bytes and has two
    schemes = struct.pack(">H", 13) + vector(2, vector(2, b"\x08\x04\x04\x01"))
    offered = the(
        (CLIENT, record(22, message(1, hello(0x0035, extensions=vector(2, name + groups + schemes)))))
    ).client_hello
    assert offered is not None
    assert (offered.server_name, offered.extensions) == ("gadgets.example.com", (0, 10, 13))
    assert (offered.groups, offered.signature_algorithms) == ((), (0x0804, 0x0401))


def test_a_retry_is_told_from_an_answer() -> None:
    """RFC 8446, section 4.1.4: the server asks for another hello, whose answer decides."""
    handshake = the(*known()["tls-1.3-retry"])
    assert [step.what for step in handshake.steps if step.what.endswith(("Hello", "Request"))] == [
        "ClientHello",
        "HelloRetryRequest",
        "ClientHello",
        "ServerHello",
    ]
    assert (handshake.version, handshake.cipher_suite, handshake.completed) == (0x0304, 0x1302, True)


def test_an_alert_of_two_bytes_is_in_clear_and_a_longer_one_is_not() -> None:
    clear = the(OFFER, (SERVER, record(21, b"\x02\x28")))
    hidden = the(*known()["tls-1.2-rsa"])
    assert [(a.sender, a.level, a.description, a.fatal) for a in clear.alerts] == [(SERVER, 2, 40, True)]
    assert {(a.level, a.description, a.fatal) for a in hidden.alerts} == {(None, None, False)}


def test_alerts_may_share_a_record_or_span_two() -> None:
    """RFC 5246, section 6.2.1: as long as nothing is encrypted, none of them is taken for that."""
    together = the(OFFER, answer(0x0035), (CLIENT, record(21, b"\x02\x2e\x01\x00")))
    apart = the(OFFER, (SERVER, record(21, b"\x02") + record(21, b"\x28")))
    assert [(a.sender, a.level, a.description) for a in together.alerts] == [(CLIENT, 2, 46), (CLIENT, 1, 0)]
    assert [(a.sender, a.level, a.description) for a in apart.alerts] == [(SERVER, 2, 40)]


@pytest.mark.parametrize(("length", "completed"), [(19, False), (35, False), (45, True), (53, True), (85, True)])
def test_an_encrypted_alert_of_tls_1_3_is_no_finished(length: int, completed: bool) -> None:
    """Of OpenSSL 3.0 and Java 17, which pads it; against the Finished of CCM_8, of OpenSSL and of Java with SHA-384."""
    offer, flight, *_ = known()["tls-1.3"]
    said = (CLIENT, record(20, b"\x01", 0x0303) + record(23, bytes(length), 0x0303))
    assert the(offer, flight, said).completed is completed


def test_an_empty_record_before_a_hello_is_a_record() -> None:
    empty = record(22, b"")
    handshake = the((CLIENT, empty + OFFER[1]), (SERVER, empty + answer(0x0035)[1]))
    assert (handshake.cipher_suite, handshake.before) == (0x0035, "")


def test_a_renegotiation_is_seen_though_not_what_it_says() -> None:
    """Behind the first handshake a record of type 22 is encrypted: IIS asks for a client certificate so."""
    *before, (_, goodbye), _ = known()["tls-1.2-rsa"]
    again = (SERVER, record(22, bytes(48), 0x0303))
    handshake = the(*before, again, (CLIENT, goodbye))
    assert dict(handshake.evidence) == {"renegotiated": True}
    assert not the(*known()["tls-1.2-rsa"]).evidence


def test_two_handshakes_in_clear_on_one_connection_are_two() -> None:
    first, second = read(OFFER, answer(0x0039), OFFER, answer(0x0035))
    assert (first.cipher_suite, second.cipher_suite) == (0x0039, 0x0035)
    assert first.certificate_message
    assert second.certificate_message


def test_who_sends_the_hello_is_the_client() -> None:
    swapped = [(SERVER if sender is CLIENT else CLIENT, data) for sender, data in known()["tls-1.2-refused"]]
    handshake = the(*swapped)
    assert [alert.sender for alert in handshake.alerts] == [CLIENT]
    assert handshake.steps[0].sender is CLIENT


# -- What is malformed, missing or too much ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (1, hello(0x0035)[:40]),
        (2, server_hello(0x0035)[:36]),
        (11, certificate(*CHAIN)[:-1]),
        (11, certificate(*CHAIN) + b"\0"),
        (12, dhe(ffdhe2048())[:-2]),
        (12, b"\xff" * 600),
        (13, b"\x05\x01"),
    ],
    ids=["client-hello", "server-hello", "certificate-short", "certificate-long", "dhe-short", "dhe-noise", "request"],
)
def test_a_malformed_message_is_a_gap_that_names_it(kind: int, body: bytes) -> None:
    flight = message(2, server_hello(0x0039)) if kind > 2 else b""
    sender = CLIENT if kind == 1 else SERVER
    handshakes = read(OFFER, (SERVER, record(22, flight)), (sender, record(22, message(kind, body))))
    gaps = [gap for handshake in handshakes for gap in handshake.gaps if gap.kind is GapKind.MALFORMED]
    assert len(gaps) == 1
    assert gaps[0].sender is sender


def test_a_message_longer_than_any_real_one_is_not_kept() -> None:
    """A length of 16 MB is three bytes; nobody need hold what they announce."""
    conversation = Conversation()
    conversation.feed(*OFFER)
    conversation.feed(SERVER, record(22, message(2, server_hello(0x0035)) + b"\x0b\xff\xff\xff" + bytes(1000)))
    for _ in range(200):
        conversation.feed(SERVER, record(22, bytes(16_000)))
    assert conversation.held < 1000
    conversation.end()
    assert GapKind.LIMIT in {gap.kind for gap in conversation.handshakes()[0].gaps}


def test_application_data_is_counted_and_dropped() -> None:
    conversation = Conversation()
    for sender, data in known()["tls-1.2-rsa"][:5]:
        conversation.feed(sender, data)
    kept = conversation.held
    assert not conversation.settled
    for _ in range(50):
        conversation.feed(SERVER, record(23, bytes(16_384), 0x0303))
    assert conversation.held == kept
    assert conversation.settled, "nobody need listen any more"


def test_a_hole_inside_a_message_costs_that_message_alone() -> None:
    (_, flight) = answer(0x0039, message(12, dhe(ffdhe2048())))
    conversation = Conversation()
    conversation.feed(*OFFER)
    conversation.feed(SERVER, flight[:1200])
    conversation.skip(SERVER, 700)
    conversation.feed(SERVER, flight[1900:])
    (handshake,) = conversation.handshakes()
    assert [(gap.kind, gap.sender) for gap in handshake.gaps] == [(GapKind.LOST, SERVER)]
    assert not handshake.certificate_message
    assert handshake.key_exchange is not None
    assert handshake.key_exchange.dh_bits == 2048


# -- Whatever the bytes ------------------------------------------------------------------------------------------------


def mutated(turns: Turns, changes: list[tuple[int, int]]) -> list[tuple[Sender, bytes]]:
    """The turns with bytes changed at places counted over all of them."""
    made = [(sender, bytearray(data)) for sender, data in turns]
    places = [(number, at) for number, (_, data) in enumerate(made) for at in range(len(data))]
    for place, value in changes:
        number, at = places[place % len(places)]
        made[number][1][at] = value
    return [(sender, bytes(data)) for sender, data in made]


changes = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 255)), min_size=1, max_size=12)


@quick
@given(name=st.sampled_from(sorted(known())), changes=changes, size=st.sampled_from([0, 11, 300]))
def test_no_change_to_the_bytes_makes_it_raise(name: str, changes: list[tuple[int, int]], size: int) -> None:
    for handshake in read(*mutated(known()[name], changes), size=size):
        assert len(handshake.steps) <= 64


@quick
@given(said=st.lists(st.tuples(st.sampled_from(list(Sender)), st.binary(max_size=400)), max_size=8))
def test_noise_gives_gaps(said: list[tuple[Sender, bytes]]) -> None:
    for handshake in read(*said):
        assert handshake.gaps or handshake.alerts or handshake.server_hello is not None


@settings(max_examples=40, derandomize=True, database=None, deadline=None)
@given(
    form=st.sampled_from(sorted(PCAP)),
    name=st.sampled_from(["tls-1.2-dhe", "tls-1.0-refused-dhe"]),
    changes=changes,
    cut=st.integers(0, 3000),
)
def test_a_damaged_capture_gives_a_report_or_an_input_error(
    form: str, name: str, changes: list[tuple[int, int]], cut: int
) -> None:
    made: Any = bytearray(PCAP[form](frames(Wire(), converse(known()[name]), LINKS["ethernet"]), 1))
    for place, value in changes:
        made[place % len(made)] = value
    data = bytes(made[: len(made) - cut])
    try:
        report = fcl.lint(data)
    except fcl.InputError:
        return
    assert not report.rules.crashed
    assert sum(len(block.span) for block in report.case.documents[0].blocks) == len(data)
    assert report.render()
