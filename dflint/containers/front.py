"""What whoever runs a container has of it: its input and output, its signals, its terminal."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import struct
import termios
import threading
import tty
from collections.abc import Iterator, Sequence
from types import FrameType

from dflint.containers.container import Container
from dflint.containers.forwarding import forward
from dflint.containers.published import HeldPort
from dflint.containers.request import ContainerRequest
from dflint.content.files import write_all
from dflint.executor.namespaces import RunningProcess

_CHUNK = 65536
#: How often Ctrl-C, or another request to end, is handed on before the container is killed.
_PATIENCE = 3
_NOT_FORWARDED = (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGPIPE, signal.SIGWINCH, signal.SIGTSTP,
    signal.SIGCONT, signal.SIGTTIN, signal.SIGTTOU, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE,
    signal.SIGILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGSYS,
)  # fmt: skip


def terminal_size() -> tuple[int, int]:
    """The rows and columns of the terminal on standard input, 24 and 80 where it does not say."""
    try:
        size = os.get_terminal_size(0)
    except OSError:
        return 24, 80
    return size.lines or 24, size.columns or 80


def run_in_front(container: Container, request: ContainerRequest) -> int:
    """Run a container to its end, and return its exit status."""
    with contextlib.ExitStack() as held:
        front = _Front(request)
        stdin = front.open_input(held)
        # What comes between the start and the handlers' being set is not lost.
        handled = [one for one in signal.valid_signals() if one not in _NOT_FORWARDED]
        signal.pthread_sigmask(signal.SIG_BLOCK, handled)
        running = held.enter_context(
            container.executor.running(container.root, container.process, front.output, stdin)
        )
        front.begin(running, handled)
        held.enter_context(front.raw())
        thread = threading.Thread(target=front.serve, args=(running, container.ports), daemon=True)
        thread.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, handled)
        return running.follow(front.is_killed)


class _Front:
    def __init__(self, request: ContainerRequest) -> None:
        self._request = request
        self._running: RunningProcess | None = None
        self._input = -1
        self._asked = 0
        self._is_deaf = {1: False, 2: False}
        self.is_killed = threading.Event()

    def open_input(self, held: contextlib.ExitStack) -> int:
        """The descriptor that the container reads from, -1 for none but a terminal."""
        if not self._request.is_interactive or self._request.has_terminal:
            return -1
        reading, self._input = os.pipe()
        held.callback(os.close, reading)
        return reading

    def output(self, number: int, data: bytes) -> None:
        """Write what the container writes; a reader that has gone does not end it."""
        if not self._is_deaf[number]:
            try:
                write_all(number, data)
            except OSError:
                self._is_deaf[number] = True

    def begin(self, running: RunningProcess, handled: Sequence[int]) -> None:
        """Hand on signals, and changes of the terminal's size."""
        self._running = running
        for number in handled:
            signal.signal(number, self._hand_on)
        if self._request.has_terminal:
            signal.signal(signal.SIGWINCH, self._resize)

    def _hand_on(self, number: int, frame: FrameType | None) -> None:
        del frame
        assert self._running is not None
        if number in (signal.SIGINT, signal.SIGTERM):
            self._asked += 1
        if self._asked >= _PATIENCE:
            self.is_killed.set()
        self._running.signal(number)

    def _resize(self, number: int = 0, frame: FrameType | None = None) -> None:
        del number, frame
        if self._running is not None and self._running.terminal >= 0:
            size = struct.pack("HHHH", *terminal_size(), 0, 0)
            with contextlib.suppress(OSError):
                fcntl.ioctl(self._running.terminal, termios.TIOCSWINSZ, size)

    @contextlib.contextmanager
    def raw(self) -> Iterator[None]:
        """The terminal hands on every key as it is, until the context ends."""
        if not (self._request.has_terminal and self._request.is_interactive):
            yield
            return
        before = termios.tcgetattr(0)
        tty.setraw(0)
        try:
            yield
        finally:
            termios.tcsetattr(0, termios.TCSADRAIN, before)

    def serve(self, running: RunningProcess, ports: Sequence[HeldPort]) -> None:
        """Once the container sees all that it is to see, connect its ports and its input."""
        running.is_ready.wait()
        if running.descriptor < 0:
            return
        forward(ports, running.descriptor if self._request.network == "none" else None)
        if not self._request.is_interactive:
            return
        if self._request.has_terminal:
            self._resize()
            self._input = running.terminal
        self._copy_input()

    def _copy_input(self) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(0, _CHUNK):
                write_all(self._input, data)
        if not self._request.has_terminal:
            os.close(self._input)
