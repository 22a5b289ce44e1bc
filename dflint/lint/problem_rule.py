"""Rules that put what a builder refuses into words."""

from __future__ import annotations

from dflint.lint.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding

#: Stands in an index for the keywords of a rule that is asked only where its problem is.
ON_PROBLEM = "problem"


class ProblemRule(Rule):
    """A rule for one kind of `SyntaxProblem`, the one of its own name.

    It is neither imported nor asked for a file that has no such problem.
    """

    def check(self, doc: Document) -> Iterator[Finding]:
        """A finding for every problem of the kind."""
        for problem in doc.problems_of(self.meta.name):
            yield self.finding(doc, problem.span, self.message(doc, problem))

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """What is wrong, what the builder does because of it, and what to write instead."""
        raise NotImplementedError
