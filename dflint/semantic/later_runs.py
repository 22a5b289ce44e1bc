"""What runs after a RUN in the file system that it leaves, in its stage and those built on it."""

from __future__ import annotations

from bisect import bisect_right

from dflint.cst.instructions import Arg, Env, Run
from dflint.semantic.first_base import has_given_base
from dflint.shell.statements import Construct, Kind
from dflint.shell.tools import find_tool
from dflint.shell.wrappers import NAMES as WRAPPERS
from dflint.text.contains import contains_any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.semantic.model import SemanticModel
    from dflint.semantic.programs import Program
    from dflint.shell.commands import Command
    from dflint.shell.invocation import Invocation
    from dflint.shell.statements import Statement

    #: Tells something of a call.
    Asks = Callable[[Invocation], bool]


class Runs:
    """The RUNs of a file by the stages that they are in, with what is known of each stage once."""

    __slots__ = (
        "_by_stage", "_instructions", "_last_hidden", "_last_named", "_model", "_names",
        "_settings", "_told", "_wanted",
    )  # fmt: skip

    def __init__(self, programs: Iterable[Program], model: SemanticModel) -> None:
        self._model = model
        self._by_stage: dict[int, list[list[Program]]] = {}
        self._last_hidden: dict[int, int] = {}
        self._last_named: dict[int, int] = {}
        self._names: frozenset[str] | None = None
        self._wanted: dict[tuple[object, ...], list[bool]] = {}
        self._instructions: dict[int, list[Instruction]] | None = None
        self._told: dict[tuple[int, object], int] = {}
        self._settings: str | None = None
        last: Instruction | None = None
        for program in programs:
            runs = self._by_stage.setdefault(program.stage_number, [])
            if program.instruction is last:
                runs[-1].append(program)
            else:
                runs.append([program])
            last = program.instruction

    def want_after(self, own: Program, wants: Asks, renews: Asks, *tools: str) -> bool:
        """Whether a call of some tools in a RUN after that of a program wants what that leaves.

        Not one before which the same stage has made it anew.
        """
        start = own.instruction.line.start
        for stage, runs in self._by_stage.items():
            at = bisect_right(runs, start, key=_start)
            if at < len(runs) and _continues(self._model, stage, own.stage_number):
                key = stage, wants, renews, tools
                known = self._wanted.get(key)
                if known is None:
                    known = self._wanted[key] = _wanted_from_each(runs, wants, renews, tools)
                if known[at]:
                    return True
        return False

    def any_after(
        self, own: Program, question: object, tells: Callable[[Instruction], bool]
    ) -> bool:
        """Whether a RUN after that of a program, whatever it is written in, answers a question.

        Of each stage the last that does is remembered by the `question`.
        """
        start = own.instruction.line.start
        if self._instructions is None:
            self._instructions = _runs_of_stages(self._model)
        for stage, instructions in self._instructions.items():
            last = self._told.get((stage, question))
            if last is None:
                told = (one.line.start for one in reversed(instructions) if tells(one))
                last = self._told[stage, question] = next(told, -1)
            if last > start and _continues(self._model, stage, own.stage_number):
                return True
        return False

    def variables_with(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """How RUNs name what ENV and ARG set to a text with one of some names: `$X`, `${X`."""
        instructions = self._model.tree.instructions
        if self._settings is None:
            kinds = (Arg, Env)
            self._settings = "\n".join(
                [one.line.text for one in instructions if type(one) in kinds]
            )
        if not contains_any(self._settings, names):
            return ()
        found: list[str] = []
        for one in instructions:
            if type(one) not in (Arg, Env) or not contains_any(one.line.text, names):
                continue
            words = one.reading.arguments[:: 3 if type(one) is Env else 1]
            for name in [word.partition("=")[0] for word in words]:
                found += (f"${name}", f"${{{name}") if name != "PATH" else ()
        return tuple(found)

    def have_hidden_script_after(self, own: Program) -> bool:
        """Whether a RUN after that of a program runs a script that the file does not show."""
        start = own.instruction.line.start
        return any(
            self._hidden_from(stage) > start and _continues(self._model, stage, own.stage_number)
            for stage in self._by_stage
        )

    def call_after(self, own: Program, find_names: Callable[[], frozenset[str]]) -> bool:
        """Whether a RUN after that of a program calls one of some programs, asked for once."""
        if self._names is None:
            self._names = find_names()
        start = own.instruction.line.start
        return bool(self._names) and any(
            self._named_from(stage, self._names) > start
            and _continues(self._model, stage, own.stage_number)
            for stage in self._by_stage
        )

    def _named_from(self, stage: int, names: frozenset[str]) -> int:
        """Where the last RUN of a stage that calls one of them stands, -1 for none."""
        found = self._last_named.get(stage)
        if found is None:
            runs = reversed(self._by_stage[stage])
            calling = (_start(run) for run in runs if _calls_any(run, names))
            found = self._last_named[stage] = next(calling, -1)
        return found

    def _hidden_from(self, stage: int) -> int:
        """Where the last RUN of a stage with such a script stands, -1 for none."""
        found = self._last_hidden.get(stage)
        if found is None:
            runs = reversed(self._by_stage[stage])
            hidden = (_start(run) for run in runs if has_hidden_script(run))
            found = self._last_hidden[stage] = next(hidden, -1)
        return found


def _runs_of_stages(model: SemanticModel) -> dict[int, list[Instruction]]:
    """The RUNs of each stage, those without a program included."""
    found: dict[int, list[Instruction]] = {}
    for instruction in model.tree.instructions:
        if type(instruction) is Run and (stage := model.stage_of(instruction)) is not None:
            found.setdefault(stage.index, []).append(instruction)
    return found


#: What runs some of its statements, or all.
_CHOOSING = (Kind.AND_OR, Kind.IF, Kind.LOOP)


def _wanted_from_each(
    runs: list[list[Program]], wants: Asks, renews: Asks, tools: tuple[str, ...]
) -> list[bool]:
    """For each RUN of a stage: whether it, or one behind it, wants what was there before it."""
    answers: list[bool] = []
    answer = False
    for run in reversed(runs):
        calls: list[tuple[Program, Invocation]] = []
        for program in run:
            if program.runs_any(tools):
                calls += [(program, call) for call in program.invocations_of(*tools)]
        if len(calls) > 1:
            calls.sort(key=lambda one: one[1].span.start)
        renewed: list[list[Construct]] = []
        for program, call in calls:
            if renews(call):
                guards = _guards(program, call.command)
                if not guards:
                    answer = False
                    break
                renewed.append(guards)
            elif wants(call) and not _is_renewed(program, call.command, renewed):
                answer = True
                break
        answers.append(answer)
    answers.reverse()
    return answers


def _guards(program: Program, command: Command) -> list[Construct]:
    """The constructs that decide whether a command runs at all, from the inside out."""
    found: list[Construct] = []
    for statement, parent in _places(program, command):
        # The first of a list runs, so does the first condition, and the body of `for`.
        if parent.kind is Kind.CASE or (parent.kind in _CHOOSING and statement.index > 0):
            if isinstance(statement, Construct) and parent.kind is not Kind.AND_OR:
                found.append(statement)
            else:
                found.append(parent)
    return found


def _is_renewed(program: Program, command: Command, renewed: list[list[Construct]]) -> bool:
    """Whether a command runs only where one of those before it did, by what they stand in."""
    if not renewed:
        return False
    own = [parent for _, parent in _places(program, command)]
    return any(all(guard in own for guard in guards) for guards in renewed)


def _places(program: Program, command: Command) -> Iterator[tuple[Statement, Construct]]:
    """What a command stands in, and that in turn, each with what it is there."""
    statement: Statement = command
    for parent in command.ancestors:
        yield statement, parent
        statement = parent
    if program.parent is not None and program.caller is not None:
        yield from _places(program.parent, program.caller)


def has_hidden_script(programs: Iterable[Program], start: int = -1) -> bool:
    """Whether a program runs a script that the file does not show, after an offset in the file."""
    for program in programs:
        for command in program.script.commands:
            if _is_hidden_script(command) and (start < 0 or command.span.start > start):
                return True
    return False


def _calls_any(programs: Iterable[Program], names: frozenset[str]) -> bool:
    return any(command.program in names for one in programs for command in one.script.commands)


def _start(run: list[Program]) -> int:
    return run[0].instruction.line.start


_SHELLS = frozenset(("sh", "bash", "ash", "dash", "ksh", "zsh"))
_USUAL = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/")
# Scripts that come with sources to build, and find what is there.
_BUILDING = frozenset(("configure", "autogen.sh", "bootstrap", "buildconf", "Configure", "config"))


def _is_hidden_script(command: Command) -> bool:
    name = command.program
    if name is None:
        return command.program_word is not None
    if name in _SHELLS:
        return not any(one.prefix.startswith("-") and "c" in one.prefix for one in command.options)
    if name in _BUILDING:
        return False
    text = command.text
    if "/" not in text or _begins_with(text, name):  # its words are not to be read then
        return name.endswith((".sh", ".bash"))
    word = command.program_word
    path = (word.value if word is not None else "") or ""
    is_elsewhere = "/" in path and not path.startswith(_USUAL) and find_tool(name) is None
    return is_elsewhere or name.endswith((".sh", ".bash"))


def _begins_with(text: str, name: str) -> bool:
    """Whether the first word of a command is the name of its program, and no path of it."""
    return text.startswith(name) and text[len(name)] in " \t" and name not in WRAPPERS


def _continues(model: SemanticModel, number: int, own: int) -> bool:
    """Whether a stage goes on with what another one, by its number, left."""
    if number == own:
        return True
    stage = model.stages[number]
    line = [stage, *stage.ancestors()]
    if any(one.index == own for one in line):
        return True
    # A variable in the place of a stage's name may name any of those before.
    return any(one.index > own and has_given_base(one) for one in line)
