"""Looks for many texts at once, in one pass over the text that they may stand in."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from ahocorasick import Automaton

#: Fewer texts are found faster one by one.
_FEW = 60


class TextSearch:
    """Some texts made ready to be looked for together, by the algorithm of Aho and Corasick.

    Making them ready takes as long as looking for each of them in a handful of files.
    """

    __slots__ = ("_automaton", "_characters", "_none", "is_within_lines", "texts")

    texts: frozenset[str]
    #: Whether none of the texts goes over the end of a line.
    is_within_lines: bool

    def __init__(
        self, texts: frozenset[str], automaton: Automaton, characters: tuple[str, ...]
    ) -> None:
        self.texts = texts
        self.is_within_lines = not any("\n" in one for one in texts)
        self._automaton = automaton
        self._characters = characters
        self._none = dict.fromkeys(texts, False)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self | None:
        """The search for some texts.

        None where each is better looked for by itself: there are few of them, or the library for
        it is not installed.
        """
        wanted = frozenset(texts)
        words = [one for one in wanted if len(one) > 1]
        if len(words) < _FEW:
            return None
        try:
            from ahocorasick import Automaton
        except ImportError:  # there are systems that no wheel of it is made for
            return None
        automaton = Automaton()
        for one in words:
            automaton.add_word(one, one)
        automaton.make_automaton()
        # Found faster by themselves, and often there a hundred times.
        characters = tuple(one for one in wanted if len(one) == 1)
        return cls(wanted, automaton, characters)

    def found_in(self, text: str) -> set[str]:
        """Those of the texts that stand anywhere in `text`, those within others too."""
        found = {one for _, one in self._automaton.iter(text)}
        for character in self._characters:
            if character in text:
                found.add(character)
        return found

    def told_of(self, found: set[str]) -> dict[str, bool]:
        """For each of the texts whether it was found."""
        told = self._none.copy()
        for one in found:
            told[one] = True
        return told
