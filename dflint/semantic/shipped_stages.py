"""Which stages end up in the image: the last one, what it is built on, and what is copied whole."""

from __future__ import annotations

from dflint.cst.instructions import Copy
from dflint.text.lazy_pattern import LazyPattern

# What a name of a stage cannot have, and a variable within a word.
_NO_STAGE = LazyPattern(r"[/:@]")
_VARIABLE = LazyPattern(r"\$(?:\{[^}]*+\}|\w++)")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage


def shipped_stages(model: SemanticModel) -> frozenset[int]:
    """The indices of the stages whose layers, or whole file systems, are part of the image.

    Of a stage that others only copy single files from, nothing else reaches the image.
    """
    todo = [model.final_stage] if model.final_stage is not None else []
    copied = _whole_copies(model)
    found: set[int] = set()
    while todo:
        stage = todo.pop()
        if stage.index not in found:
            found.add(stage.index)
            todo += [*_bases(model, stage), *copied.get(stage.index, ())]
    return frozenset(found)


def _bases(model: SemanticModel, stage: Stage) -> list[Stage]:
    """The stages that one may be built on: several where a variable is part of the name."""
    bases = [stage.base] if stage.base is not None else []
    word = _base_word(stage)
    if "$" not in word or _NO_STAGE.get().search(_VARIABLE.get().sub("", word)) is not None:
        return bases
    prefix = word.partition("$")[0].lower()
    # A default that names an image tells that images are meant, and so does a stage that the same
    # word begins.
    if not prefix and stage.base is None and stage.image:
        return bases
    for one in model.stages[: stage.index]:
        if one.name and one.name.startswith(prefix) and _base_word(one) != word:
            bases.append(one)
    return bases


def _base_word(stage: Stage) -> str:
    words = stage.from_instruction.reading.arguments
    return words[0] if words else ""


def _whole_copies(model: SemanticModel) -> dict[int, list[Stage]]:
    """For each stage those whose root directory it copies."""
    copies: dict[int, list[Stage]] = {}
    for reference in model.references:
        copy = reference.instruction
        if reference.stage is None or not isinstance(copy, Copy):
            continue
        if "/" in copy.reading.arguments[:-1]:
            copies.setdefault(reference.user.index, []).append(reference.stage)
    return copies
