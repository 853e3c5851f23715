"""What a certificate of a path violates, and what makes Java trip over it."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from ...findings import FrozenMapping

SUBJECT: Final = "tbsCertificate.subject"
EXTENSIONS: Final = "tbsCertificate.extensions."


@attrs.frozen(kw_only=True)
class Violation:
    """What a certificate of the path violates."""

    index: int
    """Its place in the path, the server's certificate being 0."""
    field: str
    """The field that is at fault, by its path in RFC 5280's names."""
    reason: str
    """What Java says, and why, in words for people."""
    evidence: Mapping[str, Any] = attrs.field(factory=dict, converter=FrozenMapping, hash=False)
    """The values that this rests on, as JSON values."""


class JavaError(Exception):
    """Java throws an unchecked exception, or an IOException; the message says which, in words and then in Java's."""
