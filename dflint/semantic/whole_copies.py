"""Copies of one root file system over another."""

from __future__ import annotations

from dflint.cst.instructions import Copy, Run
from dflint.semantic.known_images import OFFICIAL
from dflint.semantic.known_value import known_value
from dflint.semantic.occurrences import occurrences
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.occurrences import Occurrence

_ROOTS = ("/", "/.", "/*", ".", "./", "*", "./*")


def whole_copies(model: SemanticModel) -> Iterator[Occurrence]:
    """Find each `COPY --from=x / /` that puts one system over another.

    Onto an empty image it makes one layer of many, which is what people do it for; and what was
    put together in an empty image, or comes from an image of no known kind as it is, may be just
    what is to be added.
    """
    for found in occurrences(model.tree, Copy):
        name = found.reading.flag("from")
        if name and _is_of_roots(model, found) and _is_system(model, found, name):
            yield found


def _is_of_roots(model: SemanticModel, found: Occurrence) -> bool:
    *sources, destination = found.reading.arguments or ("",)
    instruction = found.instruction
    if not any(source.strip("\"'") in _ROOTS for source in sources):
        return False
    path = known_value(destination, model.environment(instruction), instruction.line.escape)
    if path is None:
        return False
    state = model.state_before(instruction)
    # Where a relative path leads is for the base image to say, until a WORKDIR does.
    if not path.startswith("/") and not state.workdir_set:
        return False
    return join_workdir(state.workdir, path, state.os_family) == "/"


def _is_system(model: SemanticModel, found: Occurrence, name: str) -> bool:
    stage = model.stage_of(found.instruction)
    if stage is None:
        return True
    if (stage.ancestors() or [stage])[-1].is_scratch:
        return False
    # A trigger names stages of the Dockerfile that runs it.
    source = None if found.is_trigger else model.stage_named(name, stage)
    if source is None and not found.is_trigger and name.isdigit() and int(name[:9]) < stage.index:
        source = model.stages[int(name[:9])]
    if source is None:
        return _is_official(name)
    stages = (source, *source.ancestors())
    # What nothing runs in may be an image that holds just what is to be added, as one's tools.
    has_run = any(isinstance(one, Run) for stage in stages for one in stage.instructions)
    return not stages[-1].is_scratch and (has_run or _is_official(stages[-1].image))


def _is_official(image: str) -> bool:
    return image.partition("@")[0].partition(":")[0] in OFFICIAL
