"""The rule `invalid-check-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class InvalidCheckDirective(ProblemRule):
    """The `check` directive has an option that BuildKit does not know.

    A directive that was to silence or sharpen the build checks stops the build instead:
    "invalid check option". Options are `skip=RULE,RULE`, `error=true` and
    `experimental=RULE,RULE`, with `;` and no blank between them.

    Dockerfile reference, "Parser directives", "check".
    """

    meta = Meta("invalid-check-directive", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "# check=ignore=JSONArgsRecommended\nFROM alpine:3.22\nCMD httpd -f\n"
    good = "# check=skip=JSONArgsRecommended\nFROM alpine:3.22\nCMD httpd -f\n"
    valid = (
        Valid("# check=skip=StageNameCasing,JSONArgsRecommended;error=true\nFROM a\n"),
        Valid("# check=experimental=all\nFROM a\n# check=foo\nRUN x\n"),
    )
    invalid = (
        Invalid("# check=ignore=StageNameCasing\nFROM a\n", at="ignore=StageNameCasing"),
        Invalid(
            "# syntax=a\n#  check = skip=UndefinedVar;error=yes\nFROM a \\\n  AS b\n",
            at="error=yes",
        ),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which options there are, or what `error` takes."""
        del doc
        key, _, value = problem.found.partition("=")
        if key.strip() == "error" and value:
            return f"`error` is `true` or `false`, found {quoted(value)}: the build stops"
        options = "`skip=…`, `error=…` and `experimental=…`"
        if not problem.found.strip():
            return f"an option is missing beside `;`, the build stops: there are {options}"
        return f"{quoted(problem.found)} is no check option, the build stops: there are {options}"
