"""What `COPY --from` and `RUN --mount=from=` name, where no builder can go along with it."""

from __future__ import annotations

from dflint.cst.instructions import Copy, From, Run
from dflint.semantic.occurrences import occurrences
from dflint.semantic.stages import ReferenceKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage, StageReference
    from dflint.text.span import Span


def copy_references(model: SemanticModel) -> Iterator[StageReference]:
    """List the references of COPY and RUN, without those that have variables."""
    for reference in model.references:
        if not isinstance(reference.instruction, From) and "$" not in reference.text:
            yield reference


def stageless_copies(model: SemanticModel) -> Iterator[tuple[str, Span]]:
    """List what COPY names as a stage in a file without any: a number, or a name of no image."""
    from dflint.semantic.known_images import OFFICIAL

    if model.stages:
        return
    for found in occurrences(model.tree, Copy):
        name = found.reading.flag("from") or ""
        is_image = name in OFFICIAL or any(mark in name for mark in "$/:.@")
        if name and not is_image and not found.is_trigger:
            yield name, found.flag("from", value=True)


def is_numbered_mount(reference: StageReference) -> bool:
    """Tell whether a mount names a number: BuildKit looks for an image of that name."""
    text = reference.text
    return isinstance(reference.instruction, Run) and text.isascii() and text.isdigit()


def later_stage(model: SemanticModel, reference: StageReference) -> Stage | None:
    """Give the stage that a reference names although it comes later; None otherwise.

    Where several stages share the name, BuildKit takes the last of all.
    """
    if reference.kind is ReferenceKind.LATER:
        return reference.stage
    if reference.kind is ReferenceKind.STAGE and not reference.text.isdigit():
        last = model.stage_named(reference.text)
        if last is not None and last.index > reference.user.index:
            return last
    return None


def meant_stage(model: SemanticModel, reference: StageReference) -> str | None:
    """Give the name of the stage that a misspelt reference means, or None.

    Only a bare name that is no official image's can be a misspelling.
    """
    name = reference.text
    if reference.kind is not ReferenceKind.IMAGE or any(mark in name for mark in "/:.@"):
        return None
    if name in model.contexts:
        return None
    from itertools import islice

    from dflint.semantic.known_images import OFFICIAL
    from dflint.text.nearest import nearest

    if name in OFFICIAL:
        return None
    above = islice(model.stages, reference.user.index)
    return nearest(name.lower(), (stage.name for stage in above if stage.name))
