"""The rule `failed-expansion`."""

from __future__ import annotations

from dflint.cst.instructions import Arg
from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.expansion_faults import expansion_fault
from dflint.semantic.instruction_at import instruction_at
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class FailedExpansion(ProblemRule):
    """A quote or a `${…}` in an instruction cannot be expanded.

    BuildKit refuses it: "failed to process …". Quotes must be closed where the builder reads
    words, an apostrophe in a value too. Of the shell's `${name…}` it knows the modifiers `-`,
    `+`, `?` (with or without `:`), `#`, `%` and `/`, no other.

    `${name:?text}` stops the build on purpose. Where a build argument can prevent it, that is
    worth no more than a note.

    Dockerfile reference, "Environment replacement".
    """

    meta = Meta(
        "failed-expansion",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "SYNTAX_MISSING_SINGLE_QUOTE",
            "SYNTAX_MISSING_DOUBLE_QUOTE",
            "UNSUPPORTED_MODIFIER",
        ),
    )
    bad = "FROM alpine:3.22\nLABEL description=it's a server\n"
    good = 'FROM alpine:3.22\nLABEL description="it\'s a server"\n'
    valid = (
        Valid("FROM a\nENV A=\"it's\" B=it\\'s C=${C:-x}${D#*/}\nRUN x ${A^^} it's\n"),
        Valid("ARG A=1\nFROM a:${A:?}\nLABEL b=$(c) d={{e}} f='${g:h}'\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b=c \\\n  # comment\n  d=it's\n", at="'"),
        Invalid("FROM a\nENV B=${C:upper} D=${E\n", at=("${C:upper}", "${E")),
        Invalid("ARG A\nFROM ${A:?no} AS b\n", at="${A:?no}"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the part of each word at fault; a note where a build argument prevents it."""
        declared = {
            word.partition("=")[0] for one in doc.all(Arg) for word in one.reading.arguments
        }
        for problem in doc.problems_of(self.meta.name):
            instruction = instruction_at(doc.tree, problem.span.start)
            fault = expansion_fault(doc.model, instruction, problem.found)
            span = problem.span
            start = span.slice(doc.text).find(problem.found)
            if start >= 0:
                start += span.start
                span = Span(start + fault.start, start + fault.end)
            message = f"the builder cannot expand this and stops: {fault.advice}"
            if fault.demanded in declared:
                message = f"the build stops unless `--build-arg {fault.demanded}=…` is given"
            finding = self.finding(doc, span, message)
            if fault.demanded in declared:
                finding.severity = min(self.severity, Severity.INFO)
            yield finding
