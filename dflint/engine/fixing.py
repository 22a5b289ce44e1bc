"""Fixes a source: has our rules look, applies what mends their findings, and has them look again.

ShellCheck is left out meanwhile. It has no fixes, and where nobody knows what it will say no
suppression is taken for unused.
"""

from __future__ import annotations

from dflint.engine.report import FileReport, FixedFile
from dflint.engine.session import failure_of, reported
from dflint.fix.loop import Loop
from dflint.fix.outcome import Outcome
from dflint.lint.runner import may_suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.engine.session import Rules
    from dflint.fix.loop import Wanted
    from dflint.fix.verifier import Verifier
    from dflint.lint.document import Document
    from dflint.lint.external import External
    from dflint.lint.finding import Finding
    from dflint.lint.runner import Asked, Result

    #: Tells whether the fix of a finding in a document is wanted.
    Keeps = Callable[[Document, Finding], bool]


class Mended:
    """A source with its fixes, and what our rules found in it then, before suppressions.

    `problem` is empty, or why the fixes could not be kept; `evidence` what is proved of them.
    """

    __slots__ = ("asked", "evidence", "outcome", "problem", "rules")

    def __init__(self, outcome: Outcome, rules: Rules, asked: Result, problem: str = "") -> None:
        self.outcome = outcome
        self.rules = rules
        self.asked = asked
        self.problem = problem
        self.evidence: tuple[dict[str, object], ...] = ()

    def undone(self, problem: str) -> Mended:
        """The source as it was, because of a problem with what was to become of it."""
        before = self.outcome.before
        return Mended(Outcome(before), self.rules, self.rules[1].ask(before), problem)

    def unreported(self) -> FixedFile:
        """What the fixes did, without anything on what stands."""
        failure = failure_of(self.asked)
        path = self.outcome.doc.source.path
        return self.file(FileReport(path, failure=failure, internal=failure is not None))

    def file(self, report: FileReport) -> FixedFile:
        """The report on it together with what the fixes did."""
        outcome = self.outcome
        file = FixedFile(report, outcome.before.text, outcome.doc.text)
        # Fixes that undid each other have done nothing.
        file.applied = tuple(outcome.applied) if outcome.is_changed else ()
        file.skipped = tuple(outcome.skipped)
        file.unsettled = outcome.unsettled
        file.problem = self.problem
        file.evidence = self.evidence if outcome.is_changed else ()
        return file


class Mender:
    """Fixes one document under one set of rules."""

    __slots__ = (
        "_asked", "_config", "_external", "_keeps", "_mending", "_rules", "_verifier", "_wanted",
    )  # fmt: skip

    def __init__(
        self, rules: Rules, wanted: Wanted, verifier: Verifier, keeps: Keeps | None = None
    ) -> None:
        self._rules = rules
        self._config = rules[0]
        self._wanted = wanted
        self._verifier = verifier
        self._keeps = keeps
        self._mending = rules[1].mending(wanted.unsafe)
        self._asked: tuple[Document, Result, Asked] | None = None
        self._external: External | None = None
        codes = rules[3]
        if codes is not None:
            from dflint.lint.external import External

            self._external = External((), False, codes.asks)

    def mend(self, doc: Document) -> Mended:
        """The document with the fixes that are wanted and do no harm.

        A file in a foreign encoding is left as it is: what stands there is no Dockerfile yet.
        """
        outcome = Outcome(doc)
        findings = self._look(doc)
        if not doc.source.encoding_problem and any(map(self._may_mend, findings)):
            loop = Loop(self._look, self._rules[1].fix, self._verifier, self._wanted)
            outcome = loop.run(doc, findings)
        return Mended(outcome, self._rules, self._ask(outcome.doc))

    def _may_mend(self, finding: Finding) -> bool:
        return finding.make_fix is not None and self._wanted.takes_rule(finding.rule)

    def _look(self, doc: Document) -> list[Finding]:
        """The findings of which fixes are wanted, in the order of the text.

        Where anything is silenced, all rules are asked: what silences nothing is to be known.
        """
        runner = self._rules[1]
        if _silences(doc):
            self._asked = (doc, runner.ask(doc), [])
        else:
            self._asked = (doc, *runner.ask_some(doc, self._mending))
        result = runner.settle(doc, self._asked[1], self._external)
        keeps, mending = self._keeps, self._mending
        return [
            one
            for one in reported(self._config, result.findings)
            if one.rule in mending and (keeps is None or keeps(doc, one))
        ]

    def _ask(self, doc: Document) -> Result:
        """What all rules find: those without fixes too, as the report needs them in the end."""
        if self._asked is None or self._asked[0] is not doc:
            return self._rules[1].ask(doc)
        _, result, others = self._asked
        self._rules[1].ask_others(doc, others, result)
        return result


def _silences(doc: Document) -> bool:
    """Whether a document has suppressions, or a directive that makes findings weigh more."""
    if not may_suppress(doc):
        return False
    from dflint.lint.suppress import suppressions_in

    return doc.tree.directive("check") is not None or bool(suppressions_in(doc.tree, doc.text))
