"""Fixes of commands in RUN that several rules make."""

from __future__ import annotations

from bisect import bisect_right
from itertools import islice

from dflint.lint.contract import SAME_IMAGE, Contract
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.semantic.program_edits import insert_words
from dflint.text.lazy_pattern import LazyPattern

#: Words of a script without regard to quotes, and operators.
_WORDS = LazyPattern(r"&&|\|\||[;|&()\n]|[^\s;|&()]++")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Argument, Invocation
    from dflint.shell.words import Word
    from dflint.text.edit import Edit


def program_of(doc: Document, command: Command) -> Program:
    """The program that a command stands in; ValueError if it is in none of the document's."""
    start, programs = command.span.start, doc.programs
    first = bisect_right(programs, start, key=lambda one: one.instruction.line.stop)
    for program in islice(programs, first, None):
        if program.instruction.line.start > start:
            break
        if command in program.script.commands:
            return program
    raise ValueError(f"{command!r} stands in no program of {doc.source.path}")


def add_option(
    doc: Document,
    call: Invocation,
    option: str,
    applicability: Applicability = Applicability.SAFE,
    before_verb: bool = False,
    behind: Container[str] = (),
    contract: Contract = SAME_IMAGE,
) -> Fix | None:
    """An option put behind the verb of a call, or before it; None where it cannot be written there.

    Before the verb is right behind the name: where options of the program as a whole belong.
    Options named by `behind` that follow the verb directly stay in front of it.
    """
    edits = option_edits(doc, (call,), option, before_verb, behind)
    if edits is None:
        return None
    return Fix(f"add `{option}`", edits, applicability, Effect.FILES, contract=contract)


def option_edits(
    doc: Document,
    calls: Iterable[Invocation],
    option: str,
    before_verb: bool = False,
    behind: Container[str] = (),
) -> tuple[Edit, ...] | None:
    """The edits that give an option to each of some calls; None if one of them cannot take it."""
    edits: list[Edit] = []
    for call in calls:
        verb = call.verb_argument
        word = _last_option(call, verb, behind).word if verb is not None else None
        if before_verb:
            word = call.word or call.command.program_word
        if word is None or (not before_verb and _is_behind_dashes(call, word)):
            return None
        made = insert_words(program_of(doc, call.command), word, option)
        if made is None:
            return None
        edits += made
    return tuple(edits)


def _is_behind_dashes(call: Invocation, word: Word) -> bool:
    """Whether `--` stands before a word: what follows is no option then."""
    return any(one.value == "--" and one.word.start < word.start for one in call.arguments)


def _last_option(call: Invocation, first: Argument, names: Container[str]) -> Argument:
    """The last of the options with some names that follow an argument; itself if none does."""
    last, is_behind = first, False
    for argument in call.arguments:
        if is_behind:
            given = [option.name for option in call.options if option.argument is argument]
            is_literal = argument.word.text == argument.value
            if not given or not is_literal or not all(name in names for name in given):
                break
            last = argument
        is_behind = is_behind or argument is first
    return last


def words_taken(doc: Document, edits: Iterable[Edit]) -> tuple[str, ...]:
    """The words and operators in the texts that edits remove: what such a fix declares as lost."""
    return tuple(word for edit in edits for word in _WORDS.get().findall(edit.span.slice(doc.text)))
