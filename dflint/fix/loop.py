"""Applies fixes, looks again, and goes on until nothing is left to fix.

It is done in steps, so that several documents can take theirs side by side: what a step runs is
still in the processor's caches when the next document takes it.
"""

from __future__ import annotations

from dflint.fix.choose import Proposal, Reason, choose
from dflint.fix.harm import harm
from dflint.fix.outcome import Applied, Outcome, Skipped
from dflint.fix.verifier import Objection
from dflint.lint.document import Document
from dflint.lint.fix import Applicability
from dflint.text.edit import apply_edits, in_order
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable
    from typing import TypeVar

    from dflint.fix.verifier import Verifier
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix

    #: Finds what is wrong with a document, in the order of the text.
    Look = Callable[[Document], Iterable[Finding]]
    #: Makes the fix of a finding, or tells why that failed.
    Make = Callable[[Finding], Fix | str | None]
    Made = TypeVar("Made")
    #: Gives a document to look at, and is sent its findings; None between two other steps.
    Steps = Generator[Document | None, Iterable[Finding], Made]
    Applying = tuple[list[Proposal], Document | None]

#: After so many passes it is taken that there is no end.
MOST_PASSES = 20


class Wanted:
    """Which fixes are to be applied: unsafe ones too, and those of which rules (None for all)."""

    __slots__ = ("rules", "unfixable", "unsafe")

    unsafe: bool
    rules: Collection[str] | None
    unfixable: Collection[str]

    def __init__(
        self,
        unsafe: bool = False,
        rules: Collection[str] | None = None,
        unfixable: Collection[str] = (),
    ) -> None:
        self.unsafe = unsafe
        self.rules = rules
        self.unfixable = unfixable

    def takes_rule(self, rule: str) -> bool:
        """Whether the fixes of a rule are wanted at all."""
        return (self.rules is None or rule in self.rules) and rule not in self.unfixable

    def takes(self, fix: Fix) -> bool:
        """Whether a fix may be applied by itself."""
        if fix.applicability is Applicability.DISPLAY or not fix.edits:
            return False
        return self.unsafe or fix.applicability is Applicability.SAFE


class Loop:
    """The fixing of one document: `make` makes fixes, `verifier` judges them."""

    def __init__(self, make: Make, verifier: Verifier, wanted: Wanted) -> None:
        self._make = make
        self._verifier = verifier
        self._wanted = wanted
        self._banned: set[tuple[str, str]] = set()

    def run(self, doc: Document, look: Look) -> Outcome:
        """Fix what can be fixed of what is found, and of what comes to light with it."""
        steps = self.steps(doc, look(doc))
        try:
            wanted = next(steps)
            while True:
                wanted = steps.send(() if wanted is None else look(wanted))
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome

    def steps(self, doc: Document, findings: Iterable[Finding]) -> Steps[Outcome]:
        """As `run`, by steps; what becomes of the document is given to be looked at."""
        outcome = Outcome(doc)
        seen = {doc.text}
        last: list[Proposal] = []
        for _ in range(MOST_PASSES):
            proposals = self._proposals(outcome, findings)
            chosen, _ = choose(proposals)  # the others have the next pass
            if not chosen:
                return outcome
            yield None
            last, after = yield from self._apply(outcome, chosen)
            if after is None:
                continue  # all of them were banned: others may be left
            self._take(outcome, last, after)
            if after.text in seen:
                break
            seen.add(after.text)
            findings = yield after
        outcome.unsettled = tuple(sorted({proposal.rule for proposal in last}))
        return outcome

    def _proposals(self, outcome: Outcome, findings: Iterable[Finding]) -> list[Proposal]:
        proposals = []
        for finding in findings:
            if finding.make_fix is None or not self._wanted.takes_rule(finding.rule):
                continue
            if self._banned and _key(outcome.doc, finding) in self._banned:
                continue
            fix = self._make(finding)
            if isinstance(fix, str):
                self._skip(outcome, finding, Reason.CRASH, fix)
            elif fix is not None and self._wanted.takes(fix):
                proposals.append(Proposal(finding, fix))
        return proposals

    def _apply(self, outcome: Outcome, chosen: list[Proposal]) -> Steps[Applying]:
        """The document with all of the fixes, or with those that do no harm together.

        One that does harm alone is banned. Of those that do harm with others only, the earlier
        ones are made; the next pass sees whether the others still do.
        """
        after = yield from self._attempt(outcome.doc, chosen)
        if isinstance(after, Document):
            return chosen, after
        if len(chosen) == 1:
            self._skip(outcome, chosen[0].finding, after.reason, str(after))
            return [], None
        half = len(chosen) // 2
        first, best = yield from self._apply(outcome, chosen[:half])
        second, other = yield from self._apply(outcome, chosen[half:])
        if not first or not second:
            return (first, best) if first else (second, other)
        both = [*first, *second]
        if len(both) == len(chosen):
            return first, best
        together = yield from self._attempt(outcome.doc, both)
        return (both, together) if isinstance(together, Document) else (first, best)

    def _attempt(self, before: Document, proposals: list[Proposal]) -> Steps[Document | Objection]:
        """The document with the fixes, or what speaks against them."""
        edits = in_order([edit for proposal in proposals for edit in proposal.fix.edits])
        try:
            text = apply_edits(before.text, edits)
        except ValueError as error:  # edits of one fix that overlap: a bug of its rule
            return Objection((str(error),))
        source = before.source
        data = text.encode("utf-8", "surrogateescape")
        after = Document(Source(source.path, data, source.is_stream), before.settings, before)
        yield None
        worse = harm(before, after)
        if worse is not None:
            return Objection((worse,))
        yield None
        objection = self._verifier.judge(before, after, [one.fix for one in proposals])
        return after if objection is None else objection

    def _skip(self, outcome: Outcome, finding: Finding, reason: Reason, detail: str) -> None:
        self._banned.add(_key(outcome.doc, finding))
        line = outcome.doc.lines.position(finding.span.start)[0]
        outcome.skipped.append(Skipped(finding.rule, line, reason, detail))

    def _take(self, outcome: Outcome, proposals: list[Proposal], after: Document) -> None:
        text, at, line = outcome.doc.text, 0, 1
        for proposal in proposals:
            fix = proposal.fix
            start = fix.edits[0].span.start  # they are in the order of the text
            line += text.count("\n", at, start)
            at = start
            is_safe = fix.applicability is Applicability.SAFE
            outcome.applied.append(Applied(proposal.rule, fix.title, line, is_safe))
        outcome.passes.append((outcome.doc, [proposal.fix for proposal in proposals]))
        outcome.doc = after


def _key(doc: Document, finding: Finding) -> tuple[str, str]:
    """What a finding is recognised by in a later pass: its rule, and the text around its place."""
    start = doc.text.rfind("\n", 0, finding.span.start) + 1
    end = doc.text.find("\n", finding.span.end)
    return finding.rule, doc.text[start : len(doc.text) if end < 0 else end]
