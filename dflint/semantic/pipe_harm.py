"""Pipes that `pipefail` would let fail though nothing is wrong.

A member is ended by SIGPIPE when the one behind it stops reading, and some commands answer a
question, or tell that there was nothing, with a status that is not 0.
"""

from __future__ import annotations

from dflint.shell.commands import Command
from dflint.shell.early_readers import GREPS, stops_early
from dflint.shell.statements import Construct, Kind
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.statements import Statement

#: These write so little that it is in the pipe before anybody has read of it.
_BRIEF = frozenset((
    "echo", "printf", "true", ":", "uname", "arch", "hostname", "date", "whoami", "id", "pwd",
    "nproc", "basename", "dirname", "getconf",
))  # fmt: skip
_FILTERS = frozenset((
    "tr", "cut", "sed", "awk", "sort", "uniq", "wc", "rev", "cat", "grep", "egrep", "fgrep",
    "head", "tail",
))  # fmt: skip
_ENDLESS = frozenset(("yes",))
#: Their status is an answer.
_ANSWERING = frozenset((
    "diff", "cmp", "test", "[", "[[", "which", "type", "expr", "false", "pgrep", "pidof",
    "ldd", "lsof", "let", "getent", "timeout",
))  # fmt: skip
#: So is that of these of their verbs and options.
_ANSWERS = {
    "command": ("-v", "-V"), "dpkg": ("-l", "-L", "-s", "-S"), "rpm": ("-V",), "ps": ("-C", "-p"),
    "dpkg-query": ("-l", "-L", "-s", "-S", "-W"), "npm": ("ls", "list", "outdated", "audit"),
    "yarn": ("outdated", "audit", "check"), "pip": ("check",), "pip3": ("check",),
    "dnf": ("check-update",), "yum": ("check-update",), "ssh": ("-T",),
    "git": ("--exit-code", "--quiet", "grep"), "systemctl": ("status", "is-active"),
}  # fmt: skip
#: They go on where something is missing, and say so at the end.
_LISTING = frozenset(("ls", "find", "du", "stat", "readlink", "realpath", "cat", "file"))
_COUNTING = frozenset(("wc", "xargs"))
_NOTHING_LEFT = ("true", ":")


def answers_before(program: Program) -> bool:
    """Whether `-e` may end a program at a step that answers a question before others go on."""
    steps = program.script.steps[:-1]
    return any(step.operator_after != "||" and _may_answer(step) for step in steps)


def is_spoilt(program: Program, with_errexit: bool = False) -> bool:
    """Whether `pipefail` may stop a program, or turn it elsewhere, where nothing is wrong.

    `with_errexit` tells that `-e` is turned on with it.
    """
    script = program.script
    if "|" not in script.text:
        return False
    if not program.is_readable:
        return True
    return any(
        "pipefail" not in program.options_at(pipeline)
        and _counts(program, pipeline, with_errexit)
        and _is_spoilt(pipeline.statements)
        for pipeline in script.pipelines
    )


def _counts(program: Program, pipeline: Construct, with_errexit: bool) -> bool:
    """Whether anything depends on the status of a pipeline."""
    from dflint.semantic.unnoticed_failures import is_checked, is_lone_value

    if _is_let_pass(pipeline):
        return False
    is_asked = pipeline.is_negated or pipeline.operator_after == "||"
    for outer in pipeline.ancestors:
        if outer.kind is Kind.PROCESS or (
            outer.kind is Kind.SUBSTITUTION and not is_lone_value(outer)
        ):
            return False
        if _is_let_pass(outer):
            return False
        is_asked = is_asked or outer.kind is Kind.CONDITION or outer.operator_after == "||"
    return is_asked or with_errexit or is_checked(program, pipeline)


def _is_let_pass(statement: Statement) -> bool:
    """Whether `|| true` follows, or nobody waits for it."""
    if statement.operator_after == "&":
        return True
    parent = statement.parent
    if parent is None or parent.kind is not Kind.AND_OR or statement.operator_after != "||":
        return False
    after = parent.statements[statement.index + 1]
    return isinstance(after, Command) and after.program in _NOTHING_LEFT


def _is_spoilt(members: list[Statement]) -> bool:
    for at, member in enumerate(members):
        writers = members[:at]
        if writers and stops_early(member) and not _are_brief(writers):
            return True
    writers = members[:-1]
    if any(_is_endless(one) or _may_answer(one) for one in writers if not _selects(one)):
        return True
    return any(map(_selects, writers)) and not _is_needed(members)


def _selects(statement: Statement) -> bool:
    """Whether it is a `grep` for lines that are there."""
    return _is_one_of(statement, GREPS) and (
        statement.find_option("-v", "-c", "--invert-match", "--count") is None  # type: ignore[attr-defined]
    )


def _is_needed(members: list[Statement]) -> bool:
    """Whether some line has to come out: of a download, not for as many commands as there are."""
    from dflint.semantic.unnoticed_failures import failing

    last = members[-1]
    if isinstance(last, Construct) or _is_one_of(last, _COUNTING):
        return False
    return failing(members[0]) is not None and not last.text.startswith("xargs")


def _are_brief(writers: list[Statement]) -> bool:
    first, *filters = writers
    return _is_one_of(first, _BRIEF) and all(_is_one_of(one, _FILTERS) for one in filters)


def _is_one_of(statement: Statement, programs: frozenset[str]) -> bool:
    return isinstance(statement, Command) and statement.program in programs


def _is_endless(statement: Statement) -> bool:
    if isinstance(statement, Command):
        return statement.program in _ENDLESS
    if isinstance(statement, Construct) and statement.kind is Kind.LOOP:
        first = statement.statements[:1]
        return bool(first) and first[0].text.strip("() \t;") in ("true", ":", "1")
    return False


def _may_answer(statement: Statement) -> bool:
    """Whether the status of a member may be another than 0 though it did what it should."""
    if isinstance(statement, Command):
        return _answers(statement)
    assert isinstance(statement, Construct)
    members = statement.statements
    if not members:
        return False
    kind = statement.kind
    if kind is Kind.PIPELINE:
        return _may_answer(members[-1])
    if kind is Kind.AND_OR:
        return not _is_let_pass(members[-2]) and any(map(_may_answer, members))
    if kind in (Kind.IF, Kind.CASE, Kind.LOOP):
        branches = (one for one in members if getattr(one, "kind", None) is Kind.BRANCH)
        return any(map(_may_answer, branches))
    return _may_answer(members[-1])


def _answers(command: Command) -> bool:
    program = command.program or ""
    if program in _ANSWERING or program in GREPS:
        return True
    marks = _ANSWERS.get(program)
    if marks is not None and any(word.prefix.startswith(marks) for word in command.arguments):
        return True
    if program not in _LISTING:
        return False
    # What is not there, or may not be read, is no surprise.
    return contains_any(command.text, ("2>/dev/null", "2> /dev/null", "&>", "2>&-")) or (
        program == "find" and any(word.text in ("/", "/proc", "/sys") for word in command.operands)
    )
