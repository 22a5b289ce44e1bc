"""Whether paths and words are apart from a directory: neither on the way to it, it, nor in it."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from dflint.graph.symbols import CLOSING, OPENING, is_symbolic, symbol
from dflint.shell.words import PartKind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.shell.words import Part, Word

_GLOBS = frozenset("*?[")
#: What makes more of a value than one word that is to the letter.
_PARTING = frozenset(" \t\n*?[\\")
#: How the symbols begin of what a base image sets, and of a path from one to another.
_BASE, _JOIN = symbol("base", "")[:-1], symbol("join", "")[:-1]
_SEPARATOR = _BASE[-1]
_OF_KERNEL = ("proc", "sys", "dev")
_DEVICES = frozenset(f"/dev/{name}" for name in ("null", "stderr", "stdout", "urandom", "zero"))
#: What may stand before a path in a word: `--to=/x`, `a:/x`, `@/x`, `{/x`, `-C/x`.
_PARTS = LazyPattern(r"[\s=:,;@'\"{}()<>|&]+|(?<!\S)-[A-Za-z](?=/)")


def is_apart(path: str, directory: str) -> bool:
    """Whether an absolute path, or a pattern of such, is apart from a directory.

    False where only a build can tell.
    """
    if is_symbolic(path):
        return _is_unknown_apart(path, directory)
    if not path.startswith("/") or "\\" in path:
        return False
    if ".." in path.split("/"):
        return False  # links lead elsewhere
    if path in _DEVICES:
        return True
    given = posixpath.normpath("/" + path.lstrip("/")).split("/")[1:]
    if any(_may_match(given[0], one) for one in _OF_KERNEL):
        return False  # there are other names for all that there is
    wanted = directory.split("/")[1:]
    return any(
        not _may_match(one, other)
        for one, other in zip((one for one in given if one), wanted, strict=False)
    )


def _may_match(pattern: str, name: str) -> bool:
    if _GLOBS.isdisjoint(pattern):
        return pattern == name
    return "[" in pattern or fnmatchcase(name, pattern)


def rest_of(path: str) -> str | None:
    """What stands behind the directory of a base image that a path begins with; None of others.

    A directory that the base image or one of its variables names may be any.
    """
    while path.startswith(_JOIN):
        # It begins elsewhere only if it does not begin with a slash.
        end = _end(path)
        parts = path[len(_JOIN) : end - 1].split(_SEPARATOR + _BASE)
        if len(parts) < 2:
            return None
        path = _BASE + parts[-1] + path[end:]
    end = _end(path)
    rest = path[end:]
    if not path.startswith(_BASE) or is_symbolic(rest) or rest[:1] not in ("", "/"):
        return None
    return None if ".." in rest.split("/") else rest.strip("/")


def _end(path: str) -> int:
    """Where the symbol ends that a path begins with."""
    depth = 0
    for at, letter in enumerate(path):
        depth += (letter == OPENING) - (letter == CLOSING)
        if depth == 0:
            return at + 1
    return len(path)


def _is_unknown_apart(path: str, directory: str) -> bool:
    rest = rest_of(path)
    return bool(rest) and _is_path_apart(rest or "", directory, "")


def is_outside(path: str, directory: str) -> bool:
    """Whether a path is neither that of a directory nor in it."""
    if is_symbolic(path):
        return rest_of(path) == "" or is_apart(path, directory)
    return path.startswith("/") and not f"{posixpath.normpath(path)}/".startswith(f"{directory}/")


def is_text_apart(text: str, directory: str, place: str) -> bool:
    """Whether no part of a word is a path that may lead to a directory.

    `place` is the working directory, empty where it is not known.
    """
    return all(_is_part_apart(part, directory, place) for part in _PARTS.get().split(text))


def _is_part_apart(part: str, directory: str, place: str) -> bool:
    if not part:
        return True
    if "~" in part or "\\" in part:
        return False
    if part.startswith("-") and not part.startswith("--"):
        # Behind any of the letters a value may begin.
        return all(_is_path_apart(part[at:], directory, place) for at in range(2, len(part)))
    return _is_path_apart(part, directory, place)


def _is_path_apart(path: str, directory: str, place: str) -> bool:
    if path.startswith("/"):
        return is_apart(path, directory)
    if place:
        return is_apart(f"{place}/{path}", directory)
    names = path.split("/")
    # From wherever it starts, it leads there only by a name on the way.
    return ".." not in names and not any(
        _may_match(names[0], one) for one in (*directory.split("/")[1:], *_OF_KERNEL, ".")
    )


def value_of(word: Word, known: Callable[[str], str | None]) -> str | None:
    """What a word stands for, as `known` tells of variables; None where it is not known.

    Globs are left as they are, those in quotes too. A variable that is not quoted has no blanks
    and no globs.
    """
    found: list[str] = []
    for part in word.parts:
        for piece in part.parts or (part,):
            value = piece.value
            if piece.kind is PartKind.VARIABLE:
                value = _variable(piece, known)
                if value is not None and piece is part and not _PARTING.isdisjoint(value):
                    return None
            if value is None:
                return None
            found.append(value)
    return "".join(found)


def _variable(part: Part, known: Callable[[str], str | None]) -> str | None:
    """The value of `$name` or `${name}`; None of any other expansion."""
    if len(part.names) != 1 or part.text not in (f"${part.names[0]}", f"${{{part.names[0]}}}"):
        return None
    value = known(part.names[0])
    return None if value is None or is_symbolic(value) else value
