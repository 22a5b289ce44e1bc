"""Where a relative WORKDIR leads: known, or left to the image that a stage begins with."""

from __future__ import annotations

from dflint.cst.instructions import OnBuild, Workdir
from dflint.semantic.expand import evaluate_word
from dflint.semantic.first_base import first_base
from dflint.semantic.known_images import may_set

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.scope import Environment
    from dflint.semantic.stages import Stage


class RelativeWorkdir:
    """The first WORKDIR of a stage, or ONBUILD WORKDIR of an image, when it is relative.

    `place` is the path's in the joined text, `path` its value, `base` the image that decides
    where it leads, empty in a file without stages.
    """

    __slots__ = ("base", "instruction", "path", "place")

    def __init__(
        self, instruction: Instruction, place: tuple[int, int], path: str, base: str
    ) -> None:
        self.instruction = instruction
        self.place = place
        self.path = path
        self.base = base


def relative_workdirs(
    model: SemanticModel, unknown_bases: bool = False, posix_only: bool = False
) -> Iterator[RelativeWorkdir]:
    """Find what BuildKit calls a relative workdir: no WORKDIR comes before, inherited or own.

    A path that begins with a variable that the base image may set may be absolute; with
    `unknown_bases` such a variable counts as unset. With `posix_only` paths of Windows count as
    relative. A trigger runs in the directory that this image ends with, and may see variables of
    another Dockerfile.
    """
    options = (unknown_bases, posix_only)
    settled: set[int] = set()
    if not model.stages:
        yield from _in_fragment(model, unknown_bases, posix_only)
    for stage in model.stages:
        inherited = (trigger.keyword for _, trigger in stage.inherited_triggers())
        if (stage.base is not None and stage.base.index in settled) or "workdir" in inherited:
            settled.add(stage.index)
        triggers: list[tuple[Instruction, Reading]] = []
        for instruction in stage.instructions:
            kind = type(instruction)
            if kind is Workdir:
                if stage.index not in settled:
                    reading = instruction.reading
                    yield from _relative(model, stage, instruction, reading, *options)
                settled.add(stage.index)
            elif kind is OnBuild and instruction.reading.trigger is not None:
                triggers.append((instruction, instruction.reading.trigger))
        first = next((one for one in triggers if one[1].keyword == "workdir"), None)
        if first is not None and stage.index not in settled:
            yield from _relative(model, stage, *first, *options)


def _in_fragment(
    model: SemanticModel, unknown_bases: bool, posix_only: bool
) -> Iterator[RelativeWorkdir]:
    """The first WORKDIR of a file without FROM, which is a part of some stage."""
    from dflint.semantic.occurrences import occurrences

    first = next(occurrences(model.tree, Workdir), None)
    if first is not None:
        yield from _relative(
            model, None, first.instruction, first.reading, unknown_bases, posix_only
        )


def is_absolute(path: str, is_windows: bool) -> bool:
    """Tell whether a path is absolute; one with a drive letter is, whatever the platform."""
    if path[1:2] == ":" and path[0].isalpha():
        return True
    return path.startswith(("/", "\\") if is_windows else "/")


def _relative(
    model: SemanticModel,
    stage: Stage | None,
    instruction: Instruction,
    reading: Reading,
    unknown_bases: bool,
    posix_only: bool,
) -> Iterator[RelativeWorkdir]:
    if not reading.arguments:
        return
    base = first_base(stage)
    escape = instruction.line.escape
    env: Environment = model.environment(instruction)
    expansion = evaluate_word(reading.arguments[0], env.get, escape)
    unset = next((one for one in expansion.references if one.span.start <= 1), None)
    unknown = (
        unset is not None
        and not unset.found
        and not unknown_bases
        and (isinstance(instruction, OnBuild) or may_set(base, unset.name))
    )
    is_windows = model.state_before(instruction).os_family == "windows" or escape == "`"
    path = expansion.text
    absolute = path.startswith("/") if posix_only else is_absolute(path, is_windows)
    if expansion.error is None and not unknown and not absolute:
        yield RelativeWorkdir(instruction, reading.places[0], path, base)
