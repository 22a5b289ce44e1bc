"""Fixes that leave something out: steps, arguments and assignments of scripts, or a flag."""

from __future__ import annotations

from itertools import pairwise

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import flag_removal, has_suppression
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.overridden_fixes import may_drop
from dflint.lint.program_fixes import words_taken
from dflint.lint.step_removal import without_steps
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.lint.document import Document
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.redirects import Assignment
    from dflint.shell.words import Word


def leave_step_out(
    doc: Document,
    program: Program,
    command: Command,
    name: str,
    applicability: Applicability = Applicability.UNSAFE,
) -> Fix | None:
    """A command that does nothing else taken out of its script, or the RUN with it; unsafe.

    Only where `&&` joins it with others, and with no comment beside it.
    """
    if not may_drop(doc, program.instruction) or has_suppression(doc, program.instruction):
        return None
    return _fix(doc, without_steps(doc, program, (command,)), name, applicability)


def leave_words_out(
    doc: Document, program: Program, command: Command, words: Sequence[Word], name: str
) -> Fix | None:
    """Arguments of a command that stand in a row taken out, with the blanks before; unsafe.

    None in exec form, where a comment stands between them, where variables are a part of them, and
    in a script within another that writes them in its own way.
    """
    known = command.words
    if program.is_exec_form or not may_drop(doc, program.instruction):
        return None
    if not all(one in known[1:] and one.span.slice(doc.text) == one.text for one in words):
        return None
    if any("$" in one.text or one.value is None for one in words):
        return None
    at = known.index(words[0])
    if list(known[at : at + len(words)]) != list(words):
        return None
    gone = [(known[at - 1].span.end, words[0].span.start)]
    gone += [(one.span.end, other.span.start) for one, other in pairwise(words)]
    if any(doc.text[begin:end].strip(" \t\\`\r\n") for begin, end in gone):
        return None
    return _fix(doc, [Edit(Span(gone[0][0], words[-1].span.end), "")], name)


def leave_assignment_out(
    doc: Document, program: Program, command: Command, assignment: Assignment
) -> Fix | None:
    """An assignment before a command taken out, with the blanks behind it; unsafe."""
    name = assignment.name
    if not command.words:
        if len(command.assignments) > 1 or command.redirects:
            return None
        return leave_step_out(doc, program, command, name)
    start, end = assignment.span.start, assignment.span.end
    behind = [one.span.start for one in command.assignments]
    behind += [one.span.start for one in command.words]
    after = min((one for one in behind if one >= end), default=end)
    if doc.text[end:after].strip(" \t\\`\r\n") or after == end or program.is_exec_form:
        return None
    if not may_drop(doc, program.instruction):
        return None
    return _fix(doc, [Edit(Span(start, after), "")], name)


def leave_flag_out(doc: Document, occurrence: Occurrence, name: str) -> Fix | None:
    """A flag of an instruction taken out, as a proposal; None in a trigger."""
    if occurrence.is_trigger or not may_drop(doc, occurrence.instruction):
        return None
    edits = (flag_removal(doc, occurrence.instruction, name),)
    level, effect = Applicability.DISPLAY, Effect.FILES
    return Fix("leave the flag out", edits, level, effect, contract=SAME_IMAGE)


def _fix(
    doc: Document,
    edits: Sequence[Edit] | None,
    name: str,
    applicability: Applicability = Applicability.UNSAFE,
) -> Fix | None:
    if edits is None:
        return None
    lost, title = words_taken(doc, edits), f"leave `{name}` out"
    return Fix(title, edits, applicability, Effect.FILES, lost=lost, contract=SAME_IMAGE)
