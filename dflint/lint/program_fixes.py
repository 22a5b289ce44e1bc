"""Fixes of commands in RUN that several rules make."""

from __future__ import annotations

from dflint.lint.fix import Applicability, Effect, Fix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation


def program_of(doc: Document, command: Command) -> Program:
    """The program that a command stands in; ValueError if it is in none of the document's."""
    for program in doc.programs:
        if any(command is one for one in program.script.commands):
            return program
    raise ValueError(f"{command!r} stands in no program of {doc.source.path}")


def add_option(
    doc: Document,
    call: Invocation,
    option: str,
    applicability: Applicability = Applicability.SAFE,
) -> Fix | None:
    """An option put behind the verb of a call; None where it cannot be written there."""
    from dflint.semantic.program_edits import insert_words

    verb = call.verb_argument
    if verb is None:
        return None
    edits = insert_words(program_of(doc, call.command), verb, option)
    if edits is None:
        return None
    return Fix(f"add `{option}`", edits, applicability, Effect.FILES)
