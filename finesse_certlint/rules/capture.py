"""What a capture does not show: no TLS at all, what the snap length cut off, what a handshake hides by its nature."""

from collections.abc import Iterator

from ..documents import CaptureSummary, Document, Kind
from ..findings import Severity
from ..handshake import GapKind, Handshake, Sender, Witness
from ..rule import Problem, rule
from ..subject import Subject
from ..tls_suites import suite
from .handshake import named

_PCAP = "draft-ietf-opsawg-pcap, section 4; draft-ietf-opsawg-pcapng, section 4"
_TCPDUMP = "the manual page of tcpdump, -s"
_APPLIANCE = "Cisco Finesse Administration Guide, Release 12.6(2), Supported Cisco Unified Communications OS Services"
_WHOLE = (
    "on Finesse with `utils network capture eth0 file gadget count 100000 size all host ip ADDRESS` (without `size all` it keeps "
    "128 bytes of each), elsewhere with `tcpdump -s 0 -w FILE host ADDRESS`"
)


def _about(
    document: Document, message: str, remedy: str, severity: Severity | None = None, **evidence: object
) -> Problem:
    return Problem(
        message=message,
        remedy=remedy,
        severity=severity,
        evidence=evidence,
        document=document.name,
        start=0,
        stop=document.size,
    )


def _captures(subject: Subject) -> Iterator[tuple[Document, CaptureSummary]]:
    for document in subject.documents:
        if document.capture is not None:
            yield document, document.capture


@rule(severity="fatal", scope="input", beside=True, references=("RFC 5246, section 6.2.1", "RFC 9293, section 3.5"))
def capture_without_tls(subject: Subject) -> Iterator[Problem]:
    """The capture was read, and no TLS is in it.

    ## What it means
    It holds no TCP connection, or connections on which nothing of TLS was said. The finding says which: what the
    connections speak instead, which servers refused them, and which did not answer.

    ## Why it matters
    There is no handshake to judge. If the failing connection should be in the capture, either it was taken at the wrong
    place, time or interface, or the client never came as far as TLS: then neither certificates nor cipher suites are
    the cause.

    ## What to do
    Capture on Finesse or on the server, on the interface that carries the connection; begin before the gadget is loaded
    and end after it has failed. A server that refuses or does not answer is a matter for its administrator or for the
    firewall between.

    ## How to see it yourself
    `tshark -r FILE -q -z conv,tcp` lists the connections; `tshark -r FILE -Y tls` lists the packets of TLS.

    ## Source
    RFC 5246, section 6.2.1, for what a record begins with; RFC 9293, section 3.5, for how a connection is refused.
    """
    for document, capture in _captures(subject):
        if capture.tls or capture.omitted:
            continue
        if capture.connections:
            seen = f"{document.name} holds {_count(capture.connections, 'TCP connection')}, and no TLS"
        else:
            seen = f"{document.name} holds no TCP connection ({_count(capture.packets, 'packet')})"
        yield _about(
            document,
            f"{seen}.{_instead(capture)}",
            "Take the capture again while the gadget is loaded, on Finesse or on the server, on the interface that carries "
            f"the connection: {_WHOLE}.",
            packets=capture.packets,
            connections=capture.connections,
            spoken=dict(capture.spoken),
            refused=list(capture.refused),
            unanswered=list(capture.unanswered),
        )


def _instead(capture: CaptureSummary) -> str:
    said = ""
    if capture.spoken:
        said += " They speak " + ", ".join(f"{what} ({count})" for what, count in capture.spoken.items()) + "."
    if capture.refused:
        said += f" Refused by {', '.join(capture.refused)}: nothing listens there, or a firewall rejects."
    if capture.unanswered:
        said += f" No data from or to {', '.join(capture.unanswered)}, which did not answer."
    return said


@rule(severity="warning", scope="input", beside=True, references=("the bounds of finesse_certlint.Limits",))
def capture_limit_reached(subject: Subject) -> Iterator[Problem]:
    """The capture holds more than one run looks at, and a part of it was left out.

    ## What it means
    A bound on the number of handshakes, on connections at one time, or on the size of an unpacked file was reached.

    ## Why it matters
    What was left out may be the handshake in question, so the verdict is not "accepted".

    ## What to do
    Give the server with `--server HOST[:PORT]`, so that only its handshakes count; or cut the capture down beforehand.

    ## How to see it yourself
    `tshark -r FILE -Y "ip.addr == ADDRESS" -w SMALLER` writes the packets of one host.

    ## Source
    `finesse_certlint.Limits` lists every bound and its default.
    """
    remedy = "Give the server with --server HOST[:PORT] (server= in Python), or a smaller capture."
    for document, capture in _captures(subject):
        if capture.omitted:
            what = f"{capture.omitted} handshakes in {document.name} beyond the first {len(document.handshakes)} were left out."
            yield _about(document, what, remedy, limit="handshakes", count=capture.omitted)
        if capture.given_up:
            what = (
                f"{_count(capture.given_up, 'connection')} in {document.name} could not be followed to the end, because too "
                "many were open at one time, or too much was missing from them."
            )
            yield _about(document, what, remedy, limit="connections", count=capture.given_up)
        for block in document.blocks:
            if block.kind is Kind.UNREAD:
                yield _about(
                    document,
                    f"{document.name} unpacks to more than the bound; {len(block.span)} bytes of it were not read.",
                    "Unpack it (`gunzip FILE`) and give the file, or raise the bound (Limits(unpacked_bytes=...)).",
                    limit="unpacked_bytes",
                    bytes=len(block.span),
                )


@rule(severity="warning", scope="input", beside=True, references=(_PCAP, _TCPDUMP, _APPLIANCE))
def capture_cut_short(subject: Subject) -> Iterator[Problem]:
    """The capture lacks a part of what went over the wire: packets cut by its snap length, lost, or cut off at its end.

    ## What it means
    A snap length limits how many bytes of each packet are kept. The command line of Finesse keeps 128 unless it is told
    otherwise. The file may also say that packets were lost, or end within one, as it does when the capturing program was killed.

    ## Why it matters
    The server's certificates come in packets as large as the network allows, so a snap length cuts them off first, and
    a chain that was cut off cannot be judged. Where no handshake suffers from it, this is a remark only.

    ## What to do
    Take the capture again with whole packets: on Finesse `utils network capture eth0 file gadget count 100000 size all host
    ip ADDRESS`, elsewhere `tcpdump -s 0`; in Wireshark, set no snap length in the capture options.

    ## How to see it yourself
    `capinfos FILE` shows the "Packet size limit"; in Wireshark, such packets say "Packet size limited during capture".

    ## Source
    draft-ietf-opsawg-pcap, section 4, and draft-ietf-opsawg-pcapng, section 4.2, for the snap length; tcpdump's manual page, -s;
    the options that Cisco's appliances print when a capture begins (`size=128 count=1000 interface=eth0`).
    """
    for document, capture in _captures(subject):
        gaps = {gap.kind for handshake in document.handshakes for gap in handshake.gaps}
        if capture.cut:
            stated = f", whose snap length is {capture.snap_length}" if capture.snap_length else ""
            yield _about(
                document,
                f"{_count(capture.cut, 'packet')} of {capture.packets} in {document.name}{stated}, "
                f"{'was' if capture.cut == 1 else 'were'} cut short when captured.",
                f"Take the capture again with whole packets: {_WHOLE}."
                if GapKind.CUT in gaps
                else "Nothing to do: no handshake suffers from it.",
                None if GapKind.CUT in gaps else Severity.INFO,
                snap_length=capture.snap_length,
                cut=capture.cut,
            )
        if capture.dropped:
            yield _about(
                document,
                f"The program that wrote {document.name} says that it lost {_count(capture.dropped, 'packet')}.",
                "Capture less: a filter on the server's address, such as `tcpdump -s 0 -w FILE host SERVER`."
                if GapKind.LOST in gaps
                else "Nothing to do: no handshake suffers from it.",
                None if GapKind.LOST in gaps else Severity.INFO,
                dropped=capture.dropped,
            )
        if capture.cut_off:
            yield _about(
                document,
                f"{document.name} ends within a packet: the capturing program was stopped before it had written all, or the "
                "file was not copied whole.",
                "Stop the capture with Ctrl-C and copy the file in binary mode; what is in it was judged.",
                Severity.NOTICE,
            )


@rule(severity="warning", scope="input", beside=True, references=("the link-layer header types of the-tcpdump-group",))
def link_type_not_read(subject: Subject) -> Iterator[Problem]:
    """The capture was taken on a kind of interface whose packets are not read here.

    ## What it means
    A capture says of each interface what its packets begin with, its link type. Those of Ethernet, Linux's "any", raw
    IP, loopback, PPP and Cisco HDLC are read; others, such as those of wireless monitoring or USB, are passed over.

    ## Why it matters
    The connection in question may be among the packets that were passed over.

    ## What to do
    Capture on Finesse or on the server itself, or on an Ethernet port between them.

    ## How to see it yourself
    `capinfos -E FILE` shows the encapsulation.

    ## Source
    The registry of link-layer header types, https://www.tcpdump.org/linktypes.html.
    """
    for document, capture in _captures(subject):
        for link, count in capture.unknown_links.items():
            yield _about(
                document,
                f"{_count(count, 'packet')} of {capture.packets} in {document.name} have the link type {link}, which is not read.",
                "Capture on Finesse or on the server, or on an Ethernet port between them.",
                link_type=int(link),
                packets=count,
            )


_REMEDIES = {
    GapKind.NO_CLIENT: "Capture on Finesse or on the server itself, so that both directions are seen.",
    GapKind.NO_SERVER: "If the server is reached at all, capture on it or on Finesse, so that both directions are seen. If it "
    "stays silent there too, see what listens on that port.",
    GapKind.MID_CONNECTION: "Begin the capture before the gadget is loaded. A connection that stands already is kept and used "
    "again: close it first, or restart the client.",
    GapKind.LOST: "Take the capture again, with a filter on the server's address so that fewer packets are lost.",
    GapKind.CUT: f"Take the capture again with whole packets: {_WHOLE}.",
    GapKind.ENDED: "Let the capture run until the connection has failed.",
    GapKind.ENCRYPTED: "Get the certificates from the server: `openssl s_client -connect HOST:PORT -showcerts`, or have the "
    "client offer TLS 1.2 at most. Old Java offers no TLS 1.3, so what it is sent is in clear.",
    GapKind.RESUMED: "Look at the connection in which the session began, earlier in time; or restart the client, so that it "
    "begins a new session.",
    GapKind.NOT_TLS: "See what listens on that port: a server that speaks HTTP there needs HTTPS to be set up, or the gadget's "
    "URL names the wrong port.",
    GapKind.MALFORMED: "Look at this message in Wireshark. If it is malformed there too, the fault is the sender's, or that of a "
    "device between.",
    GapKind.LIMIT: "Look at this connection in Wireshark: no real chain is so long.",
}


@rule(severity="warning", scope="handshake", references=("RFC 5246, section 7.3", "RFC 8446, section 2", _TCPDUMP))
def handshake_not_seen(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """A part of this handshake that may decide could not be seen; the finding says which, and why.

    ## What it means
    The capture began late, shows one direction, lost or cut off packets, or ends too early; or TLS itself hides it: TLS
    1.3 encrypts the server's certificates, and a resumed session sends none, nor does a cipher suite that is anonymous or
    rests on a key that both sides share.

    ## Why it matters
    What was not seen was not judged. "undetermined" then says that the capture does not show the cause, not that there
    is none.

    ## What to do
    What the finding says for that reason.

    ## How to see it yourself
    `tshark -r FILE -Y tls.handshake` lists the messages that are there; Wireshark marks lost segments with "TCP Previous
    segment not captured".

    ## Source
    RFC 5246, section 7.3 (which messages a handshake has, and a resumed one has not); RFC 8446, section 2 (what TLS
    1.3 encrypts); tcpdump's manual page, -s.
    """
    if handshake.witness is not Witness.CAPTURE:
        return
    if {GapKind.NO_CLIENT, GapKind.NO_SERVER} <= {gap.kind for gap in handshake.gaps}:
        return  # nothing was said at all, which is another rule's to say
    for gap in handshake.gaps:
        left = gap.kind is GapKind.ENDED and gap.sender is not None
        harmless = (
            not left
            and gap.kind not in _DECIDING
            and handshake.certificate_message
            and handshake.server_hello is not None
        )
        yield Problem(
            message=f"Not everything of this handshake is visible: {gap.what}.",
            remedy=_left(handshake) if left else _REMEDIES[gap.kind],
            severity=Severity.INFO if harmless else None,
            evidence={"gap": gap.kind.value, "sender": gap.sender.value if gap.sender else None},
        )
    selected = handshake.cipher_suite
    unseen = any(gap.sender is not Sender.CLIENT for gap in handshake.gaps)
    if selected is not None and not handshake.certificate_message and not unseen and suite(selected).server_key is None:
        yield Problem(
            message=f"There are no certificates to judge: with {named(selected)} the server sends none.",
            remedy="Have the server select a cipher suite that authenticates it by a certificate. Java offers none of this kind "
            "unless it is told to.",
            evidence={"gap": None, "suite": suite(selected).name},
        )


def _left(handshake: Handshake) -> str:
    """What to do where one side went without a reason."""
    if handshake.server_hello is None:
        where = handshake.server or "HOST[:PORT]"
        return (
            "Some servers, and devices in front of them, end the connection instead of saying that they do not take a version or a "
            f"suite. Ask: `finesse-certlint probe {where}` tells which it is. See the server's log too."
        )
    return (
        "Look at the logs of both sides, and at what stands between them: a firewall may end a connection in the name of either. "
        "A capture at each end tells."
    )


_DECIDING = frozenset({GapKind.NOT_TLS, GapKind.MALFORMED})


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
