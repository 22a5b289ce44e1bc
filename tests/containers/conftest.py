"""A store with small images, and the real command to run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import mounts_are_possible

ROOT = Path(__file__).resolve().parents[2]


class Dflint:
    """Runs dflint with a store of its own."""

    def __init__(self, place, layout):
        self.place = place
        self.store = place / "store"
        self._layout = layout
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "rules")]),
            "DFLINT_STORE": str(self.store),
        }

    def arguments(self, *words):
        """The whole command line."""
        return [sys.executable, "-m", "dflint", *words]

    def __call__(self, *words, given=b"", **variables):
        """Runs it to its end."""
        return subprocess.run(
            self.arguments(*words), input=given, capture_output=True, timeout=60, check=False,
            env={**self.environment, **variables}, cwd=self.place,
        )  # fmt: skip

    def text(self, *words, **values):
        """What it prints; it has to succeed."""
        done = self(*words, **values)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    def start(self, *words, **options):
        """Starts it, and leaves it running."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen(
            self.arguments(*words), env=self.environment, cwd=self.place, **options
        )

    def image(self, name, *lines):
        """Builds an image of busybox with these instructions more."""
        text = "\n".join(["FROM busybox", *lines, ""])
        done = self(
            *("build", "-q", "-t", name, "-f", "-"),
            *(f"--build-context=busybox=oci-layout://{self._layout}", str(self._layout)),
            given=text.encode(),
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def containers(self):
        """The folders of containers that there are."""
        folder = self.store / "containers"
        return sorted(one.name for one in folder.iterdir() if one.is_dir())


@pytest.fixture(scope="session")
def can_run():
    if not mounts_are_possible():
        pytest.skip("running containers needs root with CAP_SYS_ADMIN")


@pytest.fixture(scope="module")
def dflint(can_run, busybox_layout, tmp_path_factory):
    """The command, with the image `app` in its store."""
    made = Dflint(tmp_path_factory.mktemp("containers"), busybox_layout)
    made.image("app", "ENV A=image B=image", "WORKDIR /work", 'CMD ["echo", "of the image"]')
    return made
