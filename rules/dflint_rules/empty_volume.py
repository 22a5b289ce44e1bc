"""The rule `empty-volume`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class EmptyVolume(ProblemRule):
    """A mount point of `VOLUME` is empty.

    BuildKit refuses it: "VOLUME specified can not be an empty string". In most cases a variable
    is not set in this stage.

    Dockerfile reference, "VOLUME".
    """

    meta = Meta("empty-volume", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    bad = 'FROM postgres:17\nVOLUME ""\n'
    good = "FROM postgres:17\nVOLUME /var/lib/postgresql/data\n"
    valid = (
        Valid('FROM a\nENV B=/b\nVOLUME $B ${C:-/c} /d$E\nVOLUME ["/f"]\n'),
        Valid("FROM a\nONBUILD VOLUME $B\nRUN VOLUME $B\n"),
    )
    invalid = (
        Invalid("FROM a\nVOLUME /b \\\n  # comment\n  $C\n", at="$C"),
        Invalid('FROM a\nVOLUME [""]\n', at='""'),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say that the variable is empty."""
        written = problem.span.slice(doc.text)
        if "$" in written:
            return f"{quoted(written)} is empty here, the build stops; set it above in this stage"
        return "a volume needs a path, the build stops; write one, or remove the empty text"
