"""Commands and arguments taken out of a RUN."""

from __future__ import annotations

from dflint.lint.edits import removal
from dflint.shell.statements import Kind
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.words import Word


def without_steps(doc: Document, program: Program, steps: Collection[Command]) -> list[Edit] | None:
    """Some of the commands that `&&` joins taken out, or the RUN if there are no others.

    None where something else joins them, and where a comment stands beside them.
    """
    if program.is_exec_form or program.parent is not None or program.occurrence.is_trigger:
        return None
    if len(steps) == len(program.script.commands):
        whole = None if program.script.comments else removal(doc, program.instruction)
        return None if whole is None else [whole]
    parents = {step.parent for step in steps}
    parent = parents.pop()
    if parents or parent is None or parent.kind is not Kind.AND_OR:
        return None
    statements = parent.statements
    kept = [at for at, one in enumerate(statements) if one not in steps]
    operators = {parent.operator(at) for at in range(len(statements) - 1)}
    if operators != {"&&"} or not kept:
        return None
    edits = []
    for at, first in enumerate(kept):
        if first != (kept[at - 1] + 1 if at else 0):  # something is taken out before it
            begin = kept[at - 1] + 1 if at else 0
            edits.append(Edit(Span(statements[begin].span.start, statements[first].span.start), ""))
    if kept[-1] + 1 < len(statements):
        edits.append(Edit(Span(statements[kept[-1]].span.end, statements[-1].span.end), ""))
    return None if any("#" in edit.span.slice(doc.text) for edit in edits) else edits


def without_last(doc: Document, step: Command) -> tuple[Edit, ...] | None:
    """The last step of those that `&&` joins taken out, with the `&&` before it."""
    parent = step.parent
    if parent is None or parent.kind is not Kind.AND_OR or step.index < 1:
        return None
    operators = {parent.operator(at) for at in range(len(parent.statements) - 1)}
    if operators != {"&&"} or step.index + 1 != len(parent.statements):
        return None
    before = parent.statements[step.index - 1].span.end
    if "#" in doc.text[before : step.span.start]:
        return None
    return (Edit(Span(before, step.span.end), ""),)


def without_word(doc: Document, command: Command, word: Word) -> tuple[Edit, ...] | None:
    """An argument taken out, with the blanks and the continuation before it."""
    before = command.words[command.words.index(word) - 1].span.end
    if doc.text[before : word.span.start].strip(" \t\\\r\n"):
        return None
    return (Edit(Span(before, word.span.end), ""),)
