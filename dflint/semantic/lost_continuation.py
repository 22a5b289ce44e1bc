"""Why a line does not belong to the instruction above it, though it looks like a part of it."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Instruction, Run
from dflint.text.edit import Edit
from dflint.text.span import Span

_BLANKS = " \t\r"


def broken_end(instruction: Instruction) -> str:
    """Say what keeps an instruction from going on in the next line; empty when nothing does.

    That is something behind its escape character, the escape character of another platform, or
    a heredoc where none is read.
    """
    line = instruction.line
    text = line.source[line.source.rfind("\n", line.start, line.end) + 1 or line.start : line.end]
    escape = line.escape
    stripped = text.rstrip()
    if stripped.endswith(escape * 2):
        return f"the two `{escape}` above are no continuation, write one"
    if stripped.endswith(escape) and text.rstrip(_BLANKS) != stripped:
        sign = ord(text.rstrip(_BLANKS)[-1])
        return f"behind the `{escape}` above stands U+{sign:04X}, which is no plain blank"
    code, hash_sign, _ = text.rpartition("#")
    if hash_sign and code.rstrip().endswith(escape) and code[-1:] in " \t":
        return f"a comment behind the `{escape}` above ends the instruction, move it"
    if ends_for_others(instruction):
        other = "`" if escape == "\\" else "\\"
        return f"this file continues lines with {_shown(escape)}, not with {_shown(other)}"
    if "<<" in line.text and not line.markers and not isinstance(instruction, (Run, Copy, Add)):
        return f"`{instruction.KEYWORD}` takes no heredoc, its lines are read as instructions"
    return ""


def ends_for_others(instruction: Instruction) -> bool:
    """Whether an instruction ends in what would continue it with the other escape character."""
    line = instruction.line
    start = line.source.rfind("\n", line.start, line.end) + 1 or line.start
    text = line.source[start : line.end].rstrip()
    other = "`" if line.escape == "\\" else "\\"
    return text.endswith(other) and (text == other or text[-2] in " \t")


def mended_end(instruction: Instruction) -> Edit | None:
    """What makes an instruction go on in the next line, as `broken_end` says that it was to.

    Where nothing is broken a continuation is put at its end. None where it reads heredocs, or
    another one has to be closed first.
    """
    line = instruction.line
    start = line.source.rfind("\n", line.start, line.end) + 1 or line.start
    text = line.source[start : line.end]
    escape = line.escape
    stripped = text.rstrip()
    end = start + len(stripped)
    if line.markers or "<<" in line.text:
        return None
    if stripped.endswith(escape * 2):
        return Edit(Span(end - 1, end), "")
    if stripped.endswith(escape):
        return Edit(Span(end, start + len(text.rstrip("\r"))), "")
    code, hash_sign, _ = text.rpartition("#")
    if hash_sign and code.rstrip().endswith(escape) and code[-1:] in " \t":
        newline = "\r\n" if line.source.startswith("\r\n", line.end) else "\n"
        kept = len(code.rstrip())
        return Edit(Span(start + kept, start + len(code)), newline)
    if "#" in text:
        return None
    if ends_for_others(instruction):
        return Edit(Span(end - 1, end), escape)
    return Edit.insertion(end, f" {escape}")


def _shown(escape: str) -> str:
    return "`` ` ``" if escape == "`" else f"`{escape}`"
