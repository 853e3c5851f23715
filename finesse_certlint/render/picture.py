"""One path as a picture: where each box and line of it stands, for the page to draw.

The server's certificate stands at the top and what it was issued by below it, as in the text. A certificate that breaks the
path is red and says by which rule; so is a link whose signature does not hold; what is missing is dashed.
"""

import textwrap
from unicodedata import east_asian_width

import attrs

from ..findings import Severity, printable
from ..report import Report
from .words import awaiting, broken, ends_self_issued

WIDTH = 360
"""All pictures are so wide, in CSS pixels: what a telephone shows without shrinking it."""
_PAD = 14
_LINK = 40
_NAME_COLUMNS, _TEXT_COLUMNS = 36, 50
_MOST_RULES = 3
_MOST_NODES = 12
_ROLES = {"leaf": "Server certificate", "intermediate": "Issuing CA", "root": "Root"}


@attrs.frozen(kw_only=True)
class Words:
    """A line of text in a picture."""

    x: float
    y: float
    words: str
    style: str = ""
    anchor: str = ""


@attrs.frozen(kw_only=True)
class Node:
    """A box: a certificate, or the place of one."""

    top: int
    height: int
    state: str
    """good, bad, plain or missing."""
    full: str
    texts: tuple[Words, ...]


@attrs.frozen(kw_only=True)
class Connector:
    """A line from a box to the next."""

    x: int
    top: int
    bottom: int
    state: str
    """verified, failed, unchecked or missing."""
    texts: tuple[Words, ...]

    @property
    def cross(self) -> int:
        """Where the mark of a broken link stands."""
        return (self.top + self.bottom) // 2 - 2


@attrs.frozen(kw_only=True)
class Picture:
    """A path, laid out."""

    width: int
    height: int
    caption: str
    verdict: str
    description: str
    nodes: tuple[Node, ...]
    links: tuple[Connector, ...]
    texts: tuple[Words, ...] = ()


def picture(report: Report, number: int, caption: str) -> Picture:
    """The path of that number."""
    chain = report.chains[number]
    nodes: list[Node] = []
    links: list[Connector] = []
    shown = chain.certificates[:_MOST_NODES]
    states = {link.child: link for link in chain.links}
    top = 1
    if awaiting(report) and report.roles[shown[0]] != "leaf":
        nodes.append(_awaited(report, top))
        links.append(_link(top + nodes[0].height, "missing", "would be issued by"))
        top += nodes[0].height + _LINK
    for index in shown:
        node = _certificate(report, index, number, top)
        nodes.append(node)
        top += node.height
        link = states.get(index)
        if link is not None and index != shown[-1]:
            links.append(_link(top, link.state.value, _said(link.state.value)))
            top += _LINK
    missing = _missing(report, number, len(chain.certificates) - len(shown))
    if missing is not None:
        links.append(_link(top, "missing", missing.link))
        top += _LINK
        nodes.append(_box(top, "missing", missing.role, missing.name, [missing.note], []))
        top += nodes[-1].height
    texts = []
    if chain.trust is not None:
        words = "trusted: it is in the trust store" if chain.trust == "given" else "presumed to be in the trust store"
        texts.append(Words(x=_PAD, y=top + 20, words=words, style="fcl-small"))
        top += 28
    return Picture(
        width=WIDTH,
        height=top + 1,
        caption=caption,
        verdict=chain.verdict.value,
        description=_description(report, number),
        nodes=tuple(nodes),
        links=tuple(links),
        texts=tuple(texts),
    )


def _certificate(report: Report, index: int, chain: int, top: int) -> Node:
    certificate = report.certificates[index]
    rules = _errors(report, index, chain)
    algorithm = str(certificate.signature_algorithm or "an unreadable algorithm")
    until = f"until {certificate.not_after:%Y-%m-%d}" if certificate.not_after else "its dates are unreadable"
    state = "bad" if broken(report, index, chain) else "good" if report.chains[chain].complete else "plain"
    return _box(
        top,
        state,
        _ROLES.get(report.roles[index], report.roles[index]),
        certificate.title or "without a name",
        [*textwrap.wrap(algorithm, _TEXT_COLUMNS)[:2], until],
        rules,
    )


def _awaited(report: Report, top: int) -> Node:
    """The place of the certificate that a request asks for."""
    waiting = [request for request in report.requests if not request.answered]
    name = waiting[0].title if len(waiting) == 1 else f"{waiting[0].title} and {len(waiting) - 1} more"
    rules = [
        finding.rule
        for finding in report.findings
        if finding.severity >= Severity.ERROR and finding.request is not None and finding.certificate is None
    ]
    return _box(top, "missing", "Request", name, ["not issued yet"], _few(list(dict.fromkeys(rules))))


def _errors(report: Report, index: int, chain: int) -> list[str]:
    """The rules that break that certificate on that path."""
    rules = list(
        dict.fromkeys(
            finding.rule
            for finding in report.findings
            if finding.severity >= Severity.ERROR and finding.certificate == index and finding.chain in (None, chain)
        )
    )
    return _few(rules)


def _few(rules: list[str]) -> list[str]:
    if len(rules) > _MOST_RULES:
        return [*rules[:_MOST_RULES], f"and {len(rules) - _MOST_RULES} more"]
    return rules


def _box(top: int, state: str, role: str, name: str, notes: list[str], rules: list[str]) -> Node:
    texts = [Words(x=_PAD, y=top + 21, words=role, style="fcl-small")]
    y = top + 41
    texts.append(Words(x=_PAD, y=y, words=short(name, _NAME_COLUMNS), style="fcl-name"))
    for note in notes:
        y += 18
        texts.append(Words(x=_PAD, y=y, words=short(note, _TEXT_COLUMNS), style=""))
    for rule in rules:
        y += 18
        texts.append(Words(x=_PAD, y=y, words=short(rule, _TEXT_COLUMNS - 3), style="fcl-code fcl-red"))
    return Node(top=top, height=y + 14 - top, state=state, full=name, texts=tuple(texts))


def _link(top: int, state: str, said: str) -> Connector:
    style = "fcl-small fcl-red" if state == "failed" else "fcl-small"
    words = Words(x=44, y=top + _LINK / 2 + 4, words=said, style=style)
    return Connector(
        x=27, top=top, bottom=top + _LINK, state="unchecked" if state == "missing" else state, texts=(words,)
    )


def _said(state: str) -> str:
    return {
        "verified": "issued by",
        "failed": "the signature does not verify",
        "unchecked": "issued by; the signature was not checked",
    }[state]


@attrs.frozen(kw_only=True)
class _Missing:
    link: str
    role: str
    name: str
    note: str


def _missing(report: Report, number: int, more: int) -> _Missing | None:
    """What stands in the place of that which is not there."""
    chain = report.chains[number]
    if more > 0:
        return _Missing(link="issued by", role="Not drawn", name=f"{more} more", note="the JSON report has them all")
    if chain.trust is not None:
        return None
    if ends_self_issued(report, number):
        return _Missing(link="", role="Trust store", name="Not trusted", note="this root is not in the trust store")
    name = chain.missing_issuer or "a CA without a name"
    return _Missing(link="issued by", role="Missing", name=name, note="not in the input")


def _description(report: Report, number: int) -> str:
    """The picture in words, for who cannot see it."""
    chain = report.chains[number]
    parts = []
    for place, index in enumerate(chain.certificates[:_MOST_NODES]):
        certificate = report.certificates[index]
        rules = _errors(report, index, number)
        broken_by = f", broken by {', '.join(rules)}" if rules else ""
        issued = "" if place == 0 else "issued by "
        parts.append(f"{issued}{certificate.title or 'a certificate without a name'}{broken_by}")
    missing = _missing(report, number, len(chain.certificates) - _MOST_NODES)
    if missing:
        parts.append(f"{missing.name}: {missing.note}")
    return printable(f"{chain.verdict.value.capitalize()}: {'; '.join(parts)}.")


def short(text: str, columns: int) -> str:
    """The text cut to so many columns; a wide character takes two."""
    text, used = printable(text), 0
    for place, sign in enumerate(text):
        used += 2 if east_asian_width(sign) in "WF" else 1
        if used > columns:
            return f"{text[: place - 1]}…"
    return text
