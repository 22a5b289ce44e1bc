"""What the expansion of a word gives: the text, the variables named on the way, the failure."""

from __future__ import annotations

from dflint.errors import DflintError
from dflint.text.go_quote import go_quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from dflint.text.span import Span

    class Variables(Protocol):
        """Anything that finds the value of a variable; None tells that it is not set."""

        def get(self, name: str, /) -> str | None:
            """The value of `name`."""

    Environment = Variables | Callable[[str], str | None]

#: How long a result may get, in code points: no process can be started with a longer variable.
RESULT_LIMIT = 1 << 17


class Reference:
    """One `$name` or `${name…}` in a word.

    `span` covers all of it, in code points of the word. `found` tells whether the variable was
    set. `modifier` is the operator (`:-`, `?`, `##`, `//` …), empty for a plain reference; `name`
    is empty where none is written, as in `${+x}`.
    """

    __slots__ = ("found", "modifier", "name", "span")

    name: str
    span: Span
    found: bool
    modifier: str

    def __init__(self, name: str, span: Span, found: bool, modifier: str = "") -> None:
        self.name = name
        self.span = span
        self.found = found
        self.modifier = modifier

    def __repr__(self) -> str:
        return f"Reference({self.name!r}, {self.span!r}, {self.found!r}, {self.modifier!r})"


class ExpansionError(DflintError, ValueError):
    """A word that no builder expands.

    `message` is BuildKit's reason, `offset` where in the `word` the construct at fault begins,
    `references` what was looked up before the failure. As text it is BuildKit's whole sentence.
    """

    def __init__(
        self, message: str, offset: int, word: str = "", references: tuple[Reference, ...] = ()
    ) -> None:
        self.message = message
        self.offset = offset
        self.word = word
        self.references = references
        super().__init__(message, offset, word)

    def __str__(self) -> str:
        return f"failed to process {go_quote(self.word)}: {self.message}"


class Expansion:
    """A word after expansion.

    `words` is empty unless words were asked for. `references` come in the order of the text.
    `cut` tells that the result is not exact: it was longer than the limit and ends there, or a
    pattern was too much work and the value stands as it was. With an `error` the text is the word
    as written and there are no words.
    """

    __slots__ = ("cut", "error", "references", "text", "words")

    text: str
    words: tuple[str, ...]
    references: tuple[Reference, ...]
    cut: bool
    error: ExpansionError | None

    def __init__(
        self,
        text: str,
        words: tuple[str, ...] = (),
        references: tuple[Reference, ...] = (),
        cut: bool = False,
        error: ExpansionError | None = None,
    ) -> None:
        self.text = text
        self.words = words
        self.references = references
        self.cut = cut
        self.error = error

    @property
    def matched(self) -> tuple[str, ...]:
        """The names that were set, each once, sorted."""
        return tuple(sorted({each.name for each in self.references if each.found}))

    @property
    def unmatched(self) -> tuple[str, ...]:
        """The names that were not set, each once, sorted."""
        return tuple(sorted({each.name for each in self.references if not each.found}))
