"""`dflint check`: finds the files, checks them, prints, and says how it went."""

from __future__ import annotations

import os
import sys

from dflint import __version__
from dflint.cli.output import OutputContext, RuleInfo, render
from dflint.cli.output.color import prepare_console, wants_color
from dflint.config.find import ConfigFinder
from dflint.config.schema import Config
from dflint.engine.report import FileReport, worst
from dflint.engine.session import Session
from dflint.errors import SourceError, UsageError
from dflint.lint.finding import Severity
from dflint.text.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cli.changed import ChangedLines
    from dflint.cli.options import Arguments
    from dflint.engine.cached import ResultCache
    from dflint.engine.session import Begun

_STDIN = "-"
#: For so many files another process is worth what it costs to start and to hear from.
_FILES_A_PROCESS = 1500


def check(arguments: Arguments) -> int:
    """Run the verb; the exit status is 0 clean, 1 findings, 2 for files that cannot be read."""
    session = Session(arguments.flag("debug"), shellcheck=True)
    _check_selectors(arguments, session)
    _check_context(arguments)
    finder = ConfigFinder(
        lambda: session.names,
        file=arguments.text("config"),
        isolated=arguments.flag("no_config"),
        adjust=lambda config: _override(config, arguments),
    )
    results = None if arguments.flag("no_cache") else open_results(session, arguments)
    if results is not None:
        session.store = results.store
    job = Job(session, finder, arguments, results)
    reports = job.reports()
    if arguments.flag("statistics"):
        from dflint.cli.output.statistics import render_statistics

        chunks = render_statistics(reports, _context(job))
    else:
        chunks = render(arguments.text("output_format") or "text", reports, _context(job))
    try:
        _write(chunks, arguments.text("output_file"))
    finally:
        session.close()
    if results is not None:
        close_results(results, session.debug)
    if not arguments.flag("quiet"):
        sys.stderr.writelines(f"dflint: {remark}\n" for remark in job.remarks)
    return job.status


class Job:
    """One run over many files; `status` is its exit status once all reports were taken.

    `remarks` are what there is to say of the run then, besides its findings.
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
        self._configs: dict[str, Config] = {}
        self._shellchecks: dict[str | None, str] = {}

    def reports(self) -> Iterator[FileReport]:
        """The report on each file, in the order of the paths."""
        base = self.arguments.text("diff_base")
        changed: ChangedLines | None = None
        if base is not None:
            from dflint.cli.changed import changed_lines

            changed = changed_lines(base, os.getcwd())
        for report in self._checked():
            if changed is not None:
                _keep_changed(report, changed)
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
        key = self._key(source, self._config(one), self.results)
        return self.results.lookup(key, one) or one

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
            self.results.keep(begun.key, report)
        return report

    def _key(self, source: Source, config: Config, results: ResultCache) -> bytes:
        """What the report on a source is found by: all that it follows from besides the rules."""
        from dflint.engine.context import context_of

        context = context_of(source, config.context)
        extra = "" if context is None else context.fingerprint()
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
            report = self.results.lookup(key, source.path)
            if report is not None:
                return report
        from dflint.discovery.markup import template_reason

        reason = template_reason(source.text)
        if reason is None:
            begun = self.session.begin(source, config, alone)
            begun.key = key
            return begun
        report = FileReport(source.path, notes=(reason,))
        if key is not None and self.results is not None:
            self.results.keep(key, report)
        return report

    def _config(self, path: str) -> Config:
        """The configuration that holds for a file; all files of a folder have the same."""
        folder = os.path.dirname(path)
        config = self._configs.get(folder)
        if config is None:
            config = self._configs[folder] = self.finder.for_file(path)
        return config

    def _jobs(self, files: int) -> int:
        asked = self.arguments.text("jobs")
        if asked is None:
            return min(os.cpu_count() or 1, 1 + files // _FILES_A_PROCESS)
        if not asked.isdigit() or asked == "0":
            raise UsageError(f"`--jobs {asked}`: expected a number from 1")
        return int(asked)

    def _shows_progress(self) -> bool:
        return not self.arguments.flag("quiet") and sys.stderr.isatty()

    def _count(self, report: FileReport) -> None:
        if report.failure is not None:
            self.status = max(self.status, 3 if report.internal else 2)
        level = worst(report)
        if level is None or self.status:
            return
        config = self._config(report.path)
        if config.fail_on is not None and level >= config.fail_on:
            self.status = 1


def open_results(session: Session, arguments: Arguments) -> ResultCache | None:
    """The reports of earlier runs, if there is a place for them."""
    from dflint.cache.location import cache_folder

    folder = cache_folder(arguments.text("cache_dir"))
    if folder is None:
        if session.debug:
            sys.stderr.write("dflint: no cache: there is no home folder\n")
        return None
    from dflint.cache.store import Store
    from dflint.engine.cached import ResultCache

    return ResultCache(Store(folder), session.identity)


def close_results(results: ResultCache, debug: bool) -> None:
    """Write what this run found out; that it cannot be written is only of interest with --debug."""
    results.store.flush()
    if debug and results.store.problem is not None:
        sys.stderr.write(f"dflint: no cache: {results.store.problem}\n")


def _keep_changed(report: FileReport, changed: ChangedLines) -> None:
    report.findings = tuple(
        finding
        for finding in report.findings
        if changed.touches(report.path, finding.place.line, finding.place.end_line)
    )


def _override(config: Config, arguments: Arguments) -> Config:
    """A file's configuration under what the command line asks for."""
    values = arguments.values
    keys = (
        "select", "extend_select", "ignore", "severity_threshold", "fail_on", "engine",
        "context", "shellcheck", "no_shellcheck",
    )  # fmt: skip
    if not any(values[key] for key in keys):
        return config
    wanted, unwanted = arguments.flag("shellcheck"), arguments.flag("no_shellcheck")
    if wanted and unwanted:
        raise UsageError("`--shellcheck` and `--no-shellcheck`: expected one of them")
    threshold = arguments.text("severity_threshold")
    fail_on = arguments.text("fail_on")
    return config.with_overrides(
        select=arguments.many("select"),
        extend_select=arguments.many("extend_select") or (),
        ignore=arguments.many("ignore") or (),
        severity_threshold=Severity[threshold.upper()] if threshold else None,
        fail_on=Severity[fail_on.upper()] if fail_on and fail_on != "never" else None,
        never_fail=fail_on == "never",
        engine=arguments.text("engine"),
        context=arguments.text("context"),
        shellcheck=wanted if wanted or unwanted else None,
    )


def _check_selectors(arguments: Arguments, session: Session) -> None:
    for key in ("select", "extend_select", "ignore"):
        for selector in arguments.many(key) or ():
            problem = session.names.problem(selector)
            if problem is not None:
                raise UsageError(f"--{key.replace('_', '-')}: {problem}")


def _check_context(arguments: Arguments) -> None:
    folder = arguments.text("context")
    if folder is not None and not os.path.isdir(folder):
        raise UsageError(f"--context: `{folder}` is no folder")


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


def _write(chunks: Iterable[str], file: str | None) -> None:
    if file is None:
        if sys.stdout.isatty():
            # What is printed while the progress bar moves would be mixed up with it.
            chunks = list(chunks)
        write = sys.stdout.buffer.write
        for chunk in chunks:
            write(chunk.encode("utf-8", "replace"))
        return
    text = "".join(chunks)
    try:
        with open(file, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"--output-file: `{file}` cannot be written: {reason}") from None
