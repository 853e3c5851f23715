"""Every form of a report from the command line, for one input and for each of many."""

import csv
import json
import sys
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from finesse_certlint.cli import app
from finesse_certlint.render import FORMATS

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"
ARTICLE, GOOD, ALONE = (str(EXAMPLES / name) for name in ("article-chain.pem", "good-chain.pem", "no-issuer.pem"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["lint", "--at", "2026-11-23", *arguments])


@pytest.mark.parametrize("format", FORMATS)
def test_every_form_can_be_asked_for_and_changes_no_exit_status(format: str) -> None:
    assert run(ARTICLE, "--format", format).exit_code == 1
    assert run(GOOD, "--format", format).exit_code == 0
    assert run(ARTICLE, GOOD, ALONE, "--each", "--format", format).exit_code == 1


def test_each_file_stands_in_one_document_of_its_form() -> None:
    def each(format: str) -> str:
        return run(ARTICLE, GOOD, ALONE, "--each", "--format", format).stdout

    assert len(json.loads(each("sarif"))["runs"]) == 1
    assert [suite.get("failures") for suite in ET.fromstring(each("junit"))] == ["2", "0", "1"]
    assert {row["input"] for row in csv.DictReader(StringIO(each("csv")))} == {ARTICLE, GOOD, ALONE}
    assert each("html").count("<!doctype html>") == 1
    assert each("markdown").count("\n## ") + each("markdown").startswith("## ") == 3
    assert all(line[1] == ":" for line in each("lines").splitlines()), "no summary that another program would trip over"


def test_a_page_goes_to_a_file(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    assert run(ARTICLE, "--format", "html", "--output", str(page)).exit_code == 1
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_without_jinja_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sys.modules["finesse_certlint.render.html"]._environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    result = run(ARTICLE, "--format", "html")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "the format html needs Jinja2: pip install 'finesse-certlint[html]'" in result.stderr
