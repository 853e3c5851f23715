"""What the benchmarks rest on: inputs that no cache has seen, a comparison that misses nothing, figures drawn as measured."""

import gzip
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import chart
import measured
import pytest
import scaling
from benchmarks.corpus import Template, certificates, chains
from benchmarks.inputs import AT
from cryptography import x509

import finesse_certlint as fcl

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "tests" / "benchmarks"


def program(name: str, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BENCHMARKS / name), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


# -- Inputs ------------------------------------------------------------------------------------------------------------


def test_chains_of_another_seed_or_hierarchy_have_no_certificate_in_common() -> None:
    made = [der for seed in (1, 2) for c in chains(5, seed, hierarchies=5) for der in (c.leaf, c.issuing, c.root)]
    assert len(set(made)) == 30


def test_chains_are_valid_and_for_their_hosts() -> None:
    for chain in chains(12, 3):
        report = fcl.lint(chain.leaf + chain.issuing + chain.root, hostname=chain.host, at=AT)
        assert {f.rule for f in report.findings} <= {
            *("input-repaired", "trust-presumed", "signature-weak-hash", "signature-algorithm-unsupported"),
        }


def test_a_template_makes_certificates_that_differ_in_all_but_what_real_ones_share() -> None:
    made = [x509.load_der_x509_certificate(der) for der in certificates(20, 10, seed=4)]
    for first, again in zip(made[:10], made[10:], strict=True):
        assert first.issuer == again.issuer
        for differs in ("serial_number", "subject", "signature", "tbs_certificate_bytes"):
            assert getattr(first, differs) != getattr(again, differs)
        names, others = (
            set(
                one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
                    x509.DNSName
                )
            )
            for one in (first, again)
        )
        assert len(names) == len(others)
        assert not names & others


def test_a_template_is_judged_as_the_certificate_that_it_was_made_of() -> None:
    for chain in chains(6, 5):
        filled = Template(chain.leaf).filled(123_456)
        assert len(filled) == len(chain.leaf)
        of = [[(f.rule, f.severity) for f in fcl.lint(der, at=AT).findings] for der in (chain.leaf, filled)]
        assert of[0] == of[1]


# -- Two states of the sources -----------------------------------------------------------------------------------------


def test_a_state_of_the_sources_says_the_same_as_itself_and_a_changed_answer_is_found(tmp_path: Path) -> None:
    kept = tmp_path / "before.jsonl.gz"
    assert program("reports.py", "write", kept, EVERY="500").returncode == 0
    same = program("reports.py", "compare", kept, EVERY="500")
    assert same.returncode == 0, same.stdout
    assert re.search(r"^\d\d+ answers, 0 of them differ; 0 that were there before", same.stdout)
    with gzip.open(kept, "rt", encoding="utf-8") as lines:
        first, *others = lines
    question, answer = json.loads(first)
    answers = [[question, json.dumps(json.loads(answer) | {"verdict": "another"})], ["a question of then", "{}"]]
    with gzip.open(kept, "wt", encoding="utf-8") as out:
        out.writelines([*(json.dumps(changed) + "\n" for changed in answers), *others])
    changed = program("reports.py", "compare", kept, EVERY="500")
    assert changed.returncode == 1
    assert "  verdict was another\n" in changed.stdout
    assert "1 of them differ; 1 that were there before are not given now" in changed.stdout


# -- Figures -----------------------------------------------------------------------------------------------------------

FIGURES = json.loads((ROOT / "docs" / "benchmarks.json").read_text("utf-8"))
RUNS = json.loads((ROOT / "docs" / "scale.json").read_text("utf-8"))["rows"]


def test_the_chart_is_well_formed_and_says_in_words_what_it_draws() -> None:
    svg = ET.fromstring(chart.chart(FIGURES["rows"]))
    assert svg.get("role") == "img"
    told = " ".join(text for part in svg if part.tag in ("title", "desc") for text in part.itertext())
    drawn = " ".join(svg.itertext())
    for row in FIGURES["rows"]:
        assert row["contender"] in told
        assert row["contender"] in drawn
        assert measured.duration(row["us"]) in drawn
    assert len(svg.findall("path[@class='goal']")) == 1 + sum(row["goal"] is not None for row in FIGURES["rows"])


def test_a_bar_is_as_long_as_the_logarithm_of_its_ratio() -> None:
    row = {"group": "g", "unit": "u", "us": 1, "memory_mb": 1, "goal": None, "plus_ms": 0, "met": None}
    ratios = {"a": 1, "b": 0.1, "finesse": 100}
    rows = [{**row, "contender": n, "ratio": r, "least": r, "most": r} for n, r in ratios.items()]
    bars = ET.fromstring(chart.chart(rows)).findall("rect")[2:]  # behind those of the legend
    shorter, longer = (float(bar.get("width", 0)) for bar in bars)
    assert longer == pytest.approx(2 * shorter, abs=0.2)
    assert [bar.get("class") for bar in bars] == ["bar", "bar own"]


def test_a_goal_with_milliseconds_is_drawn_where_they_lead() -> None:
    first: dict[str, Any] = {"group": "g", "us": 50_000, "goal": None}
    row = {"group": "g", "us": 200_000, "goal": 2, "plus_ms": 150}
    assert measured.goal_ratio(row, [first, row]) == 5
    assert measured.goal_ratio(first, [first, row]) is None


def test_what_a_whole_log_takes_is_worked_out_from_the_largest_run() -> None:
    run = {
        **RUNS[0],
        "way": "lint_many",
        "rules": "all",
        "workers": 2,
        "inputs": 10**7,
        "cpu_s": 3600.0,
        "bytes": 2 * 10**10,
    }
    text = " ".join(scaling.arithmetic([*RUNS, run]))
    assert "360 s of a processor for a million, measured over 10,000,000; for 10⁹ that is 360,000 s, 100 hours" in text
    assert "100,000 entries are 36 s of work and, at 2.0 KB a certificate, 200 MB of input" in text
    assert "100 hours of a processor, at an assumed price of 0.04 USD for a processor's hour, are 4 USD" in text


# -- The programs ------------------------------------------------------------------------------------------------------


@pytest.fixture
def peers() -> None:
    for name in ("dpkt", "pkilint", "psutil"):
        if find_spec(name) is None:
            pytest.skip('needs the extra "bench"')


@pytest.mark.slow
@pytest.mark.usefixtures("peers")
def test_the_benchmark_measures_every_contender(tmp_path: Path) -> None:
    done = program("run.py", "--inputs", "2", "--rounds", "2", "--json", tmp_path / "figures.json")
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    kept = [(row["group"], row["contender"]) for row in FIGURES["rows"]]
    assert [(row["group"], row["contender"]) for row in figures["rows"]] == kept, (
        "docs/benchmarks.json is of another state"
    )
    assert all(row["us"] > 0 and row["least"] <= row["ratio"] <= row["most"] for row in figures["rows"])
    alone = program("run.py", "--inputs", "2", "--rounds", "1", "--group", "chain")
    assert alone.stdout.count("\n\n") == 0
    assert "A chain of three, none of them seen before" in alone.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("peers")
def test_a_run_of_many_tells_time_and_memory_along_the_way(tmp_path: Path) -> None:
    kept = tmp_path / "scale.json"
    rules = ("--rules", "signature-algorithm-unsupported")
    for arguments in (("--workers", "2", "lint_many"), (*rules, "lint_batches"), (*rules, "lint_batches")):
        done = program("scale.py", "--json", kept, *arguments, "200")
        assert done.returncode == 0, done.stderr
        assert "200 of 200" in done.stderr
    many, batches = json.loads(kept.read_text("utf-8"))["rows"]
    assert (many["way"], many["rules"], many["inputs"]) == ("lint_many", "all", 200)
    assert (batches["way"], batches["rules"]) == ("lint_batches", ["signature-algorithm-unsupported"])
    for run in (many, batches):
        assert run["curve"]["inputs"] == list(range(10, 201, 10))
        assert all(len(values) == 20 for values in run["curve"].values())
        assert run["cpu_s"] > 0
        assert run["curve"]["this"][-1] > 10
