"""The images that a build fetches: by FROM, `COPY --from` and `RUN --mount=from=`."""

from __future__ import annotations

from dflint.cst.instructions import Copy, From, Run
from dflint.oci.reference import ImageReference, parse_reference
from dflint.semantic.known_value import known_value
from dflint.semantic.occurrences import occurrences
from dflint.semantic.scope import Environment
from dflint.semantic.stages import ReferenceKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.stages import Stage
    from dflint.text.span import Span

#: Stands for a repository that is not known.
_ANY = "any"


class PulledImage:
    """An image that a registry is asked for.

    `is_whole` tells whether the repository is known as well as the registry.
    """

    __slots__ = ("image", "is_whole", "span")

    image: ImageReference
    span: Span
    is_whole: bool

    def __init__(self, image: ImageReference, span: Span, is_whole: bool) -> None:
        self.image = image
        self.span = span
        self.is_whole = is_whole


def pulled_images(model: SemanticModel) -> Iterator[PulledImage]:
    """Every image that is fetched, as far as its registry is known.

    Not counted are `scratch`, and a bare name behind `from=`: it may well be that of a build
    context.
    """
    for reference in model.references:
        if reference.kind is not ReferenceKind.IMAGE:
            continue
        if isinstance(reference.instruction, From):
            yield from _base(model, reference.user, reference.span)
        else:
            yield from _copied(reference.text, reference.span)
    for found in occurrences(model.tree, Copy, Run):
        if found.is_trigger or model.stage_of(found.instruction) is None:
            yield from _of_no_stage(found)


def _base(model: SemanticModel, stage: Stage, span: Span) -> Iterator[PulledImage]:
    if stage.is_scratch:
        return
    word = stage.from_instruction.reading.arguments[0]
    env = Environment(model.global_scope, stage.first)
    if known_value(word, env) is not None:
        yield from _image(stage.image, span, is_whole=True)
        return
    # The registry is known when only what follows it has a variable.
    registry, slash, _ = word.strip("\"'").partition("/")
    value = known_value(registry, env)
    if slash and value is not None and ("." in value or ":" in value):
        yield from _image(f"{value}/{_ANY}", span, is_whole=False)


def _of_no_stage(found: Occurrence) -> Iterator[PulledImage]:
    """What a trigger fetches, or an instruction above every FROM."""
    reading = found.reading
    if reading.keyword == "copy":
        yield from _copied(reading.flag("from") or "", found.flag("from", value=True))
        return
    for mount in reading.flag_values("mount"):
        for option in mount.split(","):
            key, _, text = option.partition("=")
            if key == "from":
                yield from _copied(text, found.flag("mount", value=True))


def _copied(text: str, span: Span) -> Iterator[PulledImage]:
    if "$" not in text and any(mark in text for mark in "/:@"):
        yield from _image(text, span, is_whole=True)


def _image(text: str, span: Span, is_whole: bool) -> Iterator[PulledImage]:
    image = parse_reference(text)
    if isinstance(image, ImageReference):
        yield PulledImage(image, span, is_whole)
