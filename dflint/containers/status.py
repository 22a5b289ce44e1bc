"""What the kernel tells of the first process of a container (proc_pid_status(5))."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass

from dflint.errors import BuildError

_REAL_TIME = re.compile(r"(?:SIG)?(RTMIN|RTMAX)(?:([+-])(\d+))?")


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """The user's number, and the signals that the process has handlers for, as a bit set."""

    uid: int
    handled: int

    def handles(self, number: int) -> bool:
        """Whether the process has a handler for a signal."""
        return bool(self.handled >> (number - 1) & 1)


def number_of(descriptor: int) -> int:
    """The number of the process of a descriptor (pidfd_open(2)); 0 when it has ended."""
    with open(f"/proc/self/fdinfo/{descriptor}", encoding="ascii") as opened:
        for line in opened:
            if line.startswith("Pid:"):
                return max(0, int(line.split()[1]))
    return 0


def status_of(process: int) -> ProcessStatus | None:
    """What is known of a process; None when it has ended."""
    try:
        with open(f"/proc/{process}/status", encoding="utf-8", errors="replace") as opened:
            values = dict(line.rstrip("\n").split(":\t", 1) for line in opened if ":\t" in line)
        if os.path.exists(f"/proc/{process}"):
            return ProcessStatus(int(values["Uid"].split()[1]), int(values["SigCgt"], 16))
    except (OSError, KeyError):
        pass
    return None


def signal_number(text: str) -> int:
    """The number of a signal as STOPSIGNAL has it: `SIGTERM`, `term`, `15`, `SIGRTMIN+3`."""
    name = text.upper()
    if name.isdigit() and int(name) in {int(one) for one in signal.valid_signals()}:
        return int(name)
    found = _REAL_TIME.fullmatch(name)
    if found is not None:
        first = signal.SIGRTMIN if found[1] == "RTMIN" else signal.SIGRTMAX
        return first + int(f"{found[2] or '+'}{found[3] or 0}")
    known = signal.Signals.__members__
    for one in (name, f"SIG{name}"):
        if one in known:
            return int(known[one])
    raise BuildError(f"STOPSIGNAL: expected a signal, found `{text}`")
