"""What tests of the command line share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dflint.cli.main import main

DATA = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path


@pytest.fixture
def dflint(capfdbinary):
    """Runs a command line in this process: status, standard output, standard error."""

    def run(*argv):
        status = main(list(argv))
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            stream.buffer.flush()
        out, err = capfdbinary.readouterr()
        return status, out.decode("utf-8", "surrogateescape"), err.decode()

    return run


@pytest.fixture
def fixing_rules(tmp_path_factory, monkeypatch):
    """Has the rules of `tests/data/fixing` found, which are on by default."""
    place = tmp_path_factory.mktemp("plugin")
    folder = place / "fixing_rules-1.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_text("[dflint.rules]\nfixing = fixing_rules\n")
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.syspath_prepend(str(DATA / "fixing"))
