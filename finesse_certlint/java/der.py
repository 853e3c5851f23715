"""What values hold that Java has read before: their form is not looked at again.

And what sun.security.util.DerValue makes of a string.
"""

from typing import Final

from ..tlv import Tlv, TlvError, children, oid, read

STRING_TYPES: Final = {
    0x0C: "utf-8",
    0x13: "ascii",
    0x14: "latin-1",
    0x16: "ascii",
    0x1B: "ascii",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}
"""The tags that `DerValue.getAsString` knows, and how it decodes each."""
_UNIVERSAL_STRING = 0x1C


def as_string(tag: int, octets: bytes, *, universal: bool) -> str | None:
    """The text of a value, as `DerValue.getAsString` has it.

    :param tag: the value's tag.
    :param octets: its content.
    :param universal: whether the release reads UniversalString.
    :returns: the text; None where Java has a null, for a tag that is no string's.
    """
    encoding = STRING_TYPES.get(tag)
    if encoding is None or (tag == _UNIVERSAL_STRING and not universal):
        return None
    return octets.decode(encoding, "replace")


def members(data: bytes, outer: Tlv | None = None) -> list[Tlv]:
    """The elements inside a constructed one, by default inside the one that `data` is.

    :raises TlvError: where one of them is not whole.
    """
    return list(children(data, outer or read(data, 0, len(data))))


def content(data: bytes, element: Tlv) -> bytes:
    """An element's content octets."""
    return data[element.content : element.content_stop]


def number(octets: bytes) -> int:
    """An INTEGER's content octets as a number."""
    return int.from_bytes(octets, "big", signed=True)


def dotted(octets: bytes) -> str:
    """An OBJECT IDENTIFIER's content octets as dotted decimal, of whatever length Java reads.

    One that is longer than tlv.py takes, and not than Java does, is given in hexadecimal: it only must equal itself.
    """
    try:
        return oid(octets)
    except TlvError:
        return octets.hex()


def encode(tag: int, octets: bytes) -> bytes:
    """An element with that content, its length in the shortest form."""
    if len(octets) < 0x80:
        return bytes([tag, len(octets)]) + octets
    length = len(octets).to_bytes((len(octets).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + octets
