"""What RUNs name in words that nobody reads: calls in other languages, files that others left."""

from __future__ import annotations

from dflint.cst.instructions import Cmd, Copy, Entrypoint, HealthCheck
from dflint.semantic.occurrences import occurrences
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.later_runs import Runs
    from dflint.semantic.programs import Program
    from dflint.text.span import Span

#: What goes to the log, as nothing follows but another command.
_SAID = LazyPattern(r"""\b(?:echo|printf)[ \t]++(?:"[^"`$]*+"|'[^']*+')[ \t]*+(?=&&|;|\\?$)""")
#: What takes away files whether they are there or not, and mounts, which make their place.
_HARMLESS = LazyPattern(r"\brm[ \t]++(?:-\w++[ \t]++)*?-\w*f[^;&|]*+|--mount=\S++")


def are_called_unseen(
    own: Program, programs: Iterable[Program], runs: Runs, pattern: LazyPattern, *tools: str
) -> bool:
    """Whether a RUN after that of a program names a tool where no call of it is seen.

    In a script of another language, or behind a program that nobody knows; not after `update`.
    """
    seen: dict[Instruction, list[Span]] = {}

    def tells(run: Instruction) -> bool:
        text = run.line.source[run.line.start : run.line.stop]
        # Most RUNs have no such name at all, which is seen sooner than what stands around one.
        if not contains_any(text, tools) or not mentions(text, pattern):
            return False
        if not seen:
            seen.update(_seen(programs, tools))
        return mentions(_before_update(_unseen(run, seen), pattern), pattern)

    return runs.any_after(own, pattern, tells)


def is_called_unseen(
    own: Program, programs: Iterable[Program], pattern: LazyPattern, *tools: str
) -> bool:
    """Whether the RUN of a program itself does so."""
    return mentions(_unseen(own.instruction, _seen(programs, tools)), pattern)


def _before_update(text: str, pattern: LazyPattern) -> str:
    """What stands before the first call that updates."""
    head, is_updated, _ = text.partition("update")
    calls = list(pattern.get().finditer(head)) if is_updated else []
    if calls and not contains_any(head[calls[-1].end() :], (";", "&", "|", "\n")):
        return head[: calls[-1].start()]
    return head


def mentions(text: str, pattern: LazyPattern) -> bool:
    """Whether a pattern is found in what is no comment, and not said to the log alone."""
    search = pattern.get().search
    if search(text) is None:
        return False
    if not contains_any(text, ("#", "echo", "printf")):
        return True
    rows = [row for row in text.split("\n") if not row.lstrip().startswith("#")]
    return any([search(_SAID.get().sub("", row)) for row in rows])


def are_named_later(own: Program, last: int, directories: Sequence[str], runs: Runs) -> bool:
    """Whether files are named behind an offset in a program's RUN, or in one after it.

    By themselves or by a variable of the file. Not to be removed with `rm -f`, which needs none.
    """
    names = tuple(directory.lstrip("~").strip("/") for directory in directories)
    names += runs.variables_with(names)
    line = own.instruction.line
    if are_named(line.source[last : line.stop], names):
        return True
    return runs.any_after(
        own, names, lambda one: are_named(one.line.source[one.line.start : one.line.stop], names)
    )


def is_called_at_start(tree: Dockerfile, pattern: LazyPattern, *but: str) -> bool:
    """Whether a container calls a tool when it starts, with none of some texts beside it.

    Or a script does that stands in the file and is copied.
    """
    for one in occurrences(tree, Cmd, Entrypoint, HealthCheck, Copy):
        line = one.instruction.line
        if type(one.instruction) is Copy and not line.markers:
            continue
        text = line.source[line.start : line.stop]
        if mentions(text, pattern) and not contains_any(text, but):
            return True
    return False


def is_run_without_net(own: Program, tool: str, runs: Runs) -> bool:
    """Whether a RUN after that of a program has no network, and names a tool: it needs a cache."""

    def tells(run: Instruction) -> bool:
        return tool in run.line.text and run.reading.flag("network") == "none"

    return runs.any_after(own, (tool, "none"), tells)


def are_named(text: str, names: Sequence[str]) -> bool:
    """Whether a RUN names files otherwise than to remove them with `rm -f`, or to mount there."""
    return contains_any(text, names) and contains_any(_HARMLESS.get().sub("", text), names)


def _seen(programs: Iterable[Program], tools: Sequence[str]) -> dict[Instruction, list[Span]]:
    seen: dict[Instruction, list[Span]] = {}
    for program in programs:
        spans = [call.command.span for call in program.invocations_of(*tools)]
        if spans:
            seen.setdefault(program.instruction, []).extend(spans)
    return seen


def _unseen(instruction: Instruction, seen: dict[Instruction, list[Span]]) -> str:
    """The text of an instruction with blanks in the place of calls."""
    line = instruction.line
    text = line.source[line.start : line.stop]
    for span in seen.get(instruction, ()):
        start, end = span.start - line.start, span.end - line.start
        text = text[:start] + " " * (end - start) + text[end:]
    return text
