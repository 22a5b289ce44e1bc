"""One line per finding, in the form that compilers use and that editors and `grep` know."""

from __future__ import annotations

from dflint.cli.output.color import Palette
from dflint.cli.output.summary import LABELS, failure_message, shown_findings
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write `path:line:column: severity: message [rule]` per finding, nothing for a clean run."""
    palette = Palette(context.color)
    bold, dim, reset = palette.bold, palette.dim, palette.reset
    styles = {
        severity: f"{palette.severity[severity]}{label}{reset}"
        for severity, label in LABELS.items()
    }
    note = f"{palette.severity[Severity.INFO]}note{reset}"
    for report in reports:
        path = f"{bold}{make_visible(report.path)}{reset}"
        lines: list[str] = []
        if report.failure is not None:
            message = make_visible(failure_message(report))
            lines.append(f"{path}: {styles[Severity.ERROR]}: {message}\n")
        lines += [f"{path}: {note}: {make_visible(text)}\n" for text in report.notes]
        for finding in shown_findings(report, context.show_suppressed):
            suppressed = "" if finding.suppressed_by is None else " (suppressed)"
            lines.append(
                f"{path}:{finding.place.line}:{finding.place.column}: "
                f"{styles[finding.severity]}: {make_visible(finding.message)} "
                f"{dim}[{make_visible(finding.rule)}]{suppressed}{reset}\n"
            )
        if lines:
            yield "".join(lines)
