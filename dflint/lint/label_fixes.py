"""Fixes of LABEL instructions: several put together, the pairs of one sorted."""

from __future__ import annotations

import re
from itertools import pairwise

from dflint.cst.instructions import Label
from dflint.cst.reading import place_span, read_text
from dflint.lint.edits import has_suppression, is_unfinished, newline_of
from dflint.lint.fix import Fix
from dflint.lint.markup import MARKUP
from dflint.lint.pair_fixes import equals_edits
from dflint.semantic.legacy_pair import swallows_pairs
from dflint.semantic.refusals import final_refusal
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document

#: Comments that other tools read where they stand, right above an instruction.
_PRAGMA = LazyPattern(
    r"#[ \t]*+(?:hadolint|dflint|tally|trivy|checkov|kics|renovate|nosem|semgrep|snyk"
    r"|check[ \t]*+=)",
    re.IGNORECASE,
)
#: How pairs on lines of their own are indented where no other one is.
_INDENT = "    "


class _Part:
    """A LABEL of a row, as `key=value` pairs: where they stand, and what makes them such."""

    __slots__ = ("edits", "instruction", "pairs")

    def __init__(
        self, instruction: Instruction, pairs: list[Span], edits: tuple[Edit, ...]
    ) -> None:
        self.instruction = instruction
        self.pairs = pairs
        self.edits = edits


def pair_spans(instruction: Instruction) -> list[Span]:
    """Where each `key=value` of a LABEL or ENV stands, in quotes or not."""
    places = instruction.reading.places
    return [
        place_span(instruction, (places[at][0], places[at + 1][1]))
        for at in range(0, len(places), 3)
    ]


def group_labels(doc: Document, label: Instruction) -> dict[Instruction, Fix | None]:
    """What makes one LABEL, with a line for each pair, of each row of those that follow another.

    Given is the fix of every LABEL that stands among others with `label`; None where it cannot be
    put behind the one above it. Comments between them stay above the pair that they are above. The
    legacy form becomes pairs.
    """
    instructions = doc.instructions
    at = instructions.index(label)
    while at and isinstance(instructions[at - 1], Label):
        at -= 1
    fixes: dict[Instruction, Fix | None] = {}
    is_refused = final_refusal(doc.problems, doc.text) is not None
    row: list[_Part] = []
    for one in (*instructions[at:], None):
        if one is not None and isinstance(one, Label):
            fixes[one] = None
        part = None if is_refused or one is None else _part(doc, one)
        if part is not None:
            row.append(part)
            continue
        made = _joined(doc, row)
        fixes.update((part.instruction, made) for part in row[1:])
        row = []
        if not isinstance(one, Label):
            break
    return fixes


def _joined(doc: Document, row: Sequence[_Part]) -> Fix | None:
    if len(row) < 2:
        return None
    start, end = row[0].instruction.line.start, row[-1].instruction.line.stop
    if MARKUP.get().search(doc.text, start, end):
        return None
    return Fix("write the labels in one LABEL", _joins(doc.text, row))


def _part(doc: Document, instruction: Instruction) -> _Part | None:
    """A LABEL that may be put together with others; None for one that may not."""
    reading = instruction.reading
    if not isinstance(instruction, Label) or not reading.arguments or reading.flags:
        return None
    if any(key[:1] == "#" for key in reading.arguments[::3]):  # a comment on a line of its own
        return None
    line = instruction.line
    if is_unfinished(instruction) or has_suppression(doc, instruction):
        return None
    if _PRAGMA.get().search(line.source, line.above, line.start):
        return None
    if not reading.arguments[2]:
        key, value, _ = reading.places
        edits = None
        if not swallows_pairs(instruction):
            edits = equals_edits(doc, instruction, key, value[0])
        if edits is None or edits[0].span.start < place_span(instruction, key).start:
            return None
        return _Part(instruction, pair_spans(instruction), edits)
    together = read_text(f"{line.text} z=z", 0, line.escape).arguments
    if together != (*reading.arguments, "z", "z", "="):
        return None
    return _Part(instruction, pair_spans(instruction), ())


def _joins(source: str, row: Sequence[_Part]) -> list[Edit]:
    """The edits that put the parts behind each other, and each pair on a line of its own."""
    first = row[0].instruction
    indent = next(filter(None, (_indent(source, part) for part in row)), _INDENT)
    newline = newline_of(first)
    mark = f" {first.line.escape}{newline}"
    edits: list[Edit] = []
    end = 0
    for part in row:
        if end:
            # A quote that closes the value before belongs to what stands between the two.
            is_closed = bool(edits) and edits[-1].span == Span(end, end)
            closing = edits.pop().text if is_closed else ""
            gap = Span(end, part.pairs[0].start)
            rows = [one.strip() for one in gap.slice(source).split("\n")[1:]]
            kept = "".join(f"{indent}{one}{newline}" for one in rows if one.startswith("#"))
            edits.append(Edit(gap, f"{closing}{mark}{kept}{indent}"))
        edits += part.edits
        for one, other in pairwise(part.pairs):
            between = Span(one.end, other.start)
            if "\n" not in between.slice(source):
                edits.append(Edit(between, f"{mark}{indent}"))
        end = part.pairs[-1].end
    return edits


def _indent(source: str, part: _Part) -> str:
    """The blanks before the first pair that begins a line."""
    for pair in part.pairs:
        start = source.rfind("\n", 0, pair.start) + 1
        if start > part.instruction.line.start and not source[start : pair.start].strip(" \t"):
            return source[start : pair.start]
    return ""


def sort_labels(doc: Document, instruction: Instruction) -> Fix | None:
    """The pairs of a LABEL in the order of their keys, each in the place of another.

    Those with one key keep their order. None beside comments, which speak of one pair or of all
    that follow, and where a key has variables.
    """
    line, reading = instruction.line, instruction.reading
    spans = pair_spans(instruction)
    texts = [span.slice(doc.text) for span in spans]
    keys = [key.strip("\"'") for key in reading.arguments[::3]]
    gaps = [doc.text[one.end : other.start] for one, other in pairwise(spans)]
    gaps.append(doc.text[line.start : spans[0].start])
    # A key with an escape may be another one's, and one with a `#` become a comment.
    if final_refusal(doc.problems, doc.text) or any(set(key) & set("$#\\`") for key in keys):
        return None
    if any("#" in gap for gap in gaps) or MARKUP.get().search(doc.text, line.start, line.stop):
        return None
    # An escape character at the end could join the next line.
    if any(text[-1:] == line.escape or text[-1:].isspace() for text in texts):
        return None
    order = sorted(range(len(keys)), key=keys.__getitem__)
    edits = [
        Edit(span, texts[at])
        for span, at, text in zip(spans, order, texts, strict=True)
        if texts[at] != text
    ]
    return Fix("sort the labels", edits, scope=doc.core(instruction))
