"""The fix that gives a file its mode where it is copied."""

from __future__ import annotations

import re

from dflint.cst.instructions import Add, Copy
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import extent, has_suppression, removal_to
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.lint.step_fixes import has_front_end
from dflint.semantic.program_edits import remove_last_step, remove_step
from dflint.semantic.refusals import final_refusal
from dflint.semantic.state import join_workdir
from dflint.shell.conditions import is_optional
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument, Invocation

_OCTAL = LazyPattern(r"0?[0-7]{3}")
#: An ending that directories have not: neither `conf.d` nor `jdk-11.0.2`.
_ENDING = LazyPattern(r".+\.(?!d$)[A-Za-z]\w*", re.ASCII)
#: What puts another file, with a mode of its own, in the place of one.
_REPLACING = frozenset(("mv", "cp", "rm", "ln", "install", "rsync", "unlink"))
#: What these make of the usual mode of a file, 644.
_MODES = {
    "+x": "755", "a+x": "755", "ugo+x": "755", "+rx": "755", "a+rx": "755", "u+x": "744",
    "u+rwx": "744", "u=rwx,go=rx": "755", "u=rwx,g=rx,o=rx": "755", "a=rx": "555", "ug+x": "754",
}  # fmt: skip
#: Directories that every image has.
_THERE = frozenset((
    "/", "/bin", "/sbin", "/etc", "/opt", "/root", "/tmp", "/usr", "/usr/bin", "/usr/sbin",
    "/usr/local", "/usr/local/bin", "/usr/local/sbin", "/usr/lib", "/usr/share", "/home", "/var",
    "/srv", "/mnt",
))  # fmt: skip


def mode_where_copied(
    doc: Document, program: Program, call: Invocation, argument: Argument, copy: Instruction
) -> Fix | None:
    """`--chmod` for the COPY, and a `chmod` without the file, or none.

    Unsafe: it is taken that the source is a file, and of the usual mode. Proposed where its name
    has no ending and the mode may be that of a directory.
    """
    mode = _mode(call)
    if not mode or not isinstance(copy, Copy) or not _may_change(doc, program, call, copy):
        return None
    path = argument.value or ""
    parent = path.rpartition("/")[0] or "/"
    if mode.lstrip("0") != "755" and parent not in _THERE:
        workdir = doc.model.state_before(copy)
        if not workdir.workdir_set or parent != (workdir.workdir or "").rstrip("/"):
            return None  # COPY would give the directories that it makes that mode
    if _is_copied_over(doc, copy, program.instruction, path):
        return None
    if _is_replaced(doc, copy, call, path.rpartition("/")[2]):
        return None
    edits = _without(doc, program, call, argument, copy)
    if edits is None:
        return None
    flag = _flag_edit(doc, copy, mode)
    run = program.instruction.line
    scope = Span(extent(copy).start, run.stop)
    applicability = Applicability.UNSAFE if _is_file(call, path, copy) else Applicability.DISPLAY
    title, effect = f"copy it with `--chmod={mode}`", Effect.FILES | Effect.LAYERS
    return Fix(title, (flag, *edits), applicability, effect, scope, contract=SAME_IMAGE)


def _mode(call: Invocation) -> str:
    """The mode as COPY writes it; empty where it is not known."""
    words = [one.value for one in call.arguments]
    if len(words) < 2 or any(one is None for one in words):
        return ""
    mode = words[0] or ""
    return mode if _OCTAL.get().fullmatch(mode) else _MODES.get(mode, "")


def _may_change(doc: Document, program: Program, call: Invocation, copy: Copy) -> bool:
    """Whether both are instructions of their own, and the command runs in any case."""
    if doc.settings.engine != "buildkit" or program.parent is not None or program.is_exec_form:
        return False
    if program.occurrence.is_trigger or is_optional(call.command) or call.command.redirects:
        return False
    run = program.instruction
    if any(has_suppression(doc, one) for one in (run, copy)):
        return False
    if MARKUP.get().search(doc.text, copy.line.above, run.line.stop):
        return False
    if doc.model.stage_of(run) is not doc.model.stage_of(copy):
        return False
    return has_front_end(doc, 2) and final_refusal(doc.problems, doc.text) is None


def _is_file(call: Invocation, path: str, copy: Copy) -> bool:
    """Whether what is copied is no directory, by its name or by what is done to it."""
    if copy.line.markers or _ENDING.get().fullmatch(path.rpartition("/")[2]) is not None:
        return True
    mode = call.arguments[0].value or ""
    return mode.endswith("x") and "=" not in mode  # a directory has that anyway


def _is_copied_over(doc: Document, copy: Copy, run: Instruction, path: str) -> bool:
    """Whether another instruction between the two may bring the file once more."""
    order = doc.model.order
    for one in doc.instructions[order(copy) + 1 : order(run)]:
        if not isinstance(one, (Copy, Add)) or not one.reading.arguments:
            continue
        *sources, target = one.reading.arguments
        where = join_workdir(doc.model.state_before(one).workdir, target, "linux")
        if where is None or "$" in target:
            return True
        if not path.startswith(where.rstrip("/") + "/") and where != path:
            continue
        if where == path or not all(_is_another(source, path) for source in sources):
            return True
    return False


def _is_replaced(doc: Document, copy: Copy, call: Invocation, name: str) -> bool:
    """Whether a command between the two names the file and may put another in its place."""
    start, end = copy.line.stop, call.command.span.start
    if name not in doc.text[start:end]:
        return False
    return any(
        start <= one.command.span.start < end and name in one.command.text
        for program in doc.programs
        for one in program.invocations_of(*_REPLACING)
    )


def _is_another(source: str, path: str) -> bool:
    """Whether a source is a file with another name than a path's."""
    name = source.rpartition("/")[2]
    return "." in name[1:] and name != path.rpartition("/")[2] and not set(name) & set("*?[$")


def _flag_edit(doc: Document, copy: Copy, mode: str) -> Edit:
    if copy.reading.flag("chmod") is not None:
        return Edit(doc.flag(copy, "chmod"), f"--chmod={mode}")
    return Edit.insertion(doc.keyword(copy).end, f" --chmod={mode}")


def _without(
    doc: Document, program: Program, call: Invocation, argument: Argument, copy: Copy
) -> tuple[Edit, ...] | None:
    """The script without the file, without the command, or without the RUN."""
    command, source = call.command, doc.text
    words = command.words
    if len(call.arguments) > 2:
        at = words.index(argument.word) if argument.word in words else 0
        before = words[at - 1].span.end
        between = source[before : argument.span.start]
        if at == 0 or "#" in between:
            return None
        return (Edit(Span(before, argument.span.end), ""),)
    if len(program.script.commands) == 1 and not program.script.comments:
        return tuple(removal_to(program.instruction, copy))
    return remove_step(program, command) or remove_last_step(program, command)
