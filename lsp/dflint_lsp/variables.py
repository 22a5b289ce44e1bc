"""Where instructions name variables: what sets them, and what uses them.

Reads logical lines more leniently than a builder does: what is half typed has names too.
"""

from __future__ import annotations

import re

from dflint.cst.parser.head import head_of, keyword_of, split_list, split_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.parser.logical_lines import LogicalLine

_NAME = r"[^\W\d]\w*"
_IS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_USE = re.compile(rf"\$(?:\{{[#!]?)?(?:env:)?({_NAME})")
"""`$name`, `${name…`, and what PowerShell calls `$env:name`."""
_PERCENT_USE = re.compile(rf"%({_NAME})%")
_ARITHMETIC = re.compile(r"\$\(\(([^()]*(?:\([^()]*\)[^()]*)*)\)\)")
_BARE_NAME = re.compile(rf"(?<![\w$]){_NAME}(?!\w)")

SHELL_KEYWORDS = frozenset(("run", "cmd", "entrypoint", "healthcheck"))
"""The instructions whose variables a shell expands; those of all others are the builder's."""
RUNTIME_KEYWORDS = frozenset(("cmd", "entrypoint", "healthcheck"))
"""The instructions that are carried out in a container, where build arguments are no more."""

Place = tuple[str, int, int]
"""A name with its beginning and end in a text."""


class Part:
    """An instruction of a logical line, be it the line's own or the one behind ONBUILD.

    `start` is where its keyword begins in the joined text, `arguments` where what is behind its
    flags does.
    """

    __slots__ = ("arguments", "flags", "keyword", "line", "start")

    def __init__(self, line: LogicalLine) -> None:
        self.line = line
        text, escape = line.text, line.escape
        self.start = 0
        self.keyword = keyword_of(text)
        head = head_of(text, 0, escape)
        if self.keyword == "onbuild":
            self.start = head.arguments
            self.keyword = keyword_of(text, self.start)
            head = head_of(text, self.start, escape)
        self.flags = head.flags
        self.arguments = min(head.arguments, len(text))

    @property
    def is_trigger(self) -> bool:
        """Whether it stands behind ONBUILD: another Dockerfile's build carries it out."""
        return self.start > 0

    def words(self) -> list[tuple[int, int]]:
        """The places of the words between blanks."""
        return split_list(self.line.text, self.arguments, len(self.line.text))


def names_set(part: Part) -> Iterator[Place]:
    """The names that ARG declares or ENV sets."""
    if part.keyword not in ("arg", "env"):
        return
    text = part.line.text
    words = split_words(text, part.arguments, len(text), part.line.escape)
    if part.keyword == "env" and words and "=" not in text[words[0][0] : words[0][1]]:
        del words[1:]  # `ENV name value`
    for begin, end in words:
        equals = text.find("=", begin, end)
        name = text[begin : end if equals < 0 else equals]
        if _IS_NAME.fullmatch(name):
            yield name, begin, begin + len(name)


def names_declared_bare(part: Part) -> Iterator[str]:
    """The names that an ARG declares without a default: a global one's value is theirs."""
    if part.keyword == "arg":
        text = part.line.text
        for begin, end in split_words(text, part.arguments, len(text), part.line.escape):
            if "=" not in text[begin:end]:
                yield text[begin:end]


def names_used(part: Part) -> Iterator[Place]:
    """The uses of variables in the joined line, in order, shell parameters left out."""
    text = part.line.text
    windows = part.line.escape == "`"
    if "$" not in text and not (windows and "%" in text):
        return
    if part.keyword in SHELL_KEYWORDS:
        # Flags are the builder's; what a name means in them is the same.
        yield from shell_uses(text, part.start, windows)
    elif part.keyword != "maintainer":
        yield from _builder_uses(text, part.start, part.line.escape, quotes=True)


def names_used_in_heredocs(part: Part) -> Iterator[Place]:
    """The uses of variables in the heredocs of a line; places are offsets into the source."""
    line = part.line
    for marker, (start, close, _) in zip(line.markers, line.bodies, strict=True):
        body = line.source[start:close]
        if "$" not in body:
            continue
        uses: Iterator[Place]
        if part.keyword == "run":
            if not marker.expand and not line.text.startswith("<<", part.arguments):
                continue
            if body.startswith("#!") and "sh" not in body.partition("\n")[0]:
                continue
            uses = shell_uses(body, 0)
        elif marker.expand:
            uses = _builder_uses(body, 0, line.escape, quotes=False)
        else:
            continue
        for name, begin, end in uses:
            yield name, start + begin, start + end


def _builder_uses(text: str, at: int, escape: str, quotes: bool) -> Iterator[Place]:
    """The uses that a builder expands: not behind its escape character or in single quotes."""
    size = len(text)
    is_quoted = False
    while at < size:
        character = text[at]
        if character == escape:
            at += 2
        elif character == "$":
            found = _USE.match(text, at)
            if found is None:
                at += 2 if text.startswith("$$", at) else 1
                continue
            yield found[1], found.start(1), found.end(1)
            at = found.end()
        elif character == '"' and quotes:
            is_quoted = not is_quoted
            at += 1
        elif character == "'" and quotes and not is_quoted:
            at = text.find("'", at + 1) + 1 or at + 1  # one that is not closed is a character
        else:
            at += 1


def shell_uses(text: str, at: int = 0, windows: bool = False) -> Iterator[Place]:
    """The uses that a shell may expand, from an offset on.

    Those in single quotes are among them: what stands there is mostly given to another shell,
    which has the same variables. What the script assigns itself is its own from there on.
    """
    found = sorted({*_plain_shell_uses(text, at), *_arithmetic_uses(text, at)}, key=_begin)
    if windows:
        percents = _PERCENT_USE.finditer(text, at)
        found += [(one[1], one.start(1), one.end(1)) for one in percents]
    own: dict[str, int] = {}
    for name in {name for name, _, _ in found}:
        own[name] = assignment_end(text, name, at)
    for name, begin, end in found:
        if not 0 <= own[name] <= begin:
            yield name, begin, end


def _begin(place: Place) -> int:
    return place[1]


def _plain_shell_uses(text: str, at: int) -> Iterator[Place]:
    for found in _USE.finditer(text, at):
        start = found.start()
        before = start
        while before > at and text[before - 1] in "\\$" and text[before - 1] == text[start - 1]:
            before -= 1
        if (start - before) % 2 == 0:  # `\$name` and `$$name` are none
            yield found[1], found.start(1), found.end(1)


def _arithmetic_uses(text: str, at: int) -> Iterator[Place]:
    """The names in `$((…))`, which need no `$` there."""
    for outer in _ARITHMETIC.finditer(text, at):
        for found in _BARE_NAME.finditer(text, *outer.span(1)):
            yield found[0], found.start(), found.end()


def assignment_end(text: str, name: str, at: int = 0) -> int:
    """Where the first statement by which a script makes the name its own ends, or -1.

    `name=value program` is none: it sets the variable for that program alone.
    """
    if text.find(name, at) < 0:
        return -1
    quoted = re.escape(name)
    for found in re.finditer(
        rf"(?<![\w${{}}.\-/=]){quoted}\+?=|"
        rf"\b(?:for\s+{quoted}\s+in\b|read\s(?:[^;&|\n]*\s)?{quoted}(?![\w=-]))",
        text[at:],
    ):
        end = at + found.end()
        if found[0].endswith("="):
            end = _statement_end(text, at + found.start(), _word_end(text, end))
        if end >= 0:
            return end
    return -1


_WORD = re.compile(
    r"""(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|\$\((?:[^()]|\([^()]*\))*\)|[^\s;&|()<>])*""", re.S
)
_DECLARES = re.compile(r"(?:^|[\s;&|({])(?:export|local|declare|readonly|typeset)\s[^;&|\n]*$")
_STATEMENT_END = re.compile(r"[ \t]*(?:$|[;&|)\n}])")


def _word_end(text: str, at: int) -> int:
    found = _WORD.match(text, at)
    return at if found is None else found.end()


def _statement_end(text: str, start: int, end: int) -> int:
    """Where the statement of an assignment ends; -1 when that is a program's environment."""
    if _STATEMENT_END.match(text, end):
        return end
    if not _DECLARES.search(text, max(text.rfind("\n", 0, start), 0), start):
        return -1
    following = re.compile(r"[;&|\n]").search(text, end)
    return len(text) if following is None else following.start()
