"""Files of a stage that another one takes: by COPY or ADD, or by a mount."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.mount_options import parse_mount
from dflint.semantic.path_patterns import covers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program


def are_taken_elsewhere(own: Program, directories: Sequence[str], model: SemanticModel) -> bool:
    """Whether directories that a program fills are taken from its stage, or from one built on it.

    A mount of all files counts where its RUN names one of them.
    """
    for reference in model.references:
        stage = reference.stage
        if stage is None:
            continue
        if own.stage_number not in (stage.index, *(one.index for one in stage.ancestors())):
            continue
        for source in _sources(reference.instruction):
            for directory in directories:
                if covers(source, directory) or source.startswith(f"{directory}/"):
                    return True
                named = directory.strip("~/")
                if source == "" and named in reference.instruction.line.text:
                    return True
    return False


def _sources(instruction: Instruction) -> Iterator[str]:
    """What an instruction takes; an empty name for all that a mount brings."""
    if isinstance(instruction, (Copy, Add)):
        yield from instruction.reading.arguments[:-1]
    elif isinstance(instruction, Run):
        for text in instruction.reading.flag_values("mount"):
            mount = parse_mount(text)
            if mount.source_name:
                yield mount.source.rstrip("/")
