"""The rule `invalid-check-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix

_OPTIONS = ("skip", "error", "experimental")
_SILENCE = frozenset(("ignore", "disable", "exclude"))
_TRUTH = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}


class InvalidCheckDirective(ProblemRule):
    """The `check` directive has an option that BuildKit does not know.

    A directive that was to silence or sharpen the build checks stops the build instead:
    "invalid check option". Options are `skip=RULE,RULE`, `error=true` and
    `experimental=RULE,RULE`, with `;` and no blank between them.

    Dockerfile reference, "Parser directives", "check".
    """

    meta = Meta(
        "invalid-check-directive", Category.SYNTAX, Severity.ERROR, since="0.1", fix="unsafe"
    )
    bad = "# check=ignore=JSONArgsRecommended\nFROM alpine:3.22\nCMD httpd -f\n"
    good = "# check=skip=JSONArgsRecommended\nFROM alpine:3.22\nCMD httpd -f\n"
    valid = (
        Valid("# check=skip=StageNameCasing,JSONArgsRecommended;error=true\nFROM a\n"),
        Valid("# check=experimental=all\nFROM a\n# check=foo\nRUN x\n"),
    )
    invalid = (
        Invalid(
            "# check=ignore=StageNameCasing\nFROM a\n",
            at="ignore=StageNameCasing",
            fixed="# check=skip=StageNameCasing\nFROM a\n",
            unsafe=True,
        ),
        Invalid(
            "# syntax=a\n#  check = skip=UndefinedVar;error=yes\nFROM a \\\n  AS b\n",
            at="error=yes",
            fixed="# syntax=a\n#  check = skip=UndefinedVar;error=true\nFROM a \\\n  AS b\n",
            unsafe=True,
        ),
        Invalid(
            "# check=Skpi=all\nFROM a\n",
            at="Skpi=all",
            fixed="# check=skip=all\nFROM a\n",
            unsafe=True,
        ),
        Invalid("# check=StageNameCasing\nFROM a\n", at="StageNameCasing"),
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

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the option, or the value of `error`, that was meant."""
        del doc
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit
        from dflint.text.nearest import nearest

        key, equals, value = problem.found.partition("=")
        word = key.strip().lower()
        if not equals:
            return None
        if word == "error":
            meant = _TRUTH.get(value.strip().lower())
            text = f"error={meant}"
        else:
            meant = "skip" if word in _SILENCE else nearest(word, _OPTIONS)
            text = f"{meant}={value}"
        if meant is None or len(problem.found) != len(problem.span):
            return None
        return Fix(f"write `{meant}`", [Edit(problem.span, text)], Applicability.UNSAFE)
