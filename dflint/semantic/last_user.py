"""The user that a container runs as, by what the file says."""

from __future__ import annotations

from dflint.cst.instructions import Arg, Cmd, Entrypoint, Run, User
from dflint.semantic.expand import evaluate_word
from dflint.semantic.known_value import known_value
from dflint.semantic.occurrences import Occurrence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span


#: Programs by which an ENTRYPOINT that needs root hands over to another user.
_SWITCHING = ("gosu", "su-exec", "s6-setuidgid")
#: What begins the services of a system, each as its user.
_INITS = ("/systemd", "/sbin/init", "/my_init")


class LastUser:
    """The USER that counts in the image.

    `name` is its user without a group, None where a variable of unknown value has a part in it;
    `is_of_build` tells that a build argument has one.
    """

    __slots__ = ("is_of_build", "name", "span")

    name: str | None
    span: Span
    is_of_build: bool

    def __init__(self, name: str | None, span: Span, is_of_build: bool) -> None:
        self.name = name
        self.span = span
        self.is_of_build = is_of_build


def last_user(model: SemanticModel) -> LastUser | None:
    """The last USER of the last stage, of its triggers and of the stages that it is built on.

    Without a FROM in the file it is the last of all. None where no USER counts, and for images of
    Windows, which has other users.
    """
    stage = model.final_stage
    if stage is not None and model.state_before(stage.from_instruction).os_family == "windows":
        return None
    found = next(_from_the_end(model), None)
    if found is None or not found.reading.arguments:
        return None
    # A group of unknown value says nothing of the user.
    user = found.reading.arguments[0]
    if "${" not in user:
        user = user.partition(":")[0]
    env = model.environment(found.instruction)
    value = known_value(user, env, found.instruction.line.escape)
    name = None if value is None else value.partition(":")[0]
    return LastUser(name, found.argument(0), _is_of_build(found, user, model))


def _is_of_build(found: Occurrence, user: str, model: SemanticModel) -> bool:
    """Tell whether a build argument of the stage decides."""
    stage = model.stage_of(found.instruction)
    if "$" not in user or stage is None:
        return False
    env = model.environment(found.instruction)
    references = evaluate_word(user, env.get, found.instruction.line.escape).references
    return not {one.name for one in references}.isdisjoint(
        word.partition("=")[0]
        for one in stage.instructions
        if isinstance(one, Arg)
        for word in one.reading.arguments
    )


def needs_root(model: SemanticModel) -> bool:
    """Tell whether the image begins as root to give it up: by its ENTRYPOINT, or for services."""
    stage = model.final_stage
    stages = () if stage is None else (stage, *stage.ancestors())
    instructions = [instruction for one in stages for instruction in one.instructions]
    starts = [one for one in instructions if isinstance(one, (Cmd, Entrypoint))]
    if any(
        one.reading.arguments[:1] and one.reading.arguments[0].endswith(_INITS) for one in starts
    ):
        return True
    return any(isinstance(one, Entrypoint) for one in instructions) and any(
        program in one.line.text
        for one in instructions
        if isinstance(one, (Entrypoint, Run))
        for program in _SWITCHING
    )


def _from_the_end(model: SemanticModel) -> Iterator[Occurrence]:
    stage = model.final_stage
    if stage is None:
        for instruction in reversed(model.tree.instructions):
            if isinstance(instruction, User):
                yield Occurrence(instruction, instruction.reading)
        return
    for one in (stage, *stage.ancestors()):
        for instruction in reversed(one.instructions):
            if isinstance(instruction, User):
                yield Occurrence(instruction, instruction.reading)
        for instruction, trigger in reversed(one.inherited_triggers()):
            if trigger.keyword == "user":
                yield Occurrence(instruction, trigger)
