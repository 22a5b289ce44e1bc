"""Which lines of a file count as changed after fixes have moved them."""

from __future__ import annotations

from difflib import SequenceMatcher

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cli.changed import ChangedLines


class MovedChanges:
    """The changed lines of one file, in the texts that fixes make of it.

    Lines that fixes wrote count as changed; all others as what they were in `before`.
    """

    __slots__ = ("_after", "_before", "_changed", "_path", "_pieces")

    def __init__(self, changed: ChangedLines, path: str, before: str) -> None:
        self._changed = changed
        self._path = path
        self._before = before.split("\n")
        self._after: str | None = None
        self._pieces: list[tuple[bool, int, int, int]] = []

    def touches(self, after: str, first: int, last: int) -> bool:
        """Whether one of the lines of the text `after` changed."""
        if after != self._after:
            self._after = after
            self._pieces = self._compared(after.split("\n"))
        for is_same, start, end, shift in self._pieces:
            if first > end or last < start:
                continue
            if not is_same:
                return True
            begin, close = max(first, start) - shift, min(last, end) - shift
            if self._changed.touches(self._path, begin, close):
                return True
        return False

    def _compared(self, after: list[str]) -> list[tuple[bool, int, int, int]]:
        """The pieces of the new text: whether each is an old one, its lines, how far it moved.

        What is gone is a piece that ends before it starts: it is touched by what spans it.
        """
        pieces = []
        for kind, old, _, start, end in SequenceMatcher(
            None, self._before, after, autojunk=False
        ).get_opcodes():
            if kind == "delete":
                pieces.append((False, start + 1, start, 0))
            else:
                pieces.append((kind == "equal", start + 1, end, start - old))
        return pieces
