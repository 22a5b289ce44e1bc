"""The tags of the images that stages begin with."""

from __future__ import annotations

from dflint.oci.reference import ImageReference, parse_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


def external_bases(model: SemanticModel) -> Iterator[tuple[Stage, ImageReference]]:
    """List the stages that begin with an image, and the image with the defaults of ARGs filled in.

    A base is passed over when a build argument without a default is a part of it.
    """
    unknown = {
        use.instruction
        for use in model.uses
        if use.instruction.KEYWORD == "FROM"
        and not use.found
        and not use.modifier.endswith(("-", "+"))
    }
    for stage in model.stages:
        if stage.base is not None or stage.is_scratch or stage.from_instruction in unknown:
            continue
        reference = parse_reference(stage.image)
        if isinstance(reference, ImageReference):
            yield stage, reference
