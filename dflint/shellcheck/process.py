"""One run of a program that leaves its output in a file, waited for with a time limit.

`subprocess` takes longer to import than ShellCheck takes for a small file, so that it is used
on Windows alone.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import Popen

#: So much of what the program complains about is kept, in bytes.
_COMPLAINT = 4096
_POLL = 0.005


class Process:
    """A started program. Its exit status is negative when a signal ended it."""

    __slots__ = ("_errors", "_pid", "_status", "complaint")

    def __init__(self, command: tuple[str, ...], output: str, environment: dict[str, str]) -> None:
        """Start it; OSError when it does not start."""
        self.complaint = b""
        self._status: int | None = None
        reading, writing = os.pipe()
        # The other end is closed when the program ends: nothing has to be polled.
        self._errors = reading
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        actions = (
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
            (os.POSIX_SPAWN_DUP2, writing, 2),
        )
        try:
            self._pid = os.posix_spawn(
                command[0], command, environment, file_actions=actions, setpgroup=0
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)

    def wait(self, seconds: float) -> int | None:
        """The exit status, or None when the program is still running after so long."""
        if self._status is not None:
            return self._status
        import select

        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if not select.select((self._errors,), (), (), left)[0]:
                return None
            data = os.read(self._errors, _COMPLAINT)
            if not data:
                break
            self.complaint = (self.complaint + data)[:_COMPLAINT]
        while True:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                return self._ended(os.waitstatus_to_exitcode(status))
            if time.monotonic() >= deadline:
                return None
            time.sleep(_POLL)

    def kill(self) -> None:
        """End the program, and what it started, if it still runs."""
        if self._status is None:
            import signal

            try:
                os.killpg(self._pid, signal.SIGKILL)
            except OSError:
                os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)
            self._ended(-signal.SIGKILL)

    def _ended(self, status: int) -> int:
        self._status = status
        import select

        # Another process that it started may still hold the other end.
        if select.select((self._errors,), (), (), 0)[0]:
            self.complaint = (self.complaint + os.read(self._errors, _COMPLAINT))[:_COMPLAINT]
        os.close(self._errors)
        return status


class WindowsProcess:
    """The same by way of `subprocess`."""

    __slots__ = ("_popen", "complaint")

    _popen: Popen[bytes]

    def __init__(self, command: tuple[str, ...], output: str, environment: dict[str, str]) -> None:
        """Start it; OSError when it does not start."""
        import subprocess

        self.complaint = b""
        with open(output, "wb") as stream:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.DEVNULL,
                env=environment,
            )

    def wait(self, seconds: float) -> int | None:
        """The exit status, or None when the program is still running after so long."""
        import subprocess

        try:
            return self._popen.wait(max(seconds, 0))
        except subprocess.TimeoutExpired:
            return None

    def kill(self) -> None:
        """End the program if it still runs."""
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()


def start(
    command: tuple[str, ...], output: str, environment: dict[str, str]
) -> Process | WindowsProcess:
    """Start a program; OSError when it does not start."""
    if hasattr(os, "posix_spawn"):
        return Process(command, output, environment)
    return WindowsProcess(command, output, environment)
