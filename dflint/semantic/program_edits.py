"""Edits of shell programs in place: in shell form, heredocs, `sh -c` and exec form alike.

Whatever is inserted consists of plain words (`-y`, `--no-cache`, `rm -rf /var/cache`): characters
that mean the same within quotes and without. Each function gives None where it is not certain
how the edit is to be written.
"""

from __future__ import annotations

from functools import lru_cache

from dflint.shell.statements import Kind
from dflint.text.contains import contains_any
from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

#: What may be inserted: no quotes, no escapes, no expansions, no control characters.
_PLAIN = LazyPattern(r"[A-Za-z0-9_./:=@%,+*&~^|;\[\]{} -]++")
#: The names that functions and aliases take.
_DEFINED = LazyPattern(
    r"\bfunction[ \t]++([\w.-]++)|(?<![\w.-])([\w.-]++)[ \t]*+\([ \t]*+\)"
    r"|\balias[ \t]++(?:-\w++[ \t]++)*+([\w.-]++)="
)
#: What stands behind the name of a function, unless `function` stands before it.
_EMPTY = LazyPattern(r"\([ \t]*+\)")
#: What shows that a list of commands goes on in the same line.
_INLINE = LazyPattern(r"[ \t]*+(?:&&|\|\|)[ \t]*+[^ \t\\`\r\n]")
#: What ends a list of commands, or the construct that it stands in.
_ENDING = LazyPattern(r"[ \t]*+[;)}]")
#: What a construct ends with.
_CLOSING = LazyPattern(r"[ \t]*+(?:done|fi|esac|[)}])(?!\w)")
#: A line with `;` alone, between two others.
_SEMICOLON = LazyPattern(r"[ \t]*+[\\`][ \t]*+\r?\n([ \t]*+);[ \t]*+[\\`][ \t]*+\r?\n")


def insert_words(program: Program, after: Word, text: str) -> tuple[Edit, ...] | None:
    """Words put behind another one, a blank between."""
    source, span = _source(program), after.span
    if not _is_literal(after) or _PLAIN.get().fullmatch(text) is None:
        return None
    if _is_redefined(program, after):
        return None
    if _is_escaped(program, span):
        return None
    if program.is_exec_form:
        if not _is_json_string(source, span):
            return None
        words = "".join(f', "{word}"' for word in text.split(" "))
        return (Edit.insertion(span.end + 1, words),)
    return (Edit.insertion(span.end, f" {text}"),)


def insert_quoted(program: Program, after: Word, text: str) -> tuple[Edit, ...] | None:
    """Text that is no plain words, such as `"$(x)"`, put behind a word, a blank between.

    None within another script or a JSON array, where quotes and expansions would be read twice.
    """
    if program.is_exec_form or program.parent is not None or program.occurrence.is_trigger:
        return None
    if not _is_literal(after) or _is_redefined(program, after):
        return None
    return (Edit.insertion(after.span.end, f" {text}"),)


def replace_word(program: Program, word: Word, text: str) -> tuple[Edit, ...] | None:
    """Another plain word in the place of a literal one."""
    if not _is_literal(word) or _PLAIN.get().fullmatch(text) is None:
        return None
    if _is_redefined(program, word):
        return None
    source, span = _source(program), word.span
    if program.is_exec_form and (" " in text or not _is_json_string(source, span)):
        return None
    return (Edit(span, text),)


def _is_redefined(program: Program, word: Word) -> bool:
    """Whether a word is of a command whose name is a function or an alias of the script."""
    text = program.script.text
    if not contains_any(text, ("function", "alias")) and _EMPTY.get().search(text) is None:
        return False
    names = {name for found in _DEFINED.get().findall(text) for name in found if name}
    return bool(names) and any(
        command.program in names and command.start <= word.start < command.end
        for command in program.script.commands
    )


def remove_step(program: Program, step: Statement) -> tuple[Edit, ...] | None:
    """A step taken out of those that `&&` joins, with the `&&` behind it.

    None if none follows, if it is not certain that the list means the same without it, and if a
    comment stands between it and the next.
    """
    parent = step.parent
    if parent is None or parent.kind is not Kind.AND_OR or program.is_exec_form:
        return None
    operators = {parent.operator(at) for at in range(len(parent.statements) - 1)}
    if operators != {"&&"} or step.index + 1 >= len(parent.statements):
        return None
    span = Span(step.span.start, parent.statements[step.index + 1].span.start)
    text = _source(program)[step.span.end : span.end]
    if "#" in text or step.text != _source(program)[step.span.start : step.span.end]:
        return None
    return (Edit(span, ""),)


def remove_last_step(program: Program, step: Statement) -> tuple[Edit, ...] | None:
    """The last of the steps that `&&` joins taken out, with the `&&` before it.

    None where nothing is certain about the list, where a comment stands before the step, and
    where something else than the end of the script follows the list.
    """
    parent = step.parent
    if parent is None or parent.kind is not Kind.AND_OR or program.is_exec_form or not step.index:
        return None
    operators = {parent.operator(at) for at in range(len(parent.statements) - 1)}
    if operators != {"&&"} or step.index + 1 < len(parent.statements):
        return None
    if step.operator_after not in (None, ";", "\n"):
        return None
    span = Span(parent.statements[step.index - 1].span.end, step.span.end)
    if "#" in span.slice(_source(program)):
        return None
    return (Edit(span, ""),)


def append_command(program: Program, after: Statement, text: str) -> tuple[Edit, ...] | None:
    """A command that runs if a statement has succeeded: `&& text` behind it.

    It stands on a line of its own where the instruction has several. The caller has made sure
    that the statement is joined to what follows so that `&&` binds as it should.
    """
    source, span = _source(program), after.span
    if not _may_append(program, text) or _is_escaped(program, span):
        return None
    line = program.instruction.line
    if (
        len(line.pieces) < 2
        or program.parent is not None
        or line.markers
        or _INLINE.get().match(source, span.end) is not None
        or (_ENDING.get().match(source, span.end) is not None and _is_amid(source, span))
    ):
        return (Edit.insertion(span.end, f" && {text}"),)
    newline = _newline(program)
    lines = source[line.start : span.end].split("\n")[1:]
    if not lines:
        below = source[span.end : line.end].split("\n")[1:]
        lines = below if _joins_at_start(below[:1]) else lines
    if not _joins_at_start(lines) and _joins_at_end(source[line.start : line.end], line.escape):
        indent = _own_indent(source, span, line.start, lines)
        return (Edit.insertion(span.end, f" && {line.escape}{newline}{indent}{text}"),)
    indent = _own_indent(source, span, line.start, lines, "&&")
    added = f"{line.escape}{newline}{indent}&& {text}"
    rest = source[span.end : line.end]
    column = span.end + len(rest) - len(rest.lstrip(" \t"))
    if column > span.end + 1 and source.startswith(line.escape, column):
        return (Edit.insertion(column, f"{added} "),)  # it stays where it is set, below others
    return (Edit.insertion(span.end, f" {added}"),)


def join_behind(first: Program, second: Program) -> Edit | None:
    """The script of the next RUN put behind that of the one before it, with `&&`.

    What stood between the two scripts goes, but for comment lines. The scripts have to suit: see
    `dflint.shell.composition`. None where something else stands behind the first.
    """
    for program in (first, second):
        if program.is_exec_form or program.parent is not None or program.instruction.line.markers:
            return None
    following = second.script.root.statements
    if len(following) != 1 or following[0].operator_after not in (None, ";"):
        return None  # `&` would take the first along
    line = first.instruction.line
    source = line.source
    start = first.script.root.statements[-1].span.end
    if source[start : line.end].strip(" \t\r;") or source[start - 1] == line.escape:
        return None
    end = second.occurrence.arguments.start
    newline = "\r\n" if source.startswith("\r\n", line.end) else "\n"
    lines = source[line.start : start].split("\n")[1:]
    gap = source[source.find("\n", start) + 1 : end]
    comments = [one for one in gap.split("\n") if one.lstrip(" \t").startswith("#")]
    joins_at_end = _joins_mostly_at_end(source, line.escape)
    indent = _indent(lines, "" if joins_at_end else "&&")
    kept = "".join(f"{indent}{comment.strip()}{newline}" for comment in comments)
    if joins_at_end:
        return Edit(Span(start, end), f" && {line.escape}{newline}{kept}{indent}")
    return Edit(Span(start, end), f" {line.escape}{newline}{kept}{indent}&& ")


def append_statement(program: Program, after: Statement, text: str) -> tuple[Edit, ...] | None:
    """A command that runs after a statement whatever became of it, unless that ended the shell.

    On the next line in a heredoc, behind `;` elsewhere: that may have a line of its own.
    """
    source, span = _source(program), after.span
    if not _may_append(program, text) or _is_escaped(program, span):
        return None
    line = program.instruction.line
    newline = _newline(program)
    if any(body <= span.start < close for body, close, _ in line.bodies):
        start = source.rfind("\n", 0, after.span.start) + 1
        own = source[start : span.start]
        end = source.find("\n", span.end)
        if not own.strip(" \t") and not source[span.end : end].strip(" \t\r"):
            return (Edit.insertion(span.end, f"{newline}{own}{text}"),)
    elif len(line.pieces) > 1 and program.parent is None and not _is_within(source, after):
        below = _SEMICOLON.get().match(source, span.end)
        if below is not None and below.end() < line.end:
            text = f"{below[1]}{text}; {line.escape}{newline}"
            return (Edit.insertion(below.end(), text),)
        start = source.rfind("\n", 0, span.start) + 1
        indent = source[start : span.start]
        if start <= line.start or indent.strip(" \t"):
            indent = _indent(source[line.start : span.end].split("\n")[1:])
        return (Edit.insertion(span.end, f"; {line.escape}{newline}{indent}{text}"),)
    return (Edit.insertion(span.end, f"; {text}"),)


def _may_append(program: Program, text: str) -> bool:
    if _PLAIN.get().fullmatch(text) is None or program.is_exec_form:
        return False
    # In a heredoc a carriage return is part of the last word of its line.
    return not any(mark in program.script.text for mark in ("<<", "\r"))


def _newline(program: Program) -> str:
    line = program.instruction.line
    return "\r\n" if line.source.find("\r\n", line.start, line.end) >= 0 else "\n"


def _is_amid(source: str, span: Span) -> bool:
    """Whether a statement of one line has others, or what it stands in, before it there."""
    before = source[source.rfind("\n", 0, span.start) + 1 : span.start].strip(" \t")
    return before not in ("", "&&", "||") and source.find("\n", span.start, span.end) < 0


def _is_within(source: str, statement: Statement) -> bool:
    """Whether a statement stands in a construct that begins before it in the same line."""
    parts = (Kind.AND_OR, Kind.PIPELINE, Kind.SCRIPT)
    outer = next((one for one in statement.ancestors if one.kind not in parts), None)
    return outer is not None and _is_amid(source, statement.span)


def _joins_at_start(lines: list[str]) -> bool:
    """Whether one of some lines begins with what joins it to the one before."""
    return any(line.lstrip(" \t").startswith(("&&", "||", ";")) for line in lines)


def _joins_at_end(text: str, escape: str) -> bool:
    """Whether some line of a text ends with `&&` and the escape character."""
    return any(
        line.rstrip(" \t\r").removesuffix(escape).rstrip(" \t").endswith("&&")
        for line in text.split("\n")
    )


@lru_cache(maxsize=2)
def _joins_mostly_at_end(text: str, escape: str) -> bool:
    """Whether more lines of a file end with `&&` and the escape character than begin with `&&`."""
    lines = text.split("\n")
    at_end = sum(_joins_at_end(line, escape) for line in lines)
    return at_end > sum(line.lstrip(" \t").startswith("&&") for line in lines)


def _indent(lines: list[str], mark: str = "") -> str:
    """How lines that begin with a mark are indented, else those of the statement."""
    if mark:
        for line in reversed(lines):
            content = line.lstrip(" \t")
            if content.startswith(mark):
                return line[: len(line) - len(content)]
    for line in lines:
        content = line.lstrip(" \t")
        if content and not content.startswith("#"):
            return line[: len(line) - len(content)] or "    "
    return "    "


def _own_indent(source: str, span: Span, start: int, lines: list[str], mark: str = "") -> str:
    """The indentation of the line that a statement ends with `done` or the like.

    Without a mark to look for, else that of the line that it begins; else that of other lines.
    """
    last = source[source.rfind("\n", 0, span.end) + 1 : span.end]
    if _CLOSING.get().match(last) is not None and source.find("\n", span.start, span.end) >= 0:
        return last[: len(last) - len(last.lstrip(" \t"))]
    begin = source.rfind("\n", 0, span.start) + 1
    own = source[begin : span.start]
    return own if not mark and begin > start and not own.strip(" \t") else _indent(lines, mark)


def _source(program: Program) -> str:
    return program.instruction.line.source


def _is_literal(*words: Word) -> bool:
    """Whether the words stand in the file as the shell reads them, without quotes in quotes."""
    for word in words:
        span = word.span
        if word.value is None or word.value != word.text or len(span) != len(word.text):
            return False
    return True


def _is_escaped(program: Program, span: Span) -> bool:
    """Whether a place is in a script within a script whose blanks are escaped, not quoted."""
    if program.parent is None:
        return False
    source = _source(program)
    text = source[max(span.start - 2, 0) : span.end + 2]
    return "\\ " in text.replace("\\ \n", "") or "\\\t" in text


def _is_json_string(source: str, span: Span) -> bool:
    return source[span.start - 1 : span.start] == source[span.end : span.end + 1] == '"'
