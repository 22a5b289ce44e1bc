"""Whether a RUN is made of some others, joined with `&&`.

The same commands run in the same order, and stop at the same failure, where none before the last
leaves a trace in its shell.
"""

from __future__ import annotations

from dflint.cst.instructions import Run
from dflint.shell.meaning import meaning_of
from dflint.shell.statements import Construct, Kind
from dflint.verify.script_parts import parts_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.shell.script import Script


def with_joined(before: Document, after: Document) -> list[Instruction]:
    """The instructions of a document with each RUN in the place of those that it is made of.

    As many as there are in `after`, if that was made by joining RUNs and replacing instructions.
    """
    ones, at = before.instructions, 0
    found: list[Instruction] = []
    for other in after.instructions:
        count = _joined(before, at, other) if type(other) is Run else 0
        found += [other] if count else ones[at : at + 1]
        at += count or 1
    return found + list(ones[at:])


def _joined(before: Document, at: int, other: Instruction) -> int:
    """How many RUNs, from one on, another one is made of; 0 if it is not."""
    rest = _script_text(other)
    scripts: dict[Instruction, Script] | None = None
    for count, one in enumerate(before.instructions[at:]):
        text = _script_text(one)
        if not text or not rest.startswith(text) or one.line.escape != other.line.escape:
            return 0
        if count == 0 and rest == text:
            return 0
        if scripts is None:
            scripts = _scripts(before)
        script = scripts.get(one)
        if script is None or script.comments or (count and not _is_one_list(script)):
            return 0
        if rest == text:
            return count + 1
        rest = rest[len(text) :].lstrip(" \t")
        if not rest.startswith("&&") or not _leaves_no_trace(script):
            return 0
        rest = rest[2:].lstrip(" \t")
    return 0


def _scripts(document: Document) -> dict[Instruction, Script]:
    """The scripts of RUNs for a shell whose language is POSIX's."""
    return {
        one.instruction: one.script
        for one in document.programs
        if one.parent is None and one.dialect.is_posix
    }


def _script_text(instruction: Instruction) -> str:
    """The script of a RUN without flags and heredocs; empty of any other instruction."""
    reading = instruction.reading
    if (
        not isinstance(instruction, Run)
        or reading.flags
        or reading.is_json
        or not reading.arguments
    ):
        return ""
    return "" if instruction.line.markers else reading.arguments[0].strip(" \t;")


def _is_one_list(script: Script) -> bool:
    """Whether a script stops where a command of it fails: that holds for what is put before it."""
    statements = script.root.statements
    if len(statements) != 1 or statements[0].operator_after == "&":
        return False
    (whole,) = statements
    if not isinstance(whole, Construct) or whole.kind is not Kind.AND_OR:
        return True
    return all(whole.operator(at) == "&&" for at in range(len(whole.statements) - 1))


def _leaves_no_trace(script: Script) -> bool:
    """Whether what is put behind a script in its shell finds that as a shell of its own."""
    if "<<" in script.text or meaning_of(script.text) is None:
        return False
    parts = parts_of(script)
    return parts is not None and not any(leaves_traces for _, _, leaves_traces in parts)
