"""The Reviewdog Diagnostic Format, one document (`rdjson`).

Source: https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Columns there count bytes
of UTF-8, from 1, the end exclusive; what has no column is the whole line.
"""

from __future__ import annotations

from json import JSONEncoder

from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_code, failure_message
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible, replace_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport, Place, ReportedFinding

    Record = dict[str, object]

_SEVERITIES = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.INFO: "INFO",
    Severity.STYLE: "INFO",
}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write the document, one line per diagnostic; a failure is an error without a range.

    The format has no place for suppressed findings.
    """
    encode = JSONEncoder().encode
    yield '{"source": {"name": "dflint"}, "diagnostics": ['
    separator = "\n"
    for report in reports:
        for diagnostic in _diagnostics(report):
            yield separator + encode(diagnostic)
            separator = ",\n"
    yield "\n]}\n"


def _diagnostics(report: FileReport) -> Iterator[Record]:
    path = replace_surrogates(repository_path(report.path))
    if report.failure is not None:
        yield _remark("ERROR", failure_message(report), path, failure_code(report))
    for note in report.notes:
        yield _remark("INFO", note, path, "note")
    for finding in report.findings:
        yield _diagnostic(finding, path)


def _remark(severity: str, message: str, path: str, code: str) -> Record:
    return {
        "message": make_visible(message),
        "location": {"path": path},
        "severity": severity,
        "code": {"value": code},
    }


def _diagnostic(finding: ReportedFinding, path: str) -> Record:
    diagnostic: Record = {
        "message": make_visible(finding.message),
        "location": {"path": path, "range": _range(finding.place, finding)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": make_visible(finding.rule)},
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {
                "message": make_visible(related.note),
                "location": {"path": path, "range": _range(related.place, finding)},
            }
            for related in finding.related
        ]
    return diagnostic


def _range(place: Place, finding: ReportedFinding) -> Record:
    return {
        "start": _position(place.line, place.column, finding),
        "end": _position(place.end_line, place.end_column, finding),
    }


def _position(line: int, column: int, finding: ReportedFinding) -> Record:
    if column == 1:
        return {"line": line, "column": 1}
    if line != finding.place.line:
        return {"line": line}  # bytes cannot be counted in a line whose text is not at hand
    # "replace" makes one byte of the surrogate that stands for one byte.
    before = finding.source_line[: column - 1].encode("utf-8", "replace")
    return {"line": line, "column": len(before) + 1}
