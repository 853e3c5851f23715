"""The core opens no file and no socket and reads no clock: it can run in any thread, loop or worker."""

import builtins
import datetime as dt
import io
import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from ca import article_chain, good_chain, pem_bundle
from quirks import FOREIGN, QUIRKS, RARER

import finesse_certlint as fcl
from finesse_certlint.render import FORMATS

AT = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)


def _forbid(name: str) -> Callable[..., NoReturn]:
    def forbidden(*_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError(f"the core called {name}")

    return forbidden


@contextmanager
def sealed() -> Iterator[None]:
    """No file, no socket, no clock. What is imported late is imported first: an import reads files of its own.

    It is no fixture, because a test that fails must be told of after the seal is off.
    """
    monkeypatch = pytest.MonkeyPatch()
    report = fcl.lint(pem_bundle(*article_chain()), at=AT, hostname="gadgets.example.com")
    for form in FORMATS:
        report.render(form)
    fcl.Report.from_dict(report.to_dict())
    fcl.lint(FOREIGN["pkcs12"](), at=AT, password="changeit")
    for module, name in (
        (builtins, "open"),
        (io, "open"),
        (os, "open"),
        (os, "stat"),
        (os, "listdir"),
        (socket, "socket"),
        (socket, "getaddrinfo"),
        (time, "time"),
        (time, "monotonic"),
        (time, "time_ns"),
        (time, "localtime"),
        (time, "gmtime"),
        (subprocess, "Popen"),
    ):
        monkeypatch.setattr(module, name, _forbid(f"{module.__name__}.{name}"))

    class NoClock(dt.datetime):
        now = classmethod(_forbid("datetime.now"))
        utcnow = classmethod(_forbid("datetime.utcnow"))
        today = classmethod(_forbid("datetime.today"))

    for module in [m for n, m in sys.modules.items() if n.startswith("finesse_certlint")]:
        if getattr(module, "datetime", None) is dt.datetime:
            monkeypatch.setattr(module, "datetime", NoClock)
    try:
        yield
    finally:
        monkeypatch.undo()


def test_the_whole_suite_of_inputs_runs_without_file_socket_or_clock(made: dict[str, bytes]) -> None:
    with sealed():
        for name, data in made.items():
            report = fcl.lint(data, at=AT, name=name, hostname="gadgets.example.com", password="changeit")
            for form in FORMATS:
                assert isinstance(report.render(form), str)
            assert fcl.Report.from_dict(report.to_dict()) == report
            assert not report.rules.crashed


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    """The inputs, made before the seal: building them needs programs and files."""
    chain = [issued.der for issued in good_chain()]
    quirks = {name: make(chain) for name, make in (QUIRKS | RARER).items()}
    foreign = {name: make() for name, make in FOREIGN.items()}
    return {**quirks, **foreign, "article": pem_bundle(*article_chain())}


def test_the_library_sets_up_no_logging() -> None:
    before = list(logging.getLogger().handlers)
    fcl.lint(pem_bundle(*good_chain()), at=AT)
    assert logging.getLogger().handlers == before


def test_the_clock_is_read_only_where_no_time_of_judgement_is_given() -> None:
    report = fcl.lint(pem_bundle(*good_chain()))
    assert abs(report.at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)


def test_a_time_without_a_zone_is_taken_as_utc() -> None:
    naive = AT.replace(tzinfo=None)
    assert fcl.lint(pem_bundle(*good_chain()), at=naive).at == AT
