"""The rule `no-build-stage`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class NoBuildStage(ProblemRule):
    """An instruction stands before the first `FROM`, or the file has none.

    Every instruction but `ARG` belongs to a stage, which `FROM` begins. BuildKit: "no build
    stage in current context", "dockerfile contains no stages to build".

    Dockerfile reference, "Format" and "FROM".
    """

    meta = Meta(
        "no-build-stage",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3061",
            "tally/require-stages",
            "from_first",
            "NO_SOURCE_IMAGE",
        ),
    )
    bad = "WORKDIR /app\nFROM node:22-slim\nCOPY server.js /app/\n"
    good = "FROM node:22-slim\nWORKDIR /app\nCOPY server.js /app/\n"
    valid = (
        Valid("# syntax=a\n\n# comment\nARG B=1\nFROM a:$B\nENV C=d\n"),
        Valid("from scratch\n"),
        Valid("FRUM a\nRUN x\n"),
    )
    invalid = (
        Invalid("ARG A=1\nENV \\\n  # comment\n  B=c\nFROM a\n", at="ENV"),
        Invalid("RUN x\nCMD y\n", at="RUN"),
        Invalid("ARG A\nARG B\n", at="ARG"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say where the instruction belongs."""
        keyword = instruction_at(doc.tree, problem.span.start).reading.keyword.upper()
        if not doc.all(From):
            return "the file has no `FROM`, there is nothing to build; begin it with `FROM image`"
        advice = "move it below"
        if keyword == "ENV":
            advice = "move it below, or make it an `ARG` if a `FROM` needs it"
        return f"`{keyword}` stands before the first `FROM`, the build stops; {advice}"
