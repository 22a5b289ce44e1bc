"""The rule `unknown-instruction`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.instruction_at import index_at
from dflint.semantic.unknown_keyword import explain_keyword, stray_lines
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class UnknownInstruction(ProblemRule):
    """A line begins with a word that is no instruction.

    BuildKit refuses the file: "unknown instruction: FOO". Often the line belongs to the
    instruction above it, whose last line lacks its continuation. Of several such lines in a row
    the first one is reported.

    Dockerfile reference, "Overview": the instructions; "Format": what ends one.
    """

    meta = Meta(
        "unknown-instruction",
        Category.SYNTAX,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "tally/unknown-instruction",
            "invalid_command",
            "invalid_line",
            "valid_instructions",
            "S2260",
            "UNKNOWN_INSTRUCTION",
        ),
        fix="unsafe",
    )
    bad = "FROM alpine:3.22\nRUN apk add --no-cache curl\n  && adduser -D app\n"
    good = "FROM alpine:3.22\nRUN apk add --no-cache curl \\\n  && adduser -D app\n"
    valid = (
        Valid("FROM a\nrun x \\\n  # RUM y\n  y\nRUN <<EOF\nRUM z\nEOF\n"),
        Valid("FROM a\nRUN x \\\n\n&& y\nONBUILD FOO x\n"),
    )
    invalid = (
        Invalid(
            'FROM a\nRUM x\nENTRYPOINT["x"]\n',
            at=("RUM", 'ENTRYPOINT["x"]'),
            fixed='FROM a\nRUN x\nENTRYPOINT ["x"]\n',
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN apt-get update\r\n  && apt-get \\\n  # comment\n  install x\n",
            at="&&",
            fixed="FROM a\nRUN apt-get update \\\r\n  && apt-get \\\n  # comment\n  install x\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN b \\ # why\n  c\nrum e\n",
            at=("c", "rum"),
            fixed="FROM a\nRUN b \\\n# why\n  c\nrun e\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN b \\\\\n && c\n\n// d\nRUN e\n",
            at=("&&", "//"),
            fixed="FROM a\nRUN b \\\n && c\n\n# d\nRUN e\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN b `\n  c\n\nEXPOS:80\n",
            at=("c", "EXPOS:80"),
            fixed="FROM a\nRUN b \\\n  c\n\nEXPOS:80\n",
            unsafe=True,
        ),
        Invalid("# escape=`\nFROM a\n  ||`\n# c\nWORKDIR /b\n", at="||`\n# c\nWORKDIR"),
        Invalid("FROM a\nRUN b `\n  c `\n  d\n", at="c"),
        Invalid("// syntax=b\n# escape=`\nFROM a\n", at="//"),
        Invalid(
            "// b\n# escape=`\nFROM a\n", at="//", fixed="# b\n# escape=`\nFROM a\n", unsafe=True
        ),
        Invalid("FROM a\nRUN b\n\n  && c\n", at="&&"),
        Invalid("FROM a\nENV b=c\n  && d\n", at="&&"),
        Invalid("FROM a\nLABEL b=c \\ # why\n  d\n", at="d"),
        Invalid(
            "FROM a\n<<<<<<< HEAD\nRUN apt-get update\napt-get install b\n",
            at=("<<<<<<<", "apt-get"),
        ),
        Invalid("FROM a\n\\\n# nothing\n", at=""),
        Invalid("FROM a\nCMD <<EOF\nfoo\nbar\nEOF\nRUN x\n", at="foo"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the first of the unknown instructions that follow one another."""
        strays = {instruction.line.start for instruction in stray_lines(doc.instructions)}
        for problem in doc.problems_of(self.meta.name):
            if problem.span.start not in strays:
                yield self.report(doc, problem)

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """Say what was meant, or why the line does not belong to the one above."""
        if not problem.found:
            return "nothing follows this continuation, the build stops; remove the line"
        at = index_at(doc.tree, problem.span.start)
        reason = explain_keyword(problem.found, doc.instructions[at - 1] if at else None)
        return f"{quoted(problem.found)} is no instruction, the build stops; {reason}"

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """Write the keyword that was meant, or let the instruction above go on here."""
        from dflint.lint.fix import Applicability, Fix
        from dflint.semantic.unknown_keyword import mended_keyword

        if not problem.found:
            return None
        at = index_at(doc.tree, problem.span.start)
        mended = mended_keyword(doc.instructions[at], doc.instructions[at - 1] if at else None)
        if mended is None:
            return None
        title, edit = mended
        return Fix(title, [edit], Applicability.UNSAFE)
