"""What must hold of every text that is formatted."""

from __future__ import annotations

from dflint.cst.parser.build import parse
from dflint.format.check import is_formatted
from dflint.format.formatter import format_source
from dflint.format.options import FormatOptions
from dflint.lint.document import Document
from dflint.text.source import Source

DEFAULTS = FormatOptions()


def source_of(text):
    return Source("Dockerfile", text.encode("utf-8", "surrogateescape"))


def formatted(text, options=DEFAULTS):
    return format_source(source_of(text), options).text


def words(text):
    """A text without what a layout may change: blanks and line ends."""
    return "".join(text.split())


def comments(text):
    """The comment lines of a file in order, those within instructions included."""
    found = []
    for instruction in parse(text).instructions:
        line = instruction.line
        lines = [
            *text[line.above : line.start].split("\n"),
            *text[line.start : line.end].split("\n"),
        ]
        found += [one.strip() for one in lines if one.strip().startswith("#")]
    return found


def read(instruction):
    """The arguments of an instruction; CMD of a HEALTHCHECK is a keyword."""
    reading = instruction.reading
    first = int(reading.keyword == "healthcheck")
    return [one.upper() for one in reading.arguments[:first]] + [*reading.arguments[first:]]


def check_laws(text, options=DEFAULTS):
    """Format a text; its result reads the same and stays as it is. The result."""
    before = source_of(text)
    result = format_source(before, options)
    assert result.changed == (result.text != before.text)
    for is_many in (False, True):
        assert is_formatted(before, options, is_many) is not result.changed
    after = source_of(result.text)
    again = format_source(after, options)
    assert again.text == result.text
    assert not again.changed
    assert is_formatted(after, options)
    assert is_formatted(after, options, is_many=True)
    old, new = Document(before), Document(after)
    assert [type(one) for one in new.instructions] == [type(one) for one in old.instructions]
    assert [one.kind for one in new.problems] == [one.kind for one in old.problems]
    assert comments(result.text) == comments(text)
    for one, other in zip(old.instructions, new.instructions, strict=True):
        assert words(one.line.text).lower() == words(other.line.text).lower()
        assert one.reading.flags == other.reading.flags
        assert one.reading.is_json == other.reading.is_json
        if one.reading.is_json or one.reading.keyword in ("env", "label", "arg", "copy", "add"):
            assert read(one) == read(other)
        bodies = [one.line.source[start:close] for start, close, _ in one.line.bodies]
        assert bodies == [other.line.source[start:close] for start, close, _ in other.line.bodies]
    return result
