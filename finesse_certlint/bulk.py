"""Many inputs: judged by several processes, answered in order, in memory that does not grow with their number.

A worker that dies (the kernel kills what takes too much memory, a library may crash) takes nothing with it but the input that
it was at: each worker is given a few inputs at a time and counts, where its parent sees it, those that it has begun with, so
that the last of these is the one that killed it. What else it has not answered goes to a new worker. Processes are started
here and not by `concurrent.futures`, whose pool breaks as a whole when one of its workers dies, and does not say over what.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain, count
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import attrs

from .errors import InputError, WorkerError
from .limits import Limits
from .lint import Bytes, Question
from .profile import Profile
from .report import Report
from .rule import Rule

if TYPE_CHECKING:  # imported where processes are started; most programs that import the library start none
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

T = TypeVar("T")
Start = Literal["fork", "spawn", "forkserver"]

_AT_ONCE = 16
"""Inputs that a worker is given at a time: as few as possible, for order, and enough that it does not wait."""
_LONGEST_KEPT = 0.05
"""Seconds for which a worker keeps answers, to send several at once; longer only while it is at an input that takes longer."""
_BYTES_AT_ONCE = 4 * 1024 * 1024
_AHEAD = 8
"""Portions for each worker that may be under way or wait for an earlier one: the bound on what is kept in memory."""


@attrs.frozen(kw_only=True)
class Result(Generic[T]):
    """What came of one input: a report, or why there is none."""

    name: str
    report: T | None = None
    """The report, or what `then` made of it."""
    error: Exception | None = None
    """InputError where nothing in the input can be read, WorkerError where the process that judged it died."""


def lint_many(
    inputs: Iterable[Bytes | tuple[str, Bytes]],
    *,
    workers: int | None = None,
    profile: str | Profile = "finesse",
    rules: Iterable[str | Rule] | None = None,
    trusted: Bytes | None = None,
    hostname: str | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    then: Callable[[Report], Any] | None = None,
    start: Start | None = None,
) -> Iterator[Result[Any]]:
    """Judge many inputs, each by itself, and yield what came of each, in their order, as soon as it is known.

    An input that cannot be read is a result with an error, and so is one that kills its worker; the others are judged all the
    same. The inputs are taken lazily: no more of them are in memory than the workers have in hand. Closing the generator, or
    Ctrl-C, ends the workers.

    :param inputs: the bytes of each input, or pairs of a name and the bytes; one without a name is called by its number.
    :param workers: how many processes judge. None: one for each processor that this process may use. 0: none, this
        process judges by itself, and nothing protects it from an input that kills it.
    :param profile: a profile or its name.
    :param rules: the rules to run, or their names. None: all.
    :param trusted: as in `lint()`, for every input.
    :param hostname: as in `lint()`, for every input.
    :param at: the time of judgement for every input. None: now, when the first is asked for.
    :param limits: bounds on the work for one input.
    :param password: as in `lint()`.
    :param then: called with each report where it was made, so that no more than its answer has to come back from the
        worker: `Report.to_json`, or any function that a worker can import. None: the report itself comes, without
        what `compare()` needs.
    :param start: how processes are started, as in `multiprocessing.get_context()`. None: as Python does by default.
    :raises ProfileError, RuleError, InputError: as `lint()` does for `profile`, `rules` and `trusted`, before anything is
        judged.
    """
    judge = _Judge(
        profile=profile,
        rules=None if rules is None else tuple(rules),
        trusted=None if trusted is None else bytes(trusted),
        hostname=hostname,
        at=datetime.now(UTC) if at is None else at,
        limits=limits,
        password=password,
        then=then,
    )
    _ = judge.question  # whatever is wrong with it is said here, and not by the first worker
    return in_order(judge, _named(inputs), workers=workers, start=start)


def _named(inputs: Iterable[Bytes | tuple[str, Bytes]]) -> Iterator[tuple[str, bytes]]:
    for number, given in enumerate(inputs, 1):
        name, data = given if isinstance(given, tuple) else (f"input {number}", given)
        yield name, bytes(data)


@attrs.frozen(kw_only=True)
class _Judge:
    """What every input is asked; each process looks it up once."""

    profile: str | Profile
    rules: tuple[str | Rule, ...] | None
    trusted: bytes | None = attrs.field(repr=False)
    hostname: str | None
    at: datetime
    limits: Limits | None
    password: str | None = attrs.field(repr=False)
    then: Callable[[Report], Any] | None

    @cached_property
    def question(self) -> Question:
        """The same with names looked up and the trust store read."""
        return Question.of(self.trusted, self.hostname, self.profile, self.at, self.rules, self.limits, self.password)

    def __call__(self, name: str, data: bytes) -> Result[Any]:
        """One input's result; whatever goes wrong is a result too."""
        try:
            report = self.question.read(data, name).judge(self.question.profile)
            return Result(name=name, report=report if self.then is None else self.then(report))
        except InputError as error:
            return Result(name=name, error=error)
        except Exception as error:  # noqa: BLE001 - one input, or one call of `then`, must not end the run over all others
            return Result(name=name, error=WorkerError(f"{name}: {type(error).__name__}: {error}"))

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in attrs.fields(_Judge)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)


# -- Processes -------------------------------------------------------------------------------------------------------

Task = Callable[[str, bytes], Result[Any]]
_Portion = list[tuple[int, tuple[str, bytes]]]


def in_order(
    task: Task, inputs: Iterable[tuple[str, bytes]], *, workers: int | None = None, start: Start | None = None
) -> Iterator[Result[Any]]:
    """Do a task for each input and yield the results in the inputs' order.

    :param task: a function that a worker can import; what it raises would end the worker, so it raises nothing.
    :param inputs: pairs of a name and bytes, taken lazily.
    :param workers: as in `lint_many()`.
    :param start: as in `lint_many()`.
    """
    if workers is None:
        workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if workers < 0:
        raise ValueError(
            f"workers: there cannot be {workers} of them; 0 judges in this process, None takes one a processor"
        )
    if workers == 0:
        return (task(*given) for given in inputs)
    import multiprocessing

    return _Pool(task, inputs, workers, multiprocessing.get_context(start)).results()


class _Worker:
    """One process, and what it was given and has not answered yet."""

    def __init__(self, task: Task, context: "BaseContext", others: Sequence["_Worker"]) -> None:
        self.connection, theirs = context.Pipe()
        # A forked child holds the parent's ends of all pipes; unless it closes them, nobody sees the parent die.
        inherited = [self.connection, *(worker.connection for worker in others)]
        forked = context.get_start_method() == "fork"
        self.started = context.RawValue("L", 0)
        """How many inputs it has begun with."""
        arguments = (task, theirs, inherited if forked else [], self.started)
        self.process = context.Process(  # type: ignore[attr-defined]
            target=_work, args=arguments, name="finesse_certlint worker", daemon=True
        )
        self.process.start()
        theirs.close()
        self.given: deque[tuple[int, tuple[str, bytes]]] = deque()
        self.answered = 0
        self.begun = False

    def give(self, portion: _Portion) -> bool:
        """Whether it took the portion; not so where it has died in the meantime."""
        try:
            self.connection.send([given for _, given in portion])
        except OSError:
            return False
        self.given.extend(portion)
        return True

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()

    def death(self) -> str:
        """In words, how the process ended."""
        self.process.join()
        code = self.process.exitcode
        if code is None or code >= 0:
            return f"ended with exit status {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = "unknown to this system"
        hint = "; the kernel does that to what takes too much memory" if name == "SIGKILL" else ""
        return f"was killed by signal {-code}, {name}{hint}"


def _work(task: Task, connection: "Connection", inherited: "list[Connection]", started: Any) -> None:
    """What a worker does until its parent closes the pipe or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides what comes of it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:
        other.close()
    with suppress(EOFError, OSError):
        connection.send(None)  # it has begun
        while True:
            answers: list[bytes] = []
            since = time.monotonic()
            for given in connection.recv():
                started.value += 1
                answers.append(_packed(task(*given)))
                if time.monotonic() - since > _LONGEST_KEPT:
                    connection.send(answers)
                    answers, since = [], time.monotonic()
            connection.send(answers)


def _packed(result: Result[Any]) -> bytes:
    """The result as it goes through the pipe."""
    import pickle

    try:
        return pickle.dumps(result)
    except Exception as error:  # noqa: BLE001 - what cannot be pickled could be anything
        reason = f"{result.name}: its result cannot be sent back ({type(error).__name__}: {error})"
        return pickle.dumps(Result(name=result.name, error=WorkerError(reason)))


class _Pool:
    def __init__(self, task: Task, inputs: Iterable[tuple[str, bytes]], workers: int, context: "BaseContext") -> None:
        self.task = task
        self.context = context
        self.number = workers
        self.workers: list[_Worker] = []
        self.fresh = zip(count(), inputs, strict=False)
        self.again: _Portion = []
        """What a worker that died had in hand and had not begun."""
        self.done: dict[int, Result[Any]] = {}
        self.next = 0
        """The number of the result that is to be yielded next."""
        self.taken = 0

    def results(self) -> Iterator[Result[Any]]:
        try:
            while True:
                self._supply()
                if not any(worker.given for worker in self.workers):
                    if not self.again:
                        return
                    continue  # an idle worker had died; its place is taken by another
                self._collect()
                while self.next in self.done:
                    result = self.done.pop(self.next)
                    self.next += 1
                    yield result
        finally:
            for worker in self.workers:
                worker.end()

    def _supply(self) -> None:
        """Give every idle worker a portion, as long as the results that wait for an earlier one are not too many."""
        for place in range(self.number):
            idle = place >= len(self.workers) or not self.workers[place].given
            if not idle or (not self.again and self.taken - self.next >= self.number * _AHEAD * _AT_ONCE):
                continue
            portion = self._portion()
            if not portion:
                return
            if place >= len(self.workers):
                self.workers.append(_Worker(self.task, self.context, self.workers))
            if not self.workers[place].give(portion):
                self.workers.pop(place).end()
                self.again = [*portion, *self.again]
                return

    def _portion(self) -> _Portion:
        portion: _Portion = []
        size = 0
        source = chain(iter(self.again), self.fresh)
        for number, given in source:
            portion.append((number, given))
            size += len(given[1])
            if len(portion) == _AT_ONCE or size >= _BYTES_AT_ONCE:
                break
        self.again = self.again[len(portion) :]
        self.taken = max(self.taken, portion[-1][0] + 1 if portion else 0)
        return portion

    def _collect(self) -> None:
        """Wait until a worker answers or dies, and take what it says."""
        import pickle
        from multiprocessing.connection import wait

        busy = {worker.connection: worker for worker in self.workers if worker.given}
        for ready in wait(list(busy)):
            worker = busy[ready]  # type: ignore[index]
            try:
                answers = worker.connection.recv()
            except (EOFError, OSError):
                self._bury(worker)
                continue
            worker.begun = True
            for answer in answers or ():
                number, _ = worker.given.popleft()
                worker.answered += 1
                self.done[number] = pickle.loads(answer)  # noqa: S301 - from a process of our own

    def _bury(self, worker: _Worker) -> None:
        """Blame the input that the worker was at; another worker takes its place."""
        if not worker.begun:
            raise WorkerError(
                f"a worker {worker.death()} before it began. Where processes are started by spawn or forkserver, they import "
                'the program anew, and what starts it must stand below `if __name__ == "__main__":`.'
            )
        behind = max(worker.started.value - worker.answered, 1) - 1
        number, (name, _) = worker.given[behind]
        del worker.given[behind]
        reason = (
            f"{name}: the process that judged this input {worker.death()}. The other inputs were judged all the same."
        )
        self.done[number] = Result(name=name, error=WorkerError(reason))
        self.again = [*worker.given, *self.again]
        worker.end()
        self.workers.remove(worker)
