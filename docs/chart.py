"""The chart of docs/benchmarks.json: how long each contender takes, as a multiple of the first of its group.

It is an SVG for the inside of a page: its text and lines have the page's colour, light or dark, and a screen reader is told what
it shows. Nothing is told by colour alone: the library's own names are bold, and goals are marked by a shape.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from measured import duration, goal_ratio, is_own, times

_WIDTH, _LEFT, _RIGHT, _TOP = 760, 12, 748, 58
_ROW, _HEADING = 34, 52

_STYLE = """
.benchmarks { width: 100%; height: auto; font-size: 13px }
.benchmarks text { fill: currentColor; paint-order: stroke; stroke: var(--color-background-primary, none); stroke-width: 4px }
.benchmarks .heading, .benchmarks .own { font-weight: 700 }
.benchmarks .quiet { fill-opacity: .75 }
.benchmarks .grid { stroke: currentColor; stroke-opacity: .2 }
.benchmarks .one { stroke: currentColor; stroke-opacity: .7 }
.benchmarks .bar { fill: currentColor; fill-opacity: .4 }
.benchmarks .bar.own { fill: #2a7de1; fill-opacity: 1 }
.benchmarks .spread { stroke: currentColor; stroke-width: 1.5 }
.benchmarks .goal { fill: #e08a00; stroke: currentColor }
"""


def chart(rows: Sequence[Mapping[str, Any]]) -> str:
    """The whole SVG."""
    groups = [list(rows) for _, rows in groupby(rows, key=lambda row: row["group"])]
    scale = _Scale([ratio for row in rows for ratio in (row["least"], row["most"], goal_ratio(row, rows) or 1)])
    height = _TOP + sum(_HEADING + _ROW * (len(group) - 1) for group in groups) + 12
    parts = [
        f'<svg class="benchmarks" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="benchmarks-title benchmarks-told">',
        '<title id="benchmarks-title">Time of the processor, as a multiple of the first contender\'s</title>',
        f'<desc id="benchmarks-told">{escape(" ".join(_told(groups)))}</desc>',
        f"<style>{_STYLE}</style>",
        *_legend(),
        *_axis(scale, height),
    ]
    top = _TOP
    for group in groups:
        parts += _group(group, rows, scale, top)
        top += _HEADING + _ROW * (len(group) - 1)
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Scale:
    """Ratios along the width, by their logarithms, from one power of ten to another."""

    def __init__(self, ratios: Sequence[float]) -> None:
        self.least = min(-1, math.floor(math.log10(min(ratios))))
        self.most = max(1, math.ceil(math.log10(max(ratios))))

    def __call__(self, ratio: float) -> float:
        return round(_LEFT + (_RIGHT - _LEFT) * (math.log10(ratio) - self.least) / (self.most - self.least), 1)


def _told(groups: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    """The same in words."""
    for first, *others in groups:
        said = (f"{row['contender']} takes {times(row['ratio'])} times as long" for row in others)
        yield f"{first['group']}, beside {first['contender']}: {'; '.join(said)}."


def _legend() -> Iterator[str]:
    yield f'<rect class="bar own" x="{_LEFT}" y="5" width="22" height="9"/><text x="42" y="14">this library</text>'
    yield '<rect class="bar" x="146" y="5" width="22" height="9"/><text x="176" y="14">others</text>'
    yield f'{_diamond(256, 9.5)}<text x="270" y="14">the goal: at most here</text>'
    yield '<path class="spread" d="M430 9.5h22M430 5.5v8M452 5.5v8"/>'
    yield '<text x="460" y="14">from the least to the most of the rounds</text>'


def _axis(scale: _Scale, height: int) -> Iterator[str]:
    for power in range(scale.least, scale.most + 1):
        x = scale(10**power)
        kind = "one" if power == 0 else "grid"
        anchor = {scale.least: "start", scale.most: "end"}.get(power, "middle")
        yield f'<line class="{kind}" x1="{x}" y1="46" x2="{x}" y2="{height}"/>'
        yield f'<text class="quiet" x="{x}" y="40" text-anchor="{anchor}">× {10**power:g}</text>'


def _group(
    group: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], scale: _Scale, top: int
) -> Iterator[str]:
    first, *others = group
    yield f'<text class="heading" x="{_LEFT}" y="{top + 20}">{escape(first["group"])}</text>'
    beside = f"× 1 is {first['contender']}, {duration(first['us'])}"
    yield f'<text class="quiet" x="{_LEFT}" y="{top + 38}">{escape(beside)}</text>'
    for place, row in enumerate(others):
        yield from _contender(row, goal_ratio(row, rows), scale, top + _HEADING + _ROW * place)


def _contender(row: Mapping[str, Any], goal: float | None, scale: _Scale, top: int) -> Iterator[str]:
    own = " own" if is_own(row) else ""
    figures = f"× {times(row['ratio'])}, {duration(row['us'])}"
    yield f'<text class="name{own}" x="{_LEFT}" y="{top + 11}">{escape(row["contender"])}</text>'
    yield f'<text class="name{own}" x="{_RIGHT}" y="{top + 11}" text-anchor="end">{figures}</text>'
    one, here = scale(1), scale(row["ratio"])
    y = top + 16
    yield f'<rect class="bar{own}" x="{min(one, here)}" y="{y}" width="{abs(one - here):.1f}" height="9"/>'
    least, most = scale(row["least"]), scale(row["most"])
    yield f'<path class="spread" d="M{least} {y + 4.5}H{most}M{least} {y + 0.5}v8M{most} {y + 0.5}v8"/>'
    if goal is not None:
        yield _diamond(scale(goal), y + 4.5)


def _diamond(x: float, y: float) -> str:
    return f'<path class="goal" d="M{x} {y - 7}l6 7l-6 7l-6-7z"/>'
