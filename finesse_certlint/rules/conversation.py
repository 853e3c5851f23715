"""What the parties of a handshake said besides, and left unsaid: whose hello it was, names, certificates, silence."""

from collections.abc import Iterator

from ..documents import Kind
from ..findings import Severity, sentence
from ..handshake import GapKind, Handshake, Question, Sender, Witness
from ..negotiation import Answer, asked, client, is_own_hello, suite_answer, turned_away, version_answer
from ..rule import Problem, rule
from ..subject import Subject
from ..tls_names import suite_name, version_name
from .handshake import named


@rule(severity="warning", scope="handshake", references=("RFC 5246, section 7.3", "RFC 8446, section 2"))
def probe_not_answered(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """A probe was not answered in full, and the finding says what was missing.

    ## What it means
    The server closed the connection, stayed silent, spoke something else than TLS, or hid its certificates as TLS 1.3 does.

    ## Why it matters
    What the server did not show was not judged. Where the answer is no TLS at all, no client can connect.

    ## What to do
    What the finding says for that reason.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -tls1 -cipher DEFAULT@SECLEVEL=0 -msg` shows what goes to and fro.

    ## Source
    RFC 5246, section 7.3 (what a server sends); RFC 8446, section 2 (what TLS 1.3 encrypts).
    """
    if handshake.witness is not Witness.PROBE or handshake.asked is not Question.OWN:
        return
    for gap in handshake.gaps:
        hidden = gap.kind is GapKind.ENCRYPTED
        shown = asked(subject.handshakes, handshake, Question.WITHOUT_TLS_1_3) if hidden else None
        seen = shown is not None and shown.certificate_message
        more = ""
        if seen:
            more = " Asked without TLS 1.3, the server sent certificates in clear; the verdict is on those."
        elif shown is not None:
            more = " Asked without TLS 1.3, it does not answer."
        yield Problem(
            severity=Severity.INFO if seen else Severity.ERROR if _hopeless(handshake, gap.kind) else None,
            message=f"{sentence(gap.what)}.{more}",
            remedy="Nothing to do." if seen else _PROBE_REMEDIES.get(gap.kind, _LOG),
            evidence={"gap": gap.kind.value},
        )


@rule(severity="error", scope="handshake", references=("RFC 5246, section 7.4.2", "OpenJDK, CertificateMessage.java"))
def sent_certificate_unreadable(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server sends something as a certificate that is none.

    ## What it means
    Among the certificates in the server's Certificate message stands something that cannot be read as one: it is cut off, or
    of another kind. Or the message is there and holds none.

    ## Why it matters
    Java reads every certificate that a server sends before it looks for a path. Observed on 7u80 to 21: one that cannot be
    read ends the handshake, wherever it stands. So does a message without any certificate: bad_certificate (42), observed on
    Java 17.

    ## What to do
    Look at the server's certificate file: every block must be a whole certificate. Put it in order and restart the server.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -showcerts` stops at it with an error.

    ## Source
    RFC 5246, section 7.4.2: "This is a sequence (chain) of certificates."; the behaviour of Java was observed.
    """
    # The certificates in a log are those of the file that it stands in.
    if handshake.certificate_message and not handshake.certificate_bytes and handshake.witness is not Witness.LOG:
        yield Problem(
            message="The server's Certificate message holds no certificate. Java 17 ends the handshake at that with "
            "bad_certificate (42).",
            remedy="Look at the server's certificate file, and whether the server could read it. Then restart the server.",
            evidence={"number": 0, "of": 0, "error": None},
        )
    for number, block in enumerate(subject.sent, 1):
        if block.kind is not Kind.CERTIFICATE:
            yield Problem(
                message=f"What the server sends as certificate {number} is none that could be read: {block.error}.",
                remedy="Look at the server's certificate file: every block in it must be a whole certificate. Then restart the "
                "server.",
                evidence={"number": number, "of": len(handshake.certificate_bytes), "error": block.error},
            )


@rule(severity="warning", scope="handshake", references=("RFC 6066, section 3", "OpenJDK, ClientHandshaker.java"))
def answer_depends_on_name(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server answers otherwise when its name is in the hello.

    ## What it means
    Several sites share the address, and the server chooses by server_name (SNI), which the client can send in its hello. The
    hello in the article's capture has none. Java 7 and later send it for a host with a dot that is no address.

    ## Why it matters
    Which certificate, suite or refusal Finesse meets depends on whether it sends the name. Both answers are in the report.

    ## What to do
    Make the site that Finesse needs the default one of its address: nginx `listen ... default_server`, Apache httpd the first
    virtual host, IIS a binding without "Require Server Name Indication". Then both are the same.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -noservername` against `-servername HOST`.

    ## Source
    RFC 6066, section 3. That Java sends the name, and when, was read in ClientHandshaker.java and observed.
    """
    other = asked(subject.handshakes, handshake, Question.SERVER_NAME)
    if other is None or handshake.asked is not Question.OWN or other.cipher_suite is None:
        return
    name = other.client_hello.server_name if other.client_hello else None
    without = (
        "it ends the handshake" if handshake.cipher_suite is None else f"it selects {named(handshake.cipher_suite)}"
    )
    same = handshake.cipher_suite == other.cipher_suite
    yield Problem(
        message=f"With the name {name} in the hello the server sends another certificate than without it."
        if same
        else f"With the name {name} in the hello the server selects {named(other.cipher_suite)}; without it, {without}.",
        remedy="Make this site the default of its address (nginx: `listen ... default_server`; Apache httpd: the first virtual "
        'host; IIS: a binding without "Require Server Name Indication"), so that it does not depend on the client.',
        evidence={"server_name": name},
    )


@rule(severity="notice", scope="handshake", references=("RFC 5246, sections 7.4.4 and 7.4.6",))
def client_certificate_requested(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server asks the client for a certificate.

    ## What it means
    It sends a CertificateRequest. A client that has no certificate for it answers with an empty list, and the server may
    go on or end the handshake.

    ## Why it matters
    Whether Finesse holds such a certificate is not known here. Where the server insists on one, the connection ends with an
    alert of the server's, behind everything that is judged otherwise.

    ## What to do
    For a server of gadgets, turn client certificates off for the address that Finesse asks, or make them optional: nginx
    `ssl_verify_client`, Apache httpd `SSLVerifyClient`, IIS "SSL Settings, Client certificates".

    ## How to see it yourself
    `openssl s_client -connect HOST:443` prints "Acceptable client certificate CA names".

    ## Source
    RFC 5246, section 7.4.4: "A non-anonymous server can optionally request a certificate from the client."; section 7.4.6.
    """
    request = handshake.certificate_request
    if request is None or handshake.asked is not Question.OWN:
        return
    sent = handshake.client_certificate_bytes
    answered = "" if sent is None else f" The client sent {len(sent)}." if sent else " The client sent none."
    refused = any(alert.fatal and alert.sender is Sender.SERVER for alert in handshake.alerts)
    yield Problem(
        severity=Severity.WARNING if refused else None,
        message=f"The server asks for a certificate of the client's, from {len(request.authorities) or 'any'} "
        f"CA{'s' if len(request.authorities) != 1 else ''}.{answered}"
        + (" The server ended the handshake afterwards." if refused else ""),
        remedy="Unless Finesse is meant to show a certificate, turn this off on the server: nginx `ssl_verify_client off`, Apache "
        "httpd `SSLVerifyClient none`, IIS: SSL Settings, Client certificates, Ignore.",
        evidence={"authorities": len(request.authorities), "sent": None if sent is None else len(sent)},
    )


@rule(severity="notice", scope="handshake", references=("RFC 5246, sections 7.4.1.2 and 7.4.1.3",))
def answered_another_client(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The hello that the server answered was another client's than the one that is judged.

    ## What it means
    A server selects version and cipher suite from what the hello offers, and some choose their certificate by it. What it
    answers to one client it need not answer to another.

    ## Why it matters
    The suite and the version are judged against what the profile's client offers, as if it had been answered so. A handshake
    that was completed shows that this client, not the profile's, accepted what it was sent.

    ## What to do
    Capture the connection of Finesse itself, or ask the server as Finesse does: `finesse-certlint probe HOST[:PORT]`.

    ## How to see it yourself
    Compare the ClientHello with `finesse-certlint profiles NAME`.

    ## Source
    RFC 5246, section 7.4.1.3: the server selects "from the list in ClientHello.cipher_suites".
    """
    profile = subject.profile
    if handshake.witness is Witness.LOG:
        yield Problem(
            message="This is the log of another client, so its hello was answered and not that of "
            f"{client(profile)}: version, cipher suite and group may be others for that one.",
            remedy=f"Ask the server as this client does: `finesse-certlint probe HOST[:PORT] --profile {profile.name}`.",
            evidence={"completed": handshake.completed},
        )
        return
    if handshake.client_hello is None or handshake.witness is not Witness.CAPTURE or is_own_hello(handshake, profile):
        return
    unknown = [
        words
        for words, found in (
            (version_name(handshake.version or 0), version_answer(handshake, profile)),
            (suite_name(handshake.cipher_suite or 0), suite_answer(handshake, profile)),
        )
        if found is Answer.UNKNOWN and handshake.server_hello is not None
    ]
    selected = (
        f" The server selected {' and '.join(unknown)} for it, which {client(profile)} does not offer; what it would select for "
        "that one was not seen."
        if unknown
        else ""
    )
    done = (
        " The handshake was completed: the client that was captured accepted the server." if handshake.completed else ""
    )
    yield Problem(
        severity=None if unknown else Severity.INFO,
        message=f"The client that was captured offers other versions or cipher suites than {client(profile)}.{selected}{done}",
        remedy="If it is the client in question, choose the profile of its own Java (--profile java-8u181, for one). Or ask the "
        f"server as {client(profile)} does: `finesse-certlint probe {handshake.server or 'HOST[:PORT]'}`.",
        evidence={"completed": handshake.completed, "not_offered": unknown},
    )


def _hopeless(handshake: Handshake, kind: GapKind) -> bool:
    return kind is GapKind.NOT_TLS and turned_away(handshake)


_LOG = "Look at the server's own log, and ask again."
_PROBE_REMEDIES = {
    GapKind.NOT_TLS: "See what listens on that port: a web server there needs HTTPS to be set up, or the gadget's URL names the "
    "wrong port.",
    GapKind.ENDED: "Look at the server's own log: some servers, and devices in front of them, close the connection instead of "
    "saying that they do not take a version or a suite. The further hellos of this report show what it takes.",
    GapKind.SILENT: "Ask again with more time (--timeout), and from Finesse's network: a firewall may swallow the hello or its "
    "answer.",
    GapKind.ENCRYPTED: "Judge the certificates from the server's own files, or have it enable TLS 1.2 for the time of the test.",
    GapKind.LIMIT: "No real server sends so much before its flight ends: see what listens on that port.",
}
