"""Where instructions name variables: what sets them, and what uses them.

Reads logical lines more leniently than a builder does: what is half typed has names too.
"""

from __future__ import annotations

import re

from dflint.cst.parser.head import head_of, keyword_of, split_list, split_words
from dflint_lsp.shell_names import USE, assignments, shell_names, shell_uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.parser.logical_lines import LogicalLine
    from dflint_lsp.shell_names import ShellName

_IS_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")

SHELL_KEYWORDS = frozenset(("run", "cmd", "entrypoint", "healthcheck"))
"""The instructions whose variables a shell expands; those of all others are the builder's."""
RUNTIME_KEYWORDS = frozenset(("cmd", "entrypoint", "healthcheck"))
"""The instructions that are carried out in a container, where build arguments are no more."""

DOCKERFILE = -1
"""Whose variables those are that no script sets."""


class Name:
    """A variable's name where it is set or used.

    `owner` is the script that has set the variable itself, 0 for that on the line and from 1 for
    those in its heredocs; DOCKERFILE for those of ARG, ENV and the base image.
    """

    __slots__ = ("begin", "end", "is_definition", "owner", "text")

    def __init__(
        self,
        text: str,
        begin: int,
        end: int,
        is_definition: bool = False,
        owner: int = DOCKERFILE,
    ) -> None:
        self.text = text
        self.begin = begin
        self.end = end
        self.is_definition = is_definition
        self.owner = owner


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


def names_set(part: Part) -> Iterator[Name]:
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
            yield Name(name, begin, begin + len(name), is_definition=True)


def names_declared_bare(part: Part) -> Iterator[str]:
    """The names that an ARG declares without a default: a global one's value is theirs."""
    if part.keyword == "arg":
        text = part.line.text
        for begin, end in split_words(text, part.arguments, len(text), part.line.escape):
            if "=" not in text[begin:end]:
                yield text[begin:end]


def names_used(part: Part) -> Iterator[Name]:
    """The uses of variables in the joined line, shell parameters left out.

    Where a script sets a variable that it uses is among them.
    """
    text = part.line.text
    windows = part.line.escape == "`"
    read = _names_read(part)
    if "$" not in text and not read and not (windows and "%" in text):
        return
    if part.keyword in SHELL_KEYWORDS:
        yield from _builder_uses(text, part.start, part.arguments, part.line.escape)
        for one in shell_names(text, part.arguments, windows, read):
            yield Name(one.name, one.begin, one.end, one.is_definition, _owner(one, 0))
    elif part.keyword != "maintainer":
        yield from _builder_uses(text, part.start, len(text), part.line.escape)


def names_used_in_heredocs(part: Part) -> Iterator[Name]:
    """The uses of variables in the heredocs of a line; places are offsets into the source."""
    line = part.line
    for at, (marker, body) in enumerate(zip(line.markers, line.bodies, strict=True), start=1):
        start, close, _ = body
        text = line.source[start:close]
        if "$" not in text:
            continue
        if part.keyword == "run":
            is_script = line.text.startswith("<<", part.arguments)
            if is_script and text.startswith("#!") and "sh" not in text.partition("\n")[0]:
                continue
            if is_script:
                for found in shell_names(text):
                    begin, end = start + found.begin, start + found.end
                    yield Name(found.name, begin, end, found.is_definition, _owner(found, at))
            elif marker.expand:
                yield from _input_names(part, text, start)
        elif marker.expand:
            for one in _builder_uses(text, 0, len(text), line.escape, quotes=False):
                yield Name(one.text, start + one.begin, start + one.end)


def _owner(name: ShellName, script: int) -> int:
    return script if name.is_own else DOCKERFILE


def _names_read(part: Part) -> frozenset[str]:
    """What the shell expands in the heredocs that commands read."""
    line = part.line
    if part.keyword != "run" or not line.markers or line.text.startswith("<<", part.arguments):
        return frozenset()
    return frozenset(
        name
        for marker, (start, close, _) in zip(line.markers, line.bodies, strict=True)
        if marker.expand
        for name, _, _ in shell_uses(line.source[start:close])
    )


def _input_names(part: Part, text: str, shift: int) -> Iterator[Name]:
    """The uses in what a command reads: the shell that runs the command expands them."""
    uses = list(shell_uses(text))
    names = {name for name, _, _ in uses}
    own = {name for name, _ in assignments(part.line.text, names, part.arguments)}
    for name, begin, end in uses:
        owner = 0 if name in own else DOCKERFILE
        yield Name(name, shift + begin, shift + end, owner=owner)


def _builder_uses(text: str, at: int, end: int, escape: str, quotes: bool = True) -> Iterator[Name]:
    """The uses that a builder expands: not behind its escape character or in single quotes."""
    is_quoted = False
    while at < end:
        character = text[at]
        if character == escape:
            at += 2
        elif character == "$":
            found = USE.match(text, at)
            if found is None:
                at += 2 if text.startswith("$$", at) else 1
                continue
            yield Name(found[1], *found.span(1))
            at = found.end()
        elif character == '"' and quotes:
            is_quoted = not is_quoted
            at += 1
        elif character == "'" and quotes and not is_quoted:
            at = text.find("'", at + 1, end) + 1 or at + 1  # one that is not closed is a character
        else:
            at += 1
