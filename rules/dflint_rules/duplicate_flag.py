"""The rule `duplicate-flag`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class DuplicateFlag(ProblemRule):
    """A flag that an instruction takes once stands twice.

    BuildKit refuses it, even with the same value: "duplicate flag specified: --from". Only
    `--mount` and `--device` of `RUN` and `--exclude` of `COPY` and `ADD` may be repeated.

    Dockerfile reference: the section of each instruction describes its flags.
    """

    meta = Meta("duplicate-flag", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "FROM alpine:3.22\nCOPY --chown=app --chown=app:app src/ /app/\n"
    good = "FROM alpine:3.22\nCOPY --chown=app:app src/ /app/\n"
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/x --mount=type=cache,target=/y x\n"),
        Valid("FROM a\nCOPY --exclude=x --exclude=y --link a b --link /c/\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --chown=1 --chown=1 a b\n", at="--chown=1"),
        Invalid("FROM a\nADD --link \\\n  # comment\n  --link=false a b\n", at="--link=false"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say whose flag it is."""
        keyword = instruction_at(doc.tree, problem.span.start).reading.keyword.upper()
        return (
            f"`{keyword}` takes `--{problem.found}` once, the build stops at the second; keep one"
        )
