"""Domain names: SNIHostName, java.net.IDN (RFC 3490) and StringPrep (RFC 3491)."""

import re
import stringprep
import unicodedata

_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_ACE = "xn--"
_NOT_LDH = re.compile(r"[\x00-,./:-@\[-`{-\x7f]")
_LONGEST_LABEL = 63


class DomainNameError(ValueError):
    """The text is no domain name (Java: IllegalArgumentException); the message says why."""


def checked(text: str) -> str:
    """The text in ASCII, where SNIHostName takes it.

    :raises DomainNameError: where it does not.
    """
    found = to_ascii(text, std3=True)
    if not found:
        raise DomainNameError("it is empty")
    if found.endswith("."):
        raise DomainNameError("it ends with a dot")
    return found


def to_ascii(text: str, *, std3: bool = False) -> str:
    """`IDN.toASCII`; ``std3`` is USE_STD3_ASCII_RULES.

    :raises DomainNameError: where Java throws IllegalArgumentException.
    """
    labels = _DOTS.split(text)
    if labels == ["", ""]:
        return "."
    trailing = not labels[-1]
    if trailing:
        labels.pop()
    return ".".join(_label_to_ascii(label, std3) for label in labels) + "." * (trailing and bool(labels))


def _label_to_ascii(label: str, std3: bool) -> str:
    ascii_only = label.isascii()
    if not ascii_only:
        label = _nameprep(label)
    if not label:
        raise DomainNameError("one of its labels is empty")
    if std3:
        if _NOT_LDH.search(label):
            raise DomainNameError("it has a character other than letters, digits and hyphens")
        if label.startswith("-") or label.endswith("-"):
            raise DomainNameError("one of its labels begins or ends with a hyphen")
    if not label.isascii():
        if label[:4].lower() == _ACE:
            raise DomainNameError("one of its labels begins with xn-- and is not in ASCII")
        # Each character becomes one octet at least; so what is too long needs no encoding to be known.
        if len(label) <= _LONGEST_LABEL:
            label = _ACE + label.encode("punycode").decode("ascii").lower()
    if len(label) > _LONGEST_LABEL:
        raise DomainNameError(f"one of its labels has more than {_LONGEST_LABEL} characters")
    return label


def to_unicode(text: str) -> str:
    """`IDN.toUnicode` of what `to_ascii` made."""
    return ".".join(map(_label_to_unicode, text.split(".")))


def _label_to_unicode(label: str) -> str:
    if label[:4].lower() != _ACE:
        return label
    try:
        decoded = _punycode_decoded(label[4:])
        return decoded if to_ascii(decoded).lower() == label.lower() else label
    except ValueError:
        return label


def _punycode_decoded(text: str) -> str:
    """RFC 3492, section 6.2, as strict as Java: no delimiter without something before it, no surrogates.

    :raises ValueError: where it is no Punycode.
    """
    basic = max(text.rfind("-"), 0)
    out = list(text[:basic])
    number, place, bias = 0x80, 0, 72
    digits = iter(text[basic + 1 if basic else 0 :].lower())
    for digit in digits:
        before, weight, position = place, 1, 36
        while True:
            value = "abcdefghijklmnopqrstuvwxyz0123456789".index(digit)
            place += value * weight
            threshold = min(max(position - bias, 1), 26)
            if value < threshold:
                break
            weight *= 36 - threshold
            position += 36
            digit = next(digits, "")  # noqa: PLW2901
            if not digit or place > 0x7FFFFFFF:
                raise ValueError("cut off, or too great a number")
        size = len(out) + 1
        delta = (place - before) // (2 if before else 700)
        delta += delta // size
        bias = 0
        while delta > 455:
            delta //= 35
            bias += 36
        bias += 36 * delta // (delta + 38)
        number += place // size
        place %= size
        if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
            raise ValueError("no character")
        out.insert(place, chr(number))
        place += 1
    return "".join(out)


_PROHIBITED = (
    stringprep.in_table_c12,
    stringprep.in_table_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def _nameprep(label: str) -> str:
    """RFC 3491 over Unicode 3.2.

    :raises DomainNameError: for characters that are unassigned there, prohibited, or mixed from both directions.
    """
    kept = [character for character in label if not stringprep.in_table_b1(character)]
    if any(map(stringprep.in_table_a1, kept)):
        raise DomainNameError("it has a character that Unicode 3.2 does not")
    text = unicodedata.ucd_3_2_0.normalize("NFKC", "".join(map(_folded, kept)))
    if any(table(character) for character in text for table in _PROHIBITED):
        raise DomainNameError("it has a character that host names may not have")
    # Java takes directions from its own Unicode, not from 3.2's.
    directions = [unicodedata.bidirectional(character) for character in text]
    if not {"R", "AL"}.isdisjoint(directions) and (
        "L" in directions or not {directions[0], directions[-1]} <= {"R", "AL"}
    ):
        raise DomainNameError("one of its labels mixes directions of writing")
    return text


def _folded(character: str) -> str:
    """RFC 3454's table B.2. Python's own also knows small letters that came into Unicode after 3.2."""
    folded = stringprep.map_table_b2(character)
    return character if any(map(stringprep.in_table_a1, folded)) else folded


def normalized(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text)
