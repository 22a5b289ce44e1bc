"""The file systems that a step sees: made in its own mount namespace, before its command runs.

Everything goes through descriptors that are opened inside the root, so that no link of a root
that is not trusted leads to a file of the host.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator

from dflint.executor.plan import Plan
from dflint.executor.process import SHM_SIZE, BindMount, FileMount, Mount, TmpfsMount
from dflint.kernel import mounts
from dflint.kernel.mounts import MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_RDONLY, MS_STRICTATIME
from dflint.kernel.openat2 import open_in_root
from dflint.kernel.paths import open_or_make

_QUIET = MS_NOSUID | MS_NODEV | MS_NOEXEC

# A directory that every host has and no mount comes from: in the step's own mount namespace
# the files that are in memory only stand here, until the host's root is let go.
_SCRATCH = "/proc/driver"

_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_LINKS = {
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
    _mount_proc(root_fd)
    _mount_dev(root_fd, device_flag, plan.process.shm_size)
    _mount_sys(root_fd, is_privileged=is_privileged)
    scratch = _Scratch()
    for wanted in plan.mounts:
        _mount(root_fd, wanted, scratch, device_flag)
    if not is_privileged:
        _restrict(root_fd)
    _enter_root(plan, root_fd)


def make_ready(known: frozenset[str]) -> ReadyWorld:
    """Mounts what most steps have, before the plan of any is known; see `ReadyWorld`.

    What is not mounted at a `known` place is let go: the roots of other steps, which their layers
    would be in use by. The process must have a mount namespace of its own. Raises OSError.
    """
    mounts.make_private()
    for place in mounts.mount_points()[::-1]:
        if place not in known:
            # What was unmounted and removed meanwhile is gone from here, too.
            with contextlib.suppress(OSError):
                mounts.unmount(place, mounts.MNT_DETACH)
    scratch = _Scratch()
    folder = scratch.open()
    _mount_proc(folder)
    _mount_dev(folder, _device_flag(False), SHM_SIZE)
    _mount_sys(folder, is_privileged=False)
    _restrict(folder)
    os.mkdir("root", dir_fd=folder)
    return ReadyWorld(scratch)


class ReadyWorld:
    """/proc, /dev and /sys as most steps see them, mounted in a folder that is no step's root."""

    def __init__(self, scratch: _Scratch) -> None:
        self._scratch = scratch

    @staticmethod
    def is_for(plan: Plan) -> bool:
        """Whether a step has all of it as it is here, and mounts nothing from other places.

        Those would have to be seen here, where nothing is seen that was mounted since.
        """
        process = plan.process
        return not (
            process.is_privileged
            or process.network == "none"  # /sys shows the devices of the network
            or process.shm_size != SHM_SIZE
            or any(isinstance(one, BindMount) or _is_hidden(one.target) for one in plan.mounts)
        )

    def enter(self, plan: Plan, root_tree: int) -> None:
        """What `world.enter` does; the root is a mount that `mounts.clone_tree` has made."""
        folder = self._scratch.open()
        mounts.move_mount(root_tree, f"{_place(folder)}/root")
        mounts.make_private(f"{_place(folder)}/root")
        root_fd = os.open("root", os.O_PATH | os.O_DIRECTORY, dir_fd=folder)
        device_flag = _device_flag(False)
        mounts.remount(_place(root_fd), device_flag)
        for name in ("proc", "dev", "sys"):
            staged = os.open(name, os.O_PATH | os.O_DIRECTORY, dir_fd=folder)
            with _opened(_ordinary_directory(root_fd, name)) as place:
                mounts.move_mount(staged, place)
            os.close(staged)
        for wanted in plan.mounts:
            _mount(root_fd, wanted, self._scratch, device_flag)
        _enter_root(plan, root_fd)


def _is_hidden(target: str) -> bool:
    """Whether a mount may lie on what is hidden of /proc and /sys, and so has to come before."""
    return target.strip("/").partition("/")[0] in ("proc", "sys", ".", "..")


def _enter_root(plan: Plan, root_fd: int) -> None:
    if plan.process.is_read_only:
        mounts.remount(_place(root_fd), MS_RDONLY)
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


def _ordinary_directory(root_fd: int, name: str) -> int:
    """Opens /proc, /sys or /dev, which must be no link; makes it when it is missing."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=root_fd)
    return open_in_root(root_fd, name, os.O_PATH | os.O_DIRECTORY, follows_links=False)


def _mount_at(
    root_fd: int, path: str, kind: str, flags: int, options: str = "", source: str = ""
) -> None:
    with _opened(open_in_root(root_fd, path, follows_links=False)) as place:
        mounts.mount(source or kind, place, kind, flags, options)


def _mount_proc(root_fd: int) -> None:
    with _opened(_ordinary_directory(root_fd, "proc")) as place:
        mounts.mount("proc", place, "proc", _QUIET)


def _mount_sys(root_fd: int, *, is_privileged: bool) -> None:
    read_only = 0 if is_privileged else MS_RDONLY
    with _opened(_ordinary_directory(root_fd, "sys")) as place:
        try:
            mounts.mount("sysfs", place, "sysfs", _QUIET | read_only)
            return
        except PermissionError:  # the network is another user namespace's: show the host's
            mounts.bind("/sys", place)
    if read_only:
        with _opened(open_in_root(root_fd, "sys")) as place:
            mounts.make_read_only(place)


def _mount_dev(root_fd: int, device_flag: int, shm_size: int) -> None:
    with _opened(_ordinary_directory(root_fd, "dev")) as place:
        flags = MS_NOSUID | MS_STRICTATIME | device_flag
        mounts.mount("tmpfs", place, "tmpfs", flags, "mode=755,size=65536k")
    dev_fd = open_in_root(root_fd, "dev", os.O_PATH | os.O_DIRECTORY)
    for name in _DEVICES:
        _show_device(dev_fd, name)
    for name, link in _LINKS.items():
        os.symlink(link, name, dir_fd=dev_fd)
    for name in ("pts", "shm", "mqueue"):
        os.mkdir(name, 0o755, dir_fd=dev_fd)
    pts = "newinstance,ptmxmode=0666,mode=0620"
    with contextlib.suppress(FileNotFoundError):
        try:
            _mount_at(dev_fd, "pts", "devpts", MS_NOSUID | MS_NOEXEC, f"{pts},gid=5")
        except OSError:  # group 5 is not mapped in this user namespace
            _mount_at(dev_fd, "pts", "devpts", MS_NOSUID | MS_NOEXEC, pts)
    _mount_at(dev_fd, "shm", "tmpfs", _QUIET, f"mode=1777,size={shm_size}", "shm")
    _mount_at(dev_fd, "mqueue", "mqueue", _QUIET)
    os.close(dev_fd)


def _show_device(dev_fd: int, name: str) -> None:
    """Shows a device of the host, when it has it. None that a step makes itself can be opened."""
    if os.path.exists(f"/dev/{name}"):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, 0o666, dir_fd=dev_fd))
        with _opened(open_in_root(dev_fd, name)) as place:
            mounts.bind(f"/dev/{name}", place)


class _Scratch:
    """Files in memory that are shown elsewhere; mounted when it is first asked for."""

    def __init__(self) -> None:
        self._folder = -1
        self._count = 0

    def open(self) -> int:
        """The descriptor of the folder that they are in."""
        if self._folder < 0:
            mounts.mount("tmpfs", _SCRATCH, "tmpfs", MS_NOSUID | MS_NODEV, "mode=700")
            self._folder = os.open(_SCRATCH, os.O_PATH | os.O_DIRECTORY)
        return self._folder

    def write(self, wanted: FileMount) -> str:
        """Writes the file and returns a path to mount it from."""
        folder = self.open()
        self._count += 1
        name = str(self._count)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with open(os.open(name, flags, 0o600, dir_fd=folder), "wb") as opened:
            opened.write(wanted.content)
            os.fchown(opened.fileno(), wanted.uid, wanted.gid)
            os.fchmod(opened.fileno(), wanted.mode)
        return f"{_place(folder)}/{name}"


def _mount(root_fd: int, wanted: Mount, scratch: _Scratch, device_flag: int) -> None:
    if isinstance(wanted, TmpfsMount):
        options = [f"mode={wanted.mode:o}", *([f"size={wanted.size}"] if wanted.size else [])]
        with _opened(open_or_make(root_fd, wanted.target, is_directory=True)) as place:
            mounts.mount("tmpfs", place, "tmpfs", MS_NOSUID | device_flag, ",".join(options))
    elif isinstance(wanted, FileMount):
        source = scratch.write(wanted)
        _bind(root_fd, source, wanted.target, is_directory=False)
        flags = MS_RDONLY | MS_NOSUID | MS_NODEV
        is_run = wanted.mode & 0o111
        _remount(root_fd, wanted.target, flags if is_run else flags | MS_NOEXEC)
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


def _restrict(root_fd: int) -> None:
    """Hides and write-protects what of /proc and /sys concerns the machine."""
    for path in READ_ONLY:
        with contextlib.suppress(FileNotFoundError):
            with _opened(open_in_root(root_fd, path)) as place:
                mounts.bind(place, place)
            _remount(root_fd, path, MS_RDONLY | _QUIET)
    for path in MASKED:
        with contextlib.suppress(FileNotFoundError):
            _mask(root_fd, path)


def _mask(root_fd: int, path: str) -> None:
    descriptor = open_in_root(root_fd, path)
    is_directory = stat.S_ISDIR(os.fstat(descriptor).st_mode)
    with _opened(descriptor) as place:
        if is_directory:
            mounts.mount("tmpfs", place, "tmpfs", MS_RDONLY)
            return
        with _opened(open_in_root(root_fd, "dev/null")) as null:
            mounts.bind(null, place)
