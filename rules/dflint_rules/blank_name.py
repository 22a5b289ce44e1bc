"""The rule `blank-name`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at, place_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class BlankName(ProblemRule):
    """A `=` has no name before it.

    BuildKit refuses it: "ENV names can not be blank". In most cases a blank parts the name from
    the sign.

    Dockerfile reference, "ARG", "ENV" and "LABEL": `<name>=<value>`, without blanks.
    """

    meta = Meta(
        "blank-name",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=("SYNTAX_MISSING_NAMES",),
    )
    bad = "FROM debian:12-slim\nENV LANG=C.UTF-8 =en\n"
    good = "FROM debian:12-slim\nENV LANG=C.UTF-8 LANGUAGE=en\n"
    valid = (
        Valid("FROM a\nENV A= B==\nLABEL c\\ =d\nARG E=\n"),
        Valid("FROM a\nENV A = b\nENV B =\nRUN =x\n"),
    )
    invalid = (
        Invalid("FROM a\nARG A = b\n", at="="),
        Invalid("FROM a\nENV A=b \\\n  # comment\n  =c D=e\n", at="=c"),
        Invalid("LABEL =x\nFROM a\n", at="=x"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say which name was meant."""
        instruction = instruction_at(doc.tree, problem.span.start)
        keyword = instruction.reading.keyword.upper()
        words = instruction.line.text[: place_at(instruction, problem.span.start)].split()
        if len(words) > 1 and "=" not in words[-1]:
            advice = f"remove the blank behind {quoted(words[-1])}"
        else:
            advice = f"write `{keyword} name=value`"
        return f"there is no name before this `=`, the build stops; {advice}"
