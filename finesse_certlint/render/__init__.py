"""Reports for people and programs. A new form is one file, and one row here."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ..report import Report
from .text import text

FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"text": text, "json": lambda report: report.to_json() + "\n"}
)


def render(report: Report, format: str) -> str:
    """The report in the form of that name.

    :raises ValueError: where there is no such form.
    """
    form = FORMATS.get(format)
    if form is None:
        raise ValueError(f"there is no format {format!r}; there are: {', '.join(FORMATS)}")
    return form(report)
