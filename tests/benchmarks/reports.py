"""Whether two states of the sources say the same of the same inputs: what was optimised must not change one finding.

    python tests/benchmarks/reports.py write BEFORE.jsonl.gz [PATH...]
    python tests/benchmarks/reports.py compare BEFORE.jsonl.gz [PATH...]

`write` judges every input by every profile, with all rules and with each topic's alone, and keeps the reports as JSON and as
text; and the rows that `lint_arrow` makes of it, with all rules and with each alone without verdicts. `compare` does the same
with the sources as they are now and shows each difference. The inputs are the recorded chains in tests/verdicts, with their
trust stores and hosts, the examples in the docs, and every file below the PATHs; with EVERY=10 in the environment each tenth
of them. It needs the extra "arrow".
"""

import gzip
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # these sources, when run by itself

import finesse_certlint as fcl

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 23, tzinfo=UTC)
CASES = ROOT / "tests" / "verdicts" / "verdicts.jsonl"
_SHOWN = 10
"""Differences that are printed; the others are counted."""


def inputs(paths: list[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    """What to call each input, and what `lint()` is given."""
    for line in CASES.read_text("utf-8").splitlines():
        case = json.loads(line)
        given = {"data": case["presented"].encode("latin-1"), "trusted": case["trust"].encode("latin-1")}
        yield f"{case['name']}, given its trust store", {**given, "hostname": case["host"]}
        yield case["name"], {"data": given["data"] + given["trusted"]}
    for folder in (ROOT / "docs" / "examples", *paths):
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                title = f"{folder.name}/{file.relative_to(folder)}"
                yield title, {"data": file.read_bytes(), "hostname": "gadgets.example.com"}


def reports(paths: list[Path]) -> Iterator[tuple[str, str]]:
    """Each question, and the answer to it as JSON."""
    topics = {rule.topic: None for rule in fcl.rules()}
    for title, given in islice(inputs(paths), 0, None, int(os.environ.get("EVERY", "1"))):
        for profile in fcl.profiles():
            yield f"{title} by {profile.name}", _answer(given, profile=profile)
        for topic in topics:
            asked = [rule for rule in fcl.rules() if rule.topic == topic]
            yield f"{title}, {topic} alone", _answer(given, rules=asked)
        yield f"{title}, as rows", _rows(given)
        for rule in fcl.rules():
            yield f"{title}, rows of {rule.name} alone", _rows(given, rules=[rule], verdicts=False)


def _answer(given: dict[str, Any], **options: Any) -> str:
    try:
        report = fcl.lint(**given, **options, at=AT)
    except fcl.InputError as error:
        return json.dumps({"error": str(error)})
    return json.dumps({"text": report.render("text"), **report.to_dict()})


def _rows(given: dict[str, Any], **options: Any) -> str:
    """What `lint_arrow` makes of a table with this one input."""
    import pyarrow as pa

    from finesse_certlint.arrow import lint_arrow

    column = pa.record_batch({"data": pa.array([given["data"]], pa.binary())})
    others = {name: value for name, value in given.items() if name != "data"}
    try:
        return json.dumps({"rows": lint_arrow(column, **others, **options, at=AT).to_pylist()})
    except fcl.InputError as error:
        return json.dumps({"error": str(error)})


def compare(before: Path, paths: list[Path]) -> int:
    """How many answers differ; the first of them are printed."""
    with gzip.open(before, "rt", encoding="utf-8") as lines:
        kept = dict(map(json.loads, lines))
    answers = differ = 0
    for question, new in reports(paths):
        old = kept.pop(question, "{}")
        answers += 1
        differ += old != new
        if old != new and differ <= _SHOWN:
            show(question, json.loads(old), json.loads(new))
    for question, old in islice(kept.items(), max(0, _SHOWN - differ)):
        show(question, json.loads(old), {})
    print(f"{answers} answers, {differ} of them differ; {len(kept)} that were there before are not given now")
    return differ + len(kept)


def show(question: str, old: dict[str, Any], new: dict[str, Any]) -> None:
    """What of an answer was different."""
    print(f"{question}:")
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            print(f"  {key} was {old.get(key)}\n  {key} is  {new.get(key)}")


def main(command: str, file: str, *folders: str) -> int:
    """Write or compare; the exit status is 1 where anything differs."""
    paths = [Path(folder) for folder in folders]
    if command == "compare":
        return 1 if compare(Path(file), paths) else 0
    with gzip.open(file, "wt", encoding="utf-8", compresslevel=1) as out:
        for question, answer in reports(paths):
            out.write(json.dumps([question, answer]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
