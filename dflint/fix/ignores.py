"""Comments that silence what was found."""

from __future__ import annotations

from bisect import bisect_right

from dflint.cst.instructions import Arg, From
from dflint.lint.edits import newline_of
from dflint.lint.runner import BANNED, UNUSED
from dflint.lint.suppress import suppressions_in
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.suppress import Suppression

#: The rules on comments that silence rules: none of those silences them.
UNSILENCED = frozenset((BANNED, UNUSED))
#: What stands in comments of other tools that have to be right above the instruction.
_PRAGMAS = ("hadolint", "shellcheck", "check=")


def ignore_edits(doc: Document, found: Iterable[tuple[str, int]], reason: str = "") -> list[Edit]:
    """The edits that silence rules at offsets, given as pairs; `reason` is put behind the rules.

    A comment is written above each instruction, or the rules are added to one that is there.
    What belongs to no instruction is silenced for the whole file, at its top, below the parser
    directives.
    """
    starts = [instruction.line.above for instruction in doc.instructions]
    by_owner: dict[int, dict[str, None]] = {}
    for rule, offset in found:
        owner = bisect_right(starts, offset) - 1
        if owner >= 0 and offset >= doc.instructions[owner].line.stop:
            owner = -1
        by_owner.setdefault(owner, {})[rule] = None
    there = [one for one in suppressions_in(doc.tree, doc.text) if one.tool == "dflint"]
    why = " ".join(reason.split()).lstrip(", ")
    return [
        _edit(doc, doc.instructions[owner] if owner >= 0 else None, list(rules), why, there)
        for owner, rules in sorted(by_owner.items())
    ]


def _edit(
    doc: Document,
    instruction: Instruction | None,
    rules: list[str],
    reason: str,
    there: list[Suppression],
) -> Edit:
    reach = Span(0, len(doc.text) + 1)
    if instruction is not None:
        reach = Span(instruction.line.above, instruction.line.stop)
    names = ",".join(rules)
    for suppression in there:
        if suppression.reach == reach and suppression.spans:
            return Edit.insertion(suppression.spans[-1].end, f",{names}")
    words = f"{names} {reason}" if reason else names
    if instruction is None:
        return Edit.insertion(_top(doc), f"# dflint: ignore-file={words}{_newline(doc)}")
    line = instruction.line
    begin = max(line.source.rfind("\n", 0, line.start) + 1, line.above)
    indentation = line.source[begin : line.start]
    comment = f"{indentation}# dflint: ignore={words}{newline_of(instruction)}"
    return Edit.insertion(_place(instruction, begin), comment)


def _place(instruction: Instruction, begin: int) -> int:
    """Where the comment goes: above what others want to see right above the instruction.

    That are other tools' comments, and the comment that describes a stage or an argument.
    """
    line = instruction.line
    place = begin
    while place > line.above:
        start = max(line.source.rfind("\n", 0, place - 1) + 1, line.above)
        text = line.source[start:place].strip()
        describes = place == begin and isinstance(instruction, (Arg, From))
        if not text.startswith("#") or not (describes or any(word in text for word in _PRAGMAS)):
            break
        place = start
    return place


def _top(doc: Document) -> int:
    """The first place that is behind the byte order mark and the parser directives."""
    tree = doc.tree
    return len(tree.bom) + sum(len(directive.code) for directive in tree.directives)


def _newline(doc: Document) -> str:
    return "\r\n" if "\r\n" in doc.text.partition("\n")[0] + "\n" else "\n"
