"""The command's options convert their words as typer would, and mostly without it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from test_cli import COMMANDS, run
from typer.main import get_command

from finesse_certlint import cli
from finesse_certlint.cli.coercion import Coercion

ROOT = Path(__file__).parents[1]
PARAMETERS = {
    f"{name} {param.name}": param
    for name, command in {"": get_command(cli.app), **COMMANDS}.items()
    for param in command.params
}
WORDS = [
    "",
    "text",
    "auto",
    "error",
    "finesse",
    "host.example.com",
    "HOST:8443",
    "2027-03-01",
    "7",
    "0.5",
    "-1",
    "no/such/file",
]


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_word_becomes_what_typer_makes_of_it(name: str) -> None:
    param = PARAMETERS[name]
    several = param.multiple or param.nargs == -1
    words = [None, *([[], WORDS] if several else [*WORDS, param.default])]
    typers = type(param).get_runtime_param.__get__(param)
    for word in words:
        assert made(Coercion(typers), param, word) == made(typers(), param, word)


def made(by: Any, param: Any, word: Any) -> object:
    """The value, or the words of the refusal."""
    try:
        value = by.coerce(word, param=param, ctx=typer.Context(get_command(cli.app)))
    except typer.BadParameter as error:
        return error.message
    return list(value) if isinstance(value, tuple) else value


def test_a_refused_number_is_refused_in_typers_words() -> None:
    result = run("probe", "host.example.com", "--timeout", "0")
    assert result.exit_code == 2
    assert "Invalid value for '--timeout': Input should be greater than or equal to 0.1" in result.output


@pytest.mark.parametrize(
    "command", ["lint docs/examples/article-chain.pem", "compare docs/examples/article-chain.pem", "rules"]
)
def test_typer_builds_no_models_for_it(command: str) -> None:
    code = f"""
import sys
from finesse_certlint import cli
try:
    cli.app({command.split()!r})
except SystemExit:
    print("pydantic" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True)
    assert done.stdout.splitlines()[-1] == "False"
