"""Arrow in, Arrow out: every input is at least one row, and no row ends the job."""

import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ca
import pyarrow as pa
import pytest
from ca import article_chain, good_chain, pem_bundle

import finesse_certlint as fcl
from finesse_certlint import chain
from finesse_certlint.arrow import lint_arrow, lint_batches, output_schema
from finesse_certlint.rows import FIELDS

AT = datetime(2026, 11, 23, tzinfo=UTC)
GOOD, BAD = pem_bundle(*good_chain()), pem_bundle(*article_chain())
ADDED = [name for name, _ in FIELDS]


def table(values: list[bytes | None], kind: pa.DataType | None = None) -> pa.Table:
    """A column of inputs between two others."""
    ids = pa.array([f"row {number}" for number in range(len(values))])
    seen = pa.array([{"logs": [number]} for number in range(len(values))], pa.struct([("logs", pa.list_(pa.int64()))]))
    return pa.table({"id": ids, "data": pa.array(values, pa.binary()).cast(kind or pa.binary()), "seen": seen})


def test_there_is_one_row_for_each_finding_with_the_other_columns_beside_it() -> None:
    report = fcl.lint(BAD, at=AT)
    rows = lint_arrow(table([BAD]), at=AT).to_pylist()
    assert [(row["rule"], row["severity"], row["message"], row["remedy"]) for row in rows] == [
        (finding.rule, finding.severity, finding.message, finding.remedy) for finding in report.findings
    ]
    assert {(row["id"], row["verdict"], str(row["seen"]), row["error"]) for row in rows} == {
        ("row 0", "refused", "{'logs': [0]}", None)
    }
    root = report.certificates[2]
    assert {
        name: rows[0][name] for name in ("rule", "role", "field", "certificate", "fingerprint_sha256", "subject")
    } == {
        "rule": "signature-algorithm-unsupported",
        "role": "root",
        "field": "signatureAlgorithm",
        "certificate": 2,
        "fingerprint_sha256": root.fingerprint_sha256,
        "subject": root.subject,
    }
    assert rows[0]["signature_algorithm"] == str(root.signature_algorithm)


def test_an_input_without_a_finding_is_one_row_with_its_verdict() -> None:
    (row,) = lint_arrow(table([GOOD]), at=AT, rules=["signature-algorithm-unsupported"]).to_pylist()
    assert {name: row[name] for name in ADDED if row[name] is not None} == {"verdict": "accepted"}


def test_a_bad_row_is_a_row() -> None:
    rows = lint_arrow(table([GOOD, None, b"junk", b"", BAD]), at=AT).to_pylist()
    assert list(dict.fromkeys(row["id"] for row in rows)) == ["row 0", "row 1", "row 2", "row 3", "row 4"]
    nothing, junk = (row for row in rows if row["id"] in ("row 1", "row 2"))
    assert nothing["error"] == "there is nothing in this row"
    assert "no certificate, request or key was found" in junk["error"]
    assert {nothing[name] for name in ADDED[:-1]} == {junk[name] for name in ADDED[:-1]} == {None}


KINDS = [
    pa.binary(),
    pa.large_binary(),
    pa.binary_view(),
    pa.string(),
    pa.large_string(),
    pa.string_view(),
    pa.dictionary(pa.int32(), pa.string()),
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_column_may_be_binary_or_text_in_any_encoding(kind: pa.DataType) -> None:
    given = table([GOOD, None, BAD])
    column = given["data"].cast(pa.string())
    column = column.dictionary_encode() if pa.types.is_dictionary(kind) else column.cast(kind)
    assert lint_arrow(given.set_column(1, "data", column), at=AT).equals(lint_arrow(given, at=AT))


@pytest.mark.parametrize(
    "values", [[], [None], [b"junk"], [GOOD], [BAD, GOOD]], ids=["none", "null", "junk", "good", "several"]
)
def test_the_schema_is_the_same_whatever_the_data_are(values: list[bytes | None]) -> None:
    given = table(values)
    expected = output_schema(given.schema)
    assert expected.names == ["id", "seen", *ADDED]
    assert lint_arrow(given, at=AT).schema == expected
    for batch in given.to_batches() or [pa.RecordBatch.from_pylist([], given.schema)]:
        assert lint_arrow(batch, at=AT).schema == expected
        assert [out.schema for out in lint_batches([batch], at=AT)] == [expected]


def test_what_comes_out_is_of_the_kind_that_went_in() -> None:
    given = table([GOOD, BAD])
    assert type(lint_arrow(given)) is pa.Table
    assert type(lint_arrow(given.to_batches()[0])) is pa.RecordBatch
    assert type(lint_arrow(given.slice(0, 0).combine_chunks())) is pa.Table
    assert lint_arrow(given.to_batches()[0].slice(0, 0)).num_rows == 0


def test_a_stream_of_batches_gives_what_the_table_gives() -> None:
    given = table([GOOD, BAD, None, b"junk"] * 5)
    batches = given.to_batches(max_chunksize=3)
    found = pa.Table.from_batches(lint_batches(batches, at=AT))
    assert found.equals(lint_arrow(given, at=AT))
    reader = pa.RecordBatchReader.from_batches(given.schema, batches)
    assert pa.Table.from_batches(lint_batches(reader, at=AT)).equals(found)


def test_an_input_with_very_many_findings_comes_in_several_batches() -> None:
    many = pem_bundle(*good_chain()) * 3000
    sizes = [batch.num_rows for batch in lint_batches(table([many] * 3).to_batches(), rules=["duplicate-certificate"])]
    assert len(sizes) > 1


def test_options_are_those_of_lint() -> None:
    root = good_chain()[-1]
    found = lint_arrow(table([GOOD]), at=AT, trusted=root.pem, hostname="other.example.com", profile="java-17")
    expected = fcl.lint(GOOD, at=AT, trusted=root.pem, hostname="other.example.com", profile="java-17")
    assert found["rule"].to_pylist() == [finding.rule for finding in expected.findings]
    assert set(found["verdict"].to_pylist()) == {"refused"}


def test_another_column_may_hold_the_inputs() -> None:
    given = table([BAD])
    renamed = given.rename_columns(["id", "cert", "seen"])
    assert lint_arrow(renamed, "cert", at=AT).equals(lint_arrow(given, at=AT))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda t: t.drop_columns(["data"]), "there is no column 'data'; the columns are id, seen"),
        (lambda t: t.append_column("data", t["id"]), "there is more than one column 'data'"),
        (lambda t: t.set_column(1, "data", pa.array([1])), "holds int64; the inputs must be binary or string"),
        (lambda t: t.append_column("verdict", t["id"]), "the columns verdict are there already"),
    ],
)
def test_misuse_is_said_before_anything_is_judged(wrong: Callable[[pa.Table], pa.Table], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        lint_arrow(wrong(table([GOOD])))
    with pytest.raises(fcl.RuleError):
        lint_arrow(table([]), rules=["no-such-rule"])
    with pytest.raises(fcl.InputError, match="trusted"):
        lint_arrow(table([]), trusted=b"junk")


def test_a_prefix_keeps_columns_apart() -> None:
    given = table([BAD]).append_column("verdict", pa.array(["mine"]))
    found = lint_arrow(given, prefix="lint_", at=AT)
    assert found.schema.names == ["id", "seen", "verdict", *(f"lint_{name}" for name in ADDED)]
    assert set(found["verdict"].to_pylist()) == {"mine"}
    assert set(found["lint_verdict"].to_pylist()) == {"refused"}


def test_without_pyarrow_the_extra_is_named() -> None:
    code = "import sys; sys.modules['pyarrow'] = None; import finesse_certlint.arrow"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
    )
    assert "needs the extra \"arrow\": pip install 'finesse-certlint[arrow]'" in done.stderr


def test_without_verdicts_the_findings_are_the_same() -> None:
    """And so is all the rest; requests and handshakes included, which have verdicts of their own."""
    given = table([BAD, GOOD, None, b"junk", ca.request("gadgets.example.com").der])
    for profile in ("finesse", "java-17"):
        whole = lint_arrow(given, at=AT, profile=profile)
        assert lint_arrow(given, at=AT, profile=profile, verdicts=False).equals(
            whole.set_column(2, "verdict", pa.nulls(len(whole), pa.string()))
        )


def test_a_rule_about_single_certificates_costs_no_look_at_who_issued_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_built", None)
    asked: dict[str, Any] = {"rules": ["signature-algorithm-unsupported"], "at": AT}
    (row,) = lint_arrow(table([GOOD]), verdicts=False, **asked).to_pylist()
    assert (row["rule"], row["error"]) == (None, None)
    (row,) = lint_arrow(table([GOOD]), **asked).to_pylist()
    assert "TypeError" in row["error"]
