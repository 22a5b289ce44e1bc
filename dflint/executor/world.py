"""The file systems that a step sees: made in its own mount namespace, before its command runs.

Everything goes through descriptors that are opened inside the root, so that no link of a root
that is not trusted leads to a file of the host.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from dflint.content.files import write_all
from dflint.executor.plan import Plan
from dflint.executor.process import SHM_SIZE, BindMount, FileMount, Mount, TmpfsMount
from dflint.kernel import mounts
from dflint.kernel.mounts import MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_STRICTATIME
from dflint.kernel.openat2 import open_in_root
from dflint.kernel.paths import open_or_make, open_or_make_directory

QUIET = MS_NOSUID | MS_NODEV | MS_NOEXEC

# A directory that every host has and no mount comes from: in the step's own mount namespace
# the files that are in memory only stand here, until the host's root is let go.
SCRATCH = "/proc/driver"

SYSTEMS = ("proc", "dev", "sys")
DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
LINKS = {
    "fd": "/proc/self/fd",
    "stdin": "/proc/self/fd/0",
    "stdout": "/proc/self/fd/1",
    "stderr": "/proc/self/fd/2",
    "ptmx": "pts/ptmx",
}
MASKED = (
    "/proc/acpi",
    "/proc/asound",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
    "/sys/devices/virtual/powercap",
)
"""What a step does not see of /proc and /sys."""

READ_ONLY = ("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger")
"""What a step cannot write to of /proc."""


def enter(plan: Plan) -> None:
    """Mounts everything in the step's root and makes it the root of this process.

    The process must have a mount namespace of its own. Raises OSError.
    """
    is_privileged = plan.process.is_privileged
    device_flag = _device_flag(is_privileged)
    mounts.make_private()
    mounts.bind(plan.root, plan.root)
    if device_flag:
        mounts.remount(plan.root, device_flag)
    root_fd = os.open(plan.root, os.O_PATH | os.O_DIRECTORY)
    scratch = _Scratch()
    here = os.open(".", os.O_PATH | os.O_DIRECTORY)
    _mount_systems(scratch.folder, plan.process.shm_size, is_privileged=is_privileged)
    _take_over(root_fd, keeps_proc=False)
    os.fchdir(here)
    for wanted in plan.mounts:
        _mount(root_fd, wanted, scratch, device_flag)
    if not is_privileged:
        _restrict(lambda path: _opened(open_in_root(root_fd, path)))
    _enter_root(plan, root_fd)


def make_ready() -> ReadyWorld:
    """Mounts what most steps have, before the plan of any is known; see `ReadyWorld`.

    All else is let go. The process must have a mount namespace of its own. Raises OSError.
    """
    mounts.make_private()
    scratch = _Scratch()
    _mount_systems(scratch.folder, SHM_SIZE, is_privileged=False)
    _restrict(lambda path: contextlib.nullcontext(path[1:]))
    os.mkdir("root")
    mounts.pivot_into(scratch.folder)
    return ReadyWorld(scratch)


class ReadyWorld:
    """/proc, /dev and /sys as most steps see them, in a root that is no step's."""

    def __init__(self, scratch: _Scratch) -> None:
        self._scratch = scratch

    @staticmethod
    def is_for(plan: Plan) -> bool:
        """Whether a step has all of it as it is here, and needs nothing from other places.

        Those would have to be seen here, where nothing of the host's root is.
        """
        process = plan.process
        return not (
            plan.cgroups
            or process.is_privileged
            or process.network == "none"  # /sys shows the devices of the network
            or process.shm_size != SHM_SIZE
            or any(isinstance(one, BindMount) or _is_hidden(one.target) for one in plan.mounts)
        )

    def enter(self, plan: Plan, root_tree: int) -> None:
        """What `world.enter` does; the root is a mount that `mounts.clone_tree` has made."""
        mounts.move_mount(root_tree, "root")
        mounts.make_private("root")
        device_flag = _device_flag(False)
        mounts.remount("root", device_flag)
        root_fd = os.open("root", os.O_PATH | os.O_DIRECTORY)
        _take_over(root_fd, keeps_proc=True)
        for wanted in plan.mounts:
            _mount(root_fd, wanted, self._scratch, device_flag)
        _enter_root(plan, root_fd)


def _is_hidden(target: str) -> bool:
    """Whether a mount may lie on what is hidden of /proc and /sys, and so has to come before."""
    return target.strip("/").partition("/")[0] in ("proc", "sys", ".", "..")


def _enter_root(plan: Plan, root_fd: int) -> None:
    os.fchdir(root_fd)
    if plan.process.is_read_only:
        mounts.remount(".", MS_RDONLY)
    mounts.pivot_into(root_fd)


def _device_flag(is_privileged: bool) -> int:
    """What keeps a step from opening the devices that it can make, unless it is privileged.

    BuildKit has a control group of devices do that.
    """
    return 0 if is_privileged else MS_NODEV


def _place(descriptor: int) -> str:
    """A name of an opened file that mount(2) takes."""
    return f"/proc/self/fd/{descriptor}"


@contextlib.contextmanager
def _opened(descriptor: int) -> Iterator[str]:
    try:
        yield _place(descriptor)
    finally:
        os.close(descriptor)


def _mount_systems(folder: int, shm_size: int, *, is_privileged: bool) -> None:
    """Mounts /proc, /dev and /sys in a folder of ours, which is the working directory then.

    Nobody else has put anything there, so that paths in it lead nowhere else.
    """
    os.fchdir(folder)
    for name in SYSTEMS:
        os.mkdir(name, 0o755)
    mounts.mount("proc", "proc", "proc", QUIET)
    _mount_dev(_device_flag(is_privileged), shm_size)
    _mount_sys(is_privileged=is_privileged)


def _take_over(root_fd: int, *, keeps_proc: bool) -> None:
    """Moves what is mounted in the working directory to the root of the step.

    /proc is kept, too, where it is this process' own: opened files have their names in it.
    """
    for name in SYSTEMS:
        show = mounts.bind if keeps_proc and name == "proc" else mounts.move
        with _opened(open_or_make_directory(root_fd, name)) as place:
            show(name, place)


def _mount_sys(*, is_privileged: bool) -> None:
    read_only = 0 if is_privileged else MS_RDONLY
    try:
        mounts.mount("sysfs", "sys", "sysfs", QUIET | read_only)
        return
    except PermissionError:  # the network is another user namespace's: show the host's
        mounts.bind("/sys", "sys")
    if read_only:
        mounts.make_read_only("sys")


def _mount_dev(device_flag: int, shm_size: int) -> None:
    flags = MS_NOSUID | MS_STRICTATIME | device_flag
    mounts.mount("tmpfs", "dev", "tmpfs", flags, "mode=755,size=65536k")
    for name in DEVICES:
        _show_device(name)
    for name, link in LINKS.items():
        os.symlink(link, f"dev/{name}")
    for name in ("pts", "shm", "mqueue"):
        os.mkdir(f"dev/{name}", 0o755)
    pts = "newinstance,ptmxmode=0666,mode=0620"
    with contextlib.suppress(FileNotFoundError):
        try:
            mounts.mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, f"{pts},gid=5")
        except OSError:  # group 5 is not mapped in this user namespace
            mounts.mount("devpts", "dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, pts)
    mounts.mount("shm", "dev/shm", "tmpfs", QUIET, f"mode=1777,size={shm_size}")
    mounts.mount("mqueue", "dev/mqueue", "mqueue", QUIET)


def _show_device(name: str) -> None:
    """Shows a device of the host, when it has it. None that a step makes itself can be opened."""
    if os.path.exists(f"/dev/{name}"):
        os.mknod(f"dev/{name}", stat.S_IFREG | 0o666)
        mounts.bind(f"/dev/{name}", f"dev/{name}")


class _Scratch:
    """Files in memory that are shown elsewhere; `folder` is where they are, a descriptor.

    They are mounted from another place, where they cannot be written to or run.
    """

    def __init__(self) -> None:
        flags = MS_NOSUID | MS_NODEV
        mounts.mount("tmpfs", SCRATCH, "tmpfs", flags, "mode=700")
        self.folder = os.open(SCRATCH, os.O_PATH | os.O_DIRECTORY)
        os.mkdir("files", 0o700, dir_fd=self.folder)
        os.mkdir("shown", 0o700, dir_fd=self.folder)
        shown = f"{_place(self.folder)}/shown"
        mounts.mount(f"{_place(self.folder)}/files", shown, flags=mounts.MS_BIND)
        self._shown = os.open("shown", os.O_PATH | os.O_DIRECTORY, dir_fd=self.folder)
        mounts.remount(_place(self._shown), flags | MS_RDONLY | MS_NOEXEC)
        self._count = 0

    def write(self, wanted: FileMount, *, is_run: bool) -> str:
        """Writes the file and returns a path to mount it from.

        It is one that cannot be written to, or run, there, unless it `is_run`.
        """
        self._count += 1
        name = str(self._count)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        descriptor = os.open(f"{_place(self.folder)}/files/{name}", flags, 0o600)
        try:
            write_all(descriptor, wanted.content)
            os.fchown(descriptor, wanted.uid, wanted.gid)
            os.fchmod(descriptor, wanted.mode)
        finally:
            os.close(descriptor)
        return f"{_place(self.folder)}/files/{name}" if is_run else f"{_place(self._shown)}/{name}"


def _mount(root_fd: int, wanted: Mount, scratch: _Scratch, device_flag: int) -> None:
    if isinstance(wanted, TmpfsMount):
        options = [f"mode={wanted.mode:o}", *([f"size={wanted.size}"] if wanted.size else [])]
        with _opened(open_or_make(root_fd, wanted.target, is_directory=True)) as place:
            mounts.mount("tmpfs", place, "tmpfs", MS_NOSUID | device_flag, ",".join(options))
    elif isinstance(wanted, FileMount):
        is_run = bool(wanted.mode & 0o111)
        source = scratch.write(wanted, is_run=is_run)
        _bind(root_fd, source, wanted.target, is_directory=False)
        if is_run:
            _remount(root_fd, wanted.target, MS_RDONLY | MS_NOSUID | MS_NODEV)
    else:
        _mount_bind(root_fd, wanted)
        if device_flag:
            _remount(root_fd, wanted.target, device_flag)


def _mount_bind(root_fd: int, wanted: BindMount) -> None:
    if wanted.path.strip("/"):
        outside = os.open(wanted.source, os.O_PATH | os.O_DIRECTORY)
        source_fd = open_in_root(outside, wanted.path)
        os.close(outside)
    else:
        source_fd = os.open(wanted.source, os.O_PATH)
    is_directory = stat.S_ISDIR(os.fstat(source_fd).st_mode)
    with _opened(source_fd) as source:
        _bind(root_fd, source, wanted.target, is_directory=is_directory)
    if wanted.is_read_only:
        with _opened(open_in_root(root_fd, wanted.target)) as place:
            mounts.make_read_only(place)


def _bind(root_fd: int, source: str, target: str, *, is_directory: bool) -> None:
    with _opened(open_or_make(root_fd, target, is_directory=is_directory)) as place:
        mounts.bind(source, place)


def _remount(root_fd: int, target: str, flags: int) -> None:
    with _opened(open_in_root(root_fd, target)) as place:
        mounts.remount(place, flags)


def _restrict(opened: Callable[[str], AbstractContextManager[str]]) -> None:
    """Hides and write-protects what of /proc and /sys concerns the machine.

    `opened` gives a path that mount(2) takes for one of the root.
    """
    for path in READ_ONLY:
        with contextlib.suppress(FileNotFoundError):
            with opened(path) as place:
                mounts.bind(place, place)
            with opened(path) as place:
                mounts.remount(place, MS_RDONLY | QUIET)
    for path in MASKED:
        with contextlib.suppress(FileNotFoundError), opened(path) as place:
            if stat.S_ISDIR(os.stat(place).st_mode):
                mounts.mount("tmpfs", place, "tmpfs", MS_RDONLY)
            else:
                with opened("/dev/null") as null:
                    mounts.bind(null, place)
