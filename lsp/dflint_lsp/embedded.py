"""Dockerfiles that stand in Compose files (`dockerfile_inline`), as documents of their own.

Their offsets are those of their own text, their positions those of the file around them, so that
what is made for Dockerfiles does not know the difference.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from lsprotocol import types

from dflint.discovery.build_target import InlineText
from dflint.text.edit import Edit, apply_edits
from dflint.text.span import Span
from dflint_lsp.documents import DocumentVersion
from dflint_lsp.positions import ClientLines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.config.schema import Config
    from dflint.discovery.build_target import BuildTarget

KEY = "dockerfile_inline"
"""What a file that has such Dockerfiles has in its text; another one is not looked at."""

_BLANK_LINE = re.compile(r"([ ]*)(\r?\n|\Z)")


def embedded_dockerfiles(
    outer: DocumentVersion, like: Sequence[DocumentVersion] = ()
) -> tuple[EmbeddedVersion, ...]:
    """The Dockerfiles in a Compose file, in its order; none while that is no YAML.

    `like` are those of an earlier version.
    """
    if KEY not in outer.text:
        return ()
    from dflint.discovery.compose import read_inline
    from dflint.errors import SourceError

    try:
        targets = read_inline(outer.path, outer.text)
    except SourceError:
        return ()  # half typed: the extension for YAML tells what is wrong
    several: dict[int, list[BuildTarget]] = {}
    for target in targets:
        if target.inline is not None:
            several.setdefault(target.inline.origins[0], []).append(target)
    return tuple(
        EmbeddedVersion(outer, several[begin], like[index] if index < len(like) else None)
        for index, begin in enumerate(sorted(several))
    )


class EmbeddedLines(ClientLines):
    """Maps positions in the file around a Dockerfile to offsets in the Dockerfile, and back.

    Lines that are counted or asked for are the Dockerfile's own.
    """

    __slots__ = ("_inline", "_outer", "indent")

    def __init__(self, inline: InlineText, outer: ClientLines) -> None:
        super().__init__(inline.text, outer.encoding)
        self._inline = inline
        self._outer = outer
        self.indent = _indent(inline, outer.text)

    def holds(self, position: types.Position) -> bool:
        """Whether a position is in the Dockerfile, where that stands there as it is."""
        origins = self._inline.origins
        at = self._outer.offset(position)
        if not self._inline.is_exact or not origins[0] <= at <= origins[-1]:
            return False
        line_start = self._outer.line_span(position.line).start
        is_indented = self._outer.text.startswith(self.indent, line_start)
        return is_indented and at >= line_start + len(self.indent)

    def offset(self, position: types.Position) -> int:
        """The offset of a position; the nearest one for a position outside."""
        at = bisect_left(self._inline.origins, self._outer.offset(position))
        return min(at, len(self.text))

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        return self._outer.position(self._inline.origins[offset])

    def column(self, offset: int) -> int:
        """How many characters there are before an offset on its line of the file around."""
        at = self._inline.origins[offset]
        return at - self._outer.line_span(self._outer.line_of(at)).start

    def range(self, span: Span) -> types.Range:
        """The range of a span; all of a line where the Dockerfile does not stand there as it is."""
        return self._outer.range(self._inline.outer_span(span, self._outer.text))


class EmbeddedVersion(DocumentVersion):
    """A Dockerfile in a version of another document.

    `targets` are the builds of it: several where services share it. The text goes on with the empty
    lines behind it, which YAML drops: that is where the next instruction is typed.
    """

    __slots__ = ("_eol", "targets")

    lines: EmbeddedLines

    def __init__(
        self, outer: DocumentVersion, targets: list[BuildTarget], like: DocumentVersion | None
    ) -> None:
        inline = targets[0].inline
        assert inline is not None
        inline = _with_blank_lines(inline, outer.text)
        super().__init__(
            outer.uri, inline.text, outer.number, outer.lines.encoding, outer.path, like=like
        )
        self.targets = targets
        self.begin = inline.origins[0]
        self.lines = EmbeddedLines(inline, outer.lines)
        self.takes_edits = _stands_as_it_is(inline, outer.text, self.lines.indent)
        self._eol = "\r\n" if outer.text.endswith("\r\n", 0, self._line_start(outer)) else "\n"

    @property
    def context(self) -> str | None:
        """The folder of the build context, None where it is none of this machine."""
        return self.targets[0].context

    @property
    def builds(self) -> tuple[object, ...]:
        """A value for each of the builds."""
        return tuple(
            (one.context, tuple(one.args.items()), one.target, one.contexts) for one in self.targets
        )

    def configured(self, config: Config) -> list[Config]:
        """A configuration as it holds for each of the builds."""
        return [target.configured(config) for target in self.targets]

    def text_edits(self, edits: Iterable[Edit], are_snippets: bool = False) -> list[types.TextEdit]:
        """Edits of the Dockerfile as edits of the file around it; none where they would not do."""
        edits = list(edits)
        after = apply_edits(self.text, sorted(edits)).lstrip("\n")
        if not self.takes_edits or after[:1] in (" ", "\t"):
            return []  # YAML takes what the first line begins with for the indentation
        return [self._text_edit(edit, are_snippets) for edit in edits]

    def written(self, text: str, is_snippet: bool = False) -> str:
        """A text as it is written in the file around: indented, and with `$` doubled."""
        text = text.replace("\\$", "\\$\\$") if is_snippet else text.replace("$", "$$")
        first, *others = text.split("\n")
        for index, line in enumerate(others, 1):
            is_empty = not line and index < len(others)
            first += self._eol + ("" if is_empty else self.lines.indent) + line
        return first

    def _text_edit(self, edit: Edit, is_snippet: bool) -> types.TextEdit:
        span, text = edit.span, edit.text
        last = len(self.text) - 1
        if span.end > last and self.text.endswith("\n"):
            # What is behind the last line end has no indentation, and is not ours.
            kept = (self.text[: span.start] + text).removesuffix("\n")
            start = min(span.start, last, len(kept))
            span, text = Span(start, last), kept[start:]
        missing = ""
        if (text + self.text[span.end :])[:1] not in ("", "\n"):  # not to stand in an empty line
            missing = self.lines.indent[self.lines.column(span.start) :]
        written = missing + self.written(text, is_snippet)
        if text.endswith("\n") and self.text.startswith("\n", span.end):
            written = written.removesuffix(self.lines.indent)  # an empty line stays empty
        return types.TextEdit(self.lines.range(span), written)

    def _line_start(self, outer: DocumentVersion) -> int:
        return outer.text.rfind("\n", 0, self.begin) + 1


def _indent(inline: InlineText, outer: str) -> str:
    """What each line of a Dockerfile has before it in the file around it."""
    at = inline.text.find(inline.text.lstrip("\n")[:1]) if inline.is_exact else 0
    begin = inline.origins[max(at, 0)]
    return outer[outer.rfind("\n", 0, begin) + 1 : begin]


def _with_blank_lines(inline: InlineText, outer: str) -> InlineText:
    """The same with the empty lines that follow in the file around it."""
    if not inline.is_exact:
        return inline
    text, origins = inline.text, list(inline.origins)
    indent = len(_indent(inline, outer))
    if not text.endswith("\n"):
        end = _BLANK_LINE.match(outer, origins[-1])
        if end is None or not end[2]:
            return inline
        text += "\n"
        origins.append(end.end())
    at = outer.rfind("\n", 0, origins[-1]) + 1
    while (line := _BLANK_LINE.match(outer, at)) is not None:
        origins[-1] = at + min(len(line[1]), indent)
        if not line[2]:
            break
        text += "\n"
        at = line.end()
        origins.append(at)
    return InlineText(text, origins, True, inline.path)


def _stands_as_it_is(inline: InlineText, outer: str, indent: str) -> bool:
    """Whether each line stands in the file around it as it is, behind the same indentation."""
    if not inline.is_exact or indent.strip(" "):
        return False
    at = 0
    for line in inline.text.split("\n"):
        begin, end = inline.origins[at], inline.origins[at + len(line)]
        before = outer[outer.rfind("\n", 0, begin) + 1 : begin]
        if outer[begin:end] != line or (line and before != indent):
            return False
        at += len(line) + 1
    return True
