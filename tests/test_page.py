"""The page in a real browser: nothing is loaded, axe-core finds no fault, it fits every width, and it prints."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import npm
import pytest
from make_golden import CASES, FOLDER
from reports import report_of
from test_hostile import HOSTILE, hostile_report

from finesse_certlint.render import render_series

SCRIPT = Path(__file__).with_name("page.cjs")

pytestmark = pytest.mark.slow


def _everything() -> str:
    """Several reports on one page, hostile ones and one of many paths among them."""
    hostile = (hostile_report(HOSTILE[name]) for name in ("script", "bidi", "markdown"))
    return render_series([*hostile, report_of("cross-signed"), report_of("malformed")], "html")


def _fragment() -> str:
    """A fragment in a page of somebody else's, which has colours of its own and knows no dark."""
    inner = (FOLDER / "article.fragment.html").read_text("utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A portal</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        '<body style="--fcl-paper:#fffdf5;--fcl-link:#7a1fa2"><main><h1>A portal</h1>'
        f"{inner}</main></body></html>"
    )


PAGES = {
    **{name: (FOLDER / f"{name}.html").read_text for name in CASES},
    "everything": _everything,
    "fragment": _fragment,
}


@pytest.fixture(params=PAGES, scope="module")
def visit(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the browser says of one page, and the folder with its pictures."""
    npm.package("puppeteer-core")
    npm.package("axe-core")
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if chromium is None or node is None:
        pytest.skip("needs chromium and node")
    folder = tmp_path_factory.mktemp(request.param)
    page = folder / "page.html"
    page.write_text(PAGES[request.param](), "utf-8")
    done = subprocess.run([node, SCRIPT, chromium, page, folder], capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    return {**json.loads(done.stdout), "name": request.param, "folder": folder, "page": page}


def test_no_request_leaves_the_page(visit: dict[str, Any]) -> None:
    assert set(visit["requests"]) == {visit["page"].as_uri()}
    assert visit["console"] == [], "nothing was refused by the page's own policy, and nothing failed"


def test_axe_finds_no_fault_in_light_and_dark_at_any_width_folded_and_unfolded(visit: dict[str, Any]) -> None:
    assert {view["name"]: view["violations"] for view in visit["views"] if view["violations"]} == {}
    assert len(visit["views"]) == 8


def test_nothing_is_wider_than_the_screen(visit: dict[str, Any]) -> None:
    assert {view["name"]: view["overflow"] for view in visit["views"] if view["overflow"]} == {}


def test_it_follows_light_and_dark(visit: dict[str, Any]) -> None:
    papers = {view["name"].split("-")[0]: view["background"] for view in visit["views"]}
    if visit["name"] == "fragment":
        assert papers == {"light": "rgb(255, 253, 245)", "dark": "rgb(255, 253, 245)"}, (
            "the portal's own, which has no dark"
        )
    else:
        assert papers == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 30)"}


def test_it_prints_with_everything_unfolded(visit: dict[str, Any]) -> None:
    pdf = (visit["folder"] / "page.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-")
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("needs pdftotext (poppler-utils)")
    words = subprocess.run(
        [reader, visit["folder"] / "page.pdf", "-"], capture_output=True, check=True, text=True
    ).stdout
    if visit["name"] == "article":
        assert "Refused" in words
        assert "Serial number" in words, "what is folded on the screen"
        assert "Copy as text" not in words, "what paper has no use for"
