"""Suppressions: comments that silence rules.

    # dflint: ignore=RULE[,RULE] [reason]       the instruction below, or that it stands in
    # dflint: ignore-file=RULE[,RULE] [reason]  the whole file
    # hadolint ignore=DL3008,SC2046             the instruction below
    # hadolint global ignore=DL3008             the whole file
    # shellcheck disable=SC2086                 the instruction below
    # check=skip=RULE[,RULE]                    the whole file as a parser directive, elsewhere
                                                the instruction right below

A rule can be named by any of its aliases, ShellCheck's codes by their beginning too (`SC3*`).
Without a list, or with `all`, every rule is meant. `check=skip` silences rules that are checks of
BuildKit's, nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from dflint.lint.names import takes_code
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.lint.finding import Finding
    from dflint.lint.names import RuleNames

_MARKS = ("dflint", "hadolint", "shellcheck")
_KEYS = ("ignore-file", "ignore", "disable")
_SKIP = re.compile(r"#[ \t]*+check[ \t]*+=[ \t]*+(?=\S)")


class Suppression:
    """One comment that silences rules.

    `tool` is whose comment it is: `dflint`, `hadolint`, `shellcheck` or `check`. `names` are the
    rules as they are written, empty for all; `spans` where each name stands. `reach` is the part
    of the text in which findings are silenced. `text` is the comment.
    """

    __slots__ = ("names", "reach", "span", "spans", "text", "tool", "used")

    tool: str
    names: tuple[str, ...]
    spans: tuple[Span, ...]
    span: Span
    reach: Span
    text: str
    used: set[str]

    def __init__(
        self,
        tool: str,
        names: tuple[str, ...],
        spans: tuple[Span, ...],
        span: Span,
        reach: Span,
        text: str,
    ) -> None:
        self.tool = tool
        self.names = names
        self.spans = spans
        self.span = span
        self.reach = reach
        self.text = text
        self.used = set()


class Suppressions:
    """All suppressions of one file; `checks` are the rules that are BuildKit's checks."""

    __slots__ = ("_checks", "_names", "all", "fail_on_findings")

    all: tuple[Suppression, ...]
    fail_on_findings: bool

    def __init__(
        self, tree: Dockerfile, text: str, names: RuleNames, checks: frozenset[str]
    ) -> None:
        self._names = names
        self._checks = checks
        self.all = suppressions_in(tree, text)
        self.fail_on_findings = False
        for option, _ in _check_options(tree):
            key, _, setting = option.partition("=")
            if key.strip() == "error":
                self.fail_on_findings = setting.strip().lower() == "true"

    def suppresses(self, finding: Finding) -> Suppression | None:
        """The suppression that silences a finding, which is then counted as used."""
        for suppression in self.all:
            reach = suppression.reach
            if not reach.start <= finding.span.start < reach.end and reach.end != reach.start:
                continue
            name = self._matching(suppression, finding.rule)
            if name is not None:
                suppression.used.add(name)
                return suppression
        return None

    def _matching(self, suppression: Suppression, rule: str) -> str | None:
        if suppression.tool == "check" and rule not in self._checks:
            return None
        if not suppression.names:
            return "all"
        for name in suppression.names:
            if name == rule or name.lower() == "all":
                return name
            if rule in self._names.expand(name) or _takes_code(name, rule, suppression.tool):
                return name
        return None


def suppressions_in(tree: Dockerfile, text: str) -> tuple[Suppression, ...]:
    """Every suppression of a file: those of the check directive, then those in comments."""
    found: list[Suppression] = []
    for option, start in _check_options(tree):
        found += _skips(option, start, Span(0, len(text) + 1))
    for word in ("ignore", "disable"):
        if word in text:
            found += _comments(tree, text, word)
    if "skip=" in text and "check" in text:
        found += _checks_above(tree, text)
    return tuple(found)


def _check_options(tree: Dockerfile) -> Iterator[tuple[str, int]]:
    """The options of the first check directive, each with its place in the text."""
    at = len(tree.bom)
    for directive in tree.directives:
        if directive.is_indented:
            return
        if directive.name.lower() == "check":
            at += len(directive.marker + directive.name + directive.equals)
            for option in directive.value.partition(" ")[0].split(";"):
                yield option, at
                at += len(option) + 1
            return
        at += len(directive.code)


def _checks_above(tree: Dockerfile, text: str) -> Iterator[Suppression]:
    """The `check=skip` comments right above an instruction; a blank line parts them."""
    for instruction in tree.instructions:
        line = instruction.line
        above = text[line.above : line.start]
        if "skip=" not in above:
            continue
        at = line.start
        for comment in reversed(above.splitlines(keepends=True)):
            at -= len(comment)
            stripped = comment.strip()
            if not stripped and comment.endswith("\n"):
                break
            mark = _SKIP.match(stripped)
            if mark is not None:
                start = at + comment.index(stripped) + mark.end()
                yield from _skips(stripped[mark.end() :], start, Span(line.above, line.stop))


def _skips(value: str, start: int, reach: Span) -> Iterator[Suppression]:
    """The options `skip=…` in the value, which is at `start`, of a `check` comment."""
    at = 0
    for option in value.split(";"):
        key, _, setting = option.partition("=")
        if key.strip() == "skip":
            names, spans = _names_at(setting, start + at + option.index("=") + 1)
            span = Span(start + at, start + at + len(option))
            yield Suppression("check", names, spans, span, reach, f"check={option}")
        at += len(option) + 1


def _takes_code(name: str, rule: str, tool: str) -> bool:
    """Whether a name takes a code of ShellCheck's; in its own comments also as it reads them.

    There `SC` may be left out, and `SC2000-SC2100` is a range.
    """
    if not rule.startswith("SC"):
        return False
    if tool != "shellcheck" or name.endswith("*"):
        return takes_code(name, rule)
    first, _, last = name.partition("-")
    first, last = first.removeprefix("SC"), (last or first).removeprefix("SC")
    if not (first.isdecimal() and last.isdecimal() and rule[2:].isdecimal()):
        return False
    return int(first) <= int(rule[2:]) <= int(last)


def _comments(tree: Dockerfile, text: str, word: str) -> Iterator[Suppression]:
    """The suppressions in comments that have the word in them."""
    starts: list[int] = []
    at = text.find(word)
    while at >= 0:
        begin = text.rfind("\n", 0, at) + 1
        close = text.find("\n", at)
        close = len(text) if close < 0 else close
        line = text[begin:close]
        content = line.lstrip("\ufeff \t")
        if content.startswith("#") and any(mark in content for mark in _MARKS):
            starts = starts or [instruction.line.above for instruction in tree.instructions]
            owner = bisect_right(starts, begin) - 1
            reach = _reach(tree, owner, begin)
            if reach is not None:
                suppression = _read(content, close - len(content), reach, text)
                if suppression is not None:
                    yield suppression
        at = text.find(word, close)


def _reach(tree: Dockerfile, owner: int, begin: int) -> Span | None:
    """What a comment at `begin` speaks of: its instruction; None for a line of a heredoc.

    A comment below the last instruction speaks of nothing but itself.
    """
    if owner >= 0:
        line = tree.instructions[owner].line
        if any(start <= begin < end for start, _, end in line.bodies):
            return None
        if begin < line.stop:
            return Span(line.above, line.stop)
    return Span(begin, begin + 1)


def _read(content: str, start: int, reach: Span, text: str) -> Suppression | None:
    """The suppression that a comment at `start` is, or None."""
    at = _skip(content, 1, " \t#")
    tool = next((mark for mark in _MARKS if content.startswith(mark, at)), None)
    if tool is None:
        return None
    at = _skip(content, at + len(tool), ": \t")
    is_global = content.startswith("global ", at)
    if is_global:
        at = _skip(content, at + len("global"), " \t")
    key = next((word for word in _KEYS if content.startswith(word, at)), None)
    if key is None or (key == "disable") != (tool == "shellcheck"):
        return None
    is_global = is_global or key == "ignore-file"
    at = _skip(content, at + len(key), " \t")
    names: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    if content.startswith("=", at):
        names, spans = _names_at(content[at + 1 :], start + at + 1)
    written = content.rstrip("\r")
    span = Span(start, start + len(written))
    whole = Span(0, len(text) + 1) if is_global else reach
    return Suppression(tool, names, spans, span, whole, written)


def _skip(text: str, at: int, characters: str) -> int:
    while text[at : at + 1] and text[at] in characters:
        at += 1
    return at


def _names_at(value: str, start: int) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    """The comma-separated names at the beginning of `value`, which is at `start`; then a reason."""
    names: list[str] = []
    spans: list[Span] = []
    at = 0
    while True:
        while value[at : at + 1] in (" ", "\t"):
            at += 1
        begin = at
        while at < len(value) and value[at] not in ", \t\r":
            at += 1
        if at > begin:
            names.append(value[begin:at])
            spans.append(Span(start + begin, start + at))
        rest = value[at:].lstrip(" \t")
        if not rest.startswith(","):
            break
        at += len(value[at:]) - len(rest) + 1
    if any(name.lower() == "all" for name in names):
        return (), ()
    return tuple(names), tuple(spans)
