"""What docs/scale.json says of many inputs, and what follows from it for a log of a billion, each figure worked out."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Run = Mapping[str, Any]

ENTRIES = 10**9
_PROCESSORS = 400
_PARTITION = 100_000
_USD_AN_HOUR = 0.04
_ALONE = ["signature-algorithm-unsupported"]


def measured(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """Time: a row for each run."""
    for run in runs:
        java = f", {_seconds(run['java_cpu_s'])} of them Java's" if run["java_cpu_s"] else ""
        yield (
            *_what(run),
            _seconds(run["wall_s"]),
            f"{_seconds(run['cpu_s'])}{java}",
            _seconds(_for_a_million(run)),
        )


def memory(runs: Sequence[Run]) -> Iterator[tuple[str, ...]]:
    """Memory along the way: a row for each run, and one more for Java where it takes part."""
    for run in runs:
        curve = run["curve"]
        together = [this + workers for this, workers in zip(curve["this"], curve["workers"], strict=True)]
        way, rules, workers, inputs = _what(run)
        by = f"{way}, {workers}" if rules == "all" else f"{way}, {workers}, {rules}"
        yield (by, inputs, *_at_quarters(run, together))
        if any(curve["java"]):
            yield (f"{by}: Java", inputs, *_at_quarters(run, curve["java"]))


def _what(run: Run) -> tuple[str, str, str, str]:
    rules = "all" if run["rules"] == "all" else "signature" if run["rules"] == _ALONE else ", ".join(run["rules"])
    return f"`{run['way']}`", rules, str(run["workers"]), f"{run['inputs']:,}"


def _at_quarters(run: Run, sizes: Sequence[float]) -> Iterator[str]:
    """The first size that was seen, and those at the quarters."""
    for part in (0.05, 0.25, 0.5, 0.75, 1):
        reached = [
            size for done, size in zip(run["curve"]["inputs"], sizes, strict=True) if done >= part * run["inputs"]
        ]
        yield f"{reached[0]:,.0f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f}&nbsp;s" if seconds >= 20 else f"{seconds:.1f}&nbsp;s"


def _for_a_million(run: Run) -> float:
    return float(run["cpu_s"] / run["inputs"] * 10**6)


def observed(runs: Sequence[Run]) -> Iterator[str]:
    """How time and memory grow, and what a second process brings."""
    for least, most in _pairs(runs, "inputs"):
        change = _for_a_million(most) / _for_a_million(least) - 1
        yield (
            f"- From {least['inputs']:,} to {most['inputs']:,} inputs{_by(most)} the processor's time for one input changes by "
            f"{change:+.0%}."
        )
    for one, two in _pairs(runs, "workers"):
        if one["inputs"] >= max(run["inputs"] for run in runs if run["way"] == one["way"]):
            ratio = one["wall_s"] / two["wall_s"]
            yield f"- {two['workers']} processes judge {two['inputs']:,} inputs{_by(two)} {ratio:.2f} times as fast as one."
    yield ""


def _by(run: Run) -> str:
    rules = "" if run["rules"] == "all" else ", the one rule"
    return f" (`{run['way']}`, {run['workers']} {'process' if run['workers'] == 1 else 'processes'}{rules})"


def _pairs(runs: Sequence[Run], apart: str) -> Iterator[tuple[Run, Run]]:
    """The least and the most of the runs that are alike but for this."""
    kinds: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        kind = tuple(str(run[name]) for name in ("way", "rules", "workers", "inputs") if name != apart)
        kinds.setdefault(kind, []).append(run)
    for alike in kinds.values():
        alike.sort(key=lambda run: run[apart])
        if len(alike) > 1:
            yield alike[0], alike[-1]


def arithmetic(runs: Sequence[Run]) -> Iterator[str]:
    """What a whole log takes."""
    run = max(
        (run for run in runs if run["rules"] == "all" and run["way"] == "lint_many"), key=lambda run: run["inputs"]
    )
    million = _for_a_million(run)
    hours = million * ENTRIES / 10**6 / 3600
    minutes = hours * 60 / _PROCESSORS
    size = run["bytes"] / run["inputs"]
    partitions = ENTRIES // _PARTITION
    each = partitions / _PROCESSORS
    usd = hours * _USD_AN_HOUR
    yield (
        f"- **Work.** {million:,.0f} s of a processor for a million, measured over {run['inputs']:,}; for 10⁹ that is "
        f"{million * 1000:,.0f} s, {hours:,.0f} hours of one processor. On 100 workers of 4 processors each it is {minutes:,.0f} "
        f"minutes."
    )
    alone = [other for other in runs if other["rules"] == _ALONE]
    if alone:
        least = max(alone, key=lambda run: run["inputs"])
        yield (
            f"  For the signature rule alone it is {_for_a_million(least):,.0f} s for a million ({least['inputs']:,} by "
            f"`{least['way']}`), {_for_a_million(least) * 1000 / 3600:,.0f} hours for 10⁹."
        )
    yield (
        f"- **Partitions.** {_PARTITION:,} entries are {million / 10**6 * _PARTITION:,.0f} s of work and, at {size / 1000:.1f} KB "
        f"a certificate, {size * _PARTITION / 10**6:,.0f} MB "
        f"of input: large enough that starting a task does not show, small enough "
        f"that a lost one costs little. That makes {partitions:,} partitions, {each:.0f} for each of {_PROCESSORS} processors, so "
        f"that the last ones to end do not keep the others waiting for more than about {1 / each:.0%} of the time."
    )
    yield (
        "- **Skew.** Most entries of a log come from a few CAs, and their chains repeat. What depends on a CA's name, key or "
        "extension alone (its decoded form, what Java makes of it) is kept for the last thousand of them or more in each process, "
        "which is more than the CAs that one partition meets; so entries need not be sorted by issuer. Entries are alike in "
        "cost: there is no hot key, because nothing is grouped before the findings are counted."
    )
    yield (
        f"- **Storage.** In: 10⁹ · {size / 1000:.1f} KB = {size * ENTRIES / 10**12:.1f} TB, as Parquet without the chains, which a "
        "log repeats with every entry and which should be kept once each. Out: one row for each finding. A row of messages and "
        "remedies takes about 1 KB before compression, and they repeat, so Parquet packs them well; with "
        '`rules=["signature-algorithm-unsupported"]` most inputs are one row that is almost empty.'
    )
    yield (
        f"- **Cost.** {hours:,.0f} hours of a processor, at an assumed price of {_USD_AN_HOUR} USD for a processor's hour, are "
        f"{usd:,.0f} USD; with a driver and a third more for starting, reading and writing about {usd * 1.5:,.0f} USD. Fetching "
        "the log costs more time than judging it: at 1,000 entries a second for each client, 10⁹ take 12 days, so that it is "
        "fetched once, to Parquet, and judged as often as needed."
    )
