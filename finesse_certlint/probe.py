"""A server seen with a client's eyes: the hellos that the client would send, and the server's answers read back.

No socket is opened here. Whoever has one takes an `Attempt` after the other, opens a connection for each, sends its hello
and feeds it what comes back::

    probe = fcl.Probe("gadgets.example.com", profile="finesse")
    for attempt in probe.attempts():
        connection = connect(probe.host, probe.port)
        connection.sendall(attempt.hello)
        while not attempt.done:
            data = connection.recv(65536)
            attempt.receive(data) if data else attempt.closed()
    report = probe.report(trusted=roots)

Nothing but hellos is sent. The first is the profile's own, byte for byte, and the verdict rests on it; further ones follow
where it leaves a doubt, and find out what the server would have taken instead.
"""

import secrets
from collections.abc import Callable, Generator, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

import attrs

from .formats.tls import Conversation
from .handshake import Endpoint, Gap, GapKind, Handshake, Question, Sender, Witness
from .java.hello import ENTROPY, HelloForm, client_hello, server_name
from .limits import Limits
from .lint import Bytes, lint_handshakes
from .negotiation import Answer, group_answer, suite_answer
from .profile import Profile
from .profiles import get_profile
from .report import Report
from .rule import Rule
from .tls_names import TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3
from .tls_suites import EMPTY_RENEGOTIATION_INFO, suite

# What servers were ever set up with, the strongest first.
_SUITES = (
    *(0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC023, 0xC027, 0xC009, 0xC013, 0xC024, 0xC028, 0xC00A, 0xC014),
    *(0xC0AC, 0xC0AD, 0x009E, 0x009F, 0xCCAA, 0x0067, 0x006B, 0x0033, 0x0039, 0x00A2, 0x00A3, 0x0040, 0x006A, 0x0032),
    *(0x0038, 0x009C, 0x009D, 0xC09C, 0xC09D, 0x003C, 0x003D, 0x002F, 0x0035, 0x0041, 0x0084, 0x0045, 0x0088, 0xC008),
    *(0xC012, 0x0016, 0x0013, 0x000A, 0xC007, 0xC011, 0x0005, 0x0004, EMPTY_RENEGOTIATION_INFO),
)
_SUITES_OF_ALL = (0x1301, 0x1302, 0x1303, *_SUITES)
_SIGNATURES_OF_JAVA_7 = (0x0603, 0x0601, 0x0503, 0x0501, 0x0403, 0x0401, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202)
_FORM = HelloForm(
    extensions=(0, 10, 11, 13, 23),
    groups=(0x1D, 0x17, 0x18, 0x19, 0x1E, 0x16, 0x1A, 0x1B, 0x1C, 0x0100, 0x0101, 0x0102),
    signatures=(
        *(
            0x0403,
            0x0503,
            0x0603,
            0x0807,
            0x0808,
            0x0804,
            0x0805,
            0x0806,
            0x0809,
            0x080A,
            0x080B,
            0x0401,
            0x0501,
            0x0601,
        ),
        *(0x0303, 0x0301, 0x0203, 0x0201, 0x0402, 0x0302, 0x0202),
    ),
)
_FORM_OF_TLS_1_3 = attrs.evolve(
    _FORM, extensions=(0, 10, 11, 13, 23, 43, 45, 51), key_shares=(0x1D, 0x17), session_id=32
)
_T = TypeVar("_T")
_Asking = Generator["Attempt", None, _T]

_ENOUGH_TO_TELL = 16
"""Bytes of an answer that show whether it is TLS: a record's header, and what is in it."""


class Attempt:
    """One hello, and what the server answers to it."""

    def __init__(self, asked: Question, hello: bytes, server: Endpoint, limits: Limits) -> None:
        """Made by `Probe.attempts`."""
        self.asked = asked
        self.hello = hello
        """The bytes to send, and nothing else is ever to be sent."""
        self._limits = limits
        self._conversation = Conversation(witness=Witness.PROBE, server=server)
        self._conversation.feed(Sender.CLIENT, hello)
        self._received = 0
        self._done = False
        self._gaps: list[Gap] = []

    @property
    def words(self) -> str:
        """What this hello is, for people."""
        return self.asked.words

    @property
    def done(self) -> bool:
        """Whether nothing that the server may still say matters."""
        return self._done

    def receive(self, data: bytes) -> None:
        """What the server sent. Once the attempt is done, it is passed over."""
        if self._done:
            return
        left = self._limits.flight_bytes - self._received
        self._received += len(data)
        self._conversation.feed(Sender.SERVER, data[:left])
        if self._received > self._limits.flight_bytes:
            what = f"the server sent more than {self._limits.flight_bytes} bytes without ending its first flight"
            self._end(Gap(kind=GapKind.LIMIT, sender=Sender.SERVER, what=what))
        elif self._settled():
            self._end()

    def closed(self) -> None:
        """The server closed the connection, or it was reset."""
        if not self._done:
            self._conversation.end(Sender.SERVER, "closes the connection")
            when = f"after {self._received} bytes" if self._received else "without an answer"
            self._end(Gap(kind=GapKind.ENDED, sender=Sender.SERVER, what=f"the server closed the connection {when}"))

    def silent(self, seconds: float) -> None:
        """Nothing more came in so many seconds."""
        if not self._done:
            more = " more" if self._received else ""
            what = f"the server sent nothing{more} within {seconds:g} seconds"
            self._end(Gap(kind=GapKind.SILENT, sender=Sender.SERVER, what=what))

    @property
    def handshake(self) -> Handshake:
        """What is known so far."""
        handshake = self._conversation.handshakes()[-1]
        # That the flight is not whole is said once, with the reason that is known here.
        own = [gap for gap in handshake.gaps if not self._gaps or gap.kind not in _SAID_BETTER]
        return attrs.evolve(
            handshake,
            client=None,
            gaps=(*own, *self._gaps),
            asked=self.asked,
            evidence={**handshake.evidence, "hello": self.hello.hex(), "bytes_received": self._received},
        )

    def _settled(self) -> bool:
        """Whether the flight is whole, or will never be one."""
        handshake = self._conversation.handshakes()[-1]
        if _has(handshake, GapKind.NOT_TLS) and self._received >= _ENOUGH_TO_TELL:
            return True
        if any(alert.fatal and alert.sender is Sender.SERVER for alert in handshake.alerts):
            return True
        if handshake.version == TLS_1_3:
            return True  # the rest is encrypted
        return any(step.what == "ServerHelloDone" for step in handshake.steps)

    def _end(self, gap: Gap | None = None) -> None:
        self._done = True
        self._gaps.extend(() if gap is None else (gap,))


_SAID_BETTER = frozenset({GapKind.ENDED, GapKind.NO_SERVER})


class Probe:
    """A server that is asked as one client would ask it."""

    def __init__(
        self,
        host: str,
        port: int = 443,
        profile: str | Profile = "finesse",
        *,
        limits: Limits | None = None,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Ask nothing yet.

        :param host: the host in the server's URL: a name or an address.
        :param profile: whose hello is sent first, or its name.
        :param entropy: gives so many bytes that nobody can guess; for tests, the same ones each time.
        :raises ProfileError: where there is no profile of that name.
        :raises ValueError: where the port is none.
        """
        if not 0 < port < 65536:
            raise ValueError(f"{port} is no port; ports go from 1 to 65535")
        self.host = host
        self.port = port
        self.profile = profile if isinstance(profile, Profile) else get_profile(profile)
        self._limits = limits or Limits()
        self._entropy = entropy
        self._attempts: list[Attempt] = []

    @property
    def name(self) -> str:
        """HOST:PORT, as the report names its input."""
        return str(Endpoint(address=self.host, port=self.port))

    @property
    def hello(self) -> bytes:
        """The profile's own hello, as its first attempt sends it; what is drawn by lot in it differs each time."""
        return self._own()

    @property
    def handshakes(self) -> tuple[Handshake, ...]:
        """What came of the attempts so far, the profile's own hello first."""
        return _weighed([attempt.handshake for attempt in self._attempts])

    def attempts(self) -> Iterator[Attempt]:
        """The hellos to send, each on a connection of its own; which comes next depends on what came of those before."""
        self._attempts.clear()
        own = yield from self._ask(Question.OWN, self._own())
        if own.version == TLS_1_3:
            yield from self._ask(Question.WITHOUT_TLS_1_3, self._own(form=self.profile.hello.tls_1_2, top=TLS_1_2))
        elif own.cipher_suite is not None:
            yield from self._after_a_flight(own)
        elif not _has(own, GapKind.NOT_TLS):
            yield from self._after_a_refusal(own)

    def report(
        self,
        trusted: Bytes | None = None,
        hostname: str | None = None,
        at: datetime | None = None,
        rules: Iterable[str | Rule] | None = None,
        password: str | None = None,
    ) -> Report:
        """What the client would say to this server, and why.

        :param hostname: the host in the server's URL, where it is another than the one that was asked. None: that one.
        :returns: the report. The verdict is that on the profile's own hello; where that one shows no certificates, those of
            the first other that shows some are judged too.

        Everything else is as in `lint()`.
        """
        return lint_handshakes(
            self.handshakes,
            trusted=trusted,
            hostname=self.host if hostname is None else hostname,
            profile=self.profile,
            at=at,
            name=self.name,
            rules=rules,
            limits=self._limits,
            password=password,
        )

    # -- What is asked -----------------------------------------------------------------------------------------------

    def _after_a_flight(self, own: Handshake) -> _Asking[None]:
        """The server answered: would it have had something better, and is it another one by its name?"""
        left_out = self._left_out(own)
        if left_out:
            yield from self._ask(Question.WITHOUT_REFUSED_SUITES, self._own(left_out=left_out))
        if self._nameless:
            yield from self._ask(Question.SERVER_NAME, self._own(form=_named(self.profile.hello)))

    def _after_a_refusal(self, own: Handshake) -> _Asking[None]:
        """The server did not go on: is it the name that is missing, the version, or the suites?"""
        if self._nameless and not _has(own, GapKind.SILENT):
            named = yield from self._ask(Question.SERVER_NAME, self._own(form=_named(self.profile.hello)))
            if named.cipher_suite is not None:
                return
        highest = min(max(self.profile.offered_versions, default=TLS_1_0), TLS_1_2)
        if highest < TLS_1_2:
            later = yield from self._ask(
                Question.TLS_1_2, self._hello(_signing(self.profile.hello), TLS_1_2, self._suites)
            )
            if later.cipher_suite is not None or _has(later, GapKind.SILENT):
                return
        further = [(Question.ANY_SUITE, _FORM, highest), (Question.ANY_VERSION, _FORM_OF_TLS_1_3, TLS_1_3)]
        if highest < TLS_1_2:
            further.insert(1, (Question.ANY_SUITE_TLS_1_2, _FORM, TLS_1_2))
        for question, form, top in further:
            suites = _SUITES_OF_ALL if top == TLS_1_3 else _SUITES
            answered = yield from self._ask(question, self._hello(form, top, suites))
            if answered.cipher_suite is not None or _has(answered, GapKind.SILENT):
                return

    def _ask(self, asked: Question, hello: bytes) -> _Asking[Handshake]:
        attempt = Attempt(asked, hello, Endpoint(address=self.host, port=self.port), self._limits)
        self._attempts.append(attempt)
        yield attempt
        return attempt.handshake

    @property
    def _suites(self) -> tuple[int, ...]:
        return self.profile.offered_suites

    @property
    def _nameless(self) -> bool:
        """Whether the profile leaves out the server's name where Java would send it."""
        return 0 not in self.profile.hello.extensions and server_name(self.host) is not None

    def _left_out(self, own: Handshake) -> frozenset[int]:
        """The suites that the client need not offer if it ends the handshake at them."""
        if group_answer(own, self.profile) is Answer.REFUSED:
            return frozenset(n for n in self._suites if suite(n).key_exchange == "DHE") | self.profile.refused_suites
        return self.profile.refused_suites if suite_answer(own, self.profile) is Answer.REFUSED else frozenset()

    def _own(self, form: HelloForm | None = None, top: int = TLS_1_3, left_out: frozenset[int] = frozenset()) -> bytes:
        """The profile's own hello, up to a version and without some suites."""
        versions = tuple(version for version in self.profile.offered_versions if version <= top)
        suites = tuple(n for n in self._suites if n not in left_out and (top >= TLS_1_3 or not suite(n).tls_1_3))
        return client_hello(
            self.profile.hello if form is None else form,
            versions=versions or (top,),
            suites=suites,
            host=self.host,
            entropy=self._entropy(ENTROPY),
        )

    def _hello(self, form: HelloForm, top: int, suites: tuple[int, ...]) -> bytes:
        """Another client's hello, which offers every version up to one."""
        versions = tuple(version for version in (TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3) if version <= top)
        return client_hello(form, versions=versions, suites=suites, host=self.host, entropy=self._entropy(ENTROPY))


def _named(form: HelloForm) -> HelloForm:
    return attrs.evolve(form, extensions=(*form.extensions, 0))


def _signing(form: HelloForm) -> HelloForm:
    """With the server's name and signature_algorithms: nginx was seen to refuse TLS 1.2 where they are missing."""
    kept = tuple(kind for kind in form.extensions if kind not in (0, 13))
    return attrs.evolve(form, extensions=(*kept, 13, 0), signatures=form.signatures or _SIGNATURES_OF_JAVA_7)


def _has(handshake: Handshake, kind: GapKind) -> bool:
    return any(gap.kind is kind and gap.sender is Sender.SERVER for gap in handshake.gaps)


def _weighed(seen: list[Handshake]) -> tuple[Handshake, ...]:
    """What the verdict rests on, marked; what says nothing new, left out."""
    if not seen:
        return ()
    own, *others = seen
    shows = next((each for each in others if each.certificate_bytes and not own.certificate_bytes), None)
    # TLS 1.3 hides what the client would see, and Java names a host that has a dot: then the other hello stands for its own.
    stands_in = shows is not None and (own.version == TLS_1_3 or shows.asked is Question.SERVER_NAME)
    found = [attrs.evolve(own, decides=not stands_in)]
    for each in others:
        if each is shows:
            found.append(each)
        elif (
            each.asked is Question.SERVER_NAME
            and own.cipher_suite == each.cipher_suite
            and _same_certificates(own, each)
        ):
            pass  # nothing depends on the name
        else:
            found.append(attrs.evolve(each, decides=False))
    return tuple(found)


def _same_certificates(one: Handshake, other: Handshake) -> bool:
    return bool(one.certificate_bytes) and one.certificate_bytes == other.certificate_bytes
