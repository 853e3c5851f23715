"""The house itself: which way imports point, what lies at the top, what an import costs, what no file may say."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "finesse_certlint"


def tracked() -> list[Path]:
    """The files that git has or would take, or, where there is no git, all that lie in the places that belong here."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        made = {"__pycache__", "_build", "_made"}
        places = [path for path in ROOT.iterdir() if not path.name.startswith(".")] + [ROOT / ".ci"]
        files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
        return [file.relative_to(ROOT) for file in files if file.is_file() and not made & set(file.parts)]
    return [Path(name) for name in listing.split("\0") if name and (ROOT / name).is_file()]


def run(code: str) -> str:
    """What a fresh interpreter prints; its complaints are left to pytest to show."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout


def test_imports_point_one_way(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(no_cache=True, no_logo=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    ("outside", "home"),
    [("asn1crypto.x509", "certificate.py"), ("pyhanko_certvalidator", "chain.py")],
)
def test_one_module_knows_the_outside(outside: str, home: str) -> None:
    files = [path for path in PACKAGE.rglob("*.py") if imports(path, outside)]
    assert [str(path.relative_to(PACKAGE)) for path in files] == [home]


def imports(path: Path, wanted: str) -> bool:
    """Whether a file imports a module or anything inside it, at its top or within a function."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return any(name == wanted or name.startswith(wanted + ".") for name in names)


def test_nothing_else_lies_at_the_top() -> None:
    tops = {path.parts[0] for path in tracked()}
    assert {top for top in tops if not top.startswith(".")} == {
        "finesse_certlint",
        "docs",
        "tests",
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
    }


def test_an_import_stays_cheap() -> None:
    heavy = ["cryptography", "pyhanko_certvalidator", "typer", "rich", "click", "oscrypto", "aiohttp"]
    loaded = run(f"import sys, finesse_certlint; print([name for name in {heavy} if name in sys.modules])")
    assert loaded.strip() == "[]"


def test_a_public_function_is_not_hidden_by_the_module_of_its_name() -> None:
    """`finesse_certlint.rules` is a function and a package too; the last to be bound would win."""
    code = """
import importlib, pkgutil, finesse_certlint as fcl
before = {name: getattr(fcl, name) for name in fcl.__all__}
for module in pkgutil.walk_packages(fcl.__path__, "finesse_certlint."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print([name for name, value in before.items() if getattr(fcl, name) is not value])
"""
    assert run(code).strip() == "[]"


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    foreign = [b"/" + b"work/", b"/" + b"root/", b"pypi" + b".org", b"python" + b"hosted", b"crates" + b".io"]
    found = {str(path): word for path in tracked() for word in foreign if word in (ROOT / path).read_bytes()}
    assert not found


def test_the_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
