"""The shortest proof that a change keeps the image: the plan of it, else builds."""

from __future__ import annotations

import time
from collections.abc import Callable

from dflint.lint.contract import SAME_IMAGE, Contract
from dflint.lint.document import Document
from dflint.lint.fix import Effect
from dflint.verify.image.planned import planned
from dflint.verify.image.verdict import ImageVerdict, Level
from dflint.verify.plan import Outcome, judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.context.build_context import BuildContext
    from dflint.verify.image.verifier import ImageVerifier


def prove(
    before: Document,
    after: Document,
    verifier: Callable[[], ImageVerifier],
    contract: Contract = SAME_IMAGE,
    uses_plan: bool = True,
    context: BuildContext | None = None,
) -> ImageVerdict:
    """Whether two files build the same image; `verifier` is asked for if it takes a build.

    Without `uses_plan` it is built whatever the plan says. `context` are the files that both are
    built over.
    """
    if uses_plan:
        verdict = decided(before, after, contract, context)
        if verdict is not None:
            return verdict
    return verifier().compare(before.text, after.text, contract)


def decided(
    before: Document,
    after: Document,
    contract: Contract = SAME_IMAGE,
    context: BuildContext | None = None,
) -> ImageVerdict | None:
    """The verdict that the plans alone allow, which is never against a change; else None."""
    begun = time.monotonic()
    if is_proved(before, after):
        return ImageVerdict(Level.PROVED, seconds=time.monotonic() - begun)
    return planned(before, after, contract, context)


def is_proved(before: Document, after: Document) -> bool:
    """Whether the plans of both files are the same, for every build of them.

    A plan that is refused proves nothing: there is no image to be the same.
    """
    if before.text != after.text and (before.problems or after.problems):
        return False
    return judge(before, after, Effect.NOTHING).outcome is Outcome.SAME
