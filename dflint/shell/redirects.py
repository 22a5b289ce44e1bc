"""Redirections and assignments of a shell text (POSIX.1-2017, Shell Command Language, 2.7)."""

from __future__ import annotations

from dflint.shell.words import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

    from dflint.shell.shell_text import ShellText
    from dflint.text.span import Span


class Assignment:
    """`name=value` before a command or alone; `value` is None when nothing stands after `=`.

    `start` and `end` are offsets into the shell text.
    """

    __slots__ = ("_shell_text", "end", "name", "start", "value")

    def __init__(
        self, name: str, value: Word | None, start: int, end: int, shell_text: ShellText
    ) -> None:
        self.name = name
        self.value = value
        self.start = start
        self.end = end
        self._shell_text = shell_text

    def __repr__(self) -> str:
        return f"Assignment({self.name!r}, {self.value!r})"

    @property
    def span(self) -> Span:
        """Where it stands in the Dockerfile."""
        return self._shell_text.source_span(self.start, self.end)


class Redirect:
    """A redirection.

    `operator` is `>`, `>>`, `<`, `>&`, `<<`, `<<-`, `<<<`, …; `descriptor` the number before it
    or None; `target` the word after it, the delimiter of a heredoc, None for `>&-`. `start` and
    `end` are offsets into the shell text, without the contents of a heredoc.
    """

    __slots__ = ("_shell_text", "descriptor", "end", "operator", "start", "target")

    def __init__(
        self, operator: str, start: int, end: int, target: Word | None, shell_text: ShellText
    ) -> None:
        text = shell_text.text
        digits = end_of_digits = start
        while digits > 0 and text[digits - 1] in "0123456789":
            digits -= 1
        self.start = digits
        self.descriptor: int | None = None
        if 0 < end_of_digits - digits < 9:
            self.descriptor = int(text[digits:end_of_digits])
        self.operator = operator
        self.end = target.end if target else end
        self.target = target
        self._shell_text = shell_text

    def __repr__(self) -> str:
        return f"Redirect({self.descriptor!r}, {self.operator!r}, {self.target!r})"

    @property
    def span(self) -> Span:
        """Where it stands in the Dockerfile, without the contents of a heredoc."""
        return self._shell_text.source_span(self.start, self.end)


def read_assignment(node: Node, shell_text: ShellText) -> Assignment:
    """Give the assignment of a node."""
    first, *_, last = node.children or (node, node)
    name = shell_text.text[first.start_byte : first.end_byte]
    value = Word(last, shell_text) if node.child_count > 2 else None
    return Assignment(name, value, node.start_byte, node.end_byte, shell_text)


def read_redirect(node: Node, shell_text: ShellText) -> tuple[Redirect, list[Node]]:
    """Give the redirection of a node, and the words after it that the grammar counts to it."""
    children = [child for child in node.children if child.type != "file_descriptor"]
    if not children:
        return Redirect("", node.start_byte, node.end_byte, None, shell_text), []
    sign, *words = children
    text = shell_text.text
    start, end = sign.start_byte, sign.end_byte
    # The grammar is shown `< word` in the place of a heredoc or a here-string.
    if sign.type == "<" and text.startswith("<<", start):
        end = start + (3 if text.startswith(("-", "<"), start + 2) else 2)
    target = Word(words.pop(0), shell_text) if words else None
    while target and words and target.extend(words[0]):
        words.pop(0)
    return Redirect(text[start:end], start, end, target, shell_text), words
