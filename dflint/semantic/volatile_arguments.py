"""Build arguments that differ from build to build, and the steps that they repeat for nothing.

Every RUN behind an ARG has the argument's value in its environment, and so in its cache key,
whether it uses it or not (reference, "Impact on build caching").
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Arg, Copy, Env, From, Label, Run, User, Workdir
from dflint.semantic.run_scripts import run_script
from dflint.semantic.stage_shell import stage_shells
from dflint.semantic.volatile_names import is_volatile
from dflint.shell.packages import (
    PLAIN_PROGRAMS,
    SYSTEM_MANAGERS,
    find_installation,
    is_system_installation,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.stage_shell import StageShell
    from dflint.shell.commands import Command
    from dflint.shell.script import Script

_MORE_PLAIN = frozenset(
    ("git", "mv", "cp", "sed", "install", "npm", "yarn", "gpg", "apt-key", "pip")
)
_MOST_NAMES = 20
_TAKING = (Copy, Add, User, Workdir)


class VolatileArgument:
    """An ARG of a volatile name above an installation that does not use it.

    `at` is the index among the ARG's arguments, `command` the installation. `taker` is an ENV
    in between that takes the value over, and has to go along.
    """

    __slots__ = ("at", "command", "instruction", "name", "names", "taker")

    def __init__(self, instruction: Arg, at: int, name: str) -> None:
        self.instruction = instruction
        self.at = at
        self.name = name
        self.names = {name}
        self.taker: Env | None = None
        self.command: Command | None = None

    def hand_over(self, instruction: Env) -> bool:
        """Note the variables that take the value over; false when they are too many to follow."""
        for name, value in instruction.reading.pairs:
            if "$" in value and self.is_used(value):
                self.names.add(name)
                self.taker = instruction
        return len(self.names) < _MOST_NAMES

    def above(self, command: Command) -> VolatileArgument:
        """Note the installation, and give itself."""
        self.command = command
        return self

    def is_used(self, text: str) -> bool:
        """Tell whether a text names the argument, or what took its value over."""
        return any(name in text for name in self.names)


def volatile_arguments(tree: Dockerfile) -> Iterator[VolatileArgument]:
    """Find the volatile ARGs of stages above an installation that is sure not to use them."""
    shells = stage_shells(tree)
    waiting: list[VolatileArgument] = []
    is_stage = False
    for instruction in tree.instructions:
        if isinstance(instruction, From):
            is_stage = True
            waiting = []
        elif isinstance(instruction, Arg) and is_stage:
            known = {argument.name.upper() for argument in waiting}
            waiting += [one for one in _declared(instruction) if one.name.upper() not in known]
        elif isinstance(instruction, Env):
            waiting = [argument for argument in waiting if argument.hand_over(instruction)]
        elif isinstance(instruction, (Run, *_TAKING)) and waiting:
            line = instruction.line
            text = line.source[line.start : line.stop]
            waiting = [argument for argument in waiting if not argument.is_used(text)]
            if isinstance(instruction, Run) and waiting:
                script = _plain_script(instruction, shells[instruction])
                command = _installation(script) if script is not None else None
                if command is not None:
                    yield from (argument.above(command) for argument in waiting)
                if command is not None or script is None:
                    waiting = []


def volatile_labels(tree: Dockerfile) -> Iterator[tuple[Label, int]]:
    """Find the values of labels that contain a variable, above a step that they would repeat.

    For the classic builder, which compares the whole configuration of an image. Gives the LABEL
    and the index of the value among its arguments.
    """
    waiting: list[tuple[Label, int]] = []
    for instruction in tree.instructions:
        if isinstance(instruction, From):
            waiting = []
        elif isinstance(instruction, Label):
            arguments = instruction.reading.arguments
            waiting += [
                (instruction, at) for at in range(1, len(arguments), 3) if "$" in arguments[at]
            ]
        elif isinstance(instruction, (Run, Copy, Add)):
            yield from waiting
            waiting = []


def _declared(instruction: Arg) -> list[VolatileArgument]:
    return [
        VolatileArgument(instruction, at, word.partition("=")[0])
        for at, word in enumerate(instruction.reading.arguments)
        if is_volatile(word)
    ]


def _plain_script(run: Run, shell: StageShell) -> Script | None:
    """Give the program of a RUN in which nothing can look at its environment."""
    script = run_script(run, shell)
    return script if script is not None and all(map(_is_plain, script.commands)) else None


def _is_plain(command: Command) -> bool:
    """Tell whether a command runs nothing that could look at its environment."""
    program = command.program
    if not command.words:
        return True
    if program is None or "/" in (command.name.text if command.name else ""):
        return False
    is_known = program in PLAIN_PROGRAMS or program in _MORE_PLAIN or program in SYSTEM_MANAGERS
    if program in ("npm", "yarn") and any(word.text == "run" for word in command.arguments):
        return False
    return is_known or find_installation(command) is not None


def _installation(script: Script) -> Command | None:
    for command in script.commands:
        installation = find_installation(command)
        if is_system_installation(command) or (installation and not installation.is_build):
            return command
    return None
