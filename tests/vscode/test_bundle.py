"""What runs the dflint that an extension brings along."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import dflint
import dflint_lsp
import dflint_rules
from dflint import __version__

RUN = Path(__file__).parents[2] / "vscode-extension" / "scripts" / "run.py"
TAG = f"cp{sys.version_info.major}{sys.version_info.minor}"


@pytest.fixture
def bundle(tmp_path):
    """A folder as in the package: dflint itself, and all else as if it were compiled."""
    pure = tmp_path / "any"
    pure.mkdir()
    for module in (dflint, dflint_rules, dflint_lsp):
        place = Path(module.__file__).parent
        (pure / place.name).symlink_to(place)
    (tmp_path / TAG).symlink_to(sysconfig.get_path("purelib"))
    shutil.copy(RUN, tmp_path)
    return tmp_path


def run(bundle, *words):
    # Neither the packages of this Python nor what lies in the working directory.
    command = [sys.executable, "-S", "-P", str(bundle / "run.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=bundle, env={})


def test_it_runs_without_anything_installed(bundle):
    done = run(bundle, "lsp", "--version")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"dflint {__version__}\n", "")


def test_it_checks(bundle):
    (bundle / "Dockerfile").write_text("FROM debian:12\nMAINTAINER Zoe\n")
    done = run(bundle, "check", "--no-cache", "--no-shellcheck", "Dockerfile")

    assert done.returncode == 1
    assert "maintainer-deprecated" in done.stdout


def test_a_python_that_it_has_no_parts_for_is_told(bundle):
    (bundle / TAG).unlink()
    done = run(bundle, "lsp", "--version")

    assert done.returncode == 1
    assert "the bundled dflint has no parts for Python 3" in done.stderr
