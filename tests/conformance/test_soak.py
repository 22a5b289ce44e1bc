"""The soak, the fuzz and the exact builds themselves, for a few rounds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import mounts_are_possible

ROOT = Path(__file__).resolve().parents[2]


def run(module, *words, folder):
    """Run one of the scripts; what it printed, when it found nothing wrong."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
        "TMPDIR": str(folder),
    }
    command = [sys.executable, "-m", f"tests.conformance.{module}", *words]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("kind", ["--kills", "--full", "--damage"])
def test_a_soak(tmp_path, kind):
    if not mounts_are_possible():
        pytest.skip("mounting needs root with CAP_SYS_ADMIN")

    said = run("soak", kind, "--seed=1", "--rounds=2", folder=tmp_path)

    assert said.endswith("0 things do not hold\n")
    assert list(tmp_path.iterdir()) == []


def test_the_fuzz(tmp_path):
    said = run("hostile_fuzz", "--seed=1", "--seconds=3", folder=tmp_path)

    assert "'refused'" in said
    assert said.endswith(" 0 wrong\n")
