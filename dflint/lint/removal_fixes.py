"""Fixes that remove a file, in the RUN that brought it, behind the command that has used it."""

from __future__ import annotations

import re

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.semantic.cleanups import cleanup_edits
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.words import Word

#: A name that is the same file for `rm`, and no more than one.
_NAME = LazyPattern(r"[\w./:@%+,=-]++", re.ASCII)


def remove_behind(doc: Document, program: Program, command: Command, word: Word) -> Fix | None:
    """`rm` of the file that a word names, behind the command that it is an argument of.

    Unsafe: whether something else wants the file, only a build can tell. None where its name
    does not stand before in the RUN, stands anywhere below, or is not a plain one.
    """
    text = word.text
    name = text.rpartition("/")[2]
    if _NAME.get().fullmatch(text) is None or text.startswith("-") or not name:
        return None
    line, start = program.instruction.line, command.span.start
    is_brought = doc.text.find(name, line.start, start) >= 0
    if not is_brought or doc.text.find(name, command.span.end) >= 0:
        return None
    if program.occurrence.reading.flag_values("mount"):
        return None
    edits = cleanup_edits([(program, command)], f"rm {text}")
    if edits is None:
        return None
    title, effect = f"remove `{name}` behind it", Effect.FILES
    return Fix(title, edits, Applicability.UNSAFE, effect, contract=SAME_IMAGE)
