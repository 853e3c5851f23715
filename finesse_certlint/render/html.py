"""A page that stands alone, or a fragment for a portal's own page: no script, nothing loaded from elsewhere.

The templates and the style lie in `page/`. Whatever they show passes one door, `_shown`, which takes the characters out that
could deceive a reader; Jinja2 escapes what is left. Jinja2 comes with the extra `html`.
"""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ..errors import ExtraError
from ..report import Report
from .words import harmless

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = ("page.html", "fragment.html", "report.html", "pictures.html")


def html(report: Report, *, fragment: bool = False, level: int = 2, id: str = "report") -> str:  # noqa: A002 - the attribute's name
    """The report as a page.

    :param fragment: the same without the page around it, for a page of one's own, with the style that it needs.
    :param level: of a fragment, the level of its first heading, 1 to 3.
    :param id: what the ids in it begin with, where several fragments stand on one page.
    :raises ExtraError: where Jinja2 is not installed.
    """
    from .view import view

    if not re.fullmatch(r"[A-Za-z][\w-]*", id) or not 1 <= level <= 3:
        raise ValueError("id must begin with a letter and be made of letters, digits, - and _; level must be 1, 2 or 3")
    shown = view(report, id)
    if fragment:
        return _made("fragment.html", views=[shown], level=level)
    return _made("page.html", views=[shown], title=f"{report.verdict.value}: {report.name}")


def html_series(reports: Iterable[Report]) -> str:
    """Several reports on one page, with a list of them at its top.

    :raises ExtraError: where Jinja2 is not installed.
    """
    from .view import view

    views = [view(report, f"report-{number}") for number, report in enumerate(reports, 1)]
    return _made("page.html", views=views, title=f"{len(views)} reports" if len(views) != 1 else views[0].name)


def _made(template: str, **values: Any) -> str:
    environment = _environment()
    text: str = environment.get_template(template).render(**values)
    # The templates are laid out for their readers; the page need not be.
    return re.sub(r"\n\s*\n+", "\n", text).strip() + "\n"


@cache
def _environment() -> "Environment":
    try:
        from jinja2 import DictLoader, Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError:
        raise ExtraError("the format html needs Jinja2: pip install 'finesse-certlint[html]'") from None
    folder = files("finesse_certlint.render").joinpath("page")
    environment = Environment(
        loader=DictLoader({name: folder.joinpath(name).read_text("utf-8") for name in _TEMPLATES}),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_shown,
    )
    environment.globals["style"] = Markup(folder.joinpath("style.css").read_text("utf-8").strip())  # noqa: S704 - our own
    environment.filters["prose"] = _prose
    environment.filters["paragraphs"] = _paragraphs
    return environment


def _shown(value: Any) -> Any:
    """Every value on its way to the page; what is markup already was made here."""
    return value if hasattr(value, "__html__") else harmless(str(value))


def _prose(text: str) -> Any:
    """A sentence, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    parts = re.split(r"`([^`]+)`", harmless(text))
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def _paragraphs(text: str) -> Any:
    """The Markdown in which rules are written: paragraphs, lists, code between backticks."""
    from markupsafe import Markup

    return Markup("\n").join(_block(block) for block in re.split(r"\n\s*\n", text.strip()))


def _block(block: str) -> Any:
    from markupsafe import Markup

    items = re.split(r"^(?:[-*]|\d+\.)\s+", block, flags=re.MULTILINE)
    if len(items) == 1:
        return Markup("<p>{}</p>").format(_prose(" ".join(block.split())))
    head = " ".join(items[0].split())
    shown = Markup("").join(Markup("<li>{}</li>").format(_prose(" ".join(item.split()))) for item in items[1:])
    before = Markup("<p>{}</p>").format(_prose(head)) if head else Markup("")
    return before + Markup("<ul>{}</ul>").format(shown)
