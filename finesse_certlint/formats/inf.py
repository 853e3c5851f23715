"""The .inf files of Windows' certificate tools: what certreq is to ask for, and how a CA is to be set up.

    [NewRequest]
    Subject = "CN=gadgets.example.com"      ; a comment
    KeyLength = 2048
    [Extensions]
    2.5.29.17 = "{text}"
    _continue_ = "dns=gadgets.example.com&"

Only the form is read here: sections, keys, values, and on which line each stands.
"""

import re
from collections.abc import Iterator

import attrs

from ..documents import Block, Document, Kind, Setting, Span
from .der import Reading
from .text import Text, decode

CERTREQ = "certreq.inf"
CAPOLICY = "CAPolicy.inf"

_SECTION = re.compile(r"\[[ \t]*([^\]\r\n]{1,80}?)[ \t]*\][ \t]*(?:;.*)?")
_KNOWN = re.compile(r"^[ \t\ufeff]*\[[ \t]*(newrequest|certsrv_server)[ \t]*\]", re.IGNORECASE | re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_TOKEN = re.compile(r'"((?:[^"]++|"")*+)"?|;|[^";]++')
_STRING = re.compile(r"%([^%\s]{1,64})%")
_CONTINUE = "_continue_"
LONGEST_VALUE = 64 * 1024
"""Characters of one line that are read, and of what is continued; the rest is passed over."""
_LONGEST_STRING = 1024
_MOST_STRINGS = 64


def document(data: bytes, name: str, reading: Reading) -> Document | None:
    """The settings in a file; None where it is no such file."""
    source = decode(data)
    known = _KNOWN.search(source.text.replace("\r", "\n"))
    if known is None:
        return None
    found, stop = _settings(source, reading)
    settings = tuple(_expanded(found))
    if not settings:
        return None
    kind = CERTREQ if known[1].lower() == "newrequest" else CAPOLICY
    end = len(data) if stop == len(source.text) else source.byte(stop)
    blocks = [Block(kind=Kind.SETTINGS, span=Span(start=0, stop=end), label=kind, line=1)]
    if end < len(data):
        blocks.append(Block(kind=Kind.UNREAD, span=Span(start=end, stop=len(data))))
    return Document(name=name, size=len(data), format=kind, blocks=tuple(blocks), settings=settings)


def _settings(source: Text, reading: Reading) -> tuple[list[Setting], int]:
    """Every line `key = value`, what continues it joined to it; and where the reading stopped."""
    found: list[Setting] = []
    section, joined = "", False
    position, number = 0, 0
    while position < len(source.text):
        line = _LINE.match(source.text, position)
        assert line is not None
        number += 1
        words = line[0][:LONGEST_VALUE].strip(" \t\r\n\ufeff")
        if words and not reading.take():
            return found, position
        heading = _SECTION.fullmatch(words)
        if heading:
            section, joined = heading[1], False
        elif words:
            joined = _take(found, section, _words(source, words), _at(source, line, number), joined=joined)
        position = line.end()
    return found, position


def _at(source: Text, line: re.Match[str], number: int) -> Setting:
    """A setting without its words, at its place."""
    stop = line.start() + len(line[0].rstrip("\r\n"))
    return Setting(section="", key="", value="", line=number, start=source.byte(line.start()), stop=source.byte(stop))


def _take(found: list[Setting], section: str, words: str, place: Setting, *, joined: bool) -> bool:
    """Add what a line says; whether the next line goes on with it, as a backslash at the end says."""
    bare, text = _unquoted(words)
    goes_on = bare.rstrip().endswith("\\")
    if goes_on:
        text = text.rstrip().removesuffix("\\").rstrip()
    if joined and found:
        _continue(found, text.strip())
        return goes_on
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals:
        if key:
            found.append(attrs.evolve(place, section=section, key="", value=key))
    elif key.lower() == _CONTINUE and found and found[-1].section == section:
        _continue(found, value.strip())
    else:
        found.append(attrs.evolve(place, section=section, key=key, value=value.strip()))
    return goes_on


def _continue(found: list[Setting], value: str) -> None:
    last = found[-1]
    if len(last.value) < LONGEST_VALUE:
        found[-1] = attrs.evolve(last, value=(last.value + value)[:LONGEST_VALUE])


def _unquoted(words: str) -> tuple[str, str]:
    """A line without its comment: as it stands, and without its quotation marks."""
    bare, text = [], []
    for token in _TOKEN.finditer(words):
        if token[0] == ";":
            break
        bare.append(token[0])
        text.append(token[0] if token[1] is None else token[1].replace('""', '"'))
    return "".join(bare), "".join(text)


def _words(source: Text, line: str) -> str:
    """The line as it was meant: 8-bit text is UTF-8 where it can be, and Windows' own code page otherwise."""
    if source.width > 1 or line.isascii():
        return line
    octets = line.encode("latin-1")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _expanded(found: list[Setting]) -> Iterator[Setting]:
    """The settings with what [Strings] defines put in the place of %names%."""
    strings = {s.key.lower(): s.value[:_LONGEST_STRING] for s in found if s.section.lower() == "strings"}

    def value(match: re.Match[str]) -> str:
        return strings.get(match[1].lower(), match[0])

    for setting in found:
        if "%" in setting.key + setting.value and setting.section.lower() != "strings":
            key, text = (_STRING.sub(value, words, _MOST_STRINGS) for words in (setting.key, setting.value))
            yield attrs.evolve(setting, key=key, value=text)
        else:
            yield setting
