"""GitLab's Code Quality report.

Source: https://docs.gitlab.com/ci/testing/code_quality/, section on the report format.
"""

from __future__ import annotations

from json import JSONEncoder

from dflint.cli.output.excerpt import last_line
from dflint.cli.output.fingerprints import FileFingerprints, fingerprint
from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_code, failure_message
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible, replace_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport

    Record = dict[str, object]

_SEVERITIES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
    Severity.STYLE: "info",
}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write a JSON array of issues, one per line; a file that was not checked is a blocker.

    The format has no place for suppressed findings and for notes.
    """
    encode = JSONEncoder().encode
    separator = "[\n"
    for report in reports:
        for issue in _issues(report):
            yield separator + encode(issue)
            separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _issues(report: FileReport) -> Iterator[Record]:
    path = replace_surrogates(repository_path(report.path))
    if report.failure is not None:
        code = failure_code(report)
        yield {
            "description": make_visible(failure_message(report)),
            "check_name": code,
            "fingerprint": fingerprint(report.path, code),
            "severity": "blocker",
            "location": {"path": path, "lines": {"begin": 1}},
        }
    fingerprints = FileFingerprints(report.path)
    for finding in report.findings:
        yield {
            "description": make_visible(finding.message),
            "check_name": make_visible(finding.rule),
            "fingerprint": fingerprints.next(finding),
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": path,
                "lines": {"begin": finding.place.line, "end": last_line(finding.place)},
            },
        }
