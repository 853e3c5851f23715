"""Many inputs: each has its result, in order, whatever becomes of the others and of the processes."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest
import workers
from ca import article_chain, good_chain, pem_bundle

import finesse_certlint as fcl
from finesse_certlint.bulk import Start
from finesse_certlint.rules import signature

AT = datetime(2026, 11, 23, tzinfo=UTC)
ROOT = Path(__file__).parents[1]
ON_POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and fork are POSIX's")


def inputs(count: int) -> list[tuple[str, bytes]]:
    """So many inputs, good and bad in turn."""
    made = pem_bundle(*good_chain()), pem_bundle(*article_chain())
    return [(f"chain {number}", made[number % 2]) for number in range(count)]


def reported(result: fcl.Result[fcl.Report]) -> fcl.Report:
    assert result.report is not None, result.error
    return result.report


@pytest.mark.parametrize("processes", [0, 1, 2])
def test_each_input_is_judged_as_by_lint_and_in_order(processes: int) -> None:
    given = inputs(40)
    results = list(fcl.lint_many(given, workers=processes, at=AT))
    assert [result.name for result in results] == [name for name, _ in given]
    expected = [fcl.lint(data, name=name, at=AT).to_dict() for name, data in given]
    assert [reported(result).to_dict() for result in results] == expected


def test_an_input_without_a_name_is_called_by_its_number() -> None:
    results = list(fcl.lint_many([data for _, data in inputs(2)], workers=0))
    assert [result.name for result in results] == ["input 1", "input 2"]


@pytest.mark.parametrize("processes", [0, 2])
def test_what_cannot_be_read_is_a_result_like_any_other(processes: int) -> None:
    given = [inputs(1)[0], ("junk", b"junk"), ("other", inputs(2)[1][1])]
    first, junk, last = fcl.lint_many(given, workers=processes, at=AT)
    assert (reported(first).verdict, reported(last).verdict) == ("accepted", "refused")
    assert junk.report is None
    assert isinstance(junk.error, fcl.InputError)
    assert str(junk.error).startswith("junk: ")


@ON_POSIX
@pytest.mark.parametrize("start", ["fork", "spawn", "forkserver"])
def test_an_input_that_kills_its_worker_is_named_and_the_others_are_judged(start: Start) -> None:
    given = inputs(60)
    given[7] = ("killer", given[7][1])
    given[8] = ("crash", given[8][1])
    given[59] = ("killer", given[59][1])
    results = list(fcl.lint_many(given, workers=2, at=AT, then=workers.die, start=start))
    assert [result.name for result in results] == [name for name, _ in given]
    dead = [number for number, result in enumerate(results) if result.error]
    assert dead == [7, 8, 59]
    assert all(result.report == result.name for number, result in enumerate(results) if number not in dead)
    assert isinstance(results[7].error, fcl.WorkerError)
    assert str(results[7].error).startswith(
        "killer: the process that judged this input was killed by signal 9, SIGKILL"
    )
    assert "ended with exit status 3" in str(results[8].error)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("processes", [0, 2])
def test_what_then_raises_is_the_fault_of_one_result(processes: int) -> None:
    given = [*inputs(3), ("odd", inputs(1)[0][1])]
    results = list(fcl.lint_many(given, workers=processes, at=AT, then=workers.fail))
    assert [result.report for result in results] == ["chain 0", "chain 1", "chain 2", None]
    assert str(results[3].error) == "odd: ZeroDivisionError: no reason"


def test_what_cannot_be_sent_back_is_said() -> None:
    (result,) = fcl.lint_many(inputs(1), workers=1, at=AT, then=workers.unpicklable)
    assert "its result cannot be sent back" in str(result.error)


def test_the_work_is_shared_and_done_elsewhere() -> None:
    processes = {result.report for result in fcl.lint_many(inputs(64), workers=2, at=AT, then=workers.process)}
    assert os.getpid() not in processes
    assert len(processes) == 2


def test_inputs_are_taken_only_as_fast_as_results_are() -> None:
    """However many there are, no more are in memory than the workers have in hand."""
    taken = 0

    def endless() -> Iterator[tuple[str, bytes]]:
        nonlocal taken
        data = inputs(1)[0][1]
        while True:
            taken += 1
            yield f"input {taken}", data

    results = fcl.lint_many(endless(), workers=2, at=AT, then=workers.process)
    for number in range(1, 1000):
        next(results)
        assert taken - number <= 2 * 8 * 16 + 16
    results.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_profile_and_a_rule_of_ones_own_reach_the_workers(start: Start) -> None:
    own = fcl.Profile.from_mapping({"name": "own", "severities": {"signature-weak-hash": "error"}})
    asked: list[str | fcl.Rule] = [signature.signature_weak_hash, "signature-algorithm-unsupported"]
    (result,) = fcl.lint_many(inputs(2)[1:], workers=1, at=AT, profile=own, rules=asked, start=start)
    report = reported(result)
    assert report.profile == "own"
    assert {(f.rule, f.severity) for f in report.findings} == {
        ("signature-weak-hash", "notice"),  # of a root the rule itself says so
        ("signature-algorithm-unsupported", "error"),
    }


def test_a_rule_that_no_worker_would_find_is_refused() -> None:
    changed = attrs.evolve(signature.signature_weak_hash, severity=fcl.Severity.FATAL)
    with pytest.raises(Exception, match="another process would not find it"):
        list(fcl.lint_many(inputs(1), workers=1, rules=[changed], start="spawn"))


def test_misuse_is_said_before_anything_is_judged() -> None:
    with pytest.raises(fcl.ProfileError):
        fcl.lint_many([], profile="java-6")
    with pytest.raises(fcl.RuleError):
        fcl.lint_many([], rules=["no-such-rule"])
    with pytest.raises(fcl.InputError, match="trusted"):
        fcl.lint_many([], trusted=b"junk")
    with pytest.raises(ValueError, match="workers"):
        fcl.lint_many([], workers=-1)


@ON_POSIX
def test_a_program_that_does_not_guard_its_start_is_told_so(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text("import finesse_certlint as fcl\nprint(list(fcl.lint_many([b'x'], workers=1, start='spawn')))\n")
    done = subprocess.run(
        [sys.executable, script], cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert 'must stand below `if __name__ == "__main__":`' in done.stderr


@ON_POSIX
def test_ctrl_c_ends_the_workers_too(tmp_path: Path) -> None:
    script = tmp_path / "endless.py"
    script.write_text(
        textwrap.dedent("""
        import itertools, multiprocessing, sys
        import finesse_certlint as fcl

        def follow(data):
            for number, result in enumerate(fcl.lint_many(itertools.repeat(data), workers=2)):
                if number == 20:
                    print("begun", flush=True)

        if __name__ == "__main__":
            try:
                follow(open(sys.argv[1], "rb").read())
            except KeyboardInterrupt:  # by a call: of a loop in place, CPython 3.12 and 3.13 leave out the jump back
                pass
            print("interrupted", multiprocessing.active_children())
        """)
    )
    chain = tmp_path / "chain.pem"
    chain.write_bytes(inputs(1)[0][1])
    command = [sys.executable, str(script), str(chain)]
    running = subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "begun\n"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the whole group
    out, err = running.communicate(timeout=60)
    assert (out, err) == ("interrupted []\n", "")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}
