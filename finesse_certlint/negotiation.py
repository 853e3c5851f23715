"""What a profile's client makes of what a server selected: the version, the cipher suite, the Diffie-Hellman group.

A handshake may have been another client's. What the server selected for that one it need not select for the profile's, so
an answer can be that nobody knows.
"""

from collections.abc import Iterable
from enum import StrEnum

from . import tls_names
from .handshake import GapKind, Handshake, Question, Sender, Witness
from .profile import Profile
from .tls_suites import SIGNALS, suite

DH_MULTIPLE = 64
"""OpenJDK's DHKeyPairGenerator takes sizes in multiples of 64 bits only."""


class Answer(StrEnum):
    """Whether the client would go on."""

    TAKEN = "taken"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    """It was selected for another client, and the profile's offers something else."""


def client(profile: Profile) -> str:
    """The client, as a finding calls it."""
    return profile.title if profile.release else "Finesse in the article's capture"


def suites_of(profile: Profile) -> tuple[int, ...]:
    """The cipher suites that the profile's client offers, without the signals among them."""
    return tuple(number for number in profile.offered_suites if number not in SIGNALS)


def is_own_hello(handshake: Handshake, profile: Profile) -> bool:
    """Whether the hello that was answered offers what the profile's client offers: the same versions and suites."""
    hello = handshake.client_hello
    if hello is None or handshake.witness is Witness.LOG or handshake.asked is not Question.OWN:
        return False
    suites = tuple(n for n in hello.cipher_suites if n not in SIGNALS and not tls_names.is_grease(n))
    return suites == suites_of(profile) and hello.highest_version == max(profile.offered_versions, default=None)


def version_answer(handshake: Handshake, profile: Profile) -> Answer:
    """What the client makes of the version that the server selected."""
    version, offered = handshake.version, profile.offered_versions
    if version is None:
        return Answer.UNKNOWN
    if version in offered:
        return Answer.TAKEN
    hello = handshake.client_hello
    # RFC 5246, appendix E.1: the server answers with the highest version that both have. One below what the client
    # offers is therefore the server's highest.
    servers_highest = hello is not None and handshake.asked is Question.OWN and version < hello.highest_version
    if is_own_hello(handshake, profile) or (servers_highest and version < min(offered, default=version)):
        return Answer.REFUSED
    return Answer.UNKNOWN


def suite_answer(handshake: Handshake, profile: Profile) -> Answer:
    """What the client makes of the cipher suite that the server selected."""
    selected = handshake.cipher_suite
    if selected is None:
        return Answer.UNKNOWN
    if selected in profile.refused_suites:
        return Answer.REFUSED
    if selected in suites_of(profile):
        return Answer.TAKEN
    return Answer.REFUSED if is_own_hello(handshake, profile) else Answer.UNKNOWN


def group_answer(handshake: Handshake, profile: Profile) -> Answer:
    """What the client makes of the size of the Diffie-Hellman prime; taken where none is used."""
    if handshake.cipher_suite is None or suite(handshake.cipher_suite).key_exchange != "DHE":
        return Answer.TAKEN
    bits = handshake.key_exchange.dh_bits if handshake.key_exchange else None
    if bits is None:
        return Answer.UNKNOWN
    least, greatest = profile.dh_bits
    return Answer.TAKEN if least <= bits <= greatest and bits % DH_MULTIPLE == 0 else Answer.REFUSED


def answer(handshake: Handshake, profile: Profile) -> Answer:
    """What the client makes of all three."""
    answers = {ask(handshake, profile) for ask in (version_answer, suite_answer, group_answer)}
    if Answer.REFUSED in answers:
        return Answer.REFUSED
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.TAKEN


def asked(handshakes: Iterable[Handshake], of: Handshake, question: Question) -> Handshake | None:
    """What came of a further hello of the same probe."""
    if of.witness is not Witness.PROBE:
        return None
    return next((each for each in handshakes if each.witness is Witness.PROBE and each.asked is question), None)


def turned_away(handshake: Handshake) -> bool:
    """Whether the server itself ended the handshake when a probe sent it the profile's own hello."""
    if handshake.witness is not Witness.PROBE or handshake.asked is not Question.OWN:
        return False
    alerted = any(alert.fatal and alert.sender is Sender.SERVER for alert in handshake.alerts)
    return alerted or any(gap.kind is GapKind.NOT_TLS and gap.sender is Sender.SERVER for gap in handshake.gaps)
