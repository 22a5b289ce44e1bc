"""Package lists of apt that a later RUN installs from."""

from __future__ import annotations

from dflint.semantic.later_runs import is_wanted_later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation

_TOOLS = ("apt-get", "apt", "aptitude")


def serve_later_run(own: Program, programs: Iterable[Program], model: SemanticModel) -> bool:
    """Whether a RUN after that of an update installs before it updates the lists itself.

    In the same stage, or in one that is built on it.
    """
    return is_wanted_later(own, programs, model, reads_lists, _updates, *_TOOLS, *_READERS)


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
