"""The XML that Checkstyle writes, which many build servers read."""

from __future__ import annotations

from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_code, failure_message
from dflint.cli.output.xml_text import PROLOG, escape_xml
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport

# Checkstyle's severities are `ignore`, `info`, `warning` and `error`.
_SEVERITIES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
    Severity.STYLE: "info",
}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write the document; a file that was not checked has an error on its first line.

    Clean files are listed too. The format has no place for suppressed findings.
    """
    yield f'{PROLOG}<checkstyle version="10.0">\n'
    for report in reports:
        yield _file(report)
    yield "</checkstyle>\n"


def _file(report: FileReport) -> str:
    lines = [f'  <file name="{escape_xml(repository_path(report.path))}">\n']
    if report.failure is not None:
        lines.append(_error(1, 1, "error", failure_message(report), failure_code(report)))
    lines += [_error(1, 1, "info", note, "note") for note in report.notes]
    for finding in report.findings:
        severity = _SEVERITIES[finding.severity]
        place = finding.place
        lines.append(_error(place.line, place.column, severity, finding.message, finding.rule))
    lines.append("  </file>\n")
    return "".join(lines)


def _error(line: int, column: int, severity: str, message: str, source: str) -> str:
    return (
        f'    <error line="{line}" column="{column}" severity="{severity}" '
        f'message="{escape_xml(make_visible(message))}" '
        f'source="dflint.{escape_xml(make_visible(source))}"/>\n'
    )
