"""What names a build argument that holds a secret."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


def namers(model: SemanticModel, declaration: Instruction, name: str) -> list[Instruction]:
    """The instructions of its stage, below the ARG, that name it.

    None are given before the first FROM, and of a stage that others are built on: they see the
    argument too.
    """
    stage = model.stage_of(declaration)
    if stage is None or any(one.base is stage for one in model.stages):
        return []
    pattern = re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")
    following = model.tree.instructions[model.order(declaration) + 1 : stage.last]
    return [
        one
        for one in following
        if pattern.search(one.line.source, one.line.start, one.line.stop) is not None
    ]
