"""Fixes a source: has our rules look, applies what mends their findings, and has them look again.

ShellCheck is left out meanwhile. Its fixes are proposals, and where nobody knows what it will say
no suppression is taken for unused.
"""

from __future__ import annotations

from dflint.engine.report import FileReport, FixedFile
from dflint.engine.reporting import failure_of, reported
from dflint.fix.loop import Loop
from dflint.fix.outcome import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dflint.engine.session import Rules
    from dflint.fix.loop import Steps, Wanted
    from dflint.fix.verifier import Verifier
    from dflint.lint.document import Document
    from dflint.lint.external import External
    from dflint.lint.finding import Finding
    from dflint.lint.runner import Left, Result, Runner

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
    """Fixes one document under one set of rules, by steps that `mend_all` takes."""

    __slots__ = (
        "_asked", "_config", "_external", "_keeps", "_steps", "_wanted", "mending", "outcome",
        "rules", "wants",
    )  # fmt: skip

    def __init__(
        self,
        doc: Document,
        rules: Rules,
        wanted: Wanted,
        verifier: Verifier,
        keeps: Keeps | None = None,
    ) -> None:
        self.rules = rules
        self.mending = rules[1].mending(wanted.unsafe)
        self.outcome = Outcome(doc)
        #: The document whose findings the next step needs, None if it needs none.
        self.wants: Document | None = None
        self._config = rules[0]
        self._keeps = keeps
        self._wanted = wanted
        self._steps = self._mend(doc, verifier)
        self._asked: tuple[Document, Result, Left | None] | None = None
        self._external: External | None = None
        codes = rules[3]
        if codes is not None:
            from dflint.lint.external import External

            self._external = External((), False, codes.asks)

    def step(self) -> bool:
        """Go on; False when that was the last step."""
        found = () if self.wants is None else self._findings()
        try:
            # What has not begun yet can be sent nothing.
            self.wants = self._steps.send(found) if self._asked else next(self._steps)
        except StopIteration as end:
            self.outcome = end.value
            return False
        return True

    def take(self, doc: Document, result: Result, left: Left | None = None) -> None:
        """Take what rules have found in the document that is wanted, and what is left to ask."""
        self._asked = (doc, result, left)

    @property
    def asked(self) -> tuple[Document, Result, Left | None]:
        """What became of the document, what was found in it, and the rules still to look at it."""
        assert self._asked is not None
        return self._asked

    def _mend(self, doc: Document, verifier: Verifier) -> Steps[Outcome]:
        """The document with the fixes that are wanted and do no harm.

        A file in a foreign encoding is left as it is: what stands there is no Dockerfile yet.
        """
        findings = yield doc
        if doc.source.encoding_problem or not any(map(self._may_mend, findings)):
            return Outcome(doc)
        loop = Loop(self.rules[1].fix, verifier, self._wanted)
        outcome = yield from loop.steps(doc, findings)
        assert self._asked is not None
        if self._asked[0] is not outcome.doc:
            yield outcome.doc
        return outcome

    def _may_mend(self, finding: Finding) -> bool:
        return finding.make_fix is not None and self._wanted.takes_rule(finding.rule)

    def _findings(self) -> list[Finding]:
        """The findings of which fixes are wanted, in the order of the text."""
        assert self._asked is not None
        doc, asked, _ = self._asked
        result = self.rules[1].settle(doc, asked, self._external)
        keeps = self._keeps
        return [
            one
            for one in reported(self._config, result.findings)
            if one.rule in self.mending and (keeps is None or keeps(doc, one))
        ]


def mend_all(menders: Sequence[Mender]) -> list[Mended]:
    """What becomes of documents, each of which takes the next step before any takes one more."""
    active = list(menders)
    while active:
        active = [mender for mender in active if mender.step()]
        _look([mender for mender in active if mender.wants is not None])
    by_runner: dict[Runner, list[tuple[Document, Left, Result]]] = {}
    for mender in menders:
        doc, result, left = mender.asked
        if left is not None:
            by_runner.setdefault(mender.rules[1], []).append((doc, left, result))
    for runner, same in by_runner.items():
        runner.ask_left(same)
    return [Mended(one.outcome, one.rules, one.asked[1]) for one in menders]


def _look(menders: Sequence[Mender]) -> None:
    """Have the rules that mend look at what menders want to know, a rule after the other.

    Where anything is silenced, all rules are asked: what silences nothing is to be known.
    """
    groups: dict[tuple[Runner, frozenset[str] | None], list[tuple[Mender, Document]]] = {}
    for mender in menders:
        doc = mender.wants
        assert doc is not None
        names = None if _silences(doc) else mender.mending
        groups.setdefault((mender.rules[1], names), []).append((mender, doc))
    for (runner, names), same in groups.items():
        docs = [doc for _, doc in same]
        if names is None:
            for (mender, doc), result in zip(same, runner.ask_all(docs), strict=True):
                mender.take(doc, result)
        else:
            for (mender, doc), found in zip(same, runner.ask_some(docs, names), strict=True):
                mender.take(doc, *found)


def _silences(doc: Document) -> bool:
    """Whether a document has suppressions, or a directive that makes findings weigh more."""
    if not doc.may_suppress:
        return False
    from dflint.lint.suppress import suppressions_in

    return doc.tree.directive("check") is not None or bool(suppressions_in(doc.tree, doc.text))
