"""Two installations that follow one another, written as one."""

from __future__ import annotations

import re
from collections import Counter

from dflint.shell.statements import Construct, Kind
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Invocation
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

#: A line is no longer than this, and more calls than these have a line for each.
_WIDEST = 100
_MANY = 6
#: In these `set -e` ends the shell where a command fails.
_HEEDED = (Kind.SCRIPT, Kind.IF, Kind.BRANCH, Kind.LOOP, Kind.GROUP)
#: Options that say yes to what a call asks; and those that only change what it prints.
_YES = ("-y", "--yes", "--assume-yes")
_QUIET = ("-q", "--quiet")


#: The library that a development package is of.
_LIBRARY = re.compile(r"(lib[a-z]++)\S*-dev\Z")
#: Packages of which a system has one.
_ALTERNATIVES = (
    ("postfix", "exim4", "sendmail", "ssmtp", "msmtp-mta", "nullmailer", "esmtp"),
    ("mysql-", "mariadb-", "percona-"),
)


def joined(program: Program, first: Invocation, second: Invocation) -> list[Edit] | None:
    """What the packages of the second of two calls become arguments of the first by.

    None unless they follow one another directly, the second only where the first has succeeded,
    are called alike, and nothing but continuations stands between their words.
    """
    if program.is_exec_form or not _follows(program, first, second):
        return None
    if not _are_alike(first, second) or not _may_be_together(first, second):
        return None
    last, operand = first.command.words[-1], second.operands[0].word
    between = [one for one in second.command.words if one.start < operand.start]
    if any(one.value == "--" for one in (*first.arguments, *second.arguments)):
        return None
    source = program.instruction.line.source
    begin, end = last.span.end, between[-1].span.end
    if end > operand.span.start or "#" in source[begin : operand.span.start]:
        return None
    gap = source[end : operand.span.start]
    if gap.strip(" \t\r\n" + program.instruction.line.escape):
        return None
    behind = [one for one in second.options if one.argument.word.start > operand.start]
    if any(one.given is not None for one in behind):
        return None
    words = {one.argument.word.start: one.argument.word.span for one in behind}
    length = sum(len(one.word.text) + 1 for one in second.operands)
    edits = [_join(program, last, Span(begin, operand.span.start), gap, length)]
    for span in words.values():
        start = len(source[: span.start].rstrip(" \t"))
        edits.append(Edit(Span(start, span.end), ""))
    return edits


def _join(program: Program, last: Word, span: Span, gap: str, length: int) -> Edit:
    """The edit of what stands between two packages: a blank, or a line end.

    It is a line for each where those above have one, and where there are many calls; and another
    line where one would be too long.
    """
    line = program.instruction.line
    source = line.source
    if "\n" in gap:
        return Edit(span, gap)
    start = max(source.rfind("\n", 0, last.span.start) + 1, line.start)
    own = source[start : last.span.start]
    is_on_one_line = "\n" not in span.slice(source)
    if line.markers or start == line.start or is_on_one_line:
        return Edit(span, " ")
    indent = own[: len(own) - len(own.lstrip(" \t"))]
    if own.strip(" \t"):
        calls = sum(one.action == "install" for one in program.invocations_of("apt-get", "apt"))
        if span.start - start + length <= _WIDEST and calls <= _MANY:
            return Edit(span, " ")
        indent += "    "
    newline = "\r\n" if source.find("\r\n", line.start, line.end) >= 0 else "\n"
    return Edit(span, f" {line.escape}{newline}{indent}")


def _follows(program: Program, first: Invocation, second: Invocation) -> bool:
    """Whether the second runs right behind the first, and only if that has succeeded."""
    one, other = first.command, second.command
    parent = one.parent
    if parent is None or other.parent is not parent or other.index != one.index + 1:
        return False
    if one.is_negated or other.is_negated or _may_fail(other):
        return False
    operator = parent.operator(one.index)
    if parent.kind is Kind.AND_OR:
        return operator == "&&" and _runs_with(parent, one.index)
    if operator not in (";", "\n") or "errexit" not in program.options_at(one):
        return False
    return all(outer.kind in _HEEDED for outer in one.ancestors)


def _may_fail(statement: Statement) -> bool:
    """Whether something is provided for its failure, which then would take others along."""
    if any(one.kind is Kind.CONDITION for one in statement.ancestors):
        return True
    for each in (statement, *statement.ancestors):
        if each.is_negated:
            return True
        parent = each.parent
        if parent is None:
            continue
        following = parent.statements[each.index + 1 :]
        if parent.kind is Kind.AND_OR:
            count = len(parent.statements)
            if any(parent.operator(at) == "||" for at in range(each.index, count - 1)):
                return True
        elif following and following[0].text in ("true", ":", "exit 0"):
            return True
    return False


def _runs_with(parent: Construct, index: int) -> bool:
    """Whether all before a place in a list is joined by `&&`."""
    return all(parent.operator(at) == "&&" for at in range(index))


def _are_alike(first: Invocation, second: Invocation) -> bool:
    """Whether both are the same call but for what they install."""
    one, other = first.command, second.command
    if one.redirects or other.redirects or first.name != second.name:
        return False
    if first.verb_argument is None or first.verb != second.verb:
        return False
    if [word.text for word in one.leading_words] != [word.text for word in other.leading_words]:
        return False
    if not set(_assignments(second)) <= set(_assignments(first)):
        return False
    options, others = _options(first), _options(second)
    if options is None or others is None:
        return False
    says_yes = bool(options[0])
    return options[1] == others[1] and (says_yes or not others[0])


def _assignments(call: Invocation) -> list[str]:
    text = call.command.text
    words = call.command.words
    return text[: words[0].start - call.command.start].split() if words else []


def _options(call: Invocation) -> tuple[bool, Counter[tuple[str, str | None]]] | None:
    """Whether a call says yes, and its other options; None where only a run can tell one."""
    found: Counter[tuple[str, str | None]] = Counter()
    is_yes = False
    for option in call.options:
        if option.given is not None and option.given.value is None:
            return None
        is_yes = is_yes or option.name in _YES
        if option.name not in _YES and option.name not in _QUIET:
            found[option.name, option.value] += 1
    return is_yes, found


def _may_be_together(first: Invocation, second: Invocation) -> bool:
    """Whether the packages of both may stand in one call: no package twice in two versions.

    What `pkg-` removes, and what a variable names, is not known.
    """
    if not first.operands or not second.operands:
        return False
    versions: dict[str, str] = {}
    for one in (*first.operands, *second.operands):
        if one.value is None or one.value.endswith(("-", ".deb")) or "/" in one.value:
            return False
        name = one.value.partition("=")[0].partition(":")[0]
        if versions.setdefault(name, one.value) != one.value:
            return False
    firsts, seconds = (_names(call) for call in (first, second))
    return not any(_excludes(one, other) for one in firsts for other in seconds)


def _names(call: Invocation) -> list[str]:
    return [one.prefix.partition("=")[0].partition(":")[0] for one in call.operands]


def _excludes(one: str, other: str) -> bool:
    """Whether a package may put another one out, which it cannot in one call.

    Development packages of one library do (`libcurl4-gnutls-dev`), and servers of one kind.
    """
    if one == other:
        return False
    first, second = _LIBRARY.match(one), _LIBRARY.match(other)
    if first is not None and second is not None and first[1] == second[1]:
        return True
    for group in _ALTERNATIVES:
        kinds = [
            next((kind for kind in group if name.startswith(kind)), "") for name in (one, other)
        ]
        if all(kinds) and kinds[0] != kinds[1]:
            return True
    return False
