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
        if stage.base is not None or stage.is_scratch or stage.image in model.contexts:
            continue
        if stage.from_instruction in unknown:
            continue
        reference = parse_reference(stage.image)
        if isinstance(reference, ImageReference):
            yield stage, reference


def latest_bases(model: SemanticModel) -> Iterator[tuple[Stage, str]]:
    """List the stages that begin with an image tagged `latest`, and its name.

    The name is as it is written where a build argument without a default is a part of it and the
    tag is not.
    """
    tags = {stage: image for stage, image in external_bases(model) if image.tag}
    for stage in model.stages:
        image = tags.get(stage)
        words = stage.from_instruction.reading.arguments
        if image is not None:
            if image.tag == "latest" and not image.digest:
                yield stage, stage.image
        elif stage.base is None and "$" in words[0] and words[0].endswith(":latest"):
            yield stage, words[0]
