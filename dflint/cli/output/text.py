"""The output for people: what is wrong, where, with the source line and what to look at in it."""

from __future__ import annotations

from dflint.cli.output.color import Palette
from dflint.cli.output.excerpt import last_line, make_excerpt
from dflint.cli.output.summary import LABELS, Summary, failure_message, shown_findings
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport, ReportedFinding

_WIDTH_OF_A_FILE = 200
_NARROWEST = 40
_FIX_MARKS = {"safe": "(fixable)", "unsafe": "(fixable, unsafe)"}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write one paragraph per finding, a sentence at the end; one chunk per file with any."""
    summary = Summary()
    palette = Palette(context.color)
    width = max(context.width or _WIDTH_OF_A_FILE, _NARROWEST)
    for report in reports:
        summary.add(report)
        path = make_visible(report.path)
        parts = _remarks(report, path, palette)
        for finding in shown_findings(report, context.show_suppressed):
            _write_finding(parts, finding, path, palette, width)
        if parts:
            yield "".join(parts)
    if not context.quiet:
        sentence = f"{_summary_style(summary, palette)}{summary.sentence()}{palette.reset}"
        hint = context.hint()
        yield f"{sentence}; {hint}\n" if hint else f"{sentence}\n"


def _write_finding(
    parts: list[str], finding: ReportedFinding, path: str, palette: Palette, width: int
) -> None:
    place = finding.place
    reset = palette.reset
    style = palette.severity[finding.severity]
    marks = "" if finding.suppressed_by is None else f" {palette.dim}(suppressed){reset}"
    fix = finding.fix
    if fix is not None and fix.applicability in _FIX_MARKS:
        marks += f" {palette.dim}{_FIX_MARKS[fix.applicability]}{reset}"
    number = str(place.line)
    margin = " " * len(number)
    excerpt = make_excerpt(finding.source_line, place, width - len(number) - 5)
    last = last_line(place)
    reach = f" to line {last}" if last > place.line else ""
    bar = f"{palette.gutter}|{reset}"
    parts.append(
        f"{palette.bold}{path}{reset}:{number}:{place.column} "
        f"{style}{LABELS[finding.severity]}{reset} "
        f"{palette.bold}{make_visible(finding.rule)}{reset}{marks}\n"
        f"  {make_visible(finding.message)}\n"
        f"  {palette.gutter}{number}{reset} {bar} {excerpt.text}\n"
        f"  {margin} {bar} {' ' * excerpt.indent}{style}{'^' * excerpt.length}{reach}{reset}\n"
    )
    for related in finding.related:
        there = related.place
        note = make_visible(related.note)
        parts.append(
            f"  {margin} {palette.gutter}={reset} {path}:{there.line}:{there.column}: {note}\n"
        )
    if fix is not None and fix.applicability not in _FIX_MARKS:
        title = make_visible(fix.title)
        parts.append(f"  {margin} {palette.gutter}={reset} suggestion: {title}\n")
    if finding.suppressed_by is not None:
        by = make_visible(finding.suppressed_by)
        parts.append(f"  {margin} {palette.gutter}={reset} suppressed by: {by}\n")
    parts.append("\n")


def _remarks(report: FileReport, path: str, palette: Palette) -> list[str]:
    remarks: list[str] = []
    reset = palette.reset
    if report.failure is not None:
        style = palette.severity[Severity.ERROR]
        message = make_visible(failure_message(report))
        remarks.append(f"{palette.bold}{path}{reset}: {style}error{reset}: {message}\n\n")
    for note in report.notes:
        style = palette.severity[Severity.INFO]
        message = make_visible(note)
        remarks.append(f"{palette.bold}{path}{reset}: {style}note{reset}: {message}\n\n")
    return remarks


def _summary_style(summary: Summary, palette: Palette) -> str:
    if summary.failures:
        return palette.severity[Severity.ERROR]
    for severity, count in summary.by_severity.items():
        if count:
            return palette.severity[severity]
    return palette.bold
