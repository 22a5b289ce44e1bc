"""The rule `empty-dockerfile`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class EmptyDockerfile(ProblemRule):
    """The file has no instruction.

    Comments and parser directives alone build nothing. BuildKit: "file with no instructions".

    Dockerfile reference, "Format": a Dockerfile must begin with a FROM instruction.
    """

    meta = Meta("empty-dockerfile", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "# to be written\n"
    good = "FROM scratch\nCOPY app /\n"
    valid = (Valid("FROM scratch"), Valid("# syntax=a\n\n# comment\nFROM scratch\n"))
    invalid = (
        Invalid("", at=""),
        Invalid("# escape=`\n# FROM a `\n\n  # b\n", at=""),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what a Dockerfile begins with."""
        del doc, problem
        return "the file has no instruction, there is nothing to build; begin it with `FROM image`"
