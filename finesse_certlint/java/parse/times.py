"""When a time can be read: `getTime` of sun.security.util's DerInputBuffer and DerValue."""

from typing import Final

from ...tlv import GENERALIZED_TIME
from .refusal import fail

_ZONE: Final = "its time zone is neither Z nor an offset"


class Clock:
    """getTime: the digits of a time, read without a look at where it ends."""

    __slots__ = ("buffer", "digits_only", "position")

    def __init__(self, buffer: bytes, position: int, *, digits_only: bool) -> None:
        self.buffer = buffer
        self.position = position
        self.digits_only = digits_only

    def _digit(self) -> int:
        octet = self.buffer[self.position]
        self.position += 1
        if 0x30 <= octet <= 0x39:
            return octet - 0x30
        if self.digits_only:
            fail("it is no date and time", "Parse time, invalid format")
        return -1

    def _pair(self) -> int:
        pair = self.buffer[self.position : self.position + 2]
        if len(pair) == 2 and pair.isdigit():
            self.position += 2
            return int(pair)
        tens = 10 * self._digit()
        return tens + self._digit()

    def read(self, length: int, tag: int) -> None:
        generalized = tag == GENERALIZED_TIME
        shortest, longest = (13, 23) if generalized else (11, 17)
        if length < shortest or (length > longest and not (generalized and self.digits_only)):
            fail("it is too short or too long for a date and time", "DER UTC Time length error")
        self._pair()
        if generalized:
            self._pair()
            length -= 2
        month, day, hour, minute, second = self._pair(), self._pair(), self._pair(), self._pair(), 0
        length -= 10
        if length > 2 and (self.digits_only or length < 12):
            second = self._pair()
            length -= 2
            if self.buffer[self.position] in b".," and (generalized or not self.digits_only):
                length = self._fraction(length - 1)
        if month == 0 or day == 0 or month > 12 or day > 31 or hour >= 24 or minute >= 60 or second >= 60:
            fail("it is no date and time", "Parse time, invalid format")
        if length not in (1, 5):
            fail(_ZONE, "Parse time, invalid offset")
        zone = self.buffer[self.position]
        self.position += 1
        if zone not in b"Z+-":
            fail(_ZONE, "Parse time, garbage offset")
        if self.digits_only and length != (1 if zone == 0x5A else 5):
            fail(_ZONE, "Parse time, invalid offset")
        if zone != 0x5A and (self._pair() >= 24 or self._pair() >= 60):
            fail(_ZONE, "Parse time, +hhmm")

    def _fraction(self, length: int) -> int:
        """The digits after the point; what is left of the length."""
        self.position += 1
        stop = self.position
        if not self.digits_only:
            while self.buffer[stop] not in b"Z+-":
                stop += 1
            digits = stop - self.position
            if not 1 <= digits <= 3:
                fail(
                    "its fraction of a second has none or more than three digits",
                    "unsupported precision for seconds value",
                )
            self.position = stop
            return length - digits
        if length == 0:
            fail("its fraction of a second has no digits", "Parse time, empty fractional part")
        while self.buffer[self.position] not in b"Z+-":
            self._digit()
            length -= 1
            if length == 0:
                fail("its fraction of a second has no end", "Parse time, invalid fractional part")
        if self.position == stop:
            fail("its fraction of a second has no digits", "Parse time, empty fractional part")
        return length
