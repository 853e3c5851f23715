"""Values of indefinite length made definite, as sun.security.util's DerIndefLenConverter does."""

from typing import Final

from ..der import encode
from .refusal import LONG_LENGTH, WRONG_LENGTH, UnreadableError, fail

MAX_DEPTH: Final = 128


def definite_lengths(data: bytes, position: int, stop: int) -> tuple[bytes, int]:
    """DerIndefLenConverter: the value that begins there with definite lengths, and where the next one begins.

    Only tags of one octet are known to it, and values of definite length are not looked into.
    """
    open_tags: list[int] = []
    parts = [bytearray()]
    while position + 2 <= stop:
        if data[position] == 0 and data[position + 1] == 0:
            if not open_tags:
                fail("an end-of-contents stands alone in it", "EOC does not have matching indefinite-length tag")
            inner = bytes(parts.pop())
            parts[-1] += encode(open_tags.pop(), inner)
            position += 2
        elif data[position + 1] == 0x80:
            if len(open_tags) >= MAX_DEPTH:
                fail("indefinite lengths nest too deep in it", "Nesting sequence depth limit reached.")
            open_tags.append(data[position])
            parts.append(bytearray())
            position += 2
        else:
            tag, length = data[position], data[position + 1]
            position += 2
            if length > 0x80:
                count = length & 0x7F
                if count > 4:
                    fail(LONG_LENGTH, "Too much data")
                if stop - position < count + 1:
                    break
                length = int.from_bytes(data[position : position + count], "big")
                if length >> 31:
                    fail(WRONG_LENGTH, "Invalid length bytes")
                position += count
            parts[-1] += encode(tag, data[position : position + length])
            position += length
        if not open_tags and position <= stop:
            return bytes(parts[0]), position
    raise UnreadableError("an indefinite length in it has no end", "not enough data to resolve indef len BER")


def all_definite(data: bytes) -> bytes:
    """The same of a whole array, with what follows the value."""
    value, following = definite_lengths(data, 0, len(data))
    return value + data[following:]
