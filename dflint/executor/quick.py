"""What a step does before its command as a list of calls, for a process that copies no memory.

It is what `world.make_ready`, `ReadyWorld.enter` and `start` do, for most steps: those of root with
files of their own at most. Where any of it fails the step is started by these, which say why. The
numbers of descriptors are known beforehand, as each is the lowest that is free.
"""

from __future__ import annotations

import os
import signal
import socket
import stat
import struct
from functools import cache, lru_cache

from dflint.executor.plan import DEFAULT_CAPABILITIES, Plan
from dflint.executor.process import SHM_SIZE, FileMount, Mount
from dflint.executor.start import READY, ignored_signals
from dflint.executor.world import (
    DEVICES,
    LINKS,
    MASKED,
    QUIET,
    READ_ONLY,
    SCRATCH,
    SYSTEMS,
)
from dflint.kernel import privileges
from dflint.kernel.call_list import (
    CallList,
    Calls,
    argument_vector,
    is_possible,
    message_header,
)
from dflint.kernel.mounts import (
    AT_FDCWD,
    AT_RECURSIVE,
    MNT_DETACH,
    MOUNT_ATTR_RDONLY,
    MOVE_MOUNT_F_EMPTY_PATH,
    MOVE_MOUNT_T_SYMLINKS,
    MS_BIND,
    MS_MOVE,
    MS_NODEV,
    MS_NOEXEC,
    MS_NOSUID,
    MS_PRIVATE,
    MS_RDONLY,
    MS_REC,
    MS_RELATIME,
    MS_REMOUNT,
    MS_STRICTATIME,
    flags_of,
)
from dflint.kernel.namespaces import (
    CLONE_NEWIPC,
    CLONE_NEWNS,
    CLONE_NEWPID,
    CLONE_NEWUTS,
)
from dflint.kernel.openat2 import RESOLVE_INSIDE, RESOLVE_NO_SYMLINKS
from dflint.kernel.paths import open_or_make
from dflint.kernel.seccomp import Filter

# The descriptors of the process: what it is told by, its files in memory, what it is handed over.
_CHANNEL, _FOLDER, _ROOT, _STDOUT, _STDERR, _REPORT = range(3, 9)
_INSIDE = 9  # the root where it is mounted
_NEXT = 10  # the lowest that is free then
_MOST = 4096  # bytes of a file, so that they are written at once
_PLACE = b"/proc/self/fd/%d" % _NEXT

_DIRECTORY = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
_ALL = 0xFFFFFFFF
_BOUND = MS_BIND | MS_REMOUNT | MS_RELATIME
_MSG_CMSG_CLOEXEC = 0x40000000


def is_for(plan: Plan) -> bool:
    """Whether a step that a `ReadyWorld` is for can be started so.

    Who changes its user must not share its memory with a process that has more rights.
    """
    process, user = plan.process, plan.user
    return not (
        user.uid
        or user.gid
        or process.ulimits
        or process.is_read_only
        or process.has_init
        or process.terminal is not None
        or any("\0" in one for one in _texts(plan))
    ) and all(
        isinstance(one, FileMount)
        and not one.mode & 0o111
        and len(one.content) <= _MOST
        and one.target.strip("/").partition("/")[0] != "dev"
        for one in plan.mounts
    )


def _texts(plan: Plan) -> tuple[str, ...]:
    process = plan.process
    named = (process.hostname, process.workdir, *(one.target for one in plan.mounts))
    return (*named, *process.arguments, *plan.environment, *plan.environment.values())


class QuickProcess:
    """A process that waits for its plan, and has `READY` on the channel when it is ready."""

    def __init__(self, apart: int) -> None:
        """Start it. `apart` is the mount namespace that it gets a copy of. Raises OSError."""
        self.channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            try:
                self._waiting = _waiting(apart, theirs.fileno())
                self.pid = self._waiting.start(CLONE_NEWPID)
            except OSError:
                self.channel.close()
                raise
        try:
            self.end = os.pidfd_open(self.pid)
        except OSError:  # what it does is in memory that must stay as long as it is there
            self.channel.close()
            os.waitpid(self.pid, 0)
            raise

    def become(
        self, plan: Plan, root: int, streams: list[int], report: int, seccomp: Filter | None
    ) -> bool:
        """Hand over a step; False when that is not possible, and the process ends."""
        with self.channel:
            try:
                if self.channel.recv(len(READY)) != READY:
                    return False
                if plan.lacks_targets:
                    _make_targets(root, plan)
                self._waiting.go_on(_step(plan, flags_of(root), seccomp))
                socket.send_fds(self.channel, [READY], [root, *streams, report])
            except (OSError, ValueError):
                return False
        return True

    @property
    def has_given_up(self) -> bool:
        """Whether it has ended before its command, for want of something."""
        return self._waiting.has_given_up


def can_start() -> bool:
    """Whether such processes can be started here, from this process."""
    try:
        for number in range(3):
            os.fstat(number)
    except OSError:
        return False
    return is_possible() and os.getresuid() == os.getresgid() == (0, 0, 0)


def _make_targets(root: int, plan: Plan) -> None:
    """Make what a step's files are mounted at in its root, where it is missing."""
    for one in plan.mounts:
        os.close(open_or_make(root, one.target, is_directory=False))


def _waiting(apart: int, channel: int) -> Calls:
    calls, dup3, recvmsg = _all_that_wait(apart)
    made = calls.copy()
    made.pass_on(dup3, 1, channel)
    made.pass_on(recvmsg, 2, message_header())
    return made


@cache
def _all_that_wait(apart: int) -> tuple[Calls, int, int]:
    """What each process does until it is told its plan, with two calls that differ."""
    calls = CallList()
    calls.call("prctl", privileges.PDEATHSIG, signal.SIGKILL)
    calls.call("setsid")
    calls.call("umask", 0o022)
    calls.call("setns", apart, CLONE_NEWNS)
    dup3 = calls.call("dup3", 0, _CHANNEL, os.O_CLOEXEC, on_error=1)
    calls.call("close_range", _CHANNEL + 1, _ALL, 0)
    calls.call("unshare", CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS)
    _mount(calls, b"none", b"/", MS_REC | MS_PRIVATE)
    _make_scratch(calls)
    _mount_systems(calls)
    _restrict(calls)
    calls.call("mkdirat", AT_FDCWD, b"root", 0o755)
    _pivot(calls, _FOLDER)
    bounding = privileges.bounding_set() & ~DEFAULT_CAPABILITIES
    for number in range(bounding.bit_length()):
        if bounding >> number & 1:
            calls.call("prctl", privileges.CAPBSET_DROP, number)
    default, none = calls.place(bytes(32)), calls.place(bytes(8))
    for number in ignored_signals():
        calls.call("rt_sigaction", number, default, 0, 8)
    calls.call("rt_sigprocmask", signal.SIG_SETMASK, none, 0, 8)
    calls.call("write", _CHANNEL, READY, len(READY))
    # Until it is told where to go on, and when nothing comes any more, it gives up.
    recvmsg = calls.call("recvmsg", _CHANNEL, 0, _MSG_CMSG_CLOEXEC, on_success=0)
    return calls.finish(), dup3, recvmsg


def _make_scratch(calls: CallList) -> None:
    flags = MS_NOSUID | MS_NODEV
    _mount(calls, b"tmpfs", SCRATCH.encode(), flags, b"tmpfs", b"mode=700")
    calls.call("openat", AT_FDCWD, SCRATCH.encode(), _DIRECTORY)
    calls.call("fchdir", _FOLDER)
    for name in (b"files", b"shown"):
        calls.call("mkdirat", AT_FDCWD, name, 0o700)
    _mount(calls, b"files", b"shown", MS_BIND)
    _mount(calls, b"none", b"shown", _BOUND | flags | MS_RDONLY | MS_NOEXEC)


def _mount_systems(calls: CallList) -> None:
    for name in SYSTEMS:
        calls.call("mkdirat", AT_FDCWD, name.encode(), 0o755)
    _mount(calls, b"proc", b"proc", QUIET, b"proc")
    dev_flags = MS_NOSUID | MS_STRICTATIME | MS_NODEV
    _mount(calls, b"tmpfs", b"dev", dev_flags, b"tmpfs", b"mode=755,size=65536k")
    for name in DEVICES:
        path = f"dev/{name}".encode()
        calls.call("faccessat", AT_FDCWD, b"/" + path, os.F_OK, on_error=3)
        calls.call("mknodat", AT_FDCWD, path, stat.S_IFREG | 0o666, 0)
        _mount(calls, b"/" + path, path, MS_BIND | MS_REC)
    for name, link in LINKS.items():
        calls.call("symlinkat", link.encode(), AT_FDCWD, f"dev/{name}".encode())
    for name in ("pts", "shm", "mqueue"):
        calls.call("mkdirat", AT_FDCWD, f"dev/{name}".encode(), 0o755)
    pts, pts_flags = b"newinstance,ptmxmode=0666,mode=0620", MS_NOSUID | MS_NOEXEC
    _mount(calls, b"devpts", b"dev/pts", pts_flags, b"devpts", pts + b",gid=5", 2, 1)
    _mount(calls, b"devpts", b"dev/pts", pts_flags, b"devpts", pts)
    _mount(calls, b"shm", b"dev/shm", QUIET, b"tmpfs", b"mode=1777,size=%d" % SHM_SIZE)
    _mount(calls, b"mqueue", b"dev/mqueue", QUIET, b"mqueue")
    _mount(calls, b"sysfs", b"sys", QUIET | MS_RDONLY, b"sysfs", b"", 3, 1)
    _mount(calls, b"/sys", b"sys", MS_BIND | MS_REC)
    wanted = calls.pointers(MOUNT_ATTR_RDONLY, 0, 0, 0)
    calls.call("mount_setattr", AT_FDCWD, b"sys", AT_RECURSIVE, wanted, 32)


def _restrict(calls: CallList) -> None:
    for path in (one[1:].encode() for one in READ_ONLY):
        calls.call("faccessat", AT_FDCWD, path, os.F_OK, on_error=3)
        _mount(calls, path, path, MS_BIND | MS_REC)
        _mount(calls, b"none", path, _BOUND | QUIET | MS_RDONLY)
    for path in (one[1:].encode() for one in MASKED):
        calls.call("faccessat", AT_FDCWD, path, os.F_OK, on_error=3)
        _mount(calls, b"tmpfs", path, MS_RDONLY, b"tmpfs", b"", 2, 1)
        _mount(calls, b"dev/null", path, MS_BIND | MS_REC)


def _step(plan: Plan, root_flags: int, seccomp: Filter | None) -> Calls:
    """What a step does from where it knows its plan. What is the same for all is written once."""
    process, environment = plan.process, plan.environment
    # Secrets are kept no longer than for their step.
    enter = _entering.__wrapped__ if process.mounts else _entering
    made = enter(plan.mounts, process.hostname, process.workdir, root_flags).copy()
    variables = tuple(environment.items())
    calls, programs = _running(process.arguments[0], variables, plan.user.groups, seccomp)
    last = calls.copy()
    arguments = argument_vector([os.fsencode(one) for one in process.arguments])
    for number in programs:
        last.pass_on(number, 2, arguments)
    made.go_on(last)
    return made


@lru_cache(4)
def _entering(mounts: tuple[Mount, ...], hostname: str, workdir: str, root_flags: int) -> Calls:
    """What a step does until it is in its root; one step often has it as the one before."""
    calls = CallList()
    flags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS
    calls.call("move_mount", _ROOT, b"", AT_FDCWD, b"root", flags)
    _mount(calls, b"none", b"root", MS_REC | MS_PRIVATE)
    _mount(calls, b"none", b"root", MS_BIND | MS_REMOUNT | MS_NODEV | root_flags)
    calls.call("openat", AT_FDCWD, b"root", _DIRECTORY)
    for name in (one.encode() for one in SYSTEMS):
        # Opened files have their names in /proc: it stays until all of them have been mounted.
        show = MS_BIND | MS_REC if name == b"proc" else MS_MOVE
        _open_inside(calls, name, _DIRECTORY, RESOLVE_NO_SYMLINKS, on_success=3, on_error=1)
        calls.call("mkdirat", _INSIDE, name, 0o755)
        _open_inside(calls, name, _DIRECTORY, RESOLVE_NO_SYMLINKS)
        _mount(calls, name, _PLACE, show)
        calls.call("close", _NEXT)
    for number, one in enumerate(mounts, 1):
        assert isinstance(one, FileMount)
        _show_file(calls, one, b"%d" % number)
    _pivot(calls, _INSIDE)
    shown = os.fsencode(hostname)
    calls.call("sethostname", shown, len(shown))
    calls.call("pipe2", calls.place(bytes(8)), os.O_CLOEXEC)
    for number, descriptor in enumerate((_NEXT, _STDOUT, _STDERR)):
        calls.call("dup3", descriptor, number, 0)
    calls.call("close", _NEXT + 1)
    calls.call("chdir", os.fsencode(workdir))
    calls.call("write", _REPORT, READY, len(READY))
    return calls.finish()


@lru_cache(4)
def _running(
    name: str,
    environment: tuple[tuple[str, str], ...],
    groups: tuple[int, ...],
    seccomp: Filter | None,
) -> tuple[Calls, tuple[int, ...]]:
    """What it does from there to its command, and which calls need its arguments."""
    calls = CallList()
    if seccomp is not None:
        calls.call("prctl", *seccomp.prctl_arguments)
    limits = privileges.capset_arguments(DEFAULT_CAPABILITIES)
    calls.call("capset", *map(calls.place, limits))
    calls.call("prctl", privileges.CAP_AMBIENT, privileges.CAP_AMBIENT_CLEAR_ALL)
    groups_place = calls.place(struct.pack(f"={len(groups)}I", *groups))
    calls.call("setgroups", len(groups), groups_place)
    calls.call("setresgid", 0, 0, 0)
    calls.call("setresuid", 0, 0, 0)
    calls.call("prctl", privileges.PDEATHSIG, signal.SIGKILL)
    calls.call("close_range", 3, _ALL, 0)
    variables = calls.pointers(*(os.fsencode(f"{one}={value}") for one, value in environment), 0)
    path = dict(environment).get("PATH", "")
    folders = path.split(":") if path else ()
    candidates = [name] if "/" in name else [os.path.join(one or ".", name) for one in folders]
    programs = []
    for one in map(os.fsencode, candidates):
        program = calls.place(one + b"\0")
        calls.call("faccessat", AT_FDCWD, program, os.X_OK, on_error=2)
        programs.append(calls.call("execve", program, 0, variables))
    return calls.finish(), tuple(programs)


def _show_file(calls: CallList, wanted: FileMount, name: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    calls.call("openat", AT_FDCWD, b"files/" + name, flags, 0o600)
    if wanted.content:
        calls.call("write", _NEXT, calls.place(wanted.content), len(wanted.content))
    calls.call("fchown", _NEXT, wanted.uid, wanted.gid)
    calls.call("fchmod", _NEXT, wanted.mode)
    calls.call("close", _NEXT)
    _open_inside(calls, os.fsencode(wanted.target), os.O_PATH | os.O_CLOEXEC)
    _mount(calls, b"shown/" + name, _PLACE, MS_BIND | MS_REC)
    calls.call("close", _NEXT)


def _open_inside(
    calls: CallList,
    path: bytes,
    flags: int,
    resolve: int = 0,
    on_success: int = 1,
    on_error: int = 0,
) -> None:
    how = calls.pointers(flags, 0, RESOLVE_INSIDE | resolve)
    arguments = _INSIDE, path, how, 24
    calls.call("openat2", *arguments, on_success=on_success, on_error=on_error)


def _mount(
    calls: CallList,
    source: bytes,
    target: bytes,
    flags: int,
    kind: bytes = b"",
    options: bytes = b"",
    on_success: int = 1,
    on_error: int = 0,
) -> None:
    arguments = (source, target, kind or 0, flags, options or 0)
    calls.call("mount", *arguments, on_success=on_success, on_error=on_error)


def _pivot(calls: CallList, descriptor: int) -> None:
    calls.call("fchdir", descriptor)
    calls.call("pivot_root", b".", b".")
    calls.call("umount2", b".", MNT_DETACH)
    calls.call("chdir", b"/")
