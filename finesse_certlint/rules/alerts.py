"""How a handshake ended: who said so, what that can mean after what was seen, and what it does not prove."""

from collections.abc import Iterator

from ..handshake import Alert, Handshake, Question, Sender, Witness
from ..negotiation import Answer, answer
from ..rule import Problem, rule
from ..subject import Subject
from ..tls_names import (
    BAD_CERTIFICATE,
    CERTIFICATE_EXPIRED,
    CERTIFICATE_REVOKED,
    CERTIFICATE_UNKNOWN,
    CLOSE_NOTIFY,
    HANDSHAKE_FAILURE,
    INAPPROPRIATE_FALLBACK,
    INSUFFICIENT_SECURITY,
    INTERNAL_ERROR,
    NO_APPLICATION_PROTOCOL,
    PROTOCOL_VERSION,
    TLS_1_2,
    UNKNOWN_CA,
    UNRECOGNIZED_NAME,
    UNSUPPORTED_CERTIFICATE,
    USER_CANCELED,
    alert_name,
    version_name,
)
from ..tls_suites import suite

_ALERTS = "RFC 5246, section 7.2.2, and RFC 8446, section 6.2"
_OBSERVED = "observed with OpenSSL 3.0, nginx 1.22 and Java 7u80 to 21"
_ABOUT_CERTIFICATES = frozenset(
    {
        BAD_CERTIFICATE,
        UNSUPPORTED_CERTIFICATE,
        CERTIFICATE_REVOKED,
        CERTIFICATE_EXPIRED,
        CERTIFICATE_UNKNOWN,
        UNKNOWN_CA,
    }
)


@rule(severity="warning", scope="handshake", references=(_ALERTS, _OBSERVED))
def alert_explained(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """A fatal alert ended the handshake: who sent it, what it can mean after what was seen, what it does not prove.

    ## What it means
    Who finds something that ends the connection tells the other in one byte. The byte is coarse: one number stands for many
    causes, and servers and clients use the same numbers.

    ## Why it matters
    An alert proves nothing by itself. Observed: internal_error (80) comes from a Java 7 that was sent too large a
    Diffie-Hellman prime, and as well from nginx that is asked for TLS 1.0; certificate_unknown (46) is what Java 7 and 8 send
    for every certificate that they refuse, whatever the reason.

    ## What to do
    Look at the errors of this report first: where there is one on this handshake or its certificates, it is the cause, or
    one of several. Where there is none, go through the possibilities in the order in which the finding names them.

    ## How to see it yourself
    `tshark -r FILE -Y tls.alert_message` shows each alert with its sender's address. On the client, the log of
    `-Djavax.net.debug=ssl,handshake` names the exception behind it.

    ## Source
    RFC 5246, section 7.2.2. Who sends which alert was observed with OpenSSL 3.0 and nginx 1.22 as servers and with Java 7u80,
    7u181, 8u181, 8u504, 11, 17 and 21 as clients.
    """
    if handshake.asked is not Question.OWN:
        return
    for alert in handshake.alerts:
        if not alert.fatal or alert.description in (None, CLOSE_NOTIFY):
            continue
        possible = list(_possible(subject, handshake, alert))
        ways = "; ".join(f"({number}) {words}" for number, words in enumerate(possible, 1))
        yield Problem(
            message=f"The {alert.sender.value} ended the handshake with {alert_name(alert.description or 0)} "
            f"({alert.description}), {_when(handshake)}. It can mean, the likeliest first: {ways}. The alert alone proves none "
            "of them.",
            remedy=_next_step(handshake, alert),
            evidence={
                "alert": alert.description,
                "name": alert_name(alert.description or 0),
                "sender": alert.sender.value,
                "possible": possible,
            },
        )


def _when(handshake: Handshake) -> str:
    if handshake.certificate_message:
        return "after the server's certificates"
    if handshake.server_hello is not None:
        return "after the ServerHello"
    return "in answer to the ClientHello" if handshake.client_hello else "with nothing seen before it"


def _possible(subject: Subject, handshake: Handshake, alert: Alert) -> Iterator[str]:
    """What the alert can mean, the likeliest first."""
    if alert.description == USER_CANCELED:
        yield f"the {alert.sender} gave up for a reason that has nothing to do with TLS, a time-out or a stop for one"
    elif alert.sender is Sender.CLIENT:
        yield from _from_client(subject, handshake, alert.description or 0)
    else:
        yield from _from_server(subject, handshake, alert.description or 0)


def _from_client(subject: Subject, handshake: Handshake, number: int) -> Iterator[str]:
    bits = handshake.key_exchange.dh_bits if handshake.key_exchange else None
    if number == INTERNAL_ERROR:
        if bits is not None:
            yield (
                f"a Java before 7u101 that makes no key for the server's Diffie-Hellman prime of {bits} bits"
                if bits > _JAVA_7
                else f"a Java that makes no key for the server's Diffie-Hellman prime of {bits} bits: no multiple of 64, or "
                "below 512"
                if bits % 64 or bits < _LEAST
                else f"a client with other limits for Diffie-Hellman primes than {bits} bits"
            )
        elif handshake.cipher_suite is None or suite(handshake.cipher_suite).key_exchange == "DHE":
            yield "a Java that makes no key for the server's Diffie-Hellman prime, whose size was not seen"
        yield "another fault within the client, which its own log names"
    elif number in _ABOUT_CERTIFICATES:
        yield from _about_certificates(subject, handshake, number)
    elif number == INSUFFICIENT_SECURITY:
        yield "an algorithm or a key size that jdk.tls.disabledAlgorithms of the client forbids" + (
            f", such as the Diffie-Hellman prime of {bits} bits" if bits is not None else ""
        )
    elif number == PROTOCOL_VERSION:
        version = handshake.version
        yield "the server selected a version that the client does not take" + (
            f", {version_name(version)}" if version else ""
        )
    elif number == HANDSHAKE_FAILURE:
        if len(handshake.certificate_bytes) > _MOST_SENT:
            yield (
                f"a Java of 8u504 or later, which reads {_MOST_SENT} certificates of a server; {len(handshake.certificate_bytes)} "
                "were sent"
            )
        if bits is not None:
            yield f"a Diffie-Hellman prime of {bits} bits that jdk.tls.disabledAlgorithms of the client forbids"
        yield "the client found the server's selection unacceptable: suite, group or signature"
    else:
        yield "the client could not make sense of what the server sent, or a device between changed it"


_JAVA_7, _LEAST = 1024, 512
_MOST_SENT = 10
"""jdk.tls.maxCertificateChainLength; observed on Java 17, which ends a longer chain with handshake_failure."""


def _about_certificates(subject: Subject, handshake: Handshake, number: int) -> Iterator[str]:
    lacking = [
        c.index + 1 for c in subject.certificates if not c.trusted and not _has_algorithm(subject, c.signature_oid)
    ]
    if number in (CERTIFICATE_UNKNOWN, UNSUPPORTED_CERTIFICATE) and lacking:
        listed = ", ".join(map(str, lacking))
        yield f"the signature of certificate {listed} that was sent, whose algorithm the client does not have"
    if number == CERTIFICATE_EXPIRED:
        yield "a certificate that is out of date by the client's clock"
    elif number == CERTIFICATE_REVOKED:
        yield "a certificate that its CA has revoked"
    elif number == UNSUPPORTED_CERTIFICATE:
        yield "an algorithm or a key that jdk.certpath.disabledAlgorithms of the client forbids"
    elif number == BAD_CERTIFICATE:
        yield "a certificate that is not valid yet, that cannot be read, or whose signature does not verify"
    else:
        yield "no path to a certificate in the client's trust store: the root is not in it, or an issuing CA is not sent"
        yield "a certificate that Java refuses for what stands in it: dates, key, extensions, host name"
        if not lacking:
            yield "a signature algorithm that the client does not have"
    if not handshake.certificate_message:
        yield "whichever it is, the certificates were not seen"


def _has_algorithm(subject: Subject, oid: str | None) -> bool:
    return oid is None or oid in subject.profile.signature_algorithms


def _from_server(subject: Subject, handshake: Handshake, number: int) -> Iterator[str]:
    hello = handshake.client_hello
    version = None if hello is None else hello.highest_version
    if handshake.server_hello is not None:
        if handshake.certificate_request is not None:
            yield "the server insists on a certificate of the client's, and was sent none, or none that it trusts"
        yield "the server did not accept what the client sent after its certificates; its own log says what"
        return
    old = version is not None and version < TLS_1_2
    if number == PROTOCOL_VERSION:
        yield "the server has none of the versions that the client offers" + (
            f", {version_name(version)} at most" if version is not None else ""
        )
    elif number == HANDSHAKE_FAILURE:
        yield "no cipher suite in common, as where the server's key is EC and the client offers none for such a key"
        if old:
            yield f"the server does not take {version_name(version or 0)}"
        elif hello is not None and not hello.signature_algorithms:
            yield "the client offers no signature_algorithms, which nginx was seen to ask for at TLS 1.2"
        else:
            yield (
                "no signature algorithm in common, as where the server's certificate is signed with RSASSA-PSS and the client "
                "does not offer that"
            )
        yield "the server wants its name in the hello, or refuses the client for a reason in its own log"
    elif number == INTERNAL_ERROR:
        if old:
            asked_for = version_name(version or 0)
            yield f"a server with OpenSSL 3 at security level 2, nginx by default for one, that is asked for {asked_for}"
        yield "a fault in the server: its key, its certificate or its configuration; its own log says what"
    elif number == UNRECOGNIZED_NAME:
        yield "the server knows no site of the name that the client gives"
    elif number == INAPPROPRIATE_FALLBACK:
        yield "the client offered less than it could (TLS_FALLBACK_SCSV), and the server has a later version"
    elif number == NO_APPLICATION_PROTOCOL:
        yield "the server speaks none of the application protocols that the client offers (ALPN)"
    elif number == INSUFFICIENT_SECURITY:
        yield "the server asks for stronger cipher suites than the client offers"
    else:
        yield "the server could not make sense of the hello, or a device between changed it"
    other = next((each for each in subject.handshakes if each is not handshake and _same_server(each, handshake)), None)
    if other is not None and other.server_hello is not None and handshake.witness is Witness.CAPTURE:
        yield f"in connection {other.index + 1} the same server does select something: compare the two hellos"


def _same_server(one: Handshake, other: Handshake) -> bool:
    return one.server is not None and one.server == other.server


def _next_step(handshake: Handshake, alert: Alert) -> str:
    if alert.sender is Sender.CLIENT:
        return (
            "Take an error of this report on this handshake or its certificates as the cause. Where there is none, look at the "
            "client's log: for Java, `-Djavax.net.debug=ssl,handshake` names the exception."
        )
    if handshake.witness is Witness.PROBE:
        return (
            "See what the further hellos of this report found; where they leave it open, look at the server's own log."
        )
    where = handshake.server or "HOST[:PORT]"
    return f"Ask the server: `finesse-certlint probe {where}` tells a version from a suite and from a certificate. See its log too."


@rule(
    severity="info",
    scope="input",
    beside=True,
    references=("Cisco TechNote 214617", "OpenJDK, SSLSocketImpl.java", _OBSERVED),
)
def cause_masked(subject: Subject) -> Iterator[Problem]:
    """Why Finesse shows "peer not authenticated", whatever the cause was.

    ## What it means
    The gadget's error is `javax.net.ssl.SSLPeerUnverifiedException: peer not authenticated`. It is a mask: `SSLSocket.
    getSession()` swallows what ended the handshake and gives an empty session; asked for the server's certificates, that one
    throws this exception and this text.

    ## Why it matters
    The text does not tell a cipher suite from a certificate, from a version, from a name. Only the handshake does.

    ## What to do
    Go by the errors of this report. To see the exception behind the mask, log the client's handshake with
    `-Djavax.net.debug=ssl,handshake`.

    ## How to see it yourself
    In the capture, the alert; in the client's log, the exception above "peer not authenticated".

    ## Source
    Observed on Java 7u80, 7u181, 8u181 and 17: after certificate_unknown (46) and after internal_error (80) the text is the
    same. The article shows it.
    """
    failed = [
        handshake.index + 1
        for handshake in subject.handshakes
        if handshake.decides
        and (
            any(alert.fatal for alert in handshake.alerts)
            or (handshake.server_hello is not None and answer(handshake, subject.profile) is Answer.REFUSED)
        )
    ]
    if failed:
        yield Problem(
            message='Whatever ends a handshake, Finesse shows the same: "SSLPeerUnverifiedException: peer not authenticated". The '
            "text masks the cause and tells none of them from another.",
            remedy="Nothing to do about the text: go by the errors of this report.",
            evidence={"handshakes": failed[:100]},
        )
