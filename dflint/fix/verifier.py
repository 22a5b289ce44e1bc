"""Who judges fixes: a role, so that what applies them knows no judge."""

from __future__ import annotations

from dflint.fix.choose import Reason

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
else:
    Protocol = object


class Objection:
    """Why fixes are not to be applied: what they would change that they do not declare.

    `reason` is the kind of it.
    """

    __slots__ = ("details", "reason")

    details: tuple[str, ...]
    reason: Reason

    def __init__(self, details: tuple[str, ...], reason: Reason = Reason.HARM) -> None:
        self.details = details
        self.reason = reason

    def __str__(self) -> str:
        return "; ".join(self.details)


class Verifier(Protocol):
    """Compares what would be built before and after some fixes."""

    def judge(self, before: Document, after: Document, fixes: Sequence[Fix]) -> Objection | None:
        """Tell what speaks against the fixes, None for nothing; never raises for any file."""
