"""The benchmark: one command, one table.

    pip install -e '.[bench]'
    python tests/benchmarks/run.py [--group chain] [--inputs 100] [--rounds 7] [--json docs/benchmarks.json]

All contenders of a group run in turn, round after round, in one process, so that whatever else the machine does meets all of
them alike. In a round all get the same inputs, and in each round others, in which no certificate comes again; each round begins
with another of them. What is measured is the processor's time; what counts is the ratio to the first of the group, taken within
each round, and of these the median, with the least and the most beside it. Memory is the most that a process of its own has
resident while it does the same work, the inputs included. The docs draw their figures from the JSON that this writes.
"""

import argparse
import gc
import json
import pickle
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # these sources, when run by itself

from benchmarks.contenders import GROUPS, Contender, Group

_PACKAGES = ("asn1crypto", "cryptography", "dpkt", "pkilint", "pyhanko-certvalidator", "pyarrow")
_SETTLED = 3
"""Rounds beyond which a group stops when it has taken long enough."""
_LONG = 60


def measured(group: Group, inputs: int, rounds: int, seeds: Iterator[int]) -> Iterator[dict[str, Any]]:
    """A row for each contender of a group."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as kept:
        made = group.make(inputs, next(seeds))
        pickle.dump(made, kept)
        kept.flush()
        sizes = [memory(group, contender, kept.name) for contender in group.contenders]
    for contender in group.contenders:
        contender.prepare(made)()  # what is done once in a process is done now
    times: list[list[float]] = [[] for _ in group.contenders]
    began = time.perf_counter()
    for number in range(rounds):
        if number >= _SETTLED and time.perf_counter() - began > _LONG:
            break
        made = group.make(inputs, next(seeds))
        for place in (*range(number % len(times), len(times)), *range(number % len(times))):
            times[place].append(timed(group.contenders[place], made))
    for contender, own, size in zip(group.contenders, times, sizes, strict=True):
        yield {**_row(group, contender, own, times[0]), "memory_mb": size}


def timed(contender: Contender, made: Any) -> float:
    """The seconds of the processor that it takes for a unit."""
    work = contender.prepare(made)
    gc.collect()  # each clears away its own rubbish
    start = _seconds()
    units = work()
    return (_seconds() - start) / units


def _seconds() -> float:
    """The processor's time of this process and of those that it has started and that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _row(group: Group, contender: Contender, own: list[float], first: list[float]) -> dict[str, Any]:
    plus = contender.plus_ms / 1000
    ratios = sorted(mine / base for mine, base in zip(own, first, strict=True))
    goal = contender.at_most
    within = statistics.median((mine - plus) / base for mine, base in zip(own, first, strict=True))
    return {
        "group": group.title,
        "contender": contender.name,
        "unit": group.unit,
        "rounds": len(own),
        "us": round(statistics.median(own) * 1e6, 1),
        "ratio": round(statistics.median(ratios), 4),
        "least": round(ratios[0], 4),
        "most": round(ratios[-1], 4),
        "goal": goal,
        "plus_ms": contender.plus_ms,
        "met": None if goal is None else within <= goal,
    }


def memory(group: Group, contender: Contender, made: str) -> int | None:
    """The most that a process of its own has resident, in MB; None where the contender starts processes itself."""
    if not group.alone:
        return None
    command = [sys.executable, __file__, "--alone", group.name, contender.name, made]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def alone(group: str, contender: str, made: str) -> int:
    """Do one contender's work and say how much memory that took."""
    (found,) = (c for g in GROUPS if g.name == group for c in g.contenders if c.name == contender)
    found.prepare(pickle.loads(Path(made).read_bytes()))()
    # Linux hands getrusage's maximum on to child processes; this one is the process's own.
    return round(int(re.findall(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text("ascii"))[0]) / 1024)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows for a person."""
    lines = []
    for title in dict.fromkeys(row["group"] for row in rows):
        lines += ["", title]
        for row in (row for row in rows if row["group"] == title):
            size = "" if row["memory_mb"] is None else f"{row['memory_mb']} MB"
            cells = f"{row['us']:>11,.1f} us  {_times(row['ratio']):>7}  {_span(row):>15}  {size:>7}"
            lines.append(f"  {row['contender']:<58} {cells}  {_goal(row)}")
    return "\n".join(line.rstrip() for line in lines)


def _times(ratio: float) -> str:
    return f"x {ratio:.2f}" if ratio >= 0.1 else f"x {ratio:.3f}"


def _span(row: dict[str, Any]) -> str:
    return "" if row["least"] == row["most"] else f"{row['least']:.3g} to {row['most']:.3g}"


def _goal(row: dict[str, Any]) -> str:
    if row["goal"] is None:
        return ""
    plus = f" + {row['plus_ms']:.0f} ms" if row["plus_ms"] else ""
    return f"at most x {row['goal']:g}{plus}: {'met' if row['met'] else 'NOT MET'}"


def main() -> None:
    """Run, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [group.name for group in GROUPS]
    parser.add_argument("--group", choices=names, action="append", help="this group alone; may be given again")
    parser.add_argument("--inputs", type=int, default=100, help="inputs that are made for a round (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="rounds, fewer where they take long (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures of all groups to this file")
    parser.add_argument("--alone", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.alone:
        print(alone(*asked.alone))
        return
    if asked.json and asked.group:
        parser.error("--json writes the figures of one run with all groups; leave out --group")
    seeds = count(1)
    rows: list[dict[str, Any]] = []
    for group in GROUPS:
        if group.name in (asked.group or names):
            print(f"{group.title} ...", file=sys.stderr, flush=True)
            rows += measured(group, asked.inputs, asked.rounds, seeds)
    print(table(rows))
    if asked.json:
        machine = {
            "python": platform.python_version(),
            "processor": processor(),
            "inputs": asked.inputs,
            "packages": {name: version(name) for name in _PACKAGES},
        }
        asked.json.write_text(json.dumps({"machine": machine, "rows": rows}, indent=2) + "\n", "utf-8")


def processor() -> str:
    """What the system calls it."""
    try:
        said = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text("utf-8"))
    except OSError:
        said = None
    return said[1] if said else platform.machine()


if __name__ == "__main__":
    main()
