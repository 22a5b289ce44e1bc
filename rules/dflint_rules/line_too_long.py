"""The rule `line-too-long`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class LineTooLong(ProblemRule):
    """A line is longer than BuildKit reads.

    A physical line may have 65,535 bytes. At a longer one, a comment or a line of a heredoc
    too, BuildKit stops: "dockerfile line greater than max allowed size of 65535". An
    instruction may be longer, on several lines.

    A limit of BuildKit's parser.
    """

    meta = Meta("line-too-long", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "FROM debian:12-slim\nRUN echo " + "x" * 65535 + " > /long.txt\n"
    good = "FROM debian:12-slim\nCOPY long.txt /\n"
    valid = (
        Valid(f"FROM a\nRUN {'x' * 65531}\n"),
        Valid(f"FROM a\nRUN {'x' * 40000} \\\n  {'y' * 40000}\n"),
    )
    invalid = (
        Invalid(f"FROM a\nRUN {'x' * 65532}\n", at=f"RUN {'x' * 65532}"),
        Invalid(f"FROM a\nRUN x \\\n# {'é' * 32767}\n  y\n", at=f"# {'é' * 32767}"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say how long the line is."""
        del doc
        return (
            f"the line has {problem.found} bytes, BuildKit stops at one of more than 65535; "
            "split it with a continuation, or copy the data in as a file"
        )
