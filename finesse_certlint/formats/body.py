"""From the text between BEGIN and END to bytes, through all that editors, mailers and forms do to base64."""

import binascii
import re
from collections.abc import Callable

import attrs

from ..documents import Repair
from .quirks import QUIRKS

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_LONGEST_FRAME = 200
_FRAME = re.compile(r"(?P<number>[0-9]+)|(?P<blank>[ \t]+)|.", re.DOTALL)
_FRAME_WORDS = {"number": "[0-9]+", "blank": r"[ \t]+", "": ""}
_BASE64_LINE = re.compile(r"[A-Za-z0-9+/=\-_]+")


@attrs.frozen(kw_only=True)
class Body:
    """What base64 text held: its bytes, or why it cannot be read and where in the text."""

    data: bytes
    repairs: tuple[Repair, ...]
    error: str | None = None


def _sub(pattern: str, replacement: str = "", flags: int = 0) -> Callable[[str], str]:
    compiled = re.compile(pattern, flags)
    return lambda text: compiled.sub(replacement, text)


def _quoted_printable(text: str) -> str:
    """RFC 2045 section 6.7: soft line breaks, and octets as =XX. A padding `=` before the last line end is neither."""
    text = re.sub(r"=[ \t]*\r*\n(?=\s*[A-Za-z0-9+/=])", "", text)
    return re.sub(r"=(0[AD]|2[0BDF]|3D)", lambda m: chr(int(m[1], 16)), text)


def _percent(text: str) -> str:
    return re.sub(r"%(0[ADad]|09|2[0BDFbdf]|3[Dd])", lambda m: chr(int(m[1], 16)), text)


def _unicode_escapes(text: str) -> str:
    """RFC 8259, section 7: what is ASCII, as JSON and scripts write it."""
    return re.sub(r"\\{1,4}u00([0-7][0-9A-Fa-f])", lambda m: chr(int(m[1], 16)), text)


def _backticks(text: str) -> str:
    """PowerShell's escapes, where they stand for all line ends; elsewhere an `n may be a quotation mark and base64."""
    return text if "\n" in text or "\r" in text else re.sub("`[nrt]", "\n", text)


def _headers(text: str) -> str:
    """RFC 1421 section 4.4: header lines, their continuations, a blank line."""
    return re.sub(r"\A\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r*\n|\r)(?:[ \t]+[^\r\n]*(?:\r*\n|\r))*)+", "", text)


# Blanks, joiners, line separators and the marks of direction (general categories Zs, Zl, Zp and Cf of Unicode), as such and as the
# 8-bit octets of UTF-8. Windows puts the mark U+200E before what is copied out of its certificate dialogue.
_INVISIBLE = (
    "\xe2\x80[\x80-\x8f\xa8-\xaf]|\xe2\x81[\x9f-\xa4\xa6-\xaf]|\xe3\x80\x80|\xef\xbb\xbf|\xc2[\x85\xa0\xad]"
    "|[\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u2064\u2066-\u206f\u3000\ufeff]"
)

# Order matters: an outer encoding is undone before what stands in it. Each pattern takes time linear in the text,
# whatever it is: no unbounded repetition can begin at every character of a run of its own kind.
_MENDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("percent-encoded", _percent),
    ("html", _sub(r"&(?:nbsp|NewLine|#160|#xa0|#10|#13|#32|#xa|#xd);?|<[^<>]{0,200}>", "", re.IGNORECASE)),
    ("html", _sub(r"&(?:#43|#x2b|plus);", "+", re.IGNORECASE)),
    ("html", _sub(r"&(?:#47|#x2f|sol);", "/", re.IGNORECASE)),
    ("html", _sub(r"&(?:#61|#x3d|equals);", "=", re.IGNORECASE)),
    ("quoted-printable", _quoted_printable),
    ("escaped-newlines", _unicode_escapes),
    ("escaped-newlines", _sub(r"\\{1,4}/", "/")),
    ("escaped-newlines", _sub(r"\\{1,4}[nrt]", "\n")),
    ("escaped-newlines", _backticks),
    ("rfc-1421-headers", _headers),
    ("nbsp", _sub(_INVISIBLE)),
    ("quoted", _sub(r"^[ \t]*(?:[>|#*][ \t]?)+|^- ?\Z", "", re.MULTILINE)),  # RFC 9580, section 7.2, for the last
    ("string-literal", _sub(r"[\"'`]\s*\+[ \t]*\\?[ \t]*(?=[\r\n])|[\"'`,;\\()\[\]{}]")),
)


def decode(text: str) -> Body:
    """Read base64, mending what can be mended without guessing at a single character of it."""
    repairs: list[Repair] = []
    packed = "".join(text.split())
    if text.isascii() and _BASE64.fullmatch(packed):
        blanks = " " in text or "\t" in text
        if blanks and re.search(r"\S[ \t]+\S", text):
            repairs.append(QUIRKS["newlines-to-spaces"])
        elif blanks and re.search(r"^[ \t]+\S", text, re.MULTILINE):
            repairs.append(QUIRKS["indented"])
        return _finish(packed, repairs)
    for quirk, mend in _MENDS:
        mended = mend(text)
        if mended != text and QUIRKS[quirk] not in repairs:
            repairs.append(QUIRKS[quirk])
        text = mended
    packed = "".join(text.split())
    if ("-" in packed or "_" in packed) and "+" not in packed and "/" not in packed:
        packed = packed.replace("-", "+").replace("_", "/")
        repairs.append(QUIRKS["base64url"])
    return _finish(packed, repairs)


def _finish(packed: str, repairs: list[Repair]) -> Body:
    if not packed:
        return Body(data=b"", repairs=tuple(repairs), error="nothing stands between its BEGIN and END lines")
    if not _BASE64.fullmatch(packed):
        bad = re.search(r"[^A-Za-z0-9+/=]", packed)
        why = (
            f"it holds {_describe(bad[0])}, which base64 does not know"
            if bad
            else "padding (=) stands inside its base64"
        )
        return Body(data=b"", repairs=tuple(repairs), error=why)
    bare = packed.rstrip("=")
    if len(bare) % 4 == 1:
        return Body(data=b"", repairs=tuple(repairs), error="a character of its base64 is missing or too many")
    if len(packed) % 4:
        repairs.append(QUIRKS["no-padding"])
    return Body(data=binascii.a2b_base64(bare + "=" * (-len(bare) % 4)), repairs=tuple(repairs))


def _describe(character: str) -> str:
    shown = f"'{character}'" if character.isascii() and character.isprintable() else "a character"
    return f"{shown} (U+{ord(character):04X})"


def unframed(text: str) -> str | None:
    """The text without what stands before and behind each of its lines alike: a listing's numbers, a log's times, a script's words.

    :param text: what stands between a BEGIN and an END marker: it begins with what is behind each line, and ends with what is
        before each. Numbers may differ.
    :returns: None where nothing does.
    """
    first, *lines, before = re.split(r"\r+\n|\n|\r", text) if "\n" in text or "\r" in text else ("", "")
    behind = first.strip()
    if not (behind or before.strip()) or len(behind) + len(before) > _LONGEST_FRAME or before[-1:].isdigit():
        return None
    words = [_FRAME_WORDS[token.lastgroup or ""] or re.escape(token[0]) for token in _FRAME.finditer(before.lstrip())]
    prefix = re.compile(r"[ \t]*" + "".join(words))
    found = []
    for line in filter(None, map(str.rstrip, lines)):
        start = prefix.match(line)
        if start is None or not line.endswith(behind):
            return None
        found.append(line[start.end() : len(line) - len(behind)])
    return "\n".join(found)


def leading_lines(text: str) -> int:
    """How many characters of `text`, from its start, are lines of base64 and blank lines: the body without an END."""
    stop = 0
    for line in re.finditer(r"[^\r\n]*(?:[\r\n]+|\Z)", text):
        packed = "".join(line[0].split())
        if packed and not _BASE64_LINE.fullmatch(packed):
            break
        if line.start() == len(text):
            break
        stop = line.end()
    return stop
