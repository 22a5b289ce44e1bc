"""The executor that has bubblewrap (bwrap) run the steps.

bubblewrap changes no user where root runs it: it is for steps that run as root.
"""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Callable

from dflint.errors import UnsupportedError
from dflint.executor.command import follow
from dflint.executor.mount_points import MountPoints
from dflint.executor.plan import DEFAULT_CAPABILITIES, Plan, plan
from dflint.executor.process import Output, Process, nothing
from dflint.executor.staging import Staged, stage
from dflint.executor.world import READ_ONLY
from dflint.kernel.privileges import capability_names


class BubblewrapExecutor:
    """Turns each process into arguments of bwrap(1)."""

    name = "bwrap"

    def __init__(self) -> None:
        program = shutil.which("bwrap")
        if program is None:
            raise UnsupportedError("`bwrap` is not installed; install the package `bubblewrap`")
        self._program = program

    def run(
        self,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
        meanwhile: Callable[[], None] = nothing,
    ) -> int:
        """Runs the process to its end; see `Executor.run`."""
        wanted = plan(root, process)
        _refuse(wanted)
        points = MountPoints(root, tuple(mount.target for mount in wanted.mounts))
        try:
            with stage(wanted) as (_, mounts):
                command = (self._program, *_arguments(wanted, mounts), "--", *process.arguments)
                return follow(command, output, cancel, subprocess.Popen.kill, meanwhile=meanwhile)
        finally:
            points.remove()

    def close(self) -> None:
        """Does nothing: each process has its own bwrap."""


def _refuse(wanted: Plan) -> None:
    """Raises UnsupportedError for what bwrap has no argument for."""
    if wanted.user.uid or wanted.user.gid:
        raise UnsupportedError(
            f"bwrap cannot run a step as the user `{wanted.process.user}`: use another executor"
        )
    if wanted.process.ulimits:
        raise UnsupportedError("bwrap cannot set ulimits: use another executor")


def _arguments(wanted: Plan, mounts: tuple[Staged, ...]) -> list[str]:
    process = wanted.process
    arguments = [
        *("--bind", wanted.root, "/"),
        *("--proc", "/proc", "--dev", "/dev", "--mqueue", "/dev/mqueue"),
        *("--bind" if process.is_privileged else "--ro-bind", "/sys", "/sys"),
        *("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--hostname", process.hostname),
        *("--die-with-parent", "--new-session", "--as-pid-1"),
        *("--chdir", process.workdir, "--clearenv"),
    ]
    for name, value in wanted.environment.items():
        arguments += ["--setenv", name, value]
    if process.network == "none":
        arguments.append("--unshare-net")
    if not process.is_privileged:
        for path in READ_ONLY:
            arguments += ["--ro-bind-try", path, path]
        arguments += ["--cap-drop", "ALL"]
        for name in capability_names(DEFAULT_CAPABILITIES):
            arguments += ["--cap-add", name]
    arguments += ["--size", str(process.shm_size), "--perms", "1777", "--tmpfs", "/dev/shm"]
    for staged in mounts:
        arguments += _mount(staged)
    return arguments


def _mount(staged: Staged) -> list[str]:
    if staged.source:
        kind = "--ro-bind" if staged.is_read_only else "--bind"
        return [kind, staged.source, staged.target]
    named = dict(option.partition("=")[::2] for option in staged.options)
    size = ["--size", named["size"]] if "size" in named else []
    return [*size, "--perms", named["mode"], "--tmpfs", staged.target]
