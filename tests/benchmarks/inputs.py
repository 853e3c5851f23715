"""What the contenders are given; apart from the generator, so that a contender's memory is measured without it."""

from datetime import UTC, datetime

import attrs

AT = datetime(2026, 11, 23, tzinfo=UTC)
"""The moment of judgement."""


@attrs.frozen
class Chain:
    """What a server would send, with its root: DER each; and the server's name."""

    leaf: bytes
    issuing: bytes
    root: bytes
    host: str
