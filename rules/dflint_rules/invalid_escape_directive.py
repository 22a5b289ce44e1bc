"""The rule `invalid-escape-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class InvalidEscapeDirective(ProblemRule):
    r"""The `escape` directive names something other than a backslash or a backtick.

    BuildKit refuses the file: "invalid escape token 'x' does not match ` or \". Nothing may
    stand behind the character either.

    Dockerfile reference, "Parser directives", "escape".
    """

    meta = Meta(
        "invalid-escape-directive",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=("INVALID_ESCAPE_DIRECTIVE",),
        fix="unsafe",
    )
    bad = "# escape=^\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n"
    good = "# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2025\n"
    valid = (
        Valid("# escape=`\nFROM a\n"),
        Valid("# Escape = \\\nFROM a\n# escape=x\nRUN x\n"),
        Valid("# a comment comes first\n# escape=x\nFROM a\n"),
    )
    invalid = (
        Invalid(
            "# escape=``\nFROM a `\n  AS b\n",
            at="``",
            fixed="# escape=`\nFROM a `\n  AS b\n",
            unsafe=True,
        ),
        Invalid(
            "# escape='\\' (the default)\nFROM a \\\n  AS b\n",
            at="'\\' (the default)",
            fixed="# escape=\\\nFROM a \\\n  AS b\n",
            unsafe=True,
        ),
        Invalid("# syntax=a\n#escape = ^ caret\nFROM a \\\n  AS b\n", at="^ caret"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what may stand there."""
        del doc
        shown = quoted(problem.found)
        return f"the escape character is `\\` or `` ` ``, found {shown}: the build stops"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Leave the one of the two characters that is there."""
        del doc
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit

        present = [sign for sign in "\\`" if sign in problem.found]
        if len(present) != 1:
            return None
        edit = Edit(problem.span, present[0])
        return Fix("leave the escape character alone", [edit], Applicability.UNSAFE)
