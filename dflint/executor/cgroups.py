"""Control groups that limit one step (cgroups(7)), of both versions."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator

from dflint.errors import UnsupportedError
from dflint.executor.process import Resources

_TOP = "/sys/fs/cgroup"
_TRIES = 50

_Setting = tuple[str, str, str]  # a controller, the name of a file, what is written to it


@contextlib.contextmanager
def control_groups(wanted: Resources, top: str = _TOP) -> Iterator[tuple[str, ...]]:
    """Groups with the limits, for a process to join; none where nothing is wanted.

    They are removed when the context ends. Raises UnsupportedError where they cannot be made.
    """
    if wanted == Resources():
        yield ()
        return
    is_unified = os.path.exists(os.path.join(top, "cgroup.controllers"))
    settings = _unified(wanted) if is_unified else _by_controller(wanted)
    name = os.path.join(wanted.parent.strip("/"), f"dflint-{os.urandom(16).hex()}")
    made: list[str] = []
    try:
        try:
            groups = _make(top, name, settings, made, is_unified=is_unified)
        except OSError as error:
            raise UnsupportedError(
                f"cannot limit the resources of a step: {error.filename or top}: {error.strerror}"
            ) from None
        yield groups
    finally:
        for folder in reversed(made):
            _remove(folder)


def _make(
    top: str, name: str, settings: list[_Setting], made: list[str], *, is_unified: bool
) -> tuple[str, ...]:
    controllers = sorted({controller for controller, _, _ in settings}) or ["memory", "pids", "cpu"]
    tops = {one: top if is_unified else os.path.join(top, one) for one in controllers}
    groups = {controller: os.path.join(tops[controller], name) for controller in controllers}
    for controller, group in groups.items():
        _make_folders(group, tops[controller], controller if is_unified else "", made)
    for controller, file, value in settings:
        with open(os.path.join(groups[controller], file), "w") as opened:
            opened.write(value)
    return tuple(dict.fromkeys(groups.values()))


def _make_folders(group: str, top: str, controller: str, made: list[str]) -> None:
    """Makes a group and those above it, which hand the controller down (version 2)."""
    above = os.path.dirname(group)
    if above != top and not os.path.isdir(above):
        _make_folders(above, top, controller, made)
    if controller:
        with open(os.path.join(above, "cgroup.subtree_control"), "w") as opened:
            opened.write(f"+{controller}")
    if not os.path.isdir(group):
        os.mkdir(group)
        made.append(group)


def _by_controller(wanted: Resources) -> list[_Setting]:
    """The settings of version 1; a set of processors needs one of memory nodes too."""
    pairs = (
        ("memory", "memory.limit_in_bytes", wanted.memory),
        ("memory", "memory.memsw.limit_in_bytes", wanted.memory_swap),
        ("pids", "pids.max", wanted.pids),
        ("cpu", "cpu.cfs_period_us", wanted.cpu_period),
        ("cpu", "cpu.cfs_quota_us", wanted.cpu_quota),
        ("cpu", "cpu.shares", wanted.cpu_shares),
        ("cpuset", "cpuset.cpus", wanted.cpuset_cpus),
        ("cpuset", "cpuset.mems", wanted.cpuset_mems or ("0" if wanted.cpuset_cpus else "")),
    )
    return [(controller, file, str(value)) for controller, file, value in pairs if value]


def _unified(wanted: Resources) -> list[_Setting]:
    """The settings of version 2, where swap does not include memory and shares are weights."""
    swap = max(0, wanted.memory_swap - wanted.memory) if wanted.memory_swap > 0 else 0
    weight = 1 + (wanted.cpu_shares - 2) * 9999 // 262142 if wanted.cpu_shares else 0
    period = wanted.cpu_period or 100_000
    is_quota = wanted.cpu_quota or wanted.cpu_period
    quota = f"{wanted.cpu_quota or 'max'} {period}" if is_quota else ""
    pairs = (
        ("memory", "memory.max", wanted.memory),
        ("memory", "memory.swap.max", str(swap) if wanted.memory_swap > 0 else ""),
        ("pids", "pids.max", wanted.pids),
        ("cpu", "cpu.max", quota),
        ("cpu", "cpu.weight", weight),
        ("cpuset", "cpuset.cpus", wanted.cpuset_cpus),
        ("cpuset", "cpuset.mems", wanted.cpuset_mems),
    )
    return [(controller, file, str(value)) for controller, file, value in pairs if value]


def _remove(folder: str) -> None:
    """Removes a group; its last processes may be about to end."""
    for _ in range(_TRIES):
        try:
            os.rmdir(folder)
        except OSError:
            time.sleep(0.01)
        else:
            return
