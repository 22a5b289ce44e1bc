"""What a RUN does to take a file away again, taken out of it."""

from __future__ import annotations

from dflint.lint.edits import removal
from dflint.lint.step_removal import without_last, without_word
from dflint.semantic.program_edits import remove_step
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Run
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.words import Word
    from dflint.text.edit import Edit

_REMOVING = ("rm", "shred", "unlink")
_HOMES = ("~/", "$HOME/", "${HOME}/")


class Taken:
    """The edits that take the removal of a file out of a RUN, none where it removes nothing.

    `is_all` tells that nothing of the RUN is left.
    """

    __slots__ = ("edits", "is_all")

    def __init__(self, edits: tuple[Edit, ...] = (), is_all: bool = False) -> None:
        self.edits = edits
        self.is_all = is_all


def without_file(doc: Document, run: Run, target: str) -> Taken | None:
    """The removal of a file by its absolute path; None where it cannot be taken out."""
    found = _removals(doc, run, target)
    if found is None or len(found) > 1:
        return None
    if not found:
        return Taken()
    program, command, word = found[0]
    operands = [one for one in command.words[1:] if not one.text.startswith("-")]
    if len(operands) > 1:
        return _taken(without_word(doc, command, word))
    if command.parent is None or len(program.script.commands) == 1:
        whole = removal(doc, run)
        return None if whole is None or program.is_exec_form else Taken((whole,), True)
    return _taken(remove_step(program, command) or without_last(doc, command))


def _removals(doc: Document, run: Run, target: str) -> list[tuple[Program, Command, Word]] | None:
    """Where a RUN removes a file; None where it removes a directory that the file is in.

    A mount cannot be removed with its directory.
    """
    state = doc.model.state_before(run)
    found: list[tuple[Program, Command, Word]] = []
    programs = [one for one in doc.programs if one.instruction is run]
    commands = [(one, command) for one in programs for command in one.script.commands]
    for program, command in commands:
        if command.name_value not in _REMOVING:
            continue
        for word in command.words[1:]:
            path = _path(word, state.workdir or "/", state.os_family)
            if path == target:
                found.append((program, command, word))
            elif path and target.startswith(path.rstrip("/") + "/"):
                return None
    return found


def _taken(edits: tuple[Edit, ...] | None) -> Taken | None:
    return None if edits is None else Taken(edits)


def _path(word: Word, workdir: str, os_family: str) -> str | None:
    """The absolute path that a word names; `~` is the home of root."""
    text = word.text.strip("\"'")
    for home in _HOMES:
        if text.startswith(home):
            return f"/root/{text[len(home) :]}"
    if word.value is None or word.value.startswith("-"):
        return None
    return join_workdir(workdir, word.value, os_family)
