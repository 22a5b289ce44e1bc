"""The executor that has an OCI runtime (runc, crun) run the steps."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import uuid
from collections.abc import Callable

from dflint.errors import UnsupportedError
from dflint.executor.bundle import configuration
from dflint.executor.command import follow
from dflint.executor.mount_points import MountPoints
from dflint.executor.plan import plan
from dflint.executor.process import Output, Process, nothing
from dflint.executor.staging import stage
from dflint.kernel.userns import is_in_user_namespace

_UNIFIED = "/sys/fs/cgroup/unified"

# crun refuses a machine with both kinds of control groups: it is shown one kind only.
_WITHOUT_UNIFIED = ("unshare", "-m", "sh", "-c", f'umount {_UNIFIED}; exec "$@"', "sh")


class RuntimeExecutor:
    """Writes a bundle for each process and runs it (OCI runtime specification)."""

    def __init__(self, name: str) -> None:
        self.name = name
        program = shutil.which(name)
        if program is None:
            raise UnsupportedError(f"`{name}` is not installed; install the package `{name}`")
        self._command: tuple[str, ...] = (program,)
        if name == "crun":
            self._command += ("--cgroup-manager=disabled",)
            if os.path.isdir(_UNIFIED):
                self._command = (*_WITHOUT_UNIFIED, *self._command)

    def run(
        self,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
        meanwhile: Callable[[], None] = nothing,
    ) -> int:
        """Runs the process to its end; see `Executor.run`."""
        is_rootless = is_in_user_namespace()
        wanted = plan(root, process)
        points = MountPoints(root, tuple(mount.target for mount in wanted.mounts))
        id = f"dflint-{uuid.uuid4().hex}"
        try:
            with stage(wanted) as (folder, mounts):
                with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as opened:
                    json.dump(configuration(wanted, mounts, is_rootless=is_rootless), opened)
                command = (*self._command, "--root", os.path.join(folder, "state"))
                return follow(
                    (*command, "run", "--bundle", folder, id),
                    output,
                    cancel,
                    lambda running: _kill(command, id, running),
                    meanwhile=meanwhile,
                )
        finally:
            points.remove()

    def close(self) -> None:
        """Does nothing: each process has its own runtime."""


def _kill(command: tuple[str, ...], id: str, running: subprocess.Popen[bytes]) -> None:
    """Kills the container; and the runtime, when it is still about to make one."""
    subprocess.run((*command, "delete", "--force", id), capture_output=True, check=False)
    running.kill()
