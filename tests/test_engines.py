"""The engines that the docs speak of, each run for real with the docs' own code."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ca import article_chain, good_chain

from finesse_certlint.arrow import lint_arrow, output_schema

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "engines.md").read_text("utf-8")
MODULES = {
    "pyarrow": "pyarrow",
    "Spark": "pyspark",
    "Ray Data": "ray",
    "Dask": "dask",
    "DuckDB": "duckdb",
    "Polars": "polars",
}
ROWS = 300

pytestmark = pytest.mark.slow


def code(section: str) -> str:
    """The program that stands in the page's section of that name."""
    found = re.search(rf"^## {section}\n.*?^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def inputs() -> pa.Table:
    """Certificates good and bad, a null and junk."""
    ders = [issued.der for chain in (good_chain(), article_chain()) for issued in chain]
    data = [ders[number % len(ders)] for number in range(ROWS - 2)]
    return pa.table({"id": pa.array(range(ROWS), pa.int64()), "data": pa.array([*data, None, b"junk"], pa.binary())})


def test_every_section_with_a_program_is_run() -> None:
    assert re.findall(r"^## (.+)\n(?:(?!^## )[^\n]*\n)*?^```python$", PAGE, re.MULTILINE) == list(MODULES)


@pytest.mark.parametrize("section", MODULES)
def test_the_code_in_the_docs_finds_what_lint_arrow_finds(section: str, tmp_path: Path) -> None:
    if importlib.util.find_spec(MODULES[section]) is None:
        pytest.skip(f"needs {MODULES[section]}, which the extra engines has")
    if section == "Spark" and shutil.which("java") is None:
        pytest.skip("needs java")
    given = inputs()
    # Row groups, so that engines have something to share out.
    pq.write_table(given, tmp_path / "certificates.parquet", row_group_size=64)
    (tmp_path / "program.py").write_text(code(section))
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_TMPDIR": "/tmp",  # a socket's path may not be long
    }
    environment.pop("PYTHONWARNINGS", None)  # what an engine warns of is its own matter
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    written = tmp_path / ("findings" if (tmp_path / "findings").exists() else "findings.parquet")
    found = pq.read_table(written).cast(output_schema(given.schema))
    order = [("id", "ascending"), ("rule", "ascending"), ("message", "ascending")]
    assert found.sort_by(order).equals(lint_arrow(given).sort_by(order))
