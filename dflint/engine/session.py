"""One engine for every surface: a source in, a report out. No printing, no working directory."""

from __future__ import annotations

import sys

from dflint.engine.begun import Begun, Mending, ask_rules, mend
from dflint.engine.context import context_of
from dflint.engine.report import FileReport, FixedFile, ReportedFinding, ReportedFix
from dflint.engine.reporting import failure_of, report_finding, report_fix, reported
from dflint.lint.registry import RuleEntry, find_distributions, find_plugins, find_rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.config.schema import Config
    from dflint.engine.fixing import Keeps, Mended, Mender
    from dflint.fix.loop import Wanted
    from dflint.fix.verifier import Verifier
    from dflint.lint.document import Document, Settings
    from dflint.lint.external import External
    from dflint.lint.finding import Finding
    from dflint.lint.names import RuleNames
    from dflint.lint.runner import Result, Runner
    from dflint.lint.select import Selection
    from dflint.lint.shell_codes import ShellCodes
    from dflint.shellcheck.checker import ShellChecker
    from dflint.shellcheck.store import ResultStore
    from dflint.text.source import Source

    Rules = tuple[Config, Runner, Settings, ShellCodes | None]

#: So many sources wait for one another before rules are asked of them.
TOGETHER = 32
#: With so many configurations a session has its rules ready.
_MOST_RUNNERS = 64


class Session:
    """Checks sources, each under its own configuration; rules are found and loaded once.

    What parses and checks is imported with the first source: a run that has all its reports from
    a cache needs none of it. With `shellcheck`, what configurations want of ShellCheck is done
    too: `store` keeps its results, `processes` is how many of it run at once, None for as many as
    there are processors. A session with it is to be closed. With `fixes`, reports tell what mends
    each finding; making that takes a tenth of a check and more. Where it is `silent`, only what
    fixes did is told of sources that are fixed. `after_mending` is called each time some sources
    have been fixed together, whatever came of it.
    """

    __slots__ = (
        "_checker",
        "_document",
        "_entries",
        "_identity",
        "_mender",
        "_mending",
        "_names",
        "_plugins",
        "_runners",
        "_waiting",
        "_wanted",
        "after_mending",
        "debug",
        "fixes",
        "processes",
        "shellcheck",
        "silent",
        "store",
    )

    def __init__(self, debug: bool = False, shellcheck: bool = False, fixes: bool = False) -> None:
        self._plugins: list[tuple[str, str]] | None = None
        self._identity: bytes | None = None
        self._entries: dict[str, RuleEntry] | None = None
        self._names: RuleNames | None = None
        self._runners: dict[int, Rules] = {}
        self._wanted: dict[object, Wanted] = {}
        self._waiting: list[Begun] = []
        self._mending: list[Begun] = []
        self._checker: ShellChecker | None = None
        # Kept, as to import a name from a loaded module takes longer than to make one of these.
        self._document: type[Document] | None = None
        self._mender: type[Mender] | None = None
        self.debug = debug
        self.shellcheck = shellcheck
        self.fixes = fixes
        self.silent = False
        self.after_mending: Callable[[], None] | None = None
        self.store: ResultStore | None = None
        self.processes: int | None = None

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
        return self.finish(self.begin(source, config, alone=True))

    def begin(
        self,
        source: Source,
        config: Config,
        alone: bool = False,
        like: Document | None = None,
    ) -> Begun:
        """Have our rules look at a source, and ShellCheck at its scripts meanwhile.

        Both wait for more sources when the source is not `alone`. What was read of a document that
        is `like` it is taken over.
        """
        doc, rules = self._opened(source, config, like)
        begun = Begun(doc, rules, rules[1].ask(doc) if alone else None)
        self._enlist(begun, alone)
        if not alone:
            self._waiting.append(begun)
            if len(self._waiting) == TOGETHER:
                self._ask_waiting()
        return begun

    def fix(self, source: Source, config: Config, wanted: Wanted, verifier: Verifier) -> FixedFile:
        """A source with its fixes applied, and what the configured rules say of that."""
        report = self.finish(self.begin_mending(source, config, wanted, verifier))
        assert isinstance(report, FixedFile)
        return report

    def mend(self, source: Source, config: Config, wanted: Wanted, verifier: Verifier) -> Mended:
        """Apply fixes to a source."""
        from dflint.engine.fixing import Mender, mend_all

        doc, rules = self._opened(source, config)
        return mend_all([Mender(doc, rules, wanted, verifier)])[0]

    def begin_mending(
        self,
        source: Source,
        config: Config,
        wanted: Wanted,
        verifier: Verifier,
        then: Callable[[Begun, Mended], Mended] | None = None,
        keeps: Keeps | None = None,
    ) -> Begun:
        """Have fixes applied to a source, together with those of some more.

        `then` is called once with what they made of it, and returns what is to be reported of.
        `keeps` tells of which findings fixes are wanted, None for all that stand.
        """
        mender = self._mender
        if mender is None:
            from dflint.engine.fixing import Mender

            mender = self._mender = Mender
        doc, rules = self._opened(source, config)
        begun = Begun(doc, rules)
        begun.mending = Mending(mender(doc, rules, wanted, verifier, keeps), then)
        self._mending.append(begun)
        if len(self._mending) == TOGETHER:
            self._mend_waiting()
        return begun

    def wanted(self, config: Config) -> Wanted:
        """Which fixes a configuration wants to be applied."""
        key = (config.fixable, config.unfixable, config.unsafe_fixes)
        known = self._wanted.get(key)
        if known is None:
            from dflint.fix.loop import Wanted

            fixable, unfixable = config.fixable, config.unfixable
            known = self._wanted[key] = Wanted(
                config.unsafe_fixes,
                None if fixable is None else self._expanded(fixable),
                self._expanded(unfixable),
            )
        return known

    def start(self) -> None:
        """Let ShellCheck run on all that was begun, without waiting for more."""
        self._mend_waiting()
        if self._checker is not None:
            self._checker.start()

    def finish(self, begun: Begun, waits: bool = True) -> FileReport:
        """The report on a source; without waiting, with what ShellCheck has said by now."""
        if begun.mending is not None:
            self.start()
        if self.silent and begun.mended is not None:
            return begun.mended.unreported()
        result, remarks = self.settle(begun, waits)
        doc = begun.doc
        findings = reported(begun.config, result.findings)
        failure = failure_of(result)
        report = FileReport(
            doc.source.path,
            tuple(self._report(begun, one) for one in findings),
            tuple(report_finding(doc, one, by.text) for one, by in result.suppressed),
            failure=failure,
            internal=failure is not None,
            remarks=remarks,
        )
        return report if begun.mended is None else begun.mended.file(report)

    def settle(self, begun: Begun, waits: bool = True) -> tuple[Result, tuple[str, ...]]:
        """What stands of what was found in a source, and what is to be said of the run."""
        doc = begun.doc
        if begun.asked is None:
            self._ask_waiting()
        assert begun.asked is not None
        external: External | None = None
        remarks: tuple[str, ...] = ()
        if begun.ticket is not None:
            external = begun.ticket.outcome(waits)
            if not external.is_complete and not begun.ticket.is_hopeless:
                begun.key = None  # another time ShellCheck may have more to say
            remarks = self._shellcheck().notes()
        elif begun.codes is not None and "ignore" in doc.text:
            from dflint.lint.external import External

            external = External((), True, begun.codes.asks)
        return begun.runner.settle(doc, begun.asked, external), remarks

    def _ask_waiting(self) -> None:
        """Ask the rules of all sources that wait for it."""
        waiting, self._waiting = self._waiting, []
        ask_rules(waiting)

    def _mend_waiting(self) -> None:
        """Fix all sources that wait for it, and have ShellCheck look at what became of them."""
        if not self._mending:
            return
        waiting, self._mending = self._mending, []
        try:
            mend(waiting)
        finally:
            if self.after_mending is not None:
                self.after_mending()
        if not self.silent:
            for begun in waiting:
                self._enlist(begun)

    def close(self) -> None:
        """End the processes that still run."""
        if self._checker is not None:
            self._checker.close()

    def _opened(
        self, source: Source, config: Config, like: Document | None = None
    ) -> tuple[Document, Rules]:
        document = self._document
        if document is None:
            from dflint.lint.document import Document

            document = self._document = Document
        rules = self._rules(config, source.path)
        settings = rules[2].within(context_of(source, config.context))
        return document(source, settings, like), rules

    def _enlist(self, begun: Begun, alone: bool = False) -> None:
        """Ask what ShellCheck will say of the scripts in a document, if that is wanted."""
        doc, codes = begun.doc, begun.codes
        if codes is None or doc.keywords.isdisjoint(("RUN", "ONBUILD")):
            return
        begun.ticket = self._shellcheck().begin(doc, codes, begun.config.shellcheck_path)
        if alone:
            self.start()

    def _report(self, begun: Begun, finding: Finding) -> ReportedFinding:
        """A finding with what mends it, if anything may and the configuration wants that."""
        reported = report_finding(begun.doc, finding)
        if finding.make_fix is not None:
            config = begun.config
            limits = config.fixable is not None or bool(config.unfixable)
            if not limits or self.wanted(config).takes_rule(finding.rule):
                entry = self.entries.get(finding.rule)
                reported.fixable = "display" if entry is None else entry.fix
                reported.fix = self._fix(begun, finding) if self.fixes else None
        return reported

    def _fix(self, begun: Begun, finding: Finding) -> ReportedFix | None:
        fix = begun.runner.fix(finding)
        if isinstance(fix, str):
            begun.key = None  # that is told where it is to be applied, which this would prevent
            return None
        return None if fix is None else report_fix(begun.doc, fix)

    def _expanded(self, selectors: Iterable[str]) -> frozenset[str]:
        names = self.names
        return frozenset(rule for selector in selectors for rule in names.expand(selector))

    def _shellcheck(self) -> ShellChecker:
        if self._checker is None:
            from dflint.shellcheck.checker import ShellChecker

            self._checker = ShellChecker(self.store, self.processes)
        return self._checker

    def _rules(self, config: Config, path: str) -> Rules:
        ignored = config.ignored_for(path)
        if ignored:
            config = config.with_overrides(ignore=ignored)
        known = self._runners.get(id(config))
        if known is None:
            from dflint.lint.document import Settings
            from dflint.lint.runner import Runner
            from dflint.lint.select import Selection, select_rules

            selection = Selection(
                config.select,
                config.extend_select,
                config.ignore,
                config.severity,
                config.preset,
            )
            rules = select_rules(self.entries, selection)
            runner = Runner(rules, lambda: self.names, self.debug)
            settings = Settings(
                config.engine,
                config.trusted_registries,
                self._options(config),
                config.label_schema,
                config.strict_labels,
                build_args=config.build_args,
                target=config.target,
                contexts=config.contexts,
            )
            known = (config, runner, settings, self._codes(config, selection))
            if not ignored:
                if len(self._runners) >= _MOST_RUNNERS:
                    del self._runners[next(iter(self._runners))]
                self._runners[id(config)] = known
        return known

    def _codes(self, config: Config, selection: Selection) -> ShellCodes | None:
        if not self.shellcheck or config.shellcheck is False:
            return None
        from dflint.lint.shell_codes import ShellCodes

        codes = ShellCodes(selection)
        return None if codes.is_empty else codes

    def _options(self, config: Config) -> dict[str, dict[str, object]]:
        """The options of rules: those that selectors bring with them, and what is configured."""
        from dflint.lint.names import bare_id

        found: dict[str, dict[str, object]] = {}
        for selector in (*(config.select or ()), *config.extend_select):
            bare = bare_id(selector)
            if selector in self.entries or not (bare[:1].isupper() or "/" in bare):
                continue
            for rule in sorted(self.names.rules(selector)):
                for spec in self.entries[rule].options:
                    if bare in spec.exact_for:
                        found.setdefault(rule, {})[spec.name] = True
        for rule, options in config.rules.items():
            found.setdefault(rule, {}).update(options)
        return found
