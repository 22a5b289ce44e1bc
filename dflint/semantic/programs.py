"""The shell programs of a file: what RUN gives to a shell, and what that gives to others."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From, OnBuild, Run
from dflint.semantic.known_images import short_name
from dflint.semantic.occurrences import Occurrence
from dflint.semantic.run_scripts import exec_form_script, shell_form_script
from dflint.semantic.script_variables import ScriptVariables
from dflint.semantic.stage_shell import StageShell, stage_shells
from dflint.semantic.state import join_workdir
from dflint.shell.inner_scripts import inner_scripts
from dflint.shell.invocation import Argument, Invocation
from dflint.shell.shell_options import options_at, options_of
from dflint.shell.tools import find_tool
from dflint.shell.wrappers import executed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.shell.commands import Command
    from dflint.shell.dialect import Dialect
    from dflint.shell.script import Script
    from dflint.shell.statements import Statement
    from dflint.shell.words import Word


class Program:
    """A script that a POSIX shell reads when an image is built.

    `occurrence` is the RUN, or ONBUILD's, and `instruction` where that stands in the file;
    `stage_number` the index of its stage, -1 before the first FROM. `words` are what the shell is
    called with (`("/bin/bash", "-o", "pipefail", "-c")`).
    `parent` is the program in which `sh -c` and the like runs this one, None for the RUN's own,
    and `caller` the command there. `is_exec_form` tells a RUN without a shell: its one command is
    then read as if a shell were given it. `is_readable` tells whether all of it is a program; of
    another one nothing should be guessed.
    """

    __slots__ = (
        "_by_name",
        "_calls",
        "_model",
        "_runs_variable",
        "_text",
        "_variables",
        "caller",
        "dialect",
        "instruction",
        "is_exec_form",
        "is_readable",
        "occurrence",
        "parent",
        "script",
        "stage_number",
        "words",
    )

    def __init__(
        self,
        occurrence: Occurrence,
        stage_number: int,
        script: Script,
        dialect: Dialect,
        words: tuple[str, ...],
        model: Callable[[], SemanticModel],
    ) -> None:
        self.occurrence = occurrence
        self.instruction: Instruction = occurrence.instruction
        self.stage_number = stage_number
        self.script = script
        self.dialect = dialect
        self.words = words
        self.parent: Program | None = None
        self.caller: Command | None = None
        self.is_exec_form = False
        self.is_readable = script.error is None
        self._model = model
        self._text = script.text
        self._runs_variable: bool | None = None
        self._variables: ScriptVariables | None = None
        self._by_name: dict[str, list[Command | Invocation]] | None = None

    def __repr__(self) -> str:
        return f"Program({self.script.text!r})"

    def mentions(self, *names: str) -> bool:
        """Whether one of the names stands anywhere in the text, or a variable names a program."""
        text = self._text
        for name in names:  # a generator costs more than the search
            if name in text:
                return True
        if self._runs_variable is None:
            self._runs_variable = _may_run_variable(text)
        return self._runs_variable

    @property
    def invocations(self) -> list[Invocation]:
        """Every command in the order of the text, those in substitutions included."""
        named = self._by_name or self._named()
        return _in_order([call for name in named for call in self._calls_of(name, named)])

    def invocations_of(self, *names: str) -> list[Invocation]:
        """The commands that run one of the programs in the end, in the order of the text.

        `pip` is found for `sudo /usr/bin/pip3`, `python -m pip` and `$PIP` where that is known; a
        program that has no table is found by its own name.
        """
        named = self._by_name
        if named is None:
            if not self.mentions(*names):
                return []
            named = self._named()
        found: list[Invocation] = []
        for name in names:  # a comprehension costs more, and mostly nothing is found
            if name in named:
                same = self._calls.get(name) or self._calls_of(name, named)
                found = _in_order(found + same) if found else same[:]
        return found

    def runs_any(self, names: tuple[str, ...]) -> bool:
        """Whether `invocations_of` finds something; costs less where there are many names."""
        named = self._by_name
        if named is None:
            if not self.mentions(*names):
                return False
            named = self._named()
        return not named.keys().isdisjoint(names)

    def expand(self, words: tuple[Word, ...]) -> list[Argument]:
        """What a program gets for some words: quotes removed, known variables expanded.

        Globs and braces are left as they are written.
        """
        return self.variables.arguments(words)

    def value(self, word: Word) -> str | None:
        """What a word is after expansion; None when only a run can tell, or when it is split."""
        arguments = self.expand((word,))
        return arguments[0].value if len(arguments) == 1 else None

    @property
    def variables(self) -> ScriptVariables:
        """The variables as the script sees them: its own, else ENV and ARG with their defaults."""
        if self._variables is None:
            outer = self.parent.variables if self.parent is not None else None
            # Nothing of a program leads back to it: it goes with the last that knows it.
            environment = partial(_environment, self._model, self.instruction)
            self._variables = ScriptVariables(self.script, environment, outer)
        return self._variables

    def options_at(self, statement: Statement) -> frozenset[str]:
        """The shell options that hold there: `errexit`, `nounset`, `pipefail`, `xtrace`.

        From the words of SHELL or `bash -c`, a `#!` line, and each `set` that comes before in the
        same shell or one around it.
        """
        return options_at(self.script, statement, self.initial_options)

    @property
    def initial_options(self) -> frozenset[str]:
        """The shell options that hold where the script begins."""
        words = self.words
        if self.parent is not None and self.caller is not None and words is self.parent.words:
            return self.parent.options_at(self.caller)  # `eval` stays in the shell
        if self.parent is None and self.script.text.startswith("#!"):
            words = tuple(self.script.text.partition("\n")[0].split())
        return options_of(words)

    def directory_at(self, command: Command) -> str | None:
        """The directory that a command runs in: WORKDIR's and what `cd` made of it.

        None when only a run or the base image can tell.
        """
        state = self._model().state_before(self.instruction)
        directory = state.workdir
        if self.parent is not None and self.caller is not None:
            directory = self.parent.directory_at(self.caller)
        scopes = {id(command.scope), *(id(outer.scope) for outer in command.ancestors)}
        for change in self.script.commands_named("cd", "pushd", "popd"):
            if change.start >= command.start or id(change.scope) not in scopes:
                continue
            operands = list(change.operands)
            path = self.value(operands[0]) if change.name_value == "cd" and operands else None
            known = path is not None and not path.startswith(("~", "-"))
            directory = join_workdir(directory, path, "linux") if known and path else None
        return directory

    @property
    def base_image(self) -> str:
        """The image that its stage is built on in the end, as short as Docker Hub knows it.

        Empty before the first FROM.
        """
        stage = self._model().stage_of(self.instruction)
        while stage is not None and stage.base is not None:
            stage = stage.base
        return "" if stage is None else short_name(stage.image)

    def _named(self) -> dict[str, list[Command | Invocation]]:
        """The commands by the name of their tool, or of their program where it has no table."""
        named: dict[str, list[Command | Invocation]] = {}
        for command in self.script.commands:
            one: Command | Invocation = command
            name = command.program
            if name is None or name in _MODULE_RUNNERS or name[:6] == "python":
                one = self._invocation(command)
                name = _tool_name(one)
            else:
                tool = find_tool(name)
                if tool is not None:
                    name = tool.name
            same = named.get(name)
            if same is None:
                named[name] = [one]
            else:
                same.append(one)
            if name == "find":
                for call in self._executed(command):
                    named.setdefault(_tool_name(call), []).append(call)
        self._by_name = named
        self._calls: dict[str, list[Invocation]] = {}
        return named

    def _calls_of(
        self, name: str, named: dict[str, list[Command | Invocation]]
    ) -> list[Invocation]:
        """The commands of one name, in the order of the text, as their program reads them."""
        calls = self._calls.get(name)
        if calls is None:
            expand = self.variables.arguments
            calls = self._calls[name] = [
                one if isinstance(one, Invocation) else Invocation(one, one.program, expand)
                for one in named[name]
            ]
        return calls

    def _invocation(self, command: Command) -> Invocation:
        name = command.program
        arguments: list[Argument] | None = None
        if name is None and (word := command.program_word) is not None:
            # `$APT install` may give the name and arguments before those that are written.
            first, *more = self.expand((word,)) or [Argument(word, None, "")]
            name = first.value and first.value.rpartition("/")[2]
            arguments = more + self.expand(command.arguments)
        return Invocation(command, name, self.variables.arguments, arguments)

    def _executed(self, command: Command) -> Iterator[Invocation]:
        """The commands that `find` runs; what it puts for `{}` only a run can tell."""
        words = command.arguments
        for start, end in executed(words):
            first = words[start]
            name = first.value and first.value.rpartition("/")[2]
            arguments: list[Argument] = []
            for word in words[start + 1 : end]:
                if "{}" in word.text:
                    arguments.append(Argument(word, None, word.text.partition("{}")[0]))
                else:
                    arguments += self.expand((word,))
            yield Invocation(command, name, self.variables.arguments, arguments, first)


# These may run a module or a part of theirs that has a table of its own.
_MODULE_RUNNERS = ("uv", "pypy", "pypy3")
# What a command may follow: operators, and programs that run another one.
_OPENING = ";&|({`!\n"
_RUNNERS = ("sudo", "exec", "env", "then", "do", "else", "time", "xargs")


def _environment(
    model: Callable[[], SemanticModel], instruction: Instruction, name: str
) -> str | None:
    return model().environment(instruction).get(name)


def _may_run_variable(text: str) -> bool:
    """A quick look: whether a variable stands where a command may begin."""
    at = text.find("$")
    while at >= 0:
        end = at - text.startswith(("'", '"'), at - 1)
        while end > 0 and text[end - 1] in " \t":
            end -= 1
        if end <= 0 or text[end - 1] in _OPENING or text.endswith(_RUNNERS, 0, end):
            return True
        at = text.find("$", at + 1)
    return False


def _tool_name(call: Invocation) -> str:
    return call.tool.name if call.tool is not None else call.name or ""


def _in_order(calls: list[Invocation]) -> list[Invocation]:
    calls.sort(key=_start)
    return calls


def _start(call: Invocation) -> int:
    return call.command.start


def programs(tree: Dockerfile, model: Callable[[], SemanticModel]) -> list[Program]:
    """The programs of all RUNs in order, ONBUILD's included, each before those within it.

    Those of other shells than POSIX's are left out; those that are no programs are not.
    """
    found: list[Program] = []
    shells: dict[Instruction, StageShell] | None = None
    stage = -1
    for instruction in tree.instructions:
        kind = type(instruction)
        if kind is Run:
            reading = instruction.reading
        elif kind is OnBuild and (trigger := instruction.reading.trigger) is not None:
            reading = trigger
        else:
            stage += kind is From
            continue
        if reading.keyword != "run":
            continue
        shells = shells or stage_shells(tree)
        occurrence = Occurrence(instruction, reading)
        program = _program(occurrence, stage, shells[instruction], model)
        if program is not None:
            _add_with_inner(found, program, 0)
    return found


#: How deep `sh -c "sh -c …"` is followed.
_DEEPEST = 4


def _program(
    occurrence: Occurrence, stage: int, shell: StageShell, model: Callable[[], SemanticModel]
) -> Program | None:
    dialect = shell.dialect
    if occurrence.reading.is_json:
        # SHELL may name PowerShell on Linux too, where commands are what they are elsewhere.
        if not dialect.is_posix and (
            model().state_before(occurrence.instruction).os_family == "windows"
        ):
            return None
        script = exec_form_script(occurrence)
        if script is None:
            return None
        program = Program(occurrence, stage, script, dialect, (), model)
        program.is_exec_form = True
        return program
    found = shell_form_script(occurrence, dialect)
    if found is None:
        return None
    script, dialect = found
    return Program(occurrence, stage, script, dialect, shell.words, model)


def _add_with_inner(programs: list[Program], program: Program, depth: int) -> None:
    programs.append(program)
    if depth == _DEEPEST or not program.is_readable:
        return
    for inner in inner_scripts(program.script):
        dialect = inner.dialect or program.dialect
        if not dialect.is_posix:
            continue
        found = Program(
            program.occurrence,
            program.stage_number,
            inner.script,
            dialect,
            inner.words or program.words,
            program._model,
        )
        found.parent = program
        found.caller = inner.command
        _add_with_inner(programs, found, depth + 1)
