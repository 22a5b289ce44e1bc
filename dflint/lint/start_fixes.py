"""Fixes of what an image starts with."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint
from dflint.cst.writing import json_string
from dflint.lint.contract import may_set
from dflint.lint.edits import comments_in, removal
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.insertions import insertion_above_comments
from dflint.semantic.shell_scripts import is_written_script
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.shell_form import StartText


def start_fix(doc: Document, start: StartText) -> Fix | None:
    """The exec form where nothing needs a shell, else `exec` in front of the one command.

    What runs as the first process is another one then, and a base image's entry point, the CMD
    of a stage and a script without `#!` all take the two forms differently: only a run can tell.
    """
    text = start.text
    if start.overruling is not None or not start.shell.dialect.is_posix or "{{" in text:
        return None
    instruction = start.instruction
    if start.exec_form:
        if is_written_script(doc.tree, doc.programs, start.words[0]):
            return None
        edits = _array_edits(doc, start)
        level = Applicability.DISPLAY if _has_arguments(doc, start) else Applicability.UNSAFE
        title = f"write the {instruction.KEYWORD} as a JSON array"
        scope = doc.core(instruction)
        effect, contract = Effect.METADATA, may_set(instruction.reading.keyword)
        return None if edits is None else Fix(title, edits, level, effect, scope, (), contract)
    if not start.program or start.hands_over or "=" in text.split(None, 1)[0]:
        return None
    insertion = Edit.insertion(doc.arguments(instruction).start, "exec ")
    return Fix(
        "let the shell hand over with `exec`",
        [insertion],
        Applicability.DISPLAY,
        Effect.METADATA,
        contract=may_set(instruction.reading.keyword),
    )


def _has_arguments(doc: Document, start: StartText) -> bool:
    """Whether a CMD would become the arguments of an ENTRYPOINT that has ignored it.

    So may one of a stage that is built on this one.
    """
    if start.instruction is not start.startup.entrypoint:
        return False
    if start.startup.cmd is not None:
        return True
    home = doc.model.stage_of(start.instruction)
    if home is not None and any(one.keyword == "cmd" for _, one in home.inherited_triggers()):
        return True
    for stage in doc.model.stages if home is not None and doc.all(Cmd) else ():
        chain = [stage, *stage.ancestors()]
        if home in chain[1:]:
            above = [type(one) for part in chain[: chain.index(home)] for one in part.instructions]
            if Cmd in above and Entrypoint not in above:
                return True
    return False


def stop_signal_fix(instruction: Instruction, signal: str) -> Fix:
    """A STOPSIGNAL above what the image starts with."""
    return Fix(
        f"stop it by {signal}",
        (insertion_above_comments(instruction, f"STOPSIGNAL {signal}"),),
        Applicability.UNSAFE,
        Effect.METADATA,
        contract=may_set("stopsignal"),
    )


def without_stopsignal(doc: Document, instruction: Instruction) -> Fix | None:
    """STOPSIGNAL taken away: what the base image says counts then. Unsafe."""
    edit = removal(doc, instruction)
    if edit is None:
        return None
    unsafe, effect = Applicability.UNSAFE, Effect.METADATA
    return Fix("remove STOPSIGNAL", (edit,), unsafe, effect, contract=may_set("stopsignal"))


def _array_edits(doc: Document, start: StartText) -> list[Edit] | None:
    """Each word as a string of JSON in its place, so that lines and comments stay as they are."""
    instruction = start.instruction
    words = start.placed_words
    edits: list[Edit] = []
    for at, (place, word) in enumerate(words):
        span = doc.place(instruction, *place)
        string = json_string(word)
        if string is None or comments_in(instruction, span):
            return None
        opening, closing = "[" if at == 0 else "", "]" if at == len(words) - 1 else ","
        edits.append(Edit(span, opening + string + closing))
    begin = doc.arguments(instruction).start
    if edits[0].span.start > begin:
        exec_span = Span(begin, edits[0].span.start)
        if comments_in(instruction, exec_span):
            return None
        edits.insert(0, Edit(exec_span, ""))
    return edits
