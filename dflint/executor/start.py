"""The last steps of a process before its command: it enters its world and becomes its user."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import pickle
import resource
import signal
import socket
import struct
import termios
from collections.abc import Callable, Sequence
from functools import cache
from typing import NoReturn

from dflint.errors import BuildError
from dflint.executor import world
from dflint.executor.init import run_beside
from dflint.executor.plan import DEFAULT_CAPABILITIES, Plan
from dflint.executor.process import FileMount, Process, Ulimit
from dflint.executor.users import User
from dflint.kernel import privileges
from dflint.kernel.namespaces import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWNS,
    CLONE_NEWUTS,
    bring_loopback_up,
    set_hostname,
    setns,
    unshare,
)
from dflint.kernel.seccomp import Filter

_NOT_STARTED = "unable to start container process"
_AROUND, _FORBIDDEN, _MISSING = 0, 1, 2  # which of a process' `start_failures`

READY = b"ready"
"""Reported when everything is there that the command sees."""

TERMINAL = b"terminal"
"""Reported with the terminal's own side."""


#: A plan to read before there is one: what reading takes is this process' own memory then.
_SAMPLE = pickle.dumps(
    Plan("", Process(arguments=()), User(0, 0, (0,)), {}, (FileMount(""),)), pickle.HIGHEST_PROTOCOL
)


def read_plan(descriptor: int) -> Plan:
    """The plan in a file in memory, which stays open."""
    found: Plan = pickle.loads(os.pread(descriptor, os.fstat(descriptor).st_size, 0))
    return found


def look_ahead() -> None:
    """Looks up what is the same for each process that this one starts later."""
    ignored_signals()
    privileges.bounding_set()


class _StartError(Exception):
    """The command cannot be started; the text is for the step's output."""

    def __init__(self, text: str, kind: int = _AROUND) -> None:
        super().__init__(text)
        self.kind = kind


def start(
    plan: Plan, seccomp: Filter | None, streams: Sequence[int], report: int, joined: int
) -> NoReturn:
    """Turns this process, a new one in a PID namespace, into the command of the plan.

    `streams` are the descriptors to become stdout, stderr and, where it is there, stdin. With a
    `joined` process (its descriptor, else -1) the command enters the namespaces of that one. What
    fails of the machine's side is written to `report`, what fails of the command's side to stderr.
    """

    def prepare() -> None:
        if joined < 0:
            _prepare(plan)
        else:
            _enter(joined, plan)
        _reset_signals()
        if not plan.process.is_privileged:
            privileges.limit_bounding_set(DEFAULT_CAPABILITIES)

    _start(plan, seccomp, streams, report, prepare)


def wait_and_start(channel: socket.socket, seccomp: Filter | None) -> NoReturn:
    """Makes this process, a new one in a PID namespace, ready for a command that comes later.

    When `READY` is on the channel it waits there for the descriptors of a plan, the report and the
    root's mounts; those of `start` follow. It ends when the channel does, or something fails: who
    has a plan then starts another process.
    """
    try:
        _separate(has_network=True)
        ready = world.make_ready()
        _reset_signals()
        privileges.limit_bounding_set(DEFAULT_CAPABILITIES)
        pickle.loads(_SAMPLE)
        channel.send(READY)
        message, received, _, _ = socket.recv_fds(channel, 16, 6)
        if not message:
            os._exit(0)
        plan_fd, report, root, *streams = received
        plan = read_plan(plan_fd)
    except OSError:
        os._exit(1)

    def prepare() -> None:
        ready.enter(plan, root)
        set_hostname(plan.process.hostname)

    _start(plan, seccomp, streams, report, prepare)


def _start(
    plan: Plan,
    seccomp: Filter | None,
    streams: Sequence[int],
    report: int,
    prepare: Callable[[], None],
) -> NoReturn:
    failures = plan.process.start_failures
    try:
        prepare()
        _connect(plan, streams, report)
        os.write(report, READY)
    except OSError as error:
        at = f" at {error.filename}" if error.filename else ""
        os.write(report, f"{error.strerror or error}{at}".encode(errors="replace"))
        os._exit(failures[_AROUND])
    status = failures[_AROUND]
    try:
        _become_command(plan, seccomp)
    except _StartError as error:
        status = failures[error.kind]
        os.write(2, f"{error}\n".encode(errors="surrogateescape"))
    except (OSError, BuildError, ValueError) as error:
        os.write(2, f"{_NOT_STARTED}: {error}\n".encode(errors="replace"))
    finally:
        # Whatever has happened: what the caller has on its stack is not this process' business.
        os._exit(status)


def _enter(joined: int, plan: Plan) -> None:
    """Enters the namespaces of a process, whose root is this one's then."""
    privileges.die_with_parent()
    os.setsid()
    os.umask(0o022)
    network = CLONE_NEWNET if plan.process.network == "none" else 0
    setns(joined, CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | network)
    _join_control_groups(plan.cgroups)


def _prepare(plan: Plan) -> None:
    _separate(has_network=plan.process.network != "none")
    _join_control_groups(plan.cgroups)
    world.enter(plan)
    set_hostname(plan.process.hostname)


def _separate(*, has_network: bool) -> None:
    """Enters namespaces of this process' own, beside the PID namespace that it is the first of."""
    privileges.die_with_parent()
    os.setsid()
    os.umask(0o022)
    own = CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS
    unshare(own if has_network else own | CLONE_NEWNET)
    if not has_network:
        bring_loopback_up()


def _join_control_groups(groups: tuple[str, ...]) -> None:
    """Puts this process into control groups; 0 stands for the writer (cgroups(7))."""
    for group in groups:
        with open(f"{group}/cgroup.procs", "w") as opened:
            opened.write("0")


def _connect(plan: Plan, streams: Sequence[int], report: int) -> None:
    """Makes the descriptors stdin, stdout and stderr; stdin is an empty pipe where none is given.

    They are the user's own, so that it may open /dev/stdout.
    """
    if plan.process.terminal is not None:
        _open_terminal(plan.process.terminal, plan.user.uid, report)
        return
    if len(streams) > 2:
        reading, writing = streams[2], -1
    else:
        reading, writing = os.pipe()
    for descriptor, number in ((reading, 0), (streams[0], 1), (streams[1], 2)):
        os.dup2(descriptor, number)
        _give(number, plan.user.uid)
    if writing >= 0:
        os.close(writing)


def _open_terminal(size: tuple[int, int], uid: int, report: int) -> None:
    """Makes a new terminal of the root's own the controlling one, and reports its other side."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(theirs, number)
    _give(0, uid)
    with socket.socket(fileno=os.dup(report)) as channel:
        socket.send_fds(channel, [TERMINAL], [ours])


def _give(descriptor: int, uid: int) -> None:
    """Makes an open file the user's."""
    if uid:
        # An id that the user namespace does not map is refused when it is to be taken on.
        with contextlib.suppress(OSError):
            os.fchown(descriptor, uid, -1)


def _become_command(plan: Plan, seccomp: Filter | None) -> None:
    process = plan.process
    for limit in process.ulimits:
        _set_limit(limit)
    _enter_workdir(process.workdir)
    if not process.is_privileged:
        if seccomp is not None:
            seccomp.install()
        privileges.limit_capabilities(DEFAULT_CAPABILITIES)
    _become_user(plan.user)
    privileges.die_with_parent()
    program = _find(process.arguments[0], plan.environment.get("PATH", ""))
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    if process.has_init:
        run_beside(has_terminal=process.terminal is not None)
    try:
        os.execve(program, process.arguments, plan.environment)
    except OSError as error:
        raise _StartError(f"exec {program}: {_go_words(error)}", _FORBIDDEN) from None


def _become_user(user: User) -> None:
    try:
        privileges.become(user.uid, user.gid, user.groups)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise _StartError(
            f"{_NOT_STARTED}: user {user.uid}:{user.gid} is not mapped in the user namespace (try "
            "increasing the number of subordinate IDs in /etc/subuid and /etc/subgid)"
        ) from None


def _enter_workdir(path: str) -> None:
    try:
        os.makedirs(path, 0o755, exist_ok=True)
        os.chdir(path)
    except OSError as error:
        reason = "not a directory" if isinstance(error, FileExistsError) else _go_words(error)
        raise _StartError(
            f"{_NOT_STARTED}: error during container init: mkdir {path}: {reason}"
        ) from None


@cache
def ignored_signals() -> tuple[int, ...]:
    """The signals that this process ignores, and no command is to."""
    every = signal.valid_signals()
    return tuple(one for one in every if signal.getsignal(one) is signal.SIG_IGN)


def _reset_signals() -> None:
    for number in ignored_signals():
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _set_limit(limit: Ulimit) -> None:
    number = getattr(resource, f"RLIMIT_{limit.name.upper()}", None)
    if number is None:
        raise _StartError(f"{_NOT_STARTED}: invalid ulimit type: {limit.name}")
    try:
        resource.setrlimit(number, (limit.soft, limit.hard))
    except (OSError, ValueError) as error:
        raise _StartError(
            f"{_NOT_STARTED}: error setting rlimits for "
            f"{limit.name} to {limit.soft}:{limit.hard}: {error}"
        ) from None


def _find(name: str, path: str) -> str:
    """The program that a name means, looked for in the directories of PATH as Go does."""
    prefix = f'{_NOT_STARTED}: exec: "{name}"'
    if "/" in name:
        try:
            is_directory = os.path.isdir(name)
            os.stat(name)
        except OSError as error:
            kind = _MISSING if error.errno == errno.ENOENT else _FORBIDDEN
            raise _StartError(f"{prefix}: stat {name}: {_go_words(error)}", kind) from None
        if is_directory or not os.access(name, os.X_OK):
            raise _StartError(f"{prefix}: permission denied", _FORBIDDEN)
        return name
    for folder in path.split(":") if path else ():
        place = os.path.join(folder or ".", name)
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return place
    raise _StartError(f"{prefix}: executable file not found in $PATH", _MISSING)


def _go_words(error: OSError) -> str:
    """What went wrong, in lower case as Go has it."""
    return (error.strerror or str(error)).lower()
