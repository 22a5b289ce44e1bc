"""What a RUN may try against the machine, tried once more in steps of an ordinary user."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.executor import test_hostile_steps
from tests.executor.test_ordinary_user import _AS_USER, ROOT, USER, python_for_others

_SCRIPT = """
import sys
from dflint.errors import UnsupportedError
from dflint.kernel.userns import enter_user_namespace
try:
    enter_user_namespace()
except UnsupportedError as error:
    sys.exit(f"unsupported: {error}")
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
_PLUGINS = ("-p", "no:cacheprovider")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take the place of another user")
@pytest.mark.skipif(
    not all(shutil.which(name) for name in ("newuidmap", "newgidmap")),
    reason="newuidmap and newgidmap are not installed (package uidmap)",
)
def test_an_ordinary_user_is_kept_in_as_root_is(busybox, mount_namespace):
    python = python_for_others()
    if python is None:
        pytest.skip("an ordinary user cannot run this interpreter")
    with tempfile.TemporaryDirectory(prefix="dflint-user-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        for name, text in (
            ("passwd", f"{Path('/etc/passwd').read_text()}builder:x:{USER}:{USER}::/:/bin/sh\n"),
            ("subuid", "builder:2000000:65536\n"),
            ("subgid", "builder:2000000:65536\n"),
            ("script", _SCRIPT),
        ):
            (folder / name).write_text(text)
        (folder / "work").mkdir()
        os.chown(folder / "work", USER, USER)
        command = [sys.executable, "-c", _AS_USER, made, python, f"{made}/script"]
        tests = Path(test_hostile_steps.__file__)
        done = subprocess.run(
            [*command, "-rs", *_PLUGINS, f"--rootdir={ROOT}", str(tests)],
            cwd=ROOT,
            env=_environment(folder / "work"),
            capture_output=True,
            text=True,
            check=False,
        )
    if done.stderr.startswith("unsupported: "):
        pytest.skip(done.stderr)

    assert done.returncode == 0, done.stdout + done.stderr
    counts = dict((word, int(n)) for n, word in re.findall(r"(\d+) (\w+)", done.stdout[-100:]))
    tried = len(test_hostile_steps.REFUSED) + len(test_hostile_steps.LOOKED_FOR)
    assert counts.get("passed", 0) >= tried, done.stdout


def _environment(work: Path) -> dict[str, str]:
    libraries = [one for one in sys.path if one.endswith("site-packages")]
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(work),
        "TMPDIR": str(work),
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules"), *libraries]),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
