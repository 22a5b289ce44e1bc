"""The rule `foreign-encoding`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class ForeignEncoding(ProblemRule):
    """The file is not UTF-8 but UTF-16.

    Builders read bytes as UTF-8. Every second byte of such a file is zero, so that no keyword is
    found: BuildKit says "unknown instruction". Windows PowerShell's `>` writes such files.

    BuildKit reads UTF-8, with or without a byte order mark.
    """

    meta = Meta("foreign-encoding", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "\0".join("FROM alpine:3.22") + "\0"
    good = "FROM alpine:3.22\n"
    valid = (Valid("\ufeffFROM a\nLABEL b=é\n"), Valid("FROM a\nRUN x\0y\n"))
    invalid = (
        Invalid("\0".join("FROM a\n") + "\0", at="\0".join("FROM a") + "\0"),
        Invalid("\0" + "\0".join("FROM a \\\n# b\n"), at="\0" + "\0".join("FROM a \\") + "\0"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which encoding it is."""
        del doc
        return (
            f"the file is {problem.found}: a builder reads no instruction in it; save it as UTF-8"
        )
