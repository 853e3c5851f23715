"""Why a certificate, or an extension of it, cannot be read."""

from typing import Final, NoReturn

import attrs

CUT: Final = "its encoding is broken off"
CUT_OR_WRONG: Final = "its encoding is broken off, or a length in it is wrong"
LONG_LENGTH: Final = "a length field of its encoding is too long"
WRONG_LENGTH: Final = "a length in its encoding is out of bounds"
INDEFINITE: Final = "it has an indefinite length where none may be"


@attrs.frozen(kw_only=True)
class Refusal:
    """Why Java cannot read a certificate: the field by its path in RFC 5280's names, and the reason in words."""

    field: str
    reason: str


@attrs.frozen(kw_only=True)
class UnreadableExtension:
    """An extension that is not critical and that Java passes over because it cannot read it (UnparseableExtension)."""

    oid: str
    field: str
    reason: str
    value: bytes = attrs.field(repr=False)
    """What stands in it: another of the same OID may be read."""


class UnreadableError(Exception):
    """What Java throws while it reads; the text is the reason, in words and then in Java's."""

    def __init__(self, plain: str, java: str = "") -> None:
        super().__init__(f'{plain} (Java: "{java}")' if java else plain)


def fail(plain: str, java: str = "") -> NoReturn:
    """Stop reading, for a reason in words and what Java itself says."""
    raise UnreadableError(plain, java)
