"""Reports for people and programs. A new form is one file, and one row here."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..report import Report


def _from(module: str, function: str) -> Callable[..., Any]:
    """A function of one of these files, which is imported when it is called: a report is mostly wanted in one form."""

    def rendering(what: Any, **options: Any) -> Any:
        return getattr(import_module(f".{module}", __package__), function)(what, **options)

    return rendering


FORMATS: Mapping[str, Callable[..., str]] = MappingProxyType(
    {
        "text": _from("text", "text"),
        "json": lambda report: report.to_json() + "\n",
        "html": _from("html", "html"),
        "markdown": _from("markdown", "markdown"),
        "sarif": _from("sarif", "sarif"),
        "junit": _from("junit", "junit"),
        "csv": _from("csv", "csv"),
        "lines": _from("lines", "lines"),
        "lines-json": _from("lines", "json_lines"),
    }
)
"""A report in that form; what else a function takes are the options of `render()`."""


def _json_series(reports: Iterable["Report"]) -> Iterator[str]:
    before = "[\n"
    for report in reports:
        yield before + textwrap.indent(report.to_json(), "  ")
        before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


SERIES: Mapping[str, Callable[[Iterable["Report"]], Iterable[str]]] = MappingProxyType(
    {
        "json": _json_series,
        "html": lambda reports: [_from("html", "html_series")(reports)],
        "sarif": lambda reports: [_from("sarif", "sarif_series")(reports)],
        "junit": lambda reports: [_from("junit", "junit_series")(reports)],
        "csv": _from("csv", "csv_series"),
    }
)
"""Several reports as one document, in pieces as they come; in the other forms they simply follow one another."""


def render(report: "Report", format: str, **options: Any) -> str:
    """The report in the form of that name.

    :raises ValueError: where there is no such form.
    :raises TypeError: where it has no such option.
    """
    return _form(format)(report, **options)


def render_series(reports: Iterable["Report"], format: str) -> str:
    """Several reports as one document of that form: one SARIF run, one table, one page.

    :raises ValueError: where there is no such form.
    """
    form = _form(format)
    return "".join(SERIES[format](reports) if format in SERIES else map(form, reports))


def _form(name: str) -> Callable[..., str]:
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}; there are: {', '.join(FORMATS)}")
    return FORMATS[name]
