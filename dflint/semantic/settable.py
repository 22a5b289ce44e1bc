"""Where `--build-arg` may make something else of what the file says.

The default of an ARG is what a build takes for it that is told nothing else: enough for a finding,
but nothing that a fix may rely on.
"""

from __future__ import annotations

from dflint.cst.instructions import Env, User
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


def is_settable(model: SemanticModel, instruction: Instruction, word: str) -> bool:
    """Whether a word of an instruction has a variable that is or comes of a build argument.

    So is one that the base image may set.
    """
    if "$" not in word:
        return False
    environment = model.environment(instruction)
    expansion = evaluate_word(word, environment.get, instruction.line.escape)
    return any(_is_argument(model, instruction, one.name) for one in expansion.references)


def _is_argument(model: SemanticModel, instruction: Instruction, name: str) -> bool:
    stage = model.stage_of(instruction)
    scope = model.global_scope if stage is None else stage.scope
    variable = scope.find(name, model.order(instruction))
    if variable is None or not variable.is_env:
        return True
    if variable.order < 0:
        return False
    setting = model.tree.instructions[variable.order]
    arguments = setting.reading.arguments if isinstance(setting, Env) else ()
    # The value stands behind the name; of two with one name the last counts.
    values = [arguments[at + 1] for at in range(0, len(arguments), 3) if arguments[at] == name]
    return not values or is_settable(model, setting, values[-1])


def is_same_there(
    model: SemanticModel, instruction: Instruction, later: Instruction, word: str
) -> bool:
    """Whether a word of an instruction is the same in a later one, whatever the arguments are."""
    if any(sign in word for sign in " \t\"'\\"):
        return False
    environment = model.environment(instruction)
    names = [
        one.name for one in evaluate_word(word, environment.get, instruction.line.escape).references
    ]
    scopes = [
        (model.global_scope if stage is None else stage.scope, model.order(one))
        for one in (instruction, later)
        for stage in (model.stage_of(one),)
    ]
    (scope, order), (other, end) = scopes
    return all(scope.find(name, order) is other.find(name, end) for name in names)


def user_instruction(model: SemanticModel, instruction: Instruction) -> Instruction | None:
    """The USER that holds at an instruction, of its stage or one below."""
    stage = model.stage_of(instruction)
    if stage is None:
        return None
    order = model.order(instruction)
    for one in (stage, *stage.ancestors()):
        for found in reversed(one.instructions):
            if isinstance(found, User) and (one is not stage or model.order(found) < order):
                return found
    return None


def is_user_settable(model: SemanticModel, instruction: Instruction) -> bool:
    """Whether a build argument decides who an instruction is run by, as far as the file tells."""
    found = user_instruction(model, instruction)
    return found is not None and is_settable(model, found, "".join(found.reading.arguments))
