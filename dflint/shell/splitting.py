"""Whether splitting an expansion can do harm, by what the script itself says of its value."""

from __future__ import annotations

from dflint.shell.failures import may_fail
from dflint.shell.printed import (
    FILTERS,
    PATH_PRINTERS,
    SILENT,
    filtered_shape,
    is_one_field,
    printed_shape,
)
from dflint.shell.settings import settings_of
from dflint.shell.shapes import EMPTY, LIST, UNKNOWN, WORD, concatenated, shape_of_text
from dflint.shell.statements import Construct, Kind
from dflint.shell.words import PartKind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.shell.commands import Command
    from dflint.shell.script import Script
    from dflint.shell.settings import Setting
    from dflint.shell.statements import Statement
    from dflint.shell.words import Part, Word

_EXPANSION = LazyPattern(r"\$(?:([A-Za-z_]\w*+)|\{([#!]?)([A-Za-z_]\w*+|[?#$!@*0-9])(.*)\})\Z", 16)
_INNER = LazyPattern(r"\$(?:[A-Za-z_]\w*+|\{[A-Za-z_]\w*+\})")
_COMMAND = LazyPattern(r"\$\(\s*([^()$`|;&]+?)\s*\)")
#: What a shell or the system sets, each to one word.
_SYSTEM = frozenset((
    "EUID", "HOME", "HOSTNAME", "HOSTTYPE", "LINENO", "MACHTYPE", "OSTYPE", "PATH", "PPID",
    "PWD", "RANDOM", "SECONDS", "UID",
))  # fmt: skip
#: Of what os-release(5) and lsb-release set, that which has no blanks by their rules.
_OF_RELEASES = frozenset((
    "ID", "VERSION_ID", "VERSION_CODENAME", "UBUNTU_CODENAME", "VARIANT_ID", "PLATFORM_ID",
    "DISTRIB_ID", "DISTRIB_CODENAME", "DISTRIB_RELEASE",
))  # fmt: skip
#: With an argument too few these ask something else, with one too many nothing.
_TESTS = ("[", "test")
_TAKES_ONE = frozenset((*_TESTS, "cd", "pushd", "source", "."))
_CONDITIONS = frozenset(("[", "test", "[[", "grep", "command", "which"))
_MOST_STEPS, _DEEPEST = 2000, 16


class Splitting:
    """The expansions of a script and what becomes of them.

    `known` are the variables that are set from outside, each to what is meant to be split or has
    nothing to split. A variable that the script sets is what all of its settings can make of it,
    in whatever branch they stand.
    """

    __slots__ = ("_asked", "_depth", "_known", "_opened", "_script", "_settings", "_steps")

    def __init__(self, script: Script, known: frozenset[str]) -> None:
        self._script = script
        self._known = known | _SYSTEM
        self._settings: dict[str, list[Setting]] = {}
        for setting in settings_of(script):
            self._settings.setdefault(setting.name, []).append(setting)
        evaluations = (command.start for command in script.commands_named("eval"))
        #: From here on a command may have set anything.
        self._opened = min(evaluations, default=len(script.text))
        self._asked: set[str] = set()
        self._depth = 0
        self._steps = 0

    def is_harmless(self, start: int, end: int) -> bool:
        """Whether the expansion from `start` to `end` of the text does what it should as it is.

        So it is for what is one plain word, and for a list that is a whole argument: in quotes it
        would be one.
        """
        text = self._script.text
        self._steps = 0
        if "IFS" in text:
            return False
        if text.startswith(("$(", "`"), start):
            shape = self._substitution(start)
        elif self._script.error is not None:
            return False
        else:
            shape = self._variable(text[start:end], start)
        if shape == WORD or shape & UNKNOWN:
            return shape == WORD
        command = self._command_at(start, end)
        if command is None or (shape & EMPTY and command.name_value in _TESTS):
            return False
        if not shape & LIST:
            return True
        is_whole = any(word.start == start and word.end == end for word in command.words)
        return is_whole and command.name_value not in _TAKES_ONE

    def is_filled(self, start: int, end: int) -> bool:
        """Whether the variable there is one plain word that is never empty."""
        self._steps = 0
        return self._variable(self._script.text[start:end], start) == WORD

    def is_known(self, word: Word, optional: frozenset[str]) -> bool:
        """Whether the values of a word's expansions are known to be plain words.

        `optional` are more variables that are plain words where they are set.
        """
        self._steps = 0
        self._known |= optional
        pieces = [piece for part in word.parts for piece in part.parts or (part,)]
        return not any(self._part(piece) & UNKNOWN for piece in pieces if piece.value is None)

    def may_fail(self, word: Word) -> bool:
        """Whether a command that a word is made with may fail."""
        return any(
            word.start <= construct.start < word.end and may_fail(construct)
            for construct in self._script.constructs
            if construct.kind is Kind.SUBSTITUTION
        )

    def _command_at(self, start: int, end: int) -> Command | None:
        found = None
        for command in self._script.commands:
            if command.start <= start and end <= command.end:
                found = command
        return found

    def _word(self, word: Word, skipped: int = 0) -> int:
        """The shape of a word's value, as an assignment takes it."""
        begin = word.start + skipped
        shapes = []
        for part in word.parts:
            if part.end > begin:
                value = part.value
                if value is not None and part.start < begin:
                    value = value[begin - part.start :]
                shapes.append(self._part(part) if value is None else shape_of_text(value))
        return concatenated(shapes)

    def _part(self, part: Part) -> int:
        kind = part.kind
        if part.value is not None:
            return shape_of_text(part.value)
        if kind is PartKind.DOUBLE_QUOTED:
            return concatenated([self._part(piece) for piece in part.parts])
        if kind is PartKind.VARIABLE:
            return self._variable(part.text, part.start)
        if kind is PartKind.SUBSTITUTION:
            return self._substitution(part.start)
        return WORD if kind is PartKind.ARITHMETIC else UNKNOWN

    def _variable(self, text: str, at: int) -> int:
        """The shape of `$name` or `${name…}`."""
        match = _EXPANSION.get().match(text)
        if match is None:
            return UNKNOWN
        plain, sign, name, rest = match.groups()
        if sign or plain:
            return self._value(plain, at) if plain else WORD if sign == "#" else UNKNOWN
        if not rest:
            return self._value(name, at)
        operator = rest.removeprefix(":")
        if operator[:1] in ("-", "="):
            shape = self._value(name, at)
            return shape & ~EMPTY | self._text(operator[1:], at)
        if operator[:1] == "+":
            return self._text(operator[1:], at) | EMPTY
        if rest[0] == "/":
            new = rest[1:].lstrip("/").replace("\\/", "").partition("/")[2]
            return self._value(name, at) | (self._text(new, at) & ~EMPTY)
        return self._value(name, at) if rest[0] in "#%:^," else UNKNOWN

    def _text(self, text: str, at: int) -> int:
        """The shape of text in an expansion, in which there may be plain ones."""
        inner = _INNER.get()
        text = text.replace('"', "").replace("'", "")
        shapes = [self._variable(one[0], at) for one in inner.finditer(text)]
        rest = inner.sub("", text)
        shapes += [printed_shape(one[1]) for one in _COMMAND.get().finditer(rest)]
        rest = _COMMAND.get().sub("", rest)
        if "$" in rest or "`" in rest:
            return UNKNOWN
        return concatenated([*shapes, shape_of_text(rest)] if rest or not shapes else shapes)

    def _value(self, name: str, at: int) -> int:
        """The shape of a variable's value where it is used."""
        self._steps += 1
        if self._steps > _MOST_STEPS or len(self._asked) > _DEEPEST:
            return UNKNOWN
        if name in self._asked:
            return WORD  # what is built of itself is what it is besides
        settings = self._settings.get(name)
        if settings is None:
            return self._value_from_outside(name)
        if self._opened < at or (name not in self._known and self._is_read_first(name, settings)):
            return UNKNOWN
        self._asked.add(name)
        shape = WORD
        for setting in settings:
            shape |= self._setting(setting)
        self._asked.discard(name)
        if name not in self._known and not any(setting.precedes(at) for setting in settings):
            shape |= EMPTY
        return shape

    def _value_from_outside(self, name: str) -> int:
        if name in self._known or name in "?#$!":
            return WORD
        is_of_release = name in _OF_RELEASES and self._script.mentions("os-release", "lsb-release")
        return WORD if is_of_release else UNKNOWN

    def _is_read_first(self, name: str, settings: list[Setting]) -> bool:
        """Whether it is used before it is set: then something outside has set it."""
        first = min(setting.end for setting in settings)
        text = self._script.text
        return any(
            text.startswith(name, at + size) and not _goes_on(text, at + size + len(name))
            for sign, size in (("$", 1), ("${", 2))
            for at in _places(text, sign + name, first)
        )

    def _setting(self, setting: Setting) -> int:
        if setting.words is None:
            return UNKNOWN
        if not setting.is_loop:
            return self._word(setting.words[0], setting.skipped) if setting.words else EMPTY
        shape = WORD
        for word in setting.words:
            shape |= self._item(word)
        return shape

    def _item(self, word: Word) -> int:
        """The shape of what a word of a `for` is split into."""
        shape = WORD
        for part in word.parts:
            if part.value is not None or part.kind is PartKind.DOUBLE_QUOTED:
                shape |= self._part(part)
            elif part.text in ("$@", "$*"):
                shape = UNKNOWN
            # What is not quoted has been split there, and matched.
        return shape & ~EMPTY

    def _substitution(self, start: int) -> int:
        for construct in self._script.constructs:
            if construct.start == start and construct.kind is Kind.SUBSTITUTION:
                printed = self._printed(construct)
                return UNKNOWN if printed is None else printed
        return UNKNOWN

    def _printed(self, statement: Statement) -> int | None:
        """The shape of what a statement prints, None when it prints nothing."""
        if not isinstance(statement, Construct):
            return self._printed_by_command(statement)  # type: ignore[arg-type]
        kind = statement.kind
        if kind is Kind.FUNCTION:
            return None
        if kind is Kind.LOOP or self._depth == _DEEPEST:
            return UNKNOWN
        self._depth += 1
        if kind is Kind.PIPELINE:
            shape: int | None = self._printed_by_pipeline(statement)
        else:
            shape = _together(statement, [self._printed(one) for one in statement.statements])
        self._depth -= 1
        return shape

    def _printed_by_pipeline(self, pipeline: Construct) -> int:
        if is_one_field(pipeline.text):
            return WORD
        first, *others = pipeline.statements
        shape = self._printed(first)
        shape = EMPTY if shape is None else shape
        for other in others:
            if isinstance(other, Construct):
                return UNKNOWN
            shape = self._filtered(other, shape)  # type: ignore[arg-type]
        return shape

    def _filtered(self, command: Command, shape: int) -> int:
        values = [self._stand_in(word) for word in command.arguments]
        return filtered_shape(command.name_value or "", values, shape)

    def _stand_in(self, word: Word) -> str | None:
        """A word with a letter for each expansion that comes to one plain word, if all do."""
        if word.value is not None:
            return word.value
        pieces = [piece for part in word.parts for piece in part.parts or (part,)]
        values = [
            one.value if one.value is not None else None if self._part(one) & ~EMPTY else "x"
            for one in pieces
        ]
        return "".join(one or "" for one in values) if None not in values else None

    def _printed_by_command(self, command: Command) -> int | None:
        program = command.program
        for redirect in command.redirects:
            if redirect.operator in (">", ">>", "&>", ">|") and redirect.descriptor in (None, 1):
                return None
            if redirect.operator == "<<<" and program in FILTERS and redirect.target is not None:
                return self._filtered(command, self._word(redirect.target))
        if not command.words or program in SILENT:
            return None
        if program == "echo":
            return self._echoed(command.arguments)
        if program == "printf":
            return self._formatted(command.arguments)
        if program in PATH_PRINTERS:
            paths = (word for word in command.arguments if not word.prefix.startswith("-"))
            return self._joined(paths)
        shape = printed_shape(_line(command.name_value or command.words[0].text, command.words[1:]))
        if shape == UNKNOWN and program and program != command.name_value:
            return printed_shape(_line(program, command.arguments))
        return shape

    def _joined(self, words: Iterable[Word]) -> int:
        shape = WORD
        for word in words:
            shape |= self._word(word)
        return shape

    def _echoed(self, words: tuple[Word, ...]) -> int:
        while words and words[0].value in ("-n", "-e", "-en", "-ne", "-E"):
            words = words[1:]
        if not words:
            return EMPTY
        if any("\\" in word.text for word in words):
            return UNKNOWN
        return self._joined(words) | (LIST if len(words) > 1 else WORD)

    def _formatted(self, words: tuple[Word, ...]) -> int:
        text = words[0].value if words else None
        if text is None:
            return UNKNOWN
        text = text.removesuffix("\\n")
        return UNKNOWN if "\\" in text else shape_of_text(text) | self._joined(words[1:])


def _line(program: str, arguments: tuple[Word, ...]) -> str:
    return " ".join((program, *(word.value or word.text for word in arguments)))


def _together(construct: Construct, shapes: list[int | None]) -> int | None:
    """The shape of what a construct prints by that of its statements."""
    printed = [one for one in shapes if one is not None]
    if not printed:
        return None
    shape = WORD
    for one in printed:
        shape |= one
    kinds = [getattr(one, "kind", None) for one in construct.statements]
    if construct.kind in (Kind.IF, Kind.CASE):
        branches = kinds.count(Kind.BRANCH)
        is_sure = branches > kinds.count(Kind.CONDITION) > 0 and len(printed) == branches
        return shape if is_sure else shape | EMPTY
    if construct.kind is Kind.AND_OR:
        if getattr(construct.statements[0], "name_value", None) in _CONDITIONS:
            return shape | EMPTY
        if "||" in map(construct.operator, range(len(shapes))):
            return shape
    return shape | LIST if len(printed) > 1 else shape


def _places(text: str, word: str, end: int) -> Iterator[int]:
    at = text.find(word, 0, end)
    while at >= 0:
        yield at
        at = text.find(word, at + 1, end)


def _goes_on(text: str, at: int) -> bool:
    after = text[at : at + 1]
    return after.isalnum() or after == "_"
