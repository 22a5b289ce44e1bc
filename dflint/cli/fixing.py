"""`dflint check --fix`, `--fix-only`, `--diff` and `--add-ignore`: runs that change files."""

from __future__ import annotations

import sys

from dflint.cli.check import Job
from dflint.cli.judge import judge
from dflint.cli.output.summary import Summary
from dflint.cli.overrides import proves
from dflint.engine.context import context_of
from dflint.engine.report import FileReport, FixedFile
from dflint.errors import SourceError, UsageError
from dflint.text.replace import FileChanged, Replacer, replace_file
from dflint.text.source import Source
from dflint.text.visible import make_visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cli.moved_changes import MovedChanges
    from dflint.cli.options import Arguments
    from dflint.cli.output import OutputContext
    from dflint.cli.proving import Proving
    from dflint.config.find import ConfigFinder
    from dflint.config.schema import Config
    from dflint.engine.begun import Begun
    from dflint.engine.cached import ResultCache
    from dflint.engine.fixing import Keeps, Mended
    from dflint.engine.session import Session
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding

    Replace = Callable[[str, bytes, bytes], None]


def fixing_job(
    session: Session, finder: ConfigFinder, arguments: Arguments, results: ResultCache | None
) -> Job:
    """The run that the options ask for; UsageError for two that cannot be had together."""
    adds = arguments.text("add_ignore") is not None
    fixes = next((name for name in ("fix", "fix_only") if arguments.flag(name)), None)
    if adds and fixes is not None:
        option = "--" + fixes.replace("_", "-")
        raise UsageError(f"`--add-ignore` and `{option}`: expected one of them")
    # What is to be fixed is known from the fixes in reports, whatever the format shows.
    session.fixes = True
    if not adds:
        return FixingJob(session, finder, arguments, results)
    from dflint.cli.ignoring import IgnoringJob

    return IgnoringJob(session, finder, arguments, results)


class FixingJob(Job):
    """A run that applies fixes: into the files, to standard output, or into a diff."""

    #: What was done to files, as the sentence at the end says it, and what would be.
    verbs = ("Fixed", "Would fix")
    #: Whether the text output says at its end what was done.
    is_told_by_text = True

    def __init__(
        self,
        session: Session,
        finder: ConfigFinder,
        arguments: Arguments,
        results: ResultCache | None,
    ) -> None:
        super().__init__(session, finder, arguments, results)
        self.is_diff = arguments.flag("diff")
        self.is_silent = self.is_diff or arguments.flag("fix_only")
        session.silent = self.is_silent
        self.summary = Summary()
        self._replacer = Replacer()
        session.after_mending = self._replacer.close
        self._is_told = False
        self._proving = _proving(arguments)
        if "-" in arguments.paths and not self.is_diff:
            self.stream = sys.stderr
        if self.is_diff:
            self.errors = "surrogateescape"

    def chunks(self, context: OutputContext) -> Iterator[str]:
        """What is printed: diffs, or what stands in the fixed files."""
        if self.is_diff:
            yield from self._diffs(context)
        elif self.is_silent:
            for _ in self.reports():
                continue
        else:
            form = self.arguments.text("output_format") or "text"
            is_text = form == "text" and not self.arguments.flag("statistics")
            self._is_told = is_text and self.is_told_by_text
            if is_text and not self._is_told:
                context.quiet = True
            yield from super().chunks(context)

    def end(self) -> None:
        """Say what was done, unless the output has said it."""
        if self._proving is not None:
            self._proving.close()
        if not self._is_told and not self.arguments.flag("quiet"):
            self._tell(self._closing())
        super().end()

    def hint(self) -> str:
        """What to say of fixes that are left; safe ones are only left where they do harm."""
        unsafe = self.fixable.unsafe
        return f"{unsafe} can be fixed with `--unsafe-fixes`" if unsafe else ""

    def check_source(self, source: Source) -> FileReport:
        """The report on standard input, whose new text goes to standard output."""
        report = super().check_source(source)
        if not self.is_diff:
            text = report.after if isinstance(report, FixedFile) else source.text
            sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        return report

    def _diffs(self, context: OutputContext) -> Iterator[str]:
        from dflint.cli.output.diff import unified_diff

        for report in self.reports():
            if isinstance(report, FixedFile) and report.is_changed:
                texts = (report.before, report.after)
                if self._is_for_terminal():  # which is not to obey what stands in a file
                    texts = (_visible(report.before), _visible(report.after))
                yield unified_diff(*texts, report.path, context.color)

    def _is_for_terminal(self) -> bool:
        return self.arguments.text("output_file") is None and self.stream.isatty()

    def _closing(self) -> str:
        done, would = self.verbs
        changes = self.summary.changes(would if self.is_diff else done)
        if not self.summary.fixed:
            changes = "Nothing to change"
        if self.is_silent:
            return changes
        left = self.summary.findings
        return f"{changes}, {left} finding{' remains' if left == 1 else 's remain'}"

    def _is_enough(self, report: FileReport, config: Config) -> bool:
        """Whether nothing in the file can be fixed."""
        wanted = self.session.wanted(config)
        takes = ("safe", "unsafe") if wanted.unsafe else ("safe",)
        return not any(
            finding.fix is not None
            and finding.fix.applicability in takes
            and wanted.takes_rule(finding.rule)
            for finding in report.findings
        )

    def _begin_anew(
        self, source: Source, config: Config, key: bytes | None, alone: bool
    ) -> Begun | FileReport:
        """Begin to fix a source; what becomes of it is written, and checked, with some more."""
        session, proving = self.session, self._proving
        if key is not None and self._keeps_fixes:
            known = self._known_fixed(source, config, key)
            if known is not None:
                return known
        verifier = judge() if proving is None else proving.verifier(source, config.context)
        begun = session.begin_mending(
            source,
            config,
            session.wanted(config),
            verifier,
            lambda begun, mended: self._take(begun, mended, config, key),
            self._keeps(source),
        )
        if proving is not None:
            session.start()  # what a build proves is told before the next one
        return begun

    def _take(self, begun: Begun, mended: Mended, config: Config, key: bytes | None) -> Mended:
        """Write what fixes made of a source; returns what is to be reported of."""
        before, outcome = mended.outcome.before.source, mended.outcome
        mended.evidence = self._evidence(mended)
        # Where nothing is told of findings, none are looked for.
        begun.key = None if self.is_silent else key
        if key is not None and self.results is not None and self._keeps_fixes:
            context = outcome.doc.settings.context
            made = mended.unreported()
            self.results.keep_fixed(key, made, config.unsafe_fixes, context)
        if not outcome.is_changed:
            return mended
        problem = self._write(before, outcome.doc.source, self._replacer.replace)
        if problem:
            return mended.undone(problem)
        if self.results is not None and not self.is_silent:
            begun.key = self._key(outcome.doc.source, config, self.results)
        return mended

    @property
    def _keeps_fixes(self) -> bool:
        """Whether fixes follow from the file and its configuration alone."""
        return self._proving is None and self.changed is None

    def _known_fixed(self, source: Source, config: Config, key: bytes) -> FixedFile | None:
        """A source with the fixes of an earlier run, if what stands then is known, too."""
        results, context = self.results, config.context
        assert results is not None
        file = results.lookup_fixed(
            key, source, config.unsafe_fixes, lambda: context_of(source, context)
        )
        if file is None:
            return None
        data = file.after.encode("utf-8", "surrogateescape")
        after = Source(source.path, data, source.is_stream)
        if not self.is_silent:
            found = results.lookup(
                self._key(after, config, results), after.path, lambda: context_of(after, context)
            )
            if found is None:
                return None
            file.findings, file.suppressed = found.findings, found.suppressed
        # Where it cannot be written, another try is to say why.
        return None if file.is_changed and self._write(source, after) else file

    def _evidence(self, mended: Mended) -> tuple[dict[str, object], ...]:
        """What is proved of the fixes of a file, which is told, too."""
        if self._proving is None or not mended.outcome.applied:
            return ()
        said = self._proving.sentence(mended.outcome)
        self._tell(f"{mended.outcome.doc.source.path}: {said}")
        return self._proving.evidence(mended.outcome)

    def _jobs(self, files: int) -> int:
        """One process where builds are made, as they share what they know."""
        return super()._jobs(files) if self._proving is None else 1

    def _write(self, before: Source, after: Source, replace: Replace = replace_file) -> str:
        """Put the new text in the place of the old one; why that failed, empty if it did not."""
        if self.is_diff or before.is_stream:
            return ""
        try:
            replace(before.path, after.data, before.data)
        except FileChanged as error:
            # Another process may have fixed it in the same way, as where two names are one file.
            return "" if _content(before.path) == after.data else error.message
        except SourceError as error:
            return error.message
        return ""

    def _keeps(self, source: Source) -> Keeps | None:
        """Which findings `--diff-base` leaves, None for all."""
        if self.changed is None:
            return None
        moved = self._moved(source.path, source.text)

        def keeps(doc: Document, finding: Finding) -> bool:
            lines = doc.lines
            first, last = lines.line(finding.span.start), lines.line(finding.span.end)
            return moved.touches(doc.text, first, last)

        return keeps

    def _moved(self, path: str, before: str) -> MovedChanges:
        from dflint.cli.moved_changes import MovedChanges

        assert self.changed is not None
        return MovedChanges(self.changed, path, before)

    def _touches(self, report: FileReport) -> Callable[[int, int], bool]:
        """Whether lines of the file as it is now changed."""
        if not isinstance(report, FixedFile):
            return super()._touches(report)
        moved = self._moved(report.path, report.before)
        return lambda first, last: moved.touches(report.after, first, last)

    def _count(self, report: FileReport) -> None:
        if self.is_silent:
            report.findings = ()
        super()._count(report)
        self.summary.add(report)
        if self.is_silent and report.failure is not None:
            self._tell(f"{report.path}: {report.failure}")
        if not isinstance(report, FixedFile):
            return
        if self._proving is not None and not report.problem:
            self._proving.keep(report)
        if report.problem:
            self.status = max(self.status, 2)
            self._tell(f"{report.path}: not changed: {report.problem}")
        for skipped in report.skipped:
            self._tell(f"{report.path}: {skipped}")
        if report.unsettled:
            rules = ", ".join(f"`{rule}`" for rule in report.unsettled)
            advice = "leave one out with `--unfixable`"
            self._tell(f"{report.path}: the fixes of {rules} undo each other: {advice}")
        fails = self.is_diff or self.arguments.flag("exit_non_zero_on_fix")
        if report.is_changed and fails:
            self.status = max(self.status, 1)

    def _tell(self, sentence: str) -> None:
        sys.stderr.write(f"dflint: {make_visible(sentence)}\n")


def _proving(arguments: Arguments) -> Proving | None:
    """What proves fixes, where that is wanted; made before other threads start."""
    if not proves(arguments):
        return None
    from dflint.cli.proving import Proving

    return Proving(arguments)


def _content(path: str) -> bytes | None:
    try:
        return Source.read(path).data
    except SourceError:
        return None


def _visible(text: str) -> str:
    """The text with escapes for everything in its lines that has no glyph, but for tabs."""
    lines = text.split("\n")
    return "\n".join("\t".join(map(make_visible, line.split("\t"))) for line in lines)
