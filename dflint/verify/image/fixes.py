"""Judges fixes by what they make of the image: a `dflint.fix.verifier.Verifier` that builds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dflint.context.build_context import BuildContext
from dflint.errors import BuildError
from dflint.fix.choose import Reason
from dflint.fix.verifier import Objection
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.document import Document
from dflint.lint.fix import Fix
from dflint.verify.image.proof import prove
from dflint.verify.image.verdict import ImageVerdict, Level
from dflint.verify.image.verifier import ImageVerifier
from dflint.verify.plan import PlanVerifier


class FixVerifier:
    """Holds fixes to their effects by the plan, and to their contracts by building.

    Nothing is built where the plan, and the files of the `context`, show that a contract is kept.
    `images` makes the verifier that builds, when it is needed first; a BuildError that it raises
    leaves fixes unproved. With `only_unsafe`, safe fixes are taken by their plan alone. What is
    accepted is kept in `verdicts`, by the texts before and after.
    """

    def __init__(
        self,
        images: Callable[[], ImageVerifier],
        only_unsafe: bool = False,
        context: BuildContext | None = None,
    ) -> None:
        self._images = images
        self._only_unsafe = only_unsafe
        self._context = context
        self._plan = PlanVerifier()
        self.verdicts: dict[tuple[str, str], ImageVerdict] = {}

    def judge(self, before: Document, after: Document, fixes: Sequence[Fix]) -> Objection | None:
        """Tell what speaks against some fixes, None for nothing."""
        objection = self._plan.judge(before, after, fixes)
        if objection is not None or (self._only_unsafe and all(one.is_safe for one in fixes)):
            return objection
        contract = SAME_IMAGE
        for fix in fixes:
            contract |= fix.contract or SAME_IMAGE
        try:
            verdict = prove(before, after, self._images, contract, context=self._context)
        except BuildError as error:
            verdict = ImageVerdict(Level.UNVERIFIED, reason=str(error))
        if verdict.is_accepted:
            self.verdicts[before.text, after.text] = verdict
            return None
        is_unproved = verdict.level is Level.UNVERIFIED
        reason = Reason.UNPROVED if is_unproved else Reason.IMAGE
        return Objection(_first(verdict.sentences), reason)


#: How many witnesses are told of one fix.
_MOST = 3


def _first(sentences: tuple[str, ...]) -> tuple[str, ...]:
    rest = len(sentences) - _MOST
    return (*sentences[:_MOST], f"and {rest} more") if rest > 0 else sentences
