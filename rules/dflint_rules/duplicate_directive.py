"""The rule `duplicate-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class DuplicateDirective(ProblemRule):
    """A parser directive stands twice.

    BuildKit reads no further: "only one escape parser directive can be used". It is not the last
    one that counts, the whole file is refused.

    Dockerfile reference, "Parser directives": a single directive may only be used once.
    """

    meta = Meta("duplicate-directive", Category.SYNTAX, Severity.ERROR, since="0.1")
    bad = "# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\n"
    good = "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n"
    valid = (
        Valid("# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a\n"),
        Valid("# escape=`\n# from here on these are comments\n# escape=\\\nFROM a\n"),
    )
    invalid = (
        Invalid("# escape=`\n# escape=`\nFROM a\n", at="escape"),
        Invalid(
            "# syntax=a\n#check=skip=UndefinedVar\n#  Syntax = a\nFROM a \\\n  AS b\n", at="Syntax"
        ),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which directive is there already."""
        del doc
        return f"a second `{problem.found}` directive stops the build; remove one of the two"
