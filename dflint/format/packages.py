"""Lists of packages in commands that install or remove them."""

from __future__ import annotations

from dflint.format.pieces import SHELL_WORD, Piece
from dflint.shell.tools import find_tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.tools import Tool

_MANAGERS = frozenset(
    (
        "apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "zypper", "pacman", "pip",
        "npm", "yarn", "pnpm", "gem", "conda", "luarocks", "cpanm", "pecl", "brew", "opkg",
        "docker-php-ext-install",
    )
)  # fmt: skip
_PREFIXES = frozenset(("sudo", "env", "exec", "command", "!", "time"))


def package_lists(pieces: list[Piece], first: int) -> Iterator[tuple[list[int], int]]:
    """For each list, the pieces that are to begin a line, and the end of its command.

    That are packages, and options that stand behind the first of them.
    """
    count = len(pieces)
    for at in range(first, count):
        piece = pieces[at]
        if piece.command != at or piece.kind != SHELL_WORD:
            continue
        end = at + 1
        while end < count and pieces[end].kind == SHELL_WORD and pieces[end].command == at:
            end += 1
        if end - at > 2:
            found = _packages(pieces, at, end)
            if found is not None:
                yield found


def _packages(pieces: list[Piece], start: int, end: int) -> tuple[list[int], int] | None:
    tool, at = _installer(pieces, start, end)
    if tool is None:
        return None
    heads: list[int] = []
    while at < end:
        word = pieces[at].text
        if word.lstrip("0123456789")[:1] in ("<", ">", "&"):
            break
        takes_value = word in tool.valued
        if not word.startswith("-") or heads:
            heads.append(at)
        at += 2 if takes_value else 1
    return (heads, min(at, end)) if heads else None


def _installer(pieces: list[Piece], start: int, end: int) -> tuple[Tool | None, int]:
    """The program of a command that takes packages, and where its arguments go on."""
    at = start
    while at < end and (pieces[at].text in _PREFIXES or _is_assignment(pieces[at].text)):
        at += 1
    if at + 3 < end and pieces[at + 1].text == "-m" and pieces[at].text.startswith("python"):
        at += 2
    if at >= end:
        return None, at
    name = pieces[at].text.rpartition("/")[2]
    if name == "docker-php-ext-install":
        return _NO_VERB, at + 1
    tool = find_tool(name)
    if tool is None or tool.name not in _MANAGERS:
        return None, at
    at += 1
    while at < end:
        word = pieces[at].text
        if not word.startswith("-"):
            takes_packages = tool.verbs.get(word) in ("install", "remove")
            return (tool, at + 1) if takes_packages else (None, at)
        at += 2 if word in tool.valued else 1
    return None, at


def _is_assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _tool_without_verb() -> Tool:
    from dflint.shell.tools import Tool

    return Tool("docker-php-ext-install", {})


_NO_VERB = _tool_without_verb()
