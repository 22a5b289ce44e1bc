"""Workflow commands that GitHub Actions turns into annotations.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions; the
escapes are those that the runner undoes (`ActionCommand` in actions/runner).
"""

from __future__ import annotations

from dflint.cli.output.excerpt import last_line
from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_message
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport, Place

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
    Severity.STYLE: "notice",
}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write one command per finding that stands, failure or note; one chunk per file."""
    for report in reports:
        path = repository_path(report.path)
        file = f"file={_property(path)}"
        shown_path = _data(path)
        lines: list[str] = []
        if report.failure is not None:
            message = f"{shown_path}: {_data(failure_message(report))}"
            lines.append(f"::error {file},title=dflint::{message}\n")
        lines += [f"::notice {file},title=dflint::{_data(note)}\n" for note in report.notes]
        for finding in report.findings:
            place = finding.place
            title = _property(f"dflint {finding.rule}")
            # The log shows nothing but the message, so that it has to say where.
            where = f"{shown_path}:{place.line}:{place.column}"
            lines.append(
                f"::{_COMMANDS[finding.severity]} {file},{_range(place)},title={title}"
                f"::{where}: {_data(finding.message)}\n"
            )
        if lines:
            yield "".join(lines)


def _range(place: Place) -> str:
    last = last_line(place)
    lines = f"line={place.line},endLine={last}"
    if last > place.line:
        return lines  # columns are refused for more than one line
    if place.end_line > last:
        return f"{lines},col={place.column}"
    return f"{lines},col={place.column},endColumn={place.end_column}"


def _data(text: str) -> str:
    return make_visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
