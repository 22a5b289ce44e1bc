"""What runs after a RUN in the file system that it leaves, in its stage and those built on it."""

from __future__ import annotations

from itertools import groupby

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation


def later_runs(
    own: Program, programs: Iterable[Program], model: SemanticModel
) -> Iterator[list[Program]]:
    """The programs of each RUN after that of one, in order."""
    for instruction, group in groupby(programs, key=lambda program: program.instruction):
        if instruction.line.start > own.instruction.line.start:
            same = list(group)
            if _continues(same[0], own, model):
                yield same


def is_wanted_later(
    own: Program,
    programs: Iterable[Program],
    model: SemanticModel,
    wants: Callable[[Invocation], bool],
    renews: Callable[[Invocation], bool],
    *tools: str,
) -> bool:
    """Whether a call of some tools in a later RUN wants what this one leaves.

    Not one before which the same stage has made it anew.
    """
    renewed: set[int] = set()
    for run in later_runs(own, programs, model):
        stage = run[0].stage_number
        if stage in renewed:
            continue
        calls = [call for program in run for call in program.invocations_of(*tools)]
        for call in sorted(calls, key=lambda call: call.span.start):
            if renews(call):
                renewed.add(stage)
                break
            if wants(call):
                return True
    return False


def has_hidden_script(programs: Iterable[Program], start: int = -1) -> bool:
    """Whether a program runs a script that the file does not show, after an offset in the file."""
    return any(
        command.span.start > start and _is_hidden_script(command)
        for program in programs
        for command in program.script.commands
    )


_SHELLS = ("sh", "bash", "ash", "dash", "ksh", "zsh")
_USUAL = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
# Scripts that come with sources to build, and find what is there.
_BUILDING = ("configure", "autogen.sh", "bootstrap", "buildconf", "Configure", "config")


def _is_hidden_script(command: Command) -> bool:
    name, word = command.program, command.program_word
    if name is None or word is None:
        return word is not None
    if name in _SHELLS:
        return not any(one.prefix.startswith("-") and "c" in one.prefix for one in command.options)
    if name in _BUILDING:
        return False
    from dflint.shell.tools import find_tool

    path = word.value or ""
    is_elsewhere = "/" in path and not path.startswith(_USUAL) and find_tool(name) is None
    return is_elsewhere or name.endswith((".sh", ".bash"))


def _continues(program: Program, own: Program, model: SemanticModel) -> bool:
    """Whether a program runs in what another one left."""
    if program.stage_number == own.stage_number:
        return True
    stage = model.stages[program.stage_number]
    line = [stage, *stage.ancestors()]
    if any(one.index == own.stage_number for one in line):
        return True
    # A variable in the place of a stage's name may name any of those before.
    words = line[-1].from_instruction.reading.arguments
    return bool(words) and "$" in words[0] and line[-1].index > own.stage_number
