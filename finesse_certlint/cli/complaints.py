"""What is said on standard error when something cannot be done, and under which name."""

import sys

PROGRAM = "finesse-certlint"


class MisuseError(Exception):
    """What was asked for cannot be done; the message says what, where, and what next."""


def complain(message: str) -> None:
    """Say a trouble in one line on standard error."""
    print(f"{PROGRAM}: {message}", file=sys.stderr)
