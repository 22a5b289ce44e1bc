"""What reports need: images of an own store, built by the real command."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.build.conftest import ROOT, Command, _can_build, command

__all__ = ["_can_build", "command", "report"]


@pytest.fixture
def report(command):
    """Runs `dflint report` with the store of `command`; its status, page and errors."""

    def run(*words, **variables):
        done = subprocess.run(
            [sys.executable, "-m", "dflint", "report", *map(str, words)],
            capture_output=True,
            env={**os.environ, **command.environment, **variables},
            cwd=command.place,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert isinstance(command, Command) and ROOT
    return run
