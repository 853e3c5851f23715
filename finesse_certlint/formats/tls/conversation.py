"""One connection's bytes to handshakes, without a socket: fed as they come, by whoever sees them.

A `Conversation` is told who said what, in which order each side said it; between the sides no order is needed. It keeps
what the handshakes are made of and counts the rest. Whatever it is fed, it raises nothing: what cannot be read becomes a
gap.
"""

from collections.abc import Iterator

import attrs

from ... import tls_names
from ...handshake import (
    Alert,
    Endpoint,
    Gap,
    GapKind,
    Handshake,
    Sender,
    Step,
    Witness,
)
from . import messages, preface
from .draft import Draft, other_side
from .messages import MalformedError
from .records import APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, SSLV2
from .side import Alerted, Event, Marked, Message, Side

_MOST_HANDSHAKES = 8
_MOST_ALERTS = 16
_ENOUGH = 64 * 1024
"""Application data behind a handshake that is looked through for a renegotiation."""
_NOT_TLS = 32 * 1024
"""Bytes without a record, after which a connection is taken for none of TLS."""
_FINISHED_1_3 = 4 + 32 + 1 + 8
"""RFC 8446, sections 4.4.4 and 5.2: the shortest Finished, its type and the shortest tag. An alert is shorter, although Java
pads it: 35 bytes with Java 17, 19 with OpenSSL 3.0."""


class Conversation:
    """What two parties say to one another on one connection."""

    def __init__(
        self, *, witness: Witness = Witness.CAPTURE, client: Endpoint | None = None, server: Endpoint | None = None
    ) -> None:
        """Begin with nothing said.

        :param client: who is taken for the client until a ClientHello comes from the other.
        """
        self._witness = witness
        self._client, self._server = client, server
        self._sides = {Sender.CLIENT: Side(), Sender.SERVER: Side()}
        self._swapped = False
        self._draft = Draft()
        self._done: list[Handshake] = []
        self._time: float | None = None
        self._frame: int | None = None
        self._present: set[Sender] = set()

    # -- What is fed -------------------------------------------------------------------------------------------------

    def appear(self, sender: Sender) -> None:
        """This side is there, whether or not it says anything."""
        self._present.add(sender)

    def feed(self, sender: Sender, data: bytes, time: float | None = None, frame: int | None = None) -> None:
        """The next bytes of one side.

        :param time: in seconds, of any origin.
        :param frame: the number of the packet that brought them.
        """
        self._time, self._frame = time, frame
        side = self._side(sender)
        for event in side.feed(data):
            self._take(side, event)

    def skip(
        self,
        sender: Sender,
        count: int,
        why: GapKind = GapKind.LOST,
        time: float | None = None,
        frame: int | None = None,
    ) -> None:
        """So many bytes of one side are missing here."""
        self._time, self._frame = time, frame
        side = self._side(sender)
        for event in side.skip(count, why):
            self._take(side, event)

    def end(
        self, sender: Sender | None = None, how: str = "", time: float | None = None, frame: int | None = None
    ) -> None:
        """One side, or nobody any more, says anything.

        :param how: what it did, for the ladder: "closes the connection".
        """
        self._time, self._frame = time, frame
        for role in Sender:
            side = self._sides[role]
            if sender in (None, self._role_given(role)) and not side.ended:
                for event in side.end():
                    self._take(side, event)
                if how and not self.completed:
                    self._draft.left = self._draft.left or role
                    self._step(role, how)

    # -- What is known -----------------------------------------------------------------------------------------------

    @property
    def is_tls(self) -> bool:
        """Whether a record of TLS was seen."""
        return any(side.records.found for side in self._sides.values())

    @property
    def other(self) -> bool:
        """Whether this is certainly something else than TLS."""
        return not self.is_tls and sum(side.records.before for side in self._sides.values()) > _NOT_TLS

    @property
    def settled(self) -> bool:
        """Whether nothing that matters can come any more: both may say what they like, and nobody need listen."""
        data = sum(self._draft.data.values())
        return data > _ENOUGH and (self.completed or self._draft.empty)

    @property
    def completed(self) -> bool:
        """Whether the handshake that is going on has been completed."""
        return self._draft.completed

    @property
    def held(self) -> int:
        """Bytes that are kept, those of certificates above all."""
        return self._draft.held + sum(side.held for side in self._sides.values())

    @property
    def client(self) -> Endpoint | None:
        """Who sent the ClientHello, or is taken for the client."""
        return self._server if self._swapped else self._client

    @property
    def server(self) -> Endpoint | None:
        """The other."""
        return self._client if self._swapped else self._server

    @property
    def names(self) -> tuple[str, ...]:
        """The server names that ClientHellos gave."""
        hellos = (*(handshake.client_hello for handshake in self._done), self._draft.client_hello)
        return tuple(hello.server_name for hello in hellos if hello and hello.server_name)

    @property
    def spoken(self) -> str:
        """What was spoken before TLS, or instead."""
        return preface.name(self._sides[Sender.CLIENT].records.preface, self._sides[Sender.SERVER].records.preface)

    def handshakes(self) -> tuple[Handshake, ...]:
        """What was seen so far; one at least, even if it shows nothing but gaps."""
        return (*self._done, self._built())

    # -- Who is who --------------------------------------------------------------------------------------------------

    def _side(self, given: Sender) -> Side:
        return self._sides[other_side(given) if self._swapped else given]

    def _role_given(self, role: Sender) -> Sender:
        return other_side(role) if self._swapped else role

    def _role(self, side: Side) -> Sender:
        return Sender.CLIENT if side is self._sides[Sender.CLIENT] else Sender.SERVER

    def _swap(self) -> None:
        """Who was taken for the server is the client: it sent the ClientHello."""
        self._swapped = not self._swapped
        self._sides = {role: self._sides[other_side(role)] for role in Sender}
        self._draft.swap()

    # -- What is said ------------------------------------------------------------------------------------------------

    def _take(self, side: Side, event: Event) -> None:
        if isinstance(event, Message):
            try:
                self._message(side, event)
            except MalformedError as error:
                name = messages.NAMES.get(event.kind, "ClientHello")
                if event.missing:  # what decides stood behind the hole, which has its own gap
                    self._step(self._role(side), name, _cut("", event))
                    return
                self._step(self._role(side), name, "malformed")
                self._draft.gap(GapKind.MALFORMED, self._role(side), f"its {name} is malformed: {error}")
        elif isinstance(event, Alerted):
            self._alert(self._role(side), event)
        else:
            self._mark(side, event)

    def _message(self, side: Side, message: Message) -> None:
        if message.kind in (messages.CLIENT_HELLO, SSLV2):
            self._client_hello(side, message)
        elif message.kind == messages.SERVER_HELLO:
            self._server_hello(side, message)
        elif message.missing:
            self._partial(side, message)
        else:
            self._whole(self._role(side), message)

    def _client_hello(self, side: Side, message: Message) -> None:
        if message.kind == SSLV2:
            hello = messages.sslv2_client_hello(message.body)
        elif message.missing:
            hello = messages.partial_client_hello(message.body, message.record_version, message.length)
        else:
            hello = messages.client_hello(message.body, message.record_version)
        if self._role(side) is Sender.SERVER and not self._draft.hellos:
            self._swap()
        # The server's answer may be known before the hello that it answers, where packets came out of order.
        if self._draft.server_hello is not None and self._draft.asked > self._draft.retries:
            self._next()
        self._draft.asked += 1
        offered = f"{tls_names.version_name(hello.highest_version)}, {_count(len(hello.cipher_suites), 'cipher suite')}"
        detail = offered + (f", {hello.server_name}" if hello.server_name else "")
        self._draft.client_hello = hello
        self._draft.server_before = self._sides[Sender.SERVER].records.before
        self._step(self._role(side), "ClientHello", _cut(detail, message))

    def _server_hello(self, side: Side, message: Message) -> None:
        if message.missing:
            hello, retry = messages.partial_server_hello(message.body, message.length)
        else:
            hello, retry = messages.server_hello(message.body)
        if self._role(side) is Sender.CLIENT and not self._draft.hellos:
            self._swap()
        if self._draft.server_hello is not None and not self._draft.retry:
            self._next()
        self._draft.server_hello, self._draft.retry = hello, retry
        self._draft.retries += retry
        detail = f"{tls_names.version_name(hello.version)}, {tls_names.suite_name(hello.cipher_suite)}"
        self._step(self._role(side), "HelloRetryRequest" if retry else "ServerHello", _cut(detail, message))

    def _partial(self, side: Side, message: Message) -> None:
        """A message that is not whole: no more is said of it, and half a chain is not judged for a whole one."""
        if message.missing in (GapKind.LIMIT, GapKind.ENDED):
            side.hole = side.hole or message.missing
        self._step(self._role(side), messages.NAMES[message.kind], _cut("", message))

    def _whole(self, role: Sender, message: Message) -> None:
        draft, detail = self._draft, ""
        if message.kind == messages.CERTIFICATE:
            found = messages.certificates(message.body, draft.version)
            detail = _count(len(found), "certificate")
            if role is Sender.CLIENT:
                draft.client_certificates = found
            else:
                draft.certificates, draft.certificate_message = found, True
        elif message.kind == messages.SERVER_KEY_EXCHANGE:
            draft.key_exchange = exchange = messages.key_exchange(message.body, draft.suite)
            if exchange.dh_bits is not None:
                detail = f"{exchange.dh_bits}-bit DH prime"
            elif exchange.group is not None:
                detail = tls_names.group_name(exchange.group)
        elif message.kind == messages.CERTIFICATE_REQUEST and role is Sender.SERVER:
            draft.certificate_request = messages.certificate_request(message.body, draft.version)
        draft.said.add((role, message.kind))
        self._step(role, messages.NAMES[message.kind], detail)

    def _alert(self, role: Sender, event: Alerted) -> None:
        if len(self._draft.alerts) < _MOST_ALERTS:
            self._draft.alerts.append(Alert(sender=role, level=event.level, description=event.description))
        if event.description is None:
            self._step(role, "Alert", "encrypted")
            return
        if event.description == tls_names.CLOSE_NOTIFY and not self.completed:
            self._draft.left = self._draft.left or role
        level = "fatal" if event.level == 2 else "warning"
        self._step(role, "Alert", f"{level}, {tls_names.alert_name(event.description)}")

    def _mark(self, side: Side, event: Marked) -> None:
        role, draft = self._role(side), self._draft
        if event.kind == CHANGE_CIPHER_SPEC:
            draft.changed.add(role)
            self._step(role, "ChangeCipherSpec")
        elif event.kind == HANDSHAKE:
            if role in draft.finished:
                draft.renegotiated = draft.renegotiated or draft.completed
                self._step(role, "handshake message", "encrypted")
            else:
                draft.finished.add(role)
                self._step(role, "Finished", "encrypted")
        elif event.kind == APPLICATION_DATA:
            if not draft.data[role]:
                self._step(role, "Application Data")
            draft.data[role] += event.length
            if event.length >= _FINISHED_1_3 and draft.server_hello is not None:
                draft.finished_1_3.add(role)

    def _step(self, role: Sender, what: str, detail: str = "") -> None:
        self._draft.step(Step(sender=role, what=what, detail=detail, time=self._time, frame=self._frame))

    # -- What it comes to --------------------------------------------------------------------------------------------

    def _next(self) -> None:
        """The handshake that was going on is over, and another begins on the same connection."""
        if len(self._done) < _MOST_HANDSHAKES:
            self._done.append(self._built())
        self._draft = Draft()

    def _built(self) -> Handshake:
        draft = self._draft
        began = draft.steps[0].time if draft.steps else None
        return Handshake(
            index=0,
            witness=self._witness,
            client=self.client,
            server=self.server,
            client_hello=draft.client_hello,
            server_hello=draft.server_hello,
            certificate_bytes=draft.certificates,
            certificate_message=draft.certificate_message,
            client_certificate_bytes=draft.client_certificates,
            key_exchange=draft.key_exchange,
            certificate_request=draft.certificate_request,
            alerts=tuple(draft.alerts),
            completed=draft.completed,
            resumed=self._resumed(),
            before="" if self._done else self._before(),
            steps=tuple(
                attrs.evolve(step, time=None if step.time is None or began is None else round(step.time - began, 6))
                for step in draft.steps
            ),
            gaps=tuple(self._gaps()),
            evidence=draft.evidence(),
        )

    def _before(self) -> str:
        """What was spoken before TLS."""
        client, server = (self._sides[role].records for role in Sender)
        if client.found and not client.before:
            return ""  # nothing was agreed on: what the server said so far is no way to TLS
        first = client.preface if client.found else b""
        return preface.name(first, server.preface if server.found else server.preface[: self._draft.server_before])

    def _resumed(self) -> bool:
        """RFC 5246, section 7.3, and RFC 5077: no Certificate where the server would send it; RFC 8446, section 2.2."""
        draft, server = self._draft, self._sides[Sender.SERVER]
        if draft.server_hello is None or draft.retry or draft.certificate_message:
            return False
        if draft.version == messages.TLS_1_3:
            return _PRE_SHARED_KEY in draft.server_hello.extensions
        offered = draft.client_hello.session_id if draft.client_hello else b""
        if offered and offered == draft.server_hello.session_id:
            return True
        full = {(Sender.SERVER, kind) for kind in (messages.SERVER_KEY_EXCHANGE, messages.SERVER_HELLO_DONE)}
        return Sender.SERVER in draft.changed and not draft.said & full and server.hole is None

    def _gaps(self) -> Iterator[Gap]:
        """Everything that was not seen, and why."""
        yield from self._draft.gaps
        for role, kind in ((Sender.CLIENT, GapKind.NO_CLIENT), (Sender.SERVER, GapKind.NO_SERVER)):
            side = self._sides[role]
            if not side.seen:
                there = self._role_given(role) in self._present
                yield Gap(kind=kind, sender=role, what=_SILENT[there].format(role))
            elif not side.records.found and side.hole is None:
                yield from self._no_record(role, side)
            elif side.hole is not None:
                yield Gap(kind=side.hole, sender=role, what=f"a part of what the {role} said {_WHY[side.hole]}")
        draft = self._draft
        if draft.hellos == 0 and self.is_tls and self._begun_before():
            yield Gap(kind=GapKind.MID_CONNECTION, what="the connection stood already when the witness began to look")
        if draft.version == messages.TLS_1_3 and not draft.certificate_message:
            yield Gap(kind=GapKind.ENCRYPTED, sender=Sender.SERVER, what="TLS 1.3 encrypts the server's certificates")
        elif self._resumed():
            yield Gap(
                kind=GapKind.RESUMED, sender=Sender.SERVER, what="the session is resumed, so no certificates are sent"
            )
        if self._left_early():
            what = f"the {draft.left} ends the connection within the handshake and does not say why"
            yield Gap(kind=GapKind.ENDED, sender=draft.left, what=what)
        elif self._ended_early():
            yield Gap(kind=GapKind.ENDED, what="it ends within the handshake")

    def _begun_before(self) -> bool:
        """Whether the hellos were exchanged before the witness began to look."""
        sides = self._sides.values()
        if not any(side.records.begins for side in sides):
            return True
        draft = self._draft
        encrypted = any(alert.level is None for alert in draft.alerts) or any(draft.data.values())
        return (encrypted or bool(draft.said or draft.changed or draft.finished)) and all(
            side.hole is None for side in sides
        )

    def _no_record(self, role: Sender, side: Side) -> Iterator[Gap]:
        """This side said something that is no TLS, or has not got so far."""
        instead = side.records.before - (self._draft.server_before if role is Sender.SERVER and self._before() else 0)
        if instead or not self.is_tls:
            said = preface.name(side.records.preface, b"")
            yield Gap(kind=GapKind.NOT_TLS, sender=role, what=f"what the {role} said is not TLS but {said}")
        else:
            kind = GapKind.NO_SERVER if role is Sender.SERVER else GapKind.NO_CLIENT
            yield Gap(kind=kind, sender=role, what=f"nothing that the {role} said in TLS is there")

    def _left_early(self) -> bool:
        """Whether one side was seen to end the connection before the handshake was completed, and to give no reason."""
        draft, server = self._draft, self._sides[Sender.SERVER]
        if draft.left is None or draft.client_hello is None or draft.given_reason or draft.completed:
            return False
        if self._witness is not Witness.CAPTURE or draft.version == messages.TLS_1_3:
            return False  # a probe knows for itself; TLS 1.3 encrypts the reason
        seen = all(side.hole is None and self._role_given(role) in self._present for role, side in self._sides.items())
        return seen and (server.records.found or (not server.seen and draft.left is Sender.SERVER))

    def _ended_early(self) -> bool:
        """Whether the server's flight began, and nothing else explains why its end is not there."""
        draft, server = self._draft, self._sides[Sender.SERVER]
        if draft.version == messages.TLS_1_3 or draft.given_reason or server.hole:
            return False
        if draft.server_hello is None:
            return draft.client_hello is not None and server.records.found
        over = (Sender.SERVER, messages.SERVER_HELLO_DONE) in draft.said or Sender.SERVER in draft.changed
        return not over and not draft.completed


_PRE_SHARED_KEY = 41
_SILENT = {True: "the {} said nothing", False: "nothing from the {} was seen"}
_WHY = {
    GapKind.LOST: "is missing from the capture",
    GapKind.CUT: "was cut off by the capture's snap length",
    GapKind.LIMIT: "is longer than what is kept",
    GapKind.ENDED: "is missing at its end",
}


def _cut(detail: str, message: Message) -> str:
    """The detail of a step, and whether the message was whole."""
    return ", ".join(part for part in (detail, "not whole" if message.missing else "") if part)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("" if number == 1 else "s")
