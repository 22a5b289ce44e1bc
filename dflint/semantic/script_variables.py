"""Variables as a shell script in a Dockerfile sees them, as far as they are known beforehand."""

from __future__ import annotations

from dflint.shell.invocation import Argument
from dflint.shell.words import PartKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.shell.commands import Command
    from dflint.shell.script import Script
    from dflint.shell.words import Part, Word

_DECLARATIONS = ("export", "local", "readonly", "declare", "typeset")
_DEEPEST = 8


class ScriptVariables:
    """The values of a script's variables.

    What the script assigns once, and plainly, before it is used, has that value; what it does not
    assign has that of ENV or ARG (`environment`), or of the script around it (`outer`). All else
    is not known. ARGs count with their defaults.
    """

    __slots__ = ("_assigned", "_depth", "_environment", "_outer", "_script")

    def __init__(
        self,
        script: Script,
        environment: Callable[[str], str | None],
        outer: ScriptVariables | None = None,
    ) -> None:
        self._script = script
        self._environment = environment
        self._outer = outer
        self._assigned: dict[str, list[tuple[int, Word | None]]] | None = None
        self._depth = 0

    def value(self, name: str, at: int) -> str | None:
        """The value of a variable at an offset of the script's text; None when it is not known."""
        if not self._may_assign(name):
            if self._outer is not None:
                return self._outer.value(name, len(self._outer._script.text))
            return self._environment(name)
        found = self._assignments().get(name, [])
        # A second mention that is no expansion may be `read`, `for` or `unset`.
        if len(found) != 1 or self._mentions(name) != 1 or found[0][0] >= at:
            return None
        word = found[0][1]
        if word is None:
            return ""
        if self._depth == _DEEPEST:
            return None
        self._depth += 1
        arguments = list(self.expand(word, splits=False))
        self._depth -= 1
        value = arguments[0].value if len(arguments) == 1 else None
        if value is not None and word.text.startswith(f"{name}="):
            return value[len(name) + 1 :]
        return value

    def arguments(self, words: tuple[Word, ...]) -> list[Argument]:
        """What a program gets for some words: quotes removed, known variables expanded.

        Globs and braces are left as they are written.
        """
        arguments: list[Argument] = []
        for word in words:
            value = word.value
            if value is not None:
                arguments.append(Argument(word, value, value))
            else:
                arguments += self.expand(word)
        return arguments

    def expand(self, word: Word, splits: bool = True) -> Iterator[Argument]:
        """What a word becomes: one argument, or several where an unquoted value has blanks.

        After a part that is not known, nothing more is said of the word. In an assignment values
        are not split.
        """
        pieces: list[str] = []
        for part, is_quoted in _flat(word.parts):
            value = part.value
            if value is None:
                value = self._part(part, word.start)
                if value is None:
                    yield Argument(word, None, "".join(pieces))
                    return
                if not is_quoted and splits and not value.isspace() and len(value.split()) > 1:
                    first, *middle, last = value.split()
                    yield Argument(word, "".join(pieces) + first, "".join(pieces) + first)
                    for one in middle:
                        yield Argument(word, one, one)
                    pieces = [last]
                    continue
                if not is_quoted and splits:
                    value = value.strip()
            pieces.append(value)
        joined = "".join(pieces)
        if joined or not splits or any(quoted for _, quoted in _flat(word.parts)):
            yield Argument(word, joined, joined)

    def _part(self, part: Part, at: int) -> str | None:
        name = _plain_name(part.text) if part.kind is PartKind.VARIABLE else None
        return self.value(name, at) if name is not None else None

    def _may_assign(self, name: str) -> bool:
        return name in self._script.text and self._mentions(name) > 0

    def _mentions(self, name: str) -> int:
        """How often the name stands in the text as a word of its own, and not behind `$`."""
        text = self._script.text
        count = 0
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            before, after = text[at - 1 : at], text[end : end + 1]
            if before not in ("$", "{") and not _is_letter(before) and not _is_letter(after):
                count += 1
            at = text.find(name, end)
        return count

    def _assignments(self) -> dict[str, list[tuple[int, Word | None]]]:
        assigned = self._assigned
        if assigned is None:
            assigned = self._assigned = {}
            for command in self._script.commands:
                name = command.name_value
                if name is None or name in _DECLARATIONS:
                    for name, at, word in _assigned_by(command):
                        assigned.setdefault(name, []).append((at, word))
        return assigned


def _assigned_by(command: Command) -> Iterator[tuple[str, int, Word | None]]:
    """The plain assignments of a command; those before a program's name are for that alone.

    The word is the value's, or with the name and `=` that of an argument of `export`.
    """
    if not command.words:
        for assignment in command.assignments:
            yield assignment.name, command.start, assignment.value
    elif command.name_value in _DECLARATIONS:
        for word in command.arguments:
            name, equals, _ = word.text.partition("=")
            if equals:
                yield name, command.start, word


def _plain_name(text: str) -> str | None:
    """The name in a plain expansion; any other operator gives something else than the value."""
    name = text[2:-1] if text[:2] == "${" and text[-1] == "}" else text[1:]
    return name if name.isidentifier() and name.isascii() else None


def _flat(parts: tuple[Part, ...]) -> Iterator[tuple[Part, bool]]:
    for part in parts:
        if part.kind is PartKind.DOUBLE_QUOTED and part.value is None:
            for piece in part.parts:
                yield piece, True
        else:
            yield part, part.kind in (PartKind.SINGLE_QUOTED, PartKind.DOUBLE_QUOTED)


def _is_letter(text: str) -> bool:
    return text.isalnum() or text == "_"
