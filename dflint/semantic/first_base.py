"""The image that a stage begins with, as people know it."""

from __future__ import annotations

import re

from dflint.text.lazy_pattern import LazyPattern

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


def has_given_base(stage: Stage) -> bool:
    """Whether a build argument names what a stage is built on: it may be any stage before."""
    words = stage.from_instruction.reading.arguments
    return bool(words) and "$" in words[0]


#: A variable that a name begins with: of a registry, or a folder in it.
_PREFIX = LazyPattern(r"\$(?:\w+/|\{\w+(?::?-[^{}$]*)?\}/?)", re.ASCII)


def fixed_base(stage: Stage | None) -> str:
    """The image below a stage as far as no build argument can make another of it.

    Empty where one can. A variable in the tag stands as it is written (`node:$VERSION`); one that
    the name begins with is taken for the registry (`$REGISTRY/node:22`).
    """
    if stage is None:
        return ""
    for one in (stage, *stage.ancestors()):
        words = one.from_instruction.reading.arguments
        name = words[0] if words else ""
        if one.base is not None or "$" not in name:
            if "$" in name:
                return ""
            continue
        name = _PREFIX.get().sub("", name, count=1) if name.startswith("$") else name
        is_name = name[:1].isalnum() and "$" not in name.partition(":")[0]
        return name if is_name else ""
    return first_base(stage)
