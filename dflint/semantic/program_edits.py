"""Edits of shell programs in place: in shell form, heredocs, `sh -c` and exec form alike.

Whatever is inserted consists of plain words (`-y`, `--no-cache`, `rm -rf /var/cache`): characters
that mean the same within quotes and without. Each function gives None where it is not certain
how the edit is to be written.
"""

from __future__ import annotations

import re

from dflint.text.edit import Edit
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program
    from dflint.shell.invocation import Argument
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word

#: What may be inserted: no quotes, no escapes, no expansions, no control characters.
_PLAIN = LazyPattern(r"[A-Za-z0-9_./:=@%,+*&~^|;\[\]{} -]++")
#: The rest of a physical line behind a word that is the last one on it.
_REST = r"[ \t]*+(?:{escape}[ \t]*+)?\r?(?:\n|\Z)"


def insert_words(program: Program, after: Argument, text: str) -> tuple[Edit, ...] | None:
    """Words put behind an argument, a blank between."""
    if not _is_literal(after.word) or _PLAIN.get().fullmatch(text) is None:
        return None
    source, span = _source(program), after.span
    if program.is_exec_form:
        if not _is_json_string(source, span):
            return None
        words = "".join(f', "{word}"' for word in text.split(" "))
        return (Edit.insertion(span.end + 1, words),)
    return (Edit.insertion(span.end, f" {text}"),)


def replace_word(program: Program, word: Word, text: str) -> tuple[Edit, ...] | None:
    """Another plain word in the place of a literal one."""
    if not _is_literal(word) or _PLAIN.get().fullmatch(text) is None:
        return None
    source, span = _source(program), word.span
    if program.is_exec_form and (" " in text or not _is_json_string(source, span)):
        return None
    return (Edit(span, text),)


def remove_words(program: Program, first: Word, last: Word) -> tuple[Edit, ...] | None:
    """Words that follow one another taken out, with the blanks and the line that they leave empty.

    None if they are the first of their program, and if a comment stood between them.
    """
    source = _source(program)
    start, end = first.span.start, last.span.end
    if program.is_exec_form or "#" in source[start:end] or not _is_literal(first, last):
        return None
    line_start = source.rfind("\n", 0, start) + 1
    escape = program.instruction.line.escape
    if source[line_start:start].strip(" \t"):
        while source[start - 1] in " \t":
            start -= 1
        return (Edit(Span(start, end), ""),)
    rest = re.compile(_REST.format(escape=re.escape(escape))).match(source, end)
    if rest is None:  # others follow on the line
        while source[end] in " \t":
            end += 1
        return (Edit(Span(start, end), ""),)
    if escape in rest.group():
        return (Edit(Span(line_start, rest.end()), ""),)
    before = source[:line_start].rstrip(" \t\r\n")
    if not before.endswith(escape) or "#" in source[before.rfind("\n") + 1 : line_start]:
        return None
    kept = before[:-1].rstrip(" \t")
    return (Edit(Span(len(kept), end), ""),)


def append_command(program: Program, after: Statement, text: str) -> tuple[Edit, ...] | None:
    """A command that runs if a statement has succeeded: `&& text` behind it.

    It stands on a line of its own where the instruction has several. The caller has made sure
    that the statement is joined to what follows so that `&&` binds as it should.
    """
    if program.is_exec_form or _PLAIN.get().fullmatch(text) is None or "<<" in program.script.text:
        return None
    source, span = _source(program), after.span
    line = program.instruction.line
    if len(line.pieces) < 2 or program.parent is not None or line.markers:
        return (Edit.insertion(span.end, f" && {text}"),)
    newline = "\r\n" if source.find("\r\n", line.start, line.end) >= 0 else "\n"
    indent = _indent(source, line.start, span)
    return (Edit.insertion(span.end, f" {line.escape}{newline}{indent}&& {text}"),)


def _indent(source: str, begin: int, span: Span) -> str:
    """How lines that begin with `&&` are indented there, else those of the statement."""
    lines = source[begin : span.end].split("\n")[1:]
    for line in reversed(lines):
        content = line.lstrip(" \t")
        if content.startswith("&&"):
            return line[: len(line) - len(content)]
    for line in lines:
        content = line.lstrip(" \t")
        if content and not content.startswith("#"):
            return line[: len(line) - len(content)] or "    "
    return "    "


def _source(program: Program) -> str:
    return program.instruction.line.source


def _is_literal(*words: Word) -> bool:
    """Whether the words stand in the file as the shell reads them, without quotes in quotes."""
    for word in words:
        span = word.span
        if word.value is None or word.value != word.text or len(span) != len(word.text):
            return False
    return True


def _is_json_string(source: str, span: Span) -> bool:
    return source[span.start - 1 : span.start] == source[span.end : span.end + 1] == '"'
