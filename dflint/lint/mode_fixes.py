"""Fixes of modes that let everybody write."""

from __future__ import annotations

import re

from dflint.cst.instructions import Add, Copy, User
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.file_modes import GivenMode
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation

#: Names of scripts, and of what stands where programs do.
_PROGRAM = LazyPattern(r".*(?:\.(?:sh|bash|py|pl)|(?:^|/)s?bin/[\w.-]+)")
_WITHOUT = {"777": "755", "0777": "0755", "a+rwx": "a+rx", "ugo+rwx": "ugo+rx"}
#: What stands before the name of a file that is written to.
_WRITERS = r"(?:>|\b(?:tee|sed|cp|dd|install|patch|perl|truncate|curl|wget)\b)"
_USER = LazyPattern(r"[\w.-]+(?::[\w.-]+)?", re.ASCII)


def without_writing(doc: Document, given: GivenMode) -> Fix | None:
    """755 in the place of 777 where all that it is given to are programs.

    Else a `chown` is proposed, where the file says who runs later.
    """
    mode = _WITHOUT.get(given.text)
    if mode is None:
        return None
    effect = Effect.FILES
    for program in doc.programs:
        for call in program.invocations_of("chmod"):
            if call.arguments and any(one.span == given.span for one in call.arguments):
                if _are_programs(doc, call):
                    edits = (Edit(given.span, mode),)
                    title, unsafe = f"give it the mode `{mode}`", Applicability.UNSAFE
                    return Fix(title, edits, unsafe, effect, contract=SAME_IMAGE)
                return _given_away(doc, program, call, given)
    for one in doc.instructions:
        if not isinstance(one, (Copy, Add)) or one.reading.flag("chmod") != given.text:
            continue
        sources = one.reading.arguments[:-1]
        if doc.flag(one, "chmod").contains(given.span) and all(map(_is_program, sources)):
            edits = (Edit(given.span, mode),)
            title, unsafe = f"give it the mode `{mode}`", Applicability.UNSAFE
            return Fix(title, edits, unsafe, effect, contract=SAME_IMAGE)
    return None


def _is_program(path: str | None) -> bool:
    return path is not None and _PROGRAM.get().fullmatch(path) is not None


def _are_programs(doc: Document, call: Invocation) -> bool:
    """Whether a `chmod` names programs alone, which nothing below writes to."""
    if call.option("-R", "--recursive") is not None or len(call.operands) < 2:
        return False
    later = doc.text[call.command.span.end :]
    for one in call.operands[1:]:
        if not _is_program(one.value):
            return False
        name = re.escape((one.value or "").rpartition("/")[2])
        if re.search(rf"{_WRITERS}[^\n]*{name}", later) is not None:
            return False
    return True


def _given_away(doc: Document, program: Program, call: Invocation, given: GivenMode) -> Fix | None:
    """`chown` in the place of root's `chmod`, if a USER follows in the stage."""
    instruction = program.instruction
    stage = doc.model.stage_of(instruction)
    word = call.word or call.command.program_word
    if stage is None or word is None or word.text != "chmod" or program.is_exec_form:
        return None
    if (doc.model.state_before(instruction).user or "root") not in ("root", "0"):
        return None
    order = doc.model.order
    for one in stage.instructions:
        if isinstance(one, User) and order(one) > order(instruction):
            user = "".join(one.reading.arguments)
            if user.partition(":")[0] in ("root", "0") or not _USER.get().fullmatch(user):
                return None
            edits = (Edit(word.span, "chown"), Edit(given.span, user))
            title = f"give it to `{user}`"
            return Fix(title, edits, Applicability.DISPLAY, Effect.FILES, contract=SAME_IMAGE)
    return None
