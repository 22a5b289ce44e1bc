"""Package lists of apt that a later RUN installs from."""

from __future__ import annotations

from dflint.cst.instructions import Add, Cmd, Copy, Entrypoint, HealthCheck
from dflint.semantic.occurrences import occurrences
from dflint.semantic.path_patterns import covers
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.later_runs import Runs
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation

_TOOLS = ("apt-get", "apt", "aptitude")
_DIRECTORY = "/var/lib/apt/lists"
#: A word of a command that calls apt.
_CALL = LazyPattern(r"(?<![\w./-])(?:/usr/bin/)?apt(?:-get|itude)?(?![\w./-])")


def serve_later_run(own: Program, runs: Runs) -> bool:
    """Whether a RUN after that of an update installs before it updates the lists itself.

    In the same stage, or in one that is built on it.
    """
    return runs.want_after(own, reads_lists, _updates, *_TOOLS, *_READERS)


def are_read_otherwise(own: Program, last: int, tree: Dockerfile, model: SemanticModel) -> bool:
    """Whether something but apt in a RUN may need the lists that are there behind an offset.

    The rest of the same RUN, containers that install when they start, and a stage that they are
    copied to.
    """
    line = own.instruction.line
    if "apt/lists" in line.source[last : line.stop]:
        return True
    for one in occurrences(tree, Cmd, Entrypoint, HealthCheck):
        text = one.instruction.line.text
        if "apt" in text and "update" not in text and _CALL.get().search(text):
            return True
    for reference in model.references:
        stage, copy = reference.stage, reference.instruction
        if stage is None or not isinstance(copy, (Copy, Add)):
            continue
        line_of = (stage.index, *(one.index for one in stage.ancestors()))
        if own.stage_number in line_of and any(
            covers(source, _DIRECTORY) for source in copy.reading.arguments[:-1]
        ):
            return True
    return False


def reads_lists(call: Invocation) -> bool:
    """Whether a call needs the lists to be there."""
    tool = call.tool.name if call.tool is not None else ""
    if tool in _TOOLS:
        return call.action in _READING
    return call.name in _READERS


def users_of_lists(programs: Iterable[Program]) -> list[tuple[Program, Command]]:
    """The commands of some programs behind which the lists may go: all of apt's."""
    return [
        (program, call.command)
        for program in programs
        for call in program.invocations_of(*_TOOLS, *_READERS)
    ]


_READING = ("install", "upgrade", "source", "download", "changelog", "list", "search", "show")
# They show what is in the lists, or install by them.
_READERS = (
    "apt-cache", "apt-fast", "apt-file", "apt-rdepends", "deb-get", "gdebi", "mk-build-deps",
    "nala", "rosdep", "tasksel", "ansible-playbook", "ansible", "puppet", "chef-solo",
)  # fmt: skip


def _updates(call: Invocation) -> bool:
    tool = call.tool.name if call.tool is not None else ""
    return tool in _TOOLS and call.action == "update"
