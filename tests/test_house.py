"""The house itself: which way imports point, what lies at the top, what an import costs, what no file may say."""

import ast
import importlib
import inspect
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import finesse_certlint as fcl

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "finesse_certlint"


def tracked() -> list[Path]:
    """The files that git has or would take, or, where there is no git, all that lie in the places that belong here."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        made = {"__pycache__", "_build", "_made"}
        top = [path for path in ROOT.iterdir() if path.is_file() or not path.name.startswith(".")]
        places = [*top, ROOT / ".ci"]
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
    [
        ("asn1crypto.x509", ["pkix/extensions.py", "pkix/names.py"]),
        ("pyhanko_certvalidator", ["verification.py"]),
    ],
)
def test_one_room_knows_the_outside(outside: str, home: list[str]) -> None:
    files = [path for path in PACKAGE.rglob("*.py") if imports(path, outside)]
    assert sorted(str(path.relative_to(PACKAGE)) for path in files) == home


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


def test_an_import_loads_the_version_and_nothing_else() -> None:
    """Whoever imports the package pays for what they use: each public name is fetched when it is first asked for."""
    code = """
import sys, finesse_certlint as fcl
assert fcl.__version__
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("finesse_certlint", "attr", "asn1crypto", "inspect")))
"""
    assert run(code).strip() == "['finesse_certlint', 'finesse_certlint.version']"


CHAIN = ROOT / "docs" / "examples" / "article-chain.pem"
LIBRARY = f"""
import sys, finesse_certlint as fcl
fcl.lint(open({str(CHAIN)!r}, "rb").read()).render()
"""
COMMAND = f"""
import sys
from finesse_certlint.__main__ import main
sys.argv[1:] = ["lint", {str(CHAIN)!r}]
try:
    main()
except SystemExit as end:
    assert end.code == 1
"""
OTHERS = [
    *("asyncio", "csv", "http", "importlib.metadata", "json", "logging", "multiprocessing", "pickle", "tomllib", "xml"),
    *("aiohttp", "asn1crypto", "jinja2", "oscrypto", "pyarrow", "pydantic", "pyhanko_certvalidator", "rich"),
    *(
        "_hashlib",
        "cryptography.hazmat.primitives.serialization",
        "finesse_certlint.alone",
        "finesse_certlint.java.constraints.name_constraints",
    ),
    "finesse_certlint.profiles.versions",
    *("finesse_certlint.arrow", "finesse_certlint.bulk", "finesse_certlint.compare", "finesse_certlint.difference"),
    *(
        "finesse_certlint.handshake_json",
        "finesse_certlint.probe",
        "finesse_certlint.report_json",
        "finesse_certlint.rows",
    ),
    *("finesse_certlint.formats.capture.reading", "finesse_certlint.formats.inf", "finesse_certlint.formats.keystore"),
    *("finesse_certlint.formats.pkcs12", "finesse_certlint.formats.s_client", "finesse_certlint.formats.tls"),
    *("finesse_certlint.render.html", "finesse_certlint.render.markdown", "finesse_certlint.render.sarif"),
    *(
        "finesse_certlint.cli.compare",
        "finesse_certlint.cli.diff",
        "finesse_certlint.cli.probe",
        "finesse_certlint.cli.scan",
    ),
]
"""What a chain in PEM, judged and shown as text, has no use for."""


@pytest.mark.parametrize(
    ("code", "more"), [(LIBRARY, ["typer", "finesse_certlint.cli"]), (COMMAND, [])], ids=["library", "command"]
)
def test_a_chain_loads_what_judges_it_and_nothing_else(code: str, more: list[str]) -> None:
    """One that is signed with RSA: other kinds of signatures are certvalidator's to verify."""
    loaded = run(f"{code}\nprint(*(name for name in {OTHERS + more} if name in sys.modules))").splitlines()[-1]
    assert loaded == ""


def test_the_collector_looks_through_what_a_command_makes_and_through_no_imports() -> None:
    code = """
import gc, sys
from finesse_certlint.__main__ import main

def show(words, color):
    print("at work:", gc.isenabled(), "set aside:", gc.get_freeze_count() > 10_000)

from finesse_certlint.cli import catalogue
catalogue._show = show
sys.argv[1:] = ["rules"]
try:
    main()
except SystemExit:
    print("left for the end:", len(gc.get_objects()) > 1_000)
"""
    assert run(code).splitlines() == ["at work: True set aside: True", "left for the end: False"]


def test_the_package_says_where_its_names_live_as_type_checkers_read_it() -> None:
    checked = {
        alias.asname or alias.name: node.module
        for block in ast.parse((PACKAGE / "__init__.py").read_bytes()).body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert checked == vars(fcl)["_HOME"]
    assert sorted([*checked, "__version__"]) == sorted(fcl.__all__)
    for name, home in checked.items():
        assert getattr(fcl, name) is vars(importlib.import_module(f"finesse_certlint.{home}"))[name]


IMPORTED_FIRST = {
    "the package": "",
    "the modules of these names": "import finesse_certlint.lint, finesse_certlint.rules, finesse_certlint.profiles",
    "something in them": "from finesse_certlint.rules.chain import issuer_missing\nfrom finesse_certlint.lint import Question",
    "every name": "from finesse_certlint import *",
    "all modules": """
import importlib, pkgutil
for module in pkgutil.walk_packages(fcl.__path__, "finesse_certlint."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
""",
    "a function, then its module": "fcl.lint; fcl.rules; fcl.profiles\nimport finesse_certlint.lint, finesse_certlint.rules.chain",
    "a module, anew": "import finesse_certlint.rules, importlib, sys\nimportlib.reload(sys.modules['finesse_certlint.rules'])",
    "many at once": """
import threading
names = [name for name in fcl.__all__ if name != "__version__"] * 2
start = threading.Barrier(len(names))
def ask(name):
    start.wait()
    assert not isinstance(getattr(fcl, name), type(sys)), name
threads = [threading.Thread(target=ask, args=[name]) for name in names]
for thread in threads: thread.start()
for thread in threads: thread.join()
""",
}


@pytest.mark.parametrize("first", IMPORTED_FIRST.values(), ids=IMPORTED_FIRST)
def test_a_public_function_is_not_hidden_by_the_module_of_its_name(first: str) -> None:
    """`finesse_certlint.rules` is a function and a package too; the last to be bound would win."""
    code = f"""
import sys, finesse_certlint as fcl
{first}
print(*(getattr(fcl, name).__name__ for name in ("lint", "rules", "profiles")))
print(*sorted(name for name in fcl.__all__ if isinstance(getattr(fcl, name), type(sys))))
print(fcl.lint is sys.modules["finesse_certlint.lint"].lint, fcl.rules() == sys.modules["finesse_certlint.rules"].ALL)
"""
    assert run(code).splitlines() == ["lint rules profiles", "", "True True"]


def test_the_package_is_a_module_like_any_other() -> None:
    assert {*fcl.__all__, "__doc__", "__path__"} <= set(dir(fcl))
    assert fcl.render.render_series is importlib.import_module("finesse_certlint.render").render_series
    assert not hasattr(fcl, "__wrapped__")
    with pytest.raises(AttributeError, match="module 'finesse_certlint' has no attribute 'lnit'"):
        fcl.lnit  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="cannot import name 'lnit' from 'finesse_certlint'"):
        from finesse_certlint import lnit  # type: ignore[attr-defined]  # noqa: F401
    for name in fcl.__all__:
        assert pickle.loads(pickle.dumps(getattr(fcl, name))) is getattr(fcl, name) or name == "__version__"
    assert {*fcl.__all__} <= {name for name, _ in inspect.getmembers(fcl)}, "what help() and Sphinx go by"


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    foreign = [b"/" + b"work/", b"/" + b"root/", b"pypi" + b".org", b"python" + b"hosted", b"crates" + b".io"]
    found = {str(path): word for path in tracked() for word in foreign if word in (ROOT / path).read_bytes()}
    assert not found


def test_the_ci_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
