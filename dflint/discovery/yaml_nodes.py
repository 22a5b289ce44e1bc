"""YAML with the place of every value, read by PyYAML; its nodes are never made objects of."""

from __future__ import annotations

import yaml

from dflint.discovery.build_target import BuildFileError, InlineText
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"
#: So deep merge keys are followed.
_DEEPEST = 20


class YamlFile:
    """One file: its path, its text, and the node of its first document (None if it is empty).

    The text is read from the disk unless it is given.
    """

    __slots__ = ("path", "root", "text")

    def __init__(self, path: str, text: str | None = None) -> None:
        self.path = path
        self.text = Source.read(path).text if text is None else text
        try:
            self.root: yaml.Node | None = yaml.compose(self.text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            what = error.problem or error.context or "no YAML"
            line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
            raise BuildFileError(path, f"no YAML: {what}", line, column) from None
        except yaml.reader.ReaderError as error:
            raise BuildFileError(path, f"no YAML: {error.reason}") from None
        except RecursionError:
            raise BuildFileError(path, "no YAML: it is nested too deeply") from None

    def error(self, node: yaml.Node, message: str) -> BuildFileError:
        """What is wrong with a value, at its place."""
        mark = node.start_mark
        return BuildFileError(self.path, message, mark.line + 1, mark.column + 1)


def entries(node: yaml.Node | None, depth: int = 0) -> Iterator[tuple[str, yaml.Node]]:
    """The keys and values of a mapping, those that `<<` merges first; none of something else."""
    if not isinstance(node, yaml.MappingNode) or depth > _DEEPEST:
        return
    for key, value in node.value:
        if key.tag == _MERGE:
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            for one in reversed(merged):
                yield from entries(one, depth + 1)
    for key, value in node.value:
        if key.tag != _MERGE and isinstance(key, yaml.ScalarNode):
            yield key.value, value


def value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    """The value of a key in a mapping; None without one, and for null."""
    found: yaml.Node | None = None
    for name, value in entries(node):
        if name == key:
            found = value
    return None if found is None or is_null(found) else found


def is_null(node: yaml.Node) -> bool:
    """Whether a value is null, or left out."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def kind_of(node: yaml.Node) -> str:
    """What a value is, in a word."""
    if isinstance(node, yaml.MappingNode):
        return "mapping"
    return "list" if isinstance(node, yaml.SequenceNode) else "text"


def text_of(file: YamlFile, node: yaml.Node, what: str) -> str:
    """The text of a scalar; BuildFileError for a list or a mapping."""
    if not isinstance(node, yaml.ScalarNode):
        raise file.error(node, f"`{what}`: expected a text, found a {kind_of(node)}")
    return str(node.value)


def inline_text(file: YamlFile, node: yaml.ScalarNode) -> InlineText:
    """A text with the place in the file of each of its characters.

    Only that of a literal block (`|`) is exact; of others every character stands at the beginning.
    """
    begin = node.start_mark.index
    value = str(node.value)
    if node.style == "|":
        text, origins = _block(file.text, begin, node.end_mark.index, value)
        if text.rstrip("\n") == value.rstrip("\n"):
            origins += [origins[-1]] * max(len(value) + 1 - len(origins), 0)
            return InlineText(value, origins[: len(value) + 1], True, file.path)
    return InlineText(value, [begin] * (len(value) + 1), False, file.path)


def _block(source: str, begin: int, end: int, value: str) -> tuple[str, list[int]]:
    """The lines of a literal block without their indentation, and where their characters are.

    The first line that is not blank tells how much of it is indentation.
    """
    at = source.index("\n", begin, end) + 1 if "\n" in source[begin:end] else end
    indent = max(_first_indent(source[at:end]) - _first_indent(value), 0)
    signs: list[str] = []
    origins: list[int] = []
    for line in source[at:end].split("\n"):
        written = line.removesuffix("\r")
        content = written[indent:]
        signs.append(content + "\n")
        begin = at + min(indent, len(written))
        origins += range(begin, begin + len(content) + 1)
        at += len(line) + 1
    origins.append(end)
    return "".join(signs), origins


def _first_indent(text: str) -> int:
    """How many blanks the first line begins with that has anything else."""
    for line in text.split("\n"):
        if line.strip(" \r"):
            return len(line) - len(line.lstrip(" "))
    return 0
