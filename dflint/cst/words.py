"""Words, flags and pairs: what stands on an instruction's line."""

from __future__ import annotations

from dflint.cst.node import Node
from dflint.cst.trivia import Comment, Continuation, EmptyLine, Whitespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Text(Node):
    """Characters that a builder reads."""

    text: str


class Word(Node):
    """One word as it is written, quotes and escapes included.

    A continuation may stand inside a word; `value` is the text without it, which is what a
    builder reads.
    """

    parts: tuple[Text | Continuation | Comment | EmptyLine, ...]

    @property
    def value(self) -> str:
        """The characters that a builder reads, with quotes and escapes still there."""
        parts = self.parts
        if len(parts) == 1 and type(parts[0]) is Text:
            return parts[0].text
        return "".join(part.text for part in parts if type(part) is Text)


class KeyValue(Node):
    """A `key=value` pair."""

    key: Word
    equals: Word
    value: Word


class Comma(Node):
    """The comma between two options."""

    mark: Word


class OptionList(Node):
    """The value of `--mount`: options, each `key=value` or a key alone, with commas between."""

    items: tuple[KeyValue | Word | Comma, ...]

    @property
    def value(self) -> str:
        """The options as they are written, without continuations."""
        return "".join(part.text for part in _texts(self))

    @property
    def options(self) -> tuple[KeyValue | Word, ...]:
        """The options without the commas."""
        return tuple(item for item in self.items if not isinstance(item, Comma))


def _texts(node: Node) -> Iterator[Text]:
    for child in node.children:
        if isinstance(child, Text):
            yield child
        else:
            yield from _texts(child)


class Flag(Node):
    """A `--name` or `--name=value` between keyword and arguments, with the blanks after it.

    A bare `--`, which ends the flags, has an empty name. The value of `--mount` is a list of
    options unless quotes or escapes stand in it.
    """

    marker: Word
    name: Word
    equals: Word | None
    value: Word | OptionList | None
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]

    @property
    def is_terminator(self) -> bool:
        """Whether this is the bare `--` after which no flags are read."""
        return not self.name.parts and self.equals is None


class LegacyKeyValue(Node):
    """A `key value` pair without `=`: the old form of ENV and LABEL, one pair an instruction."""

    key: Word
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    value: Word
