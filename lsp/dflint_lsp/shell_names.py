"""The variables of a shell script: those of the Dockerfile, and those that it sets itself.

A quick reader of text, since editors ask at every movement of the cursor. It knows assignments
that are statements, loops, `read` and declarations; what it takes for a variable of the Dockerfile
although the script has set it in another way is no worse than what a search for the name finds.
"""

from __future__ import annotations

import re
from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NAME = r"[^\W\d]\w*"
USE = re.compile(rf"\$(?:\{{[#!]?)?(?:env:)?({NAME})")
"""`$name`, `${name…`, and what PowerShell calls `$env:name`."""
_PERCENT_USE = re.compile(rf"%({NAME})%")
_ARITHMETIC = re.compile(r"\$\(\(([^()]*(?:\([^()]*\)[^()]*)*)\)\)")
_BARE_NAME = re.compile(rf"(?<![\w$]){NAME}(?!\w)")
_WORD = (
    r"""(?:\\.|'[^']*+'|"(?:\\.|[^"\\])*+"|`[^`]*+`|\$\((?:[^()]|\([^()]*+\))*+\)"""
    r"""|[^\s;&|()<>"'`\\])*+"""
)
_VALUE = re.compile(_WORD, re.DOTALL)
_STATEMENT_END = re.compile(r"[ \t]*(?:\Z|[;&|)\n}])")
_SEPARATOR = re.compile(r"[;&|(){\n!'\"`]")
_KEYWORDS = r"(?:then|do|else|elif|if|while|until|time)\s+"
_BEFORE = re.compile(rf"\s*(?:{_KEYWORDS})?(?:{NAME}\+?={_WORD}\s+)*", re.DOTALL)
_LOOP_WORD = re.compile(
    r"(?:\A|[;&|(){\n]|\b(?:do|then|else)\s)\s*(for|while|until|done)(?=[\s;&|)]|\Z)"
)
_COMMAND_END = re.compile(r"[;&|\n]")
_EQUALS = re.compile(r"\+?=")
_FOR = re.compile(rf"\s*(?:{_KEYWORDS})?for\s+")
_READ = re.compile(rf"\s*(?:{_KEYWORDS})?(?:IFS=\S*\s+)?read\s(?:[^<>]*\s)?", re.DOTALL)
_DECLARES = re.compile(r"\s*(?:export|local|declare|readonly|typeset)\s.*", re.DOTALL)


class ShellName:
    """A variable's name in a script.

    `is_own` tells that the script has set the variable before, `is_definition` that it does so
    here. `begin` and `end` are offsets into the script's text.
    """

    __slots__ = ("begin", "end", "is_definition", "is_own", "name")

    def __init__(
        self, name: str, begin: int, end: int, is_own: bool, is_definition: bool = False
    ) -> None:
        self.name = name
        self.begin = begin
        self.end = end
        self.is_own = is_own
        self.is_definition = is_definition


class Assignment:
    """Where a script sets a variable: its name's place, and from where on that counts."""

    __slots__ = ("begin", "effect", "end")

    def __init__(self, begin: int, end: int, effect: int) -> None:
        self.begin = begin
        self.end = end
        self.effect = effect


def shell_names(
    text: str, start: int = 0, windows: bool = False, also: frozenset[str] = frozenset()
) -> list[ShellName]:
    """The variables that a script uses, from an offset on, and where it sets those.

    Uses in single quotes are among them: what stands there is mostly given to another shell, which
    has the same variables. What is only set is left out, unless it is `also` used elsewhere.
    """
    uses = set(shell_uses(text, start))
    if windows:
        uses.update((one[1], *one.span(1)) for one in _PERCENT_USE.finditer(text, start))
    found: list[ShellName] = []
    own_from: dict[str, int] = {}
    loops: list[tuple[int, int]] | None = None
    for name, one in assignments(text, also.union(name for name, _, _ in uses), start):
        loops = _outermost_loops(text, start) if loops is None else loops
        # The next round of a loop sees what this one has set.
        around = bisect_right(loops, (one.begin, 0)) - 1
        if around >= 0 and one.begin < loops[around][1]:
            one.effect = min(one.effect, loops[around][0])
        own_from[name] = min(one.effect, own_from.get(name, one.effect))
        found.append(ShellName(name, one.begin, one.end, True, True))
    for name, begin, end in uses:
        found.append(ShellName(name, begin, end, begin >= own_from.get(name, len(text))))
    return sorted(found, key=lambda one: one.begin)


def shell_uses(text: str, start: int = 0) -> Iterator[tuple[str, int, int]]:
    """What a shell expands in a text, from an offset on: names with their places."""
    yield from _plain_uses(text, start)
    yield from _arithmetic_uses(text, start)


def assignments(
    text: str, names: Collection[str], start: int = 0
) -> Iterator[tuple[str, Assignment]]:
    """Where a script sets variables of some names.

    `name=value program` does not: it sets the variable for that program alone.
    """
    if not names or not any(one in text for one in ("=", "for", "read")):
        return
    for found in _BARE_NAME.finditer(text, start):
        if found[0] not in names:
            continue
        begin, end = found.span()
        before = _command_before(text, start, begin)
        assigned = _EQUALS.match(text, end)
        if assigned is not None:
            value_end = _end_of_value(text, assigned.end())
            if _DECLARES.fullmatch(before):
                yield found[0], Assignment(begin, end, _command_end(text, value_end))
            elif _BEFORE.fullmatch(before) and _STATEMENT_END.match(text, value_end):
                yield found[0], Assignment(begin, end, value_end)
        elif _FOR.fullmatch(before) or _READ.fullmatch(before):
            yield found[0], Assignment(begin, end, end)


def _outermost_loops(text: str, start: int) -> list[tuple[int, int]]:
    """The loops of a script that stand in no other, from their first keyword to `done`."""
    found: list[tuple[int, int]] = []
    depth = begin = 0
    for one in _LOOP_WORD.finditer(text, start):
        if one[1] != "done":
            begin = begin if depth else one.start(1)
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                found.append((begin, one.end()))
    if depth:
        found.append((begin, len(text)))
    return found


def _end_of_value(text: str, at: int) -> int:
    found = _VALUE.match(text, at)
    return at if found is None else found.end()


def _command_before(text: str, start: int, at: int) -> str:
    """What stands before an offset since the last thing that separates commands."""
    begin = max(start, at - 300)
    for found in _SEPARATOR.finditer(text, begin, at):
        begin = found.end()
    return text[begin:at]


def _command_end(text: str, at: int) -> int:
    found = _COMMAND_END.search(text, at)
    return len(text) if found is None else found.start()


def _plain_uses(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    for found in USE.finditer(text, start):
        dollar = found.start()
        before = dollar
        while before > start and text[before - 1] in "\\$" and text[before - 1] == text[dollar - 1]:
            before -= 1
        if (dollar - before) % 2 == 0:  # `\$name` and `$$name` are none
            yield found[1], found.start(1), found.end(1)


def _arithmetic_uses(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The names in `$((…))`, which need no `$` there."""
    if "$((" not in text:
        return
    for outer in _ARITHMETIC.finditer(text, start):
        for found in _BARE_NAME.finditer(text, *outer.span(1)):
            yield found[0], found.start(), found.end()
