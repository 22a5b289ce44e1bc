"""Fixes that remove a file, in the RUN that brought it, behind the command that has used it."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

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
#: The last part of a word with wildcards, and sums of files that are not named there.
_WILDCARDS = LazyPattern(r"[^\s/;&|()\"']*[*?\]][^\s/;&|()\"'*?]+")
_SUMS = LazyPattern(r"\w*sum[ \t]++(?:-c|--check)[ \t]++[^\s|&;-]")


def remove_behind(doc: Document, program: Program, command: Command, word: Word) -> Fix | None:
    """`rm` of the file that a word names, behind the command that it is an argument of.

    Unsafe: whether something else wants the file, only a build can tell. None where its name
    does not stand before in the RUN, stands or is matched anywhere below, or is not a plain one.
    """
    text = word.text
    name = text.rpartition("/")[2]
    if _NAME.get().fullmatch(text) is None or text.startswith("-") or not name:
        return None
    line, start = program.instruction.line, command.span.start
    is_brought = doc.text.find(name, line.start, start) >= 0
    if not is_brought or _is_wanted(name, doc.text[command.span.end :]):
        return None
    if program.occurrence.reading.flag_values("mount"):
        return None
    edits = cleanup_edits([(program, command)], f"rm {text}")
    if edits is None:
        return None
    title, effect = f"remove `{name}` behind it", Effect.FILES
    return Fix(title, edits, Applicability.UNSAFE, effect, contract=SAME_IMAGE)


def _is_wanted(name: str, later: str) -> bool:
    """Whether what stands below names a file, or may mean it by a pattern with its ending."""
    if name in later or _SUMS.get().search(later) is not None:
        return True
    patterns = _WILDCARDS.get().findall(later) if "*" in later else ()
    return any(fnmatchcase(name, one) for one in patterns)
