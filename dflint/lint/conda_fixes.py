"""Proposals to let uv install what conda does."""

from __future__ import annotations

import re

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.lint.step_removal import without_word
from dflint.semantic.conda_packages import may_leave, requirement
from dflint.semantic.refusals import final_refusal
from dflint.shell.statements import Kind
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.words import Word

#: Options of conda that uv needs no equal of: it asks nothing, and knows no channels.
_NEEDLESS = frozenset((
    "-y", "--yes", "-q", "--quiet", "-c", "--channel", "--override-channels", "--update-deps",
    "--no-update-deps", "--freeze-installed", "--strict-channel-priority",
    "--no-channel-priority",
))  # fmt: skip
_PLAIN = re.compile(r"[\w.=!-]+")


def install_with_uv(doc: Document, program: Program, call: Invocation) -> Fix | None:
    """The same packages from PyPI; None where one is not known, or goes to an environment.

    Nor beside packages of conda's own: pip's and conda's in one environment undo each other.
    """
    if final_refusal(doc.problems, doc.text) or MARKUP.get().search(doc.text):
        return None
    command = call.command
    if call.action != "install" or not _is_open(program, command):
        return None
    if any(option.name not in _NEEDLESS for option in call.options):
        return None
    stage = program.stage_number
    beside = [one for one in doc.programs if one.stage_number == stage]
    if not may_leave(other for one in beside for other in one.invocations_of("conda", "mamba")):
        return None
    renamed, dropped = _renamed(call), _dropped(doc, call)
    if renamed is None or dropped is None:
        return None
    start = "" if _has_uv(doc, program, command) else "pip install uv && "
    edit = Edit(call.span, f"{start}uv pip install --system")
    title = "install from PyPI with uv"
    return Fix(
        title, (edit, *renamed, *dropped), Applicability.DISPLAY, Effect.FILES, contract=SAME_IMAGE
    )


def _is_open(program: Program, command: Command) -> bool:
    """Whether a call stands in the script itself, so that another can be put before it."""
    if program.is_exec_form or program.parent is not None or program.occurrence.is_trigger:
        return False
    if command.redirects or command.assignments or command.program_word is not command.name:
        return False
    if any(one.kind not in (Kind.SCRIPT, Kind.AND_OR) for one in command.ancestors):
        return False
    if command.words[0].value != command.name_value:
        return False  # another Python than the one that is found first
    is_behind = command.operator_before in (None, "&&", ";", "\n")
    return is_behind and not command.is_negated and command.operator_after != "&"


def _renamed(call: Invocation) -> list[Edit] | None:
    """The packages as PyPI calls them."""
    edits = []
    for operand in call.operands:
        made = requirement(operand.value or "")
        if made is None or "$" in operand.word.text:
            return None
        written = made if _PLAIN.fullmatch(made) else f"'{made}'"
        if written != operand.word.text:
            edits.append(Edit(operand.span, written))
    return edits


def _dropped(doc: Document, call: Invocation) -> list[Edit] | None:
    """The verb and the options taken out."""
    words: dict[int, Word] = {}
    for argument in (
        call.verb_argument,
        *(one for option in call.options for one in (option.argument, option.given)),
    ):
        if argument is not None:
            words[argument.word.start] = argument.word
    edits: list[Edit] = []
    for word in words.values():
        made = without_word(doc, call.command, word)
        if made is None:
            return None
        edits += made
    return edits


def _has_uv(doc: Document, program: Program, command: Command) -> bool:
    """Whether uv is named before a call, in its stage or those below: then it is there."""
    model = doc.model
    stage = model.stage_of(program.instruction)
    if stage is None:
        return False
    texts = [program.script.text[: command.start]]
    for one in (stage, *stage.ancestors()):
        for instruction in one.instructions:
            if one is stage and instruction is program.instruction:
                break
            texts.append(instruction.line.text)
    return any(re.search(r"(?<![\w.-])uv(?![\w.-])", text) for text in texts)
