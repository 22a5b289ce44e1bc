"""The rule `invalid-escape-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class InvalidEscapeDirective(ProblemRule):
    r"""The `escape` directive names something other than a backslash or a backtick.

    BuildKit refuses the file: "invalid escape token 'x' does not match ` or \". Nothing may
    stand behind the character either.

    Dockerfile reference, "Parser directives", "escape".
    """

    meta = Meta("invalid-escape-directive", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "# escape=^\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n"
    good = "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n"
    valid = (
        Valid("# escape=`\nFROM a\n"),
        Valid("# Escape = \\\nFROM a\n# escape=x\nRUN x\n"),
        Valid("# a comment comes first\n# escape=x\nFROM a\n"),
    )
    invalid = (
        Invalid("# escape=``\nFROM a\n", at="``"),
        Invalid("# syntax=a\n#escape = ^ caret\nFROM a \\\n  AS b\n", at="^ caret"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what may stand there."""
        del doc
        shown = quoted(problem.found)
        return f"the escape character is `\\` or `` ` ``, found {shown}: the build stops"
