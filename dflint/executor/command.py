"""A program of the host that is run for a step, followed to its end."""

from __future__ import annotations

import os
import select
import subprocess
import threading
from collections.abc import Callable, Sequence

from dflint.errors import BuildError
from dflint.executor.process import Output, nothing

_CHUNK = 65536
_CANCEL_INTERVAL = 50  # milliseconds between looks at the cancel event


def follow(
    arguments: Sequence[str],
    output: Output,
    cancel: threading.Event,
    kill: Callable[[subprocess.Popen[bytes]], None],
    descriptors: Sequence[int] = (),
    meanwhile: Callable[[], None] = nothing,
) -> int:
    """Runs a program, handing on its output; its status, 128 + n for a signal n.

    When `cancel` is set, `kill` is called with the program's process, once, and 137 is returned.
    The program gets `descriptors` besides its output; `meanwhile` is called when it runs.
    """
    try:
        process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=tuple(descriptors),
            start_new_session=True,
        )
    except OSError as error:
        raise BuildError(f"cannot run {arguments[0]}: {error.strerror}") from None
    with process:
        try:
            meanwhile()
            is_killed = _hand_on(process, output, cancel, kill)
        except BaseException:
            kill(process)
            raise
    if is_killed:
        return 137
    return process.returncode if process.returncode >= 0 else 128 - process.returncode


def _hand_on(
    process: subprocess.Popen[bytes],
    output: Output,
    cancel: threading.Event,
    kill: Callable[[subprocess.Popen[bytes]], None],
) -> bool:
    """Hands on the output until both pipes have ended; whether the program was killed."""
    numbers = {
        stream.fileno(): number
        for number, stream in ((1, process.stdout), (2, process.stderr))
        if stream is not None
    }
    poll = select.poll()
    for descriptor in numbers:
        poll.register(descriptor, select.POLLIN)
    is_killed = False
    while numbers:
        if cancel.is_set() and not is_killed:
            kill(process)
            is_killed = True
        for descriptor, _ in poll.poll(_CANCEL_INTERVAL):
            chunk = os.read(descriptor, _CHUNK)
            if chunk:
                output(numbers[descriptor], chunk)
            else:
                poll.unregister(descriptor)
                del numbers[descriptor]
    return is_killed
