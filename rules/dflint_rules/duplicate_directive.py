"""The rule `duplicate-directive`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix


class DuplicateDirective(ProblemRule):
    """A parser directive stands twice.

    BuildKit reads no further: "only one escape parser directive can be used". It is not the last
    one that counts, the whole file is refused.

    Dockerfile reference, "Parser directives": a single directive may only be used once.
    """

    meta = Meta(
        "duplicate-directive",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=("DUPLICATED_ESCAPE_DIRECTIVE",),
        fix="unsafe",
    )
    bad = "# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:1.4\nFROM alpine:3.22\n"
    good = "# syntax=docker/dockerfile:1\nFROM alpine:3.22\n"
    valid = (
        Valid("# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nFROM a\n"),
        Valid("# escape=`\n# from here on these are comments\n# escape=\\\nFROM a\n"),
    )
    invalid = (
        Invalid(
            "# escape=`\r\n# escape=`\r\nFROM a\r\n",
            at="escape",
            fixed="# escape=`\r\nFROM a\r\n",
            unsafe=True,
        ),
        Invalid(
            "# syntax=a\n#check=skip=UndefinedVar\n#  Syntax = a\n# x\nFROM a \\\n  AS b\n",
            at="Syntax",
            fixed="# syntax=a\n#check=skip=UndefinedVar\n# x\nFROM a \\\n  AS b\n",
            unsafe=True,
        ),
        Invalid("# syntax=a\n# syntax=b\nFROM a\n", at="syntax"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which directive is there already."""
        del doc
        return f"a second `{problem.found}` directive stops the build; remove one of the two"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Remove the second where it says what the first does."""
        from dflint.lint.fix import Applicability, Fix
        from dflint.text.edit import Edit
        from dflint.text.span import Span

        at = len(doc.tree.bom)
        first = None
        for directive in doc.tree.directives:
            whole = Span(at, at + len(directive.code))
            at = whole.end
            if directive.name.lower() != problem.found:
                continue
            if not whole.contains(problem.span):
                first = first or directive
            elif first is not None and first.value == directive.value:
                return Fix("remove the directive", [Edit(whole, "")], Applicability.UNSAFE)
        return None
