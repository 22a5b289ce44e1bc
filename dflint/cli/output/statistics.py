"""How often each rule was broken, for `--statistics`."""

from __future__ import annotations

from dflint.cli.output import shellcheck_info
from dflint.cli.output.color import Palette
from dflint.cli.output.summary import LABELS, Summary
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.output import OutputContext
    from dflint.engine.report import FileReport
    from dflint.lint.finding import Severity


def render_statistics(reports: Iterable[FileReport], context: OutputContext) -> Iterator[str]:
    """Write a line per rule, the most frequent first: findings, files, severity, rule, summary.

    The severity is the worst that the rule was reported with; a sentence on the whole run ends
    the table.
    """
    summary = Summary()
    rows: dict[str, _Row] = {}
    for report in reports:
        summary.add(report)
        for finding in report.findings:
            row = rows.setdefault(finding.rule, _Row(finding.severity))
            row.severity = max(row.severity, finding.severity)
            row.findings += 1
        for rule in {finding.rule for finding in report.findings}:
            rows[rule].files += 1
    if rows:
        yield from _table(rows, context)
    yield summary.sentence() + "\n"


class _Row:
    """The counts of one rule."""

    __slots__ = ("files", "findings", "severity")

    def __init__(self, severity: Severity) -> None:
        self.severity = severity
        self.findings = 0
        self.files = 0


def _table(rows: dict[str, _Row], context: OutputContext) -> Iterator[str]:
    palette = Palette(context.color)
    rules = context.rules()
    names = {rule: make_visible(rule) for rule in rows}
    number_width = max(len("findings"), *(len(str(row.findings)) for row in rows.values()))
    label_width = max(map(len, LABELS.values()))
    name_width = max(map(len, names.values()))
    heading = f"{'findings':>{number_width}}  files  {'severity':<{label_width}}  rule"
    yield f"{palette.dim}{heading}{palette.reset}\n"
    for rule, row in sorted(rows.items(), key=lambda item: (-item[1].findings, item[0])):
        info = rules.get(rule) or shellcheck_info(rule)
        style = palette.severity[row.severity]
        line = (
            f"{row.findings:>{number_width}}  {row.files:>5}  "
            f"{style}{LABELS[row.severity]:<{label_width}}{palette.reset}  "
            f"{palette.bold}{names[rule]:<{name_width}}{palette.reset}"
        )
        yield f"{line}  {make_visible(info.summary)}\n" if info else f"{line.rstrip()}\n"
    yield "\n"
