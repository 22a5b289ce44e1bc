"""The rule `forbidden-trigger`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document

_ADVICE = {
    "FROM": "copy from a stage or image with `ONBUILD COPY --from` instead",
    "MAINTAINER": "use `ONBUILD LABEL` instead",
    "ONBUILD": "triggers run in builds from this image, not in those from its children",
}


class ForbiddenTrigger(ProblemRule):
    """`ONBUILD` is given `ONBUILD`, `FROM` or `MAINTAINER`.

    BuildKit refuses it: "FROM isn't allowed as an ONBUILD trigger". A trigger cannot begin a
    stage, and cannot leave another trigger.

    Dockerfile reference, "ONBUILD".
    """

    meta = Meta(
        "forbidden-trigger",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3043",
            "ONBUILD_CHAINING_DISALLOWED",
            "ONBUILD_TRIGGER_DISALLOWED",
        ),
    )
    bad = "FROM alpine:3.22\nONBUILD FROM alpine:3.22\n"
    good = "FROM alpine:3.22\nONBUILD COPY . /app\n"
    valid = (
        Valid("FROM a\nONBUILD RUN x\nONBUILD COPY --from=b x y\nONBUILD LABEL maintainer=x\n"),
        Valid("FROM a\nONBUILD RUN ONBUILD RUN x\nRUN ONBUILD FROM b\n"),
    )
    invalid = (
        Invalid("FROM a\nONBUILD MAINTAINER x\nONBUILD FROM b\n", at=("MAINTAINER", "FROM")),
        Invalid("FROM a\nONBUILD \\\n  # comment\n  onbuild RUN x\n", at="onbuild"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what to use instead."""
        del doc
        found = problem.found
        return f"`{found}` cannot be a trigger, the build stops; {_ADVICE[found]}"
