"""Which instructions are laid out already, told at first sight."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.format.options import FormatOptions

#: Instructions whose words have one blank between them and nothing else to see to.
_LISTS = frozenset(("COPY", "ADD", "EXPOSE", "VOLUME", "ENV", "LABEL", "ARG"))
_STRINGS = frozenset(("USER", "WORKDIR", "STOPSIGNAL"))
_SCRIPTS = frozenset(("RUN", "CMD", "ENTRYPOINT"))


def is_tidy(instruction: Instruction, whole: str, options: FormatOptions) -> bool:
    """Whether nothing is to be done about an instruction; false says nothing.

    `whole` is all its text from the beginning of its first line on. Two in three instructions are
    short lines with single blanks.
    """
    line = instruction.line
    text = line.text
    if len(text) > (options.line_length or len(text)) or options.keyword_case != "upper":
        return False
    keyword = instruction.KEYWORD
    if not text.startswith(keyword + " ") or "  " in text or "\t" in text or line.bodies:
        return False
    if len(line.pieces) > 1 or whole != text + "\n":
        return False
    if keyword in _SCRIPTS:
        return not any(mark in text for mark in "&|;[\"'`(")
    if keyword == "FROM":
        return text.count(" ") == 1 or " AS " in text
    if keyword in _LISTS:
        return "[" not in text
    return keyword in _STRINGS
