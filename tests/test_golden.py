"""Every form of a few reports, to the letter; `python tests/make_golden.py` writes them anew."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from make_golden import CASES, FOLDER, SUFFIXES, renderings, steady
from reports import SCHEMA

from finesse_certlint import Report

FILES = [(name, suffix) for name in CASES for suffix in SUFFIXES.values()]


def stored(name: str) -> Report:
    return Report.from_dict(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


@pytest.mark.parametrize("name", CASES)
def test_what_lint_says_today_is_what_is_stored(name: str) -> None:
    assert steady(CASES[name]()) == stored(name), "if it is meant to differ: python tests/make_golden.py"


@pytest.mark.parametrize("name", CASES)
def test_every_form_is_made_of_the_stored_report_alone(name: str) -> None:
    for suffix, text in renderings(stored(name)).items():
        expected = (FOLDER / f"{name}.{suffix}").read_text("utf-8")
        assert text == expected, f"{name}.{suffix}; if it is meant to differ: python tests/make_golden.py"


@pytest.mark.parametrize("name", CASES)
def test_the_stored_report_is_as_the_schema_says(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads((FOLDER / f"{name}.json").read_text("utf-8")))


def test_no_file_is_stored_that_no_case_has() -> None:
    assert sorted(path.name for path in Path(FOLDER).iterdir()) == sorted(f"{name}.{suffix}" for name, suffix in FILES)
