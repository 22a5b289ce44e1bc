"""Users by the passwd and group files of a root file system."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from dflint.errors import BuildError
from dflint.kernel.openat2 import open_in_root

_HIGHEST = 2**31 - 1
_NO_FILE = "invalid argument"  # what BuildKit says of a user when there is no passwd file


class UnknownUserError(BuildError):
    """The user or group that a process is to have cannot be found in its root file system."""


@dataclass(frozen=True, slots=True)
class User:
    """The numbers that a process runs with; `groups` are its groups, the first one first."""

    uid: int
    gid: int
    groups: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Account:
    """A line of /etc/passwd (passwd(5))."""

    name: str
    uid: int
    gid: int
    home: str


@dataclass(frozen=True, slots=True)
class _Group:
    """A line of /etc/group (group(5))."""

    name: str
    gid: int
    members: tuple[str, ...]


class UserFiles:
    """The passwd and group files of a root file system; each is read once."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._found: dict[str, tuple[tuple[str, ...], ...] | None] = {}

    def lines(self, path: str) -> tuple[tuple[str, ...], ...] | None:
        """The fields of each line of a file, empty ones for those missing; None without it."""
        if path not in self._found:
            self._found[path] = _lines(self._root, path)
        return self._found[path]


def resolve_user(root: UserFiles, text: str, *, needs_files: bool = True) -> User:
    """The user that USER's text names, with BuildKit's rules; raises BuildError in its words.

    Numbers of both, and `root`, need no file. A lone number that has no account gets group 0. Only
    an account without a named group gets the groups that it is a member of. Without a passwd or
    group file BuildKit refuses a lone number, and docker, when it runs an image, takes it:
    `needs_files` tells which of both is meant.
    """
    name, _, group = text.partition(":")
    uid, gid = _plain_number(name), _plain_number(group)
    if uid is not None and gid is not None:
        return User(uid, gid, (gid,))
    try:
        return _find_user(root, name, group, needs_files)
    except BuildError:
        if text:
            raise
        return User(0, 0, (0,))


def _plain_number(text: str) -> int | None:
    """The number of a user or group that is looked up nowhere; `root` is 0."""
    if text == "root":
        return 0
    if not (text.isascii() and text.isdecimal()):
        return None
    number = int(text)
    return number if number < 2**32 else None


def home_of(root: UserFiles, uid: int) -> str:
    """The home directory of the first account with this number, `/` where there is none."""
    for account in _accounts(root) or ():
        if account.uid == uid:
            return account.home or "/"
    return "/"


def _find_user(root: UserFiles, name: str, group: str, needs_files: bool) -> User:
    number = _number(name) if name else 0
    accounts = _accounts(root)
    if accounts is None and not needs_files:
        accounts = ()
    if accounts is None:
        raise UnknownUserError(f"unable to find user {name}: {_NO_FILE}")
    account = next(
        (a for a in accounts if (a.name == name if number is None else a.uid == number)), None
    )
    if account is not None:
        uid, gid = account.uid, account.gid
    elif name and number is None:
        raise UnknownUserError(f"unable to find user {name}: no matching entries in passwd file")
    else:
        uid, gid = _in_range(number or 0), 0
    if group:
        gid = _find_group(root, group, account, needs_files)
        return User(uid, gid, (gid,))
    if account is None:
        return User(uid, gid, (gid,))
    members = [g.gid for g in _groups_of(root, account, needs_files) if account.name in g.members]
    return User(uid, gid, tuple(dict.fromkeys((gid, *members))))


def _find_group(root: UserFiles, name: str, account: _Account | None, needs_files: bool) -> int:
    number = _number(name)
    for group in _groups_of(root, account, needs_files):
        if group.name == name if number is None else group.gid == number:
            return group.gid
    if number is None:
        raise UnknownUserError(f"unable to find group {name}: no matching entries in group file")
    return _in_range(number)


def _groups_of(root: UserFiles, account: _Account | None, needs_files: bool) -> Iterator[_Group]:
    fields = root.lines("etc/group")
    if fields is None and not needs_files:
        return
    if fields is None:
        of = account.name if account else ""
        raise UnknownUserError(f"unable to find groups for spec {of}: {_NO_FILE}")
    for name, _, gid, members, *_ in fields:
        yield _Group(name, _number(gid) or 0, tuple(members.split(",")))


def _accounts(root: UserFiles) -> tuple[_Account, ...] | None:
    """The accounts of the root; None where there is no passwd file."""
    fields = root.lines("etc/passwd")
    if fields is None:
        return None
    return tuple(
        _Account(name, _number(uid) or 0, _number(gid) or 0, home)
        for name, _, uid, gid, _, home, *_ in fields
    )


def _lines(root: str, path: str) -> tuple[tuple[str, ...], ...] | None:
    """The fields of each line of a file inside the root, empty ones for those missing."""
    root_fd = os.open(root, os.O_PATH | os.O_DIRECTORY)
    try:
        file = open_in_root(root_fd, path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO}:
            return None
        raise
    finally:
        os.close(root_fd)
    try:
        return _fields(_content(file))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnknownUserError(f"unable to find a user: read /{path}: {reason}") from None
    finally:
        os.close(file)


def _content(descriptor: int) -> bytes:
    chunks = []
    while chunk := os.read(descriptor, 1 << 16):
        chunks.append(chunk)
    return b"".join(chunks)


@lru_cache(16)
def _fields(content: bytes) -> tuple[tuple[str, ...], ...]:
    lines = content.decode(errors="surrogateescape").split("\n")
    return tuple((*line.strip().split(":"), *[""] * 7) for line in lines if line.strip())


def _number(text: str) -> int | None:
    """The number that a text is, with a sign or without; None for a name."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return int(text) if digits.isascii() and digits.isdecimal() else None


def _in_range(number: int) -> int:
    if not 0 <= number <= _HIGHEST:
        raise UnknownUserError(f"uids and gids must be in range 0-{_HIGHEST}")
    return number
