"""The text of a java.security, as `java.util.Properties.load` reads it."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from ..errors import ProfileError
from ..findings import printable

# A java.security has some seventy thousand characters.
LONGEST_TEXT: Final = 1 << 20
_WHITE = " \t\f"
_LINE_END = re.compile(r"\r\n|\r|\n")
_KEY_AND_VALUE = re.compile(r"((?:[^\\=: \t\f]|\\.)*+)[ \t\f]*+[=:]?[ \t\f]*+(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_CONTROLS = {"t": "\t", "r": "\r", "n": "\n", "f": "\f"}


def properties(text: str) -> Mapping[str, str]:
    r"""The security properties that the text of a java.security sets, as `java.util.Properties.load` reads it.

    Comments begin with `#` or `!`; a `\` at a line's end continues it; `=`, `:` or white space ends the key; `\uXXXX` is
    one character; of a key that is set twice the last value counts. What an `include` line of JDK 24 and later draws in
    is not read: such lines are kept as a property of the name `include`, as every earlier release takes them.

    :param text: the file's text. Java reads it as ISO 8859-1.
    :returns: the values by their keys. Nothing in a value is interpreted.
    :raises ProfileError: for a text that is far too long for a java.security, and for a `\u` without four hexadecimal
        digits, at which Java does not start; the message names the line.
    """
    if len(text) > LONGEST_TEXT:
        raise ProfileError(
            f"java.security: {len(text):,} characters are no java.security, which has some 70,000; "
            f"at most {LONGEST_TEXT:,} are read. Give the file conf/security/java.security itself"
        )
    found: dict[str, str] = {}
    for number, line in _logical_lines(text):
        parts = _KEY_AND_VALUE.fullmatch(line)
        assert parts is not None  # every part of it may be empty
        found[_unescaped(parts[1], number)] = _unescaped(parts[2], number)
    return MappingProxyType(found)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines with their continuations, each with the number of its first, without comments and empty ones."""
    natural = enumerate(_LINE_END.split(text), 1)
    for number, first in natural:
        line, parts = first.lstrip(_WHITE), []
        # A line of nothing but a continuation leaves the next one free to be a comment.
        if not line or line[0] in "#!":
            continue
        while _continues(line):
            parts.append(line[:-1])
            line = next(natural, (0, ""))[1].lstrip(_WHITE)
            if not any(parts) and line[:1] in ("#", "!"):
                line = ""
        if line or any(parts):
            yield number, "".join(parts) + line


def _continues(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _unescaped(text: str, number: int) -> str:
    def character(escape: re.Match[str]) -> str:
        if escape[1]:
            return chr(int(escape[1], 16))
        if escape[2] == "u":
            raise ProfileError(
                f"java.security, line {number}: `{printable(text[escape.start() :][:6])}` is no character: "
                r"\u needs four hexadecimal digits, and Java does not start. Write \\u for a backslash and a u"
            )
        return _CONTROLS.get(escape[2], escape[2])

    plain = _ESCAPE.sub(character, text)
    # Java's characters are UTF-16; a half of one is nothing that could be printed.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
