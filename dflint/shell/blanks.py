"""Whether two shell texts differ in nothing but the blanks between words."""

from __future__ import annotations

import re

from dflint.shell.plain import is_plain
from dflint.shell.script import Script
from dflint.shell.shell_text import ShellText
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tree_sitter import Node

_RUN = re.compile(r"[ \t]+")
_QUOTED = LazyPattern(r"""\\.|'[^']*+'|"(?:[^"\\]|\\.)*+\"""", re.DOTALL)
_OPERATORS = frozenset(";&|()")
#: The kinds of nodes in which blanks stand for nothing but that a word ends.
_BETWEEN_WORDS = frozenset(
    (
        "program", "list", "pipeline", "command", "redirected_statement", "file_redirect",
        "herestring_redirect", "subshell", "compound_statement", "if_statement", "elif_clause",
        "else_clause", "for_statement", "while_statement", "do_group", "case_statement",
        "case_item", "function_definition", "command_substitution", "process_substitution",
        "declaration_command", "unset_command", "negated_command", "test_command",
        "variable_assignments",
    )
)  # fmt: skip


def differ_in_blanks_only(old: str, new: str) -> bool:
    """Whether a shell reads the same words and operators in both texts.

    False also where it cannot be told: where either is no program.
    """
    if old == new:
        return True
    if "$'" in old and "\\'" in old:
        return False  # a string of bash that ends elsewhere for others
    changed = _changed_runs(old, new)
    if changed is None:
        return False
    if is_plain(old) and is_plain(new):
        return _are_outside_quotes(old, changed)
    before, after = _script(old), _script(new)
    if before.error is not None or after.error is not None:
        return False
    root = before._parse()
    return str(root) == str(after._parse()) and all(
        _is_between_words(root, begin, end) for begin, end in changed
    )


def _script(text: str) -> Script:
    return Script(ShellText(text, [0], [0]))


def _changed_runs(old: str, new: str) -> list[tuple[int, int]] | None:
    """The runs of blanks of the old text that the new one has otherwise; None if more differs."""
    if _RUN.sub("", old) != _RUN.sub("", new):
        return None
    if _RUN.split(old) == _RUN.split(new):
        pairs = zip(_RUN.finditer(old), _RUN.finditer(new), strict=True)
        return [one.span() for one, other in pairs if one[0] != other[0]]
    changed: list[tuple[int, int]] = []
    at = other = 0
    old_size, new_size = len(old), len(new)
    while at < old_size or other < new_size:
        if old[at : at + 1] == new[other : other + 1] and old[at] not in " \t":
            at += 1
            other += 1
            continue
        end = _blanks_end(old, at)
        stop = _blanks_end(new, other)
        if old[at:end] != new[other:stop]:
            if (end == at or stop == other) and not _may_touch(old, at, end):
                return None
            changed.append((at, end))
        at, other = end, stop
    return changed


def _blanks_end(text: str, at: int) -> int:
    found = _RUN.match(text, at)
    return found.end() if found else at


def _may_touch(text: str, at: int, end: int) -> bool:
    """Whether no blank is needed between what stands at both sides; an operator needs none.

    A redirection may: `2 >&1` is other than `2>&1`.
    """
    around = {text[at - 1 : at], text[end : end + 1]}
    return "" in around or (around.isdisjoint("<>") and not around.isdisjoint(_OPERATORS))


def _are_outside_quotes(text: str, places: list[tuple[int, int]]) -> bool:
    quoted = [found.span() for found in _QUOTED.get().finditer(text)]
    if not quoted:
        return True
    return not any(
        begin < stop and start < max(end, begin + 1)
        for begin, end in places
        for start, stop in quoted
        if end > begin or start < begin
    )


def _is_between_words(root: Node, begin: int, end: int) -> bool:
    if begin == end:
        begin, end = max(begin - 1, 0), end + 1
    node = root.descendant_for_byte_range(begin, end)
    return node is not None and node.type in _BETWEEN_WORDS
