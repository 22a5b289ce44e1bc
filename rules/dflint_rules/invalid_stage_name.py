"""The rule `invalid-stage-name`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class InvalidStageName(ProblemRule):
    """A stage has a name that BuildKit does not take.

    A name begins with a letter and goes on with letters, digits, `-`, `_` and `.`. Variables in
    it are not expanded, quotes not removed. BuildKit: "invalid name for build stage … name can't
    start with a number or contain symbols".

    Dockerfile reference, "FROM".
    """

    meta = Meta(
        "invalid-stage-name",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=("INVALID_BUILD_STAGE_NAME",),
    )
    bad = "FROM node:22 AS 1-build\n"
    good = "FROM node:22 AS build-1\n"
    valid = (
        Valid("FROM a AS b1-c_d.e\nFROM a AS B\n"),
        Valid("ARG A=1b\nFROM a:$A\nLABEL b=AS c=2\n"),
    )
    invalid = (
        Invalid("FROM a AS 1b\nFROM a AS b/c\n", at=("1b", "b/c")),
        Invalid("FROM a \\\n  # comment\n  AS ${B}\n", at="${B}"),
        Invalid('FROM a AS "b"\n', at='"b"'),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what the name must be like."""
        del doc
        name = problem.found
        if "$" in name:
            advice = "variables are not expanded here, write the name itself"
        elif name[0] in "\"'":
            advice = "remove the quotes"
        elif not ("a" <= name[0].lower() <= "z"):
            advice = "begin it with a letter"
        else:
            advice = "use letters, digits, `-`, `_` and `.` only"
        return f"{quoted(name)} is no name for a stage, the build stops; {advice}"
