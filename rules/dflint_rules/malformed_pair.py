"""The rule `malformed-pair`."""

from __future__ import annotations

from dflint.cst.parser.head import split_words
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import instruction_at, place_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document


class MalformedPair(ProblemRule):
    """A word of `ENV` or `LABEL` is no pair.

    When the first word has a `=`, every word needs one: the value ends at the first blank that
    is neither quoted nor escaped. A name alone sets nothing. BuildKit refuses both: "can't find
    = in …", "ENV must have two arguments".

    Dockerfile reference, "ENV" and "LABEL".
    """

    meta = Meta(
        "malformed-pair",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "invalid_format",
            "INVALID_SYNTAX",
            "SYNTAX_MISSING_EQUALS",
            "label_invalid",
        ),
    )
    bad = "FROM alpine:3.22\nENV GREETING=hello world\n"
    good = 'FROM alpine:3.22\nENV GREETING="hello world"\n'
    valid = (
        Valid('FROM a\nENV A="b c" D=e\\ f\nENV G h i=j\n'),
        Valid("FROM a\nLABEL a= b=\nLABEL c d\nARG e\n"),
    )
    invalid = (
        Invalid("FROM a\nENV PATH\n", at="PATH"),
        Invalid("FROM a\nLABEL a=b \\\n  # comment\n  c d=e\n", at="c"),
        Invalid("FROM a\nONBUILD ENV A=b c\n", at="c"),
    )

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say whether the value is missing, or was cut at a blank."""
        word = quoted(problem.found)
        keyword = problem.expected.upper()
        if problem.reason.endswith("must have two arguments"):
            right = quoted(f"{keyword} {problem.found}=value")
            return f"{word} is given no value, the build stops; write {right}"
        instruction = instruction_at(doc.tree, problem.span.start)
        line = instruction.line
        place = place_at(instruction, problem.span.start)
        words = split_words(line.text, instruction.reading.head.arguments, place, line.escape)
        before = quoted(line.text[slice(*words[-1])]) if words else "the word before"
        return (
            f"{word} has no `=`, which every word of this `{keyword}` needs; "
            f"if it belongs to {before}, put the whole value in quotes"
        )
