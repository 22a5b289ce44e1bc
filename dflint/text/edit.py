"""Changes of a text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Edit:
    """The replacement of a span of a text; an empty span is an insertion, no text a removal.

    Edits are values: equal when span and text are, ordered by span, then text.
    """

    __slots__ = ("span", "text")

    span: Span
    text: str

    def __init__(self, span: Span, text: str) -> None:
        self.span = span
        self.text = text

    @classmethod
    def insertion(cls, at: int, text: str) -> Edit:
        """The insertion of `text` in front of the character at `at`."""
        return cls(Span(at, at), text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edit) and self.span == other.span and self.text == other.text

    def __lt__(self, other: Edit) -> bool:
        mine, theirs = self.span, other.span
        if mine.start != theirs.start:
            return mine.start < theirs.start
        if mine.end != theirs.end:
            return mine.end < theirs.end
        return self.text < other.text

    def __hash__(self) -> int:
        return hash((self.span.start, self.text))

    def __repr__(self) -> str:
        return f"Edit({self.span.start}, {self.span.end}, {self.text!r})"

    def meets(self, other: Edit) -> bool:
        """Whether the two cannot both be made: they overlap, or insert at the same place.

        An insertion at the edge of a replaced span meets it too: it could belong on either side
        of the new text.
        """
        mine, theirs = self.span, other.span
        if mine.start == mine.end or theirs.start == theirs.end:
            return mine.start <= theirs.end and theirs.start <= mine.end
        return mine.overlaps(theirs)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; ValueError when two of them overlap."""
    parts: list[str] = []
    at = 0
    for start, end, new in sorted([(edit.span.start, edit.span.end, edit.text) for edit in edits]):
        if start < at:
            edit = Edit(Span(start, end), new)
            raise ValueError(f"{edit!r} overlaps the edit before it")
        parts.append(text[at:start])
        parts.append(new)
        at = end
    parts.append(text[at:])
    return "".join(parts)


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """The edits in the order of the text, each once."""
    known = {(edit.span.start, edit.span.end, edit.text): edit for edit in edits}
    return list(known.values()) if len(known) == 1 else [known[one] for one in sorted(known)]


def new_spans(edits: Sequence[Edit]) -> list[Span]:
    """Where the texts of sorted edits stand once they are made."""
    spans = []
    shift = 0
    for edit in edits:
        span, size = edit.span, len(edit.text)
        start = span.start + shift
        spans.append(Span(start, start + size))
        shift += size - (span.end - span.start)
    return spans


def moved(spans: Iterable[Span], edits: Sequence[Edit]) -> list[Span]:
    """Where spans stand once sorted edits are made, with what is inserted at their ends."""
    starts = [edit.span.start for edit in edits]
    ends = [edit.span.end for edit in edits]  # ascending too: edits do not overlap
    shifts = [0]
    for edit in edits:
        shifts.append(shifts[-1] + len(edit.text) - len(edit.span))
    found = []
    for span in spans:
        start = span.start + shifts[bisect_left(ends, span.start)]
        end = span.end + shifts[bisect_right(starts, span.end)]
        found.append(Span(start, max(start, end)))
    return found
