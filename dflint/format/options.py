"""What can be chosen of the layout."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_INDENT = 4
DEFAULT_LINE_LENGTH = 100
#: How wide a tab counts when the length of a line is told.
TAB_WIDTH = 4


class FormatOptions:
    """The choices that there are; a value.

    `indent` is the text of one level; `line_length` from where on lines are broken, 0 for never;
    `keyword_case` is `upper`, `lower` or `keep`. With `align` `keep`, blanks between words and at
    the beginning of continued lines stay as they are. `heredocs` has scripts in heredocs laid out
    by `shfmt`, where it is installed. `final_newline` sees to a line end at the end of the file.
    """

    __slots__ = ("align", "final_newline", "heredocs", "indent", "keyword_case", "line_length")

    indent: str
    line_length: int
    keyword_case: str
    align: str
    heredocs: bool
    final_newline: bool

    def __init__(
        self,
        indent: str = " " * DEFAULT_INDENT,
        line_length: int = DEFAULT_LINE_LENGTH,
        keyword_case: str = "upper",
        align: str = "indent",
        heredocs: bool = False,
        final_newline: bool = True,
    ) -> None:
        self.indent = indent
        self.line_length = line_length
        self.keyword_case = keyword_case
        self.align = align
        self.heredocs = heredocs
        self.final_newline = final_newline

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"FormatOptions({values})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FormatOptions) and self._values == other._values

    def __hash__(self) -> int:
        return hash(self._values)

    @property
    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    @property
    def indent_width(self) -> int:
        """How many columns one level takes."""
        return len(self.indent.expandtabs(TAB_WIDTH))

    def cased(self, keyword: str) -> str:
        """A keyword as it is to be written."""
        if self.keyword_case == "keep" or not keyword.isascii():
            return keyword
        return keyword.upper() if self.keyword_case == "upper" else keyword.lower()


def options_from(*settings: Mapping[str, object]) -> FormatOptions:
    """The options that settings make, later ones over earlier ones; keys as in a configuration."""
    merged: dict[str, object] = {}
    for some in settings:
        merged.update(some)
    indent = merged.get("indent", DEFAULT_INDENT)
    length = merged.get("line-length", DEFAULT_LINE_LENGTH)
    return FormatOptions(
        indent=" " * indent if isinstance(indent, int) else "\t",
        line_length=length if isinstance(length, int) else DEFAULT_LINE_LENGTH,
        keyword_case=str(merged.get("keyword-case", "upper")),
        align=str(merged.get("align", "indent")),
        heredocs=bool(merged.get("heredocs", False)),
        final_newline=bool(merged.get("final-newline", True)),
    )
