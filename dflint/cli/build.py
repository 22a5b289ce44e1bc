"""`dflint build`: builds an image, shows how it goes, and says what came of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing

from dflint.build.outcome import BuildResult
from dflint.build.progress.progress import Printer, Progress
from dflint.build.request import BuildRequest, Call
from dflint.cli.build_options import FLAGS, PROGRESS, help_text
from dflint.cli.build_request import read_request
from dflint.cli.docker_flags import Given, read_flags
from dflint.cli.whole_files import write_whole
from dflint.errors import BuildError, UnsupportedError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.builders.base import Builder

_FAILED, _INTERRUPTED = 1, 130
_STDERR = 2


def build(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for a build that failed, 130 for Ctrl-C."""
    try:
        given = read_flags(words, FLAGS)
        if given.is_on("--help"):
            sys.stdout.write(help_text())
            return 0
        request = read_request(given, os.environ)
        kind = progress_kind(given, os.environ, sys.stderr.isatty())
        _refuse_terminal(request)
        engine = _engine(given, request)
    except UsageError as error:
        raise UsageError(f"{error} (`dflint build --help` lists the options)") from None
    if request.call is Call.CHECK:
        return _check(request)
    if request.call is Call.BUILD and engine is not None:
        return _build_elsewhere(engine, given, request, kind)
    if request.call is Call.BUILD:
        try:
            enter_namespace()
        except UnsupportedError as error:
            sys.stderr.write(f"dflint: {error}\n")
            return _FAILED
    result = _run(request, Progress(_printer(kind)))
    if isinstance(result, int):
        return result
    _tell(given, result, is_quiet=kind == "quiet" and request.call is Call.BUILD)
    return result.exit_status


def _engine(given: Given, request: BuildRequest) -> Builder | None:
    """The other builder that is asked for; UsageError for what it cannot do."""
    if given.last("--engine") is None and given.last("--builder") is None:
        return None
    from dflint.builders.choose import choose
    from dflint.builders.flags import refuse

    engine = choose(given.text("--engine", "native"), given.text("--builder"))
    if engine is not None and request.call is Call.BUILD:
        refuse(engine.name, engine.problems, request)
    return engine


def _build_elsewhere(engine: Builder, given: Given, request: BuildRequest, kind: str) -> int:
    """Have another builder build; the exit status."""
    chosen = "auto" if given.last("--progress") is None and kind != "quiet" else kind
    try:
        result = engine.build(request, chosen)
    except BuildError as error:
        sys.stderr.write(f"dflint: {error}\n")
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED
    _tell(given, result, is_quiet=kind == "quiet")
    return 0


def enter_namespace() -> None:
    """Go where mounts can be made and end with this process; call it before threads start.

    An ordinary user becomes root of a user namespace. Raises UnsupportedError.
    """
    from dflint.kernel import userns

    if userns.needs_user_namespace():
        userns.enter_user_namespace()
    else:
        userns.enter_mount_namespace()


def _run(request: BuildRequest, progress: Progress) -> BuildResult | int:
    """Build; the result, or the exit status of a build that came to no good end."""
    failure: BuildError | None = BuildError("the build was stopped")
    try:
        result = _build_or_tell(request, progress)
        failure = None
        return result
    except BuildError as error:
        failure = error
        if request.debug:
            import traceback

            traceback.print_exc()
        return _FAILED
    except KeyboardInterrupt:
        failure = BuildError("the build was interrupted")
        return _INTERRUPTED
    finally:
        progress.close(failure)


def _build_or_tell(request: BuildRequest, progress: Progress) -> BuildResult:
    if request.call is Call.BUILD:
        from dflint.executor.choose import choose

        # First, as each step is forked from a copy of this process: the less it has the better.
        with closing(choose(request.executor)) as executor:
            from dflint.build.builder import build as run_build

            return run_build(request, progress, executor)
    from dflint.build.calls import tell

    return tell(request)


def _check(request: BuildRequest) -> int:
    """`--check`: what `dflint check` says of the Dockerfile."""
    from dflint.cli.main import main

    if not (request.dockerfile or os.path.isdir(request.context)):
        raise UsageError(
            f"--check: expected a directory as the context, or `--file`, found `{request.context}`"
        )
    path = request.dockerfile or os.path.join(request.context, "Dockerfile")
    form = ["--output-format", "json"] if request.call_format == "json" else []
    return main(["check", *form, path])


def progress_kind(given: Given, environment: Mapping[str, str], is_terminal: bool) -> str:
    """The kind of progress: that of the option, of $BUILDKIT_PROGRESS, or what suits the output."""
    if given.is_on("--quiet"):
        return "quiet"
    option = "--progress" if given.last("--progress") else "$BUILDKIT_PROGRESS"
    kind = given.text("--progress") or environment.get("BUILDKIT_PROGRESS", "") or "auto"
    if kind not in PROGRESS:
        raise UsageError(f"{option}: expected one of {', '.join(PROGRESS)}, found `{kind}`")
    if kind == "none":
        return "quiet"
    if kind == "auto":
        return "tty" if is_terminal and environment.get("TERM", "") not in ("", "dumb") else "plain"
    if kind == "tty" and not is_terminal:
        raise UsageError("--progress tty: expected a terminal as standard error, found none")
    return kind


def _printer(kind: str) -> Printer:
    """The printer of a kind, which is imported alone."""
    if kind == "tty":
        from dflint.build.progress.terminal import TerminalPrinter

        has_color = not os.environ.get("NO_COLOR")
        return TerminalPrinter(_write_progress, _terminal_size, has_color=has_color)
    if kind == "plain":
        from dflint.build.progress.plain import PlainPrinter

        return PlainPrinter(_write_progress)
    if kind == "quiet":
        from dflint.build.progress.quiet import QuietPrinter

        return QuietPrinter(_write_progress)
    from dflint.build.progress.rawjson import JsonPrinter

    return JsonPrinter(_write_progress, is_raw=kind == "rawjson")


def _write_progress(text: str) -> None:
    """Write to standard error at once; a reader that has gone does not end the build."""
    data = text.encode("utf-8", "backslashreplace")
    try:
        while data:
            data = data[os.write(_STDERR, data) :]
    except BrokenPipeError:
        pass


def _terminal_size() -> os.terminal_size:
    try:
        size = os.get_terminal_size(_STDERR)
    except OSError:
        size = os.terminal_size((0, 0))
    return os.terminal_size((size.columns or 80, size.lines or 24))


def _refuse_terminal(request: BuildRequest) -> None:
    if not sys.stdout.isatty():
        return
    for output in request.outputs:
        if output.destination == "-":
            raise UsageError(
                f"--output type={output.type}: expected a file in `dest=`, or standard output "
                "that is no terminal"
            )


def _tell(given: Given, result: BuildResult, *, is_quiet: bool) -> None:
    """Print what the result has to say, and write the files that are asked for."""
    if result.text:
        sys.stdout.write(result.text)
    if is_quiet and result.image_id:
        sys.stdout.write(result.image_id + "\n")
    id_file, metadata_file = given.text("--iidfile"), given.text("--metadata-file")
    if id_file and result.image_id:
        write_whole("--iidfile", id_file, result.image_id.encode())
    if metadata_file:
        write_whole("--metadata-file", metadata_file, result.metadata())
