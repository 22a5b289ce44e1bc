"""What is run in a root file system, and who runs it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

HOSTNAME = "buildkitsandbox"
"""The name of the host that BuildKit gives to a step."""

SHM_SIZE = 64 << 20
"""Bytes of /dev/shm where nothing else is said."""

Output = Callable[[int, bytes], None]
"""Takes what a process writes: its descriptor (1 or 2) and the bytes, as they come."""


def nothing() -> None:
    """What is to be done meanwhile where nothing is."""


@dataclass(frozen=True, slots=True)
class BindMount:
    """A file or directory from outside at `target` inside the root.

    `source` is a path of the host, and `path` one inside it, whose links stay inside it.
    """

    source: str
    target: str
    is_read_only: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class TmpfsMount:
    """An empty file system in memory; `size` in bytes, 0 for the kernel's default."""

    target: str
    size: int = 0
    mode: int = 0o1777


@dataclass(frozen=True, slots=True)
class FileMount:
    """A read-only file that is in memory only: a secret, or one that the executor makes.

    Its content is `content`, or what the host's file `source` holds when that is not empty.
    """

    target: str
    content: bytes = b""
    source: str = ""
    uid: int = 0
    gid: int = 0
    mode: int = 0o400


Mount = BindMount | TmpfsMount | FileMount


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A limit of resources: `name` as in ulimits of docker (`nofile`), -1 for no limit."""

    name: str
    soft: int
    hard: int


@dataclass(frozen=True, slots=True)
class Resources:
    """Limits of the control group; 0 or "" where there is none.

    `memory` and `memory_swap` are bytes, `cpu_quota` microseconds in each `cpu_period`.
    """

    parent: str = ""
    memory: int = 0
    memory_swap: int = 0
    pids: int = 0
    cpu_quota: int = 0
    cpu_period: int = 0
    cpu_shares: int = 0
    cpuset_cpus: str = ""
    cpuset_mems: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """One command and the world it sees.

    `environment` holds `KEY=value`; HOME is added from the root's passwd when it is not set.
    `user` is as USER has it: "", a name or number, with a group after a colon. `network` is
    `host` or `none`. `is_privileged` is what `RUN --security=insecure` asks for. `extra_hosts`
    are pairs of a name and an address.

    The rest is for containers, and for the executor of namespaces alone. `terminal` has the rows
    and columns of a terminal of the process' own; `has_init` puts a first process before the
    command, which hands on signals and reaps. `start_failures` are the statuses of a command that
    cannot be started: for want of what is around it, as it may not be run, as it is not there.
    Without `needs_accounts` a user that is a number needs no passwd file.
    """

    arguments: tuple[str, ...]
    environment: tuple[str, ...] = ()
    workdir: str = "/"
    user: str = ""
    hostname: str = HOSTNAME
    network: str = "host"
    is_privileged: bool = False
    mounts: tuple[Mount, ...] = ()
    shm_size: int = SHM_SIZE
    ulimits: tuple[Ulimit, ...] = ()
    extra_hosts: tuple[tuple[str, str], ...] = ()
    resources: Resources = Resources()
    is_read_only: bool = False
    has_init: bool = False
    terminal: tuple[int, int] | None = None
    start_failures: tuple[int, int, int] = (1, 1, 1)
    needs_accounts: bool = True


class Executor(Protocol):
    """Runs processes, each in a root file system; from several threads at once."""

    name: str

    def run(
        self,
        root: str,
        process: Process,
        output: Output,
        cancel: threading.Event,
        meanwhile: Callable[[], None] = nothing,
    ) -> int:
        """Runs the process to its end and returns its exit status, 128 + n for a signal n.

        A command that cannot be started gives 1, and the reason as its output. When `cancel` is
        set, everything that runs in the root is killed and 137 returned. Mount points made for
        the process are removed from the root when they are empty. `meanwhile` is called once, when
        the process was asked for and this thread would only wait. Raises BuildError for a
        process that is not possible in this root, UnsupportedError on a machine that cannot.
        """
        ...

    def close(self) -> None:
        """Ends what the executor keeps running; more than once does no harm."""
        ...
