"""Caches that hold more than their tools fetch again: what COPY brings, what is installed there."""

from __future__ import annotations

from functools import lru_cache

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.copy_destination import is_file_name
from dflint.semantic.expand import evaluate_word
from dflint.semantic.state import join_workdir
from dflint.semantic.unseen_calls import are_named

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.mounted_caches import Keep
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage
    from dflint.shell.invocation import Invocation

#: Directories of more than a cache: what is copied there seldom is one.
_WIDE = ("", "/root", "/usr", "/usr/local", "/usr/local/share", "/var", "/var/cache")


def is_filled_before(own: Program, path: str, model: SemanticModel, is_store: bool = False) -> bool:
    """Whether something is put into a directory before the RUN of a program, which a mount hides.

    By COPY or ADD, of a store with the directory that it is in, or by a RUN that names it.
    """
    stage = model.stage_of(own.instruction)
    if stage is None:
        return False
    known = _fillings(model)
    for one in (stage, *stage.ancestors()):
        key = one.index, path, is_store
        first = known.get(key)
        if first is None:
            first = known[key] = _first_filling(one, path, model, is_store)
        if 0 <= first < own.instruction.line.start:
            return True
    return False


@lru_cache(maxsize=2)
def _fillings(model: SemanticModel) -> dict[tuple[int, str, bool], int]:
    """Where a stage first fills a directory, for those that were asked for."""
    return {}


def _first_filling(stage: Stage, path: str, model: SemanticModel, is_store: bool) -> int:
    """Where an instruction of a stage stands that fills a directory; -1 if none does."""
    names = (path.strip("/"), f"~/{path.removeprefix('/root/')}")
    for instruction in stage.instructions:
        kind = type(instruction)
        if kind is Copy or kind is Add:
            if _brings(instruction, path, model, is_store):
                return instruction.line.start
        elif kind is Run and are_named(instruction.line.text, names):
            return instruction.line.start
    return -1


def _brings(instruction: Instruction, path: str, model: SemanticModel, is_store: bool) -> bool:
    words = instruction.reading.arguments
    if len(words) < 2:
        return False
    values = model.environment(instruction)
    state = model.state_before(instruction)
    word = evaluate_word(words[-1], values.get, instruction.line.escape).text
    target = (join_workdir(state.workdir, word, "linux") or word).rstrip("/")
    if target == path or target.startswith(f"{path}/"):
        return True
    if not is_store or target in _WIDE or not path.startswith(f"{target}/"):
        return False
    return not all(map(is_file_name, words[:-1]))


def names_of_store(keep: Keep, path: str) -> tuple[str, ...]:
    """How else a script names a store: by the end of its path, and by variables of its tool."""
    end = "/".join(path.split("/")[-2:])
    return (end, *(place for place in keep.places[:-1] if "/" not in place))


def are_without_net(keep: Keep, programs: Iterable[Program]) -> bool:
    """Whether a call of a tool there has to find what it wants without a network."""
    for program in programs:
        if program.runs_any(keep.tools):
            is_cut_off = program.occurrence.reading.flag("network") == "none"
            for call in program.invocations_of(*keep.tools):
                if is_cut_off or call.option("--offline") is not None:
                    return True
    return False


def are_filled_by_install(programs: Iterable[Program]) -> bool:
    """Whether Maven installs in one RUN what it may want in another: that cannot be fetched."""
    calls = [(one.instruction, call) for one in programs for call in one.invocations_of("mvn")]
    runs = {instruction for instruction, _ in calls}
    return len(runs) > 1 and any(_installs(call) for _, call in calls)


def _installs(call: Invocation) -> bool:
    return any(
        one.value == "install" or one.prefix.startswith("install:") for one in call.arguments
    )
