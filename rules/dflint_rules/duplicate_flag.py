"""The rule `duplicate-flag`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class DuplicateFlag(ProblemRule):
    """A flag that an instruction takes once stands twice.

    BuildKit refuses it, even with the same value: "duplicate flag specified: --from". Only
    `--mount` and `--device` of `RUN` and `--exclude` of `COPY` and `ADD` may be repeated.

    Dockerfile reference: the section of each instruction describes its flags.
    """

    meta = Meta(
        "duplicate-flag",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "healthcheck_options_missing_args",
            "FLAG_AT_LEAST_ONE",
            "FLAG_DUPLICATE",
            "FLAG_INVALID_DURATION",
            "FLAG_LESS_THAN_1MS",
            "FLAG_MISSING_DURATION",
            "FLAG_MISSING_VALUE",
            "FLAG_UNKNOWN_UNIT",
            "FLAG_INVALID_LINK_VALUE",
            "FLAG_EXPECTED_BOOLEAN_VALUE",
        ),
        fix="unsafe",
    )
    bad = "FROM alpine:3.22\nCOPY --chown=app --chown=app:app src/ /app/\n"
    good = "FROM alpine:3.22\nCOPY --chown=app:app src/ /app/\n"
    valid = (
        Valid("FROM a\nRUN --mount=type=cache,target=/x --mount=type=cache,target=/y x\n"),
        Valid("FROM a\nCOPY --exclude=x --exclude=y --link a b --link /c/\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nCOPY --chown=1 --chown=1 a b\n",
            at="--chown=1",
            fixed="FROM a\nCOPY --chown=1 a b\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nCOPY --link \\\n  # comment\n  --link \\\n  a b\n",
            at="--link",
            fixed="FROM a\nCOPY --link \\\n  # comment\n  a b\n",
            unsafe=True,
        ),
        Invalid("FROM a\nADD --link \\\n  # comment\n  --link=false a b\n", at="--link=false"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say whose flag it is."""
        keyword = instruction_at(doc.tree, problem.span.start).reading.keyword.upper()
        return (
            f"`{keyword}` takes `--{problem.found}` once, the build stops at the second; keep one"
        )

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Remove the second where it says what the first does."""
        from dflint.lint.edits import word_removal
        from dflint.lint.fix import Applicability, Fix

        instruction = instruction_at(doc.tree, problem.span.start)
        same = [
            flag
            for flag in instruction.reading.flags
            if flag[2:].partition("=")[0] == problem.found
        ]
        edit = word_removal(instruction, problem.span)
        if len(same) < 2 or len(set(same)) > 1 or edit is None:
            return None
        return Fix(f"remove the second `--{problem.found}`", [edit], Applicability.UNSAFE)
