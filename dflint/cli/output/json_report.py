"""The report as one JSON document, for scripts.

    {"version": 1, "tool": {"name", "version"}, "files": [file, …], "summary": summary}

`version` is that of this form: keys may be added to it, none is taken away or changes its
meaning. Every checked file is listed:

    file        path, findings, suppressed, notes, failure (null or {message, internal})
    finding     rule, severity, message, line, column, end_line, end_column, source_line, related,
                fix (null or one); suppressed ones also suppressed_by
    related     note, line, column, end_line, end_column
    fix         title, applicability (`safe`, `unsafe`, `display`), edits
    edit        text, line, column, end_line, end_column: what stands there becomes the text
    summary     files, files_with_findings, findings, error, warning, info, style, suppressed,
                failures

Lines and columns count from 1, columns in code points, the end exclusive. Bytes that are no
UTF-8 are U+FFFD. The document is pure ASCII, one line per file.
"""

from __future__ import annotations

from json import JSONEncoder

from dflint.cli.output.summary import LABELS, Summary
from dflint.text.visible import replace_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport, Place, ReportedFinding, ReportedFix

_VERSION = 1


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write the document, one chunk per file."""
    encode = JSONEncoder().encode
    summary = Summary()
    tool = {"name": "dflint", "version": context.version}
    yield f'{{"version": {_VERSION}, "tool": {encode(tool)}, "files": ['
    separator = "\n"
    for report in reports:
        summary.add(report)
        yield separator + encode(_file(report))
        separator = ",\n"
    yield f'\n], "summary": {encode(_summary(summary))}}}\n'


def _file(report: FileReport) -> dict[str, object]:
    failure = None
    if report.failure is not None:
        failure = {"message": replace_surrogates(report.failure), "internal": report.internal}
    return {
        "path": replace_surrogates(report.path),
        "findings": [_finding(finding) for finding in report.findings],
        "suppressed": [
            {**_finding(finding), "suppressed_by": replace_surrogates(finding.suppressed_by or "")}
            for finding in report.suppressed
        ],
        "notes": [replace_surrogates(note) for note in report.notes],
        "failure": failure,
    }


def _finding(finding: ReportedFinding) -> dict[str, object]:
    return {
        "rule": replace_surrogates(finding.rule),
        "severity": LABELS[finding.severity],
        "message": replace_surrogates(finding.message),
        **_place(finding.place),
        "source_line": replace_surrogates(finding.source_line),
        "related": [
            {"note": replace_surrogates(related.note), **_place(related.place)}
            for related in finding.related
        ],
        "fix": None if finding.fix is None else _fix(finding.fix),
    }


def _fix(fix: ReportedFix) -> dict[str, object]:
    return {
        "title": replace_surrogates(fix.title),
        "applicability": fix.applicability,
        "edits": [
            {"text": replace_surrogates(edit.text), **_place(edit.place)} for edit in fix.edits
        ],
    }


def _place(place: Place) -> dict[str, int]:
    return {
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _summary(summary: Summary) -> dict[str, int]:
    return {
        "files": summary.files,
        "files_with_findings": summary.files_with_findings,
        "findings": summary.findings,
        **{LABELS[severity]: count for severity, count in summary.by_severity.items()},
        "suppressed": summary.suppressed,
        "failures": summary.failures,
    }
