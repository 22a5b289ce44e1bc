"""Findings and fixes as reports hold them: with lines and columns instead of offsets."""

from __future__ import annotations

from dflint.engine.report import Place, RelatedPlace, ReportedEdit, ReportedFinding, ReportedFix

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.config.schema import Config
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.lint.runner import Result


def failure_of(result: Result) -> str | None:
    """What there is to say of rules that crashed, None if none did."""
    return "; ".join(sorted(str(crash) for crash in result.crashes)) or None


def reported(config: Config, findings: Iterable[Finding]) -> list[Finding]:
    """The findings that a configuration does not leave out as too light."""
    threshold = config.severity_threshold
    return [one for one in findings if threshold is None or one.severity >= threshold]


def report_finding(
    doc: Document,
    finding: Finding,
    suppressed_by: str | None = None,
) -> ReportedFinding:
    """A finding as it is printed, with lines and columns."""
    place = _place(doc, finding.span.start, finding.span.end)
    related = tuple(
        RelatedPlace(_place(doc, other.span.start, other.span.end), other.note)
        for other in finding.related
    )
    return ReportedFinding(
        finding.rule,
        finding.severity,
        place,
        finding.message,
        doc.lines.line_text(place.line),
        related,
        suppressed_by,
    )


def report_fix(doc: Document, fix: Fix) -> ReportedFix:
    """A fix as it is printed, with lines and columns."""
    edits = [
        ReportedEdit(_place(doc, edit.span.start, edit.span.end), edit.text) for edit in fix.edits
    ]
    return ReportedFix(fix.title, fix.applicability.label, tuple(edits))


def _place(doc: Document, start: int, end: int) -> Place:
    line, column = doc.lines.position(start)
    end_line, end_column = doc.lines.position(end)
    if line == 1 and doc.text.startswith("\ufeff"):
        column = max(column - 1, 1)
        if end_line == 1:
            end_column = max(end_column - 1, 1)
    return Place(line, column, end_line, end_column)
