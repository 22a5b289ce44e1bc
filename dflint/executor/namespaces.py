"""The executor that stands on the kernel's calls alone; nothing needs to be installed."""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import select
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dflint.content.files import write_all
from dflint.errors import BuildError
from dflint.executor.cgroups import control_groups
from dflint.executor.helper import (
    ENDED,
    FAILED,
    FITTING,
    JOIN,
    REQUEST,
    STARTED,
    STEP,
    serve_as_child,
)
from dflint.executor.mount_points import MountPoints
from dflint.executor.plan import Plan, plan
from dflint.executor.process import Output, Process, nothing
from dflint.executor.start import READY, TERMINAL
from dflint.executor.world import ReadyWorld
from dflint.kernel.mounts import clone_tree
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

    def run(
        self,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
        meanwhile: Callable[[], None] = nothing,
    ) -> int:
        """Runs the process to its end; see `Executor.run`."""
        with self._running(STEP, root, process, output, -1) as running:
            meanwhile()
            return running.follow(cancel)

    @contextlib.contextmanager
    def running(
        self, root: str, process: Process, output: Output, stdin: int = -1
    ) -> Iterator[RunningProcess]:
        """A process that was started; it is killed, if it is still there, when the context ends.

        `stdin` is the descriptor that it reads from; without one it reads nothing.
        """
        with self._running(REQUEST, root, process, output, stdin) as running:
            yield running

    @contextlib.contextmanager
    def _running(
        self, message: bytes, root: str, process: Process, output: Output, stdin: int
    ) -> Iterator[RunningProcess]:
        wanted = plan(root, process)
        points = MountPoints(root, tuple(mount.target for mount in wanted.mounts))
        try:
            with control_groups(process.resources) as groups:
                wanted = replace(wanted, cgroups=groups, lacks_targets=points.are_missing)
                channels = self._request(message, wanted, [stdin] if stdin >= 0 else [])
                with contextlib.closing(RunningProcess(channels, output)) as running:
                    yield running
        finally:
            points.remove()

    def join(
        self,
        other: RunningProcess,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
    ) -> int:
        """Runs a process to its end in the namespaces of one that is ready, whose root is given.

        The process' own mounts do not count. See `Executor.run` for the rest.
        """
        channels = self._request(JOIN, plan(root, process), [other.descriptor])
        with contextlib.closing(RunningProcess(channels, output)) as running:
            return running.follow(cancel)

    def _request(self, message: bytes, wanted: Plan, more: list[int]) -> _Channels:
        with contextlib.ExitStack() as sent:
            memory = _in_memory(pickle.dumps(wanted, pickle.HIGHEST_PROTOCOL))
            sent.callback(os.close, memory)
            if message == STEP and ReadyWorld.is_for(wanted):
                # Before Linux 5.2 there is no such call, and each step is a new process.
                with contextlib.suppress(OSError):
                    more.append(clone_tree(wanted.root))
                    sent.callback(os.close, more[-1])
                    message = FITTING
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            sent.callback(theirs.close)
            pipes = [os.pipe(), os.pipe()]
            for _, writing in pipes:
                sent.callback(os.close, writing)
            writers = [writing for _, writing in pipes]
            descriptors = [memory, theirs.fileno(), *writers, *more]
            channels = _Channels(ours, pipes[0][0], pipes[1][0])
            try:
                with self._lock:
                    socket.send_fds(self._requests, [message], descriptors)
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


class RunningProcess:
    """A process that runs, seen from the thread that waits for it.

    `is_ready` is set when the process sees all that it is to see, or has ended; `terminal` is the
    descriptor of its terminal's other side then, -1 where it has none.
    """

    def __init__(self, channels: _Channels, output: Output) -> None:
        self.is_ready = threading.Event()
        self.descriptor = -1
        self.terminal = -1
        self._channels = channels
        self._output = output
        self._status: int | None = None
        self._failure = ""
        self._sees_all = False
        self._is_killed = False
        self._numbers = {channels.stdout: 1, channels.stderr: 2}
        self._poll = select.poll()
        self._open: set[int] = set()
        for descriptor in (channels.report.fileno(), *self._numbers):
            self._watch(descriptor)

    def close(self) -> None:
        """Kills what still runs, waits for its end, and closes everything."""
        self.signal(signal.SIGKILL)
        while self._status is None and not self._failure and self._read_report():
            self.signal(signal.SIGKILL)
        for descriptor in (self.descriptor, self.terminal):
            if descriptor >= 0:
                os.close(descriptor)
        self.descriptor = self.terminal = -1
        self._channels.close()

    def follow(self, cancel: threading.Event) -> int:
        """Hands on what the process writes, until it has ended; returns its status."""
        while self._open:
            if cancel.is_set() and self.descriptor >= 0 and not self._is_killed:
                self.signal(signal.SIGKILL)
                self._is_killed = True
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

    def signal(self, number: int) -> None:
        """Sends a signal to the process, if it is there."""
        if self.descriptor >= 0 and self._status is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, number)

    def _watch(self, descriptor: int) -> None:
        self._poll.register(descriptor, select.POLLIN)
        self._open.add(descriptor)

    def _read(self, descriptor: int) -> None:
        number = self._numbers.get(descriptor)
        if number is None:
            is_more = self._read_report()
        else:
            chunk = _read_chunk(descriptor)
            is_more = bool(chunk)
            if chunk:
                self._output(number, chunk)
        if not is_more:
            self._poll.unregister(descriptor)
            self._open.discard(descriptor)

    def _read_report(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._channels.report, _CHUNK, 1)
        if message == STARTED:
            # Another one comes for a process that has given up before its command.
            if self.descriptor >= 0:
                os.close(self.descriptor)
            (self.descriptor,) = descriptors
            self._is_killed = False
        elif message == TERMINAL:
            (self.terminal,) = descriptors
            self._numbers[self.terminal] = 1
            self._watch(self.terminal)
        elif message.startswith(ENDED):
            self._status = int(message.removeprefix(ENDED))
        elif message == READY:
            self._sees_all = True
        elif message:
            self._failure = message.removeprefix(FAILED).decode(errors="replace")
        has_ended = self._status is not None or self._failure or not message
        if has_ended or (self._sees_all and self.descriptor >= 0):
            self.is_ready.set()
        return bool(message)


def _in_memory(content: bytes) -> int:
    """A file in memory."""
    made = os.memfd_create("plan")
    try:
        write_all(made, content)
    except OSError:
        os.close(made)
        raise
    return made


def _read_chunk(descriptor: int) -> bytes:
    """What there is to read; nothing at the end, which a terminal tells by an error."""
    try:
        return os.read(descriptor, _CHUNK)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return b""
