"""Directories that are there when a RUN begins, by what comes before it in the Dockerfile."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Workdir
from dflint.semantic.known_value import known_value
from dflint.semantic.state import join_workdir

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.script import Script

#: Every Linux image with a shell has these.
_SYSTEM = frozenset((
    "/", "/bin", "/dev", "/etc", "/etc/apt", "/home", "/media", "/mnt", "/opt", "/proc", "/root",
    "/run", "/srv", "/sys", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/usr/local/bin",
    "/usr/local/lib", "/usr/local/share", "/usr/sbin", "/usr/share", "/var", "/var/cache",
    "/var/lib", "/var/log", "/var/run", "/var/spool", "/var/tmp", "~",
))  # fmt: skip


class MadeDirectories:
    """What a RUN can rely on: the directories that instructions before it, or its script, make."""

    __slots__ = ("_found", "_instruction", "_model", "_programs")

    def __init__(
        self,
        model: SemanticModel,
        programs: Callable[[], Iterable[Program]],
        instruction: Instruction,
    ) -> None:
        self._model = model
        self._programs = programs
        self._instruction = instruction
        self._found: frozenset[str] | None = None

    def has(self, path: str, script: Script, at: int) -> bool:
        """Whether a directory, as it is written in the script, is there at that offset."""
        made = _made_by(script, at)
        if path in made:
            return True
        absolute = self._absolute(path)
        if absolute is None:
            return False
        if absolute in _SYSTEM or absolute in _with_parents(map(self._absolute, made)):
            return True
        if self._found is None:
            self._found = frozenset(_with_parents(self._made_before()))
        return absolute in self._found

    def _absolute(self, path: str) -> str | None:
        """A path with what ENV and ARG say, from the RUN's own directory."""
        instruction = self._instruction
        for home in ("$HOME", "${HOME}", "~"):
            if path.startswith(home):
                return "~" + path[len(home) :].rstrip("/")
        if any(mark in path for mark in "`(*?["):
            return None
        value = known_value(path, self._model.environment(instruction))
        if not value:
            return None
        return join_workdir(_workdir(self._model, instruction), value, "linux")

    def _made_before(self) -> Iterator[str | None]:
        model = self._model
        stage = model.stage_of(self._instruction)
        if stage is None:
            return
        order = model.order(self._instruction)
        stages = {stage.index, *(one.index for one in stage.ancestors())}
        for one in (stage, *stage.ancestors()):
            for instruction in one.instructions:
                if model.order(instruction) < order:
                    yield from self._made_by_instruction(instruction)
        for program in self._programs():
            if program.stage_number in stages and model.order(program.instruction) < order:
                yield from _made_by_program(program, _workdir(model, program.instruction))

    def _made_by_instruction(self, instruction: Instruction) -> Iterator[str | None]:
        model = self._model
        if isinstance(instruction, Workdir):
            yield model.state_after(instruction).workdir
        elif isinstance(instruction, (Add, Copy)):
            *sources, destination = instruction.reading.arguments or ("",)
            path = known_value(destination, model.environment(instruction))
            if path:
                is_directory = len(sources) > 1 or sources in (["."], ["./"])
                made = path if is_directory else path.rpartition("/")[0]
                yield join_workdir(_workdir(model, instruction), made or "/", "linux")


def _workdir(model: SemanticModel, instruction: Instruction) -> str:
    """The directory of an instruction; of the base image's own, a name that no other has."""
    return model.state_before(instruction).workdir or "/?"


def _made_by_program(program: Program, workdir: str) -> Iterator[str | None]:
    """What an earlier RUN has made: directories, clones, and homes of users."""
    for call in program.invocations_of("mkdir", "git", "useradd", "adduser"):
        operands = [one.value for one in call.operands if one.value]
        name = call.name
        if name == "git":
            if call.verb != "clone" or not operands:
                continue
            url, *rest = operands
            operands = rest or [url.rstrip("/").rpartition("/")[2].removesuffix(".git")]
        elif name != "mkdir":
            operands = [f"/home/{user}" for user in operands[-1:]]
        moves = program.parent is not None or program.mentions("cd", "pushd")
        directory = program.directory_at(call.command) if moves else workdir
        for path in operands:
            yield join_workdir(directory, path, "linux")


def _made_by(script: Script, at: int) -> list[str]:
    """What `mkdir` in a script makes before an offset, as written."""
    return [
        word.text.strip("\"'")
        for command in script.commands_named("mkdir")
        if command.start < at
        for word in command.operands
    ]


def _with_parents(paths: Iterable[str | None]) -> set[str]:
    found: set[str] = set()
    for path in paths:
        while path and path not in found:
            found.add(path)
            path = path.rpartition("/")[0]
    return found
