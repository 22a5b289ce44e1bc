"""Keys of labels, as Docker's guidelines for them want them ("Docker object labels")."""

from __future__ import annotations

from functools import lru_cache

#: What Docker keeps for its own use, and the parts of it that others are told to set.
_RESERVED = ("com.docker.", "io.docker.", "org.dockerproject.")
_FOR_ALL = ("com.docker.extension.", "com.docker.desktop.extension.")
#: Labels whose names tools prescribe in capitals (`atomic run`, `podman container runlabel`).
_IN_CAPITALS = frozenset(("DEBUG", "HELP", "INSTALL", "RUN", "STOP", "UNINSTALL", "UPDATE"))
_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-_/")


@lru_cache(maxsize=512)
def key_problem(key: str, is_strict: bool = False) -> str | None:
    """Say what is wrong with a key; None when nothing is.

    Strictly, `_` and `/` have no place in it: the guidelines do not name them, tools use them.
    """
    if key in _IN_CAPITALS:
        return None
    for namespace in _RESERVED:
        if key.startswith(namespace) and not key.startswith(_FOR_ALL):
            return f"`{namespace}*` is Docker's own; use a domain of yours, as in `com.example.*`"
    lower = key.lower()
    allowed = _CHARACTERS - {"_", "/"} if is_strict else _CHARACTERS
    if not allowed.issuperset(lower):
        strange = next(character for character in lower if character not in allowed)
        shown = "a blank" if strange.isspace() else f"`{strange}`"
        return f"{shown} has no place in a key; use small letters, digits, `.` and `-`"
    if key != lower:
        return (
            f"filters tell `{key}` from `{lower}`, and keys are in small letters: write `{lower}`"
        )
    if not key[:1].isalpha():
        return "a key begins with a small letter by Docker's guidelines"
    if not key[-1].isalnum():
        return "a key ends with a small letter or a digit by Docker's guidelines"
    doubled = next((mark for mark in ("..", "--") if mark in key), None)
    return None if doubled is None else f"a key has no `{doubled}`: one `{doubled[0]}` parts words"
