"""What a command is made of: words, assignments and redirections."""

from __future__ import annotations

import itertools

from dflint.shell.redirects import Assignment, Redirect, read_assignment, read_redirect
from dflint.shell.words import Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Node

    from dflint.shell.shell_text import ShellText
    from dflint.shell.statements import Place

    Header = tuple[Word, tuple[Word, ...] | None]
    Content = tuple[tuple[Word, ...], tuple[Assignment, ...], tuple[Redirect, ...]]

_REDIRECTS = frozenset(("file_redirect", "herestring_redirect", "heredoc_redirect"))
# The grammar's errors stand between words, not in the place of one.
_NO_WORDS = frozenset(("ERROR", "comment"))
_EXPRESSIONS = frozenset(
    (
        "unary_expression",
        "binary_expression",
        "ternary_expression",
        "postfix_expression",
        "parenthesized_expression",
    )
)


def read_content(place: Place, shell_text: ShellText) -> Content:
    """Give the words, the assignments and the redirections of the command at a place."""
    reader = _Reader(shell_text)
    reader.read(place.node)
    for node in place.redirects:
        reader.read_redirect(node)
    return tuple(reader.words), tuple(reader.assignments), tuple(reader.redirects)


def read_header(place: Place, shell_text: ShellText) -> Header | None:
    """Give the variable of the `for` at a place, and its words if it has `in`."""
    node = place.node
    if node.type != "for_statement" or node.child_count < 2:
        return None
    variable = Word(node.children[1], shell_text)
    reader = _Reader(shell_text)
    reader.read_words(itertools.takewhile(_is_in_header, node.children[2:]))
    words = reader.words
    if not words or words[0].text != "in":
        return variable, None
    return variable, tuple(words[1:])


def _is_in_header(node: Node) -> bool:
    return node.type not in (";", "do_group", "\n", "&")


class _Reader:
    """Sorts what a command's node holds."""

    __slots__ = ("_shell_text", "assignments", "redirects", "words")

    def __init__(self, shell_text: ShellText) -> None:
        self._shell_text = shell_text
        self.words: list[Word] = []
        self.assignments: list[Assignment] = []
        self.redirects: list[Redirect] = []

    def read(self, node: Node) -> None:
        """Take everything from a command's node."""
        kind = node.type
        if kind == "command":
            self._read_command(node.children)
        elif kind == "variable_assignment":
            self.assignments.append(read_assignment(node, self._shell_text))
        elif kind == "test_command":
            self._read_test(node)
        elif kind == "compound_statement":
            self.read_words(node.children[:1])
        elif kind in ("declaration_command", "unset_command"):
            self.read_words(node.children)
        else:
            self._read_command(node.children)

    def read_redirect(self, node: Node) -> None:
        """Take a redirection, and the words after its target."""
        redirect, words = read_redirect(node, self._shell_text)
        self.redirects.append(redirect)
        if node.type == "file_redirect":
            self.read_words(words)
        elif node.type == "heredoc_redirect":
            for child in words:
                if child.type in _REDIRECTS:
                    self.read_redirect(child)

    def _read_command(self, children: Iterable[Node]) -> None:
        for child in children:
            kind = child.type
            if kind in _REDIRECTS:
                self.read_redirect(child)
            elif kind == "variable_assignment" and not self.words:
                self.assignments.append(read_assignment(child, self._shell_text))
            else:
                self._read_word(child, kind)

    def read_words(self, nodes: Iterable[Node]) -> None:
        """Take words, where the grammar makes two of one both for one."""
        for node in nodes:
            self._read_word(node, node.type)

    def _read_word(self, node: Node, kind: str) -> None:
        word = Word(node, self._shell_text)
        if kind in _NO_WORDS or word.start == word.end:
            return
        words = self.words
        if not words or words[-1].end != word.start or not words[-1].extend(node):
            words.append(word)

    def _read_test(self, node: Node) -> None:
        """Take the words of `[` or `[[`; the grammar compares where `[` redirects."""
        nodes = _expression_words(node)
        is_test = node.child_count > 0 and node.children[0].type == "["
        for child in nodes:
            kind = child.type
            if is_test and kind in (">", "<") and (target := next(nodes, None)) is not None:
                word = Word(target, self._shell_text)
                start, end = child.start_byte, child.end_byte
                self.redirects.append(Redirect(kind, start, end, word, self._shell_text))
            else:
                self._read_word(child, kind)


def _expression_words(node: Node) -> Iterator[Node]:
    """Give the words of a `[` or `[[` command."""
    stack = [node]
    while stack:
        node = stack.pop()
        if node.type in _EXPRESSIONS or node.type == "test_command":
            stack.extend(reversed(node.children))
        else:
            yield node
