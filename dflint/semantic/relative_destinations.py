"""Where COPY and ADD with a relative destination lead: known, or left to the base image."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, From, Workdir
from dflint.semantic.first_base import first_base
from dflint.semantic.known_value import known_value
from dflint.semantic.occurrences import occurrences
from dflint.semantic.workdir import is_absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.stages import Stage


class RelativeDestination:
    """A relative destination that no WORKDIR of the file decides.

    `path` is its value, `base` the image that decides where it leads, empty in a file without
    stages.
    """

    __slots__ = ("base", "occurrence", "path")

    occurrence: Occurrence
    path: str
    base: str

    def __init__(self, occurrence: Occurrence, path: str, base: str) -> None:
        self.occurrence = occurrence
        self.path = path
        self.base = base


def relative_destinations(model: SemanticModel) -> Iterator[RelativeDestination]:
    """Find the relative destinations above every WORKDIR of their stage, inherited or own.

    A trigger runs in the directory that its image ends with, or that a trigger before it sets.
    """
    stage: Stage | None = None
    is_set = is_set_by_trigger = False
    for found in occurrences(model.tree, From, Workdir, Copy, Add):
        keyword = found.reading.keyword
        if keyword == "from" and not found.is_trigger:
            stage = model.stage_of(found.instruction)
            is_set = stage is not None and _inherits_workdir(stage)
            is_set_by_trigger = stage is not None and _has_workdir(stage)
        elif keyword == "workdir" and not found.is_trigger:
            is_set = is_set_by_trigger = True
        elif keyword == "workdir":
            is_set_by_trigger = True
        elif not (is_set or (found.is_trigger and is_set_by_trigger)):
            path = _relative_path(model, found)
            if path is not None:
                base = first_base(stage)
                yield RelativeDestination(found, path, base)


def _has_workdir(stage: Stage) -> bool:
    return any(isinstance(instruction, Workdir) for instruction in stage.instructions)


def _inherits_workdir(stage: Stage) -> bool:
    if any(_has_workdir(one) for one in stage.ancestors()):
        return True
    return any(
        trigger.keyword == "workdir"
        for one in (stage, *stage.ancestors())
        for _, trigger in one.inherited_triggers()
    )


def _relative_path(model: SemanticModel, found: Occurrence) -> str | None:
    """The destination if it is relative for certain."""
    arguments = found.reading.arguments
    if len(arguments) < 2:
        return None
    word = arguments[-1]
    escape = found.instruction.line.escape
    path = known_value(word, model.environment(found.instruction), escape)
    if path is None:
        # What begins with a plain character is relative whatever the variables behind it are.
        path = word.strip("\"'")
        if path[:1] in ("$", "%") or path[1:2] in ("$", ":"):
            return None
    stage = model.stage_of(found.instruction)
    is_windows = escape == "`" or (
        stage is not None and model.state_before(found.instruction).os_family == "windows"
    )
    # On another system a backslash in front, or a drive's letter, still tells of Windows.
    if not path or is_absolute(path, is_windows) or is_absolute(word.strip("\"'"), is_windows):
        return None
    return path
