"""Which of many fixes can be made together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.text.edit import Edit
    from dflint.text.span import Span


class Reason(Enum):
    """Why a fix was not applied."""

    #: It broke the file, or changed more of the build than it declares: a bug of its rule.
    HARM = "it would do harm"
    #: A build tells that it changes more of the image than it declares.
    IMAGE = "it would change the image"
    #: No build could tell what it changes.
    UNPROVED = "it could not be proved"
    #: The rule raised when asked for it: a bug of the rule.
    CRASH = "making it failed"


class Proposal:
    """A fix with the finding that it mends."""

    __slots__ = ("finding", "fix")

    finding: Finding
    fix: Fix

    def __init__(self, finding: Finding, fix: Fix) -> None:
        self.finding = finding
        self.fix = fix

    @property
    def rule(self) -> str:
        """The rule that proposes it."""
        return self.finding.rule


class _Taken:
    """The places of the text that chosen fixes work on, so that none of them meet."""

    def __init__(self) -> None:
        self._edits: list[Edit] = []
        #: What the edits are sorted by.
        self._keys: list[tuple[int, int, str]] = []
        self._scopes: list[Span] = []

    def admits(self, fix: Fix) -> bool:
        """Whether a fix can be made beside the chosen ones."""
        for edit in fix.edits:
            if self._meets(edit) or (self._scopes and self._is_in_scope(edit.span)):
                return False
        return fix.scope is None or not self._is_edited(fix.scope)

    def add(self, fix: Fix) -> None:
        """Take the places of a fix."""
        keys = self._keys
        for edit in fix.edits:
            key = edit.span.start, edit.span.end, edit.text
            at = bisect_right(keys, key)
            if not at or keys[at - 1] != key:
                keys.insert(at, key)
                self._edits.insert(at, edit)
        if fix.scope is not None:
            insort(self._scopes, fix.scope)

    def _meets(self, edit: Edit) -> bool:
        """Whether an edit that is none of the chosen ones meets one of them."""
        edits, keys = self._edits, self._keys
        key = edit.span.start, edit.span.end, edit.text
        at = bisect_right(keys, key)
        if at:
            if keys[at - 1] == key:
                return False
            if edit.meets(edits[at - 1]):
                return True
        return at < len(edits) and edit.meets(edits[at])

    def _is_in_scope(self, span: Span) -> bool:
        at = bisect_right(self._scopes, span)
        return any(scope.contains(span) for scope in self._scopes[max(at - 1, 0) : at + 1])

    def _is_edited(self, scope: Span) -> bool:
        at = bisect_left(self._keys, (scope.start,))
        return at < len(self._edits) and scope.contains(self._edits[at].span)


def choose(proposals: Iterable[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """The proposals that can be applied together, and those that have to wait.

    The order of the text decides, then the rule's name. An edit that is chosen already may be
    part of several fixes; apart from that no two edits meet, and of the structural fixes of one
    instruction there is one.
    """
    chosen: list[Proposal] = []
    waiting: list[Proposal] = []
    taken = _Taken()
    for proposal in sorted(proposals, key=_place):
        if taken.admits(proposal.fix):
            taken.add(proposal.fix)
            chosen.append(proposal)
        else:
            waiting.append(proposal)
    return chosen, waiting


def _place(proposal: Proposal) -> tuple[int, int, str]:
    first = proposal.fix.edits[0].span
    return first.start, first.end, proposal.rule
