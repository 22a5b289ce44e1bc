"""Package lists of apt that a later RUN installs from."""

from __future__ import annotations

from dflint.semantic.taken_files import are_taken_elsewhere
from dflint.semantic.unseen_calls import are_called_unseen, is_called_at_start, mentions
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
#: A word of a command that calls apt. It begins with letters, for which `re` can look quickly.
_CALL = LazyPattern(
    r"apt(?:(?<![\w./-]apt)|(?<=/usr/bin/apt)(?<![\w./-]/usr/bin/apt))"
    r"(?:-get|-cache|itude)?(?![\w./-])"
)


def serve_later_run(own: Program, runs: Runs) -> bool:
    """Whether a RUN after that of an update installs before it updates the lists itself.

    In the same stage, or in one that is built on it.
    """
    return runs.want_after(own, reads_lists, _updates, *_TOOLS, *_READERS)


def are_read_otherwise(own: Program, last: int, tree: Dockerfile, model: SemanticModel) -> bool:
    """Whether something but apt in a RUN may need the lists that are there behind an offset.

    The rest of the same RUN, such as a wrapper that nobody knows, containers that install when they
    start, and a stage that they are copied to.
    """
    line = own.instruction.line
    rest = line.source[last : line.stop]
    if "apt/lists" in rest or mentions(rest, _CALL):
        return True
    return is_called_at_start(tree, _CALL, "update") or are_taken_elsewhere(
        own, (_DIRECTORY,), model
    )


def are_wanted_unseen(own: Program, programs: Iterable[Program], runs: Runs) -> bool:
    """Whether a RUN after that of an update names apt where no call of it is seen."""
    return are_called_unseen(own, programs, runs, _CALL, *_TOOLS, *_READERS)


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


def are_searched(users: Iterable[tuple[Program, Command]]) -> bool:
    """Whether one of those commands is apt-file's: what it fetches stands beside the lists."""
    return any(command.name_value == "apt-file" for _, command in users)


_READING = ("install", "upgrade", "source", "download", "changelog", "list", "search", "show")
# They show what is in the lists, or install by them.
_READERS = (
    "apt-cache", "apt-fast", "apt-file", "apt-rdepends", "deb-get", "gdebi", "mk-build-deps",
    "nala", "rosdep", "tasksel", "ansible-playbook", "ansible", "puppet", "chef-solo",
    "chef-client", "pyinfra", "unattended-upgrade", "unattended-upgrades", "grep-aptavail",
    "debtree", "debget", "m-a", "module-assistant", "ubuntu-drivers", "check-language-support",
)  # fmt: skip


def _updates(call: Invocation) -> bool:
    tool = call.tool.name if call.tool is not None else ""
    return tool in _TOOLS and call.action == "update"
