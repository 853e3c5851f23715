"""Tables of what was measured, from the JSON that the benchmarks wrote, so that no figure on a page is typed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any


def is_own(row: Mapping[str, Any]) -> bool:
    """Whether a contender is this library."""
    return "finesse" in row["contender"]


def first_of(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a row's contender is held against."""
    return next(other for other in rows if other["group"] == row["group"])


def goal_ratio(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> float | None:
    """The goal as a multiple of the first contender's time, its milliseconds included."""
    if row["goal"] is None:
        return None
    return float(row["goal"] + row["plus_ms"] * 1000 / first_of(row, rows)["us"])


def times(ratio: float) -> str:
    """A ratio with the digits that it deserves."""
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 2 else f"{ratio:.2g}"


def duration(us: float) -> str:
    """So many microseconds, in the unit that reads best."""
    value, unit = (us / 1000, "ms") if us >= 1000 else (us, "µs")
    return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def benchmarks(rows: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """For each group of docs/benchmarks.json its title, and the rows of its table."""
    for title, group in groupby(rows, key=lambda row: row["group"]):
        yield title, list(map(_benchmark, group))


def _benchmark(row: Mapping[str, Any]) -> tuple[str, ...]:
    name = f"**{row['contender']}**" if is_own(row) else row["contender"]
    span = "" if row["least"] == row["most"] else f"{times(row['least'])} to {times(row['most'])}"
    size = "" if row["memory_mb"] is None else f"{row['memory_mb']} MB"
    cells = duration(row["us"]), times(row["ratio"]), span, size
    return name, *(cell.replace(" ", "&nbsp;") for cell in cells), _goal(row)


def _goal(row: Mapping[str, Any]) -> str:
    if row["goal"] is None:
        return ""
    plus = f" and {row['plus_ms']:.0f} ms" if row["plus_ms"] else ""
    return f"at most {row['goal']:g}{plus}: {'met' if row['met'] else '**not met**'}"


def told(figures: Mapping[str, Any]) -> str:
    """On what it was measured."""
    machine = figures["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    rounds = sorted({row["rounds"] for row in figures["rows"]})
    often = f"{rounds[0]} to {rounds[-1]}" if len(rounds) > 1 else f"{rounds[0]}"
    inputs = f"in {often} rounds of {machine['inputs']} inputs"
    return f"Measured on {machine['processor']}, CPython {machine['python']}, {inputs}, with {packages}."
