"""Names are hostile: whatever stands in a certificate, a file's name or a host's, every form shows it as harmless text."""

import csv
import json
import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from io import StringIO
from xml.etree import ElementTree as ET

import attrs
import pytest
from ca import Authority, Server, pem_bundle
from markdown_it import MarkdownIt
from reports import AT, CAPTURES
from typer.testing import CliRunner

import finesse_certlint as fcl
from finesse_certlint import Report
from finesse_certlint.cli import app
from finesse_certlint.handshake import Endpoint, Gap, GapKind
from finesse_certlint.render import FORMATS, render_series

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script": SCRIPT,
    "attribute": "\" onmouseover=alert(1) x='",
    "formula": "=cmd|'/C calc'!A0",
    "formula-plus": "+1+cmd|'/C calc'!A0",
    "formula-at": "@SUM(1+1)*cmd",
    "formula-wide": "＝1+1",
    "ansi": "\x1b[2J\x1b]0;owned\x07red\x9b31m",
    "bidi": "\u202egro.live\u202c\u2066x\u2069\u200f",
    "nul": "before\0after",
    "newlines": "first\r\nerror  forged-rule   second\u2028third\x85fourth",
    "template": "{{ 7*7 }}{% include 'x' %}${7*7}#{7*7}",
    "entity": "&lt;b&gt;]]><!--",
    "markdown": "[click](http://evil.example) ![x](http://evil.example/x.png) **b** `a` | b | # h",
    "mention": "@everyone http://evil.example www.evil.example <http://evil.example>",
    "list": "1. not a list",
    "heading": "===",
    "backticks": "```\nx",
    "surrogate-like": "\ufffe\uffff\U000e0041",
    "separator": "a\tb;c,d",
}
"""What people have put into names to reach those who read them."""


def hostile_report(text: str) -> Report:
    """A report in which the text stands in every place that an outsider fills."""
    subject = (("common_name", text, "utf8_string"), ("organization_name", text, "utf8_string"))
    root = Authority("Root", subject=subject, sign="RSASSA-PSS-SHA256")
    issuing = root.authority(
        "Issuing", subject=(*subject, ("organizational_unit_name", "2", "utf8_string")), sign="SHA256withRSA"
    )
    server = issuing.server(
        "server", subject=subject, san=("x.example",), extra_extensions=(("1.2.3", True, b"\x05\0"),)
    )
    stranger = Server("x", subject=(("common_name", text, "utf8_string"),), issuer_subject=subject)
    report = fcl.lint({text: pem_bundle(server, issuing, root), f"2{text}": stranger.pem}, hostname=text, at=AT)
    own = [
        attrs.evolve(finding, evidence={**finding.evidence, text: text, "list": [text]}) for finding in report.findings
    ]
    return attrs.evolve(report, findings=tuple(own))


def hostile_capture(text: str) -> Report:
    """A capture in which a stranger said it: as the host's name, before TLS, and wherever a witness repeats something."""
    report = fcl.lint((CAPTURES / "s1_tls12_dhe256_2048_java.pcap").read_bytes(), name=text, at=AT)
    [handshake] = report.handshakes
    assert handshake.client_hello
    said = attrs.evolve(
        handshake,
        client_hello=attrs.evolve(handshake.client_hello, server_name=text),
        server=Endpoint(address=text, port=443),
        before=text,
        steps=tuple(attrs.evolve(step, what=text, detail=text) for step in handshake.steps),
        gaps=(Gap(kind=GapKind.LOST, what=text),),
        evidence={text: text},
    )
    return attrs.evolve(report, handshakes=(said,))


@pytest.fixture(params=[(make, name) for make in (hostile_report, hostile_capture) for name in HOSTILE], scope="module")
def hostile(request: pytest.FixtureRequest) -> Report:
    """One such report."""
    make, name = request.param
    report: Report = make(HOSTILE[name])
    return report


def deceiving(text: str) -> set[str]:
    """The characters in it that act on a terminal or on a reader, line ends aside."""
    return {c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"))}


@pytest.mark.parametrize("format", FORMATS)
def test_no_form_has_a_character_that_deceives(hostile: Report, format: str) -> None:
    assert deceiving(hostile.render(format)) == set()


@pytest.mark.parametrize("format", FORMATS)
def test_every_form_of_several_reports_is_as_harmless(format: str) -> None:
    reports = [hostile_report(text) for text in HOSTILE.values()]
    assert deceiving(render_series(reports, format)) == set()


class Tags(HTMLParser):
    """What a browser would make of a page: its elements with their attributes, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {
            value or "" for name, value in attrs if name in ("href", "src", "action", "data", "xlink:href")
        }

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.words += data


PAGE = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "main",
        "article",
        "header",
        "section",
        "footer",
        "div",
        "figure",
    ),
    *(
        "figcaption",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "b",
        "br",
        "span",
        "a",
        "code",
    ),
    *("pre", "details", "summary", "svg", "g", "rect", "line", "path", "circle", "text"),
}
ATTRIBUTES = {
    *(
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "class",
        "id",
        "href",
        "role",
        "aria-label",
        "aria-labelledby",
    ),
    *(
        "aria-hidden",
        "viewbox",
        "width",
        "height",
        "x",
        "y",
        "x1",
        "x2",
        "y1",
        "y2",
        "rx",
        "d",
        "cx",
        "cy",
        "r",
        "fill",
    ),
    *("stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "text-anchor"),
}


def test_a_page_has_no_element_attribute_or_link_that_a_name_brought(hostile: Report) -> None:
    for page in (hostile.render("html"), hostile.render("html", fragment=True)):
        tags = Tags()
        tags.feed(page)
        assert tags.elements <= PAGE
        assert tags.attributes <= ATTRIBUTES
        assert all(target.startswith("#report-finding-") for target in tags.targets)


def test_a_page_shows_the_script_as_words_and_reckons_no_template() -> None:
    page = Tags()
    page.feed(hostile_report(SCRIPT).render("html"))
    assert SCRIPT in page.words
    page = Tags()
    page.feed(hostile_report(HOSTILE["template"]).render("html"))
    assert HOSTILE["template"] in page.words


def test_no_cell_of_a_table_is_a_formula(hostile: Report) -> None:
    rows = list(csv.reader(StringIO(hostile.render("csv"))))
    assert {len(row) for row in rows} == {15}
    assert len(rows) == len(hostile.findings) + 1
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []


def test_a_formula_stays_legible() -> None:
    cells = [cell for row in csv.reader(StringIO(hostile_report(HOSTILE["formula"]).render("csv"))) for cell in row]
    assert "'=cmd|'/C calc'!A0" in cells


def test_junit_has_its_own_elements_alone(hostile: Report) -> None:
    root = ET.fromstring(hostile.render("junit"))
    assert {element.tag for element in root.iter()} <= {
        *("testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out")
    }


def _tokens(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text):
        yield token.type
        yield from (child.type for child in token.children or ())


def test_markdown_has_no_markup_that_a_name_brought(hostile: Report) -> None:
    kinds = set(_tokens(hostile.render("markdown")))
    assert kinds <= {
        *(
            "heading_open",
            "heading_close",
            "inline",
            "text",
            "code_inline",
            "paragraph_open",
            "paragraph_close",
            "hardbreak",
        ),
        *("table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close"),
        *("th_open", "th_close", "td_open", "td_close", "strong_open", "strong_close", "text_special"),
        *("ordered_list_open", "ordered_list_close", "list_item_open", "list_item_close"),
    }
    headings = [line for line in hostile.render("markdown").splitlines() if line.startswith("#")]
    assert len(headings) == len(hostile.findings) + 1


def test_markdown_tables_keep_their_columns(hostile: Report) -> None:
    text = hostile.render("markdown")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    widths: list[list[int]] = []
    for kind in _tokens(text):
        if kind == "table_open":
            widths.append([])
        elif kind == "tr_open":
            widths[-1].append(0)
        elif kind in ("th_open", "td_open"):
            widths[-1][-1] += 1
    assert all(set(table) in ({4}, {6}) for table in widths)
    assert sum(map(len, widths)) == len(lines) - len(widths), "no row fell out of its table"


def test_a_mention_and_a_bare_link_are_code_in_markdown() -> None:
    text = hostile_report(HOSTILE["mention"]).render("markdown")
    outside = re.sub(r"(`+).*?\1", "", text)
    assert "@" not in outside
    assert "http" not in outside
    assert "www." not in outside


def test_sarif_has_no_link_that_a_name_brought(hostile: Report) -> None:
    log = json.loads(hostile.render("sarif"))
    for result in log["runs"][0]["results"]:
        assert not re.search(r"(?<!\\)\[[^\]]*\]\(", result["message"]["text"])
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"(file://)?[\w./%~-]+", uri, re.ASCII)


def test_a_line_is_a_finding(hostile: Report) -> None:
    lines = hostile.render("lines").split("\n")[:-1]
    assert len(lines) == len(hostile.findings)
    assert all(re.match(r"[DINWEFB]: [a-z0-9-]+: ", line) for line in lines)
    assert all(json.loads(line)["results"] for line in hostile.render("lines-json").splitlines())


def test_text_has_no_line_that_a_name_forged(hostile: Report) -> None:
    heads = re.findall(r"^(?:error|warning|notice|info|fatal)  ([a-z-]+)", hostile.render("text"), re.MULTILINE)
    assert heads == [finding.rule for finding in hostile.findings]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_terminal_is_sent_nothing_but_words_and_colours(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    subject = (("common_name", HOSTILE[name], "utf8_string"),)
    path = tmp_path_factory.mktemp("hostile") / "x.pem"
    path.write_bytes(Server("a", subject=subject).pem)
    result = CliRunner().invoke(app, ["lint", "--color", "always", str(path)])
    assert result.exit_code in (0, 1)
    assert "\x1b[" in result.stdout
    assert deceiving(re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)) == set()
