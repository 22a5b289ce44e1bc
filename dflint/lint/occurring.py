"""Which of many short texts occur in a document, kept from one version of it to the next."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

#: No text that is looked for is longer; of longer ones nothing is kept.
_LONGEST = 64


class Occurring:
    """What is known to occur in a text, and what not; case counts nowhere.

    Texts that are looked for are in lower case. `earlier` is what is known of a version of the
    text before: what did not occur there can only stand where the two differ.
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
        """The texts of which it is known that they do not occur."""
        return [text for text, found in self._known.items() if not found and len(text) <= _LONGEST]


def _changed(before: str, after: str) -> str:
    """The part of a text that is another one than before, and as much beside it as counts."""
    shorter = min(len(before), len(after))
    start = _common(shorter, lambda size: before.startswith(after[:size]))
    end = _common(shorter - start, lambda size: before.endswith(after[len(after) - size :]))
    return after[max(start - _LONGEST, 0) : len(after) - end + _LONGEST]


def _common(most: int, is_common: Callable[[int], bool]) -> int:
    """The largest size up to `most` that two texts have in common, by halving."""
    least = 0
    while least < most:
        middle = (least + most + 1) // 2
        if is_common(middle):
            least = middle
        else:
            most = middle - 1
    return least
