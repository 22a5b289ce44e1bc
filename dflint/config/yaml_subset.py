"""A reader for the part of YAML that small configuration files are written in.

What is read: one document of block and flow mappings and sequences, plain and quoted scalars on
one line, comments. What is not (anchors, aliases, tags, block scalars, strings over several lines,
mappings in sequences) is refused by name, and never guessed at. Comments are kept with what they
stand above or behind, because they tell why a rule is ignored.

Source: YAML 1.2.2, https://yaml.org/spec/1.2.2/.
"""

from __future__ import annotations

import re

from dflint.errors import ConfigError

_DEEPEST = 16
"""How many collections may stand within each other."""

_SHOWN = 60
"""How much of a mistake a message quotes."""

_TOKEN = r"""
    [ \t]*+ (?:
        (?P<comment> \#.*+ )
      | (?P<double> "(?:[^"\\]|\\.)*+" )
      | (?P<single> '(?:[^']|'')*+' )
      | (?P<mark> %s )
      | (?P<plain> (?![\[\]{},"'&*!|>%%@`?])
            (?:[^\s:\#%s] | :(?=[^\s%s]) | \# | [ \t]++(?!\#|\Z))++ )
    )
"""
_BLOCK_TOKEN = re.compile(_TOKEN % (r"[\[{] | [:-](?=\s|\Z)", "", ""), re.VERBOSE)
_FLOW_TOKEN = re.compile(
    _TOKEN % (r"[\[\]{},] | :(?=[\s,\]}]|\Z)", r",\[\]{}", r",\]}"), re.VERBOSE
)

_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))")
_ESCAPES = {"0": "\0", "e": "\x1b", "n": "\n", "r": "\r", "t": "\t"}

_REFUSED = {
    "&": "an anchor",
    "*": "an alias",
    "!": "a tag",
    "|": "a block scalar",
    ">": "a block scalar",
    "?": "a complex key",
    "%": "a directive",
    '"': "a string that does not end on its line",
    "'": "a string that does not end on its line",
}

_CLOSING = {"[": "]", "{": "}"}


class Node:
    """A value: a string, a list of nodes, or nodes by key; None if nothing is given.

    `quoted` tells a string from a plain scalar, which could mean a number as well. `line` counts
    from 1. `comments` are those above the value's line and at its end, without `#`.
    """

    __slots__ = ("comments", "line", "quoted", "value")

    value: str | list[Node] | dict[str, Node] | None
    line: int
    quoted: bool
    comments: tuple[str, ...]

    def __init__(
        self,
        value: str | list[Node] | dict[str, Node] | None,
        line: int,
        *,
        quoted: bool = False,
        comments: tuple[str, ...] = (),
    ) -> None:
        self.value = value
        self.line = line
        self.quoted = quoted
        self.comments = comments


def read_yaml(text: str, path: str) -> Node:
    """The document in `text`; raises ConfigError for what is no YAML or is not read here."""
    return _Reader(path, _lines(text, path)).document()


class _Line:
    """The tokens of a line, or of several that a flow collection joins; each has its kind."""

    __slots__ = ("comments", "indent", "number", "tokens")

    def __init__(self, number: int, indent: int, comments: list[str]) -> None:
        self.number = number
        self.indent = indent
        self.comments = comments
        self.tokens: list[tuple[str, str]] = []

    @property
    def is_item(self) -> bool:
        """Whether an item of a block sequence starts here."""
        return self.tokens[0] == ("mark", "-")


def _lines(text: str, path: str) -> list[_Line]:
    """The lines that have something on them, cut into tokens."""
    lines: list[_Line] = []
    comments: list[str] = []
    depth = 0
    ended = False
    for number, physical in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        marker = physical.rstrip()
        if marker == "---" and not lines and not ended:
            continue
        if marker and ((ended and marker[0] != "#") or (physical.startswith("---") and not depth)):
            raise _problem(path, number, "a second document is not read")
        if ended or (marker == "..." and not depth):
            ended = True
            continue
        content = physical.lstrip(" ")
        if content.startswith("\t") and content.strip():
            raise _problem(path, number, "a tab cannot indent")
        if not depth:
            lines.append(_Line(number, len(physical) - len(content), comments))
        depth = _cut(content, lines[-1], depth, path)
        comments = [] if lines[-1].tokens else lines.pop().comments
    if depth:
        raise _problem(path, lines[-1].number, "a bracket is not closed")
    return lines


def _cut(text: str, line: _Line, depth: int, path: str) -> int:
    """Append the tokens of `text` to `line`; how many brackets are open behind it."""
    at = 0
    text = text.rstrip()
    while at < len(text):
        found = (_FLOW_TOKEN if depth else _BLOCK_TOKEN).match(text, at)
        if found is None or found.lastgroup is None:
            first = text[at:].lstrip()[0]
            refused = _REFUSED.get(first, "a reserved character")
            raise _problem(
                path, line.number, f"{refused} is not read here: `{text[at:].lstrip()[:_SHOWN]}`"
            )
        at = found.end()
        token = found[found.lastgroup].strip()
        if found.lastgroup == "comment":
            line.comments.append(token[1:].strip())
            continue
        line.tokens.append((found.lastgroup, token))
        if found.lastgroup == "mark":
            depth += (token in "[{") - (token in "]}")
    return depth


class _Reader:
    """Puts tokens together: lines by their indentation, flow collections by their brackets."""

    def __init__(self, path: str, lines: list[_Line]) -> None:
        self._path = path
        self._lines = lines
        self._row = 0
        self._at = 0

    def document(self) -> Node:
        """Everything."""
        if not self._lines:
            return Node(None, 1)
        node = self._block(self._lines[0].indent, 1)
        if self._row < len(self._lines):
            number = self._lines[self._row].number
            raise _problem(self._path, number, "the indentation fits no line above")
        return node

    def _block(self, indent: int, depth: int) -> Node:
        """The sequence or mapping whose lines start at `indent`."""
        first = self._lines[self._row]
        if depth > _DEEPEST:
            raise _problem(self._path, first.number, "too many collections within each other")
        items: list[Node] = []
        entries: dict[str, Node] = {}
        while self._row < len(self._lines):
            line = self._lines[self._row]
            if line.indent != indent or line.is_item != first.is_item:
                break
            self._at = 0
            if first.is_item:
                self._at = 1
                items.append(self._rest(line, None, depth))
            else:
                key = self._new_key(line, entries)
                entries[key] = self._rest(line, indent, depth)
        return Node(items if first.is_item else entries, first.number)

    def _rest(self, line: _Line, key_indent: int | None, depth: int) -> Node:
        """What follows a dash or a key: a value on its line, or for a key the block below it."""
        self._row += 1
        if self._at < len(line.tokens):
            node = self._value(line, depth)
            if self._at < len(line.tokens):
                raise self._unexpected(line, "the end of the line", self._at)
        elif key_indent is not None and self._has_block_below(key_indent):
            node = self._block(self._lines[self._row].indent, depth + 1)
        else:
            node = Node(None, line.number)
        node.comments = tuple(line.comments)
        return node

    def _has_block_below(self, indent: int) -> bool:
        """Whether the next line belongs to a key at `indent`; a sequence need not be indented."""
        if self._row == len(self._lines):
            return False
        below = self._lines[self._row]
        return below.indent > indent or (below.indent == indent and below.is_item)

    def _value(self, line: _Line, depth: int) -> Node:
        """A scalar or a flow collection."""
        start = self._at
        kind, token = self._next(line)
        if kind != "mark":
            plain_null = kind == "plain" and token in ("~", "null")
            value = None if plain_null else _string(kind, token)
            return Node(value, line.number, quoted=kind != "plain")
        if token not in _CLOSING or depth > _DEEPEST:
            raise self._unexpected(line, "a value", start)
        items: list[Node] = []
        entries: dict[str, Node] = {}
        closing = ("mark", _CLOSING[token])
        while line.tokens[self._at] != closing:
            if token == "[":
                items.append(self._value(line, depth + 1))
            else:
                key = self._new_key(line, entries)
                entries[key] = self._value(line, depth + 1)
            if line.tokens[self._at] == ("mark", ","):
                self._at += 1
            elif line.tokens[self._at] != closing:
                raise self._unexpected(line, f"`,` or `{closing[1]}`", self._at)
        self._at += 1
        return Node(items if token == "[" else entries, line.number)

    def _new_key(self, line: _Line, entries: dict[str, Node]) -> str:
        """A key that is not among `entries`, and its colon."""
        start = self._at
        kind, token = self._next(line)
        if kind == "mark" or self._next(line) != ("mark", ":"):
            raise self._unexpected(line, "`key: value`", start)
        key = _string(kind, token)
        if key in entries:
            raise _problem(self._path, line.number, f"the key `{key}` is there twice")
        return key

    def _next(self, line: _Line) -> tuple[str, str]:
        """The next token; an empty mark behind the last."""
        self._at += 1
        return line.tokens[self._at - 1] if self._at <= len(line.tokens) else ("mark", "")

    def _unexpected(self, line: _Line, expected: str, at: int) -> ConfigError:
        """The exception for the tokens from `at` on."""
        found = " ".join(token for _, token in line.tokens[at:])[:_SHOWN]
        return _problem(self._path, line.number, f"expected {expected}, found `{found}`")


def _string(kind: str, token: str) -> str:
    """The text that a scalar's token stands for."""
    if kind == "single":
        return token[1:-1].replace("''", "'")
    return _ESCAPE.sub(_unescaped, token[1:-1]) if kind == "double" else token


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPES.get(found[3], found[3])


def _problem(path: str, line: int, message: str) -> ConfigError:
    return ConfigError(path, "", f"line {line}: {message}")
