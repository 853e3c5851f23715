"""Make tests/golden anew: `python tests/make_golden.py`. Read the difference before you commit it.

Each case is stored as its report in JSON and as every rendering of that. The rules that ran and those that did not are cut to
a few, so that a new rule changes no file here.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import attrs

import finesse_certlint as fcl
from finesse_certlint import Report
from finesse_certlint.render import FORMATS

AT = datetime(2026, 11, 23, tzinfo=UTC)
FOLDER = Path(__file__).resolve().parent / "golden"
EXAMPLES = FOLDER.parents[1] / "docs" / "examples"
SUFFIXES = {
    "text": "txt",
    "json": "json",
    "html": "html",
    "fragment": "fragment.html",
    "markdown": "md",
    "sarif": "sarif",
    "junit": "junit.xml",
    "csv": "csv",
    "lines": "lines",
    "lines-json": "lines.jsonl",
}


def _example(name: str, **options: object) -> Report:
    return fcl.lint((EXAMPLES / name).read_bytes(), name=name, at=AT, **options)  # type: ignore[arg-type]


def _clean() -> Report:
    """A chain with nothing to be said: what is trusted is given, and so is the host."""
    whole = (EXAMPLES / "good-chain.pem").read_bytes()
    root = b"-----BEGIN" + whole.split(b"-----BEGIN")[-1]
    return fcl.lint(whole, name="good-chain.pem", trusted=root, hostname="gadgets.example.com", at=AT)


def _capture(name: str) -> Report:
    return fcl.lint((FOLDER.parent / "captures" / name).read_bytes(), name=name, at=AT)


CASES: dict[str, Callable[[], Report]] = {
    "article": lambda: _example("article-chain.pem"),
    "article-p7b": lambda: _example("article-chain.p7b"),
    "clean": _clean,
    "no-issuer": lambda: _example("no-issuer.pem"),
    "request": lambda: _example("request.csr", issuers=(EXAMPLES / "article-chain.pem").read_bytes()),
    "settings": lambda: _example("request.inf"),
    "scenario1": lambda: _capture("s1_tls12_dhe256_2048_java.pcap"),
    "connections": lambda: _capture("interleaved_s1_s2_ok.pcapng"),
}


def steady(report: Report) -> Report:
    """The report without what changes with every rule and every version."""
    found = {finding.rule for finding in report.findings}
    run = tuple(name for name in report.rules.run if name in found)
    rules = attrs.evolve(report.rules, run=run, skipped=report.rules.skipped[:1])
    return attrs.evolve(report, version="0.0.0", rules=rules)


def renderings(report: Report) -> dict[str, str]:
    """Every form of a report by the suffix of its file."""
    forms = {SUFFIXES[format]: report.render(format) for format in FORMATS}
    return {**forms, SUFFIXES["fragment"]: report.render("html", fragment=True)}


def files() -> dict[str, str]:
    """What belongs into the folder, by name."""
    return {
        f"{name}.{suffix}": text for name, make in CASES.items() for suffix, text in renderings(steady(make())).items()
    }


def main(folder: Path = FOLDER) -> None:
    """Write the files, and take away those that no case has."""
    folder.mkdir(parents=True, exist_ok=True)
    made = files()
    for path in folder.iterdir():
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    main()
