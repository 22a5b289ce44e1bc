"""A report as bytes, and back.

Fields are joined with NUL, which is simpler and safer to read than anything that builds objects:
whatever the bytes are, what comes of them is a report or ValueError. A report in which a NUL
occurs, as in a file that is no text, has no such form.
"""

from __future__ import annotations

from dflint.engine.report import (
    FileReport,
    Place,
    RelatedPlace,
    ReportedEdit,
    ReportedFinding,
    ReportedFix,
)
from dflint.lint.finding import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_END = "\0"
# A call of `Severity` takes longer than the rest of a finding.
_SEVERITIES = {str(int(severity)): severity for severity in Severity}
_NUMBERS = {severity: number for number, severity in _SEVERITIES.items()}


def encode_report(report: FileReport) -> bytes | None:
    """The report without its path as bytes; None if it has no such form.

    None also for a failure, and for remarks, which are on one run.
    """
    if report.failure is not None or report.internal or report.remarks:
        return None
    fields = [str(len(report.notes)), *report.notes]
    for findings in (report.findings, report.suppressed):
        fields.append(str(len(findings)))
        for finding in findings:
            _add_finding(fields, finding)
    text = _END.join(fields)
    if text.count(_END) != len(fields) - 1:
        return None
    return text.encode("utf-8", "surrogatepass")


def decode_report(path: str, data: bytes) -> FileReport:
    """The report on the file at `path`; ValueError if `encode_report` did not write the bytes."""
    fields = iter(data.decode("utf-8", "surrogatepass").split(_END))
    take = fields.__next__
    try:
        notes = tuple([take() for _ in range(int(take()))])
        findings = tuple([_finding(take) for _ in range(int(take()))])
        suppressed = tuple([_finding(take) for _ in range(int(take()))])
    except (StopIteration, KeyError) as error:
        raise ValueError("no report") from error
    if next(fields, None) is not None:
        raise ValueError("no report")
    return FileReport(path, findings, suppressed, notes)


def _add_finding(fields: list[str], finding: ReportedFinding) -> None:
    by = finding.suppressed_by
    fields += (
        finding.rule,
        _NUMBERS[finding.severity],
        _numbers(finding.place),
        finding.message,
        finding.source_line,
        "" if by is None else f"={by}",
        str(len(finding.related)),
    )
    for other in finding.related:
        fields += (_numbers(other.place), other.note)
    fix = finding.fix
    fields += (finding.fixable, "" if fix is None else fix.applicability)
    if fix is not None:
        fields += (fix.title, str(len(fix.edits)))
        for edit in fix.edits:
            fields += (_numbers(edit.place), edit.text)


def _finding(take: Callable[[], str]) -> ReportedFinding:
    rule = take()
    severity = _SEVERITIES[take()]
    place = _place(take())
    message = take()
    line = take()
    by = take()
    count = take()
    related: tuple[RelatedPlace, ...] = ()
    if count != "0":
        related = tuple([RelatedPlace(_place(take()), take()) for _ in range(int(count))])
    fixable = take()
    applicability = take()
    return ReportedFinding(
        rule,
        severity,
        place,
        message,
        line,
        related,
        by[1:] if by else None,
        _fix(applicability, take) if applicability else None,
        fixable,
    )


def _fix(applicability: str, take: Callable[[], str]) -> ReportedFix:
    title = take()
    edits = tuple([ReportedEdit(_place(take()), take()) for _ in range(int(take()))])
    return ReportedFix(title, applicability, edits)


def _numbers(place: Place) -> str:
    return f"{place.line} {place.column} {place.end_line} {place.end_column}"


def _place(numbers: str) -> Place:
    line, column, end_line, end_column = numbers.split(" ")
    return Place(int(line), int(column), int(end_line), int(end_column))
