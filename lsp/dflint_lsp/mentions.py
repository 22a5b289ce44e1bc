"""Where instructions name stages and heredocs."""

from __future__ import annotations

import re

from dflint.cst.instructions import From
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stages import Stage
    from dflint_lsp.variables import Part

_FROM_FLAG = re.compile(r"""--from=(["']?)([^"']*)""")
_HEREDOC = re.compile(r"""<<(-?)\s*+(["']?)([^\s"'<>|&;\\]++)\2(?![^\s<>|&;])""")
_FROM_OPTION = re.compile(r"""[=,"']\s*from=([^,"']*)""", re.IGNORECASE)


class StageMention:
    """One place that names a stage, or with `stage` None an image or a build context.

    `is_literal` is false where the stage's name is not what is written there.
    """

    __slots__ = ("is_definition", "is_literal", "name", "span", "stage")

    def __init__(
        self,
        name: str,
        span: Span,
        stage: Stage | None,
        is_definition: bool = False,
        is_literal: bool = True,
    ) -> None:
        self.name = name
        self.span = span
        self.stage = stage
        self.is_definition = is_definition
        self.is_literal = is_literal


def stage_mentions(
    model: SemanticModel, instruction: Instruction, part: Part, user: Stage | None
) -> Iterator[StageMention]:
    """The stages that an instruction names, or gives a name to.

    Triggers name stages of the Dockerfile that runs them, which is another one.
    """
    if isinstance(instruction, From):
        if user is not None:
            yield from _in_from(model, part, user)
    elif part.is_trigger:
        return
    elif part.keyword in ("copy", "add"):
        for name, span in _flag_values(part, "--from=", _FROM_FLAG, 2):
            yield _mention(model, user, name, span, numbers=True)
    elif part.keyword == "run":
        for name, span in _flag_values(part, "--mount=", _FROM_OPTION, 1):
            yield _mention(model, user, name, span, numbers=False)


def _in_from(model: SemanticModel, part: Part, stage: Stage) -> Iterator[StageMention]:
    words = part.words()
    text = part.line.text
    if words:
        written = text[slice(*words[0])]
        # Capitals are in no image's name: a stage is meant, though builders do not find it.
        base = stage.base or (None if "$" in written else model.stage_named(written, stage))
        if base is not None:
            is_literal = written.lower() == base.name
            yield StageMention(base.name, _span(part.line, words[0]), base, is_literal=is_literal)
    if len(words) > 2 and text[slice(*words[1])].lower() == "as":
        name = text[slice(*words[2])]
        named = stage if stage.name == name.lower() else model.stage_named(name)
        if named is not None:
            yield StageMention(name, _span(part.line, words[2]), named, is_definition=True)


def _flag_values(
    part: Part, flag: str, pattern: re.Pattern[str], group: int
) -> Iterator[tuple[str, Span]]:
    text = part.line.text
    for begin, end in part.flags:
        if not text.startswith(flag, begin):
            continue
        for found in pattern.finditer(text, begin, end):
            if found[group]:
                yield found[group], _span(part.line, found.span(group))


def _mention(
    model: SemanticModel, user: Stage | None, name: str, span: Span, numbers: bool
) -> StageMention:
    stage = model.stage_named(name, user) or model.stage_named(name)
    if stage is not None:
        return StageMention(name, span, stage)
    if numbers and name.isascii() and name.isdigit() and int(name[:9]) < len(model.stages):
        stage = model.stages[int(name[:9])]
        return StageMention(stage.name or name, span, stage, is_literal=False)
    return StageMention(name, span, None)


def _span(line: LogicalLine, place: tuple[int, int]) -> Span:
    return Span(line.offset(place[0]), line.offset_after(place[1]))


def heredoc_names(line: LogicalLine) -> Iterator[tuple[str, Span, Span | None]]:
    """The names of a line's heredocs: each with its place there and in the closing line.

    The second place is None where the closing line is missing. A name that is written in pieces
    (`<<E"O"F`), or empty, is left out.
    """
    openings = _HEREDOC.finditer(line.text)
    for marker, (_, close, stop) in zip(line.markers, line.bodies, strict=True):
        name = marker.name
        opening = next((one for one in openings if one[3] == name), None) if name else None
        if opening is None:
            continue
        ending = None
        if stop > close:
            start = line.source.find(name, close, stop)
            ending = Span(start, start + len(name))
        yield name, _span(line, opening.span(3)), ending
