"""Where mounts can be made: a mount namespace for root, a user namespace for the others."""

from __future__ import annotations

import os
import pwd
import shutil
from typing import NoReturn

from dflint.errors import UnsupportedError
from dflint.kernel.mounts import make_private
from dflint.kernel.namespaces import CLONE_NEWNS, CLONE_NEWUSER, unshare
from dflint.kernel.privileges import prctl

_MAPS = (("newuidmap", "/etc/subuid"), ("newgidmap", "/etc/subgid"))
_SET_DUMPABLE = 4


def is_in_user_namespace() -> bool:
    """Whether this process is in a user namespace other than the first."""
    try:
        with open("/proc/self/uid_map") as opened:
            return opened.read().split() != ["0", "0", "4294967295"]
    except OSError:
        return False


def needs_user_namespace() -> bool:
    """Whether this process has to enter a user namespace before it can mount anything."""
    return os.geteuid() != 0


def enter_mount_namespace() -> None:
    """Keeps the mounts that root makes from now on to this process and its children.

    They are gone when the last of these ends. Raises UnsupportedError where it is not allowed.
    """
    try:
        unshare(CLONE_NEWNS)
        make_private()
    except OSError as error:
        raise UnsupportedError(
            f"cannot mount file systems here: {error.strerror}; in a container, CAP_SYS_ADMIN is "
            "needed (`--privileged`, or `--cap-add SYS_ADMIN` with no seccomp profile)"
        ) from None


def enter_user_namespace() -> None:
    """Makes this process root of a user namespace, with a mount namespace of its own.

    The user becomes 0, its subordinate ids become 1 and so on. It must be called before the first
    thread starts. Raises UnsupportedError when the ids are not there, or user namespaces are not
    allowed; the process is of no use then.
    """
    require_subordinate_ids()
    _map_ids()
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)
    # The change of user has hidden /proc/self from this process: files are named by it.
    prctl(_SET_DUMPABLE, 1)


def user_namespace_problem() -> str:
    """Why this process could not enter a user namespace, found by a child that tries; or ""."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            enter_user_namespace()
        except UnsupportedError as error:
            os.write(writing, str(error).encode("utf-8", "replace"))
        finally:
            os._exit(0)
    os.close(writing)
    with open(reading, encoding="utf-8", errors="replace") as opened:
        problem = opened.read()
    os.waitpid(child, 0)
    return problem


def require_subordinate_ids() -> None:
    """Raises UnsupportedError, saying what to install or write, unless ids can be mapped."""
    for program, _ in _MAPS:
        if shutil.which(program) is None:
            raise UnsupportedError(
                f"`{program}` is not installed: images have files of many owners, and it maps "
                "them for an ordinary user; install the package `uidmap` (`shadow-utils` on "
                "Fedora), or build as root"
            )
    name = _user_name()
    if not name:
        raise UnsupportedError(
            f"the user {os.geteuid()} has no name in /etc/passwd, which `newuidmap` asks for: add "
            "a line for it, or build as root"
        )
    for _, path in _MAPS:
        if not subordinate_ids(path):
            raise UnsupportedError(
                f"{path} gives {name} no subordinate ids: add the line `{name}:100000:65536` to "
                "/etc/subuid and /etc/subgid, or build as root"
            )


def subordinate_ids(path: str) -> list[tuple[int, int]]:
    """The ranges (first, count) that a file like /etc/subuid gives to this user (subuid(5))."""
    names = {_user_name(), str(os.geteuid())}
    try:
        with open(path) as opened:
            lines = [line.strip().split(":") for line in opened]
    except OSError:
        return []
    return [
        (int(fields[1]), int(fields[2]))
        for fields in lines
        if len(fields) == 3 and fields[0] in names and fields[1].isdigit() and fields[2].isdigit()
    ]


def _user_name() -> str:
    """The name of this user; "" when it has none."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return ""


def _map_ids() -> None:
    """Unshares the user namespace; a child outside of it has the ids mapped."""
    maps = [
        (program, _mapping(own, subordinate_ids(path)))
        for (program, path), own in zip(_MAPS, (os.geteuid(), os.getegid()), strict=True)
    ]
    pid = str(os.getpid())
    reading, writing = os.pipe()
    said, saying = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        _map_and_exit(pid, maps, reading, saying)
    os.close(reading)
    os.close(saying)
    try:
        unshare(CLONE_NEWUSER | CLONE_NEWNS)
        os.write(writing, b"1")
    except OSError as error:
        raise UnsupportedError(
            f"user namespaces are not allowed here: {error.strerror}; see the settings "
            "user.max_user_namespaces, kernel.unprivileged_userns_clone and "
            "kernel.apparmor_restrict_unprivileged_userns of sysctl, or build as root"
        ) from None
    finally:
        os.close(writing)
        with open(said, encoding="utf-8", errors="replace") as opened:
            words = opened.read().strip()
        _, status = os.waitpid(child, 0)
    if status:
        raise UnsupportedError(f"the ids of the user namespace could not be mapped: {words}")


def _mapping(own: int, ranges: list[tuple[int, int]]) -> list[str]:
    """The numbers of a map: 0 is oneself, the ranges follow from 1 on."""
    numbers = [0, own, 1]
    inside = 1
    for first, count in ranges:
        numbers += [inside, first, count]
        inside += count
    return [str(number) for number in numbers]


def _map_and_exit(pid: str, maps: list[tuple[str, list[str]]], ready: int, saying: int) -> NoReturn:
    import subprocess

    status = 1
    try:
        if os.read(ready, 1):
            done = [
                subprocess.run([program, pid, *numbers], check=False, stdout=saying, stderr=saying)
                for program, numbers in maps
            ]
            status = int(any(one.returncode for one in done))
    finally:
        os._exit(status)
