"""What tests of steps share: whether this machine can run them, and a place to run them in."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field

from dflint.executor.process import Process
from dflint.testing.images import PATH

ENVIRONMENT = (f"PATH={PATH}",)


@functools.cache
def mounts_are_possible() -> bool:
    """Tried in a process of its own, since a mount namespace cannot be left again."""
    code = "from dflint.kernel.userns import enter_mount_namespace as e; e()"
    return (
        os.geteuid() == 0
        and not subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=False
        ).returncode
    )


@dataclass
class Ran:
    """What a process has given."""

    status: int
    stdout: str
    stderr: str


@dataclass
class Collector:
    """Takes the output of a process."""

    chunks: list[tuple[int, bytes]] = field(default_factory=list)

    def __call__(self, number: int, data: bytes) -> None:
        self.chunks.append((number, data))

    def text(self, number: int) -> str:
        return b"".join(data for one, data in self.chunks if one == number).decode()


def run(executor, root, command, *, environment=ENVIRONMENT, cancel=None, **options):
    """Runs a shell's text, or a list of arguments, in a root."""
    arguments = ("/bin/sh", "-c", command) if isinstance(command, str) else tuple(command)
    output = Collector()
    status = executor.run(
        str(root),
        Process(arguments, environment, **options),
        output,
        cancel or threading.Event(),
    )
    return Ran(status, output.text(1), output.text(2))


class FolderStore:
    """The least that a snapshotter needs of a store: numbered folders."""

    def __init__(self, root):
        self.root = str(root)
        self.count = 0
        self.lock = threading.Lock()

    def new_layer(self):
        with self.lock:
            self.count += 1
            return _FolderDraft(os.path.join(self.root, str(self.count)))

    def layer(self, id):
        return _FolderLayer(os.path.join(self.root, id, "tree"))


@dataclass
class _FolderLayer:
    tree: str


class _FolderDraft:
    def __init__(self, path):
        self.path = path
        self.is_kept = False
        os.makedirs(f"{path}/tree")

    def commit(self):
        shutil.rmtree(f"{self.path}/work", ignore_errors=True)
        self.is_kept = True
        return os.path.basename(self.path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.is_kept:
            shutil.rmtree(self.path)
