"""Settings that PowerShell is given before a script, in SHELL or in the script itself."""

from __future__ import annotations

import re

from dflint.cst.instructions import Shell
from dflint.lint.contract import SAME_IMAGE, may_set
from dflint.lint.edits import newline_of
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.windows_steps import launch_of, powershell_scripts
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.windows_steps import PowerShellScript
    from dflint.semantic.programs import Program
    from dflint.shell.words import Word

_COMMAND = ("-c", "-command")
#: A continuation behind which the script begins, with the indentation of its first line.
_BREAK = LazyPattern(r"[ \t]*+[`\\][ \t]*+\r?+\n(?=(?P<indent>[ \t]*+))")
#: What a setting can stand before: the script, no block and no call of a string.
_BEGINNING = LazyPattern(r"[ \t`\\\r\n]*+[\w$\[(#]", re.ASCII)
#: What PowerShell takes at the beginning of a script alone.
_FIRST = LazyPattern(r"[ \t`\\\r\n]*+(?:param\s*+\(|using\s|\[cmdletbinding)", re.IGNORECASE)


def set_before(doc: Document, script: PowerShellScript, setting: str) -> Fix | None:
    """A setting (`$A = 'b';`) in the SHELL of a script, or in what `cmd` starts PowerShell with.

    None where it is not certain how that is written.
    """
    if not script.is_launched:
        return _set_in_shell(doc, script.instruction, setting)
    span = doc.arguments(script.instruction)
    source = span.slice(doc.text)
    at = launch_of(source)
    if at is None:
        return None
    body = source[at:]
    if body[:1] == '"':
        if not re.fullmatch(r'"(?:\\.|[^"\\])*+"', body.rstrip(), re.DOTALL):
            return None
        at += 1
    edit = _insertion(script.instruction, source, span.start, at, setting)
    return None if edit is None else _fix(setting, edit, Effect.FILES)


def set_in_word(program: Program, word: Word, setting: str) -> Fix | None:
    """A setting at the beginning of a script that a shell of Linux hands over, in quotes."""
    text, span = word.text, word.span
    quote = text[:1]
    if program.is_exec_form or program.parent is not None or quote not in ("'", '"'):
        return None
    if len(text) < 2 or text[-1] != quote or quote in text[1:-1]:
        return None
    setting = setting.replace("'", '"') if quote == "'" else setting.replace("$", "\\$")
    source = program.instruction.line.source
    edit = _insertion(program.instruction, source, 0, span.start + 1, setting)
    return None if edit is None else _fix(setting.replace("\\", ""), edit, Effect.FILES)


def _fix(setting: str, edit: Edit, effect: Effect) -> Fix:
    contract = SAME_IMAGE | may_set("shell") if effect & Effect.METADATA else SAME_IMAGE
    unsafe = Applicability.UNSAFE
    return Fix(f"set `{setting.rstrip(';')}`", (edit,), unsafe, effect, contract=contract)


def _insertion(
    instruction: Instruction, source: str, start: int, at: int, setting: str
) -> Edit | None:
    """The setting where a script begins at `at` of a source that stands at `start` of the file."""
    if _BEGINNING.get().match(source, at) is None or _FIRST.get().match(source, at) is not None:
        return None
    found = _BREAK.get().match(source, at)
    if found is None:
        return Edit.insertion(start + at, f"{setting} ")
    escape, newline = instruction.line.escape, newline_of(instruction)
    row = f"{found['indent']}{setting} {escape}{newline}"
    return Edit.insertion(start + found.end(), row)


def _set_in_shell(doc: Document, instruction: Instruction, setting: str) -> Fix | None:
    """The setting put behind `-Command` in the SHELL above, or behind others that are there."""
    shell = _shell_of(doc, instruction)
    if shell is None or any(
        _FIRST.get().match(one.span.slice(doc.text)) is not None for one in powershell_scripts(doc)
    ):
        return None
    words = shell.reading.arguments
    end = doc.argument(shell, len(words) - 1).end
    if words[-1].lower() in _COMMAND:
        edit = Edit.insertion(end, f', "{setting}"')
    elif len(words) > 2 and words[-2].lower() in _COMMAND and words[-1].rstrip().endswith(";"):
        edit = Edit.insertion(end - 1, f" {setting}")
    else:
        return None
    return _fix(setting, edit, Effect.METADATA | Effect.FILES)


def _shell_of(doc: Document, instruction: Instruction) -> Shell | None:
    """The SHELL that an instruction is read by, where the file has it."""
    stage = doc.model.stage_of(instruction)
    for one in () if stage is None else (stage, *stage.ancestors()):
        for above in reversed(one.instructions):
            is_before = one is not stage or above.line.start < instruction.line.start
            if is_before and isinstance(above, Shell):
                return above if above.reading.is_json else None
    return None
