"""What a server selects: the version, the cipher suite, the Diffie-Hellman group, and whether the client takes them."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..findings import Severity
from ..handshake import Alert, GapKind, Handshake, Question, Sender, Witness
from ..negotiation import (
    DH_MULTIPLE,
    Answer,
    asked,
    client,
    group_answer,
    is_own_hello,
    suite_answer,
    suites_of,
    turned_away,
    version_answer,
)
from ..rule import Problem, rule
from ..subject import Subject
from ..tls_names import PROTOCOL_VERSION, alert_name, version_name
from ..tls_suites import SIGNALS, suite

_ARTICLE = "Cisco TechNote 214617, Scenario 1"
_ARTICLE_SAYS = 'The article: "If the Hosting server selects either of these ciphers, the connection is refused."'
_DH_SOURCE = "OpenJDK, DHKeyPairGenerator.java: changes 7044060 (7u101) and 8072452 (7u171)"
_NEGOTIATION = "RFC 5246, sections 7.4.1.2, 7.4.1.3 and appendix E.1"

DH_BY_RELEASE = (
    "Java 7 before 7u101 takes Diffie-Hellman primes of 512 to 1024 bits and ends the handshake with internal_error (80) at "
    "larger ones (observed on 7u80); 7u101 and the first releases of Java 8 take up to 2048, 7u171, 8u181 and later 1024 to "
    "8192 (read in OpenJDK's source; 1024 to 4096 observed)."
)
_DROP = (
    "1. On the web server, drop TLS_DHE_RSA_WITH_AES_256_CBC_SHA and TLS_DHE_RSA_WITH_AES_128_CBC_SHA, or rank them below "
    "TLS_RSA_WITH_AES_256_CBC_SHA and TLS_RSA_WITH_AES_128_CBC_SHA, which Finesse offers too. Ranking them low helps only as "
    "long as one of these stays enabled.\n"
    "2. Windows and IIS: gpedit.msc, Computer Configuration, Administrative Templates, Network, SSL Configuration Settings, SSL "
    "Cipher Suite Order; then restart Windows. nginx: `ssl_ciphers` with `!DHE`, and `ssl_prefer_server_ciphers on`. Apache "
    "httpd: `SSLCipherSuite` with `!DHE`, and `SSLHonorCipherOrder on`. HAProxy: `ssl-default-bind-ciphers` with `!DHE`. Tomcat: "
    "`ciphers` in `SSLHostConfig`. F5 BIG-IP: Ciphers in the Client SSL profile. The page Remedies of the documentation has "
    "each in full.\n"
    "3. Look again: {probe}."
)


@rule(severity="error", scope="handshake", references=(_ARTICLE,))
def cipher_suite_refused(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server selects a cipher suite at which the client ends the handshake.

    ## What it means
    The article's Scenario 1: of what Finesse offers, the server selects TLS_DHE_RSA_WITH_AES_256_CBC_SHA or
    TLS_DHE_RSA_WITH_AES_128_CBC_SHA.

    ## Why it matters
    The article: "If the Hosting server selects either of these ciphers, the connection is refused." It names weak
    Diffie-Hellman keys as the reason. What was observed is another: Java 7 before 7u101 refuses a Diffie-Hellman group that
    is larger than 1024 bits, and the group in the article's own capture has 2048. Which it was in Finesse is not
    established. The remedy is the same for both.

    ## What to do
    Drop the two suites on the web server, or rank them below a suite without DHE that Finesse offers too, such as
    TLS_RSA_WITH_AES_256_CBC_SHA. Ranking them low helps only as long as such a suite stays enabled. How to do it on
    Windows, IIS, nginx, Apache httpd, Tomcat, HAProxy and F5 BIG-IP is on the page Remedies of the documentation.

    ## How to see it yourself
    `tshark -r FILE -Y tls.handshake.type==2 -T fields -e tls.handshake.ciphersuite` shows what was selected.
    `openssl s_client -connect HOST:443 -tls1 -cipher DHE-RSA-AES256-SHA:DHE-RSA-AES128-SHA:AES256-SHA@SECLEVEL=0` asks the
    server.

    ## Source
    Cisco TechNote 214617, Scenario 1. What Java does with the group's size was read in OpenJDK's source and observed.
    """
    selected = handshake.cipher_suite
    if selected not in subject.profile.refused_suites or handshake.asked is not Question.OWN:
        return
    bits = _dh_bits(handshake)
    words = [f"The server selects {named(selected)}. {_ARTICLE_SAYS}"]
    if bits is not None:
        words.append(
            f"The Diffie-Hellman prime has {bits} bits; that its size is the cause in Finesse is not established."
        )
    words += _of_another(subject, handshake)
    yield Problem(
        message=" ".join(words),
        remedy=_DROP.format(probe=_probe_command(handshake)),
        evidence=_selected(handshake, selected),
    )


@rule(severity="error", scope="handshake", references=(_DH_SOURCE,))
def dh_prime_refused(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server's Diffie-Hellman prime has a size that the client does not take, or that some release does not take.

    ## What it means
    With a DHE cipher suite the server sends a prime, and the client makes a key for it. OpenJDK's key generator has a
    least and a greatest size, which differ between releases, and takes multiples of 64 bits only.

    ## Why it matters
    Java 7 before 7u101 takes 512 to 1024 bits. Observed on 7u80: at 2048 bits it ends the handshake with internal_error (80)
    and says "Could not generate DH keypair"; whoever asked for the page sees "peer not authenticated". 7u101 to 7u161 and
    early releases of Java 8 take up to 2048 bits, later ones 1024 to 8192.

    ## What to do
    Drop the DHE cipher suites on the server, or rank them below suites that need no such prime: ECDHE where the client
    offers it, else static RSA (TLS_RSA_*). A smaller prime would help the client and weaken every other connection: 1024
    bits are too few today.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -cipher DHE@SECLEVEL=0 </dev/null | grep 'Temp Key'` prints the size. In Wireshark it
    is the length of p in the ServerKeyExchange.

    ## Source
    OpenJDK's DHKeyPairGenerator.java in each release; 1024, 2048, 3072 and 4096 bits were observed on 7u80, 7u181, 8u181,
    8u504 and 17.
    """
    bits = _dh_bits(handshake)
    if bits is None or handshake.asked is not Question.OWN:
        return
    least, greatest = subject.profile.dh_bits
    refused = group_answer(handshake, subject.profile) is Answer.REFUSED
    if not refused and (bits <= _JAVA_7 or not subject.profile.judges_anchors):
        return
    # The article states no limits: those of the release that it shows are the profile's.
    java = subject.profile.title if subject.profile.release else "Java 7u181"
    takes = f"{java} takes {least} to {greatest} bits, in multiples of {DH_MULTIPLE}. " if refused else ""
    yield Problem(
        severity=None if refused else Severity.NOTICE,
        message=f"The server's Diffie-Hellman prime has {bits} bits. {takes}{DH_BY_RELEASE}",
        remedy="Drop the DHE cipher suites on the server, or rank them below ECDHE and static RSA suites, at least one of which "
        f"this client offers. Do not make the prime smaller. Then look again: {_probe_command(handshake)}.",
        evidence={"dh_bits": bits, "least": least, "greatest": greatest, "multiple_of": DH_MULTIPLE},
    )


_JAVA_7 = 1024


@rule(severity="error", scope="handshake", references=(_NEGOTIATION, "RFC 8446, section 4.2.1"))
def protocol_not_offered(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server and the client have no version of TLS in common.

    ## What it means
    The client offers certain versions, the server selects one or refuses. In the article's capture Finesse offers TLS 1.0;
    Java 7 offers TLS 1.2 by default since 7u131.

    ## Why it matters
    Without a common version there is no connection, whatever the certificates are. Servers say so in different ways:
    protocol_version (70), handshake_failure (40), or, nginx and others with OpenSSL 3 at its security level 2,
    internal_error (80).

    ## What to do
    Either enable the version that the client offers on this server, if the security rules of the place allow TLS 1.0; or
    bring the client to TLS 1.2. What a release of Finesse offers is to be seen in a capture of its ClientHello.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -tls1 -cipher DEFAULT@SECLEVEL=0` asks for TLS 1.0, `-tls1_2` for TLS 1.2.

    ## Source
    RFC 5246, appendix E.1; RFC 8446, section 4.2.1. The servers' alerts were observed with OpenSSL 3.0 and nginx 1.22.
    """
    if handshake.asked is not Question.OWN:
        return
    profile = subject.profile
    offered = _versions(profile.offered_versions)
    evidence = {"offered": offered, "selected": None if handshake.version is None else version_name(handshake.version)}
    remedy = (
        f"Enable {offered[-1] if offered else 'a version that the client offers'} on the server, if the security rules of the "
        f"place allow it; or see by a capture what this client really offers. Then look again: {_probe_command(handshake)}."
    )
    if handshake.version is not None:
        if version_answer(handshake, profile) is Answer.REFUSED:
            message = (
                f"The server selects {version_name(handshake.version)}, and {client(profile)} offers {_list(offered)}."
            )
            yield Problem(message=message, remedy=remedy, evidence=evidence)
        return
    alert = _last_word(handshake)
    later = _at_another_version(subject, handshake)
    if later is not None:
        told = f" with {_alert_words(alert)}" if alert else ", and says nothing"
        yield Problem(
            message=f"The server does not take {_list(offered)}: it ends the client's hello{told}. Asked with "
            f"{later.asked.words}, it selects {version_name(later.version or 0)}.",
            remedy=remedy,
            evidence={**evidence, "taken": version_name(later.version or 0)},
        )
    elif alert is not None and alert.description == PROTOCOL_VERSION and is_own_hello(handshake, profile):
        yield Problem(
            message=f"The server takes none of the versions that the client offers, {_list(offered)}: {_alert_words(alert)}.",
            remedy=remedy,
            evidence=evidence,
        )


@rule(severity="error", scope="handshake", references=(_NEGOTIATION, "RFC 8422, section 2"))
def no_common_suite(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """The server and the client have no cipher suite in common.

    ## What it means
    The client lists the cipher suites that it can use; the server must select one of them that fits its own key. A server
    with an EC key alone, for one, has nothing to select from the article's twelve suites, all of which are for RSA or DSA
    keys.

    ## Why it matters
    Without a common suite the server ends the handshake, most often with handshake_failure (40), before it sends any
    certificate.

    ## What to do
    Give the server an RSA key and certificate, beside the EC ones if need be; or enable a suite that the client offers, for
    Finesse TLS_RSA_WITH_AES_256_CBC_SHA or TLS_RSA_WITH_AES_128_CBC_SHA.

    ## How to see it yourself
    `finesse-certlint profiles NAME` shows what the client offers; `openssl s_client -connect HOST:443 -cipher
    AES256-SHA:AES128-SHA@SECLEVEL=0 -tls1` asks the server for it.

    ## Source
    RFC 5246, section 7.4.1.3: "The single cipher suite selected by the server from the list in ClientHello.cipher_suites."
    """
    if handshake.asked is not Question.OWN:
        return
    profile, selected = subject.profile, handshake.cipher_suite
    if selected is not None:
        if selected not in profile.refused_suites and suite_answer(handshake, profile) is Answer.REFUSED:
            yield Problem(
                message=f"The server selects {named(selected)}, which the client did not offer.",
                remedy="Look at the server, or at a device between: RFC 5246 has it select from what is offered.",
                evidence=_selected(handshake, selected),
            )
        return
    later = _with_other_suites(subject, handshake)
    if later is None:
        return
    key = suite(later.cipher_suite or 0).server_key
    fits = [n for n in suites_of(profile) if suite(n).server_key == key]
    why = "" if fits or key is None else f" Its certificate holds an {key} key, and the client offers no suite for one."
    alert = _last_word(handshake)
    offered = _list([suite(n).name for n in _plain(suites_of(profile))])
    yield Problem(
        message=f"The server takes none of the client's cipher suites{': ' + _alert_words(alert) if alert else ''}. Offered "
        f"every suite, it selects {named(later.cipher_suite or 0)}.{why}",
        remedy=(
            f"Give the server an RSA key and certificate, beside the {key} ones if need be. "
            if why
            else f"Enable a suite on the server that the client offers: {offered}. "
        )
        + f"Then look again: {_probe_command(handshake)}.",
        evidence={"taken": suite(later.cipher_suite or 0).name, "server_key": key},
    )


@rule(severity="notice", scope="handshake", references=(_ARTICLE, "RFC 5246, section 7.4.1.3"))
def better_suite_available(subject: Subject, handshake: Handshake) -> Iterator[Problem]:
    """Whether there is a common cipher suite that the client would have taken instead of the one that it refuses.

    ## What it means
    A server selects by its own order or by the client's. Where it selects a suite that the client refuses, it matters whether
    it has another in common with the client: then ranking decides.

    ## Why it matters
    If it has one, ranking the refused suites below it is enough, for as long as it stays enabled. If it has none, one must be
    enabled first: to drop the refused suites alone would leave nothing in common.

    ## What to do
    As the finding says; the steps for each server are on the page Remedies of the documentation.

    ## How to see it yourself
    `openssl s_client -connect HOST:443 -tls1 -cipher AES256-SHA:AES128-SHA@SECLEVEL=0` asks for the two that Finesse offers
    and takes.

    ## Source
    Cisco TechNote 214617, Scenario 1; RFC 5246, section 7.4.1.3.
    """
    answers = (suite_answer(handshake, subject.profile), group_answer(handshake, subject.profile))
    if Answer.REFUSED not in answers or handshake.asked is not Question.OWN:
        return
    selected = handshake.cipher_suite or 0
    if selected not in suites_of(subject.profile):
        return
    without = asked(subject.handshakes, handshake, Question.WITHOUT_REFUSED_SUITES)
    if without is not None and without.cipher_suite is not None:
        other = named(without.cipher_suite)
        yield Problem(
            message=f"Without the suites that the client refuses, the server selects {other}, which the client takes.",
            remedy=f"Drop the refused suites, or rank them below {suite(without.cipher_suite).name}, and keep that one enabled.",
            evidence={"refused": suite(selected).name, "better": suite(without.cipher_suite).name},
        )
    elif without is not None:
        yield Problem(
            severity=Severity.WARNING,
            message="Without the suites that the client refuses, the server selects none: it has no other in common with the "
            "client.",
            remedy=f"Enable one of these first: {_list([suite(n).name for n in _plain(suites_of(subject.profile))])}. Then drop "
            "the refused suites or rank them below it.",
            evidence={"refused": suite(selected).name, "better": None},
        )
    elif handshake.client_hello is not None:
        offered = [n for n in handshake.client_hello.cipher_suites if n in _plain(suites_of(subject.profile))]
        names = [suite(n).name for n in offered]
        if names:
            yield Problem(
                message=f"The client also offered {_list(names)}. Whether the server has that enabled was not seen.",
                remedy=f"Ask the server: {_probe_command(handshake)}. It says what the server selects without the refused suites.",
                evidence={"refused": suite(selected).name, "offered": names},
            )


# -- Words -------------------------------------------------------------------------------------------------------------


def named(number: int) -> str:
    """A suite by its name and number, and by OpenSSL's name."""
    known = suite(number)
    openssl = f", OpenSSL: {known.openssl}" if known.openssl and known.openssl != known.name else ""
    return f"{known.name} (0x{number:04X}{openssl})"


def _answers(subject: Subject, handshake: Handshake) -> dict[Question, Handshake]:
    """Of a probe whose own hello was not answered: the further hellos, answered or not."""
    if not turned_away(handshake) and not any(gap.kind in _NO_ANSWER for gap in handshake.gaps):
        return {}
    found = ((question, asked(subject.handshakes, handshake, question)) for question in Question)
    return {question: each for question, each in found if each is not None}


def _at_another_version(subject: Subject, handshake: Handshake) -> Handshake | None:
    """What was answered at a version that the client does not offer, where that alone made the difference."""
    further = _answers(subject, handshake)
    if Question.ANY_SUITE in further and further[Question.ANY_SUITE].cipher_suite is not None:
        return None  # at the client's own versions
    for question in (Question.TLS_1_2, Question.ANY_SUITE_TLS_1_2, Question.ANY_VERSION):
        each = further.get(question)
        if each is not None and each.version is not None and each.version not in subject.profile.offered_versions:
            return each
    return None


def _with_other_suites(subject: Subject, handshake: Handshake) -> Handshake | None:
    """What was answered by a suite that the client does not offer, where the client's own suites were not."""
    further = _answers(subject, handshake)
    for question in (Question.ANY_SUITE, Question.ANY_SUITE_TLS_1_2):
        each = further.get(question)
        if each is not None and each.cipher_suite is not None and each.cipher_suite not in suites_of(subject.profile):
            return each
    return None


_NO_ANSWER = frozenset({GapKind.ENDED, GapKind.SILENT})


def _last_word(handshake: Handshake) -> Alert | None:
    """The server's fatal alert."""
    return next((alert for alert in handshake.alerts if alert.fatal and alert.sender is Sender.SERVER), None)


def _alert_words(alert: Alert) -> str:
    return f"{alert_name(alert.description or 0)} ({alert.description})"


def _of_another(subject: Subject, handshake: Handshake) -> Iterator[str]:
    if handshake.client_hello is None and handshake.witness is Witness.CAPTURE:
        yield "The hello that it was selected for was not seen; for this client's the server may select another."
    elif not is_own_hello(handshake, subject.profile):
        yield "It was selected for another client's hello; for this client's the server may select another."


def _dh_bits(handshake: Handshake) -> int | None:
    return handshake.key_exchange.dh_bits if handshake.key_exchange else None


def _selected(handshake: Handshake, number: int) -> dict[str, Any]:
    exchange = handshake.key_exchange
    return {
        "suite": suite(number).name,
        "number": f"0x{number:04X}",
        "version": None if handshake.version is None else version_name(handshake.version),
        "dh_bits": _dh_bits(handshake),
        "server_key_exchange_length": exchange.length if exchange else None,
    }


def _versions(numbers: Iterable[int]) -> list[str]:
    return [version_name(number) for number in numbers]


def _list(words: list[str]) -> str:
    return " and ".join(words) if len(words) < 3 else f"{', '.join(words[:-1])} and {words[-1]}"


def _plain(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """The suites of static RSA with AES, which every server can enable for an RSA key; else the first three."""
    found = tuple(n for n in numbers if suite(n).family == "RSA" and "_AES_" in suite(n).name and n not in SIGNALS)
    return found[:2] or numbers[:3]


def _probe_command(handshake: Handshake) -> str:
    where = str(handshake.server) if handshake.server and handshake.witness is not Witness.LOG else "HOST[:PORT]"
    return f"`finesse-certlint probe {where}`"
