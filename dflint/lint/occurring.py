"""Which of many short texts occur in a document, kept from one version of it to the next."""

from __future__ import annotations


class Occurring:
    """What is known to occur in a text, and what not; case counts nowhere.

    Texts that are looked for are in lower case. `earlier` is what is known of a version of the
    text before: what occurred in no line there can only stand in lines that were not there.
    """

    __slots__ = ("_known", "_text")

    def __init__(self, text: str, earlier: Occurring | None = None) -> None:
        self._text = text.lower()
        self._known: dict[str, bool] = {}
        absent = [] if earlier is None else earlier._not_there()
        if earlier is not None and absent:
            # All at once: one by one, as they are looked for, costs more than most are worth.
            self._known = dict.fromkeys(absent, False)
            changed = _changed(earlier._text, self._text)
            self._known.update([(text, True) for text in absent if text in changed])

    def any_of(self, texts: tuple[str, ...]) -> bool:
        """Whether one of the texts occurs."""
        known = self._known
        for text in texts:
            found = known.get(text)
            if found is None:
                found = known[text] = text in self._text
            if found:
                return True
        return False

    def _not_there(self) -> list[str]:
        """The texts of which it is known that they do not occur in any line."""
        return [text for text, found in self._known.items() if not found and "\n" not in text]


def _changed(before: str, after: str) -> str:
    """The lines of a text that were not there before."""
    known = set(before.split("\n"))
    return "\n".join([line for line in after.split("\n") if line not in known])
