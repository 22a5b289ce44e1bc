"""SARIF 2.1.0, for GitHub code scanning and other viewers of static analysis.

Source: OASIS, Static Analysis Results Interchange Format 2.1.0 (section numbers below).
"""

from __future__ import annotations

import os
import re
from json import JSONEncoder
from urllib.parse import quote

from dflint.cli.output import shellcheck_info
from dflint.cli.output.fingerprints import FileFingerprints
from dflint.cli.output.paths import repository_path
from dflint.cli.output.summary import failure_code, failure_message, shown_findings
from dflint.engine.report import FixedFile
from dflint.lint.finding import Severity
from dflint.text.visible import make_visible, replace_surrogates

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dflint.cli.output import OutputContext, RuleInfo
    from dflint.engine.report import FileReport, Place, ReportedFinding, ReportedFix

    Record = dict[str, object]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: What GitHub takes of a full description, in characters.
_LONGEST_DESCRIPTION = 1024
_ROOT = "%SRCROOT%"
_CAUTIONS = {"unsafe": " (unsafe: it may change the image)", "display": " (a suggestion)"}
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.STYLE: "note",
}


def render(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write one log with one run, in one chunk; only rules that occur are described."""
    rules: dict[str, int] = {}
    results: list[Record] = []
    notifications: list[Record] = []
    successful = True
    evidence: list[Record] = []
    for report in reports:
        evidence += report.evidence if isinstance(report, FixedFile) else ()
        artifact = _artifact(report.path)
        successful = successful and report.failure is None
        notifications += _notifications(report, artifact)
        fingerprints = FileFingerprints()
        for finding in shown_findings(report, context.show_suppressed):
            index = rules.setdefault(finding.rule, len(rules))
            result = _result(finding, index, artifact, fingerprints)
            if context.show_suppressed:
                # All results of a run say whether they are suppressed, or none does (3.27.23).
                result["suppressions"] = _suppressions(finding)
            results.append(result)
    run: Record = {
        "tool": {"driver": _driver(rules, context)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            _ROOT: {"description": _message("the directory that dflint was started in")}
        },
        "invocations": [
            {"executionSuccessful": successful, "toolExecutionNotifications": notifications}
        ],
        "results": results,
    }
    if evidence:
        run["properties"] = {"evidence": evidence}
    yield JSONEncoder().encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _driver(rules: dict[str, int], context: OutputContext) -> Record:
    known = context.rules() if rules else {}
    return {
        "name": "dflint",
        "version": context.version,
        "rules": [_rule(name, known) for name in rules],
    }


def _rule(name: str, known: Mapping[str, RuleInfo]) -> Record:
    info = known.get(name) or shellcheck_info(name)
    # GitHub asks for all three texts, though SARIF does not.
    description = _message(info.summary if info else name)
    rule: Record = {
        "id": make_visible(name),
        "shortDescription": description,
        "fullDescription": description,
        "help": description,
    }
    if info is None:
        return rule
    if info.load is not None:
        from dflint.lint.docs import explanation, page

        loaded = info.load()
        why = explanation(loaded)
        rule["fullDescription"] = {"text": _shortened(why)}
        rule["help"] = {"text": why, "markdown": page(loaded)}
    rule["defaultConfiguration"] = {"level": _LEVELS[info.severity]}
    rule["properties"] = {"tags": _tags(info)}
    if info.help_uri:
        rule["helpUri"] = info.help_uri
    return rule


def _shortened(text: str) -> str:
    """As many paragraphs of the text as GitHub takes, the first in any case."""
    while len(text) > _LONGEST_DESCRIPTION and "\n\n" in text:
        text = text.rpartition("\n\n")[0]
    return text[:_LONGEST_DESCRIPTION]


def _tags(info: RuleInfo) -> list[str]:
    # A property bag's tags are unique (3.8.2).
    return list(dict.fromkeys(make_visible(tag) for tag in (info.category, *info.aliases)))


def _result(
    finding: ReportedFinding, index: int, artifact: Record, fingerprints: FileFingerprints
) -> Record:
    result: Record = {
        "ruleId": make_visible(finding.rule),
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [{"physicalLocation": _physical(finding.place, artifact)}],
        "partialFingerprints": {"dflintFinding/v1": fingerprints.next(finding)},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _physical(related.place, artifact),
                "message": _message(related.note),
            }
            for number, related in enumerate(finding.related, 1)
        ]
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [_fix(finding.fix, artifact)]
    return result


def _fix(fix: ReportedFix, artifact: Record) -> Record:
    replacements = [
        {
            "deletedRegion": _region(edit.place),
            "insertedContent": {"text": replace_surrogates(edit.text)},
        }
        for edit in fix.edits
    ]
    # A viewer offers a fix and lets people judge it (3.55.1): that it is unsafe has to be said.
    return {
        "description": _message(fix.title + _CAUTIONS.get(fix.applicability, "")),
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _suppressions(finding: ReportedFinding) -> list[Record]:
    if finding.suppressed_by is None:
        return []
    return [{"kind": "inSource", "justification": make_visible(finding.suppressed_by)}]


def _notifications(report: FileReport, artifact: Record) -> list[Record]:
    locations = [{"physicalLocation": {"artifactLocation": artifact}}]
    records: list[Record] = [
        {"level": "note", "message": _message(note), "locations": locations}
        for note in report.notes
    ]
    if report.failure is not None:
        records.append(
            {
                "descriptor": {"id": failure_code(report)},
                "level": "error",
                "message": _message(failure_message(report)),
                "locations": locations,
            }
        )
    return records


def _message(text: str) -> Record:
    # `[text](target)` is a link (3.11.6): none may come from a Dockerfile. Braces stay single
    # although 3.11.5 doubles them: viewers show messages without arguments as they are.
    return {"text": make_visible(text).replace("](", "] (")}


def _physical(place: Place, artifact: Record) -> Record:
    return {"artifactLocation": artifact, "region": _region(place)}


def _region(place: Place) -> Record:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _artifact(path: str) -> Record:
    path = repository_path(path)
    # Bytes that are no UTF-8 are percent-encoded as they are; no other surrogate stands for one.
    path = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", path)
    data = path.encode("utf-8", "surrogateescape")
    if not os.path.isabs(path):
        return {"uri": quote(data), "uriBaseId": _ROOT}
    uri = quote(data, safe="/:")  # the colon of `C:/`
    return {"uri": "file://" + uri if uri.startswith("/") else "file:///" + uri}
