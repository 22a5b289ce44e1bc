"""Findings and edits as the protocol has them."""

from __future__ import annotations

from difflib import SequenceMatcher

from lsprotocol import types

from dflint.lint.docs.other_tools import url_of
from dflint.lint.docs.rule_page import page_url
from dflint.lint.finding import Severity
from dflint.text.edit import Edit
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.lint.finding import Finding
    from dflint.lint.registry import RuleEntry
    from dflint_lsp.documents import DocumentVersion

SOURCE = "dflint"
"""Who our diagnostics say that they come from."""

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.STYLE: types.DiagnosticSeverity.Hint,
}
_DEPRECATION = "deprecation"
UNNECESSARY = frozenset(
    (
        "multiple-cmd", "multiple-entrypoint", "multiple-healthcheck", "unused-suppression",
        "redundant-platform", "cd-without-effect",
    )
)  # fmt: skip
"""Rules about what has no effect: editors show it faded."""


def diagnostic(
    finding: Finding, version: DocumentVersion, entries: Mapping[str, RuleEntry]
) -> types.Diagnostic:
    """A finding as a diagnostic; `data` has the rule's name, and what other tools call it."""
    lines = version.lines
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(version.uri, lines.range(one.span)), one.note
        )
        for one in finding.related
    ]
    entry = entries.get(finding.rule)
    link = page_url(finding.rule) if entry is not None else url_of(finding.rule)
    return types.Diagnostic(
        range=lines.range(_shown(finding.span, version)),
        message=finding.message,
        severity=_SEVERITIES[finding.severity],
        code=finding.rule,
        code_description=types.CodeDescription(link) if link else None,
        source=SOURCE,
        tags=_tags(finding.rule, entry),
        related_information=related or None,
        data={"rule": finding.rule, "aliases": list(entry.aliases) if entry is not None else []},
    )


def _shown(span: Span, version: DocumentVersion) -> Span:
    """The span without the line end that it may stop behind, which nobody could see."""
    end = span.end
    while end > span.start and version.text[end - 1] in "\r\n":
        end -= 1
    return Span(span.start, end)


def _tags(rule: str, entry: RuleEntry | None) -> list[types.DiagnosticTag] | None:
    if rule in UNNECESSARY:
        return [types.DiagnosticTag.Unnecessary]
    if entry is not None and entry.category == _DEPRECATION:
        return [types.DiagnosticTag.Deprecated]
    return None


def line_edits(before: str, after: str) -> list[Edit]:
    """The smallest runs of lines that are to be replaced to get from one text to another."""
    old, new = before.splitlines(True), after.splitlines(True)
    # What is the same at both ends is most of it, and cheaper found without the matcher.
    top = 0
    while top < min(len(old), len(new)) and old[top] == new[top]:
        top += 1
    tail = 0
    while tail < min(len(old), len(new)) - top and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old, new = old[top : len(old) - tail], new[top : len(new) - tail]
    starts = [len("".join(before.splitlines(True)[:top]))]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [
        Edit(Span(starts[begin], starts[end]), "".join(new[low:high]))
        for tag, begin, end, low, high in SequenceMatcher(
            None, old, new, autojunk=False
        ).get_opcodes()
        if tag != "equal"
    ]
