"""Fixes that hand a secret to the commands that need it, and to nothing else: by a mount."""

from __future__ import annotations

import os

from dflint.cst.instructions import Add, Arg, Copy, Env, Run
from dflint.lint.contract import Contract
from dflint.lint.edits import removal, word_removal
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.secret_removal import without_file
from dflint.text.edit import Edit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document

#: What an identifier may have beside letters and digits.
_MARKS = str.maketrans(dict.fromkeys("_.-", "a"))
#: Flags of a copy that say nothing of where its file goes.
_PLAIN_FLAGS = frozenset(("chmod", "chown", "link"))


def mount_variable(
    doc: Document, name: str, applicability: Applicability = Applicability.UNSAFE
) -> Fix | None:
    """All that sets a variable taken out; the RUNs that name it get the secret of that name.

    Where none names it, all get it that had it. None where something else than a RUN reads it.
    """
    edits: list[Edit] = []
    stages: dict[int, int] = {}
    settings: list[Instruction] = []
    for instruction in doc.instructions:
        made = _unset(doc, instruction, name)
        if made is None:
            return None
        if made:
            edits += made
            settings.append(instruction)
            stage = doc.model.stage_of(instruction)
            if stage is not None:
                stages.setdefault(stage.index, doc.model.order(instruction))
    if not settings or not _is_safe_id(name):
        return None
    others = [one for one in doc.instructions if one not in settings]
    users = [one for one in others if _names(one, name)]
    if not all(isinstance(one, Run) for one in users):
        return None
    readers = _behind(doc, stages)
    named = [one for one in readers if one in users]
    if len(named) < len(users):
        return None
    mount = f"type=secret,id={name},env={name}"
    edits += _mounts(doc, named or readers, lambda run: mount)
    title = f"mount `{name}` as a secret, which the build is given with `--secret id={name}`"
    contract = Contract(keys=(f"Env.{name}",))
    return Fix(title, edits, applicability, Effect.FILES, contract=contract)


def mount_file(doc: Document, copy: Instruction, source: str, target: str) -> Fix | None:
    """A secret file that is no longer copied: RUNs behind the copy see it at the same path.

    `source` is its path in the context, `target` the absolute one in the image. What removes the
    copy is left out, and no RUN behind that sees the file. None where the copy has no word of its
    own for the file, or where the removal cannot be taken out.
    """
    stage = doc.model.stage_of(copy)
    removed = _uncopied(doc, copy, source)
    if stage is None or removed is None or not target.startswith("/"):
        return None
    id = os.path.basename(source).lstrip(".")
    if not _is_safe_id(id) or set(target) & set(" \t,\"'$\\"):
        return None
    edits, readers = [removed], []
    for run in _behind(doc, {stage.index: doc.model.order(copy)}):
        gone = without_file(doc, run, target)
        if gone is None:
            return None
        edits += gone.edits
        if not gone.is_all:
            readers.append(run)
        if gone.edits:
            break
    mount = f"type=secret,id={id},target={target}"
    edits += _mounts(doc, readers, lambda run: mount + _mode(doc, run))
    title = f"mount `{source}` as a secret, which the build is given with `--secret id={id},src=…`"
    contract = Contract(gone=(target,))
    return Fix(title, edits, Applicability.UNSAFE, Effect.FILES, contract=contract)


def _is_safe_id(text: str) -> bool:
    return text.isascii() and text.translate(_MARKS).isalnum()


def _is_of_names(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "_")


def _names(instruction: Instruction, name: str) -> bool:
    """Whether an instruction has a name as a word of its own."""
    line = instruction.line
    source, at = line.source, line.start
    while (at := source.find(name, at, line.stop)) >= 0:
        end = at + len(name)
        if not _is_of_names(source[at - 1 : at]) and not _is_of_names(source[end : end + 1]):
            return True
        at += 1
    return False


def _unset(doc: Document, instruction: Instruction, name: str) -> list[Edit] | None:
    """The edits that take a variable out of an ARG or ENV; None where that cannot be done."""
    arguments = instruction.reading.arguments
    if isinstance(instruction, Arg):
        starts = [at for at, one in enumerate(arguments) if one.partition("=")[0] == name]
        count, width = len(arguments), 1
    elif isinstance(instruction, Env):
        starts = [at for at in range(0, len(arguments), 3) if arguments[at] == name]
        count, width = len(arguments) // 3, 2
    else:
        return []
    if not starts:
        return []
    if len(starts) == count:
        whole = removal(doc, instruction)
        return None if whole is None else [whole]
    places = instruction.reading.places
    edits = []
    for at in starts:
        first, last = places[at], places[at + width - 1]
        edit = word_removal(instruction, doc.place(instruction, first[0], last[1]))
        if edit is None:
            return None
        edits.append(edit)
    return edits


def _uncopied(doc: Document, copy: Instruction, source: str) -> Edit | None:
    """The edit that takes a file of the context out of a copy."""
    if not isinstance(copy, (Copy, Add)):
        return None
    reading = copy.reading
    flags = {one.partition("=")[0].lstrip("-") for one in reading.flags}
    if not flags <= _PLAIN_FLAGS or len(reading.arguments) < 2:
        return None
    words = reading.arguments[:-1]
    found = [at for at, one in enumerate(words) if os.path.normpath("/" + one)[1:] == source]
    if len(found) != 1:
        return None
    if len(words) == 1:
        return removal(doc, copy)
    if len(words) == 2 and not reading.arguments[-1].endswith("/"):
        return None  # one source alone would be a file of that name
    return word_removal(copy, doc.place(copy, *reading.places[found[0]]))


def _behind(doc: Document, starts: dict[int, int]) -> list[Run]:
    """The RUNs behind a place of each stage, and those of stages that are built on these.

    `starts` are orders of instructions by the index of their stage.
    """
    starts = dict(starts)
    found: list[Run] = []
    for stage in doc.model.stages:
        if stage.base is not None and stage.base.index in starts:
            starts.setdefault(stage.index, stage.first)
        if stage.index in starts:
            following = doc.instructions[starts[stage.index] + 1 : stage.last]
            found += [one for one in following if isinstance(one, Run)]
    return found


def _mode(doc: Document, run: Run) -> str:
    """What lets the user of a RUN read the mount, which is root's by default."""
    user = doc.model.state_before(run).user
    return "" if user in (None, "root", "0") else ",mode=0444"


def _mounts(doc: Document, runs: Iterable[Run], mount: Callable[[Run], str]) -> list[Edit]:
    return [Edit.insertion(doc.keyword(one).end, f" --mount={mount(one)}") for one in runs]
