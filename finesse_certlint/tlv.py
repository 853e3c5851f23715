"""Tag, length, value: the frame of DER and BER, read without recursion and without copying.

asn1crypto decodes what stands inside; this module only finds where things begin and end, because it must go on where a
strict parser stops: in truncated files, between objects of a stream, around one damaged certificate among good ones.
Offsets are relative to the buffer that is passed in.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

BOOLEAN = 0x01
SEQUENCE = 0x30
SET = 0x31
INTEGER = 0x02
BIT_STRING = 0x03
OCTET_STRING = 0x04
NULL = 0x05
OID = 0x06
UTC_TIME = 0x17
GENERALIZED_TIME = 0x18
CONTEXT_0 = 0xA0
CONTEXT_3 = 0xA3

_MAX_NESTING = 64
_MAX_OID_BYTES = 512
_DOTTED = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,40}){1,63}", re.ASCII)


class TlvError(ValueError):
    """The bytes at this place are no complete element; the message says why."""


class Tlv(NamedTuple):
    """One element: its first tag byte and the offsets of its header, its content, its content's end and its own end."""

    tag: int
    start: int
    content: int
    content_stop: int
    stop: int


_tuple = tuple.__new__
"""What a NamedTuple's own constructor calls, at half the cost: tens of elements are read for every certificate."""


def read(data: bytes, start: int, limit: int) -> Tlv:
    """The element at `start`, which must end at or before `limit`.

    :raises TlvError: where it is cut off, has no valid length, or nests indefinite lengths too deep.
    """
    length: int | None
    if start + 1 < limit and (tag := data[start]) & 0x1F != 0x1F:
        # Nearly every header is of two octets or, in what is longer than 127 or 255, of three or four.
        length = data[start + 1]
        content = start + 2
        if length == 0x82 and start + 3 < limit:
            content, length = start + 4, data[start + 2] << 8 | data[start + 3]
        elif length == 0x81 and start + 2 < limit:
            content, length = start + 3, data[start + 2]
        elif length >= 0x80:
            tag, length, content = read_header(data, start, limit)
    else:
        tag, length, content = read_header(data, start, limit)
    if length is None:
        content_stop = _end_of_contents(data, content, limit)
        return Tlv(tag, start, content, content_stop, content_stop + 2)
    stop = content + length
    if stop > limit:
        raise TlvError(f"cut off: it says {length} bytes, and {limit - content} are there")
    return _tuple(Tlv, (tag, start, content, stop, stop))


def read_header(data: bytes, start: int, limit: int) -> tuple[int, int | None, int]:
    """First tag byte, length (None: indefinite), offset of the content."""
    if start + 2 > limit:
        raise TlvError("cut off in its header")
    tag = data[start]
    position = start + 1
    if tag & 0x1F == 0x1F:
        while position < limit and data[position] & 0x80:
            position += 1
        position += 1
        if position >= limit or position - start > 6:
            raise TlvError("its tag has no end")
    length = data[position]
    position += 1
    if length < 0x80:
        return tag, length, position
    if length == 0x80:
        if not tag & 0x20:
            raise TlvError("indefinite length on a primitive")
        return tag, None, position
    size = length & 0x7F
    if size > 8 or position + size > limit:
        raise TlvError("its length field is cut off or too long")
    return tag, int.from_bytes(data[position : position + size], "big"), position + size


def _end_of_contents(data: bytes, position: int, limit: int) -> int:
    """Offset of the two zero bytes that end an indefinite length whose content starts at `position`."""
    nesting = 1
    while True:
        if data[position : position + 2] == b"\0\0":
            nesting -= 1
            if nesting == 0:
                return position
            position += 2
            continue
        _, length, content = read_header(data, position, limit)
        if length is None:
            nesting += 1
            if nesting > _MAX_NESTING:
                raise TlvError(f"indefinite lengths nested deeper than {_MAX_NESTING}")
            position = content
        else:
            position = content + length
        if position >= limit:
            raise TlvError("cut off: an indefinite length without its end")


def encode(tag: int, *content: bytes) -> bytes:
    """One element in DER, its content in parts."""
    body = b"".join(content)
    if len(body) < 0x80:
        return bytes((tag, len(body))) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + body


def children(data: bytes, parent: Tlv) -> Iterator[Tlv]:
    """The elements inside a constructed one, in order.

    :raises TlvError: at the first that is not whole; those before it have been yielded.
    """
    position, limit = parent.content, parent.content_stop
    while position < limit:
        if position + 1 < limit and (length := data[position + 1]) < 0x80 and (tag := data[position]) & 0x1F != 0x1F:
            content = position + 2  # as in `read`, which is not called for each
            stop = content + length
            if stop <= limit:
                yield _tuple(Tlv, (tag, position, content, stop, stop))
                position = stop
                continue
        element = read(data, position, limit)
        yield element
        position = element.stop


def pieces(data: bytes, parent: Tlv) -> list[bytes] | None:
    """The same elements, all octets of each; None where one is not whole."""
    position, limit = parent.content, parent.content_stop
    found = []
    try:
        while position < limit:
            length = data[position + 1]
            stop = position + 2 + length
            if length >= 0x80 or stop > limit or data[position] & 0x1F == 0x1F:
                stop = read(data, position, limit).stop
            found.append(data[position:stop])
            position = stop
    except (TlvError, IndexError):
        return None
    return found


def is_shortest(element: Tlv) -> bool:
    """Whether its header is as DER wants it, "with the minimum number of octets" for a definite length (X.690 section 10.1).

    Of elements that are longer than 65,535 octets, which no certificate's are, it says no.
    """
    return are_shortest((element,))


def are_shortest(elements: Iterable[Tlv]) -> bool:
    """The same of all of them."""
    for _, start, content, content_stop, stop in elements:
        if stop != content_stop:
            return False
        if content - start != 2:  # in a header of two octets the length has one, of less than 0x80
            length = content_stop - content
            if length < 0x80 or content - start != (3 if length < 0x100 else 4):
                return False
    return True


SHORTEST_LENGTH = rb"[\x00-\x7f]|\x81[\x80-\xff]|\x82[\x01-\xff][\x00-\xff]"
"""A pattern for length octets as DER wants them, of up to 65,535 octets."""


def length_of(octets: bytes) -> int:
    """The length that such octets state."""
    return octets[0] if len(octets) == 1 else int.from_bytes(octets[1:], "big")


class SignedParts(NamedTuple):
    """What a signed object is made of (RFC 5280 section 4.1): what is signed, the algorithm, the signature."""

    signed: Tlv
    algorithm: Tlv
    value: Tlv


def read_signed(data: bytes, outer: Tlv) -> SignedParts:
    """The three members of a signed object.

    :raises TlvError: where one is missing or not whole.
    """
    stop = outer.content_stop
    signed = read(data, outer.content, stop)
    algorithm = read(data, signed.stop, stop)
    return _tuple(SignedParts, (signed, algorithm, read(data, algorithm.stop, stop)))


def first_tags(data: bytes, parent: Tlv, most: int) -> list[int]:
    """The tags of its first elements, up to `most`, fewer where one is not whole: what tells its shape."""
    found: list[int] = []
    position, limit = parent.content, parent.content_stop
    try:
        while position < limit and len(found) < most:
            tag, length = data[position], data[position + 1]
            if length < 0x80 and tag & 0x1F != 0x1F:
                position += 2 + length
                if position > limit:
                    break
            else:
                position = read(data, position, limit).stop
            found.append(tag)
    except (TlvError, IndexError):
        pass
    return found


@lru_cache(maxsize=4096)  # a certificate names a few dozen, and all certificates the same ones
def oid(content: bytes) -> str:
    """An OBJECT IDENTIFIER's content octets as dotted decimal (X.690 section 8.19).

    :raises TlvError: where it is empty, unfinished, not minimal, or longer than any real one.
    """
    if not content or content[-1] & 0x80 or len(content) > _MAX_OID_BYTES:
        raise TlvError("not an OBJECT IDENTIFIER")
    arcs: list[int] = []
    arc = 0
    fresh = True
    for byte in content:
        if fresh and byte == 0x80:
            raise TlvError("an OBJECT IDENTIFIER with a padded arc")
        arc = arc << 7 | byte & 0x7F
        fresh = not byte & 0x80
        if fresh:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def encode_oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER in DER.

    :raises TlvError: where it is none.
    """
    arcs = [int(arc) for arc in dotted.split(".")] if _DOTTED.fullmatch(dotted) else []
    if len(arcs) < 2 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39):
        raise TlvError("not an OBJECT IDENTIFIER")
    content = bytearray()
    for arc in (40 * arcs[0] + arcs[1], *arcs[2:]):
        octets = [arc & 0x7F]
        while arc := arc >> 7:
            octets.append(0x80 | arc & 0x7F)
        content += bytes(reversed(octets))
    return encode(OID, bytes(content))
