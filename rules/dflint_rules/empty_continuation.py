"""The rule `empty-continuation`."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.blank_continuations import blank_runs
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class EmptyContinuation(Rule):
    """A blank line stands in the midst of an instruction that is continued over lines.

    Builders still skip it, so the instruction goes on below. BuildKit warns that a later release
    will refuse the file: the blank line will then end the instruction, as it does in a shell.
    It also hides where an instruction ends, and often a line was continued by mistake: what
    follows was meant as an instruction of its own.

    A line with a comment alone is fine, and keeps parts of a long instruction apart. The finding
    stands at the first blank line; BuildKit's own gives the last line of the instruction. What is
    in a heredoc is no matter of the builder.

    Dockerfile reference, "Format"; BuildKit check NoEmptyContinuation.
    """

    meta = Meta(
        "empty-continuation",
        Category.SYNTAX,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "NoEmptyContinuation",
            "EMPTY_CONTINUATION_LINE",
        ),
        fix="safe",
    )
    mentions = ("\\", "`")
    occasion = "line within instruction"
    bad = "FROM alpine:3.22\nRUN apk add --no-cache curl \\\n\n  && adduser -D app\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl \\\n  && adduser -D app\n"
    valid = (
        Valid("FROM a\nRUN b \\\n  # comment\n  #\n  && c\n\nRUN d \\\n  \\\n  e\n"),
        Valid("FROM a\nCOPY <<E /e\nb \\\n\nc\nE\n"),
        Valid("FROM a\nRUN b \\\n"),
        Valid("FROM a\n\nRUN b \\"),
    )
    invalid = (
        Invalid("FROM a\nEXPOSE \\\n\n80\n", at="\n", fixed="FROM a\nEXPOSE \\\n80\n"),
        Invalid(
            "FROM a\nRUN b && \\\n  # comment\n  \n\t\n  c \\\n\n  d\n",
            at="  \n\t\n",
            fixed="FROM a\nRUN b && \\\n  # comment\n  c \\\n  d\n",
        ),
        Invalid(
            "# escape=`\nFROM a\nONBUILD RUN b `\r\n\r\n  c\r\n",
            at="\r\n",
            fixed="# escape=`\nFROM a\nONBUILD RUN b `\r\n  c\r\n",
        ),
        Invalid(
            "FROM a\nRUN b <<E \\\n\n  c\nd \\\n\nE\n",
            at="\n",
            fixed="FROM a\nRUN b <<E \\\n  c\nd \\\n\nE\n",
        ),
        Invalid("FROM a\nRUN b \\\n\n", at="\n", fixed="FROM a\nRUN b \\\n"),
        Invalid("FROM a\nCOPY b \\\n\nRUN c\n", at="\n"),
        Invalid("FROM a\nRUN \\\n\nRUN c\n", at="\n"),
        Invalid(
            "FROM a\nRUN b \\\n\n# the files\nCOPY . /c\n",
            at="\n",
            fixed="FROM a\nRUN b\n\n# the files\nCOPY . /c\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report an instruction once."""
        for instruction in doc.instructions:
            runs = blank_runs(instruction)
            if not runs:
                continue
            escape = quoted(instruction.line.escape)
            message = (
                f"`{instruction.reading.keyword.upper()}` goes on below this blank line, which "
                "a later BuildKit is to refuse; remove the line, or the "
                f"{escape} above if the instruction ends there"
            )
            related = tuple(Related(run, "another blank line in it") for run in runs[1:])
            fix = partial(_fix, instruction, runs)
            yield self.finding(doc, runs[0], message, related, fix)


def _fix(instruction: Instruction, runs: list[Span]) -> Fix | None:
    """Remove the blank lines; or end the instruction where another one begins below them.

    Nobody knows what was meant where too little is left of it.
    """
    from dflint.cst.parser.build import instruction_on
    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span
    from dflint.semantic.blank_continuations import unmeant_continuation
    from dflint.semantic.instruction_problems import refusal_of

    unmeant = unmeant_continuation(instruction, runs)
    if unmeant is not None:
        title = "end the instruction above the blank line"
        line = instruction.line
        ended = instruction_on(
            LogicalLine(line.source[: unmeant.start], line.start, line.start, line.escape)
        )
        if refusal_of(ended, ended.reading) is not None or not ended.reading.arguments:
            return None
        # Before all others: what these add at the end would stand in the other instruction.
        edits = [Edit.insertion(line.start, ""), Edit(unmeant, "")]
        scope = Span(line.start, line.stop)
        level, effect = Applicability.UNSAFE, Effect.FILES
        return Fix(title, edits, level, effect, scope, contract=SAME_IMAGE)
    title = "remove the blank line" if len(runs) == 1 else "remove the blank lines"
    return Fix(title, [Edit(run, "") for run in runs])
