"""Where a RUN changes its directory with `cd`: for what follows in it, or for nothing.

Each RUN starts in the directory that WORKDIR sets, whatever a RUN before has done (reference,
"RUN" and "WORKDIR").
"""

from __future__ import annotations

from dflint.cst.instructions import Add, Cmd, Copy, Entrypoint, From, OnBuild, Run, Workdir
from dflint.semantic.cd_hints import may_begin_with_cd, may_end_with_cd, may_have_middle_cd
from dflint.semantic.first_base import has_given_base
from dflint.semantic.occurrences import Occurrence
from dflint.semantic.run_scripts import shell_form_script
from dflint.semantic.stage_shell import stage_shells
from dflint.semantic.state import join_workdir
from dflint.shell.commands import Command
from dflint.shell.composition import cleans_up
from dflint.text.contains import contains_any
from dflint.text.lazy_pattern import LazyPattern
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.shell.script import Script

_OF_PATHS = frozenset("_./+-")
# A command that begins with, or makes or goes to, a path that is not absolute.
_RELATIVE_START = LazyPattern(
    r"\s*+(?:\.{1,2}/|(?:cd|mkdir(?:[ \t]++-\w++)*+)[ \t]++[A-Za-z0-9_.])"
)
# What no plain path has in it.
_MARKS = "$`*?[{~("
_RETURNS = frozenset(("-", "..", "../", "../..", "../../", "/", "~", "$HOME", "$OLDPWD"))
# How many instructions may go on with the same `cd`; nobody writes as many.
_FURTHEST = 40
_REMOVING = ("rm", "rmdir", "mv")
_MOVES = ("cd", "pushd", "popd")
# What these do holds for the rest of the RUN.
_BINDING = frozenset(("set", "export", "source", ".", "exit", "trap", "umask", "eval", "unset"))
# Variables that a shell sets by itself.
_OF_SHELLS = frozenset(("PWD", "OLDPWD", "PPID", "RANDOM", "SHLVL", "UID", "EUID"))
_MOUNT_TARGETS = ("target", "dst", "destination")


class DirectoryChange:
    """A `cd` of a RUN's own shell; `directory` is its operand as written, empty for a bare `cd`.

    `surplus` is what stands after the operand, which `cd` does not take. `order` is the RUN's index
    in the file.
    """

    __slots__ = ("command", "directory", "order", "run", "script", "surplus", "tree")

    def __init__(
        self, tree: Dockerfile, run: Instruction, order: int, script: Script, command: Command
    ) -> None:
        operands = list(command.operands)
        self.tree = tree
        self.run = run
        self.order = order
        self.script = script
        self.command = command
        self.directory = operands[0].text if operands else ""
        self.surplus = ""
        if len(operands) > 1:
            end = operands[0].end
            self.surplus = " ".join(word.text for word in command.words if word.start > end)

    @property
    def span(self) -> Span:
        """The `cd` with its operands."""
        words = self.command.words
        return Span(words[0].span.start, words[-1].span.end)

    @property
    def others(self) -> list[str]:
        """The directories of the other commands that change that of the RUN's own shell."""
        return [
            next((word.text for word in command.operands), "")
            for command in self.script.commands_named(*_MOVES)
            if command.start != self.command.start and command.is_in_body_shell
        ]

    @property
    def is_removed(self) -> bool:
        """Whether the RUN removes or moves the directory, or one that it is in."""
        own = self.directory.strip("\"'").rstrip("/").rpartition("/")[2]
        for command in self.script.commands_named("rm", "rmdir", "mv"):
            operands = [word.text for word in command.operands]
            if command.name_value == "mv":
                operands = [word for word in operands[:-1] if not word.endswith("*")]
            # Behind `cd ..` the last part names it.
            if any(map(self._is_in, operands)) or (own in operands and ".." in self.others):
                return True
        return False

    @property
    def is_removed_later(self) -> bool:
        """Whether a RUN up to the next WORKDIR may remove the directory, or one that it is in."""
        instructions = self.tree.instructions
        directory = self.directory.strip("\"'")
        first = directory[:1] + directory[1:].partition("/")[0]
        for instruction in instructions[self.order + 1 : self.order + _FURTHEST]:
            kind = type(instruction)
            if kind is From or kind is Workdir:
                return False
            text = instruction.line.text
            if kind is not Run or first not in text or not contains_any(text, _REMOVING):
                continue
            if any(map(self._is_in, _removed(text.split()))):
                return True
        return False

    @property
    def is_mounted(self) -> bool:
        """Whether the directory, or one that it is in, is there for this RUN alone."""
        return any(
            pair.partition("=")[0] in _MOUNT_TARGETS and self._is_in(pair.partition("=")[2])
            for mount in self.run.reading.flag_values("mount")
            for pair in mount.split(",")
        )

    def _is_in(self, other: str) -> bool:
        directory = self.directory.strip("\"'").rstrip("/")
        other = other.strip("\"'").rstrip("/*")
        return bool(other) and (directory == other or directory.startswith(other + "/"))


def final_changes(tree: Dockerfile) -> Iterator[DirectoryChange]:
    """The `cd` that a RUN ends with, and so has no effect.

    One that goes back to where an earlier `cd` of the same RUN came from is left out.
    """
    for change in _changes(tree, may_end_with_cd, _last_step, with_triggers=True):
        if change.directory not in _RETURNS or not change.others:
            yield change


def leading_changes(tree: Dockerfile) -> Iterator[DirectoryChange]:
    """The `cd` that a RUN begins with and then works in.

    Only `set` and the `mkdir` of that very directory may stand before it.
    """
    return _changes(tree, may_begin_with_cd, _first_step)


def middle_changes(tree: Dockerfile) -> Iterator[DirectoryChange]:
    """The only `cd` of a RUN that does something else before, and all the rest of it there.

    The RUN could be parted at it, with WORKDIR between. Left out is one whose parts belong
    together: for variables, for options of the shell, or because the second removes or cleans
    what the first has brought.
    """
    for change in _changes(tree, may_have_middle_cd, _middle_step):
        if not change.others and _is_partable(change):
            yield change


def is_needless(change: DirectoryChange, model: SemanticModel) -> bool:
    """Tell whether the RUN starts in that directory anyway."""
    directory = change.directory.strip("\"'")
    if not directory.startswith("/") or "$" in directory:
        return False
    if model.state_before(change.run).workdir != join_workdir(None, directory, "linux"):
        return False
    return not is_directory_given(change.run, model)


def is_directory_given(run: Instruction, model: SemanticModel) -> bool:
    """Tell whether a build argument chooses the stage from which a RUN has its directory."""
    stage = model.stage_of(run)
    line = () if stage is None else (stage, *stage.ancestors())
    if not any(one.base is not None and has_given_base(one) for one in line):
        return False
    for one in line:
        for instruction in reversed(one.instructions):
            if type(instruction) is Workdir and (one is not stage or _is_before(instruction, run)):
                path = (instruction.reading.arguments or ("",))[0]
                if path.strip("\"'").startswith("/"):
                    return False
        if one.base is not None and has_given_base(one):
            return True
    return False


def _is_before(one: Instruction, other: Instruction) -> bool:
    return one.line.start < other.line.start


def suits_workdir(change: DirectoryChange, model: SemanticModel | None) -> bool:
    """Tell whether a WORKDIR in the place of the `cd` would do what it does, and no harm.

    It has to be a directory that stays, that the builder can name, and that nothing later is
    disturbed by: with a WORKDIR before, what follows may rely on that one. `model` is not needed
    for a file without WORKDIR and an absolute directory without variables.
    """
    directory = change.directory.replace('"', "").replace("'", "")
    is_relative = _is_plain_relative(directory)
    if not (is_relative or _is_nameable(directory, change, model)):
        return False
    if change.is_removed or change.is_mounted or change.is_removed_later:
        return False
    if any(not other or other[0] in "/~$-\"'" for other in change.others):
        return False
    if not is_relative and (model is None or not model.state_before(change.run).workdir_set):
        return not _is_relied_on(change, _is_plainly_relative)
    return not _is_relied_on(change, _may_be_relative)


def _is_plain_relative(path: str) -> bool:
    if path[:1] in ("", ".", "/", "+", "-") or not path.isascii():
        return False
    return path.isalnum() or all(one.isalnum() or one in _OF_PATHS for one in path)


def _removed(words: Sequence[str]) -> Iterator[str]:
    """The operands of `rm`, and what `mv` moves, in the words of a RUN that is not read further."""
    remover = ""
    for word, after in zip(words, [*words[1:], ";"], strict=False):
        is_last = word[-1] in ";&|" or after[0] in ";&|"
        if remover and not (remover == "mv" and is_last):
            yield word.rstrip(";")
        if word in _REMOVING:
            remover = word
        elif is_last:
            remover = ""


def _is_nameable(directory: str, change: DirectoryChange, model: SemanticModel | None) -> bool:
    """Tell whether it is absolute, not temporary, and made of variables of the builder's."""
    if "$" not in directory or model is None:
        is_plain = not contains_any(directory, _MARKS)
        return is_plain and directory.startswith("/") and not _is_temporary(directory)
    names = change.command.words[1].variables
    if not _OF_SHELLS.isdisjoint(names):
        return False
    environment = model.environment(change.run)
    values = [environment.get(name) for name in names]
    # What is left without the plain forms is an operator or a substitution.
    rest = directory
    for name in names:
        rest = rest.replace(f"${{{name}}}", "").replace(f"${name}", "")
    first = directory if directory.startswith("/") else values[0] if values else None
    if first is None or not all(values) or contains_any(rest, _MARKS):
        return False
    return first.startswith("/") and not _is_temporary(first)


def _is_temporary(directory: str) -> bool:
    return directory.startswith(("/tmp", "/var/tmp", "/dev/shm"))


def _is_relied_on(
    change: DirectoryChange, is_relative: Callable[[DirectoryChange, Instruction], bool]
) -> bool:
    """Whether an instruction up to the stage's next WORKDIR may rely on the directory before."""
    instructions = change.tree.instructions
    for order in range(change.order + 1, min(change.order + _FURTHEST, len(instructions))):
        instruction = instructions[order]
        kind = type(instruction)
        if kind is From:
            return False
        if kind is Workdir:
            arguments = instruction.reading.arguments
            return not arguments or _starts_relative(arguments[0])
        if kind is Copy or kind is Add:
            arguments = instruction.reading.arguments
            if arguments and _starts_relative(arguments[-1]):
                return True
        elif (kind is Run or kind is Cmd or kind is Entrypoint) and (
            is_relative(change, instruction)
        ):
            return True
    return False


def _starts_relative(path: str) -> bool:
    return path.strip("\"'")[:1] not in ("/", "$")


def _may_be_relative(change: DirectoryChange, instruction: Instruction) -> bool:
    """Whether one may use any path of the directory that WORKDIR has set before the `cd`."""
    if isinstance(instruction, Run):
        text = instruction.line.text
        begin = len(instruction.KEYWORD)
        while text[begin : begin + 1].isspace():
            begin += 1
        return not text.startswith(f"cd {change.directory}", begin)
    return True


def _is_plainly_relative(change: DirectoryChange, instruction: Instruction) -> bool:
    """Whether one begins with a path of the directory that the base image has set."""
    if isinstance(instruction, Run):
        text = instruction.line.text
        return _RELATIVE_START.get().match(text, len(instruction.KEYWORD)) is not None
    arguments = instruction.reading.arguments
    return bool(arguments) and arguments[0].startswith(("./", "../"))


def _changes(
    tree: Dockerfile,
    is_likely: Callable[[Instruction], bool],
    choose: Callable[[Script], Command | None],
    with_triggers: bool = False,
) -> Iterator[DirectoryChange]:
    shells = None
    for order, run in enumerate(tree.instructions):
        kind = type(run)
        if not (kind is Run or (kind is OnBuild and with_triggers)) or not is_likely(run):
            continue
        reading = run.reading if kind is Run else run.reading.trigger
        if reading is None or reading.keyword != "run":
            continue
        shells = shells or stage_shells(tree)
        found = shell_form_script(Occurrence(run, reading), shells[run].dialect)
        command = choose(found[0]) if found is not None else None
        if command is not None and found is not None and found[0].error is None:
            yield DirectoryChange(tree, run, order, found[0], command)


def _middle_step(script: Script) -> Command | None:
    steps = script.steps
    for step in steps[1:-1]:
        if isinstance(step, Command) and step.name_value == "cd":
            if any(step.operator_after not in ("&&", None) for step in steps):
                return None
            is_plain = len(list(step.operands)) == 1 and not step.assignments
            return step if is_plain and step.is_in_body_shell else None
    return None


def _is_partable(change: DirectoryChange) -> bool:
    if change.run.reading.flags:
        return False  # both parts would need the mounts
    for command in change.script.commands:
        if command.name_value in _BINDING or (command.assignments and not command.words):
            return False
        if command.start > change.command.start and (cleans_up(command)):
            return False
    return True


def _last_step(script: Script) -> Command | None:
    last = script.steps[-1:]
    if not last or not isinstance(last[0], Command) or not last[0].is_in_body_shell:
        return None
    is_plain = last[0].operator_before != "||" and not last[0].is_negated
    return last[0] if is_plain and last[0].name_value == "cd" else None


def _first_step(script: Script) -> Command | None:
    made: list[str] = []
    steps = script.steps
    for step in steps[:-1]:
        if not isinstance(step, Command) or step.operator_after not in ("&&", ";", "\n"):
            return None
        name = step.name_value
        if name not in ("mkdir", "cd", "set"):
            return None
        operands = [] if name == "set" else [word.text for word in step.operands]
        if name == "mkdir" and len(operands) == 1:
            made = [operands[0].rstrip("/")]
        elif name == "cd":
            # Not for a directory made beside the one that is gone to.
            is_plain = len(operands) == 1 and made in ([], [operands[0].rstrip("/")])
            return step if is_plain and not step.assignments else None
        elif name != "set":
            return None
    return None
