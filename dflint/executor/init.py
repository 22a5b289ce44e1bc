"""The first process of a container that is not its command: it hands on signals and reaps."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from types import FrameType

_KEPT = (
    signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGPIPE, signal.SIGTTIN, signal.SIGTTOU,
    signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT, signal.SIGTRAP,
    signal.SIGSYS,
)  # fmt: skip


def run_beside(*, has_terminal: bool) -> None:
    """Returns in a new process; this one stays the first, and ends with the status of that one.

    The new process leads a group of its own, in the terminal's foreground where there is one.
    """
    handed_on = [one for one in signal.valid_signals() if one not in _KEPT]
    signal.pthread_sigmask(signal.SIG_BLOCK, handed_on)
    child = os.fork()
    if child:
        _serve(child, handed_on)
    os.setpgid(0, 0)
    if has_terminal:
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpgrp())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _serve(child: int, handed_on: Sequence[int]) -> None:
    def hand_on(number: int, frame: FrameType | None) -> None:
        del frame
        try:
            os.kill(child, number)
        except ProcessLookupError:
            return

    for number in handed_on:
        signal.signal(number, hand_on)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)
