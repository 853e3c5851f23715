"""From the text between BEGIN and END to bytes, through all that editors, mailers and forms do to base64."""

import binascii
import re
from collections.abc import Callable

import attrs

from ..documents import Repair
from .quirks import QUIRKS

_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
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


def _headers(text: str) -> str:
    """RFC 1421 section 4.4: header lines, their continuations, a blank line."""
    return re.sub(r"\A\s*(?:[A-Za-z][A-Za-z0-9-]*:[^\r\n]*(?:\r*\n|\r)(?:[ \t]+[^\r\n]*(?:\r*\n|\r))*)+", "", text)


# Order matters: an outer encoding is undone before what stands in it. Each pattern takes time linear in the text,
# whatever it is: no unbounded repetition can begin at every character of a run of its own kind.
_MENDS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("percent-encoded", _percent),
    ("html", _sub(r"&(?:nbsp|NewLine|#160|#xa0|#10|#13|#32|#xa|#xd);?|<[^<>]{0,200}>", "", re.IGNORECASE)),
    ("html", _sub(r"&(?:#43|#x2b|plus);", "+", re.IGNORECASE)),
    ("html", _sub(r"&(?:#47|#x2f|sol);", "/", re.IGNORECASE)),
    ("html", _sub(r"&(?:#61|#x3d|equals);", "=", re.IGNORECASE)),
    ("quoted-printable", _quoted_printable),
    ("escaped-newlines", _sub(r"\\{1,4}u002[bB]", "+")),
    ("escaped-newlines", _sub(r"\\{1,4}u003[dD]", "=")),
    ("escaped-newlines", _sub(r"\\{1,4}/", "/")),
    ("escaped-newlines", _sub(r"\\{1,4}[nrt]", "\n")),
    ("rfc-1421-headers", _headers),
    ("nbsp", _sub("\xe2\x80[\x8b\xaf\x87]|\xef\xbb\xbf|\xc2\xa0|[\xa0\u2007\u200b\u202f\ufeff]")),
    ("quoted", _sub(r"^[ \t]*(?:[>|#*][ \t]?)+", "", re.MULTILINE)),
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
