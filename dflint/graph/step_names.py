"""The names of steps, as BuildKit's progress shows them."""

from __future__ import annotations

from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.variables import Variables

#: The instructions that the numbers of a stage's steps count.
COUNTED = frozenset(("run", "copy", "add", "workdir"))
CONTEXT = "[internal] load build context"


def metadata_name(reference: str) -> str:
    """The name of asking for an image's configuration."""
    return f"[internal] load metadata for {reference}"


def instruction_name(instruction: Instruction, reading: Reading, variables: Variables) -> str:
    """An instruction with its keyword in upper case and its variables replaced.

    RUN keeps its quotes, and what is not set as it is written.
    """
    line = instruction.line
    keyword, blank, rest = line.text.partition(" ")
    text = keyword.upper() + blank + rest
    if reading.keyword == "run":
        expansion = evaluate_word(
            text, variables.get, line.escape, raw_quotes=True, keep_unset=True
        )
    else:
        expansion = evaluate_word(text, variables.get, line.escape)
    if expansion.error is None:
        text = expansion.text
    if reading.keyword == "run" and line.markers and _is_heredoc(reading):
        start, end, _ = line.bodies[0]
        lines = line.source[start:end].strip().replace("\r\n", "\n").split("\n")
        text += f" ({lines[0]}{'...' if len(lines) > 1 else ''})"
    return text


def _is_heredoc(reading: Reading) -> bool:
    from dflint.graph.lower_run import is_heredoc

    return bool(reading.arguments) and is_heredoc(reading.arguments[0])
