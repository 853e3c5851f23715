"""However a conversation was captured, the same handshake is read of it; and what cannot be read is said.

The conversations are real (`exchanges.py`); the captures around them are made (`packets.py`). Each is held against the plain
capture of the same conversation: Ethernet, IPv4, whole segments in order, a pcap file.
"""

import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest
from exchanges import known
from hypothesis import given, settings
from hypothesis import strategies as st
from packets import (
    CLIENT,
    IPV4_ONLY,
    IPV6_ONLY,
    LINKS,
    PCAP,
    SERVER,
    Frame,
    Segment,
    Wire,
    capture,
    converse,
    enhanced,
    frames,
    interface,
    interleaved,
    kept_alive,
    overlapping,
    pcap,
    pcapng,
    reordered,
    section,
    statistics,
    twice,
)

from finesse_certlint.documents import CaptureSummary, Document, Kind
from finesse_certlint.errors import InputError
from finesse_certlint.formats.capture import reading as captures
from finesse_certlint.handshake import GapKind, Handshake, Sender
from finesse_certlint.limits import Limits

ETHERNET = LINKS["ethernet"]
KNOWN = sorted(known())
V6 = Wire(client=("2001:db8::1", 40_000), server=("2001:db8::2", 8443))
quick = settings(max_examples=60, derandomize=True, database=None, deadline=None)


def read(data: bytes, **options: Any) -> Document:
    return captures.read(io.BytesIO(data), "given", options.pop("limits", Limits()), **options)


def summary(document: Document) -> CaptureSummary:
    assert document.capture is not None
    return document.capture


def the(data: bytes, **options: Any) -> Handshake:
    """The one handshake."""
    (handshake,) = read(data, **options).handshakes
    return handshake


def substance(handshake: Handshake) -> dict[str, Any]:
    """A handshake without the places and times at which it was seen; the order is each side's own."""
    fields = attrs.asdict(handshake, recurse=False)
    for name in ("client", "server", "location", "steps", "alerts"):
        del fields[name]
    for sender in Sender:
        fields[f"said by {sender}"] = [(s.what, s.detail) for s in handshake.steps if s.sender is sender]
        fields[f"alerts of {sender}"] = [a for a in handshake.alerts if a.sender is sender]
    return fields


def plainly(name: str) -> dict[str, Any]:
    """What the plain capture shows."""
    return substance(the(capture(known()[name])))


def file(segments: Iterable[Segment], wire: Wire | None = None) -> bytes:
    return pcap(frames(wire or Wire(), segments, ETHERNET), ETHERNET.number)


# -- Every layer -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PCAP)
@pytest.mark.parametrize("name", ["tls-1.2-article", "tls-1.0-refused-dhe"])
def test_every_form_of_file_is_read(form: str, name: str) -> None:
    data = PCAP[form](frames(Wire(), converse(known()[name]), ETHERNET), ETHERNET.number)
    document = read(data)
    assert substance(document.handshakes[0]) == plainly(name)
    assert [(block.kind, len(block.span)) for block in document.blocks] == [(Kind.CAPTURE, len(data))]
    if form != "pcapng-simple":
        times = [step.time for step in document.handshakes[0].steps]
        assert times == pytest.approx([step.time for step in the(capture(known()[name])).steps], abs=2e-5)


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize("wire", [Wire(), V6], ids=["ipv4", "ipv6"])
def test_every_link_layer_and_tunnel_is_read(link: str, wire: Wire) -> None:
    made = frames(wire, converse(known()["tls-1.2-dhe"]), LINKS[link])
    handshake = the(pcap(made, LINKS[link].number))
    assert substance(handshake) == plainly("tls-1.2-dhe")
    assert str(handshake.server) == ("10.9.0.2:8443" if wire.version == 4 else "[2001:db8::2]:8443")


@pytest.mark.parametrize(("link", "wire"), [(IPV4_ONLY, Wire()), (IPV6_ONLY, V6)], ids=["228", "229"])
def test_the_link_types_of_one_version_of_ip_are_read(link: Any, wire: Wire) -> None:
    made = frames(wire, converse(known()["tls-1.2-dhe"]), link)
    assert substance(the(pcap(made, link.number))) == plainly("tls-1.2-dhe")


@pytest.mark.parametrize(
    "changes",
    [
        {"fragment": 8},
        {"fragment": 512},
        {"fragment": 512, "backwards": True},
        {"extensions": True},
        {"extensions": True, "fragment": 256},
        {"timestamps": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("wire", [Wire(), V6], ids=["ipv4", "ipv6"])
def test_fragments_options_and_extension_headers_make_no_difference(wire: Wire, changes: dict[str, Any]) -> None:
    assert substance(the(file(converse(known()["tls-1.2-dhe"]), attrs.evolve(wire, **changes)))) == plainly(
        "tls-1.2-dhe"
    )


def test_packets_whose_length_is_left_to_the_card_are_read() -> None:
    """Linux shows an IPv4 length of 0 where segmentation is offloaded."""
    wire = Wire(unsized=True, timestamps=True)  # long enough for no frame to be padded
    assert substance(the(file(converse(known()["tls-1.2-dhe"], size=9000), wire))) == plainly("tls-1.2-dhe")


def test_interfaces_of_different_kinds_in_one_file_are_each_read_as_they_are() -> None:
    names = ["ethernet", "sll2", "raw", "null", "ppp"]
    made, blocks = [], [section()]
    for number, name in enumerate(names):
        wire = Wire(client=("10.9.0.1", 41_000 + number))
        made.append(frames(wire, converse(known()["tls-1.2-rsa"]), LINKS[name]))
        blocks.append(interface(LINKS[name].number))
    for at in range(max(map(len, made))):
        blocks += [enhanced(each[at], number=number) for number, each in enumerate(made) if at < len(each)]
    document = read(b"".join(blocks))
    assert [substance(handshake) for handshake in document.handshakes] == [plainly("tls-1.2-rsa")] * len(names)


# -- TCP ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("size", [1, 5, 88, 536, 9000])
def test_segments_of_any_size_make_no_difference(name: str, size: int) -> None:
    if size < 88 and name == "tls-1.2-much-data":
        pytest.skip("so many packets show nothing more")
    assert substance(the(file(converse(known()[name], size=size)))) == plainly(name)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("disturb", [twice, kept_alive, lambda s: overlapping(s, 40)], ids=["twice", "kept", "overlap"])
def test_what_is_sent_again_is_read_once(name: str, disturb: Any) -> None:
    assert substance(the(file(disturb(converse(known()[name], size=200))))) == plainly(name)


@pytest.mark.parametrize("numbers", [(2**32 - 1, 2**32 - 600), (2**32 - 3000, 2**31), (0, 2**31 - 100)])
def test_sequence_numbers_may_wrap_around(numbers: tuple[int, int]) -> None:
    segments = reordered(converse(known()["tls-1.2-dhe"], size=100, numbers=numbers), (0, 3, 1))
    assert substance(the(file(segments))) == plainly("tls-1.2-dhe")


disturbances = st.fixed_dictionaries(
    {
        "name": st.sampled_from(KNOWN),
        "size": st.integers(20, 2000),
        "order": st.lists(st.integers(0, 12), min_size=1, max_size=9),
        "twice": st.booleans(),
        "overlap": st.integers(0, 90),
        "kept": st.booleans(),
        "link": st.sampled_from(sorted(LINKS)),
        "form": st.sampled_from(sorted(PCAP)),
        "wire": st.builds(
            attrs.evolve,
            st.sampled_from([Wire(), V6]),
            fragment=st.sampled_from([0, 0, 64, 600]),
            backwards=st.booleans(),
            extensions=st.booleans(),
            timestamps=st.booleans(),
        ),
        "numbers": st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
        "begin": st.booleans(),
    }
)


@quick
@given(given_=disturbances)
def test_whatever_happens_on_the_way_the_same_handshake_is_read(given_: dict[str, Any]) -> None:
    segments = converse(known()[given_["name"]], size=given_["size"], numbers=given_["numbers"], begin=given_["begin"])
    if given_["overlap"]:
        segments = overlapping(segments, given_["overlap"])
    if given_["kept"]:
        segments = kept_alive(segments)
    if given_["twice"]:
        segments = twice(segments)
    # What opens a connection stays in front: a capture that has it shows it first.
    lead = 3 * (1 + given_["twice"]) if given_["begin"] else 2
    segments = [*segments[:lead], *reordered(segments[lead:], given_["order"])]
    link = LINKS[given_["link"]]
    data = PCAP[given_["form"]](frames(given_["wire"], segments, link), link.number)
    assert substance(the(data)) == plainly(given_["name"])


@pytest.mark.parametrize("count", [2, 25])
def test_connections_at_the_same_time_are_kept_apart(count: int) -> None:
    names = [KNOWN[number % len(KNOWN)] for number in range(count)]
    made = [
        frames(Wire(client=("10.9.0.1", 42_000 + number)), converse(known()[name], size=300), ETHERNET)
        for number, name in enumerate(names)
    ]
    document = read(pcapng(interleaved(*made), ETHERNET.number))
    assert [substance(handshake) for handshake in document.handshakes] == [plainly(name) for name in names]
    assert [handshake.client and handshake.client.port for handshake in document.handshakes] == [
        42_000 + number for number in range(count)
    ]


@pytest.mark.parametrize("end", ["fin", "rst", ""])
def test_ports_may_be_used_again(end: str) -> None:
    first, second = known()["tls-1.2-refused"], known()["tls-1.2-article"]
    segments = [*converse(first, end=end), *converse(second, numbers=(7_000_000, 9_000_000))]
    found = [dict(substance(handshake)) for handshake in read(file(segments)).handshakes]
    assert found[1] == plainly("tls-1.2-article")
    assert found[0]["alerts of client"] == plainly("tls-1.2-refused")["alerts of client"]


def test_ports_may_be_used_again_where_only_the_server_was_captured() -> None:
    """No SYN of the client's is there: the server's own tells that another connection begins."""
    first = converse(known()["tls-1.2-rsa"], numbers=(5_000, 6_000))
    second = converse(known()["tls-1.0-dhe"], numbers=(1_000, 2_000))
    found = read(file([segment for segment in first + second if segment.sender is SERVER])).handshakes
    assert [handshake.cipher_suite for handshake in found] == [0x0035, 0x0039]
    assert [gaps(handshake) for handshake in found] == [{("no-client", "client")}] * 2


def test_what_comes_after_the_end_of_a_connection_begins_no_other() -> None:
    segments = converse(known()["tls-1.2-dhe"])
    assert len(read(file([*segments, *segments[3:8]])).handshakes) == 1


def test_the_client_is_who_sends_the_hello_whatever_the_ports_say() -> None:
    """Without its beginning, only the ports speak for who called whom, and the lower one is taken for the server's."""
    wire = Wire(client=("10.9.0.1", 1024), server=("10.9.0.2", 50_000))
    handshake = the(file(converse(known()["tls-1.2-refused"], begin=False), wire))
    assert (str(handshake.client), str(handshake.server)) == ("10.9.0.1:1024", "10.9.0.2:50000")
    assert [alert.sender for alert in handshake.alerts] == [CLIENT]


def test_frames_are_counted_as_wireshark_counts_them() -> None:
    steps = {step.what: step.frame for step in the(capture(known()["tls-1.2-article"])).steps}
    assert steps["ClientHello"] == 4, "behind the three packets that open the connection"


# -- What is missing ---------------------------------------------------------------------------------------------------


def gaps(handshake: Handshake) -> set[tuple[str, str | None]]:
    return {(gap.kind.value, gap.sender.value if gap.sender else None) for gap in handshake.gaps}


def without(segments: Sequence[Segment], sender: Sender, *places: int) -> list[Segment]:
    """Leave out some of the segments with data of one side."""
    numbered = [segment for segment in segments if segment.sender is sender and segment.payload]
    lost = {id(numbered[place]) for place in places}
    return [segment for segment in segments if id(segment) not in lost]


def test_what_is_lost_behind_the_handshake_does_no_harm() -> None:
    segments = converse(known()["tls-1.2-much-data"])
    counts = Counter(segment.sender for segment in segments if segment.payload)
    lost = without(without(segments, CLIENT, counts[CLIENT] - 4), SERVER, counts[SERVER] - 5, counts[SERVER] - 3)
    handshake = the(file(lost))
    assert (handshake.completed, gaps(handshake)) == (True, set())
    assert handshake.certificate_bytes == the(capture(known()["tls-1.2-much-data"])).certificate_bytes


def test_a_part_of_the_chain_that_is_lost_is_said_and_what_stands_around_it_is_read() -> None:
    handshake = the(file(without(converse(known()["tls-1.0-refused-dhe"], size=500), SERVER, 3)))
    whole = the(capture(known()["tls-1.0-refused-dhe"]))
    assert gaps(handshake) == {("lost", "server")}
    assert handshake.cipher_suite == whole.cipher_suite
    assert not handshake.certificate_message
    assert not handshake.certificate_bytes, "half a chain is not judged for a whole one"
    assert handshake.key_exchange == whole.key_exchange
    assert [alert.description for alert in handshake.alerts] == [48]


def test_a_lost_beginning_of_the_flight_hides_the_suite_and_not_the_alert() -> None:
    handshake = the(file(without(converse(known()["tls-1.0-refused-dhe"]), SERVER, 0)))
    assert gaps(handshake) == {("lost", "server")}
    assert handshake.server_hello is None
    assert [(alert.sender, alert.description) for alert in handshake.alerts] == [(CLIENT, 48)]


def test_a_lost_end_of_the_flight_is_known_by_what_the_client_confirms() -> None:
    segments = converse(known()["tls-1.2-refused"], size=1000, end="")
    handshake = the(file(without(segments, SERVER, -1)))
    assert ("lost", "server") in gaps(handshake)
    assert not any(gap.kind is GapKind.ENDED for gap in handshake.gaps)


@pytest.mark.parametrize(
    ("snap", "suite", "certificates"),
    [(60, False, 0), (90, False, 0), (200, True, 0), (1100, True, 0), (4000, True, 3)],
)
def test_a_snap_length_leaves_what_it_leaves(snap: int, suite: bool, certificates: int) -> None:
    made = frames(Wire(), converse(known()["tls-1.0-refused-dhe"]), ETHERNET, snap=snap)
    document = read(pcap(made, ETHERNET.number, snap=snap))
    (handshake,) = document.handshakes
    assert (handshake.server_hello is not None, len(handshake.certificate_bytes)) == (suite, certificates)
    assert handshake.certificate_message == (certificates == 3)
    assert any(gap.kind is GapKind.CUT for gap in handshake.gaps) == (snap < 1514)
    assert (summary(document).snap_length, summary(document).cut > 0) == (snap, snap < 1514)
    if snap >= 90:  # an alert is seven bytes behind headers of 54
        assert [(alert.sender, alert.description) for alert in handshake.alerts] == [(CLIENT, 48)]


@pytest.mark.parametrize("name", ["tls-1.2-dhe", "tls-1.2-refused", "tls-1.0-refused-dhe"])
@pytest.mark.parametrize("begin", [True, False])
def test_one_direction_shows_what_it_shows(name: str, begin: bool) -> None:
    whole = the(capture(known()[name]))
    segments = converse(known()[name], begin=begin)
    server = the(file(segment for segment in segments if segment.sender is SERVER))
    assert (server.cipher_suite, server.certificate_bytes) == (whole.cipher_suite, whole.certificate_bytes)
    assert ("no-client", "client") in gaps(server)
    assert str(server.server) == "10.9.0.2:8443"
    client = the(file(segment for segment in segments if segment.sender is CLIENT))
    assert client.client_hello == whole.client_hello
    assert ("no-server", "server") in gaps(client)
    assert [alert for alert in client.alerts if alert.fatal] == [alert for alert in whole.alerts if alert.fatal]


@pytest.mark.parametrize("name", ["tls-1.2-dhe", "tls-1.2-much-data", "tls-1.3"])
def test_a_connection_that_stood_already_is_known_for_one(name: str) -> None:
    handshake = the(file(converse(known()[name][4:], begin=False)))
    assert gaps(handshake) == {("mid-connection", None)}
    assert (handshake.client_hello, handshake.server_hello) == (None, None)
    assert str(handshake.server) == "10.9.0.2:8443"


@pytest.mark.parametrize("name", ["tls-1.2-rsa", "tls-1.0-dhe", "tls-1.2-client-certificate"])
def test_a_capture_that_begins_behind_the_hellos_says_so(name: str) -> None:
    """The first that is seen is the client's answer to the server's flight, in clear."""
    _, _, *rest = known()[name]
    handshake = the(file(converse(rest, begin=False)))
    assert (handshake.client_hello, handshake.server_hello) == (None, None)
    assert ("mid-connection", None) in gaps(handshake)


def test_a_flight_that_is_lost_is_missed_although_no_beginning_was_seen() -> None:
    """What the client confirms with its hello tells where the server stood; what it confirms later does not."""
    segments = converse(known()["tls-1.2-rsa"], begin=False)
    first = next(place for place, segment in enumerate(segments) if segment.sender is SERVER and segment.payload)
    size = len(known()["tls-1.2-rsa"][1][1])
    flight = [
        place for place in range(first, first + 10) if segments[place].payload and segments[place].sender is SERVER
    ]
    lost = [place for place in flight if segments[place].number < segments[first].number + size]
    handshake = the(file([each for place, each in enumerate(segments) if place not in lost]))
    assert handshake.client_hello is not None
    assert ("lost", "server") in gaps(handshake)


def test_the_middle_of_a_long_message_is_taken_for_no_hello() -> None:
    """A second record of a Certificate, where the first was not seen, begins as the certificate goes on: here, 01 01 ff 04."""
    middle = bytes.fromhex("1603030200") + bytes.fromhex("0101ff040403020106") + bytes(503)
    done, goodbye = bytes.fromhex("16030300040e000000"), bytes.fromhex("15030300020228")
    wire = Wire(client=("10.9.0.1", 60_176), server=("10.9.0.2", 20_058))
    handshake = the(file(converse([(SERVER, middle + done), (CLIENT, goodbye)], begin=False), wire))
    assert (str(handshake.server), [alert.sender for alert in handshake.alerts]) == ("10.9.0.2:20058", [CLIENT])
    assert "ClientHello" not in {step.what for step in handshake.steps}


def test_a_capture_that_ends_within_the_handshake_says_so() -> None:
    segments = converse(known()["tls-1.2-article"], size=500, end="")
    handshake = the(file(segments[:8]))
    assert gaps(handshake) == {("ended", "server")}
    assert not handshake.certificate_message


def left(*said: tuple[Sender, bytes], end: str = "fin") -> list[str]:
    """What is said of a connection that ends within the handshake."""
    return [gap.what for gap in the(file(converse(said, end=end))).gaps if gap.kind is GapKind.ENDED]


def test_who_ends_the_connection_within_the_handshake_without_a_reason_is_said() -> None:
    hello, flight = known()["tls-1.2-dhe"][:2]
    assert left(hello, flight) == ["the client ends the connection within the handshake and does not say why"]
    assert left(hello, end="rst") == ["the server ends the connection within the handshake and does not say why"]
    goodbye = (SERVER, bytes.fromhex("15030100020100"))
    assert left(hello, goodbye) == ["the server ends the connection within the handshake and does not say why"]


def test_who_gives_a_reason_or_has_completed_the_handshake_may_end_the_connection() -> None:
    for name in ("tls-1.2-rsa", "tls-1.0-refused-dhe", "tls-1.3-refused", "tls-1.2-resumed", "no-suite"):
        assert left(*known()[name]) == []
    assert left(*known()["tls-1.2-dhe"][:2], end="") == [], "the capture may merely have ended"


def test_a_server_that_says_nothing_is_told_from_one_that_was_not_seen() -> None:
    hello = known()["tls-1.2-dhe"][:1]
    silent, unseen = the(file(converse(hello))), the(file(s for s in converse(hello) if s.sender is CLIENT))
    assert gaps(silent) == gaps(unseen) == {("no-server", "server")}
    assert [gap.what for gap in (*silent.gaps, *unseen.gaps)] == [
        "the server said nothing",
        "nothing from the server was seen",
    ]


# -- What comes before TLS, or instead ---------------------------------------------------------------------------------

PREFACES = {
    "SMTP with STARTTLS": [
        (SERVER, b"220 mail.example.com ESMTP Postfix\r\n"),
        (CLIENT, b"EHLO client.example.com\r\n"),
        (SERVER, b"250-mail.example.com\r\n250-STARTTLS\r\n250 8BITMIME\r\n"),
        (CLIENT, b"STARTTLS\r\n"),
        (SERVER, b"220 2.0.0 Ready to start TLS\r\n"),
    ],
    "IMAP with STARTTLS": [
        (SERVER, b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n"),
        (CLIENT, b"a1 STARTTLS\r\n"),
        (SERVER, b"a1 OK Begin TLS negotiation now\r\n"),
    ],
    "POP3 with STLS": [(SERVER, b"+OK ready\r\n"), (CLIENT, b"STLS\r\n"), (SERVER, b"+OK begin\r\n")],
    "FTP with AUTH TLS": [(SERVER, b"220 FTP server\r\n"), (CLIENT, b"AUTH TLS\r\n"), (SERVER, b"234 AUTH TLS OK\r\n")],
    "LDAP with StartTLS": [
        (CLIENT, bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"),
        (SERVER, bytes.fromhex("300c02010178070a010004000400")),
    ],
    "XMPP with STARTTLS": [
        (CLIENT, b"<?xml version='1.0'?><stream:stream to='a.example' xmlns='jabber:client'>"),
        (SERVER, b"<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"),
        (CLIENT, b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
        (SERVER, b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"),
    ],
    "HTTP CONNECT": [
        (CLIENT, b"CONNECT gadgets.example.com:443 HTTP/1.1\r\nHost: gadgets.example.com:443\r\n\r\n"),
        (SERVER, b"HTTP/1.1 200 Connection established\r\n\r\n"),
    ],
    "SOCKS5": [
        (CLIENT, b"\x05\x01\x00"),
        (SERVER, b"\x05\x00"),
        (CLIENT, b"\x05\x01\x00\x01\x0a\x09\x00\x02\x20\xfb"),
        (SERVER, b"\x05\x00\x00\x01\x0a\x09\x00\x02\x20\xfb"),
    ],
    "SOCKS4": [(CLIENT, b"\x04\x01\x20\xfb\x0a\x09\x00\x02\x00"), (SERVER, b"\x00\x5a\x20\xfb\x0a\x09\x00\x02")],
    "PROXY protocol": [(CLIENT, b"PROXY TCP4 10.9.0.1 10.9.0.2 40000 8443\r\n")],
    "STARTTLS": [(SERVER, b"200 news\r\n"), (CLIENT, b"STARTTLS\r\n"), (SERVER, b"382 Continue with TLS\r\n")],
    "PostgreSQL's SSLRequest": [(CLIENT, bytes.fromhex("0000000804d2162f")), (SERVER, b"S")],
}


@pytest.mark.parametrize("size", [1, 1460])
@pytest.mark.parametrize("name", PREFACES)
def test_tls_is_found_behind_what_comes_before_it(name: str, size: int) -> None:
    for conversation in ("tls-1.0-refused-dhe", "tls-1.2-article"):
        handshake = the(file(converse([*PREFACES[name], *known()[conversation]], size=size)))
        assert handshake.before == name
        assert {**substance(handshake), "before": ""} == plainly(conversation)


@pytest.mark.parametrize(
    "header",
    [
        b"PROXY TCP4 10.9.0.1 10.9.0.2 40000 8443\r\n",
        bytes.fromhex("0d0a0d0a000d0a515549540a2111000c0a0900010a0900029c4020fb"),
    ],
)
def test_a_proxys_header_may_share_its_segment_with_the_hello(header: bytes) -> None:
    (_, hello), *rest = known()["tls-1.2-article"]
    handshake = the(file(converse([(CLIENT, header + hello), *rest])))
    assert {**substance(handshake), "before": ""} == plainly("tls-1.2-article")
    assert handshake.before == "PROXY protocol"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            [
                (SERVER, b"220 mail ESMTP\r\n"),
                (CLIENT, b"EHLO c\r\n"),
                (SERVER, b"250-mail\r\n250 STARTTLS\r\n"),
                (CLIENT, b"STARTTLS\r\n"),
                (SERVER, b"220 go\r\n"),
            ],
            "SMTP with STARTTLS",
        ),
        (
            [
                (CLIENT, bytes.fromhex("0000000804d21630")),
                (SERVER, b"N"),
                (CLIENT, bytes.fromhex("0000000804d2162f")),
                (SERVER, b"S"),
            ],
            "PostgreSQL's SSLRequest",
        ),
    ],
    ids=["starttls-last", "gssapi-first"],
)
def test_what_comes_before_tls_is_called_by_its_name(said: Any, name: str) -> None:
    assert the(file(converse([*said, *known()["tls-1.2-article"]]))).before == name


def test_a_server_that_greets_in_another_protocol_is_not_one_that_is_silent() -> None:
    """SSH's greeting comes before the hello, which nothing led up to: that is no preface of TLS."""
    handshake = the(file(converse([(SERVER, b"SSH-2.0-OpenSSH_9.6\r\n"), *known()["tls-1.2-article"][:1]])))
    assert handshake.before == ""
    assert [gap.what for gap in handshake.gaps] == ["what the server said is not TLS but SSH"]


HTTP = [(CLIENT, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), (SERVER, b"HTTP/1.1 200 OK\r\n\r\nhello")]


def test_http_on_the_port_of_tls_is_a_connection_that_lacks_tls() -> None:
    handshake = the(file(converse(HTTP)))
    assert gaps(handshake) == {("not-tls", "client"), ("not-tls", "server")}


def test_http_on_its_own_port_is_none_of_this() -> None:
    http = frames(Wire(server=("10.9.0.2", 80)), converse(HTTP), ETHERNET)
    tls = frames(Wire(), converse(known()["tls-1.2-rsa"]), ETHERNET)
    document = read(pcap(interleaved(http, tls), ETHERNET.number))
    assert [handshake.server and handshake.server.port for handshake in document.handshakes] == [8443]
    assert dict(summary(document).spoken) == {"HTTP": 1}


def test_where_there_is_no_tls_at_all_what_became_of_each_connection_is_shown() -> None:
    document = read(file(converse(HTTP), Wire(server=("10.9.0.2", 80))))
    (handshake,) = document.handshakes
    assert gaps(handshake) == {("not-tls", "client"), ("not-tls", "server")}
    assert summary(document).tls == 0


def test_a_server_that_refuses_and_one_that_does_not_answer_are_named() -> None:
    refused = [segment for segment in converse([], end="") if segment.sender is CLIENT][:1]
    reset = attrs.evolve(refused[0], sender=SERVER, flags=4 | 16, number=0, confirmed=refused[0].number + 1)
    made = [
        *frames(Wire(), [*refused, reset], ETHERNET),
        *frames(Wire(server=("10.9.0.3", 443)), refused * 3, ETHERNET),
    ]
    document = read(pcap(made, ETHERNET.number))
    said = summary(document)
    assert len(document.handshakes) == 2
    assert (said.refused, said.unanswered, said.silent) == (("10.9.0.2:8443",), ("10.9.0.3:443",), 2)


# -- One server of several ---------------------------------------------------------------------------------------------


def two_servers() -> bytes:
    made = [
        frames(Wire(), converse(known()["tls-1.2-article"]), ETHERNET),
        frames(attrs.evolve(V6, server=("2001:db8::2", 443)), converse(known()["tls-1.2-dhe"]), ETHERNET),
    ]
    return pcap(interleaved(*made), ETHERNET.number)


@pytest.mark.parametrize(
    ("server", "ports"),
    [
        ("10.9.0.2", [8443]),
        ("10.9.0.2:8443", [8443]),
        (":443", [443]),
        ("2001:db8::2", [443]),
        ("[2001:db8::2]:443", [443]),
        ("Gadgets.example.com", [8443, 443]),
        ("gadgets.example.com:443", [443]),
    ],
)
def test_one_server_is_picked_by_address_name_or_port(server: str, ports: list[int]) -> None:
    found = read(two_servers(), server=server).handshakes
    assert [handshake.server and handshake.server.port for handshake in found] == ports


def test_a_server_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"no connection with 10\.9\.0\.9 .*10\.9\.0\.2:8443, \[2001:db8::2\]:443"):
        read(two_servers(), server="10.9.0.9")


@pytest.mark.parametrize("server", ["", ":", "host:", "host:0", "host:99999", "host:https"])
def test_what_is_no_server_is_refused(server: str) -> None:
    with pytest.raises(InputError, match="is not HOST"):
        read(two_servers(), server=server)


# -- Files that are not whole, and bounds ------------------------------------------------------------------------------


def test_a_file_that_ends_within_a_packet_is_read_up_to_there() -> None:
    for data in (
        capture(known()["tls-1.2-article"]),
        pcapng(frames(Wire(), converse(known()["tls-1.2-article"]), ETHERNET), 1),
    ):
        document = read(data[:-10])
        assert summary(document).cut_off
        assert not summary(read(data)).cut_off
        assert len(document.handshakes[0].certificate_bytes) == 3
        assert sum(len(block.span) for block in document.blocks) == len(data) - 10


def test_what_a_capture_lost_by_its_own_account_is_known() -> None:
    made = frames(Wire(), converse(known()["tls-1.2-article"]), ETHERNET)
    document = read(pcapng(made, 1) + statistics(0, 17))
    assert summary(document).dropped == 17


def test_a_damaged_file_gives_what_stands_before_the_damage() -> None:
    data = capture(known()["tls-1.2-article"])
    document = read(data + b"\xff" * 40)
    assert len(document.handshakes[0].certificate_bytes) == 3
    assert [(block.kind, len(block.span)) for block in document.blocks] == [
        (Kind.CAPTURE, len(data)),
        (Kind.DAMAGED, 40),
    ]


@pytest.mark.parametrize("cut", [5, 200, 3000])
def test_gzip_that_is_damaged_or_cut_off_gives_what_can_be_unpacked(cut: int) -> None:
    data = PCAP["gzip"](frames(Wire(), converse(known()["tls-1.2-article"]), ETHERNET), 1)
    document = read(data[:-cut])
    assert summary(document).cut_off
    assert sum(len(block.span) for block in document.blocks) == len(data) - cut
    spoilt = read(data + b"and more")
    assert [block.kind for block in spoilt.blocks] == [Kind.CAPTURE, Kind.DAMAGED]
    assert len(spoilt.blocks[1].span) == len("and more")


def test_what_unpacks_to_more_than_the_bound_is_left_unread() -> None:
    data = PCAP["gzip"](frames(Wire(), converse([(CLIENT, bytes(5_000_000))]), ETHERNET), 1)
    document = read(data, limits=Limits(unpacked_bytes=2_000_000))
    assert [block.kind for block in document.blocks] == [Kind.CAPTURE, Kind.UNREAD]
    assert sum(len(block.span) for block in document.blocks) == len(data)


def test_handshakes_beyond_the_bound_are_counted() -> None:
    made = [frames(Wire(client=("10.9.0.1", 43_000 + n)), converse(known()["no-suite"]), ETHERNET) for n in range(7)]
    document = read(pcap(interleaved(*made), 1), limits=Limits(handshakes=5))
    assert (len(document.handshakes), summary(document).omitted) == (5, 2)


def test_unknown_link_types_are_named() -> None:
    made = [Frame(0.0, bytes(80), 80)] * 3
    assert dict(summary(read(pcap(made, 147))).unknown_links) == {"147": 3}


def test_progress_is_told_in_bytes() -> None:
    told: list[int] = []
    data = capture(known()["tls-1.2-much-data"])
    read(data, progress=told.append)
    assert told[-1] == len(data)
    assert told == sorted(told)


def test_a_flood_of_connections_is_bounded_and_said() -> None:
    opened = [
        frame
        for number in range(3000)
        for frame in frames(
            Wire(client=("10.9.0.1", 10_000 + number)), converse(known()["no-suite"][:1], end=""), ETHERNET
        )
    ]
    document = read(pcap(opened, 1))
    said = summary(document)
    assert said.connections == 3000
    assert len(document.handshakes) + said.omitted == 3000
    assert said.given_up > 0


# -- Against tshark ----------------------------------------------------------------------------------------------------

_TSHARK = (
    *("-2", "-o", "tcp.reassemble_out_of_order:TRUE", "-d", "tcp.port==8443,tls"),
    *("-Y", "tls", "-T", "fields", "-E", "separator=|"),
)
_FIELDS = ("tcp.port", "tls.handshake.ciphersuite", "tls.alert_message.desc", "tls.handshake.certificate_length")


def tshark(data: bytes, folder: Path) -> dict[int, list[list[str]]]:
    """What it reads on each connection, by the client's port: suites, alerts, lengths of certificates."""
    program = shutil.which("tshark") or pytest.skip("needs tshark")
    path = folder / "made.pcapng"
    path.write_bytes(data)
    command = [program, "-r", str(path), *_TSHARK, *(word for field in _FIELDS for word in ("-e", field))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seen: dict[int, list[list[str]]] = {}
    for line in done.stdout.splitlines():
        ports, *values = line.split("|")
        (port,) = {int(port) for port in ports.split(",")} - {8443}
        for known_, value in zip(seen.setdefault(port, [[], [], []]), values, strict=True):
            known_ += [word for word in value.split(",") if word]
    return seen


def test_tshark_reads_the_same_in_made_captures(tmp_path: Path) -> None:
    """One file, many interfaces: each conversation on a link layer of its own, cut to another size, out of order."""
    links = [name for name in sorted(LINKS) if name not in _NOT_FOR_TSHARK]
    names = [name for name in KNOWN if name != "tls-1.3-retry"]  # two pairs of hellos, of which one counts
    blocks, made = [section()], []
    for number, name in enumerate(links):
        wire = Wire() if number % 2 else V6
        wire = attrs.evolve(wire, client=(wire.client[0], 44_000 + number))
        segments = converse(known()[names[number % len(names)]], size=90 + 37 * number)
        blocks.append(interface(LINKS[name].number))
        made.append(frames(wire, [*segments[:3], *reordered(segments[3:], (0, 2, 0, 1))], LINKS[name]))
    for at in range(max(map(len, made))):
        blocks += [enhanced(each[at], number=number) for number, each in enumerate(made) if at < len(each)]
    data = b"".join(blocks)
    read_ = {handshake.client.port: handshake for handshake in read(data).handshakes if handshake.client}
    assert sorted(read_) == [44_000 + number for number in range(len(links))]
    assert {port: in_tsharks_words(handshake) for port, handshake in read_.items()} == tshark(data, tmp_path)


_NOT_FOR_TSHARK = frozenset({"ppp-short", "null-big-endian"})


def in_tsharks_words(handshake: Handshake) -> list[list[str]]:
    suites = [*(handshake.client_hello.cipher_suites if handshake.client_hello else ())]
    suites += [] if handshake.cipher_suite is None else [handshake.cipher_suite]
    sent = [*handshake.certificate_bytes, *(handshake.client_certificate_bytes or ())]
    return [
        [f"0x{suite:04x}" for suite in suites],
        [str(alert.description) for alert in handshake.alerts if alert.level is not None],
        [str(len(der)) for der in sent],
    ]
