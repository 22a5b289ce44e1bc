"""What BuildKit's parser refuses in a file."""

from __future__ import annotations

from dflint.cst.instructions import BadInstruction, Instruction
from dflint.cst.parser.build import pairs_problem
from dflint.cst.parser.head import head_of, keyword_of
from dflint.cst.parser.logical_lines import LogicalLine
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile

#: The longest physical line that BuildKit reads, in bytes without its line end.
LONGEST_LINE = 65535
#: The same in code points at the least: each has four bytes at most.
_SHORTEST = LONGEST_LINE // 4


class SyntaxProblem:
    """Something that makes a builder refuse the file.

    `kind` names the defect, as the rule that reports it is named. `reason` is what BuildKit
    prints; `found` the text at fault, `expected` what would be right there, where one can say.
    """

    __slots__ = ("expected", "found", "kind", "reason", "span")

    kind: str
    span: Span
    reason: str
    found: str
    expected: str

    def __init__(
        self, kind: str, span: Span, reason: str, found: str = "", expected: str = ""
    ) -> None:
        self.kind = kind
        self.span = span
        self.reason = reason
        self.found = found
        self.expected = expected

    def __repr__(self) -> str:
        return f"SyntaxProblem({self.kind!r}, {self.span!r}, {self.reason!r})"


def may_have_long_lines(text: str) -> bool:
    """Whether a line may be longer than BuildKit reads; a quick look."""
    return len(text) > _SHORTEST


def parser_problems(tree: Dockerfile, text: str) -> Iterator[SyntaxProblem]:
    """What BuildKit's parser refuses in a tree that was parsed from `text`."""
    if tree.directives:
        yield from _directive_problems(tree)
    if may_have_long_lines(text):
        yield from _long_lines(text)
    for instruction in tree.instructions:
        if type(instruction) is BadInstruction:
            yield _unreadable(instruction)
        line = instruction.line
        if not line.markers:
            continue
        for marker, (_, close, end) in zip(line.markers, line.bodies, strict=True):
            if close == end:
                yield SyntaxProblem(
                    "unterminated-heredoc",
                    _marker_span(line, marker.name),
                    "unterminated heredoc",
                    marker.name,
                )
                break
    if not tree.instructions:
        yield SyntaxProblem("empty-dockerfile", Span(0, 0), "file with no instructions")


def _directive_problems(tree: Dockerfile) -> Iterator[SyntaxProblem]:
    at = len(tree.bom)
    seen = set()
    for directive in tree.directives:
        name = directive.name.lower()
        begin = at + len(directive.marker)
        at += len(directive.code)
        if name in seen:
            yield SyntaxProblem(
                "duplicate-directive",
                Span(begin, begin + len(name)),
                f"only one {name} parser directive can be used",
                name,
            )
        elif name == "escape" and directive.value not in ("\\", "`"):
            value = begin + len(directive.name + directive.equals)
            yield SyntaxProblem(
                "invalid-escape-directive",
                Span(value, value + len(directive.value)),
                f"invalid escape token '{directive.value}' does not match ` or \\",
                directive.value,
                "`\\` or `` ` ``",
            )
        seen.add(name)


def _long_lines(text: str) -> Iterator[SyntaxProblem]:
    at = 0
    while len(text) - at > _SHORTEST:
        # Jumping from line end to line end, as far as one look reaches.
        last = text.rfind("\n", at, at + _SHORTEST)
        if last >= 0:
            at = last + 1
            continue
        close = text.find("\n", at)
        close = len(text) if close < 0 else close
        size = len(text[at:close].encode("utf-8", "surrogateescape"))
        if size > LONGEST_LINE:
            reason = f"dockerfile line greater than max allowed size of {LONGEST_LINE}"
            yield SyntaxProblem("line-too-long", Span(at, close), reason, str(size))
        at = close + 1


def _marker_span(line: LogicalLine, name: str) -> Span:
    at = line.text.find("<<")
    while at >= 0:
        following = line.text.find("<<", at + 2)
        if name in line.text[at : following if following >= 0 else None]:
            break
        at = following
    begin = max(at, 0)
    found = line.text.find(name, begin + 2)
    end = found + len(name) if found >= 0 else begin + 2
    if line.text[end : end + 1] in ("'", '"'):
        end += 1
    return Span(line.offset(begin), line.offset_after(end))


def _unreadable(instruction: Instruction) -> SyntaxProblem:
    line = instruction.line
    text = line.text
    start = 0
    keyword = keyword_of(text)
    head = head_of(text, 0, line.escape)
    while keyword == "onbuild":
        start = head.arguments
        keyword = keyword_of(text, start)
        head = head_of(text, start, line.escape)
    if keyword not in ("env", "label"):
        span = Span(line.offset(head.arguments), line.offset_after(head.end))
        reason = "when using JSON array syntax, arrays must be comprised of strings only"
        return SyntaxProblem(
            "json-array-not-strings", span, reason, text[head.arguments : head.end], keyword
        )
    place = pairs_problem(text, head.arguments, head.end, line.escape)
    begin, end = place if place is not None else (head.arguments, head.end)
    word = text[begin:end]
    if begin == head.arguments and end == head.end:
        reason = f"{keyword.upper()} must have two arguments"
    else:
        quoted = word.replace("\\", "\\\\").replace('"', '\\"')
        reason = f'Syntax error - can\'t find = in "{quoted}". Must be of the form: name=value'
    span = Span(line.offset(begin), line.offset_after(end))
    return SyntaxProblem("malformed-pair", span, reason, word, keyword)
