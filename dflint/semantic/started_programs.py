"""The scripts that a shell reads when a container starts, or is looked after."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint, From, HealthCheck
from dflint.semantic.occurrences import Occurrence
from dflint.semantic.programs import Program
from dflint.semantic.stage_shell import stage_shells
from dflint.shell.script import read_shell_form

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel

_KINDS = frozenset((Cmd, Entrypoint, HealthCheck))


def started_programs(tree: Dockerfile, model: Callable[[], SemanticModel]) -> Iterator[Program]:
    """CMD, ENTRYPOINT and the command of HEALTHCHECK in shell form, as programs.

    Their spans are not those of the file.
    """
    stage = -1
    for instruction in tree.instructions:
        kind = type(instruction)
        stage += kind is From
        if kind not in _KINDS:
            continue
        reading = instruction.reading
        shell = stage_shells(tree)[instruction]
        arguments = reading.arguments[kind is HealthCheck :]
        if reading.is_json or len(arguments) != 1 or not shell.dialect.is_posix:
            continue
        script = read_shell_form(arguments[0])
        occurrence = Occurrence(instruction, reading)
        yield Program(occurrence, stage, script, shell.dialect, shell.words, model)
