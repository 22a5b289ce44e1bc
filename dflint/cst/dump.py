"""A readable dump of a tree, for `dflint tree` and for snapshots."""

from __future__ import annotations

from dflint.cst.node import Node
from dflint.cst.positions import SpanMap
from dflint.text.lines import LineIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile


def dump(tree: Dockerfile, text: str) -> Iterator[str]:
    """The tree, a line for each node: class, place as line:column-line:column, and its text.

    A node's text fields stand behind it, quoted, in source order; fields that are empty are
    left out.
    """
    for instruction in tree.instructions:
        instruction.keyword  # noqa: B018  asked for so that the fields exist
    spans = SpanMap(tree)
    lines = LineIndex(text)
    stack: list[tuple[int, str, Node]] = [(0, "", tree)]
    while stack:
        depth, field, node = stack.pop()
        span = spans.span(node)
        begin, end = lines.position(span.start), lines.position(span.end)
        place = f"{begin[0]}:{begin[1]}-{end[0]}:{end[1]}"
        texts = " ".join(
            f"{name}={value!r}" for name, value in node.fields() if isinstance(value, str) and value
        )
        label = f"{field}: " if field else ""
        line = f"{'  ' * depth}{label}{type(node).__name__} {place} {texts}"
        yield line.rstrip()
        below: list[tuple[int, str, Node]] = []
        for name, value in node.fields():
            if isinstance(value, Node):
                below.append((depth + 1, name, value))
            elif isinstance(value, tuple):
                below += [(depth + 1, name, item) for item in value]
        stack.extend(reversed(below))
