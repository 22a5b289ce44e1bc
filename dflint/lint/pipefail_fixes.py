"""Fixes that turn `pipefail` on: for one script, or with SHELL for a stage."""

from __future__ import annotations

from dflint.cst.instructions import Shell
from dflint.cst.writing import json_array
from dflint.lint.contract import SAME_IMAGE, may_set
from dflint.lint.edits import newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.insertions import insertion_above_comments
from dflint.semantic.first_base import first_base
from dflint.semantic.known_bash import known_shells
from dflint.semantic.known_images import may_have_shell
from dflint.semantic.pipe_harm import answers_before, is_spoilt
from dflint.semantic.started_programs import started_programs
from dflint.shell.bash_differences import differs_in_bash
from dflint.shell.dialect import Dialect
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage

#: A file that bash reads first, and options.
_TELLING = ("BASH_ENV", "SHELLOPTS", "BASHOPTS", "POSIXLY_CORRECT")


def set_pipefail(program: Program, options: str, is_sure: bool) -> Fix | None:
    """`set -o pipefail` at the beginning of a script: of a shell form, or of a heredoc.

    It is only proposed where the shell may not know it.
    """
    line = program.instruction.line
    with_errexit = "e" in options
    if program.parent is not None or is_spoilt(program, with_errexit):
        return None
    if with_errexit and answers_before(program):
        return None
    start = program.occurrence.arguments.start
    text = f"set {options} pipefail; "
    if line.markers:
        if len(line.bodies) != 1 or not line.source.startswith("<<", start):
            return None
        start = line.bodies[0][0]
        newline = newline_of(program.instruction)
        if line.source.startswith("#!", start):
            start = line.source.find("\n", start) + 1
        body = line.source[start : line.source.find("\n", start)]
        indent = body[: len(body) - len(body.lstrip(" \t"))]
        text = f"{indent}set {options} pipefail{newline}"
    edit = Edit.insertion(start, text)
    level = Applicability.UNSAFE if is_sure else Applicability.DISPLAY
    return Fix("turn `pipefail` on", [edit], level, Effect.FILES, contract=SAME_IMAGE)


def shell_with_pipefail(
    doc: Document,
    program: Program,
    words: tuple[str, ...],
    others: list[Program],
    reached: dict[int, Reach],
) -> Fix | None:
    """A SHELL with `pipefail` above the first of the programs that need it with this one.

    `others` are the programs that do, in order; `reached` keeps from fix to fix what is known of
    the places for a SHELL. None where a script that it would reach has a pipe that may fail
    though nothing is wrong, or means something else to bash; a proposal where nobody knows whether
    there is a bash.
    """
    shared = (one for one in others if _share(doc, one, program))
    first = next(shared, program)
    if doc.model.order(program.instruction) < doc.model.order(first.instruction):
        first = program
    order = doc.model.order(first.instruction)
    if order not in reached:
        reached[order] = _reach(doc, first)
    found = reached[order]
    if program.occurrence.is_trigger or found.is_spoilt:
        return None
    level = Applicability.UNSAFE
    if program.dialect is Dialect.SH:
        if found.differs:
            return None
        if not found.bash:
            level = Applicability.DISPLAY
        words = (found.bash or words[0], *words[1:])
    array = json_array(words)
    if array is None:
        return None
    edit = insertion_above_comments(doc.instructions[order], f"SHELL {array}")
    effect = Effect.METADATA | Effect.FILES
    return Fix("turn `pipefail` on with SHELL", [edit], level, effect, contract=may_set("shell"))


class Reach:
    """What a SHELL above an instruction would meet.

    `is_spoilt` tells that some pipe would fail though nothing is wrong, `differs` that bash makes
    something else of a script than the shell that is there; `bash` is what SHELL may call it.
    """

    __slots__ = ("bash", "differs", "is_spoilt")

    def __init__(self, is_spoilt: bool, differs: bool = False, bash: str = "") -> None:
        self.is_spoilt = is_spoilt
        self.differs = differs
        self.bash = bash


def _reach(doc: Document, first: Program) -> Reach:
    scripts = [
        one
        for one in (*doc.programs, *started_programs(doc.tree, lambda: doc.model))
        # A trigger runs with the SHELL that its stage ends with.
        if (
            one.occurrence.is_trigger
            or doc.model.order(one.instruction) >= doc.model.order(first.instruction)
        )
        and _is_of_stage_shell(one)
        and not one.script.text.startswith("#!")
        and _is_reached(doc, one, first.instruction)
    ]
    if any(map(is_spoilt, scripts)):
        return Reach(True)
    stage = doc.model.stage_of(first.instruction)
    if not doc.all(Shell) and may_have_shell(first_base(stage)):
        return Reach(True)
    shells = known_shells(doc.model, doc.programs, first)
    differs = not shells.is_bash_sh and any(_differs(doc, one) for one in scripts)
    return Reach(False, differs, shells.bash)


def _differs(doc: Document, program: Program) -> bool:
    """Whether bash makes something else of a program, also by what it is told by variables."""
    environment = doc.model.environment(program.instruction)
    return any(environment.get(name) is not None for name in _TELLING) or differs_in_bash(
        program.script, program.value, environment.get
    )


def _is_of_stage_shell(program: Program) -> bool:
    """Whether the shell of the stage reads it, perhaps by way of `eval`."""
    while program.parent is not None:
        if program.caller is None or program.caller.program != "eval":
            return False
        program = program.parent
    return not program.is_exec_form


def _share(doc: Document, other: Program, program: Program) -> bool:
    """Whether a SHELL above the one is that of the other, too."""
    if other.occurrence.is_trigger or other.parent is not None:
        return False
    before = doc.model.order(other.instruction) <= doc.model.order(program.instruction)
    return before and _is_reached(doc, program, other.instruction)


def _is_reached(doc: Document, program: Program, anchor: Instruction) -> bool:
    """Whether a SHELL above an instruction is in force where a program of a later one runs."""
    stage, home = doc.model.stage_of(program.instruction), doc.model.stage_of(anchor)
    if stage is None or home is None:
        return stage is home
    if home is not stage and home not in stage.ancestors():
        return False
    shells = doc.all(Shell)
    if not shells:
        return True
    first = doc.model.order(anchor)
    last = doc.model.order(program.instruction)
    chain: list[Stage] = [stage, *stage.ancestors()]
    between = chain[: chain.index(home) + 1]
    return not any(
        first < doc.model.order(one) < last and doc.model.stage_of(one) in between for one in shells
    )
