"""ShellCheck's comments as findings at their places in the Dockerfile."""

from __future__ import annotations

from dflint.lint.finding import Finding, Related, Severity
from dflint.shellcheck.exemptions import is_exempt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.shell_codes import ShellCodes
    from dflint.shellcheck.batch import Rows
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


def findings(file: ScriptFile, rows: Rows, codes: ShellCodes) -> Iterator[Finding]:
    """The findings in a script that are asked for."""
    for finding in _folded(list(_placed(file, rows))):
        if codes.takes(finding.rule):
            finding.severity = codes.severity(finding.rule, finding.severity)
            yield finding


def _placed(file: ScriptFile, rows: Rows) -> Iterator[Finding]:
    """The comments at their places, without those that do not hold in a RUN."""
    has_returns = False
    for line, column, end_line, end_column, level, number, message in rows:
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
            yield Finding(code, _SEVERITIES.get(level, Severity.WARNING), span, message)


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
