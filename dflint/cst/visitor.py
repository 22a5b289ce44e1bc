"""Walking and transforming trees."""

from __future__ import annotations

from dflint.cst.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in source order."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(current.children))


class Removal:
    """What a transformer returns for a node that is to go; only within a tuple field."""


REMOVE = Removal()


class NodeTransformer:
    """Rewrites a tree from the leaves up.

    Override `leave`; a transformer that changes nothing returns the very same root.
    """

    def leave(self, original: Node, updated: Node) -> Node | tuple[Node, ...] | Removal:
        """What stands for `original`: `updated` has the rewritten children already.

        A tuple puts several nodes in its place; it and REMOVE are allowed in tuple fields only.
        """
        del original
        return updated

    def transform(self, node: Node) -> Node:
        """The rewritten tree; raises TypeError when the root is removed or multiplied."""
        result = self._visit(node)
        if not isinstance(result, Node):
            raise TypeError(f"a {type(node).__name__} must be replaced by one node here")
        return result

    def _visit(self, node: Node) -> Node | tuple[Node, ...] | Removal:
        changes: dict[str, object] = {}
        for field, value in node.fields():
            if isinstance(value, Node):
                new: object = self.transform(value)
                changed = new is not value
            elif isinstance(value, tuple):
                new = self._visit_all(value)
                changed = len(new) != len(value) or any(
                    one is not other for one, other in zip(new, value, strict=True)
                )
            else:
                continue
            if changed:
                changes[field] = new
        return self.leave(node, node.with_changes(**changes) if changes else node)

    def _visit_all(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        result: list[Node] = []
        for node in nodes:
            visited = self._visit(node)
            if isinstance(visited, tuple):
                result.extend(visited)
            elif isinstance(visited, Node):
                result.append(visited)
        return tuple(result)
