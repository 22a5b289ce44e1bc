"""The rule `invalid-flag-value`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.flag_values import expected_value
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class InvalidFlagValue(ProblemRule):
    """A flag has no value, or one that it does not take.

    A value stands behind `=`, without a blank. BuildKit refuses a flag without one ("missing a
    value on flag: --from") and values that it cannot read: durations have units, booleans are
    `true` or `false`, a mode is octal or symbolic.

    Dockerfile reference: the section of each instruction describes its flags.
    """

    meta = Meta("invalid-flag-value", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "FROM alpine:3.22\nHEALTHCHECK --interval=30 CMD wget -q http://localhost/\n"
    good = "FROM alpine:3.22\nHEALTHCHECK --interval=30s CMD wget -q http://localhost/\n"
    valid = (
        Valid("FROM a\nHEALTHCHECK --interval=1m30s --timeout= --retries=0 CMD x\n"),
        Valid("FROM a\nCOPY --link --chmod=u+x,go-w a b\nADD --link=True --chmod=$M a b\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --from b c d\n", at="--from"),
        Invalid("FROM a\nHEALTHCHECK \\\n  # x\n  --interval=30 \\\n  CMD x\n", at="--interval=30"),
        Invalid(
            "FROM a\nCOPY --link=1 a b\nRUN --network=foo x\nADD --chmod=u a b\n",
            at=("--link=1", "--network=foo", "--chmod=u"),
        ),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what the flag takes."""
        flag, equals, value = problem.span.slice(doc.text).partition("=")
        name = flag[2:]
        takes = expected_value(name, problem.reason)
        if equals and value:
            return f"`{flag}` takes {takes}, found {quoted(value)}: the build stops"
        arguments = instruction_at(doc.tree, problem.span.start).reading.arguments
        if not equals and len(arguments) > 2:
            right = quoted(f"{flag}={arguments[0]}")
            return f"`{flag}` has no value, the build stops; write {right} with `=`"
        return f"`{flag}` has no value, the build stops; it takes {takes}"
