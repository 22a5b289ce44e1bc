"""Who judges the fixes of a run."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.fix.verifier import Verifier
    from dflint.text.source import Source


def judge() -> Verifier:
    """The verifier that fixes have to pass: what would be built, before and after."""
    from dflint.verify.plan import PlanVerifier

    return PlanVerifier()


def builds_otherwise(source: Source, text: str) -> str | None:
    """What would be built otherwise of a formatted text, None for nothing."""
    from dflint.lint.document import Document
    from dflint.lint.fix import Effect
    from dflint.text.source import Source
    from dflint.verify.plan import Outcome
    from dflint.verify.plan import judge as compare

    data = text.encode("utf-8", "surrogateescape")
    after = Document(Source(source.path, data, source.is_stream))
    verdict = compare(Document(source), after, Effect.NOTHING)
    return None if verdict.outcome is Outcome.SAME else "; ".join(verdict.details)
