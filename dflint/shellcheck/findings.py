"""ShellCheck's comments as findings at their places in the Dockerfile."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

from dflint.lint.finding import Finding, Related, Severity
from dflint.shellcheck.exemptions import is_exempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.lint.fix import Fix
    from dflint.lint.shell_codes import ShellCodes
    from dflint.shellcheck.batch import Replacement, Rows
    from dflint.shellcheck.script_file import ScriptFile

_SEVERITIES = {
    "error": Severity.ERROR,
    "warning": Severity.WARNING,
    "info": Severity.INFO,
    "style": Severity.STYLE,
}
#: Where reading stopped, what could not be read, and what that is part of.
_STOPPED, _UNREAD, _WITHIN = "SC1072", "SC1073", "SC1009"
#: What goes with these when a construct lacks its end: `if` without `fi`, `do` without `done`.
_UNENDED = frozenset(
    ("SC1046", "SC1047", "SC1061", "SC1062", "SC1056", "SC1057", "SC1050", "SC1044")
)
#: A carriage return: a script with one has one on each line.
_CARRIAGE_RETURN = "SC1017"
#: The end of a `<<-` heredoc behind blanks that are no tabs: it ends nothing.
_INDENTED_END = "SC1040"


def findings(file: ScriptFile, rows: Rows, codes: ShellCodes) -> Iterator[Finding]:
    """The findings in a script that are asked for."""
    for finding in _folded(list(_placed(file, rows))):
        if codes.takes(finding.rule):
            finding.severity = codes.severity(finding.rule, finding.severity)
            yield finding


def _placed(file: ScriptFile, rows: Rows) -> Iterator[Finding]:
    """The comments at their places, without those that do not hold in a RUN."""
    has_returns = False
    for line, column, end_line, end_column, level, number, message, replacements in rows:
        code = f"SC{number}"
        if code == _CARRIAGE_RETURN:
            if has_returns:
                continue
            has_returns = True
        start, end = file.place(line, column, end_line, end_column)
        if start < 0:
            continue
        span = file.script.source_span(start, end)
        if not is_exempt(code, file, start, end, span):
            severity = _SEVERITIES.get(level, Severity.WARNING)
            make_fix = partial(_fix, file, replacements) if replacements else None
            if code == _INDENTED_END:
                make_fix = partial(_fix_indentation, file, start)
            yield Finding(code, severity, span, message, (), make_fix)


def _fix(file: ScriptFile, replacements: Sequence[Replacement]) -> Fix | None:
    """What ShellCheck proposes, as edits of the Dockerfile; None where one cannot be placed."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    edits = []
    for line, column, end_line, end_column, begins, text in replacements:
        span = file.edit_span(line, column, end_line, end_column, begins)
        # An escape character may join lines, and a new line ends the instruction.
        if span is None or any(sign in text for sign in "\n\\`"):
            return None
        edits.append(Edit(span, text))
    edits.sort(key=lambda edit: edit.span)
    if any(one.span.end > other.span.start for one, other in pairwise(edits)):
        return None
    level = Applicability.DISPLAY
    return Fix("as ShellCheck proposes", edits, level, Effect.FILES, contract=SAME_IMAGE)


def _fix_indentation(file: ScriptFile, start: int) -> Fix | None:
    """The end of a heredoc without its blanks."""
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix

    rest = file.script.text[start:]
    end = start + len(rest) - len(rest.lstrip(" \t"))
    edit = Edit(file.script.source_span(start, end), "")
    level = Applicability.DISPLAY
    return Fix("take its blanks away", (edit,), level, Effect.FILES, contract=SAME_IMAGE)


def _folded(found: list[Finding]) -> list[Finding]:
    """The findings with those made one that only say together why a script cannot be read."""
    stopped = next((finding for finding in found if finding.rule == _STOPPED), None)
    if stopped is None:
        return found
    unread = next((finding for finding in found if finding.rule == _UNREAD), None)
    rest = [
        finding
        for finding in found
        if finding.rule not in (_STOPPED, _UNREAD, _WITHIN) and finding.rule not in _UNENDED
    ]
    if unread is None:
        return [*rest, stopped]
    # The construct that goes wrong is the place to look at, not where reading had to stop.
    message = f"{unread.message.partition('. ')[0]}: {stopped.message.partition('. ')[0].lower()}"
    related = (Related(stopped.span, "reading stopped here"),)
    return [*rest, Finding(_STOPPED, stopped.severity, unread.span, message, related)]
