"""What the workers of `lint_many` are asked to do in the tests; in a module of its own, so that they can import it."""

import os
import signal
from typing import Any

import finesse_certlint as fcl


def die(report: fcl.Report) -> str:
    """End the process over some inputs: as the kernel does it where memory runs out, or as a library that gives up."""
    if report.name == "killer":
        os.kill(os.getpid(), signal.SIGKILL)
    if report.name == "crash":
        os._exit(3)
    return report.name


def fail(report: fcl.Report) -> str:
    """Raise over one input."""
    if report.name == "odd":
        raise ZeroDivisionError("no reason")
    return report.name


def unpicklable(_report: fcl.Report) -> Any:
    """Answer with what cannot be sent back."""
    return lambda: None


def process(_report: fcl.Report) -> int:
    """Which process judged it."""
    return os.getpid()
