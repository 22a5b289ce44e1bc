"""The executor that stands on the kernel's calls alone; nothing needs to be installed."""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import socket
import threading
from dataclasses import dataclass, replace

from dflint.errors import BuildError
from dflint.executor.cgroups import control_groups
from dflint.executor.helper import ENDED, FAILED, REQUEST, STARTED, serve_as_child
from dflint.executor.mount_points import MountPoints
from dflint.executor.plan import Plan, plan
from dflint.executor.process import Output, Process
from dflint.kernel.seccomp import compile_filter

_CHUNK = 65536
_CANCEL_INTERVAL = 50  # milliseconds between looks at the cancel event
_LAST_WORDS = 1000  # milliseconds in which the pipes must end after the process


class NamespacesExecutor:
    """Runs each process in PID, mount, IPC and UTS namespaces of its own.

    Make it before the first thread starts: it forks the helper that forks the processes.
    """

    name = "namespaces"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        seccomp = compile_filter()
        self._helper = os.fork()
        if not self._helper:
            ours.close()
            serve_as_child(theirs, seccomp)
        theirs.close()
        self._requests = ours

    def run(self, root: str, process: Process, output: Output, cancel: threading.Event) -> int:
        """Runs the process to its end; see `Executor.run`."""
        wanted = plan(root, process)
        points = MountPoints(root, tuple(mount.target for mount in wanted.mounts))
        try:
            with control_groups(process.resources) as groups:
                wanted = replace(wanted, cgroups=groups)
                with contextlib.closing(_Running(self._request(wanted), output)) as running:
                    return running.follow(cancel)
        finally:
            points.remove()

    def _request(self, wanted: Plan) -> _Channels:
        with contextlib.ExitStack() as sent:
            memory = os.memfd_create("plan")
            sent.callback(os.close, memory)
            with open(memory, "wb", closefd=False) as opened:
                pickle.dump(wanted, opened, pickle.HIGHEST_PROTOCOL)
            os.lseek(memory, 0, os.SEEK_SET)
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            sent.callback(theirs.close)
            pipes = [os.pipe(), os.pipe()]
            for _, writing in pipes:
                sent.callback(os.close, writing)
            descriptors = [memory, theirs.fileno(), *(writing for _, writing in pipes)]
            channels = _Channels(ours, pipes[0][0], pipes[1][0])
            try:
                with self._lock:
                    socket.send_fds(self._requests, [REQUEST], descriptors)
            except OSError as error:
                channels.close()
                raise BuildError(f"the process that starts steps has ended: {error}") from None
        return channels

    def close(self) -> None:
        """Ends the helper, and with it everything that still runs."""
        with self._lock:
            self._requests.close()
            if self._helper:
                os.waitpid(self._helper, 0)
                self._helper = 0


@dataclass(slots=True)
class _Channels:
    """Our ends of what a step reports and writes."""

    report: socket.socket
    stdout: int
    stderr: int

    def close(self) -> None:
        """Closes them all."""
        self.report.close()
        os.close(self.stdout)
        os.close(self.stderr)


class _Running:
    """A step that runs, seen from the thread that waits for it."""

    def __init__(self, channels: _Channels, output: Output) -> None:
        self._channels = channels
        self._output = output
        self._process = -1
        self._status: int | None = None
        self._failure = ""
        self._numbers = {channels.stdout: 1, channels.stderr: 2}
        self._poll = select.poll()
        for descriptor in (channels.report.fileno(), *self._numbers):
            self._poll.register(descriptor, select.POLLIN)
        self._open = {channels.report.fileno(), *self._numbers}

    def close(self) -> None:
        """Kills what still runs, waits for its end, and closes everything."""
        self._kill()
        while self._status is None and not self._failure and self._read_report():
            self._kill()
        if self._process >= 0:
            os.close(self._process)
        self._channels.close()

    def follow(self, cancel: threading.Event) -> int:
        """Hands on what the step writes, until it has ended; returns its status."""
        is_killed = False
        while self._open:
            if cancel.is_set() and self._process >= 0 and not is_killed:
                self._kill()
                is_killed = True
            is_over = self._channels.report.fileno() not in self._open
            ready = self._poll.poll(_LAST_WORDS if is_over else _CANCEL_INTERVAL)
            if is_over and not ready:
                break
            for descriptor, _ in ready:
                self._read(descriptor)
        if self._failure:
            raise BuildError(f"cannot run in a root file system: {self._failure}")
        if self._status is None:
            raise BuildError("the process that starts steps has ended before the step")
        return self._status

    def _read(self, descriptor: int) -> None:
        number = self._numbers.get(descriptor)
        if number is None:
            is_more = self._read_report()
        else:
            chunk = os.read(descriptor, _CHUNK)
            is_more = bool(chunk)
            if chunk:
                self._output(number, chunk)
        if not is_more:
            self._poll.unregister(descriptor)
            self._open.discard(descriptor)

    def _read_report(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._channels.report, _CHUNK, 1)
        if message == STARTED:
            (self._process,) = descriptors
        elif message.startswith(ENDED):
            self._status = int(message.removeprefix(ENDED))
        elif message:
            self._failure = message.removeprefix(FAILED).decode(errors="replace")
        return bool(message)

    def _kill(self) -> None:
        if self._process >= 0 and self._status is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, signal.SIGKILL)
