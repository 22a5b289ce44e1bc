"""Here-documents."""

from __future__ import annotations

from dflint.cst.node import Node


class HeredocMarker:
    """A `<<NAME` that a builder recognises on an instruction's line.

    `name` is the delimiter without quotes; `expand` is false when any part of it was quoted;
    `chomp` is the `-` of `<<-`, which strips leading tabs; `descriptor` the number before `<<`.
    """

    __slots__ = ("chomp", "descriptor", "expand", "name")

    name: str
    expand: bool
    chomp: bool
    descriptor: int

    def __init__(self, name: str, expand: bool, chomp: bool, descriptor: int) -> None:
        self.name = name
        self.expand = expand
        self.chomp = chomp
        self.descriptor = descriptor


class HeredocBody(Node):
    """The lines of a here-document and the line that ends it.

    "Here-Documents" in the Dockerfile reference. `content` includes its line ends; `terminator`
    is empty when the file lacks the closing line.
    """

    content: str
    indent: str
    terminator: str
    newline: str
