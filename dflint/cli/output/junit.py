"""A JUnit report: every file is a test suite, every finding a failed test in it.

Source: the schema `junit-10.xsd` of Jenkins' xUnit plug-in, which other readers follow.
"""

from __future__ import annotations

from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import (
    LABELS,
    Summary,
    failure_code,
    failure_message,
    shown_findings,
)
from dflint.cli.output.xml_text import PROLOG, escape_xml
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport, ReportedFinding


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write the document; its counts come first, so that all files are awaited.

    A file without findings is one passed test, a file that was not checked one in error;
    suppressed findings, when shown, are skipped tests.
    """
    total = Summary()
    suites: list[str] = []
    tests = 0
    for report in reports:
        total.add(report)
        cases = _cases(report, context.show_suppressed)
        tests += len(cases)
        suites.append(_suite(report, cases))
    yield (
        f'{PROLOG}<testsuites name="dflint" tests="{tests}" failures="{total.findings}" '
        f'errors="{total.failures}">\n'
    )
    yield from suites
    yield "</testsuites>\n"


def _suite(report: FileReport, cases: list[str]) -> str:
    name = escape_xml(repository_path(report.path))
    notes = "\n".join(make_visible(note) for note in report.notes)
    skipped = sum("<skipped" in case for case in cases)
    return (
        f'  <testsuite name="{name}" tests="{len(cases)}" failures="{len(report.findings)}" '
        f'errors="{int(report.failure is not None)}" skipped="{skipped}">\n'
        + "".join(cases)
        + (f"    <system-out>{escape_xml(notes)}</system-out>\n" if notes else "")
        + "  </testsuite>\n"
    )


def _cases(report: FileReport, show_suppressed: bool) -> list[str]:
    path = repository_path(report.path)
    cases: list[str] = []
    if report.failure is not None:
        message = escape_xml(make_visible(failure_message(report)))
        code = failure_code(report)
        cases.append(_case(code, path, f'<error type="{code}" message="{message}"/>'))
    for finding in shown_findings(report, show_suppressed):
        name = f"{finding.rule} ({finding.place.line}:{finding.place.column})"
        cases.append(_case(name, path, _outcome(finding, path)))
    return cases or [_case("dflint", path, "")]


def _case(name: str, path: str, outcome: str) -> str:
    opening = (
        f'    <testcase name="{escape_xml(make_visible(name))}" classname="{escape_xml(path)}"'
    )
    return f"{opening}>{outcome}</testcase>\n" if outcome else f"{opening}/>\n"


def _outcome(finding: ReportedFinding, path: str) -> str:
    message = escape_xml(make_visible(finding.message))
    if finding.suppressed_by is not None:
        by = escape_xml(make_visible(f"suppressed by: {finding.suppressed_by}"))
        return f'<skipped message="{by}">{message}</skipped>'
    severity = LABELS[finding.severity]
    where = escape_xml(f"{make_visible(path)}:{finding.place.line}:{finding.place.column}")
    return f'<failure type="{severity}" message="{message}">{where}: {message}</failure>'
