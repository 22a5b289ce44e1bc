"""Which scripts are for development or tests, by the stage's name or what the file sets."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program

_NAMES = ("dev", "test", "debug")
_VARIABLES = ("RAILS_ENV", "RACK_ENV")


def is_for_development(model: SemanticModel, program: Program) -> bool:
    """Whether a script's stage is named so, or the application is told so."""
    stage = model.stage_of(program.instruction)
    if stage is None or any(name in stage.name for name in _NAMES):
        return True
    environment = model.environment(program.instruction)
    return any(environment.get(name) in ("development", "test") for name in _VARIABLES)
