"""Parts what a word expands to into words."""

from __future__ import annotations

import re

#: What BuildKit takes for white space between words (Go's `unicode.IsSpace`).
_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_PIECES = re.compile(f"([{_BLANKS}]++)|[^{_BLANKS}]++")


class WordSplitter:
    """Collects words, piece by piece."""

    __slots__ = ("_parts", "_words")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._words: list[str] = []

    def add(self, text: str, whole: bool) -> None:
        """Go on with `text`; white space in it ends a word, unless it is a `whole` piece."""
        if whole:
            self._parts.append(text)
            return
        for piece in _PIECES.finditer(text):
            if piece.lastindex is None:
                self._parts.append(piece[0])
            else:
                self._end_word()

    def forget(self) -> None:
        """Drop the word that is not ended."""
        self._parts.clear()

    def words(self) -> tuple[str, ...]:
        """The words, none of them empty."""
        self._end_word()
        return tuple(self._words)

    def _end_word(self) -> None:
        if self._parts:
            self._words.append("".join(self._parts))
            self._parts.clear()
