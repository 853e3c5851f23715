"""On a machine that promises every program (``CI`` is set), a test skipped because one is missing is a failure.

Such a test gives a reason that begins with "needs ", as in ``pytest.skip("needs openssl")``.
"""

import os
import signal

import pytest
from hypothesis import HealthCheck, settings

# What a property test tries is the same in every run and on every machine, however slow.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("repeatable")

# A shell that starts the tests in the background lets them ignore SIGINT, and what they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_lacking: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note a test that was skipped for want of a program."""
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note a whole file that was skipped for want of a program."""
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Turn a run that lacked something into a failed one."""
    if _lacking and os.environ.get("CI") and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was lacking; `.ci/run` reads pytest's closing line, which stands below this."""
    if _lacking and os.environ.get("CI"):
        terminalreporter.section("skipped for want of a program, which fails the run because CI is set", red=True)
        for line in _lacking:
            terminalreporter.write_line(line)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not report.skipped or not isinstance(report.longrepr, tuple):
        return
    reason = str(report.longrepr[2]).removeprefix("Skipped: ")
    if reason.startswith("needs "):
        _lacking.append(f"{report.nodeid}: {reason}")
