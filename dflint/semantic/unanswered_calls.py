"""Calls of package managers that ask a question which nobody answers during a build."""

from __future__ import annotations

from dflint.semantic.tool_settings import ANSWERING_IMAGES, is_built_on, settled_from
from dflint.shell.assume_yes import asks
from dflint.shell.statements import Kind
from dflint.text.lazy_pattern import LazyPattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.redirects import Redirect
    from dflint.shell.statements import Statement

# What says yes in apt.conf, yum.conf or dnf.conf.
_CONFIGURED = LazyPattern(
    r"assume-yes[\s\\\"']++(?:true|1|yes)|(?<![-=])assumeyes\s*+=\s*+(?:true|1|yes)"
)
_REMOVING = ("apt-get", "apt", "aptitude", "yum", "dnf")


def unanswered_calls(
    programs: Iterable[Program], tree: Dockerfile, *tools: str
) -> Iterator[Invocation]:
    """The calls of some tools that ask and are given no answer, in order.

    Not those whose standard input is fed (`yes | apt-get …`), nor any after a configuration file
    that may answer.
    """
    settled: int | None = None
    for program in programs:
        removal: int | None = None
        for call in program.invocations_of(*tools):
            if not asks(call) or _is_fed(program, call.command):
                continue
            if call.verb.startswith("auto"):
                removal = _first_removal(program) if removal is None else removal
                if call.command.start < removal:
                    continue
            if settled is None:
                settled = settled_from(tree, _CONFIGURED, "assume")
            if call.command.span.start < settled and not _is_answered_by_image(program, call):
                yield call


def _is_answered_by_image(program: Program, call: Invocation) -> bool:
    """Whether the base image brings a configuration, or a program, that needs no answer.

    The `microdnf` of Red Hat's images never asks (its `-y` is said to do nothing); in Fedora's
    it is a name of `dnf5`, which does.
    """
    tool = call.tool.name if call.tool is not None else ""
    if tool == "microdnf":
        image = program.base_image
        return bool(image) and "fedora" not in image
    return tool in ("apt-get", "apt") and is_built_on(program, ANSWERING_IMAGES)


def _first_removal(program: Program) -> int:
    """Where something is removed that may leave packages which nothing needs any more."""
    return min(
        (
            call.command.start
            for call in program.invocations_of(*_REMOVING)
            if call.verb in ("remove", "purge")
            and call.option("--auto-remove", "--autoremove") is None
        ),
        default=len(program.script.text),
    )


def _is_fed(program: Program, command: Command) -> bool:
    """Whether something comes in through standard input."""
    statement: Statement | None = command
    while statement is not None:
        while statement is not None:
            source = _source(statement)
            # A shell whose script is its input has nothing else to read.
            if source and not (statement is not command and source.startswith("<<")):
                return source != "</dev/null"
            parent = statement.parent
            if parent is not None and parent.kind is Kind.PIPELINE and statement.index > 0:
                return True
            statement = parent
        if program.parent is not None:
            program, statement = program.parent, program.caller
    return False


def _source(statement: Statement) -> str:
    """What standard input is redirected to with its operator, empty where it is not."""
    redirects: tuple[Redirect, ...] = getattr(statement, "redirects", ())
    for redirect in redirects:
        if redirect.operator.startswith("<") and redirect.target is not None:
            return redirect.operator + redirect.target.text
    return ""
