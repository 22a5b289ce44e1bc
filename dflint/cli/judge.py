"""Who judges the fixes of a run."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.verifier import Verifier


def judge() -> Verifier:
    """The verifier that fixes have to pass: what would be built, before and after."""
    from dflint.verify.plan import PlanVerifier

    return PlanVerifier()
