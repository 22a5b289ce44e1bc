"""Rules that put what a builder refuses into words."""

from __future__ import annotations

from functools import partial

from dflint.lint.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.problems import SyntaxProblem
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix

#: Stands in an index for the keywords of a rule that is asked only where its problem is.
ON_PROBLEM = "problem"


class ProblemRule(Rule):
    """A rule for one kind of `SyntaxProblem`, the one of its own name.

    It is neither imported nor asked for a file that has no such problem.
    """

    def check(self, doc: Document) -> Iterator[Finding]:
        """A finding for every problem of the kind."""
        for problem in doc.problems_of(self.meta.name):
            yield self.report(doc, problem)

    def report(self, doc: Document, problem: SyntaxProblem) -> Finding:
        """The finding for a problem."""
        make = partial(self.mend, doc, problem) if self.meta.fix else None
        return self.finding(doc, problem.span, self.message(doc, problem), fix=make)

    def message(self, doc: Document, problem: SyntaxProblem) -> str:
        """What is wrong, what the builder does because of it, and what to write instead."""
        raise NotImplementedError

    def mend(self, doc: Document, problem: SyntaxProblem) -> Fix | None:
        """What mends it, of a rule that has fixes.

        The file is refused as it is: there is no build that a fix could change.
        """
        raise NotImplementedError
