"""`dflint format`: lays out Dockerfiles, or says which of them it would lay out otherwise."""

from __future__ import annotations

import os
import sys

from dflint.cli.results import close_results, open_results
from dflint.config.find import ConfigFinder
from dflint.engine.session import Session
from dflint.errors import SourceError, UsageError
from dflint.format.editorconfig import EditorConfigs
from dflint.format.options import FormatOptions, options_from
from dflint.text.source import Source, read_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dflint.cli.options import Arguments
    from dflint.engine.cached import ResultCache
    from dflint.engine.formatted import FormattedCache
    from dflint.format.formatter import FormatResult

    Kept = list[tuple[bytes, bytes]]

_STDIN = "-"
#: For so many files, formatted or only checked, another process is worth what it costs to start
#: and to hear from.
_FILES_A_PROCESS = 300
_CHECKS_A_PROCESS = 3000
#: For more files it is worth it to make ready what tells faster whether they are formatted.
_FEW = 32


class Outcome:
    """What became of one file.

    `changed` tells whether it is, or would be, written anew; `shown` is what is printed of it on
    standard output, `notes` what on standard error. `failure` says why it could not be read or
    written.
    """

    __slots__ = ("changed", "failure", "notes", "path", "shown")

    def __init__(
        self,
        path: str,
        changed: bool = False,
        shown: str = "",
        notes: tuple[str, ...] = (),
        failure: str | None = None,
    ) -> None:
        self.path = path
        self.changed = changed
        self.shown = shown
        self.notes = notes
        self.failure = failure


def format_files(arguments: Arguments) -> int:
    """Run the verb; the exit status is 1 if a file would change with `--check` or `--diff`."""
    session = Session(arguments.flag("debug"))
    finder = ConfigFinder(
        lambda: session.names,
        file=arguments.text("config"),
        isolated=arguments.flag("no_config"),
    )
    results = None if arguments.flag("no_cache") else open_results(session, arguments)
    run = FormatRun(finder, arguments, results, session)
    counts = {"changed": 0, "same": 0, "failed": 0}
    for outcome in run.outcomes():
        counts[_print(outcome, arguments.flag("quiet"))] += 1
    if results is not None:
        close_results(results, session.debug)
    if not arguments.flag("quiet") and not run.is_stream:
        sys.stderr.write(f"dflint: {_summary(counts, run.only_tells)}\n")
    if counts["failed"]:
        return 2
    return 1 if run.only_tells and counts["changed"] else 0


class _Checker:
    """What looks at each file; to import names for each costs more than some of the looks."""

    __slots__ = ("is_formatted", "result", "template_reason")

    def __init__(self) -> None:
        from dflint.discovery.markup import template_reason
        from dflint.format.check import is_formatted
        from dflint.format.formatter import FormatResult

        self.template_reason = template_reason
        self.is_formatted = is_formatted
        self.result = FormatResult


class FormatRun:
    """One run over many files."""

    def __init__(
        self,
        finder: ConfigFinder,
        arguments: Arguments,
        results: ResultCache | None,
        session: Session,
    ) -> None:
        self.arguments = arguments
        self.checks = arguments.flag("check")
        self.diffs = arguments.flag("diff")
        self.only_tells = self.checks or self.diffs
        self.is_stream = _STDIN in arguments.paths
        self.results = results
        self._finder = finder
        self._editor = EditorConfigs()
        self._folders: dict[str, FormatOptions] = {}
        self._asked = _asked(arguments)
        self._lines = _lines(arguments.text("range"))
        self._colors = self.diffs and _is_colored(arguments)
        self._is_many = False
        self._checker: _Checker | None = None
        self._cache: FormattedCache | None = None
        # With --range, a file is not formatted as a whole.
        if results is not None and self._lines is None:
            from dflint.engine.formatted import FormattedCache

            self._cache = FormattedCache(results.store, session.identity)

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each file, in the order of the paths."""
        paths = self.arguments.paths or ["."]
        if self.is_stream:
            if len(paths) > 1:
                raise UsageError("`-` is read alone: expected no other path beside it")
            yield self._stream(self.arguments.text("stdin_filename") or "Dockerfile")
            return
        found = list(self._found(paths))
        if self._lines is not None and len(found) != 1:
            raise UsageError("--range: expected one file")
        files = [one if isinstance(one, Outcome) else self._known(one) for one in found]
        left = [one for one in files if isinstance(one, str)]
        self._is_many = len(left) > _FEW
        done = self._formatted(left)
        for one in files:
            yield one if isinstance(one, Outcome) else next(done)

    def _found(self, paths: list[str]) -> Iterator[str | Outcome]:
        """The files to format, and outcomes for what cannot be."""
        if all(os.path.isfile(path) for path in paths):
            yield from dict.fromkeys(paths)
            return
        from dflint.discovery.walk import discover

        gitignore = not self.arguments.flag("no_gitignore")
        for found in discover(paths, self._finder, respect_gitignore=gitignore):
            if found.error is not None:
                yield Outcome(found.path, failure=found.error)
            elif found.note is not None:
                yield Outcome(found.path, notes=(found.note,))
            else:
                yield found.path

    def _known(self, path: str) -> Outcome | str:
        """The outcome for a file that an earlier run has seen, else the file."""
        if self._cache is None:
            return path
        try:
            data = read_file(path)
        except SourceError as error:
            return Outcome(path, failure=error.message)
        known = self._cache.is_formatted(self._cache.key(data, self._options(path)))
        if known or (known is False and self.checks and not self.diffs):
            return self._told(path, not known)
        return path

    def _formatted(self, paths: list[str]) -> Iterator[Outcome]:
        jobs = min(self._jobs(len(paths)), len(paths))
        if jobs < 2 or not hasattr(os, "fork"):
            yield from map(self._file, paths)
            return
        from dflint.cli.batch import forked

        for outcomes, kept in forked(self._share, paths, jobs):
            if self.results is not None:
                self.results.store.put_taken(kept)
            yield from outcomes

    def _share(self, paths: Sequence[str]) -> tuple[list[Outcome], Kept]:
        outcomes = [self._file(path) for path in paths]
        return outcomes, [] if self.results is None else self.results.store.take()

    def _file(self, path: str) -> Outcome:
        try:
            source = Source.read(path)
            options = self._options(path)
            result = self._result(source, options, self.checks and not self.diffs)
            if self._cache is not None and not result.notes:
                self._cache.keep(self._cache.key(source.data, options), not result.changed)
            if self.only_tells:
                return self._told(path, result.changed, source, result)
            if result.changed:
                from dflint.text.replace import replace_file

                data = result.text.encode("utf-8", "surrogateescape")
                replace_file(path, data, source.data)
                if self._cache is not None and not result.notes:
                    self._cache.keep(self._cache.key(data, options), True)
            return Outcome(path, result.changed, notes=result.notes)
        except SourceError as error:
            return Outcome(path, failure=error.message)

    def _stream(self, name: str) -> Outcome:
        source = Source.read_stdin(name)
        result = self._result(source, self._options(name))
        if self.only_tells:
            return self._told(name, result.changed, source, result)
        return Outcome(name, result.changed, result.text, result.notes)

    def _result(
        self, source: Source, options: FormatOptions, only_checks: bool = False
    ) -> FormatResult:
        """The file formatted; only whether it differs is right if it `only_checks`."""
        checker = self._checker
        if checker is None:
            checker = self._checker = _Checker()
        reason = checker.template_reason(source.text)
        if reason is not None:
            return checker.result(source.text, False, (reason,))
        if only_checks and self._lines is None and not options.heredocs:
            is_formatted = checker.is_formatted(source, options, self._is_many)
            return checker.result(source.text, not is_formatted)
        from dflint.format.formatter import format_range, format_source

        if self._lines is not None:
            result = format_range(source, *self._lines, options)
        else:
            result = format_source(source, options)
        if not result.changed or options.heredocs:
            return result
        from dflint.lint.document import Document
        from dflint.verify.texts import builds_otherwise

        objection = builds_otherwise(Document(source), result.text, result.tree)
        if objection is None:
            return result
        note = f"left as it is, or something else would be built: {objection}"
        return checker.result(source.text, False, (*result.notes, note))

    def _told(
        self,
        path: str,
        changed: bool,
        source: Source | None = None,
        result: FormatResult | None = None,
    ) -> Outcome:
        """What is said of a file that is not to be written."""
        shown = ""
        if changed and self.checks:
            shown = f"would format {path}\n"
        if changed and self.diffs and source is not None and result is not None:
            from dflint.cli.output.diff import unified_diff

            shown += unified_diff(source.text, result.text, path, self._colors)
        return Outcome(path, changed, shown, () if result is None else result.notes)

    def _options(self, path: str) -> FormatOptions:
        folder = os.path.dirname(path)
        known = self._folders.get(folder)
        if known is None:
            settings = self._finder.for_file(path).format
            known = options_from(self._editor.settings_for(path), settings, self._asked)
            if not self._editor.count_in(folder):
                self._folders[folder] = known  # the same for all files in there
        return known

    def _jobs(self, files: int) -> int:
        asked = self.arguments.text("jobs")
        if asked is None:
            share = _CHECKS_A_PROCESS if self.checks and not self.diffs else _FILES_A_PROCESS
            return min(os.cpu_count() or 1, 1 + files // share)
        if not asked.isdigit() or asked == "0":
            raise UsageError(f"`--jobs {asked}`: expected a number from 1")
        return int(asked)


def _asked(arguments: Arguments) -> dict[str, object]:
    """The settings that the command line gives, with the keys of a configuration."""
    from dflint.config.format_settings import TAB, indent_problem, length_problem

    asked: dict[str, object] = {}
    for name, problem_of in (("indent", indent_problem), ("line-length", length_problem)):
        given = arguments.text(name.replace("-", "_"))
        if given is None:
            continue
        value: object = int(given) if given.isascii() and given.isdigit() else given
        problem = problem_of(value)
        if problem is not None or (name != "indent" and value == TAB):
            raise UsageError(f"--{name}: {problem}")
        asked[name] = value
    if arguments.text("keyword_case") is not None:
        asked["keyword-case"] = arguments.text("keyword_case")
    if arguments.flag("heredocs"):
        asked["heredocs"] = True
    return asked


def _lines(text: str | None) -> tuple[int, int] | None:
    """The first and the last line of `A-B` or `A:B`."""
    if text is None:
        return None
    first, _, last = text.replace(":", "-").partition("-")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise UsageError(f"--range: expected lines such as `10-20`, found `{text}`")


def _is_colored(arguments: Arguments) -> bool:
    from dflint.cli.output.color import prepare_console, wants_color

    color = wants_color(arguments.text("color") or "auto", sys.stdout, os.environ)
    if color:
        prepare_console()
    return color


def _print(outcome: Outcome, quiet: bool) -> str:
    """Print what there is to say of a file; what it counts as."""
    if outcome.shown:
        sys.stdout.buffer.write(outcome.shown.encode("utf-8", "surrogateescape"))
    if outcome.failure is not None:
        sys.stderr.write(f"dflint: {outcome.path}: {outcome.failure}\n")
        return "failed"
    if not quiet:
        _tell(f"dflint: {outcome.path}: {note}\n" for note in outcome.notes)
    return "changed" if outcome.changed else "same"


def _tell(lines: Iterable[str]) -> None:
    sys.stderr.writelines(lines)


def _summary(counts: dict[str, int], only_tells: bool) -> str:
    said = {
        "changed": "would be formatted" if only_tells else "formatted",
        "same": "unchanged",
        "failed": "failed",
    }
    parts = [
        f"{number} file{'' if number == 1 else 's'} {said[key]}"
        for key, number in counts.items()
        if number
    ]
    return ", ".join(parts) or "no files"
