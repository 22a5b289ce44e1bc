"""The root of the tree."""

from __future__ import annotations

from dflint.cst.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.directives import ParserDirective
    from dflint.cst.instructions import Instruction
    from dflint.cst.trivia import Comment, EmptyLine


class Dockerfile(Node):
    """A whole file: its parser directives, its instructions, and what follows the last one.

    `bom` is the byte order mark that the text begins with, or empty.
    """

    bom: str
    directives: tuple[ParserDirective, ...]
    instructions: tuple[Instruction, ...]
    footer: tuple[Comment | EmptyLine, ...]

    def directive(self, name: str) -> ParserDirective | None:
        """The first parser directive of that name in lower case, or None."""
        for directive in self.directives:
            if directive.name.lower() == name:
                return directive
        return None

    @property
    def escape(self) -> str:
        r"""The escape character: `\` unless a parser directive makes it `` ` ``."""
        directive = self.directive("escape")
        return "`" if directive is not None and directive.value.startswith("`") else "\\"
