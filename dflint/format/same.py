"""Whether instructions and files still read the same after they were laid out."""

from __future__ import annotations

from dflint.cst.parser.build import instruction_on
from dflint.cst.parser.logical_lines import LogicalLine
from dflint.shell.blanks import differ_in_blanks_only

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading

#: The instructions whose text a shell reads, with the number of words before that text.
_SHELL_FORMS = {"run": 0, "cmd": 0, "entrypoint": 0, "healthcheck": 1}


def read_again(text: str, start: int, escape: str) -> Instruction:
    """The instruction that begins at an offset of a text, after the comments there."""
    return instruction_on(LogicalLine(text, start, start, escape))


class Expected:
    """What a builder is to read of an instruction in the end."""

    __slots__ = ("bodies", "text")

    def __init__(self, line: LogicalLine) -> None:
        self.text = line.text
        self.bodies = bodies_of(line)


def reads_same(before: Instruction, after: Instruction) -> bool:
    """Whether a builder, and a shell that it calls, read the same; comments count too.

    The contents of heredocs are not compared, only their delimiters.
    """
    if type(before) is not type(after):
        return False
    old, new = before.line, after.line
    if old.text != new.text and not _same_reading(before.reading, after.reading):
        return False
    if [one.name for one in old.markers] != [one.name for one in new.markers]:
        return False
    return comments_of(before) == comments_of(after)


def is_same_file(before: Dockerfile, after: Dockerfile, expected: list[Expected]) -> bool:
    """Whether directives and comments are those of before, and the instructions as expected."""
    if before.bom != after.bom or len(before.instructions) != len(after.instructions):
        return False
    if _directives(before) != _directives(after):
        return False
    triples = zip(before.instructions, after.instructions, expected, strict=True)
    if not all(_is_expected(*triple) for triple in triples):
        return False
    return _footer_comments(before) == _footer_comments(after)


def _is_expected(before: Instruction, after: Instruction, expected: Expected) -> bool:
    old, new = before.line, after.line
    above = old.source[old.above : old.start], new.source[new.above : new.start]
    return (
        type(before) is type(after)
        and new.text == expected.text
        and bodies_of(new) == expected.bodies
        and (above[0] == above[1] or _comments_in(above[0]) == _comments_in(above[1]))
        and comments_of(before) == comments_of(after)
    )


def _directives(tree: Dockerfile) -> list[str]:
    return [one.code.rstrip("\r\n") for one in tree.directives]


def _footer_comments(tree: Dockerfile) -> list[str]:
    return _comments_in("".join(one.code for one in tree.footer))


def _comments_in(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _same_reading(old: Reading, new: Reading) -> bool:
    if (old.keyword, old.flags, old.is_json) != (new.keyword, new.flags, new.is_json):
        return False
    if old.trigger is not None and new.trigger is not None:
        return _same_reading(old.trigger, new.trigger)
    if (old.trigger is None) != (new.trigger is None):
        return False
    if old.arguments == new.arguments:
        return True
    if len(old.arguments) != len(new.arguments):
        return False
    shell = -1 if old.is_json else _SHELL_FORMS.get(old.keyword, -1)
    return all(
        one == other
        or (at == shell and differ_in_blanks_only(one, other))
        or (_is_keyword(old.keyword, at) and one.lower() == other.lower())
        for at, (one, other) in enumerate(zip(old.arguments, new.arguments, strict=True))
    )


def _is_keyword(instruction: str, at: int) -> bool:
    """Whether the argument is a word of the Dockerfile's language, `AS`, `CMD` or `NONE`."""
    return (instruction, at) in (("from", 1), ("healthcheck", 0))


def bodies_of(line: LogicalLine) -> list[tuple[str, str]]:
    """The heredocs of an instruction: content and delimiter of each."""
    source = line.source
    return [
        (source[start:close], source[close:end].strip("\r\n")) for start, close, end in line.bodies
    ]


def has_open_heredoc(line: LogicalLine) -> bool:
    """Whether an instruction has a heredoc that nothing ends."""
    return any(close == end for _, close, end in line.bodies)


def comments_of(instruction: Instruction) -> list[str]:
    """The comment lines between the lines of an instruction."""
    line = instruction.line
    pieces = line.pieces
    comments: list[str] = []
    if len(pieces) == 1:
        return comments
    for at in range(1, len(pieces)):
        begin, source = pieces[at - 1]
        following, stop = pieces[at]
        lines = line.source[source + following - begin : stop].split("\n")[1:]
        comments += [text.strip() for text in lines if text.strip()]
    return comments
