"""The stages that FROM, `--from` and a mount's `from` may name."""

from __future__ import annotations

from dflint_lsp.completing.offers import Kind, Offer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.text.span import Span
    from dflint_lsp.cursor import Cursor


def stage_offers(cursor: Cursor, span: Span, numbers: bool = True) -> Iterator[Offer]:
    """The stages above the cursor's own, by name; with `numbers`, those without one, too.

    A stage may only use those above it, and of two with one name the later.
    """
    if cursor.instruction is None:
        return
    model = cursor.version.document.model
    own = model.stage_of(cursor.instruction)
    if own is None:
        return
    for stage in model.stages[: own.index]:
        if stage.name and model.stage_named(stage.name, own) is not stage:
            continue
        if not stage.name and not numbers:
            continue
        yield Offer(
            stage.name or str(stage.index),
            span,
            Kind.Reference,
            detail=f"stage {stage.index}, FROM {stage.image}",
        )
