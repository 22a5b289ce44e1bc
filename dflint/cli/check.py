"""`dflint check`: finds the files, checks them, prints, and says how it went."""

from __future__ import annotations

import os
import sys

from dflint import __version__
from dflint.cli.output import OutputContext, RuleInfo, render
from dflint.cli.output.color import prepare_console, wants_color
from dflint.cli.output.summary import Fixable
from dflint.cli.results import close_results, open_results
from dflint.cli.writing import write_chunks
from dflint.config.find import ConfigFinder
from dflint.config.schema import Config
from dflint.engine.context import context_of
from dflint.engine.report import FileReport, worst
from dflint.engine.session import Session
from dflint.errors import SourceError, UsageError
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cli.changed import ChangedLines
    from dflint.cli.options import Arguments
    from dflint.engine.begun import Begun
    from dflint.engine.cached import ResultCache

_STDIN = "-"
#: The formats that hold fixes.
_SHOW_FIXES = ("json", "sarif")
#: The options that change the configuration, and those that change files.
_OVERRIDING = (
    "preset", "select", "extend_select", "ignore", "severity_threshold", "fail_on", "engine",
    "context", "shellcheck", "no_shellcheck", "fixable", "unfixable", "unsafe_fixes", "verify",
    "evidence", "build_arg", "build_context", "target",
)  # fmt: skip
_CHANGING = ("fix", "fix_only", "diff", "add_ignore")
#: What files that describe builds end with.
_DESCRIBING = (".yml", ".yaml", ".hcl", ".json")
#: For so many files another process is worth what it costs to start and to hear from.
_FILES_A_PROCESS = 1500


def check(arguments: Arguments) -> int:
    """Run the verb; the exit status is 0 clean, 1 findings, 2 for files that cannot be read."""
    form = arguments.text("output_format") or "text"
    fixes = form in _SHOW_FIXES and not arguments.flag("statistics")
    session = Session(arguments.flag("debug"), shellcheck=True, fixes=fixes)
    adjust: Callable[[Config], Config] | None = None
    if any(arguments.values[key] or arguments.values[key] == "" for key in _OVERRIDING):
        from dflint.cli.overrides import check_options, override

        check_options(arguments, lambda: session.names)

        def adjust(config: Config) -> Config:
            return override(config, arguments)

    finder = ConfigFinder(
        lambda: session.names,
        file=arguments.text("config"),
        isolated=arguments.flag("no_config"),
        adjust=adjust,
    )
    results = None if arguments.flag("no_cache") else open_results(session, arguments)
    if results is not None:
        session.store = results.store
    job = _job(session, finder, arguments, results)
    try:
        write_chunks(
            job.chunks(_context(job)), arguments.text("output_file"), job.stream, job.errors
        )
    finally:
        session.close()
    if results is not None:
        close_results(results, session.debug)
    job.end()
    return job.status


def _job(
    session: Session, finder: ConfigFinder, arguments: Arguments, results: ResultCache | None
) -> Job:
    if not any(arguments.values[key] not in (None, False) for key in _CHANGING):
        return Job(session, finder, arguments, results)
    from dflint.cli.fixing import fixing_job

    return fixing_job(session, finder, arguments, results)


class Job:
    """One run over many files; `status` is its exit status once all reports were taken.

    `built` are the configurations of files that are checked as something has them built. `remarks`
    are what there is to say of the run then, besides its findings. What is printed goes
    to `stream`; `errors` is what becomes there of text that UTF-8 has no bytes for.
    """

    def __init__(
        self,
        session: Session,
        finder: ConfigFinder,
        arguments: Arguments,
        results: ResultCache | None = None,
    ) -> None:
        self.session = session
        self.finder = finder
        self.arguments = arguments
        self.results = results
        self.status = 0
        self.remarks: dict[str, None] = {}
        self.stream = sys.stdout
        self.errors = "replace"
        self.fixable = Fixable(session.fixes)
        self.changed: ChangedLines | None = None
        self.built: dict[str, Config] = {}
        self._configs: dict[str, Config] = {}
        self._shellchecks: dict[str | None, str] = {}
        self._template_reason: Callable[[str], str | None] | None = None

    @property
    def is_fixing(self) -> bool:
        """Whether files are changed."""
        return any(self.arguments.values[key] not in (None, False) for key in _CHANGING)

    def chunks(self, context: OutputContext) -> Iterator[str]:
        """What is printed of the run, piece by piece."""
        if self.arguments.flag("statistics"):
            from dflint.cli.output.statistics import render_statistics

            return render_statistics(self.reports(), context)
        form = self.arguments.text("output_format") or "text"
        return render(form, self.reports(), context)

    def end(self) -> None:
        """Say on the error stream what there is to say besides what was printed."""
        if not self.arguments.flag("quiet"):
            sys.stderr.writelines(f"dflint: {remark}\n" for remark in self.remarks)

    def reports(self) -> Iterator[FileReport]:
        """The report on each file, in the order of the paths."""
        base = self.arguments.text("diff_base")
        if base is not None:
            from dflint.cli.changed import changed_lines

            self.changed = changed_lines(base, os.getcwd())
        for report in self._checked():
            if self.changed is not None:
                self._keep_changed(report)
            self._count(report)
            self.remarks.update(dict.fromkeys(report.remarks))
            if report.notes and not report.findings and self.arguments.flag("quiet"):
                continue
            yield report

    def _checked(self) -> Iterator[FileReport]:
        paths = self.arguments.paths or ["."]
        if _STDIN in paths:
            if len(paths) > 1:
                raise UsageError("`-` is read alone: expected no other path beside it")
            name = self.arguments.text("stdin_filename") or "Dockerfile"
            yield self.check_source(Source.read_stdin(name))
            return
        files = list(self._found(paths))
        jobs = self._jobs(len(files))
        if len(files) == 1:
            (only,) = files
            yield only if isinstance(only, FileReport) else self.check_file(only)
            return
        from dflint.cli.batch import check_all

        if jobs > 1 and self.results is not None:
            files = [self._known(one) for one in files]
            unknown = sum(isinstance(one, str) for one in files)
            jobs = min(jobs, self._jobs(unknown), unknown)
        yield from check_all(self, files, jobs, self._shows_progress())

    def _found(self, paths: list[str]) -> Iterator[str | FileReport]:
        """The files to check, and reports on what cannot be."""
        if any(path.endswith(_DESCRIBING) for path in paths):
            from dflint.cli.built import without_build_files

            known = dict.fromkeys(without_build_files(self, paths))
            yield from (one for one in known if one not in paths)
            paths = [path for path in paths if path in known]
        if all(os.path.isfile(path) for path in paths):
            yield from dict.fromkeys(paths)
            return
        from dflint.discovery.walk import discover

        gitignore = not self.arguments.flag("no_gitignore")
        for found in discover(paths, self.finder, respect_gitignore=gitignore):
            if found.error is not None:
                yield FileReport(found.path, failure=found.error)
            elif found.note is not None:
                yield FileReport(found.path, notes=(found.note,))
            else:
                yield found.path

    def check_file(self, path: str) -> FileReport:
        """The report on one file."""
        begun = self.begin_file(path, alone=True)
        return begun if isinstance(begun, FileReport) else self.finish(begun)

    def _known(self, one: str | FileReport) -> str | FileReport:
        """The report on a file that is known from an earlier run, else the file."""
        if isinstance(one, FileReport) or self.results is None:
            return one
        try:
            source = Source.read(one)
        except SourceError:
            return one
        config = self._config(one)
        key = self._key(source, config, self.results)
        report = self.results.lookup(key, one, lambda: context_of(source, config.context))
        return report if report is not None and self._is_enough(report, config) else one

    def check_source(self, source: Source) -> FileReport:
        """The report on one source, from an earlier run if there is one of the very same."""
        begun = self._begin(source, alone=True)
        return begun if isinstance(begun, FileReport) else self.finish(begun)

    def begin_file(self, path: str, alone: bool = False) -> Begun | FileReport:
        """Begin to check a file; the report if it is known, or if there is nothing to check."""
        try:
            return self._begin(Source.read(path), alone)
        except SourceError as error:
            return FileReport(path, failure=error.message)

    def finish(self, begun: Begun) -> FileReport:
        """The report on what was begun, which is kept for later runs."""
        report = self.session.finish(begun)
        if begun.key is not None and self.results is not None:
            self.results.keep(begun.key, report, begun.doc.settings.context)
        return report

    def _key(self, source: Source, config: Config, results: ResultCache) -> bytes:
        """What the report on a source is found by: all that it follows from besides the rules."""
        context = context_of(source, config.context)
        extra = "" if context is None else context.fingerprint()
        if self.session.fixes:
            extra = f"fixes\0{extra}"
        if b"run" in source.data.lower():
            extra = f"{self._shellcheck(config)}\0{extra}"
        return results.key(source, config, extra.encode("utf-8", "surrogatepass"))

    def _shellcheck(self, config: Config) -> str:
        """Which ShellCheck reads the scripts of a file."""
        if config.shellcheck is False:
            return ""
        path = config.shellcheck_path
        if path not in self._shellchecks:
            from dflint.shellcheck.program import program_identity

            self._shellchecks[path] = program_identity(path)
        return self._shellchecks[path]

    def _begin(self, source: Source, alone: bool) -> Begun | FileReport:
        """Begin to check a source, unless the report is known; a template is passed over."""
        config = self._config(source.path)
        key: bytes | None = None
        if self.results is not None:
            key = self._key(source, config, self.results)
            context = config.context
            report = self.results.lookup(key, source.path, lambda: context_of(source, context))
            if report is not None and self._is_enough(report, config):
                return report
        find_reason = self._template_reason
        if find_reason is None:
            from dflint.discovery.markup import template_reason

            find_reason = self._template_reason = template_reason
        reason = find_reason(source.text)
        if reason is None:
            return self._begin_anew(source, config, key, alone)
        report = FileReport(source.path, notes=(reason,))
        if key is not None and self.results is not None:
            self.results.keep(key, report)
        return report

    def _begin_anew(
        self, source: Source, config: Config, key: bytes | None, alone: bool
    ) -> Begun | FileReport:
        """Begin to check a source of which nothing is known."""
        begun = self.session.begin(source, config, alone)
        begun.key = key
        return begun

    def _is_enough(self, report: FileReport, config: Config) -> bool:
        """Whether a report from an earlier run says all that is wanted."""
        return True

    def _config(self, path: str) -> Config:
        """The configuration that holds for a file; all files of a folder have the same."""
        if path in self.built:
            return self.built[path]
        folder = os.path.dirname(path)
        config = self._configs.get(folder)
        if config is None:
            config = self._configs[folder] = self.finder.for_file(path)
        return config

    def hint(self) -> str:
        """What to say of the findings that could be fixed."""
        return self.fixable.sentence()

    def _jobs(self, files: int) -> int:
        asked = self.arguments.text("jobs")
        if asked is None:
            return min(os.cpu_count() or 1, 1 + files // _FILES_A_PROCESS)
        if not asked.isdigit() or asked == "0":
            raise UsageError(f"`--jobs {asked}`: expected a number from 1")
        return int(asked)

    def _keep_changed(self, report: FileReport) -> None:
        touches = self._touches(report)
        report.findings = tuple(
            finding
            for finding in report.findings
            if touches(finding.place.line, finding.place.end_line)
        )

    def _touches(self, report: FileReport) -> Callable[[int, int], bool]:
        """Whether lines of a file changed since the revision that is compared with."""
        changed, path = self.changed, report.path
        assert changed is not None
        return lambda first, last: changed.touches(path, first, last)

    def _shows_progress(self) -> bool:
        return not self.arguments.flag("quiet") and sys.stderr.isatty()

    def _count(self, report: FileReport) -> None:
        if report.failure is not None:
            self.status = max(self.status, 3 if report.internal else 2)
        level = worst(report)
        if level is None:
            return
        config = self._config(report.path)
        self.fixable.add(report, config.unsafe_fixes)
        if self.status:
            return
        if config.fail_on is not None and level >= config.fail_on:
            self.status = 1


def _context(job: Job) -> OutputContext:
    arguments = job.arguments
    to_file = arguments.text("output_file") is not None
    choice = arguments.text("color") or "auto"
    color = wants_color(choice, None if to_file else sys.stdout, os.environ)
    if color:
        prepare_console()
    width = 0
    if not to_file and sys.stdout.isatty():
        width = os.get_terminal_size(sys.stdout.fileno()).columns
    return OutputContext(
        __version__,
        lambda: rule_infos(job.session),
        color=color,
        width=width,
        show_suppressed=arguments.flag("show_suppressed"),
        quiet=arguments.flag("quiet"),
        hint=job.hint,
    )


def rule_infos(session: Session) -> dict[str, RuleInfo]:
    """What reports can say of the rules."""
    from dflint.lint.docs import page_url

    return {
        name: RuleInfo(
            name,
            entry.summary,
            entry.category,
            entry.severity,
            entry.aliases,
            page_url(name) if entry.distribution == "dflint" else "",
            entry.load,
        )
        for name, entry in session.entries.items()
    }
