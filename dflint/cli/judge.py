"""Who judges the fixes of a run."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.verifier import Verifier
    from dflint.verify.plan import PlanVerifier

# Kept once it is imported: each file is judged by one of its own.
_plan_verifier: type[PlanVerifier] | None = None


def judge() -> Verifier:
    """The verifier that fixes have to pass: what would be built, before and after."""
    global _plan_verifier
    if _plan_verifier is None:
        from dflint.verify.plan import PlanVerifier

        _plan_verifier = PlanVerifier
    return _plan_verifier()
