"""Which of many short texts occur in a document, kept from one version of it to the next."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.search import TextSearch


class Occurring:
    """What is known to occur in a text, and what not; case counts nowhere.

    Texts that are looked for are in lower case. `earlier` is what is known of a version of the
    text before: what occurred in no line there can only stand in lines that were not there.
    """

    __slots__ = ("_earlier", "_found", "_known", "_search", "_text")

    def __init__(self, text: str, earlier: Occurring | None = None) -> None:
        self._text = text.lower()
        if earlier is not None and earlier.is_unasked:
            earlier = earlier._earlier
        self._earlier: Occurring | None = earlier
        self._known: dict[str, bool] = {}
        self._search: TextSearch | None = None
        self._found: set[str] = set()

    @property
    def is_fresh(self) -> bool:
        """Whether nothing is known yet, not from a version before either."""
        return self._earlier is None and not self._known

    @property
    def is_unasked(self) -> bool:
        """Whether nothing was looked for yet."""
        return not self._known

    def all_of(self, search: TextSearch) -> set[str]:
        """Those of the texts of a search that may occur; the others do not.

        Of the first version of a document it is all that do occur. What occurred in one is not
        looked for again in the next, as nearly all of it still does.
        """
        earlier, self._earlier = self._earlier, None
        if earlier is None or earlier._search is not search or not search.is_within_lines:
            found = search.found_in(self._text)
            self._known = search.told_of(found)
        else:
            new = search.found_in(_changed(earlier._text, self._text))
            self._known = search.told_of(new)
            for text in earlier._found - new:
                del self._known[text]
            found = earlier._found | new
        self._search, self._found = search, found
        return found

    def any_of(self, texts: tuple[str, ...]) -> bool:
        """Whether one of the texts occurs."""
        if self._earlier is not None:
            self._take_over(self._earlier)
        known = self._known
        for text in texts:
            found = known.get(text)
            if found is None:
                found = known[text] = text in self._text
            if found:
                return True
        return False

    def those_of(self, texts: tuple[str, ...]) -> list[str]:
        """Those of the texts that occur."""
        if self._earlier is not None:
            self._take_over(self._earlier)
        known = self._known
        found = []
        for text in texts:
            occurs = known.get(text)
            if occurs is None:
                occurs = known[text] = text in self._text
            if occurs:
                found.append(text)
        return found

    def _take_over(self, earlier: Occurring) -> None:
        """Take what did not occur in the version before for that, but for the lines that changed.

        All at once: one by one, as texts are looked for, costs more than most are worth.
        """
        self._earlier = None
        absent = [text for text, found in earlier._known.items() if not found and "\n" not in text]
        if absent:
            changed = _changed(earlier._text, self._text)
            self._known = dict.fromkeys(absent, False)
            self._known.update([(text, True) for text in absent if text in changed])


def _changed(before: str, after: str) -> str:
    """The lines of a text that were not there before."""
    known = set(before.split("\n"))
    return "\n".join([line for line in after.split("\n") if line not in known])
