"""What --chown and USER say of who owns new files, as BuildKit's file operations read it.

Numbers are taken as they are: a user's number is the group's too. Names are looked up in the
/etc/passwd and /etc/group of the file system that is written to; a user that is not found there is
0, instead of such a group there is the user's. `root` is always 0.
"""

from __future__ import annotations

import os

from dflint.errors import BuildError
from dflint.kernel.openat2 import open_in_root

_LARGEST = 1 << 31
_IDS = 1 << 32


def resolve_owner(text: str, root: int, *, has_base: bool = True) -> tuple[int, int] | None:
    """The user's and the group's id of `user[:group]`; None for an empty text.

    `root` is the descriptor of the root directory. Without a base, that is directly on scratch or
    for a --link, no name can be looked up: BuildError, with BuildKit's text.
    """
    if not text:
        return None
    user, separator, group = text.partition(":")
    uid, gid = _user(user, root, has_base)
    if separator:
        number = _number(group)
        if number is None:
            _refuse_without_base(text, has_base)
            fields = _find(root, "etc/group", group)
            # A group that is not there leaves the user's; one without a name is 0.
            number = _field(fields, 2) if fields or not group else gid
        gid = number
    return uid, gid


def _user(name: str, root: int, has_base: bool) -> tuple[int, int]:
    number = _number(name)
    if number is not None:
        return number, number
    _refuse_without_base(name, has_base)
    fields = _find(root, "etc/passwd", name)
    return _field(fields, 2), _field(fields, 3)


def _refuse_without_base(name: str, has_base: bool) -> None:
    if not has_base:
        raise BuildError(
            f"invalid user index: -1: `{name}` is a name, and there is no /etc/passwd to find it in"
        )


def _number(text: str) -> int | None:
    """A number as Go's ParseInt reads it with 32 bits; negative ones wrap round."""
    if text == "root":
        return 0
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        return None
    value = int(text)
    return value % _IDS if -_LARGEST <= value < _LARGEST else None


def _field(fields: list[str], at: int) -> int:
    """A numeric field; 0 where it is missing or no number."""
    text = fields[at] if at < len(fields) else ""
    digits = text[1:] if text[:1] in ("+", "-") else text
    return int(text) % _IDS if digits.isascii() and digits.isdigit() else 0


def _find(root: int, path: str, name: str) -> list[str]:
    """The fields of the first line that begins with a name."""
    try:
        descriptor = open_in_root(root, path, os.O_RDONLY | os.O_NONBLOCK)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BuildError(f"open /{path}: {(error.strerror or '').lower()}") from None
    with open(descriptor, encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            fields = line.strip().split(":")
            if line.strip() and fields[0] == name:
                return fields
    return []
