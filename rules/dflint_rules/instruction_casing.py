"""The rule `instruction-casing`."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class InstructionCasing(Rule):
    """The keyword is written in another case than those of most instructions.

    Builders take any case; a file in one case is easier to read and to search. What most
    instructions have, upper or lower case, is expected of all; upper case wins a tie.

    BuildKit check ConsistentInstructionCasing.
    """

    meta = Meta(
        "instruction-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=(
            "ConsistentInstructionCasing",
            "uppercase_commands",
            "S6476",
            "CASING_INSTRUCTION",
        ),
        fix="safe",
    )
    occasion = "lower-case keyword"
    bad = "FROM alpine:3.22\nWORKDIR /app\ncopy . .\nRUN make\n"
    good = "FROM alpine:3.22\nWORKDIR /app\nCOPY . .\nRUN make\n"
    valid = (
        Valid("FROM a\nRUN b\nONBUILD run c\n"),
        Valid("from a\n# COPY b c\nrun \\\n  RUN b\n"),
    )
    invalid = (
        Invalid("FROM a\nrun b\nRUN c\n", at="run", fixed="FROM a\nRUN b\nRUN c\n"),
        Invalid(
            "from a\n\n# comment\nCOPY <<E c\nRUN x\nE\nrun \\\n  RUN c\n",
            at="COPY",
            fixed="from a\n\n# comment\ncopy <<E c\nRUN x\nE\nrun \\\n  RUN c\n",
        ),
        Invalid(
            "From a\nrun b\nRUN c\nLABEL d=e\n",
            at=("From", "run"),
            fixed="FROM a\nRUN b\nRUN c\nLABEL d=e\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the keywords that are not in the case of the majority."""
        known = [instruction for instruction in doc.instructions if instruction.KEYWORD]
        words = [one.line.text[: one.reading.head.keyword_end] for one in known]
        lower = sum(word.islower() for word in words)
        expected = str.lower if lower > sum(word.isupper() for word in words) else str.upper
        for instruction, word in zip(known, words, strict=True):
            if word != expected(word):
                place = doc.keyword(instruction)
                yield self.finding(
                    doc,
                    place,
                    f"`{word}` differs in case from most instructions; write `{expected(word)}`",
                    fix=partial(_fix, doc.text, place, expected),
                )


def _fix(text: str, place: Span, expected: Callable[[str], str]) -> Fix:
    from dflint.lint.fixing import Edit, Fix

    written = expected(place.slice(text))
    return Fix(f"write `{written}`", [Edit(place, written)])
