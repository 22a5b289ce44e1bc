"""Other ways to write an instruction or a stage that build the same image, or nearly.

Each function gives the edits, None where the form at hand cannot be turned into the other one.
"""

from __future__ import annotations

import shlex

from dflint.cst.instructions import Cmd, Entrypoint, Run
from dflint.cst.writing import json_array
from dflint.lint.edits import comments_in, newline_of
from dflint.semantic.instruction_at import instruction_at
from dflint.semantic.stage_shell import stage_shells
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage

    Refactoring = tuple[str, str, list[Edit]]

EXTRACT = "refactor.extract"
INLINE = "refactor.inline"
REWRITE = "refactor.rewrite"

_DELIMITERS = ("EOF", "EOT", "SCRIPT", "END_OF_SCRIPT")
#: Of a script in which one of these stands, lines are no statements of their own.
_SPANNING = ("<<", "\\\n")


def refactorings(doc: Document, offset: int) -> Iterator[Refactoring]:
    """What can be written otherwise at an offset: kind, title and edits."""
    if not doc.instructions:
        return
    instruction = instruction_at(doc.tree, offset)
    if not doc.core(instruction).start <= offset <= instruction.line.stop:
        return  # in what stands above an instruction, or below the last one
    forms = (
        (REWRITE, "Write in exec form", to_exec_form),
        (REWRITE, "Write in shell form", to_shell_form),
        (REWRITE, "Write the commands as a heredoc", to_heredoc),
        (REWRITE, "Write the heredoc as commands joined by &&", to_chain),
        (EXTRACT, "Begin a new stage here", extract_stage),
        (INLINE, "Join with the stage that this is built on", inline_stage),
    )
    for kind, title, make in forms:
        edits = make(doc, instruction)
        if edits:
            yield kind, title, edits


def to_exec_form(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """CMD, ENTRYPOINT or RUN as an array, with the shell that reads it: what runs is the same."""
    reading = instruction.reading
    if not isinstance(instruction, (Cmd, Entrypoint, Run)) or reading.is_json:
        return None
    place = doc.arguments(instruction)
    if not reading.arguments or instruction.heredocs or comments_in(instruction, place):
        return None
    words = stage_shells(doc.tree)[instruction].words
    array = json_array((*words, reading.arguments[0]))
    return None if array is None else [Edit(place, array)]


def to_shell_form(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """An array as words for the shell; one that calls the stage's shell as the script alone."""
    reading = instruction.reading
    if not isinstance(instruction, (Cmd, Entrypoint, Run)) or not reading.is_json:
        return None
    shell = stage_shells(doc.tree)[instruction]
    words = reading.arguments
    place = doc.arguments(instruction)
    if not words or not shell.dialect.is_posix or comments_in(instruction, place):
        return None
    text = words[-1].strip() if words[:-1] == shell.words else shlex.join(words)
    if not text or "\n" in text or text.startswith("["):
        return None
    return [Edit(place, text)]


def to_heredoc(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """Commands joined by `&&` or `;` as the lines of a heredoc that ends at the first failure."""
    program = _program_of(doc, instruction)
    if program is None or instruction.heredocs or doc.tree.escape != "\\":
        return None
    place = doc.arguments(instruction)
    steps = program.script.steps
    if comments_in(instruction, place) or program.script.comments or len(steps) < 2:
        return None
    operators = [step.operator_after for step in steps[:-1]]
    texts = [step.text.strip() for step in steps]
    if any(operator != "&&" for operator in operators) or steps[-1].operator_after is not None:
        return None
    # A list that fails before its last command does not end a shell with `set -e`.
    if any("&&" in text or "||" in text or _is_spanning(text) for text in texts):
        return None
    newline = newline_of(instruction)
    delimiter = next((one for one in _DELIMITERS if one not in texts), None)
    if delimiter is None:
        return None
    body = newline.join(("set -e", *texts, delimiter))
    return [Edit(place, f"<<{delimiter}{newline}{body}")]


def to_chain(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """A heredoc whose lines are simple commands as commands joined by `&&`."""
    program = _program_of(doc, instruction)
    heredocs = instruction.heredocs
    if program is None or len(heredocs) != 1 or program.script.comments:
        return None
    steps = program.script.steps
    texts = [step.text.strip() for step in steps]
    if not texts or any("\n" in text or _is_spanning(text) for text in texts):
        return None
    if any(step.operator_after not in ("\n", None, ";", "&&") for step in steps):
        return None
    if texts[0] not in ("set -e", "set -ex", "set -eu", "set -eux"):
        return None  # where a line may fail, what follows it still runs
    if texts[0] == "set -e":
        texts = texts[1:]
    if not texts:
        return None
    newline = newline_of(instruction)
    joined = f" {doc.tree.escape}{newline}    && ".join(texts)
    start = doc.arguments(instruction).start
    end = instruction.line.stop
    closing = newline if doc.text[end - 1 : end] == "\n" else ""
    return [Edit(Span(start, end), joined + closing)]


def extract_stage(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """A FROM in front of the instruction: what is above it becomes a stage of its own."""
    stage = doc.model.stage_of(instruction)
    if stage is None or instruction in stage.instructions[:2]:
        return None  # nothing but FROM would be left above it
    newline = newline_of(instruction)
    edits: list[Edit] = []
    name = stage.name
    if name:
        above, below = _free_name(doc, f"{name}-base"), name
        edits.append(Edit(_name_span(doc, stage), above))
    else:
        above, below = _free_name(doc, "base"), ""
        end = doc.core(stage.from_instruction).end
        edits.append(Edit.insertion(end, f" AS {above}"))
    suffix = f" AS {below}" if below else ""
    at = (
        instruction.line.above
        if _has_comment_above(doc, instruction)
        else _line_start(doc, instruction)
    )
    edits.append(Edit.insertion(at, f"{newline}FROM {above}{suffix}{newline}"))
    return edits


def inline_stage(doc: Document, instruction: Instruction) -> list[Edit] | None:
    """Without the FROM of a stage that goes on right below the one it is built on."""
    stage = doc.model.stage_of(instruction)
    if stage is None or instruction is not stage.from_instruction or stage.base is None:
        return None
    base = stage.base
    others = [one for one in doc.model.references if one.stage is base]
    if base.index != stage.index - 1 or len(others) != 1 or instruction.reading.flags:
        return None
    edits = [Edit(Span(_line_start(doc, instruction), instruction.line.stop), "")]
    if stage.name and base.name:
        edits.insert(0, Edit(_name_span(doc, base), stage.name))
    elif stage.name:
        edits.insert(0, Edit.insertion(doc.core(base.from_instruction).end, f" AS {stage.name}"))
    return edits


def _program_of(doc: Document, instruction: Instruction) -> Program | None:
    """The program of a RUN in shell form or in a heredoc, which a POSIX shell reads."""
    if not isinstance(instruction, Run) or instruction.reading.is_json:
        return None
    return next(
        (one for one in doc.programs if one.instruction is instruction and one.parent is None), None
    )


def _is_spanning(text: str) -> bool:
    return any(sign in text for sign in _SPANNING)


def _name_span(doc: Document, stage: Stage) -> Span:
    """Where a stage's name stands in its FROM."""
    return doc.argument(stage.from_instruction, 2)


def _free_name(doc: Document, wanted: str) -> str:
    taken = {stage.name for stage in doc.model.stages}
    number, name = 2, wanted
    while name in taken:
        name = f"{wanted}-{number}"
        number += 1
    return name


def _line_start(doc: Document, instruction: Instruction) -> int:
    return doc.text.rfind("\n", 0, doc.core(instruction).start) + 1


def _has_comment_above(doc: Document, instruction: Instruction) -> bool:
    above = doc.text[instruction.line.above : _line_start(doc, instruction)]
    return above.lstrip().startswith("#")
