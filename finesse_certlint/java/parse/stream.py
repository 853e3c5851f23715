"""Values and streams of them, as sun.security.util's DerValue and DerInputStream read them, release by release."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...tlv import BIT_STRING, INTEGER, OCTET_STRING, OID, SEQUENCE, SET
from ..der import dotted, encode
from .indefinite import all_definite, definite_lengths
from .refusal import CUT, CUT_OR_WRONG, INDEFINITE, LONG_LENGTH, WRONG_LENGTH, fail
from .times import Clock

if TYPE_CHECKING:
    from . import CertificateFactory

BOOLEAN = 0x01
_MAX_PARTS_DEPTH = 30
_MAX_OID_BYTES = 4096
_TIME_REACH = 1024


_PADDED = re.compile(rb"(?:\A|[\x00-\x7f])\x80", re.DOTALL)


class Stream:
    """A DerInputStream: a place in an array, up to an end that is not always the array's."""

    __slots__ = ("buffer", "end", "java", "position")

    def __init__(self, java: "CertificateFactory", buffer: bytes, position: int, end: int) -> None:
        self.java = java
        self.buffer = buffer
        self.position = position
        self.end = end

    @property
    def available(self) -> int:
        """May be negative in 17 and 21, after a value of indefinite length in the midst of others."""
        return self.end - self.position

    def rest(self) -> bytes:
        return self.buffer[self.position : self.end]

    def value(self) -> "Value":
        """The next value, whatever its tag (getDerValue)."""
        return self._plain() or (self._sliced() if self.java.whole_arrays else self._streamed())

    def _plain(self, wanted: int | None = None) -> "Value | None":
        """The next value where its tag has one octet and its length the shortest form: all releases read those alike.

        None where it is another, or has another tag than the one that is wanted; nothing is read then.
        """
        buffer, position, end = self.buffer, self.position, self.end
        content = position + 2
        if content > end:
            return None
        tag, length = buffer[position], buffer[position + 1]
        if length >= 0x80:
            count = length - 0x80
            content += count
            if not 1 <= count <= 2 or content > end:
                return None
            length = int.from_bytes(buffer[content - count : content], "big")
            if length < (0x80 if count == 1 else 0x100):
                return None
        stop = content + length
        if stop > end or tag & 0x1F == 0x1F or (wanted is not None and tag != wanted):
            return None
        self.position = stop
        return Value(self.java, tag, buffer, content, stop)

    def _sliced(self) -> "Value":
        value, following = _header(self.java, self.buffer, self.position, self.end, exact=False)
        self.position = value.end if value.buffer is self.buffer else following
        if value.buffer is not self.buffer and not self.java.resumes_after_indefinite:
            # DerInputStream.getDerValue counts back from the end of the array, even where the stream ends before it.
            self.position += len(self.buffer) - self.end
        return value

    def whole_sequence(self) -> bytes:
        """The octets of the next value, where it is a SEQUENCE; nothing is read. Empty for another value."""
        position = self.position
        value = self._plain(SEQUENCE)
        self.position = position
        return b"" if value is None else self.buffer[position : value.end]

    def _octet(self) -> int:
        """The next octet; -1 at the end, as InputStream.read has it."""
        if self.position >= self.end:
            return -1
        self.position += 1
        return self.buffer[self.position - 1]

    def _length(self) -> int:
        """DerInputStream.getLength; -1 is the indefinite length."""
        first = self._octet()
        if first < 0x80:
            if first < 0:
                fail(CUT, "Short read of DER length")
            return first
        count = first & 0x7F
        if count == 0:
            return -1
        if count > 4:
            fail(LONG_LENGTH, f"lengthTag={count}, too big.")
        octets = bytes(self._octet() & 0xFF for _ in range(count))
        length = int.from_bytes(octets, "big")
        if length >> 31:
            fail(WRONG_LENGTH, "Invalid length bytes")
        if self.java.minimal_lengths and (octets[0] == 0 or length < 0x80):
            fail(
                "a length in its encoding takes more octets than it needs, which DER does not allow",
                "Redundant length bytes found" if octets[0] == 0 else "Should use short form for length",
            )
        return length

    def definite(self) -> int:
        """A length that must be definite (getDefiniteLength)."""
        length = self._length()
        if length < 0:
            fail(INDEFINITE, "Indefinite length encoding not supported")
        return length

    def _streamed(self) -> "Value":
        tag = self._octet() & 0xFF
        length = self._length()
        if length >= 0:
            if length > self.available:
                fail(CUT_OR_WRONG, "insufficient data")
            start = self.position
            self.position += length
            return Value(self.java, tag, self.buffer, start, start + length)
        converted = Stream(self.java, *_whole(definite_lengths(self.buffer, self.position - 2, self.end)[0]))
        converted._octet()
        length = converted.definite()
        if length > converted.available:
            fail(CUT_OR_WRONG, "insufficient data")
        # "in.skip(length + offset)": right only where nothing inside changed its size in the conversion.
        self.position = min(self.position + length + 2, self.end)
        return Value(self.java, tag, converted.buffer, converted.position, converted.position + length)

    def expect(self, tag: int, name: str) -> "Value":
        """A primitive value of that tag, read without a value in between by the older releases."""
        if self.java.whole_arrays:
            return self.value()
        plain = self._plain(tag)
        if plain is not None:
            return plain
        if self._octet() != tag:
            fail(f"it holds no {name} where one belongs", f"DER input not {name}")
        length = self.definite()
        if length > self.available:
            fail(CUT_OR_WRONG, "Short read")
        start = self.position
        self.position += length
        return Value(self.java, tag, self.buffer, start, start + length)

    def oid(self) -> str:
        return self.expect(OID, "OBJECT IDENTIFIER").oid()

    def integer(self) -> int:
        """getBigInteger and getPositiveBigInteger, as far as the two can fail: the number, two's complement."""
        return self.expect(INTEGER, "INTEGER").integer()

    def small_integer(self) -> int:
        return self.expect(INTEGER, "INTEGER").small_integer()

    def octets(self) -> bytes:
        value = self.expect(OCTET_STRING, "OCTET STRING")
        if value.tag != OCTET_STRING:
            fail("it holds no OCTET STRING where one belongs", "DER input not an octet string")
        return value.octets()

    def bits(self) -> tuple[bytes, int]:
        """getUnalignedBitString: the octets and the number of bits."""
        value = self.expect(BIT_STRING, "BIT STRING")
        if not self.java.whole_arrays and value.start == value.end:
            return b"", 0
        return value.bits() or (b"", 0)

    def time(self, tag: int) -> None:
        """getUTCTime or getGeneralizedTime; only whether it can be read matters here."""
        if self.java.whole_arrays:
            value = self.value()
            if value.tag != tag:
                fail("it is neither UTCTime nor GeneralizedTime")
            Clock(value.buffer, value.start, digits_only=self.java.digits_only).read(value.end - value.start, tag)
            return
        if self._octet() != tag:
            fail("it is neither UTCTime nor GeneralizedTime", "DER input, time tag invalid")
        length = self.definite()
        if length > self.available:
            fail(CUT_OR_WRONG, "short read of DER time")
        clock = Clock(self.buffer, self.position, digits_only=self.java.digits_only)
        clock.read(length, tag)
        self.position = clock.position

    def members(self, tag: int | None) -> list["Value"]:
        """getSequence and getSet: the values in the next one; None takes any tag."""
        if self.java.whole_arrays:
            value = self.value()
            if tag is not None and value.tag != tag:
                fail(f"{_article(tag)} is expected, and another value stands there", "Not the correct tag")
            return value.data().subvalues()
        plain = self._plain(tag)
        if plain is not None:
            return plain.data().subvalues()
        found = self._octet() & 0xFF
        if tag is not None and found != tag:
            fail(f"{_article(tag)} is expected, and another value stands there", f"{_article(tag)[2:]} tag error")
        length = self._length()
        if length < 0:
            converted, following = definite_lengths(self.buffer, self.position - 2, self.end)
            self.buffer, self.position, self.end = _whole(converted + self.buffer[following : self.end])
            if self._octet() != found:
                fail("its indefinite length cannot be resolved", "Indefinite length encoding not supported")
            length = self.definite()
        if length > self.available:
            fail(CUT_OR_WRONG, "insufficient data")
        inner = Stream(self.java, self.buffer, self.position, self.position + length)
        self.position += length
        return inner.subvalues()

    def values(self) -> Iterator["Value"]:
        """What is left, value by value; a negative rest counts as one ("available() != 0")."""
        while self.position != self.end:
            yield self.value()

    def subvalues(self) -> list["Value"]:
        """DerValue.subs, for which a negative rest is none ("available() > 0")."""
        found = []
        while self.position < self.end:
            found.append(self.value())
        return found


class Value:
    """A DerValue. `stream` is its field `data`, which remembers how far it was read; `data()` begins anew."""

    __slots__ = ("_left", "_stream", "buffer", "end", "java", "start", "tag")

    def __init__(self, java: "CertificateFactory", tag: int, buffer: bytes, start: int, end: int) -> None:
        self.java = java
        self.tag = tag
        self.buffer = buffer
        self.start = start
        self.end = end
        self._left = start
        self._stream: Stream | None = None

    @property
    def stream(self) -> Stream:
        if self._stream is None:  # most values are never read as one
            self._stream = Stream(self.java, self.buffer, self._left, self.end)
        return self._stream

    def exhaust(self) -> None:
        """Nothing is left in its stream."""
        self._left = self.end
        if self._stream is not None:
            self._stream.position = self.end

    def data(self) -> Stream:
        return Stream(self.java, self.buffer, self.start, self.end)

    @property
    def content(self) -> bytes:
        return self.buffer[self.start : self.end]

    @property
    def constructed(self) -> bool:
        return bool(self.tag & 0x20)

    def context(self, number: int) -> bool:
        """isContextSpecific: the class and the number, constructed or not."""
        return self.tag & 0xDF == 0x80 | number

    def encoded(self) -> bytes:
        """toByteArray: with a length of the shortest form."""
        return encode(self.tag, self.content)

    def inside(self) -> Stream:
        """toDerInputStream, which takes a SEQUENCE and a SET alike."""
        if self.tag not in (SEQUENCE, SET):
            fail(
                "a SEQUENCE is expected, and another value stands there",
                f"toDerInputStream rejects tag type {self.tag}",
            )
        return self.stream

    def oid(self) -> str:
        content = self.content
        if self.tag != OID:
            fail("it holds no OBJECT IDENTIFIER where one belongs", "DerValue.getOID, not an OID")
        if not content or content[-1] & 0x80:
            fail("an OBJECT IDENTIFIER in it has no end", "Invalid DER encoding, not ended")
        if len(content) > _MAX_OID_BYTES:
            fail(
                "an OBJECT IDENTIFIER in it is too long",
                "ObjectIdentifier encoded length exceeds the restriction in JDK",
            )
        if b"\x80" in content and _PADDED.search(content):
            fail("an OBJECT IDENTIFIER in it is padded", "Invalid DER encoding, useless extra octet detected")
        self.exhaust()
        return dotted(content)

    def integer(self) -> int:
        if self.tag != INTEGER:
            fail("it holds no INTEGER where one belongs", "DerValue.getBigInteger, not expected")
        if self.start == self.end:
            fail("an INTEGER in it has no octets", "Invalid encoding: zero length Int value")
        self.exhaust()
        return int.from_bytes(self.content, "big", signed=True)

    def small_integer(self) -> int:
        number = self.integer()
        if not -(1 << 31) <= number < 1 << 31:
            fail("a number in it is out of bounds", "Integer exceeds maximum valid value")
        return number

    def boolean(self) -> bool:
        if self.tag != BOOLEAN or self.end - self.start != 1:
            fail("it holds no BOOLEAN of one octet where one belongs", "DerValue.getBoolean, invalid length")
        self.exhaust()
        return self.content != b"\0"

    def octets(self, depth: int = 0) -> bytes:
        """getOctetString: constructed ones too, of whatever class."""
        if depth >= _MAX_PARTS_DEPTH:
            fail("an OCTET STRING in it nests too deep", f"Nested OctetString limit reached ({_MAX_PARTS_DEPTH}).")
        if self.tag != OCTET_STRING and not (self.constructed and self.tag & 0x1F == OCTET_STRING):
            fail("it holds no OCTET STRING where one belongs", "DerValue.getOctetString, not an Octet String")
        content = self.content
        self.exhaust()
        if not content or not self.constructed:
            return content
        if self.java.whole_arrays:
            return b"".join([part.octets(depth + 1) for part in self.data().subvalues()])
        stream = stream_of(self.java, content)
        parts = []
        while stream.available:
            parts.append(stream.octets())
        return b"".join(parts)

    def bits(self, *, any_tag: bool = False) -> tuple[bytes, int] | None:
        """getUnalignedBitString; None where the older releases return null."""
        if self.tag != BIT_STRING and not any_tag:
            fail("it holds no BIT STRING where one belongs", "DerValue.getBitString, not a bit string")
        content = self.content
        if not content:
            if self.java.whole_arrays:
                fail("a BIT STRING in it has no octets", "Invalid encoding: zero length bit string")
            return None
        self.exhaust()
        padding = content[0]
        if padding > 7:
            fail("a BIT STRING in it says that more than 7 bits are unused", "Invalid number of padding bits")
        count = 8 * (len(content) - 1) - padding
        if count < 0:
            if self.java.whole_arrays:
                fail("a BIT STRING in it has unused bits, and none else", "Not enough bytes in BitString")
            count = 0
        octets = content[1:]
        if octets and padding:
            octets = octets[:-1] + bytes([octets[-1] & 0xFF << padding & 0xFF])
        return octets, count

    def flags(self, *, any_tag: bool = False) -> None:
        """A BIT STRING whose bits are used; null would be a NullPointerException."""
        if self.bits(any_tag=any_tag) is None:
            fail("a BIT STRING in it has no octets", "NullPointerException")

    def ia5(self) -> str:
        return self.content.decode("ascii", "replace")


def is_plain_oid(content: bytes) -> bool:
    """Whether these octets are an OBJECT IDENTIFIER that is read by all releases; other such have an octet 0x80 within."""
    return 0 < len(content) < 0x80 and content[-1] < 0x80 and b"\x80" not in content


def _article(tag: int) -> str:
    return {SEQUENCE: "a SEQUENCE", SET: "a SET"}.get(tag, f"a value with tag 0x{tag:02x}")


def _whole(buffer: bytes) -> tuple[bytes, int, int]:
    return buffer, 0, len(buffer)


def _header(java: "CertificateFactory", buffer: bytes, position: int, stop: int, *, exact: bool) -> tuple[Value, int]:
    """The constructor of DerValue in 17 and 21: the value that begins there, and where the next one would.

    With `exact` nothing may follow it. A value of indefinite length gets an array of its own.
    """
    if stop - position < 2:
        fail(CUT, "Too short")
    tag, first = buffer[position], buffer[position + 1]
    if tag & 0x1F == 0x1F:
        fail("it holds a value whose tag has more than one octet", "Tag number over 30 is not supported")
    following = -1
    if first == 0x80:
        if not tag & 0x20:
            fail(INDEFINITE, "Indefinite length encoding not supported")
        converted, following = definite_lengths(buffer, position, stop)
        if exact and following < stop:
            fail("something follows its value", "extra data at the end")
        # A time may be read beyond its end, but not far.
        buffer = converted + buffer[following : min(stop, following + _TIME_REACH)]
        position, stop, exact = 0, len(buffer), False
        first = buffer[1]
    content, length = position + 2, first
    if first >= 0x80:
        count = first & 0x7F
        if count > 4:
            fail(LONG_LENGTH, "Invalid lenByte")
        if stop - position < 2 + count:
            fail(CUT, "Not enough length bytes")
        content += count
        length = int.from_bytes(buffer[position + 2 : content], "big")
        if length >> 31:
            fail(WRONG_LENGTH, "Invalid length bytes")
    if length > stop - content:
        fail(CUT_OR_WRONG, "not enough content")
    if exact and content + length < stop:
        fail("something follows its value", "extra data at the end")
    return Value(java, tag, buffer, content, content + length), following


def whole_value(java: "CertificateFactory", data: bytes) -> Value:
    """`new DerValue(byte[])`: one value and nothing behind it."""
    if java.whole_arrays:
        return _header(java, data, 0, len(data), exact=True)[0]
    stream = Stream(java, *_whole(data))
    plain = stream._plain()
    if plain is not None and plain.end == len(data):
        return plain
    stream = Stream(java, *_whole(data))
    tag = stream._octet() & 0xFF
    length = stream._length()
    if length < 0:
        stream = Stream(java, *_whole(all_definite(data)))
        stream._octet()
        length = stream.definite()
    if stream.available != length:
        fail("something follows its value, or its encoding is broken off", "extra data given to DerValue constructor")
    return Value(java, tag, *_whole(stream.rest()))


def stream_of(java: "CertificateFactory", data: bytes) -> Stream:
    """`new DerInputStream(byte[])`."""
    if not java.whole_arrays:
        if len(data) < 2:
            fail(CUT, "Encoding bytes too short")
        if data[1] == 0x80:
            data = all_definite(data)
    return Stream(java, *_whole(data))
