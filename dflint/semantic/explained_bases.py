"""The stages whose base or platform is spoilt by an argument, which is the defect to report."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.semantic.from_arguments import unusable_defaults

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


def explained_bases(model: SemanticModel) -> set[Instruction]:
    """Collect the FROMs with an argument that is undeclared, unusable or not expandable."""
    found = undeclared_in(model)
    found |= {stage.from_instruction for stage, _, _ in unusable_defaults(model)}
    if model.failures:
        # The text that cannot be expanded stays as it is.
        found |= {stage.from_instruction for stage in model.stages if "${" in stage.image}
    return found


def undeclared_in(model: SemanticModel) -> set[Instruction]:
    """Collect the FROMs with a variable that no ARG above the first FROM declares."""
    return {
        use.instruction
        for use in model.uses
        if isinstance(use.instruction, From) and model.global_scope.find(use.name) is None
    }
