"""What a builder reads in a file, as plain data for other programs.

The words are BuildKit's: ENV and LABEL give key, value and separator for each pair, keywords are
in lower case, heredoc contents are as they stand.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.lint.document import Document


def builder_view(doc: Document) -> dict[str, object]:
    """Directives, instructions and errors of a document."""
    return {
        "directives": [
            {"name": directive.name.lower(), "value": directive.value}
            for directive in doc.tree.directives
        ],
        "escape": doc.tree.escape,
        "instructions": [_instruction(doc, instruction) for instruction in doc.instructions],
        "errors": [
            {
                "line": doc.lines.line(problem.span.start),
                "kind": problem.kind,
                "message": printable(problem.reason),
            }
            for problem in doc.problems
        ],
    }


def _instruction(doc: Document, instruction: Instruction) -> dict[str, object]:
    line = instruction.line
    view = _reading(instruction.reading)
    heredocs = [
        {
            "name": printable(marker.name),
            "content": printable(line.source[start:close]),
            "expand": marker.expand,
            "chomp": marker.chomp,
        }
        for marker, (start, close, _) in zip(line.markers, line.bodies, strict=True)
    ]
    return {
        "keyword": view.pop("keyword"),
        "start_line": doc.lines.line(line.start),
        "end_line": doc.lines.line(max(line.stop - 1, line.start)),
        **view,
        "heredocs": heredocs,
        "onbuild": None if instruction.reading.trigger is None else trigger(instruction.reading),
    }


def _reading(reading: Reading) -> dict[str, object]:
    return {
        "keyword": printable(reading.keyword),
        "flags": [printable(flag) for flag in reading.flags],
        "json": reading.is_json,
        "arguments": [printable(argument) for argument in reading.arguments],
    }


def trigger(reading: Reading) -> dict[str, object] | None:
    """The instruction behind ONBUILD, which has no lines of its own."""
    if reading.trigger is None:
        return None
    return {**_reading(reading.trigger), "onbuild": trigger(reading.trigger)}


def printable(text: str) -> str:
    """Text without lone surrogates: bytes that are no UTF-8 become U+FFFD, as in BuildKit."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
