"""What a handshake shows: in the article's terms whoever is asked, and as the verdict of the client that is asked."""

from collections.abc import Iterable

from .certificate import Certificate
from .findings import Finding, Severity, Verdict
from .handshake import Diagnosis, GapKind, Handshake, Witness
from .negotiation import Answer, answer, turned_away
from .profile import Profile
from .profiles.finesse import FINESSE


def diagnose(handshake: Handshake, certificates: Iterable[Certificate]) -> frozenset[Diagnosis]:
    """Which of the article's scenarios a handshake shows.

    :param handshake: as its witness saw it.
    :param certificates: those that the server sent, and the trust store's, which say nothing of the server.
    """
    found = set()
    if handshake.cipher_suite in FINESSE.refused_suites:
        found.add(Diagnosis.SCENARIO_1)
    read = [certificate.signature_oid for certificate in certificates if not certificate.trusted]
    sent = set(read)
    if sent - FINESSE.signature_algorithms.keys() - {None}:
        found.add(Diagnosis.SCENARIO_2)
    if found:
        return frozenset(found)
    fatal = any(alert.fatal for alert in handshake.alerts)
    unreadable = len(read) < len(handshake.certificate_bytes)
    unsure = fatal or _unseen(handshake) or unreadable or None in sent or not sent
    return frozenset({Diagnosis.UNDETERMINED if unsure else Diagnosis.OK})


def _unseen(handshake: Handshake) -> bool:
    """Whether something that would show the cause is missing: suite, chain, or how the client took them."""
    if handshake.server_hello is None or not handshake.certificate_message:
        return True
    if handshake.witness is Witness.LOG:
        return True  # to Java's hello the server may answer with another suite
    # What is missing may have been an alert.
    blind = any(gap.kind in _BLIND for gap in handshake.gaps)
    return blind and not handshake.completed


_BLIND = frozenset({GapKind.NO_CLIENT, GapKind.LOST, GapKind.CUT})


def judge_handshake(handshake: Handshake, profile: Profile, presented: Verdict, findings: Iterable[Finding]) -> Verdict:
    """The verdict on a handshake.

    Refused: an error stands on it or on what the server sent, the profile's client would end it, or the server itself ended
    it when a probe sent that client's own hello. Accepted: the client would take what was selected and what was presented,
    and all of it was seen. Undetermined: whatever is left, a fatal alert without a cause among it.

    :param presented: the verdict on the certificates that the server sent.
    :param findings: those on this handshake and its certificates.
    """
    wrong = any(f.severity in (Severity.ERROR, Severity.FATAL) and f.certificate is None for f in findings)
    found = answer(handshake, profile)
    if wrong or presented is Verdict.REFUSED or found is Answer.REFUSED or turned_away(handshake):
        return Verdict.REFUSED
    unseen = not handshake.certificate_message or handshake.cipher_suite is None or found is Answer.UNKNOWN
    if unseen or any(alert.fatal for alert in handshake.alerts):
        return Verdict.UNDETERMINED
    return presented
