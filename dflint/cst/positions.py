"""Where nodes stand: positions are metadata of a tree, not part of its nodes."""

from __future__ import annotations

from dflint.cst.instructions import Instruction
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.node import Node


class SpanMap:
    """The span of every node of one tree, in code points of the tree's text.

    Instructions are walked when a node of theirs is asked for; those that were never expanded
    have handed out no node and are passed over.
    """

    __slots__ = ("_spans", "_todo", "_tree")

    def __init__(self, tree: Dockerfile) -> None:
        self._tree = tree
        self._spans: dict[Node, Span] = {}
        self._todo: list[tuple[Instruction, int]] | None = None

    def span(self, node: Node) -> Span:
        """The span of a node with everything that it owns; KeyError for a foreign node."""
        found = self._spans.get(node)
        if found is not None:
            return found
        if self._todo is None:
            self._begin()
        self._expand()
        return self._spans[node]

    def core(self, node: Instruction) -> Span:
        """An instruction without what is above it: its keyword to the end of its arguments."""
        line = node.line
        whole = self.span(node)
        shift = whole.start - line.above
        return Span(line.start + shift, line.offset_after(len(line.text)) + shift)

    def _begin(self) -> None:
        tree = self._tree
        at = len(tree.bom)
        for directive in tree.directives:
            at = self._place(directive, at)
        todo = []
        for instruction in tree.instructions:
            length = (
                len(instruction.code)
                if instruction.is_expanded
                else instruction.line.stop - instruction.line.above
            )
            self._spans[instruction] = Span(at, at + length)
            todo.append((instruction, at))
            at += length
        for item in tree.footer:
            at = self._place(item, at)
        self._spans[tree] = Span(0, at)
        self._todo = todo

    def _expand(self) -> None:
        left = []
        for instruction, at in self._todo or ():
            if instruction.is_expanded:
                self._place(instruction, at)
            else:
                left.append((instruction, at))
        self._todo = left

    def _place(self, node: Node, start: int) -> int:
        at = start
        for _, value in node.fields():
            if isinstance(value, str):
                at += len(value)
            elif isinstance(value, tuple):
                for item in value:
                    at = self._place(item, at)
            elif value is not None:
                at = self._place(value, at)  # type: ignore[arg-type]  # a field is one of these
        self._spans[node] = Span(start, at)
        return at
