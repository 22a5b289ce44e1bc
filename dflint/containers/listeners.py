"""What listens in the network of a process, and whether it answers."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass

from dflint.kernel.namespaces import CLONE_NEWNET, setns

_LISTEN = "0A"
_LOOPBACK = ("0100007F", "00000000000000000000000001000000")
_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that something listens on: `kind` is `tcp` or `udp`."""

    kind: str
    port: int
    is_loopback: bool


def listeners(process: int) -> tuple[Listener, ...]:
    """What listens in the network of the process of this number (proc_net(5)); none if it ended."""
    found = []
    for file in ("tcp", "tcp6", "udp", "udp6"):
        kind = file.removesuffix("6")
        try:
            with open(f"/proc/{process}/net/{file}", encoding="ascii") as opened:
                lines = opened.read().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            address, _, port = fields[1].partition(":")
            if kind == "udp" or fields[3] == _LISTEN:
                is_loopback = address in _LOOPBACK or _is_in_net_127(address)
                found.append(Listener(kind, int(port, 16), is_loopback))
    return tuple(found)


def _is_in_net_127(address: str) -> bool:
    return len(address) == 8 and address.endswith("7F")


def answers(descriptor: int | None, port: int) -> bool:
    """Whether a connection to a TCP port of the loopback device is taken.

    `descriptor` is that of the process whose network is meant, None for that of this process.
    """
    found: list[bool] = []

    def connect() -> None:
        try:
            if descriptor is not None:
                setns(descriptor, CLONE_NEWNET)  # of this thread alone
            for address in ("127.0.0.1", "::1"):
                try:
                    with socket.create_connection((address, port), timeout=_WAIT):
                        found.append(True)
                        return
                except OSError:
                    continue
        except OSError:
            return

    thread = threading.Thread(target=connect)
    thread.start()
    thread.join()
    return bool(found)
