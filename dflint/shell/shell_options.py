"""Options of the shell itself: those that `set` turns on (POSIX.1-2017, "set")."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.shell.script import Script
    from dflint.shell.statements import Statement

_LETTERS = {
    "a": "allexport",
    "e": "errexit",
    "f": "noglob",
    "n": "noexec",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
}
_NONE: frozenset[str] = frozenset()


def options_of(words: Sequence[str]) -> frozenset[str]:
    """The options that a shell's words turn on: `["/bin/bash", "-eo", "pipefail", "-c"]`.

    Or a script among them: `["/bin/sh", "-c", "set -e; exec sh x", "--"]`.
    """
    options = _changed(_NONE, words)
    for word in words:
        if "set -" in word:
            options = _changed(options, word.partition("set ")[2].partition(";")[0].split())
    return options


def options_at(script: Script, statement: Statement, initial: frozenset[str]) -> frozenset[str]:
    """The options that hold at a statement, when `initial` ones hold where the script begins.

    Each `set` counts that comes before in the same shell or in one around it, also one that only
    some condition leads to.
    """
    options = initial
    scopes: set[int] | None = None
    for command in script.commands_named("set", "shopt"):
        if command.start >= statement.start:
            break
        if scopes is None:
            scopes = {id(statement.scope), *(id(outer.scope) for outer in statement.ancestors)}
        if id(command.scope) in scopes:
            options = _changed(options, [word.prefix for word in command.arguments])
    return options


def _changed(options: frozenset[str], words: Sequence[str]) -> frozenset[str]:
    changed = set(options)
    waiting = ""
    for word in words:
        if waiting and not word.startswith(("-", "+")):
            _turn(changed, word, waiting == "-")
            waiting = ""
        elif word[:1] in ("-", "+") and len(word) > 1 and word[1] != "-":
            waiting = ""
            for letter in word[1:]:
                if letter == "o":
                    waiting = word[0]
                elif letter in _LETTERS:
                    _turn(changed, _LETTERS[letter], word[0] == "-")
    return frozenset(changed)


def _turn(options: set[str], name: str, is_on: bool) -> None:
    if is_on:
        options.add(name)
    else:
        options.discard(name)
