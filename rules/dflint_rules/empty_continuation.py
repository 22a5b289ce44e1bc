"""The rule `empty-continuation`."""

from __future__ import annotations

from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.blank_continuations import blank_runs, may_have_blank_runs
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


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
        aliases=("NoEmptyContinuation",),
    )
    mentions = ("\\", "`")
    bad = "FROM alpine:3.22\nRUN apk add --no-cache curl \\\n\n  && adduser -D app\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl \\\n  && adduser -D app\n"
    valid = (
        Valid("FROM a\nRUN b \\\n  # comment\n  #\n  && c\n\nRUN d \\\n  \\\n  e\n"),
        Valid("FROM a\nCOPY <<E /e\nb \\\n\nc\nE\n"),
        Valid("FROM a\nRUN b \\\n"),
        Valid("FROM a\n\nRUN b \\"),
    )
    invalid = (
        Invalid("FROM a\nEXPOSE \\\n\n80\n", at="\n"),
        Invalid("FROM a\nRUN b && \\\n  # comment\n  \n\t\n  c \\\n\n  d\n", at="  \n\t\n"),
        Invalid("# escape=`\nFROM a\nONBUILD RUN b `\r\n\r\n  c\r\n", at="\r\n"),
        Invalid("FROM a\nRUN b <<E \\\n\n  c\nd \\\n\nE\n", at="\n"),
        Invalid("FROM a\nRUN b \\\n\n", at="\n"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report an instruction once."""
        if not may_have_blank_runs(doc.text):
            return
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
            yield self.finding(doc, runs[0], message, related)
