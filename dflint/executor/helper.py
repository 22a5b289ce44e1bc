"""The helper process: it has one thread only, so it may fork a process for each step.

It is PID 1 of a PID namespace of its own: when it ends, however that comes, the kernel kills
everything that runs in it. It is asked by datagrams on a socket, each with the descriptors of
the plan (a file in memory), the report, stdout and stderr; stdin may follow. A process that joins
another's namespaces comes with that one's descriptor at the end.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import socket
from dataclasses import dataclass
from typing import NoReturn

from dflint.executor.plan import Plan
from dflint.executor.start import start
from dflint.kernel import privileges
from dflint.kernel.namespaces import CLONE_NEWPID, setns, unshare
from dflint.kernel.seccomp import Filter

REQUEST = b"run"
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


@dataclass(slots=True)
class _Step:
    """A process that runs: a descriptor that tells its end, and where that is reported."""

    pid: int
    end: int
    report: socket.socket


class _Helper:
    """Starts processes and tells their ends."""

    def __init__(self, requests: socket.socket, seccomp: Filter | None) -> None:
        self._requests = requests
        self._seccomp = seccomp
        self._own = os.open("/proc/thread-self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._steps: dict[int, _Step] = {}

    def serve(self) -> None:
        """Works until the other side of the socket is closed."""
        poll = select.poll()
        poll.register(self._requests, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                step = self._steps.pop(descriptor, None)
                if step is not None:
                    poll.unregister(descriptor)
                    self._finish(step)
                    continue
                message, received, _, _ = socket.recv_fds(self._requests, 16, 6)
                if message not in (REQUEST, JOIN):
                    return
                started = self._start(received, joins=message == JOIN)
                if started is not None:
                    self._steps[started.end] = started
                    poll.register(started.end, select.POLLIN)

    def _start(self, received: list[int], *, joins: bool) -> _Step | None:
        plan_fd, report_fd, *streams = received
        joined = streams.pop() if joins else -1
        report = socket.socket(fileno=report_fd)
        try:
            with open(plan_fd, "rb") as opened:
                plan: Plan = pickle.load(opened)
            pid = self._fork(plan, streams, report_fd, joined)
        except OSError as error:
            _tell(report, FAILED + str(error).encode())
            report.close()
            return None
        finally:
            for descriptor in (*streams, joined) if joins else streams:
                os.close(descriptor)
        end = os.pidfd_open(pid)
        socket.send_fds(report, [STARTED], [end])
        return _Step(pid, end, report)

    def _fork(self, plan: Plan, streams: list[int], report: int, joined: int) -> int:
        """Forks the first process of a new PID namespace, or one more of another process'.

        It never returns here.
        """
        if joined < 0:
            unshare(CLONE_NEWPID)
        else:
            setns(joined, CLONE_NEWPID)
        try:
            pid = os.fork()
            if not pid:
                start(plan, self._seccomp, streams, report, joined)
        finally:
            setns(self._own, CLONE_NEWPID)
        return pid

    def _finish(self, step: _Step) -> None:
        _, status = os.waitpid(step.pid, 0)
        os.close(step.end)
        code = os.waitstatus_to_exitcode(status)
        _tell(step.report, ENDED + str(code if code >= 0 else 128 - code).encode())
        step.report.close()


def _tell(report: socket.socket, message: bytes) -> None:
    """Sends a message to a caller that may have gone."""
    try:
        report.send(message)
    except (BrokenPipeError, ConnectionResetError):
        return
