"""Programs that an image starts with while nothing says by which signal to stop them."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Entrypoint, StopSignal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel


_DEFAULT = ("SIGTERM", "TERM", "15")


def unset_stop_signals(model: SemanticModel) -> Iterator[tuple[Instruction, str, str]]:
    """The CMDs and ENTRYPOINTs in exec form of the image, with their program and its base image.

    Those of the stages that it is built on count too. None where one of these has a STOPSIGNAL
    that is not SIGTERM, which is what a container gets without one.
    """
    stage = model.final_stage
    if stage is None:
        return
    chain = (stage, *stage.ancestors())
    instructions = [one for each in chain for one in each.instructions]
    signals = [one for one in instructions if isinstance(one, StopSignal)]
    if any("".join(one.reading.arguments[:1]).upper() not in _DEFAULT for one in signals):
        return
    for instruction in instructions:
        reading = instruction.reading
        if isinstance(instruction, (Cmd, Entrypoint)) and reading.is_json and reading.arguments:
            yield instruction, reading.arguments[0], chain[-1].image
