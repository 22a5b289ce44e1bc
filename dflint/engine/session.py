"""One engine for every surface: a source in, a report out. No printing, no working directory."""

from __future__ import annotations

import sys

from dflint.engine.report import FileReport, Place, RelatedPlace, ReportedFinding
from dflint.lint.registry import RuleEntry, find_distributions, find_plugins, find_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.config.schema import Config
    from dflint.lint.document import Document, Settings
    from dflint.lint.finding import Finding
    from dflint.lint.names import RuleNames
    from dflint.lint.runner import Runner
    from dflint.text.source import Source


class Session:
    """Checks sources, each under its own configuration; rules are found and loaded once.

    What parses and checks is imported with the first source: a run that has all its reports from
    a cache needs none of it.
    """

    __slots__ = ("_entries", "_identity", "_names", "_plugins", "_runners", "debug")

    def __init__(self, debug: bool = False) -> None:
        self._plugins: list[tuple[str, str]] | None = None
        self._identity: bytes | None = None
        self._entries: dict[str, RuleEntry] | None = None
        self._names: RuleNames | None = None
        self._runners: dict[int, tuple[Config, Runner, Settings]] = {}
        self.debug = debug

    @property
    def entries(self) -> dict[str, RuleEntry]:
        """Every rule by name; PluginError when a plug-in does not load."""
        if self._entries is None:
            self._entries = find_rules(self._plugins)
        return self._entries

    @property
    def identity(self) -> bytes:
        """Sixteen bytes that change with the code of dflint and of the plug-ins."""
        if self._identity is None:
            from dflint.engine.identity import code_identity

            distributions = find_distributions(sys.path)
            self._plugins = list(find_plugins(distributions))
            self._identity = code_identity(distributions, self._plugins)
        return self._identity

    @property
    def names(self) -> RuleNames:
        """What selectors and suppressions can name."""
        if self._names is None:
            from dflint.lint.select import names_of

            self._names = names_of(self.entries)
        return self._names

    def check(self, source: Source, config: Config) -> FileReport:
        """What the configured rules say of a source."""
        from dflint.engine.context import context_of
        from dflint.lint.document import Document

        runner, settings = self._runner(config, source.path)
        doc = Document(source, settings.within(context_of(source, config.context)))
        result = runner.run(doc)
        threshold = config.severity_threshold
        findings = [
            finding
            for finding in result.findings
            if threshold is None or finding.severity >= threshold
        ]
        failure = "; ".join(str(crash) for crash in result.crashes) or None
        return FileReport(
            source.path,
            tuple(report_finding(doc, finding) for finding in findings),
            tuple(report_finding(doc, one, by.text) for one, by in result.suppressed),
            failure=failure,
            internal=failure is not None,
        )

    def _runner(self, config: Config, path: str) -> tuple[Runner, Settings]:
        ignored = config.ignored_for(path)
        if ignored:
            config = config.with_overrides(ignore=ignored)
        known = self._runners.get(id(config))
        if known is None:
            from dflint.lint.document import Settings
            from dflint.lint.runner import Runner
            from dflint.lint.select import Selection, select_rules

            selection = Selection(
                config.select, config.extend_select, config.ignore, config.severity
            )
            rules = select_rules(self.entries, selection)
            runner = Runner(rules, lambda: self.names, self.debug)
            settings = Settings(
                config.engine,
                config.trusted_registries,
                self._options(config),
                config.label_schema,
                config.strict_labels,
            )
            known = (config, runner, settings)
            if not ignored:
                self._runners[id(config)] = known
        return known[1], known[2]

    def _options(self, config: Config) -> dict[str, dict[str, object]]:
        return {rule: dict(options) for rule, options in config.rules.items()}


def report_finding(
    doc: Document, finding: Finding, suppressed_by: str | None = None
) -> ReportedFinding:
    """A finding as it is printed, with lines and columns."""
    place = _place(doc, finding.span.start, finding.span.end)
    related = tuple(
        RelatedPlace(_place(doc, other.span.start, other.span.end), other.note)
        for other in finding.related
    )
    return ReportedFinding(
        finding.rule,
        finding.severity,
        place,
        finding.message,
        doc.lines.line_text(place.line),
        related,
        suppressed_by,
    )


def _place(doc: Document, start: int, end: int) -> Place:
    line, column = doc.lines.position(start)
    if doc.text.startswith("\ufeff") and line == 1:
        column = max(column - 1, 1)
    end_line, end_column = doc.lines.position(end)
    return Place(line, column, end_line, end_column)
