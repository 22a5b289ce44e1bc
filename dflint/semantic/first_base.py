"""The image that a stage begins with, as people know it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.stages import Stage


def first_base(stage: Stage | None) -> str:
    """The image below a stage and the stages that it is built on.

    It is empty without a stage, and as written where the defaults of the arguments make it no
    reference: `ruby:$VERSION-slim`, not `ruby:-slim`.
    """
    if stage is None:
        return ""
    first = (stage.ancestors() or [stage])[-1]
    arguments = first.from_instruction.reading.arguments
    if not first.image or "$" not in arguments[0]:
        return first.image
    from dflint.semantic.from_arguments import is_usable

    return first.image if is_usable(first) else arguments[0]
