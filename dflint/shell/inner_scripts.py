"""Scripts within scripts: what `sh -c`, `su -c`, `eval` and a shell's heredoc are given to run."""

from __future__ import annotations

from dflint.shell.dialect import Dialect, dialect_of
from dflint.shell.script import Script
from dflint.shell.shell_text import compose
from dflint.shell.words import PartKind
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.commands import Command
    from dflint.shell.words import Word

SHELLS = ("sh", "bash", "ash", "dash", "ksh", "zsh")
_RUNNERS = (*SHELLS, "su", "runuser", "eval")
# What stands in few texts, and of these in fewer with what may follow.
_RARE = ("sh", "su", "eval", "runuser")
_MARKS = ("sh ", "sh\t", "sh\n", 'sh"', "sh'", "sh<", "su ", "su\t", "eval", "runuser")
_BEHIND = frozenset(" \t\n\"'<")
_OF_NAMES = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-")
_VALUED = ("o", "O")
_ESCAPED = LazyPattern(r"\\(?:([$`\"\\])|\n)")
_UNQUOTED = LazyPattern(r"\\(?:([^\n])|\n)")


class InnerScript:
    """A script that a command of another one runs.

    `words` are what that shell is called with, as SHELL would say it: `("bash", "-euxc")`; empty
    for `eval`, which runs it in the shell that is there.
    """

    __slots__ = ("command", "dialect", "script", "words")

    def __init__(
        self, command: Command, script: Script, dialect: Dialect | None, words: tuple[str, ...]
    ) -> None:
        self.command = command
        self.script = script
        self.dialect = dialect
        self.words = words


def inner_scripts(script: Script) -> Iterator[InnerScript]:
    """The scripts that the commands of one are given as a word, or in a heredoc."""
    text = script.text
    if not contains_any(text, _RARE) or not contains_any(text, _MARKS):
        return
    if not _may_run(text):
        return
    for command in script.commands_named(*_RUNNERS):
        program = command.program
        if program == "eval":
            yield from _evaluated(command)
        elif program in ("su", "runuser"):
            yield from _substituted_user(command)
        elif program in SHELLS:
            yield from _shell(script, command, program)


def _may_run(text: str) -> bool:
    """A quick look: whether the name of a shell, or of what runs one, stands where it may.

    A pattern for this has to be tried at every character.
    """
    for name in _RARE:
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if text[end : end + 1] in _BEHIND:
                if name == "sh":
                    at -= _letters_before_sh(text, at)
                if at == 0 or text[at - 1] not in _OF_NAMES:
                    return True
            at = text.find(name, end)
    return False


def _letters_before_sh(text: str, at: int) -> int:
    """How many letters before the `sh` at an offset are those of another shell's name."""
    if text[max(at - 2, 0) : at] in ("ba", "da"):
        return 2
    return 1 if at and text[at - 1] in "akz" else 0


def _evaluated(command: Command) -> Iterator[InnerScript]:
    if len(command.arguments) == 1 and (inner := unquote(command.arguments[0])):
        yield InnerScript(command, inner, None, ())


def _substituted_user(command: Command) -> Iterator[InnerScript]:
    previous = ""
    for word in command.arguments:
        if previous in ("-c", "--command", "-lc") and (inner := unquote(word)):
            yield InnerScript(command, inner, Dialect.SH, ("sh", "-c"))
            return
        previous = word.text


def _shell(script: Script, command: Command, program: str) -> Iterator[InnerScript]:
    words = [program]
    is_command = False
    takes_value = False
    for word in command.arguments:
        text = word.prefix
        if takes_value:
            takes_value = False
        elif text[:1] in ("-", "+") and len(text) > 1:
            if text[0] == "-" and text[1] != "-":
                is_command = is_command or "c" in text[1:]
                takes_value = text[-1] in _VALUED
        else:
            if is_command and (inner := unquote(word)):
                yield InnerScript(command, inner, dialect_of((program,)), tuple(words))
            return
        words.append(text)
    for redirect in command.redirects:
        heredoc = script.heredoc_of(redirect)
        if heredoc is not None:
            text_of = script.shell_text
            pieces = text_of.pieces(heredoc.start, heredoc.end)
            body = Script(compose(pieces))
            yield InnerScript(command, body, dialect_of((program,)), tuple(words))


def unquote(word: Word) -> Script | None:
    """Read what a word is after quotes are removed as a script; None for what only a run can tell.

    Variables within stay as they are written.
    """
    shell_text = word.shell_text
    pieces: list[tuple[str, int]] = []
    for part in word.parts:
        kind = part.kind
        if kind is PartKind.SINGLE_QUOTED:
            pieces += shell_text.pieces(part.start + 1, part.end - 1)
        elif kind is PartKind.DOUBLE_QUOTED:
            pieces += _without_escapes(word, part.start + 1, part.end - 1, _ESCAPED)
        elif kind is PartKind.LITERAL:
            pieces += _without_escapes(word, part.start, part.end, _UNQUOTED)
        elif kind is PartKind.VARIABLE or kind is PartKind.SUBSTITUTION:
            pieces += shell_text.pieces(part.start, part.end)
        else:
            return None
    # A word that a variable begins is not known to be a script at all.
    if not pieces or (word.parts[0].kind is PartKind.VARIABLE and len(word.parts) == 1):
        return None
    return Script(compose(pieces))


def _without_escapes(
    word: Word, start: int, end: int, pattern: LazyPattern
) -> Iterator[tuple[str, int]]:
    shell_text = word.shell_text
    at = start
    for match in pattern.get().finditer(shell_text.text, start, end):
        yield from shell_text.pieces(at, match.start())
        if match[1] is not None:
            yield from shell_text.pieces(match.start(1), match.end(1))
        at = match.end()
    yield from shell_text.pieces(at, end)
