"""A TLS handshake in the making: what was said so far, and by whom."""

import attrs

from ...handshake import (
    Alert,
    CertificateRequest,
    ClientHello,
    Gap,
    GapKind,
    KeyExchange,
    Sender,
    ServerHello,
    Step,
)
from . import messages

_MOST_STEPS = 64
_MOST_GAPS = 16


def other_side(sender: Sender) -> Sender:
    """Who is not this one."""
    return Sender.SERVER if sender is Sender.CLIENT else Sender.CLIENT


@attrs.define(kw_only=True)
class Draft:
    """A handshake in the making."""

    client_hello: ClientHello | None = None
    server_hello: ServerHello | None = None
    retry: bool = False
    """Whether that was a HelloRetryRequest."""
    retries: int = 0
    """HelloRetryRequests."""
    asked: int = 0
    """ClientHellos."""
    certificates: tuple[bytes, ...] = ()
    certificate_message: bool = False
    client_certificates: tuple[bytes, ...] | None = None
    key_exchange: KeyExchange | None = None
    certificate_request: CertificateRequest | None = None
    alerts: list[Alert] = attrs.field(factory=list)
    steps: list[Step] = attrs.field(factory=list)
    gaps: list[Gap] = attrs.field(factory=list)
    said: set[tuple[Sender, int]] = attrs.field(factory=set)
    """The messages that were seen whole."""
    changed: set[Sender] = attrs.field(factory=set)
    finished: set[Sender] = attrs.field(factory=set)
    finished_1_3: set[Sender] = attrs.field(factory=set)
    data: dict[Sender, int] = attrs.field(factory=lambda: {Sender.CLIENT: 0, Sender.SERVER: 0})
    """Bytes of application data, encrypted."""
    renegotiated: bool = False
    left: Sender | None = None
    """Who was the first to end the connection, where that was before the handshake was completed."""
    server_before: int = 0
    """How many bytes the server had said before the ClientHello."""

    @property
    def hellos(self) -> int:
        """How many of the two hellos are there."""
        return (self.client_hello is not None) + (self.server_hello is not None)

    @property
    def given_reason(self) -> bool:
        """Whether someone said why it ends: in a fatal alert, or in one that is encrypted."""
        return any(alert.level != 1 for alert in self.alerts)

    @property
    def empty(self) -> bool:
        """Whether nothing of a handshake was seen."""
        return not self.hellos and not self.certificates

    @property
    def version(self) -> int | None:
        """What was negotiated."""
        return self.server_hello.version if self.server_hello else None

    @property
    def suite(self) -> int | None:
        """What the server selected."""
        return self.server_hello.cipher_suite if self.server_hello else None

    @property
    def held(self) -> int:
        """Bytes of certificates."""
        return sum(map(len, self.certificates)) + sum(map(len, self.client_certificates or ()))

    @property
    def completed(self) -> bool:
        """Whether both sides sent what only comes after a handshake that both accepted."""
        if self.version == messages.TLS_1_3:
            return not self.retry and self.finished_1_3 == set(Sender)
        if self.version is None:
            return self.finished == set(Sender) or all(self.data.values())
        return self.finished == set(Sender) or any(self.data.values())

    def step(self, step: Step) -> None:
        """Add a step to the ladder, unless it is long enough."""
        if len(self.steps) < _MOST_STEPS:
            self.steps.append(step)

    def gap(self, kind: GapKind, sender: Sender | None, what: str) -> None:
        """Add something that was not seen."""
        if len(self.gaps) < _MOST_GAPS:
            self.gaps.append(Gap(kind=kind, sender=sender, what=what))

    def swap(self) -> None:
        """Client and server change places."""
        self.alerts = [attrs.evolve(alert, sender=other_side(alert.sender)) for alert in self.alerts]
        self.steps = [attrs.evolve(step, sender=other_side(step.sender)) for step in self.steps]
        self.gaps = [
            attrs.evolve(gap, sender=None if gap.sender is None else other_side(gap.sender)) for gap in self.gaps
        ]
        self.said = {(other_side(role), kind) for role, kind in self.said}
        self.changed = {other_side(role) for role in self.changed}
        self.finished = {other_side(role) for role in self.finished}
        self.left = None if self.left is None else other_side(self.left)
        self.data = {role: self.data[other_side(role)] for role in Sender}

    def evidence(self) -> dict[str, object]:
        """Values that a finding may cite."""
        return {"renegotiated": True} if self.renegotiated else {}
