"""The fix that writes the commands of a RUN on lines of a heredoc."""

from __future__ import annotations

from dflint.lint.contract import SAME_IMAGE
from dflint.lint.edits import has_suppression
from dflint.lint.fix import Applicability, Effect, Fix
from dflint.lint.markup import MARKUP
from dflint.lint.step_fixes import has_front_end
from dflint.semantic.refusals import final_refusal
from dflint.shell.commands import Command
from dflint.shell.meaning import means_the_same
from dflint.shell.script import read_heredoc
from dflint.shell.statements import Construct, Kind
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.lint.document import Document
    from dflint.semantic.programs import Program
    from dflint.shell.statements import Statement

#: What reads commands into the same shell, to which `set -e` is new, or tells it what to do.
_IN_SHELL = (
    ".", "source", "eval", "trap", "alias", "return", "shopt", "builtin", "command", "nvm", "sdk",
    "rvm",
)  # fmt: skip
#: What may hold one command alone: of several, only the last one's failure counts to `&&`.
_WITH_ONE = (Kind.SUBSHELL, Kind.GROUP, Kind.BRANCH, Kind.SUBSTITUTION, Kind.PROCESS)
#: In these `set -e` does nothing when a part of an and-or list has failed, but at its end.
_IN_PLACE = (Kind.GROUP, Kind.BRANCH)
_ERREXIT = LazyPattern(
    r"set(?:[ \t]+-[a-zA-Z]*)*[ \t]+(?:-[a-df-zA-Z]*e[a-zA-Z]*|-o[ \t]+errexit).*"
)
_DELIMITERS = ("EOF", "SCRIPT", "END_OF_SCRIPT")


def as_heredoc(doc: Document, program: Program) -> Fix | None:
    """The commands that `&&` joins, each on a line of its own behind `set -e`.

    Unsafe. None where `set -e` and `&&` do not stop at the same failures: in loops, lists,
    functions and scripts that are read into the shell; where a quoted text goes over several
    lines; and where a comment stands between the words of a command, which a shell does not allow.
    """
    if not _may_change(doc, program):
        return None
    steps = _steps(program)
    if steps is None or not _stops_alike(program, steps):
        return None
    lines = _lines(program, steps)
    if lines is None:
        return None
    if not _turns_on(steps[0]):
        lines.insert(0, "set -e")
    delimiter = next((one for one in _DELIMITERS if one not in lines), None)
    if delimiter is None:
        return None
    body = "\n".join((f"<<{delimiter}", *lines, delimiter))
    line = program.instruction.line
    newline = "\n" if line.source[line.end - 1] == "\n" else ""
    edit = Edit(Span(_flags_end(program), line.end), f" {body}{newline}")
    title, effect = "write it as a heredoc", Effect.FILES
    return Fix(title, (edit,), Applicability.UNSAFE, effect, contract=SAME_IMAGE)


def _flags_end(program: Program) -> int:
    """Where the last flag ends, or the keyword."""
    occurrence = program.occurrence
    head = occurrence.reading.head
    ends = [head.keyword_end, *(end for _, end in head.flags)]
    return occurrence.span((0, max(ends))).end


def _may_change(doc: Document, program: Program) -> bool:
    """Whether the script is a RUN's own, in shell form, for a builder that knows heredocs."""
    instruction = program.instruction
    line, script = instruction.line, program.script
    if doc.settings.engine != "buildkit" or program.parent is not None or program.is_exec_form:
        return False
    if program.occurrence.is_trigger or line.markers or line.escape != "\\":
        return False
    source = line.source[line.start : line.stop]
    if "\r" in source or MARKUP.get().search(source) or has_suppression(doc, instruction):
        return False
    is_bare = "$?" not in source and "BASH_ENV" not in doc.text and not script.comments
    shell = program.words
    # Such a shell reads scripts with functions, to which `set -e` is new.
    has_profile = any(word[:1] == "-" and set(word) & set("il") for word in shell[1:])
    return (
        is_bare
        and not has_profile
        and has_front_end(doc, 4)
        and final_refusal(doc.problems, doc.text) is None
    )


def _steps(program: Program) -> list[Statement] | None:
    """The commands of a script that is nothing but a list of `&&`, perhaps behind `set …;`."""
    statements = program.script.root.statements
    *first, last = statements
    if not isinstance(last, Construct) or last.kind is not Kind.AND_OR:
        return None
    if any(not isinstance(one, Command) or one.name_value != "set" for one in first):
        return None
    if any(one.operator_after not in (";", "&&", None) for one in (*first, last)):
        return None
    if len(first) > 1 or (first and not _turns_on(first[0])):
        return None
    operators = {last.operator(at) for at in range(len(last.statements) - 1)}
    return [*first, *last.statements] if operators == {"&&"} else None


def _turns_on(statement: Statement) -> bool:
    return _ERREXIT.get().fullmatch(statement.text) is not None


def _stops_alike(program: Program, steps: list[Statement]) -> bool:
    """Whether `set -e` ends the script where `&&` does, and nowhere else."""
    script = program.script
    for command in script.commands:
        if command.name_value in _IN_SHELL:
            return False
        if command.name_value == "set" and ("+" in command.text or command not in steps):
            return False
        if command.name_value is None and command.words and "$" in command.words[0].text[:2]:
            return False
    return all(map(_is_alike, script.constructs[1:]))


def _is_alike(construct: Construct) -> bool:
    """Whether a construct fails at the same commands with `set -e` as without it."""
    if construct.kind in (Kind.LOOP, Kind.FUNCTION, Kind.CASE):
        return False
    members = construct.statements
    if any(one.operator_after == "&" for one in members):
        return False
    if construct.kind is not Kind.CONDITION and any(one.is_negated for one in members):
        return False
    if construct.kind in _WITH_ONE and len(members) > 1:
        return False
    if construct.kind is Kind.AND_OR and getattr(construct.parent, "kind", None) in _IN_PLACE:
        return {construct.operator(at) for at in range(len(members) - 1)} == {"||"}
    return True


def _lines(program: Program, steps: list[Statement]) -> list[str] | None:
    """The commands and the comments above them; None if one cannot be written so."""
    line = program.instruction.line
    lines: list[str] = []
    at = _flags_end(program)
    for step in steps:
        span = step.span
        lines += _comments(line.source[at : span.start])
        at = span.end
        start = line.source.rfind("\n", 0, span.start) + 1
        is_block = isinstance(step, Construct) and step.kind is not Kind.PIPELINE
        text = span.slice(line.source)
        if "#" in text and _comments(text):
            return None
        written = _written(text, line.source[start : span.start], is_block)
        code = "\n".join(written)
        joined = code.replace("\\\n", "")
        if not means_the_same(joined, step.text) or _breaks_quotes(code):
            return None
        read = read_heredoc(code)
        if read.error is not None or len(read.root.statements) != 1:
            return None
        lines += written
    rest = line.source[at : line.end]
    comments = _comments(rest)
    for comment in comments:
        rest = rest.replace(comment, "", 1)
    return lines + comments if not rest.strip(" \t\n;\\") else None


def _comments(text: str) -> list[str]:
    return [row.strip() for row in text.split("\n")[1:] if row.lstrip(" \t").startswith("#")]


def _written(text: str, before: str, is_block: bool) -> list[str]:
    """The lines of a command, those that continue it indented.

    The last line of a block is not indented.
    """
    first, *rest = text.split("\n")
    rest = [row for row in rest if row.strip()]
    indent = before[: len(before) - len(before.lstrip(" \t"))]
    others = [row[len(indent) :] if row.startswith(indent) else row.lstrip(" \t") for row in rest]
    if is_block and others:
        last = others[-1]
        indent = last[: len(last) - len(last.lstrip(" \t"))]
        if all(row.startswith(indent) for row in others):
            others = [row[len(indent) :] for row in others]
    elif any(row[:1] not in (" ", "\t") for row in others):
        others = ["    " + row for row in others]
    return [row.rstrip() for row in (first, *others)]


def _breaks_quotes(code: str) -> bool:
    """Whether a line of a command ends within quotes: it is continued otherwise in a heredoc."""
    quote, at = "", 0
    while at < len(code):
        sign = code[at]
        if sign == "\n" and quote:
            return True
        if sign == "\\" and quote != "'":
            if quote and code[at + 1 : at + 2] == "\n":
                return True
            at += 1
        elif sign == quote:
            quote = ""
        elif sign in "'\"" and not quote:
            quote = sign
        at += 1
    return False
