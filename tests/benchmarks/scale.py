"""How time and memory grow with the number of inputs: `lint_many`, `lint_batches` in one process, and Spark.

    python tests/benchmarks/scale.py --workers 1 --json docs/scale.json lint_many 10000 100000 1000000
    python tests/benchmarks/scale.py --rules signature-algorithm-unsupported lint_batches 1000000
    python tests/benchmarks/scale.py --workers 2 spark 10000 100000 1000000

Each size runs in a process of its own, over certificates that differ from one another (`corpus.certificates`), each judged by
itself. A line of JSON is printed for each run, and with `--json` put in the place of an earlier run of the same kind:

- seconds on the clock, and of the processor for all processes together, for Java's among them, and for making the inputs,
  which `lint_many` has in its time and the others have not;
- at each twentieth of the way the seconds by then and the resident memory in MB of this process, of the Python processes below
  it and of Java. What processes share is counted for each of them.

Beside other work only the processor's seconds say much. It needs the extra "bench", and Spark "engines".
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # these sources, when run by itself

import psutil
from benchmarks import corpus
from benchmarks.inputs import AT
from benchmarks.run import processor

import finesse_certlint as fcl

_AT_ONCE = 10_000
"""Rows in a batch, and in a file of the table that Spark reads."""
_STEPS = 20

Rules = list[str] | None


class Watch:
    """Looks at the clock and at the memory of this process and all below it, at each twentieth of the way."""

    def __init__(self, title: str, count: int) -> None:
        self.title = title
        self.count = count
        self.curve: dict[str, list[float]] = {"inputs": [], "wall_s": [], "this": [], "workers": [], "java": []}
        self.began = time.perf_counter()
        self.used = cpu()

    def reached(self, done: int) -> None:
        """So many inputs are judged."""
        before = self.curve["inputs"][-1] if self.curve["inputs"] else 0
        if done * _STEPS // self.count == before * _STEPS // self.count:
            return
        seconds = time.perf_counter() - self.began
        for name, value in {"inputs": done, "wall_s": round(seconds, 2), **memory()}.items():
            self.curve[name].append(value)
        left = seconds / done * (self.count - done)
        print(
            f"{self.title}: {done:,} of {self.count:,}, {seconds:.0f} s, {left:.0f} s to go",
            file=sys.stderr,
            flush=True,
        )

    def aside(self, stream: Iterator[Any]) -> Iterator[Any]:
        """The same stream; the time that it takes is not counted."""
        while True:
            began, used = time.perf_counter(), time.process_time()
            item = next(stream, None)
            self.began += time.perf_counter() - began
            self.used["this"] += time.process_time() - used
            if item is None:
                return
            yield item

    def row(self, found: int) -> dict[str, Any]:
        """What was measured."""
        used = cpu()
        return {
            "findings": found,
            "wall_s": round(time.perf_counter() - self.began, 2),
            "cpu_s": round(sum(used.values()) - sum(self.used.values()), 2),
            "java_cpu_s": round(used["java"] - self.used["java"], 2),
            "curve": self.curve,
        }


def processes() -> Iterator[tuple[str, psutil.Process]]:
    """This process and all below it, and of which kind they are."""
    me = psutil.Process()
    yield "this", me
    for process in me.children(recursive=True):
        with suppress(psutil.Error):
            yield ("java" if process.name() == "java" else "workers"), process


def memory() -> dict[str, float]:
    """Resident memory of each kind, in MB."""
    sizes = dict.fromkeys(("this", "workers", "java"), 0.0)
    for kind, process in processes():
        with suppress(psutil.Error):
            sizes[kind] += process.memory_info().rss / 1024**2
    return {kind: round(size, 1) for kind, size in sizes.items()}


def cpu() -> dict[str, float]:
    """Processor time of each kind, in seconds, with that of processes below them that have ended."""
    used = dict.fromkeys(("this", "workers", "java"), 0.0)
    for kind, process in processes():
        with suppress(psutil.Error):
            times = process.cpu_times()
            used[kind] += times.user + times.system
            # Those that a Java has started and that have ended are Python's.
            used["workers"] += times.children_user + times.children_system
    return used


# -- Three ways --------------------------------------------------------------------------------------------------------


def by_lint_many(title: str, count: int, workers: int, rules: Rules) -> dict[str, Any]:
    """Every certificate is an input; how many findings it has comes back."""
    stream = corpus.certificates(count)
    watch = Watch(title, count)
    found = 0
    results = fcl.lint_many(stream, workers=workers, rules=rules, at=AT, then=findings)
    for done, result in enumerate(results, 1):
        found += result.report or 0
        watch.reached(done)
    return watch.row(found)


def findings(report: fcl.Report) -> int:
    """What comes back from the workers."""
    return len(report.findings)


def batches(count: int) -> Iterator[Any]:
    """All certificates, as Arrow's batches."""
    import pyarrow as pa

    stream = corpus.certificates(count)
    while part := list(islice(stream, min(_AT_ONCE, max(1, count // _STEPS)))):
        yield pa.record_batch({"data": pa.array(part, pa.binary())})


def by_lint_batches(title: str, count: int, _workers: int, rules: Rules) -> dict[str, Any]:
    """In this process alone; a verdict is worked out where all rules are run."""
    from finesse_certlint.arrow import lint_batches

    watch = Watch(title, count)
    found = done = 0
    for batch in watch.aside(batches(count)):
        for rows in lint_batches([batch], rules=rules, at=AT, verdicts=rules is None):
            found += len(rows) - rows["rule"].null_count
        done += len(batch)
        watch.reached(done)
    return watch.row(found)


def by_spark(title: str, count: int, workers: int, rules: Rules) -> dict[str, Any]:
    """From Parquet on disk, written before; a file of it is a partition. Spark is started before, too."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    from finesse_certlint.arrow import lint_batches, output_schema

    with tempfile.TemporaryDirectory() as folder:
        for number, batch in enumerate(batches(count)):
            pq.write_table(pa.Table.from_batches([batch]), Path(folder, f"{number}.parquet"), compression="none")
        builder = SparkSession.builder.master(f"local[{workers}]").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        # No two files find room in one partition.
        spark = builder.config("spark.sql.files.openCostInBytes", 1 << 30).getOrCreate()
        inputs = spark.read.parquet(folder)
        wanted = from_arrow_schema(output_schema(to_arrow_schema(inputs.schema)))
        judge = partial(lint_batches, rules=rules, at=AT, verdicts=rules is None)
        judged = inputs.mapInArrow(judge, wanted).where("rule IS NOT NULL")
        watch = Watch(title, count)
        ended = threading.Event()
        polling = threading.Thread(target=_poll, args=(spark, watch, ended), daemon=True)
        polling.start()
        found = judged.count()
        ended.set()
        polling.join()
        watch.reached(count)
        row = watch.row(found)
        row["partitions"] = judged.rdd.getNumPartitions()
        spark.stop()
    return row


def _poll(spark: Any, watch: Watch, ended: threading.Event) -> None:
    """Tell how far the stage is that has all the partitions."""
    tracker = spark.sparkContext.statusTracker()
    while not ended.wait(0.2):
        stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
        largest = max((stage for stage in stages if stage), key=lambda stage: stage.numTasks, default=None)
        if largest and largest.numCompletedTasks:
            watch.reached(watch.count * largest.numCompletedTasks // largest.numTasks)


_WAYS: dict[str, Callable[[str, int, int, Rules], dict[str, Any]]] = {
    "lint_many": by_lint_many,
    "lint_batches": by_lint_batches,
    "spark": by_spark,
}


def measure(way: str, count: int, workers: int, rules: Rules) -> dict[str, Any]:
    """One run, in this process."""
    corpus.certificates(0)  # the templates are made once
    began = time.process_time()
    size = sum(map(len, corpus.certificates(count)))
    making = time.process_time() - began
    row = {
        "way": way,
        "inputs": count,
        "workers": workers if way != "lint_batches" else 1,
        "rules": rules or "all",
        "bytes": size,
        "making_s": round(making, 2),
    }
    return row | _WAYS[way](" ".join([way, *(rules or [])]), count, workers, rules)


def keep(file: Path, row: dict[str, Any]) -> None:
    """Put a run into the file, in the place of an earlier one of its kind."""
    kind = "way", "rules", "workers", "inputs"
    kept = json.loads(file.read_text("utf-8"))["rows"] if file.exists() else []
    rows = [other for other in kept if any(other[name] != row[name] for name in kind)]
    rows = sorted(
        [*rows, row],
        key=lambda row: (list(_WAYS).index(row["way"]), row["rules"] != "all", row["workers"], row["inputs"]),
    )
    lines = ",\n    ".join(map(json.dumps, rows))
    machine = {"python": platform.python_version(), "processor": processor(), "processors": os.cpu_count()}
    file.write_text(f'{{\n  "machine": {json.dumps(machine)},\n  "rows": [\n    {lines}\n  ]\n}}\n', "utf-8")


def main() -> None:
    """Run each size in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=list(_WAYS))
    parser.add_argument("sizes", nargs="+", type=int)
    parser.add_argument("--workers", type=int, default=2, help="processes that judge (%(default)s)")
    names = "names of rules, with commas between them: these alone are run, in batches without verdicts"
    parser.add_argument("--rules", type=lambda names: names.split(","), help=names)
    parser.add_argument("--json", type=Path, help="keep the figures in this file")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(measure(asked.way, asked.sizes[0], asked.workers, asked.rules)))
        return
    options = ["--workers", str(asked.workers), *(["--rules", ",".join(asked.rules)] if asked.rules else [])]
    for size in asked.sizes:
        command = [sys.executable, __file__, asked.way, str(size), "--here", *options]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable}
        said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
        row = json.loads(said.splitlines()[-1])
        print(json.dumps({name: value for name, value in row.items() if name != "curve"}), flush=True)
        if asked.json:
            keep(asked.json, row)


if __name__ == "__main__":
    main()
