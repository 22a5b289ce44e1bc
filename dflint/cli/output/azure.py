"""Logging commands that Azure Pipelines turns into issues of the build.

Source: https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands; `%` is
written `%AZP25`, as the agent undoes it.
"""

from __future__ import annotations

from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_code, failure_message
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write one command per finding that stands or failure; one chunk per file.

    An issue is an error or a warning, nothing less: info and style come as warnings, and notes
    are left out.
    """
    for report in reports:
        source = f"sourcepath={_property(repository_path(report.path))}"
        lines: list[str] = []
        if report.failure is not None:
            lines.append(
                f"##vso[task.logissue type=error;{source};code={failure_code(report)};]"
                f"{_data(failure_message(report))}\n"
            )
        for finding in report.findings:
            place = finding.place
            kind = "error" if finding.severity == Severity.ERROR else "warning"
            lines.append(
                f"##vso[task.logissue type={kind};{source};linenumber={place.line};"
                f"columnnumber={place.column};code={_property(finding.rule)};]"
                f"{_data(finding.message)}\n"
            )
        if lines:
            yield "".join(lines)


def _data(text: str) -> str:
    return make_visible(text).replace("%", "%AZP25")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
