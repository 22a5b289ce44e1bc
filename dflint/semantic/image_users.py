"""Whether root runs a RUN, as far as the file and well-known images tell."""

from __future__ import annotations

from functools import lru_cache

from dflint.cst.instructions import Run
from dflint.semantic.known_images import FULL_SYSTEMS, repository_of
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program

#: Further images that root runs.
_OF_ROOT = FULL_SYSTEMS | frozenset((
    "alpine", "busybox", "composer", "docker", "nvidia/cuda", "oven/bun",
    "mcr.microsoft.com/dotnet/sdk", "mcr.microsoft.com/dotnet/core/sdk",
    "continuumio/miniconda3", "phusion/baseimage",
))  # fmt: skip
#: What root alone can do.
_INSTALLING = LazyPattern(
    r"\b(?:apt-get|apt|yum|dnf|microdnf|zypper)\b[^;&|]*?\binstall\b|\bapk\b[^;&|]*?\badd\b"
)


def is_run_by_root(program: Program, model: SemanticModel) -> bool | None:
    """Whether root runs a program; None where that cannot be told."""
    if program.occurrence.is_trigger or program.stage_number < 0:
        return None
    user = model.state_before(program.instruction).user
    if user is not None and user != "":
        name = user.partition(":")[0]
        return None if "$" in name else name in ("root", "0")
    base = program.base_image
    if repository_of(base) in _OF_ROOT and "rootless" not in base:
        return True
    return program.stage_number in _stages_of_root(model) or None


@lru_cache(maxsize=2)
def _stages_of_root(model: SemanticModel) -> frozenset[int]:
    """The stages that root runs where no USER is set: what only root can do is done there."""
    found: set[int] = set()
    for stage in model.stages:
        if stage.base is not None and stage.base.index in found:
            found.add(stage.index)
            continue
        for instruction in stage.instructions:
            if type(instruction) is Run and _needs_root(instruction.line.text):
                if model.state_before(instruction).user is None:
                    found.add(stage.index)
                break
    return frozenset(found)


def _needs_root(text: str) -> bool:
    """Whether a RUN has a package manager of the system install something, without sudo."""
    return "sudo" not in text and _INSTALLING.get().search(text) is not None
