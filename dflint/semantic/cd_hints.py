"""Quick looks for `cd` in a RUN, which spare most files the reading of shell programs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction


def may_end_with_cd(run: Instruction) -> bool:
    """Tell whether the last command of a RUN may be `cd`."""
    line = run.line
    if line.markers:
        return "cd" in line.source[line.start : line.stop]
    text = line.text
    if "cd" not in text:
        return False
    start = max(text.rfind("&&") + 2, text.rfind(";") + 1, 0)
    return "cd" in text[start:].split()


def may_begin_with_cd(run: Instruction) -> bool:
    """Tell whether a RUN may begin with `cd`, after `set` and `mkdir` at most."""
    line = run.line
    if line.markers:
        return "cd " in line.source[line.start : line.stop]
    if "cd " not in line.text:
        return False
    for word in line.text.split(None, 12)[1:]:
        if not word.startswith("-"):
            return word in ("cd", "set", "mkdir")
    return False


def may_have_middle_cd(run: Instruction) -> bool:
    """Tell whether a RUN may have one `cd` between other commands."""
    line = run.line
    return not line.markers and "&&" in line.text and line.text.count("cd ") == 1
