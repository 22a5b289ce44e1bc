"""Where a script sets its variables: assignments, declarations, loops, and programs that read."""

from __future__ import annotations

from dflint.shell.statements import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.shell.commands import Command
    from dflint.shell.script import Script
    from dflint.shell.statements import Construct, Statement
    from dflint.shell.words import Word

DECLARATIONS = ("export", "local", "readonly", "declare", "typeset")
_ALWAYS = (Kind.SCRIPT, Kind.GROUP, Kind.CONDITION)
_SEQUENCES = (Kind.BRANCH, Kind.SUBSHELL, Kind.SUBSTITUTION)
_READERS = ("read", "mapfile", "readarray", "getopts", "let", "select")


class Setting:
    """A place that sets a variable, from `start` to `end` of the shell text.

    `words` are what it may become, None when that is not known; the first `skipped` characters of
    them are the name. `is_loop` tells that each word stands for as many values as it is split into.
    """

    __slots__ = ("end", "is_loop", "name", "skipped", "start", "statement", "words")

    def __init__(
        self,
        name: str,
        statement: Statement,
        place: tuple[int, int],
        words: tuple[Word, ...] | None,
        skipped: int = 0,
        is_loop: bool = False,
    ) -> None:
        self.name = name
        self.statement = statement
        self.start, self.end = place
        self.words = words
        self.skipped = skipped
        self.is_loop = is_loop

    def precedes(self, at: int) -> bool:
        """Whether the shell cannot come to an offset without having been here.

        That is a matter of where the two stand: branches and what follows `||` may be left out.
        """
        if self.start >= at:
            return False
        child = self.statement
        for parent in child.ancestors:
            is_inside = parent.end > at
            if not _comes_to(parent, child, is_inside):
                return False
            if is_inside:
                return True
            child = parent
        return True


def _comes_to(parent: Construct, child: Statement, is_inside: bool) -> bool:
    """Whether a construct comes to one of its statements, before it goes on or ends."""
    kind = parent.kind
    if kind is Kind.AND_OR:
        operators = [parent.operator(at) for at in range(len(parent.statements) - 1)]
        return child.index == 0 or (is_inside and "||" not in operators)
    if kind is Kind.IF or kind is Kind.LOOP:
        return child.index == 0 and getattr(child, "kind", None) is Kind.CONDITION
    return kind in _ALWAYS or (is_inside and kind in _SEQUENCES)


def settings_of(script: Script) -> Iterator[Setting]:
    """Give every place of a script that sets a variable by its name."""
    for command in script.commands:
        yield from _set_by(command)
    for construct in script.constructs:
        if construct.kind is Kind.LOOP and (header := construct.header) is not None:
            variable, words = header
            end = words[-1].end if words else variable.end
            place = (construct.start, end)
            yield Setting(variable.text, construct, place, words, is_loop=True)


def _set_by(command: Command) -> Iterator[Setting]:
    """What a command sets; the assignments before a program's name are for that alone."""
    name = command.name_value
    if not command.words:
        for one in command.assignments:
            words = () if one.value is None else (one.value,)
            yield Setting(one.name, command, (one.start, one.end), words)
    elif name in DECLARATIONS:
        for word in command.arguments:
            variable, equals, _ = word.text.partition("=")
            if equals:
                place = (word.start, word.end)
                skipped = len(variable) + 1
                yield Setting(variable.removesuffix("+"), command, place, (word,), skipped)
    elif name in _READERS or (name == "printf" and command.find_option("-v")):
        for word in command.arguments:
            if word.value and word.value.isidentifier():
                yield Setting(word.value, command, (word.start, word.end), None)
