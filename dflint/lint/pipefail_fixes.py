"""Fixes that turn `pipefail` on: for one script, or with SHELL for a stage."""

from __future__ import annotations

import re

from dflint.cst.instructions import Shell
from dflint.cst.writing import json_array
from dflint.lint.contract import SAME_IMAGE, may_set
from dflint.lint.edits import insertion_above, newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.shell.dialect import Dialect
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage

#: Pipes that `pipefail` lets fail though nothing is wrong: their end stops reading.
_CUT_OFF = LazyPattern(
    r"\byes\b[^|;&\n]*\|(?!\|)|\|[ \t\n]*(?:head|true|:|[ef]?grep\s+-\w*[qm])(?![\w.-])", re.ASCII
)
#: Where dash and bash write something else: `echo` with an escape.
_ECHO = LazyPattern(r"\becho\b[^|;&\n]*\\\\?[abcfnrtv0]", re.ASCII)


def set_pipefail(program: Program, options: str) -> Fix | None:
    """`set -o pipefail` at the beginning of a script: of a shell form, or of a heredoc."""
    line = program.instruction.line
    if program.parent is not None or _is_cut_off([program]):
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
        text = f"set {options} pipefail{newline}"
    edit = Edit.insertion(start, text)
    level, effect = Applicability.UNSAFE, Effect.FILES
    return Fix("turn `pipefail` on", [edit], level, effect, contract=SAME_IMAGE)


def shell_with_pipefail(
    doc: Document,
    program: Program,
    words: tuple[str, ...],
    others: list[Program],
    reached: dict[int, tuple[bool, bool]],
) -> Fix | None:
    """A SHELL with `pipefail` above the first of the programs that need it with this one.

    `others` are the programs that do, in order; `reached` keeps from fix to fix what is known of
    the places for a SHELL. None where a pipe that it would reach is cut off at its end on purpose,
    or an `echo` that bash would understand in another way.
    """
    shared = (doc.model.order(one.instruction) for one in others if _share(doc, one, program))
    own = doc.model.order(program.instruction)
    first = min(next(shared, own), own)
    if first not in reached:
        reached[first] = _reach(doc, first)
    is_cut_off, has_echo = reached[first]
    array = json_array(words)
    is_other = program.dialect is Dialect.SH and has_echo
    if array is None or program.occurrence.is_trigger or is_other or is_cut_off:
        return None
    edit = insertion_above(doc.instructions[first], f"SHELL {array}")
    effect = Effect.METADATA | Effect.FILES
    title, contract = "turn `pipefail` on with SHELL", may_set("shell")
    return Fix(title, [edit], Applicability.UNSAFE, effect, contract=contract)


def _reach(doc: Document, first: int) -> tuple[bool, bool]:
    """Whether a SHELL above an instruction reaches a pipe that is cut off, and such an `echo`."""
    anchor = doc.instructions[first]
    later = [
        one
        for one in doc.programs
        if doc.model.order(one.instruction) >= first
        and one.parent is None
        and not one.script.text.startswith("#!")
        and _is_reached(doc, one, anchor)
    ]
    return _is_cut_off(later), any(_ECHO.get().search(one) for one in _texts(later))


def _is_cut_off(programs: Iterable[Program]) -> bool:
    return any(_CUT_OFF.get().search(text) for text in _texts(programs))


def _texts(programs: Iterable[Program]) -> list[str]:
    return [program.script.text for program in programs]


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
