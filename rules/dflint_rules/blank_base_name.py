"""The rule `blank-base-name`."""

from __future__ import annotations

from dflint.lint.problem_rule import ProblemRule
from dflint.lint.rule import Category, Invalid, Meta, Severity, Valid
from dflint.semantic.explained_bases import explained_bases
from dflint.semantic.instruction_at import instruction_at
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class BlankBaseName(ProblemRule):
    """The base of a stage is empty.

    BuildKit refuses it: "base name ("") should not be blank". `TARGETVARIANT` and
    `BUILDVARIANT` are empty on most platforms. An `ARG` that lacks a default or a declaration
    has rules of its own; BuildKit's check InvalidDefaultArgInFrom reports all of these.

    Dockerfile reference, "FROM" and "Automatic platform ARGs in the global scope".
    """

    meta = Meta(
        "blank-base-name",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("InvalidDefaultArgInFrom",),
    )
    bad = 'FROM "" AS build\nRUN make\n'
    good = "FROM gcc:15 AS build\nRUN make\n"
    valid = (
        Valid("ARG A=b\nFROM $A\nFROM ${C:-b}\nFROM scratch\n"),
        Valid("FROM a:x$TARGETVARIANT\nFROM ${TARGETVARIANT:-b}\n"),
    )
    invalid = (
        Invalid('FROM ""\n', at='""'),
        Invalid("FROM \\\n  # comment\n  ${TARGETVARIANT} AS b\nFROM b\n", at="${TARGETVARIANT}"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the bases that no argument spoils."""
        explained = explained_bases(doc.model)
        for problem in doc.problems_of(self.meta.name):
            if instruction_at(doc.tree, problem.span.start) not in explained:
                advice = "write an image, or `scratch`"
                if "$" in problem.found:
                    advice = "say what to take instead, with `${name:-image}`"
                message = f"the base {quoted(problem.found)} is empty, the build stops; {advice}"
                yield self.finding(doc, problem.span, message)
