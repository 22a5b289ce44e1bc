"""The helper process: it has one thread only, so it may fork a process for each step.

It is PID 1 of a PID namespace of its own: when it ends, however that comes, the kernel kills
everything that runs in it. It is asked by datagrams on a socket, each with the descriptors of
the plan (a file in memory), the report, stdout and stderr; stdin may follow. A process that joins
another's namespaces comes with that one's descriptor at the end, a step that fits the spare process
with the mounts of its root.

Steps of a build follow each other. After one a spare process is started, which enters namespaces
and mounts what most steps have while the builder is busy: the next step is that process. It is a
quick one where the last step could have been one, else a fork.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NoReturn

from dflint.executor.plan import Plan
from dflint.executor.quick import QuickProcess, can_start, is_for
from dflint.executor.start import READY, look_ahead, read_plan, start, wait_and_start
from dflint.kernel import privileges
from dflint.kernel.mounts import make_private
from dflint.kernel.namespaces import CLONE_NEWNS, CLONE_NEWPID, setns, unshare
from dflint.kernel.seccomp import Filter

REQUEST = b"run"
STEP = b"step"
"""A request that others are likely to follow."""
FITTING = b"fitting step"
"""One of these that the spare process can be, if there is one (`ReadyWorld.is_for`)."""
JOIN = b"join"
STARTED = b"started"
ENDED = b"ended "
FAILED = b"failed "


def serve_as_child(requests: socket.socket, seccomp: Filter | None) -> NoReturn:
    """The whole life of the child that was forked to be the helper."""
    parent = os.getppid()
    try:
        os.setsid()
        privileges.die_with_parent()
        if os.getppid() == parent:
            _reset_signals()
            unshare(CLONE_NEWPID)
            inner = os.fork()
            if not inner:
                privileges.die_with_parent()
                _close_all_but(requests.fileno())
                look_ahead()
                gc.freeze()
                _Helper(requests, seccomp).serve()
                os._exit(0)
            requests.close()
            os.waitpid(inner, 0)
    except OSError as error:
        os.write(2, f"dflint: the process that starts steps has failed: {error}\n".encode())
    finally:
        os._exit(0)


def _reset_signals() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)


def _close_all_but(kept: int) -> None:
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _mounts_of_now() -> int:
    """A mount namespace in which nothing is seen that is mounted from now on; a descriptor.

    -1 where this process may not come back from one.
    """
    folder = os.open(".", os.O_PATH | os.O_DIRECTORY)
    own = os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
    try:
        setns(own, CLONE_NEWNS)
        unshare(CLONE_NEWNS)
        make_private()
        made = os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC)
        setns(own, CLONE_NEWNS)
    except PermissionError:  # without CAP_SYS_CHROOT the first call is refused
        return -1
    finally:
        os.fchdir(folder)
        os.close(own)
        os.close(folder)
    return made


@dataclass(slots=True)
class _Step:
    """A process that runs: a descriptor that tells its end, and where that is reported.

    A `quick` one may have given up; with its plan and streams another is started then.
    """

    pid: int
    end: int
    report: socket.socket
    plan: Plan
    quick: QuickProcess | None = None
    streams: tuple[int, ...] = ()


@dataclass(slots=True)
class _Spare:
    """A process that waits for its plan, and says so on the channel when it is ready."""

    pid: int
    end: int
    channel: socket.socket
    quick: QuickProcess | None = None

    def become(self, descriptors: list[int]) -> bool:
        """Hands over a step; False when that is not possible here, and the process ends."""
        with self.channel:
            try:
                if self.channel.recv(len(READY)) == READY:
                    socket.send_fds(self.channel, [STEP], descriptors)
                    return True
            except OSError:
                pass
        return False

    def end_it(self) -> None:
        """Waits for the end of the process, which has one when nothing can come any more."""
        self.channel.close()
        os.waitpid(self.pid, 0)
        os.close(self.end)


class _Helper:
    """Starts processes and tells their ends."""

    def __init__(self, requests: socket.socket, seccomp: Filter | None) -> None:
        self._requests = requests
        self._seccomp = seccomp
        self._own = os.open("/proc/thread-self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._steps: dict[int, _Step] = {}
        self._spare: _Spare | None = None
        self._apart = _mounts_of_now()
        self._makes_spares = self._apart >= 0
        self._is_quick = self._makes_spares and can_start()
        self._poll = select.poll()
        os.umask(0o022)

    def serve(self) -> None:
        """Works until the other side of the socket is closed."""
        self._poll.register(self._requests, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll():
                step = self._steps.pop(descriptor, None)
                if step is not None:
                    self._poll.unregister(descriptor)
                    self._finish(step)
                    continue
                message, received, _, _ = socket.recv_fds(self._requests, 16, 6)
                if message not in (REQUEST, STEP, FITTING, JOIN):
                    return
                plan = self._start(received, message)
                if plan is not None and message in (STEP, FITTING) and self._makes_spares:
                    self._make_spare(plan, is_like_most=message == FITTING)

    def _start(self, received: list[int], message: bytes) -> Plan | None:
        """Starts what is asked for; its plan, None where that has failed."""
        plan_fd, report_fd, *streams = received
        extra = streams.pop() if message in (JOIN, FITTING) else -1
        report = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=report_fd)
        try:
            plan = read_plan(plan_fd)
            step = None
            if message == FITTING:
                step = self._take_spare(plan, [plan_fd, report_fd, extra, *streams], report)
            if step is None:
                joined = extra if message == JOIN else -1
                step = self._start_slowly(plan, streams, report, joined)
        except OSError as error:
            _tell(report, FAILED + str(error).encode())
            report.close()
            return None
        finally:
            _close((plan_fd, *streams, *([extra] if extra >= 0 else [])))
        self._follow(step)
        return plan

    def _start_slowly(
        self, plan: Plan, streams: Sequence[int], report: socket.socket, joined: int = -1
    ) -> _Step:
        """Forks a process that becomes the command."""
        become = partial(start, plan, self._seccomp, streams, report.fileno(), joined)
        pid = self._fork(joined, become)
        return _Step(pid, os.pidfd_open(pid), report, plan)

    def _follow(self, step: _Step) -> None:
        """Tells that a process has started, and waits for its end."""
        socket.send_fds(step.report, [STARTED], [step.end])
        self._steps[step.end] = step
        self._poll.register(step.end, select.POLLIN)

    def _take_spare(
        self, plan: Plan, descriptors: list[int], report: socket.socket
    ) -> _Step | None:
        """Has the spare process be a step; None where there is none that can."""
        spare = self._spare
        if spare is None or (spare.quick is not None and not is_for(plan)):
            return None
        self._spare = None
        if spare.quick is None:
            if spare.become(descriptors):
                return _Step(spare.pid, spare.end, report, plan)
            self._makes_spares = False
        else:
            _, report_fd, root, *streams = descriptors
            kept = tuple(os.dup(one) for one in streams)
            if spare.quick.become(plan, root, streams, report_fd, self._seccomp):
                return _Step(spare.pid, spare.end, report, plan, spare.quick, kept)
            self._is_quick = False
            _close(kept)
        spare.end_it()
        return None

    def _make_spare(self, last: Plan, *, is_like_most: bool) -> None:
        """Starts a process for the next step, which is likely to be one as the last."""
        spare, is_quick = self._spare, self._is_quick and is_for(last)
        if spare is not None:
            if not is_like_most or is_quick or spare.quick is None:
                return
            self._spare = None
            spare.end_it()
        try:
            self._spare = self._new_quick() if is_quick else self._new_spare()
        except OSError:  # the next step says why no process can be made
            self._is_quick = False

    def _new_quick(self) -> _Spare:
        made = QuickProcess(self._apart)
        return _Spare(made.pid, made.end, made.channel, made)

    def _new_spare(self) -> _Spare:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)

        def wait() -> NoReturn:
            # What other steps have is not to be held by one that waits: neither their roots, of
            # which there are none in these mounts, nor their ends and reports.
            setns(self._apart, CLONE_NEWNS)
            _close_all_but(theirs.fileno())
            wait_and_start(theirs, self._seccomp)

        with theirs:
            try:
                pid = self._fork(-1, wait)
                return _Spare(pid, os.pidfd_open(pid), ours)
            except OSError:
                ours.close()
                raise

    def _fork(self, joined: int, become: Callable[[], NoReturn]) -> int:
        """Forks the first process of a new PID namespace, or one more of another process'.

        It becomes something else and never returns here.
        """
        if joined < 0:
            unshare(CLONE_NEWPID)
        else:
            setns(joined, CLONE_NEWPID)
        try:
            pid = os.fork()
            if not pid:
                try:
                    become()
                finally:  # it must not go on as a second helper
                    os._exit(1)
        finally:
            setns(self._own, CLONE_NEWPID)
        return pid

    def _finish(self, step: _Step) -> None:
        _, status = os.waitpid(step.pid, 0)
        os.close(step.end)
        code = os.waitstatus_to_exitcode(status)
        message = ENDED + str(code if code >= 0 else 128 - code).encode()
        if step.quick is not None and step.quick.has_given_up:
            self._is_quick = False
            try:
                self._follow(self._start_slowly(step.plan, step.streams, step.report))
                message = b""
            except OSError as error:
                message = FAILED + str(error).encode()
        _close(step.streams)
        if message:
            _tell(step.report, message)
            step.report.close()


def _close(descriptors: Sequence[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _tell(report: socket.socket, message: bytes) -> None:
    """Sends a message to a caller that may have gone."""
    try:
        report.send(message)
    except (BrokenPipeError, ConnectionResetError):
        return
