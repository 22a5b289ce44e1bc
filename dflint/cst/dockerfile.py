"""The root of the tree."""

from __future__ import annotations

from dflint.cst.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.directives import ParserDirective
    from dflint.cst.instructions import Instruction
    from dflint.cst.trivia import Comment, EmptyLine

_set = object.__setattr__


class Dockerfile(Node):
    """A whole file: its parser directives, its instructions, and what follows the last one.

    `bom` is the byte order mark that the text begins with, or empty. `memo` is for what a higher
    layer made of the tree and should not make again.
    """

    __slots__ = ("memo",)

    bom: str
    directives: tuple[ParserDirective, ...]
    instructions: tuple[Instruction, ...]
    footer: tuple[Comment | EmptyLine, ...]

    if TYPE_CHECKING:

        @property
        def memo(self) -> object:
            """What was made of the tree, None at first."""

    else:

        def __init__(self, *values: object, **named: object) -> None:
            super().__init__(*values, **named)
            self.keep(None)

    def keep(self, memo: object) -> None:
        """Let `memo` be what was made of the tree."""
        _set(self, "memo", memo)

    def directive(self, name: str) -> ParserDirective | None:
        """The first parser directive of that name in lower case that counts, or None."""
        for directive in self.directives:
            if directive.is_indented and name != "escape":
                return None
            if directive.name.lower() == name:
                return directive
        return None

    @property
    def escape(self) -> str:
        r"""The escape character: `\` unless a parser directive makes it `` ` ``."""
        directive = self.directive("escape")
        return "`" if directive is not None and directive.value.startswith("`") else "\\"
