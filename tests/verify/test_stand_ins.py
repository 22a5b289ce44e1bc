"""What stands in for package managers in images leaves behind what a fix may take away."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.verify.stand_ins import STAND_INS


@pytest.fixture
def run(tmp_path):
    """Runs words with the stand-ins as programs; their files are below a folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in STAND_INS.items():
        for place in ("/usr/lib/stand-in", "/var/"):
            script = script.replace(place, f"{tmp_path}{place}")
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)

    def run(script):
        environment = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path / "root")}
        done = subprocess.run(
            ["/bin/sh", "-ec", script], env=environment, capture_output=True, text=True, check=True
        )
        files = (one for one in tmp_path.rglob("*") if one.is_file() and folder not in one.parents)
        return done.stdout, {f"/{one.relative_to(tmp_path)}" for one in files}

    return run


def test_sudo_runs_its_words(run):
    out, _ = run("sudo -E -u root A=b -- printenv A && sudo -n env C=d printenv C")

    assert out == "b\nd\n"


@pytest.mark.parametrize(
    ("script", "files"),
    [
        ("pip install a", {"/root/.cache/pip/install", "/usr/lib/stand-in/pip/install a"}),
        ("pip install --no-cache-dir a", {"/usr/lib/stand-in/pip/install a"}),
        ("PIP_NO_CACHE_DIR=1 pip3 install -q a", {"/usr/lib/stand-in/pip/install a"}),
        ("python3 -m pip install --no-cache a", {"/usr/lib/stand-in/pip/install a"}),
        ("apk add --no-cache b", {"/usr/lib/stand-in/apk/add b"}),
        ("dnf install c && dnf clean all", {"/usr/lib/stand-in/dnf/install c"}),
        ("useradd -u 9 me", {"/usr/lib/stand-in/user/me", "/var/log/lastlog"}),
        ("useradd --no-log-init -u 9 me", {"/usr/lib/stand-in/user/me"}),
        (
            "sudo apt update",
            {
                "/var/lib/apt/lists/update",
                "/var/cache/apt/archives/update",
                "/var/log/apt/history.log",
            },
        ),
    ],
)
def test_what_is_left_behind(run, script, files):
    assert run(script)[1] == files
