"""One TLS handshake as a ladder: what each side said, from top to bottom, for the page to draw."""

import attrs

from ..findings import printable
from ..handshake import Alert, Gap, Handshake, Sender, Step
from .picture import WIDTH, Words, short

_LEFT, _RIGHT = 14, WIDTH - 14
_HEAD = 46
_MOST_STEPS = 40


@attrs.frozen(kw_only=True)
class Rung:
    """One step, or something that could not be seen."""

    y: float
    arrow: bool
    bad: bool
    start: int
    stop: int
    texts: tuple[Words, ...]

    @property
    def way(self) -> int:
        """1 to the right, -1 to the left."""
        return 1 if self.stop > self.start else -1


@attrs.frozen(kw_only=True)
class Ladder:
    """A handshake, laid out."""

    width: int
    height: float
    left: int
    right: int
    top: int
    description: str
    rungs: tuple[Rung, ...]
    texts: tuple[Words, ...]


def ladder(handshake: Handshake) -> Ladder:
    """The handshake's steps, and below them what could not be seen."""
    rungs: list[Rung] = []
    y = _HEAD + 24.0
    for step in handshake.steps[:_MOST_STEPS]:
        rungs.append(_step(step, y, handshake.alerts))
        y += 32 if len(rungs[-1].texts) == 1 else 50
    left = len(handshake.steps) - _MOST_STEPS
    unseen = ([f"{left} more steps are not drawn"] if left > 0 else []) + [_unseen(gap) for gap in handshake.gaps]
    for words in unseen:
        text = Words(x=WIDTH / 2, y=y - 7, words=short(words, 56), style="fcl-small", anchor="middle")
        rungs.append(Rung(y=y, arrow=False, bad=False, start=_LEFT, stop=_RIGHT, texts=(text,)))
        y += 32
    return Ladder(
        width=WIDTH,
        height=y - 12,
        left=_LEFT,
        right=_RIGHT,
        top=_HEAD,
        description=_description(handshake, unseen),
        rungs=tuple(rungs),
        texts=(
            Words(x=0, y=16, words="Client", style="fcl-name"),
            Words(x=0, y=34, words=short(str(handshake.client or ""), 26), style="fcl-code"),
            Words(x=WIDTH, y=16, words="Server", style="fcl-name", anchor="end"),
            Words(x=WIDTH, y=34, words=short(str(handshake.server or ""), 26), style="fcl-code", anchor="end"),
        ),
    )


def _step(step: Step, y: float, alerts: tuple[Alert, ...]) -> Rung:
    start, stop = (_LEFT, _RIGHT) if step.sender is Sender.CLIENT else (_RIGHT, _LEFT)
    bad = step.what.startswith("Alert") and any(alert.fatal and alert.sender is step.sender for alert in alerts)
    style = "fcl-red" if bad else ""
    texts = [Words(x=WIDTH / 2, y=y - 7, words=short(step.what, 46), style=style, anchor="middle")]
    note = ", ".join(part for part in (step.detail, _when(step)) if part)
    if note:
        texts.append(Words(x=WIDTH / 2, y=y + 16, words=short(note, 54), style="fcl-small", anchor="middle"))
    return Rung(y=y, arrow=True, bad=bad, start=start, stop=stop, texts=tuple(texts))


def _when(step: Step) -> str:
    return "" if step.time is None else f"{step.time * 1000:.0f} ms"


def _unseen(gap: Gap) -> str:
    return gap.what or gap.kind.value.replace("-", " ")


def _description(handshake: Handshake, unseen: list[str]) -> str:
    """The ladder in words, for who cannot see it."""
    said = [
        f"{step.sender.value}: {step.what}{f' ({step.detail})' if step.detail else ''}"
        for step in handshake.steps[:_MOST_STEPS]
    ]
    return printable("; ".join([*said, *(f"not seen: {words}" for words in unseen)]) or "Nothing was seen.")
