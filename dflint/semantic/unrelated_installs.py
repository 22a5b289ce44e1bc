"""RUNs that install packages of the operating system and depend on nothing else in the build.

What such a RUN does is decided by its own text, so it can stand above whatever changes often.
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run
from dflint.semantic.install_hints import SYSTEM_MARKS, mentions
from dflint.semantic.run_scripts import run_script
from dflint.semantic.source_copies import SourceCopy, source_copies
from dflint.semantic.stage_shell import stage_shells
from dflint.shell.packages import SYSTEM_MANAGERS, is_system_installation
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.stage_shell import StageShell
    from dflint.semantic.stages import Stage
    from dflint.shell.commands import Command

#: Programs beside package managers that touch no file of the context, judged by their operands.
_BESIDE = frozenset(("set", "export", "rm", "true", ":", "echo", "curl", "wget", "apt-key"))
_PACKAGE_FILES = (".deb", ".rpm", ".apk", ".txt", ".list")
#: Where files may change what a package manager does.
_SYSTEM = ("/etc", "/usr", "/var", "/lib", "/bin", "/sbin", "/root", "/opt", "/tmp")
_PROJECT = ("/usr/src", "/usr/app", "/var/www", "/opt/", "/tmp/", "/usr/local/src")


class UnrelatedInstall:
    """A RUN that installs system packages after a COPY of sources that it has no use for."""

    __slots__ = ("command", "copy")

    def __init__(self, copy: SourceCopy, command: Command) -> None:
        self.copy = copy
        self.command = command


def unrelated_installs(model: SemanticModel) -> Iterator[UnrelatedInstall]:
    """Find the first such RUN behind each COPY of sources.

    Only where nothing stands between the two that may use the sources, and so prepare for the
    package manager.
    """
    shells = stage_shells(model.tree)
    for stage in model.stages:
        yield from _unrelated_in(model, stage, shells)


def _unrelated_in(
    model: SemanticModel, stage: Stage, shells: dict[Instruction, StageShell]
) -> Iterator[UnrelatedInstall]:
    copies: list[SourceCopy] = []
    for instruction in stage.instructions:
        if isinstance(instruction, (Copy, Add)):
            copies += _harmless_copies(model, instruction)
        elif isinstance(instruction, Run) and copies:
            command = system_install(instruction, shells[instruction])
            text = instruction.line.text
            if command is None or any(copy.destination.rstrip("/") in text for copy in copies):
                copies = []
            else:
                yield UnrelatedInstall(copies[0], command)
                copies = []


def _harmless_copies(model: SemanticModel, instruction: Copy | Add) -> list[SourceCopy]:
    if instruction.reading.flag("from") is not None:
        return []
    return [
        copy
        for copy in source_copies(model, instruction)
        if copy.destination != "/"
        and (not copy.destination.startswith(_SYSTEM) or copy.destination.startswith(_PROJECT))
    ]


def system_install(run: Run, shell: StageShell) -> Command | None:
    """Find the installation in a RUN that does nothing but install system packages.

    None for every other RUN, and for one that reads package names or packages from files.
    """
    if not mentions(run, SYSTEM_MARKS) or run.reading.flag("mount") is not None:
        return None
    script = run_script(run, shell)
    if script is None or script.error is not None:
        return None
    install = None
    for command in script.commands:
        if not _is_independent(command):
            return None
        if install is None and is_system_installation(command):
            install = command
    return install


def _is_independent(command: Command) -> bool:
    """Tell whether a command of such a RUN reads no file that the build may have copied."""
    if any(redirect.operator.startswith("<") for redirect in command.redirects):
        return False
    if not command.words:
        return True
    program = command.program
    if program in _BESIDE:
        return "@" not in command.text
    if program not in SYSTEM_MANAGERS:
        return False
    if contains_any(command.text, ("file:", " ./", "=./")):
        return False
    return not any(_is_file(word.text) for word in command.operands)


def _is_file(operand: str) -> bool:
    """Tell whether an operand of a package manager is a file, or comes from one."""
    return operand.startswith(("/", ".")) or operand.endswith(_PACKAGE_FILES) or "$(" in operand
