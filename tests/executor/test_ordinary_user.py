"""Steps and layers of an ordinary user, by a user namespace with subordinate ids."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("ordinary_user.py")
USER = 12345

# Root takes the place of a user whom only this process's own /etc/passwd knows.
_AS_USER = """
import os, sys
from dflint.kernel.mounts import bind
from dflint.kernel.userns import enter_mount_namespace
folder, python, script, *arguments = sys.argv[1:]
enter_mount_namespace()
for name in ("passwd", "subuid", "subgid"):
    if os.path.exists(f"/etc/{name}"):
        bind(f"{folder}/{name}", f"/etc/{name}")
os.setgroups([])
os.setresgid(12345, 12345, 12345)
os.setresuid(12345, 12345, 12345)
os.execv(python, [python, script, *arguments])
"""


@pytest.fixture
def folder():
    """A folder that another user may enter."""
    with tempfile.TemporaryDirectory(prefix="dflint-user-") as made:
        os.chmod(made, 0o755)
        yield Path(made)


def python_for_others():
    """An interpreter of this version that an ordinary user can run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for place in (os.path.realpath(sys.executable), f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        folders = [Path(place), *Path(place).parents]
        if all(one.exists() and one.stat().st_mode & 0o001 for one in folders):
            return place
    return None


def run_as_user(folder, busybox, *, has_ids=True):
    if os.geteuid() != 0:
        command = [sys.executable, str(SCRIPT)]
    else:
        python = python_for_others()
        if python is None:
            pytest.skip("an ordinary user cannot run this interpreter")
        passwd = Path("/etc/passwd").read_text() + f"builder:x:{USER}:{USER}::/:/bin/sh\n"
        (folder / "passwd").write_text(passwd)
        for name in ("subuid", "subgid"):
            (folder / name).write_text("builder:2000000:65536\n" if has_ids else "")
        command = [sys.executable, "-c", _AS_USER, str(folder), python, str(SCRIPT)]
    (folder / "work").mkdir()
    if os.geteuid() == 0:
        os.chown(folder / "work", USER, USER)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [*command, str(busybox), str(folder / "work")],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def readable_busybox(busybox, folder):
    return shutil.copytree(busybox, folder / "busybox", symlinks=True)


def test_an_ordinary_user_builds_layers(folder, readable_busybox, mount_namespace):
    if not all(shutil.which(name) for name in ("newuidmap", "newgidmap")):
        pytest.skip("newuidmap and newgidmap are not installed (package uidmap)")
    os.chmod(readable_busybox / "root", 0o755)

    found = run_as_user(folder, readable_busybox)

    if "unsupported" in found:
        pytest.skip(found["unsupported"])
    status, stdout, stderr = found[""]
    assert (status, stderr) == (0, "")
    assert stdout.splitlines() == [
        "0",
        "CapEff:\t00000000a80425fb",
        "secret",
        "buildkitsandbox",
        "2",
        "/sys/kernel",
        "33",
        "read-only",
    ]
    assert found["games"][1].splitlines() == ["5", "60", "CapEff:\t0000000000000000"]
    assert {"made", "home"} <= {*found["layer"]}
    assert found["home"] == []
    if found["snapshots"] == "overlay":
        assert "user.overlay.opaque" in found["attributes"]


def test_without_subordinate_ids_it_is_said_what_is_missing(
    folder, readable_busybox, mount_namespace
):
    if os.geteuid() != 0 or not Path("/etc/subuid").exists():
        pytest.skip("only root can take subordinate ids away, for a process of its own")

    message = run_as_user(folder, readable_busybox, has_ids=False)["unsupported"]

    assert "the package `uidmap`" in message or "`builder:100000:65536`" in message
