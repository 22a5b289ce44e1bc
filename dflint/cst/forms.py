"""The forms that an instruction's arguments take."""

from __future__ import annotations

from dflint.cst.node import Node
from dflint.cst.trivia import Comment, Continuation, EmptyLine, Whitespace
from dflint.cst.words import KeyValue, LegacyKeyValue, Word


class ShellForm(Node):
    """Arguments that are one text: a command for a shell, or a single value with blanks in it.

    "Shell and exec form" in the Dockerfile reference.
    """

    text: Word

    @property
    def value(self) -> str:
        """The text as a builder reads it."""
        return self.text.value


class JSONString(Node):
    """A string in an exec form; `quoted` includes the quotes."""

    quoted: Word

    @property
    def value(self) -> str:
        """The string that the JSON means."""
        from dflint.cst.parser.json_array import decode_string

        return decode_string(self.quoted.value)


class Element(Node):
    """One string of an exec form with its comma and the blanks around both."""

    string: JSONString
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    comma: Word | None
    after: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]


class ExecForm(Node):
    """Arguments that are a JSON array of strings."""

    opening: Word
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    elements: tuple[Element, ...]
    closing: Word

    @property
    def values(self) -> tuple[str, ...]:
        """The decoded strings."""
        return tuple(element.string.value for element in self.elements)

    @property
    def strings(self) -> tuple[JSONString, ...]:
        """The string nodes."""
        return tuple(element.string for element in self.elements)


class WordList(Node):
    """Arguments that are words with blanks between them."""

    items: tuple[Word | Whitespace | Continuation | Comment | EmptyLine, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words without what stands between them."""
        return tuple(item for item in self.items if isinstance(item, Word))


class PairList(Node):
    """Arguments that are `key=value` pairs, or one legacy `key value` pair.

    ARG's names without a value stand here as plain words.
    """

    items: tuple[
        KeyValue | LegacyKeyValue | Word | Whitespace | Continuation | Comment | EmptyLine, ...
    ]

    @property
    def pairs(self) -> tuple[KeyValue | LegacyKeyValue | Word, ...]:
        """The pairs (and bare names) without what stands between them."""
        return tuple(
            item for item in self.items if isinstance(item, (KeyValue, LegacyKeyValue, Word))
        )


class HealthCheckForm(Node):
    """HEALTHCHECK's arguments: `NONE`, or `CMD` and a command."""

    kind: Word
    gap: tuple[Whitespace | Continuation | Comment | EmptyLine, ...]
    command: ShellForm | ExecForm | None
