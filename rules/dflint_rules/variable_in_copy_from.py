"""The rule `variable-in-copy-from`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class VariableInCopyFrom(ProblemRule):
    """`COPY --from` names by a variable what it copies from.

    It is not expanded there, and BuildKit refuses it: "variable expansion is not supported for
    --from, define a new stage with FROM using ARG from global scope as a workaround".

    Dockerfile reference, "COPY --from".
    """

    meta = Meta("variable-in-copy-from", Category.CORRECTNESS, Severity.ERROR, since="0.1")
    bad = "ARG TOOLS=busybox:1.37\nFROM debian:12-slim\nCOPY --from=$TOOLS /bin/busybox /bin/\n"
    good = (
        "ARG TOOLS=busybox:1.37\n"
        "FROM $TOOLS AS tools\n"
        "\n"
        "FROM debian:12-slim\n"
        "COPY --from=tools /bin/busybox /bin/\n"
    )
    valid = (
        Valid("ARG B=b\nFROM $B AS c\nFROM a\nCOPY --from=c --chown=$U x y\n"),
        Valid("FROM a\nCOPY --from=b $X y\nONBUILD COPY --from=$B x y\n"),
    )
    invalid = (
        Invalid("ARG B=b\nFROM a\nCOPY --from=$B x y\n", at="$B"),
        Invalid("FROM a\nCOPY \\\n  # comment\n  --from=b:${C:-1} x y\n", at="b:${C:-1}"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say how to name the image by a variable."""
        del doc
        right = quoted(f"FROM {problem.found} AS name", 60)
        return f"`--from` expands no variable, the build stops; write {right} and copy from `name`"
