"""What this machine has of what running steps needs, for `dflint doctor`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

from dflint.errors import UnsupportedError
from dflint.executor.emulation import ADVICE, ARCHITECTURES, runnable
from dflint.kernel.privileges import CAP_SYS_ADMIN, CAP_SYS_RESOURCE, has_capability
from dflint.kernel.seccomp import load_library
from dflint.kernel.userns import (
    needs_user_namespace,
    require_subordinate_ids,
    user_namespace_problem,
)

_MAXIMUM = "/proc/sys/user/max_user_namespaces"
_SWITCHES = (
    ("/proc/sys/kernel/unprivileged_userns_clone", "1"),
    ("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0"),
)
_PROGRAMS = (
    ("runc", "runc", "steps by `--executor runc`"),
    ("crun", "crun", "steps by `--executor crun`"),
    ("bwrap", "bubblewrap", "steps by `--executor bwrap`"),
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a build needs or can use.

    `name` says what, `is_there` whether it is there, `is_needed` whether no step runs without it;
    `advice` says what to install or set where it is missing, and what is missed.
    """

    name: str
    is_there: bool
    is_needed: bool
    advice: str = ""


def facts() -> Iterator[Fact]:
    """The facts of this machine, for this user; the needed ones first."""
    yield _kernel()
    if needs_user_namespace():
        yield from _ordinary_user()
    else:
        yield Fact(
            "the capability SYS_ADMIN",
            has_capability(CAP_SYS_ADMIN),
            True,
            "run the container with `--privileged`, or with `--cap-add SYS_ADMIN` and "
            "`--security-opt seccomp=unconfined`",
        )
        yield Fact(
            "the capability SYS_RESOURCE",
            has_capability(CAP_SYS_RESOURCE),
            False,
            "ulimits cannot be raised over those of this process",
        )
    yield _overlay()
    yield from _platforms()
    yield Fact(
        "libseccomp",
        load_library() is not None,
        False,
        "install the package `libseccomp2` (`libseccomp` on Fedora and Alpine): without it the "
        "system calls of steps are not filtered",
    )
    for program, package, use in _PROGRAMS:
        found = shutil.which(program) is not None
        yield Fact(program, found, False, f"install the package `{package}` for {use}")


def _kernel() -> Fact:
    machine = os.uname().machine
    release = os.uname().release
    try:
        version = tuple(int(part) for part in release.split("-")[0].split(".")[:2])
    except ValueError:
        version = (0,)
    is_known = machine in {"x86_64", "aarch64"} and version >= (5, 6)
    return Fact(
        f"Linux {release} on {machine}",
        is_known,
        True,
        "Linux 5.6 or later on x86_64 or aarch64 is needed",
    )


def _overlay() -> Fact:
    with open("/proc/filesystems", encoding="ascii") as opened:
        is_there = any(line.split()[-1] == "overlay" for line in opened)
    return Fact(
        "overlayfs",
        is_there,
        False,
        "load the module: `modprobe overlay`; without it files are copied for each step",
    )


def _platforms() -> Iterator[Fact]:
    there = runnable()
    missing = [one for one in map("linux/{}".format, ARCHITECTURES) if one not in there]
    yield Fact(f"steps for {', '.join(there)}", bool(there), False)
    if missing:
        yield Fact(f"steps for {', '.join(missing)}", False, False, ADVICE)


def _ordinary_user() -> Iterator[Fact]:
    missing = ""
    try:
        require_subordinate_ids()
    except UnsupportedError as error:
        missing = str(error)
    yield Fact("subordinate ids", not missing, True, missing)
    advice = _forbidden() or ("" if missing else user_namespace_problem())
    yield Fact("user namespaces", not advice, True, advice)


def _forbidden() -> str:
    """What to set where a setting of the kernel keeps ordinary users from user namespaces."""
    if _read(_MAXIMUM) == "0":
        return "set `sysctl user.max_user_namespaces=15000`"
    for path, wanted in _SWITCHES:
        if _read(path) not in {"", wanted}:
            setting = path.removeprefix("/proc/sys/").replace("/", ".")
            return f"set `sysctl {setting}={wanted}`"
    return ""


def _read(path: str) -> str:
    """The text of a setting; "" where the kernel has none of this name."""
    try:
        with open(path, encoding="ascii") as opened:
            return opened.read().strip()
    except OSError:
        return ""
