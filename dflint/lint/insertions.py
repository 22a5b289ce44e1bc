"""Instructions put above others and their comments, and arguments behind others."""

from __future__ import annotations

from dflint.lint.edits import comments_start, newline_of
from dflint.semantic.program_edits import insert_words
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.semantic.programs import Program
    from dflint.shell.words import Word


def insertion_above_comments(instruction: Instruction, text: str) -> Edit:
    """A new instruction above another one and the comments right above it; without a line end."""
    return Edit.insertion(comments_start(instruction), text + newline_of(instruction))


def argument_behind(program: Program, word: Word, text: str) -> Edit | None:
    """An argument put behind another one: on the next line where that has a line of its own.

    None where it cannot be written there.
    """
    made = insert_words(program, word, text)
    if made is None or len(made) != 1:
        return None
    line = program.instruction.line
    start = line.source.rfind("\n", 0, word.span.start) + 1
    indent = line.source[start : word.span.start]
    if indent.strip(" \t") or start <= line.start or line.markers or program.is_exec_form:
        return made[0]
    newline = newline_of(program.instruction)
    return Edit.insertion(word.span.end, f" {line.escape}{newline}{indent}{text}")
