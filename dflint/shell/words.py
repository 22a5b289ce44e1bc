"""Words of a shell text and what they are made of (POSIX.1-2017, Shell Command Language, 2.2)."""

from __future__ import annotations

import re

from dflint.text.choice import Choice
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from dflint.shell.shell_text import ShellText

_NOT_PLAIN = re.compile(r"[\\'\"$`()<>|;&\s]")
# In text that is literal to the grammar: escapes, and the variables that it is not shown.
_UNQUOTED = LazyPattern(r"\\(?P<escaped>(?s:.))|\$(?P<name>[A-Za-z_][A-Za-z0-9_]*+|[0-9])")
_QUOTED = LazyPattern(r'\\(?P<escaped>[$`"\\\n])|\$(?P<name>[A-Za-z_][A-Za-z0-9_]*+|[0-9])')


class PartKind(Choice):
    """What a part of a word is."""

    LITERAL = "literal"
    SINGLE_QUOTED = "single-quoted"
    DOUBLE_QUOTED = "double-quoted"
    ANSI_QUOTED = "ansi-quoted"
    VARIABLE = "variable"
    SUBSTITUTION = "command substitution"
    ARITHMETIC = "arithmetic"
    PROCESS = "process substitution"
    OTHER = "other"


_EXPANSIONS = {
    "simple_expansion": PartKind.VARIABLE,
    "expansion": PartKind.VARIABLE,
    "command_substitution": PartKind.SUBSTITUTION,
    "arithmetic_expansion": PartKind.ARITHMETIC,
    "process_substitution": PartKind.PROCESS,
    "array": PartKind.OTHER,
    "ERROR": PartKind.OTHER,
}
_SEQUENCES = frozenset(("concatenation", "command_name", "variable_assignment", "subscript"))
_NAMES = frozenset(("variable_name", "special_variable_name"))


class Part:
    """A part of a word: literal text, a quoted string or an expansion.

    `start` and `end` are offsets into the shell text. `value` is what it stands for, None when
    only a run can tell. `names` are the variables that an expansion reads, more than one for
    `${a:-$b}`. `parts` are what double quotes hold.
    """

    __slots__ = ("_shell_text", "end", "kind", "names", "parts", "start", "value")

    def __init__(
        self,
        kind: PartKind,
        start: int,
        end: int,
        shell_text: ShellText,
        value: str | None = None,
        names: tuple[str, ...] = (),
        parts: tuple[Part, ...] = (),
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.value = value
        self.names = names
        self.parts = parts
        self._shell_text = shell_text

    def __repr__(self) -> str:
        return f"Part({self.kind.name}, {self.text!r})"

    @property
    def name(self) -> str | None:
        """The variable that an expansion reads first."""
        return self.names[0] if self.names else None

    @property
    def span(self) -> Span:
        """Where it stands in the Dockerfile."""
        return self._shell_text.source_span(self.start, self.end)

    @property
    def text(self) -> str:
        """What the shell reads there."""
        return self._shell_text.text[self.start : self.end]


class Word:
    """A word of a command.

    Globs, braces and tildes are left as they are written: a `value` is what the word is after
    quotes are removed, not what the shell makes of it with its files. `start` and `end` are
    offsets into the shell text.
    """

    __slots__ = ("_nodes", "_parts", "_shell_text", "_value", "end", "start")

    def __init__(self, node: Node, shell_text: ShellText) -> None:
        self.start = node.start_byte
        self.end = node.end_byte
        self._nodes: tuple[Node, ...] = (node,)
        self._shell_text = shell_text
        self._parts: tuple[Part, ...] | None = None
        self._value: str | None = None

    def __repr__(self) -> str:
        return f"Word({self.text!r})"

    def extend(self, node: Node) -> bool:
        """Take a node that follows without a blank into the word, tell whether it does.

        What the grammar takes for two words can only be one to a shell.
        """
        follows = node.start_byte == self.end < node.end_byte
        if not follows or self._shell_text.text[self.end] in " \t\n":
            return False
        self._nodes += (node,)
        self.end = node.end_byte
        return True

    @property
    def span(self) -> Span:
        """Where it stands in the Dockerfile."""
        return self._shell_text.source_span(self.start, self.end)

    @property
    def shell_text(self) -> ShellText:
        """The text that it stands in."""
        return self._shell_text

    @property
    def text(self) -> str:
        """What the shell reads there, quotes and all, without the Dockerfile's continuations."""
        return self._shell_text.text[self.start : self.end]

    @property
    def value(self) -> str | None:
        """The word without quotes, None when it contains an expansion."""
        value = self._value
        if value is None:
            text = self._shell_text.text[self.start : self.end]
            value = text if _NOT_PLAIN.search(text) is None else _join(self.parts)
            self._value = value
        return value

    @property
    def prefix(self) -> str:
        """The value up to the first expansion, all of it when there is none."""
        value = self._value
        if value is None:
            value = self.value
        if value is not None:
            return value
        pieces: list[str] = []
        for part in self.parts:
            for piece in part.parts or (part,):
                if piece.value is None:
                    return "".join(pieces)
                pieces.append(piece.value)
        return "".join(pieces)

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the word is made of, in order and without a gap."""
        if self._parts is None:
            self._parts = tuple(self._read_parts())
        return self._parts

    def _read_parts(self) -> Iterator[Part]:
        at = self.start
        for part in _parts(self._nodes, self._shell_text):
            if part.start > at:
                # Text that the grammar could make nothing of.
                yield Part(PartKind.OTHER, at, part.start, self._shell_text)
            yield part
            at = part.end
        if at < self.end:
            yield Part(PartKind.OTHER, at, self.end, self._shell_text)

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that are expanded in the word, in order.

        Those within `${…}` are among them, those within substitutions are not.
        """
        if "$" not in self.text:
            return ()
        names: list[str] = []
        for part in self.parts:
            for piece in part.parts or (part,):
                names += piece.names
        return tuple(names)

    @property
    def is_quoted(self) -> bool:
        """Whether the whole word stands within one pair of quotes."""
        parts = self.parts
        quoted = (PartKind.SINGLE_QUOTED, PartKind.DOUBLE_QUOTED)
        return len(parts) == 1 and parts[0].kind in quoted


def _join(parts: tuple[Part, ...]) -> str | None:
    values: list[str] = []
    for part in parts:
        if part.value is None:
            return None
        values.append(part.value)
    return "".join(values)


def _parts(nodes: tuple[Node, ...], shell_text: ShellText) -> Iterator[Part]:
    stack = [*reversed(nodes)]
    while stack:
        node = stack.pop()
        kind = node.type
        start, end = node.start_byte, node.end_byte
        if kind in _SEQUENCES:
            stack.extend(reversed(node.children))
        elif kind == "raw_string":
            value = shell_text.text[start + 1 : end - 1]
            yield Part(PartKind.SINGLE_QUOTED, start, end, shell_text, value)
        elif kind == "string" or kind == "translated_string":
            string = node if kind == "string" else node.children[-1]
            expansions = (
                _expansion(child, shell_text)
                for child in string.children
                if child.type in _EXPANSIONS
            )
            quoted = quoted_parts(string.start_byte, string.end_byte, expansions, shell_text)
            if string is not node:
                quoted.start = start
            yield quoted
        elif kind == "ansi_c_string":
            raw = shell_text.text[start + 2 : end - 1]
            yield Part(PartKind.ANSI_QUOTED, start, end, shell_text, None if "\\" in raw else raw)
        elif kind in _EXPANSIONS:
            yield _expansion(node, shell_text)
        else:
            yield from literal_parts(start, end, shell_text)


def literal_parts(start: int, end: int, shell_text: ShellText) -> Iterator[Part]:
    """Give the parts of text without quotes, in which `$name` may stand."""
    return _literal_parts(start, end, shell_text, _UNQUOTED)


def quoted_parts(start: int, end: int, expansions: Iterator[Part], shell_text: ShellText) -> Part:
    """Give the part that is a string in double quotes, with the expansions found in it."""
    parts: list[Part] = []
    at = start + 1
    for expansion in expansions:
        parts += _literal_parts(at, expansion.start, shell_text, _QUOTED)
        parts.append(expansion)
        at = expansion.end
    parts += _literal_parts(at, end - 1, shell_text, _QUOTED)
    inner = tuple(parts)
    return Part(PartKind.DOUBLE_QUOTED, start, end, shell_text, _join(inner), (), inner)


def _expansion(node: Node, shell_text: ShellText) -> Part:
    start = node.start_byte
    # In a string the grammar counts blanks before a backquote to the substitution.
    while shell_text.text.startswith((" ", "\t", "\n"), start):
        start += 1
    kind = _EXPANSIONS[node.type]
    names = tuple(_variable_names(node, shell_text.text)) if kind is PartKind.VARIABLE else ()
    return Part(kind, start, node.end_byte, shell_text, None, names)


def _literal_parts(
    start: int, end: int, shell_text: ShellText, pattern: LazyPattern
) -> Iterator[Part]:
    """Give the parts of what is literal to the grammar, which is not shown every variable."""
    text = shell_text.text
    values: list[str] = []
    at = begin = start
    for match in pattern.get().finditer(text, start, end):
        values.append(text[at : match.start()])
        at = match.end()
        name = match["name"]
        if name is None:
            values.append("" if match["escaped"] == "\n" else match["escaped"])
            continue
        if begin < match.start():
            yield Part(PartKind.LITERAL, begin, match.start(), shell_text, "".join(values))
        yield Part(PartKind.VARIABLE, match.start(), at, shell_text, None, (name,))
        values.clear()
        begin = at
    if begin < end:
        values.append(text[at:end])
        yield Part(PartKind.LITERAL, begin, end, shell_text, "".join(values))


def _variable_names(node: Node, text: str) -> Iterator[str]:
    """Give the names in `$name`, `${name…}`, `${#name}`, `${name[…]}`, `${name:-$other}`."""
    stack = [node]
    while stack:
        node = stack.pop()
        kind = node.type
        if kind in _NAMES:
            yield text[node.start_byte : node.end_byte]
        elif kind not in ("command_substitution", "process_substitution"):
            stack.extend(reversed(node.children))
