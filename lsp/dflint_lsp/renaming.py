"""Whether a symbol can be given another name, and what that would break."""

from __future__ import annotations

import re
from bisect import bisect_right

from dflint.cst.instructions import Arg
from dflint.text.span import Span
from dflint_lsp.documents import DocumentVersion
from dflint_lsp.symbols import Kind, is_given_by_builder, symbols_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint_lsp.symbols import Mention, Symbol, SymbolTable

_VARIABLE = (
    "variable",
    r"[A-Za-z_][A-Za-z0-9_]*",
    "letters, digits and underscores, no digit first",
)
_NAMES = {
    Kind.VARIABLE: _VARIABLE,
    Kind.SHELL_VARIABLE: _VARIABLE,
    Kind.STAGE: (
        "stage",
        r"[A-Za-z][A-Za-z0-9_.-]*",
        "a letter, then letters, digits, `-`, `_` and `.`",
    ),
    Kind.SOURCE: ("image or build context", r"""[^\s"'`,$\\]+""", "no blanks, quotes or commas"),
    Kind.HEREDOC: ("heredoc", r"[A-Za-z0-9_][A-Za-z0-9_.-]*", "letters, digits, `-`, `_` and `.`"),
}
"""What each kind is called, what its names are like, and the same in words."""
_KEPT_STAGES = ("scratch", "context")
"""Names that BuildKit has a use for itself."""


class RenameError(ValueError):
    """Why a name cannot be changed, or not to that; the message is for the user."""


def check_symbol(version: DocumentVersion, symbol: Symbol, mention: Mention) -> None:
    """See whether the symbol has a name of its own there; raises RenameError."""
    if symbol.kind is Kind.STAGE:
        if not any(one.is_definition for one in symbol.mentions):
            raise RenameError("the stage has no name: give it one with AS first")
        if not mention.is_literal:
            raise RenameError(
                f"the stage is not called by its name here: rename it where it is `{symbol.name}`"
            )
        for one in symbol.mentions:
            written = one.span.slice(version.text)
            if not one.is_literal and "$" in written:
                line = version.lines.line_of(one.span.start) + 1
                raise RenameError(
                    f"line {line} names the stage through a variable ({written}), "
                    "which renaming would not follow"
                )
    elif symbol.kind is Kind.VARIABLE and is_given_by_builder(symbol.name):
        definitions = symbol.definitions
        if not definitions or any(isinstance(one.instruction, Arg) for one in definitions):
            raise RenameError(f"{symbol.name} has its value from the builder, under this name only")


def check_name(version: DocumentVersion, symbol: Symbol, new_name: str) -> None:
    """See whether the name is one for such a symbol; raises RenameError."""
    title, pattern, expected = _NAMES[symbol.kind]
    if re.fullmatch(pattern, new_name) is None:
        raise RenameError(f"`{new_name}` cannot be the name of the {title}: expected {expected}")
    if symbol.kind is Kind.STAGE and new_name.lower() in _KEPT_STAGES:
        raise RenameError(f"BuildKit keeps the name `{new_name.lower()}` for itself")
    is_argument = any(isinstance(one.instruction, Arg) for one in symbol.definitions)
    if symbol.kind is Kind.VARIABLE and is_argument and is_given_by_builder(new_name):
        raise RenameError(f"{new_name} has its value from the builder")


def check_result(
    version: DocumentVersion, table: SymbolTable, symbol: Symbol, new_name: str
) -> None:
    """Read the text with the new name, and see that every name means what it did.

    Raises RenameError: the name is used already, or what stands there would be something else.
    """
    spans = [one.span for one in symbol.mentions if one.is_literal]
    moves = _Moves(spans, len(new_name))
    text = _replaced(version.text, spans, new_name)
    after = symbols_of(DocumentVersion(version.uri, text, path=version.path))
    now = {one.span: other for other in after.symbols for one in other.mentions}
    for other in (symbol, *table.symbols):
        wanted = [moves.moved(one.span) for one in other.mentions]
        found = now.get(wanted[0])
        if found is None:
            raise _failure(after, wanted[0], new_name)
        if [one.span for one in found.mentions] != wanted:
            known = set(wanted)
            odd = [one.span for one in found.mentions if one.span not in known]
            missing = [span for span in wanted if now.get(span) is not found]
            raise _failure(after, (odd or missing)[0], new_name, is_taken=bool(odd))
    if len(after.symbols) != len(table.symbols):
        raise RenameError(f"with the name `{new_name}` the file would be another one")


def _failure(after: SymbolTable, place: Span, new_name: str, is_taken: bool = False) -> RenameError:
    line = after.document.text.count("\n", 0, place.start) + 1
    if is_taken:
        return RenameError(f"`{new_name}` is used already, in line {line}")
    return RenameError(f"`{new_name}` would be something else in line {line}")


def _replaced(text: str, spans: list[Span], new: str) -> str:
    pieces: list[str] = []
    at = 0
    for span in spans:
        pieces += (text[at : span.start], new)
        at = span.end
    return "".join((*pieces, text[at:]))


class _Moves:
    """Where places of a text are after some spans have got another length."""

    def __init__(self, spans: list[Span], length: int) -> None:
        self._ends = [span.end for span in spans]
        self._shifts = [0]
        for span in spans:
            self._shifts.append(self._shifts[-1] + length - len(span))
        self._changed = set(spans)
        self._length = length

    def moved(self, span: Span) -> Span:
        """The place of a span that is one of those, or holds some, or none."""
        start = span.start + self._shifts[bisect_right(self._ends, span.start)]
        if span in self._changed:
            return Span(start, start + self._length)
        return Span(start, span.end + self._shifts[bisect_right(self._ends, span.end)])
