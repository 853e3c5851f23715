"""Arrow tables in, Arrow tables out: how Spark, Ray Data, Dask, DuckDB and Polars judge certificates by the million.

One column holds the inputs, in any form that `lint()` reads. One row comes out for each finding, and one for an input without
any, with the input's other columns beside it; so every input is at least one row, and a faulty one is a row like any other.
What comes out has the same columns and types whatever the data are. Needs the extra "arrow".
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from .errors import ExtraError, InputError
from .limits import Limits
from .lint import Bytes, Question
from .profile import Profile
from .rows import FIELDS, Row, error_row, finding_rows, rows
from .rule import Rule

try:
    import pyarrow as pa
except ImportError as missing:
    raise ExtraError(
        "finesse_certlint.arrow needs the extra \"arrow\": pip install 'finesse-certlint[arrow]'"
    ) from missing

Data = TypeVar("Data", pa.RecordBatch, pa.Table)

_TYPES = {str: pa.string(), int: pa.int32()}
ADDED: tuple[tuple[str, pa.DataType], ...] = tuple((name, _TYPES[kind]) for name, kind in FIELDS)
"""The columns that stand behind the input's own, with their types."""
_ROWS_AT_ONCE = 4096
"""Rows after which a batch is passed on, so that an input with ten thousand findings fills no memory."""


def lint_arrow(
    data: Data,
    column: str = "data",
    *,
    profile: str | Profile = "finesse",
    rules: Iterable[str | Rule] | None = None,
    trusted: Bytes | None = None,
    hostname: str | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    verdicts: bool = True,
    prefix: str = "",
) -> Data:
    """Judge every value of a column by itself.

    :param data: a RecordBatch or a Table.
    :param column: the column of inputs: binary or string, in any of Arrow's encodings of these.
    :param profile: a profile or its name; by name it can be sent to another machine.
    :param rules: the rules to run, or their names. None: all.
    :param trusted: as in `lint()`, for every input.
    :param hostname: as in `lint()`, for every input.
    :param at: the time of judgement for every input. None: now.
    :param limits: bounds on the work for one input.
    :param password: as in `lint()`.
    :param verdicts: whether to work out the verdict of each input, which takes who issued whom; otherwise the column is null,
        and what is done is what the rules ask for.
    :param prefix: put before the names of the columns that are added.
    :returns: what was given, a RecordBatch or a Table: the other columns, and `ADDED`.
    :raises ValueError: where there is no such column, it holds something else, or the names of columns collide.
    :raises ProfileError, RuleError, InputError: as `lint()` does for `profile`, `rules` and `trusted`.
    """
    question = Question.of(trusted, hostname, profile, at, rules, limits, password)
    schema = output_schema(data.schema, column, prefix=prefix)
    batches = data.to_batches() if isinstance(data, pa.Table) else [data]
    found = [part for batch in batches for part in _judged(batch, column, schema, question, verdicts=verdicts)]
    table = pa.Table.from_batches(found, schema)
    if isinstance(data, pa.Table):
        return table
    whole = table.combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema)


def lint_batches(
    batches: Iterable[pa.RecordBatch],
    column: str = "data",
    *,
    profile: str | Profile = "finesse",
    rules: Iterable[str | Rule] | None = None,
    trusted: Bytes | None = None,
    hostname: str | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
    password: str | None = None,
    verdicts: bool = True,
    prefix: str = "",
) -> Iterator[pa.RecordBatch]:
    """The same over a stream of batches, in memory that does not grow with their number.

    :param batches: the batches; a `RecordBatchReader` is one such stream.
    :yields: for each batch one or, where it has many findings, several; at least one with no rows for an empty one.
    """
    question = Question.of(trusted, hostname, profile, at, rules, limits, password)
    for batch in batches:
        yield from _judged(
            batch, column, output_schema(batch.schema, column, prefix=prefix), question, verdicts=verdicts
        )


def output_schema(schema: pa.Schema, column: str = "data", *, prefix: str = "") -> pa.Schema:
    """The schema of what comes out, for engines that want to know it beforehand.

    :param schema: the schema of what goes in.
    :param column: the column of inputs.
    :param prefix: as in `lint_arrow()`.
    :raises ValueError: as `lint_arrow()` does.
    """
    places = schema.get_all_field_indices(column)
    if len(places) != 1:
        there = f"the columns are {', '.join(schema.names) or 'none'}"
        wrong = "there is no column" if not places else "there is more than one column"
        raise ValueError(f"{wrong} {column!r}; {there}. Say which one holds the inputs with column=.")
    kind = schema.field(places[0]).type
    if not _readable(kind):
        raise ValueError(f"the column {column!r} holds {kind}; the inputs must be binary or string.")
    rest = schema.remove(places[0])
    added = [pa.field(prefix + name, kind) for name, kind in ADDED]
    taken = sorted({field.name for field in added} & set(rest.names))
    if taken:
        raise ValueError(
            f"the columns {', '.join(taken)} are there already, and would be added; rename them or give a prefix="
        )
    return pa.schema([*rest, *added])


def _readable(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _readable(kind.value_type)
    tests = (
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_fixed_size_binary,
        pa.types.is_binary_view,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_string_view,
        pa.types.is_null,
    )
    return any(test(kind) for test in tests)


def _judged(
    batch: pa.RecordBatch, column: str, schema: pa.Schema, question: Question, *, verdicts: bool
) -> Iterator[pa.RecordBatch]:
    inputs = batch.column(column)
    carried = batch.remove_column(batch.schema.get_field_index(column))
    # Of each row to come the place of its input, and which of the distinct rows it is: most inputs have nothing to be said of,
    # and all of these are the same one.
    places: list[int] = []
    which: list[int] = []
    numbers: dict[Row, int] = {}
    emitted = False
    for place, value in enumerate(inputs.to_pylist()):
        for row in _rows(value, question, verdicts=verdicts):
            places.append(place)
            which.append(numbers.setdefault(row, len(numbers)))
        if len(places) >= _ROWS_AT_ONCE:
            yield _batch(carried, places, which, tuple(numbers), schema)
            places, which, numbers, emitted = [], [], {}, True
    if places or not emitted:
        yield _batch(carried, places, which, tuple(numbers), schema)


def _batch(
    carried: pa.RecordBatch, places: list[int], which: list[int], rows: tuple[Row, ...], schema: pa.Schema
) -> pa.RecordBatch:
    columns = [column.take(pa.array(places, pa.int64())) for column in carried.columns]
    distinct = zip(*rows, strict=True) if rows else ((),) * len(ADDED)
    taken = pa.array(which, pa.int64())
    columns += [pa.array(values, kind).take(taken) for values, (_, kind) in zip(distinct, ADDED, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _rows(value: bytes | str | None, question: Question, *, verdicts: bool) -> Sequence[Row]:
    """One row for each finding; one that says that there is none; or one that says why nothing was judged."""
    if value is None:
        return [error_row("there is nothing in this row")]
    data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    try:
        if verdicts:
            return rows(question.read(data).judge(question.profile))
        return finding_rows(None, *question.findings(data))
    except InputError as error:
        return [error_row(str(error))]
    except Exception as error:  # noqa: BLE001 - whatever one row does, the job goes on
        return [error_row(f"{type(error).__name__}: {error}")]
