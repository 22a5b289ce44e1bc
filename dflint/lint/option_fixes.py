"""Fixes that leave options of commands out."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import comments_within
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.program_fixes import program_of
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation, Option


def leave_out(doc: Document, call: Invocation, option: Option) -> Fix | None:
    """The call without one of its options; unsafe, for it then does something else.

    Of a cluster (`-sk`) only the letter goes, and of an option the value goes too. None in exec
    form, where a comment stands between, and where one says what the option is for.
    """
    program = program_of(doc, call.command)
    if _is_explained(program.instruction, option.name):
        return None
    edit = _without_letter(program, option) or _without_words(program, call, option)
    if edit is None:
        return None
    lost = tuple(edit.span.slice(doc.text).split())
    title = f"leave `{option.name}` out"
    return Fix(title, (edit,), Applicability.UNSAFE, Effect.FILES, lost=lost, contract=SAME_IMAGE)


def _is_explained(instruction: Instruction, name: str) -> bool:
    """Whether a comment above an instruction or in it names an option, with its hyphens or not."""
    line = instruction.line
    above = line.source[line.above : line.start]
    if "#" not in above and len(line.pieces) < 2:
        return False
    words = above.split()
    for comment in comments_within(instruction):
        words += comment.split()
    names = (name, name.lstrip("-")) if len(name) > 2 else (name,)
    return any(word.strip("\"'`()[],.;:") in names for word in words)


def _without_letter(program: Program, option: Option) -> Edit | None:
    """The removal of one letter of a cluster."""
    word, letter = option.argument.word, option.name[1:]
    text = word.text
    if len(option.name) != 2 or len(text) < 3 or text[:1] != "-" or option.given is not None:
        return None
    source = program.instruction.line.source
    if word.value != text or word.span.slice(source) != text or text.count(letter) != 1:
        return None
    start = word.span.start + text.index(letter)
    return Edit(Span(start, start + 1), "")


def _without_words(program: Program, call: Invocation, option: Option) -> Edit | None:
    """The removal of the option's words with the blanks before them."""
    first = option.argument.word
    last = option.given.word if option.given is not None else first
    words = call.command.words
    if first not in words or last not in words or program.is_exec_form:
        return None
    if first.text.partition("=")[0] != option.name:
        return None
    at = words.index(first)
    source = program.instruction.line.source
    before = words[at - 1].span.end
    if at == 0 or "#" in source[before : last.span.end]:
        return None
    if words.index(last) - at > 1 or source[before : first.span.start].strip(" \t\\`\r\n"):
        return None
    return Edit(Span(before, last.span.end), "")
