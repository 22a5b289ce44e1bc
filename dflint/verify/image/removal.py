"""Package lists of apt that a RUN removes at its end: what the plans show of that.

`apt-get install … && rm -rf /var/lib/apt/lists/*` for `apt-get install …` can take away what is
in that directory, and nothing else, when

- the rest of the script is the same, and `rm` is reached only behind calls of apt-get that have
  succeeded, by which it is root's own;
- nothing of the shell, its variables or mounts makes `rm` or the directory anything else;
- whatever comes behind it, in this RUN, this stage and all that take something of it, does the
  same whatever is in the directory (`dflint.verify.image.blind`).

Of what no Dockerfile shows it is taken for granted what `ASSUMED` says.
"""

from __future__ import annotations

from dflint.graph.command import Command
from dflint.graph.ops import ExecOp, FileOp, MakeDirectory
from dflint.graph.symbols import is_symbolic, of_base
from dflint.lint.contract import path_pattern
from dflint.shell.commands import Command as ShellCommand
from dflint.shell.plain_tools import names_steering_file
from dflint.text.lazy_pattern import LazyPattern
from dflint.verify.difference import input_keys
from dflint.verify.image.apart import is_outside
from dflint.verify.image.blind import (
    STANDARD,
    Sight,
    may_replace_tool,
    program_places,
    script_of,
    sight_of,
)
from dflint.verify.image.copies import lands_apart, may_bring_tool, takes_apart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from dflint.context.build_context import BuildContext
    from dflint.graph.build_graph import BuildGraph, StagePlan
    from dflint.graph.vertex import Vertex
    from dflint.lint.contract import Contract
    from dflint.verify.image.blind import PlainScript

LISTS = "/var/lib/apt/lists"
ASSUMED = (
    "in base images, in what is fetched, and behind programs that the file does not show, the"
    f" shell, `rm` and other standard programs are what their names say, and `{LISTS}` is a"
    " directory to which no link leads, and no variable of the base image",
    "an `apt-get update` that succeeds leaves lists that do not depend on earlier ones",
)
_REMOVAL = ["rm", "-rf", f"{LISTS}/*"]
_ROOT = ("", "root", "0", "root:root", "0:0", of_base("user"))
#: What is known to have root's rights when it succeeds.
_BY_ROOT = ("update", "install", "upgrade", "dist-upgrade")
#: Commands that change what a shell takes a later one for, or whether it comes to it.
_STEERING_SHELL = frozenset((
    ".", "alias", "bind", "builtin", "command", "enable", "eval", "exec", "fc", "hash", "newgrp",
    "shopt", "source", "trap", "unalias",
))  # fmt: skip
#: Commands that may make another directory of it, and the names on the way to it.
_MOVING = LazyPattern(r"(?<![\w./-])(?:ln|mv|cp|mount|rsync|rename|tar|install)(?![\w.-])")
_ON_WAY = LazyPattern(r"(?<![\w.-])/?var(?:/lib(?:/apt(?:/lists)?)?)?/?(?![\w./*-])")


def allows_removal(contract: Contract) -> str:
    """The term of a contract that allows the lists to be gone, empty for none."""
    for term in contract.gone:
        pattern = path_pattern(term)
        if term.endswith("/**") and pattern.match(f"{LISTS}/x") and pattern.match(f"{LISTS}/x/y"):
            return f"gone: {term}"
    return ""


def adds_removal(before: Vertex, after: Vertex) -> bool:
    """Whether a step does the same as another one, and removes the lists then."""
    one, other = before.op, after.op
    if not (isinstance(one, ExecOp) and isinstance(other, ExecOp)):
        return False
    if one.differing(other) != ["command"] or input_keys(before) != input_keys(after):
        return False
    if one.user not in _ROOT or one.security or one.command.shell != other.command.shell:
        return False
    script = script_of(other, LISTS)
    return script is not None and any(
        _is_without(one, other, command) and _is_harmless(script, at)
        for at, command in _removals(script)
    )


def _removals(script: PlainScript) -> Iterator[tuple[int, ShellCommand]]:
    """The commands of a script that remove the lists behind `&&`."""
    for at, step in enumerate(script.steps):
        if not isinstance(step, ShellCommand) or step.operator_before != "&&" or step.is_negated:
            continue
        is_bare = not step.assignments and not step.redirects
        if is_bare and [word.text for word in step.words] == _REMOVAL:
            yield at, step


def _is_without(before: ExecOp, after: ExecOp, command: ShellCommand) -> bool:
    """Whether a script is another one without a command and the `&&` before it."""
    text = after.command.text
    head = text[: command.start].rstrip(" \t\n")
    rest = head.removesuffix("&&") + text[command.end :]
    return head.endswith("&&") and before.command == Command(
        (*after.command.shell, rest), True, after.command.is_posix
    )


def _is_harmless(script: PlainScript, at: int) -> bool:
    """Whether the removal at a step of a script can do nothing but that, and nothing sees it."""
    names = [command.words[0].value for command in script.commands if command.words]
    if None in names or not _STEERING_SHELL.isdisjoint(names):
        return False
    steps, first = script.steps, at
    while steps[first].operator_before == "&&":
        first -= 1
    if steps[first].operator_before == "||":
        return False  # it may come to the removal by another way
    before = steps[first:at]
    if not any(isinstance(one, ShellCommand) and script.is_apt(one, *_BY_ROOT) for one in before):
        return False
    rest = range(at + 1, len(steps))
    # What the file does not show may go on beside what follows.
    is_shown = not rest or all(map(script.is_shown, range(at)))
    return is_shown and all(map(script.is_blind, rest))


class Watch:
    """Whether nothing but the lists themselves can differ where they are removed.

    `graph` is what would be built without that, `text` the file, `context` what is copied from.
    """

    def __init__(self, graph: BuildGraph, text: str, context: BuildContext | None) -> None:
        self._graph = graph
        self._text = text
        self._context = context

    def allows(self, removals: Collection[tuple[int, int]]) -> bool:
        """Whether removals keep to it: steps by the numbers of their stage and their own."""
        unsure: set[int] = set()
        return not names_steering_file(self._text) and all(
            self._goes_through(plan, removals, unsure) for plan in self._graph.stages
        )

    def _goes_through(
        self, plan: StagePlan, removals: Collection[tuple[int, int]], unsure: set[int]
    ) -> bool:
        """Whether a stage does the same; `unsure` are those at whose end the lists may be gone."""
        is_unsure = plan.base.isdigit() and int(plan.base) in unsure
        if unsure and is_symbolic(plan.base):
            return False  # it may be one of them
        if is_unsure and self._graph.stages[int(plan.base)].config.onbuild:
            return False  # its triggers run here
        for at, vertex in enumerate(plan.steps):
            if not takes_apart(vertex, LISTS, unsure):
                return False
            sight = self._sight(plan, at) if is_unsure else Sight.BLIND
            if sight is Sight.SEES:
                return False
            is_unsure = is_unsure and sight is Sight.BLIND
            if (plan.index, at) in removals:
                if not self._is_as_usual(plan, at):
                    return False
                is_unsure = True
        if is_unsure:
            unsure.add(plan.index)
        return True

    def _sight(self, plan: StagePlan, at: int) -> Sight:
        """What a step does with the lists, which may be gone where it begins."""
        vertex = plan.steps[at]
        if isinstance(vertex.op, ExecOp) and not self._finds_tools(plan, at):
            return Sight.SEES
        return sight_of(vertex, LISTS, self._context)

    def _steps_to(self, plan: StagePlan, at: int) -> list[Vertex] | None:
        """The steps before one, in its stage and those below; None if triggers run among them."""
        steps = list(plan.steps[:at])
        while plan.base.isdigit():
            plan = self._graph.stages[int(plan.base)]
            if plan.config.onbuild:
                return None
            steps += plan.steps
        return steps

    def _finds_tools(self, plan: StagePlan, at: int) -> bool:
        """Whether a RUN finds the programs of the base image, and no others of their names."""
        op, steps = plan.steps[at].op, self._steps_to(plan, at)
        places = program_places(op) if isinstance(op, ExecOp) else None
        if places is None or steps is None:
            return False
        own = [place for place in places if place not in STANDARD]
        return not any(
            may_bring_tool(one, places, self._context) or _names(one, own)
            for one in (*steps, plan.steps[at])
        )

    def _is_as_usual(self, plan: StagePlan, at: int) -> bool:
        """Whether no step up to a removal seems to put the lists elsewhere, or `rm`."""
        steps = self._steps_to(plan, at)
        if steps is None or not self._finds_tools(plan, at):
            return False
        return all(map(self._leaves_place, (*steps, plan.steps[at])))

    def _leaves_place(self, vertex: Vertex) -> bool:
        op = vertex.op
        if isinstance(op, FileOp):
            return lands_apart(vertex, LISTS, self._context)
        if isinstance(op, MakeDirectory):
            return is_outside(op.path, LISTS)
        if not isinstance(op, ExecOp):
            return False
        text = op.command.text if op.script_file is None else op.script_file.content
        if may_replace_tool(op):
            return False
        script = script_of(op, LISTS)
        if script is not None and not script.moves_nothing():
            return False
        return _MOVING.get().search(text) is None or _ON_WAY.get().search(text) is None


def _names(vertex: Vertex, places: Collection[str]) -> bool:
    """Whether a RUN names, or works in, one of some directories."""
    op = vertex.op
    return isinstance(op, ExecOp) and any(
        place in op.command.text or op.workdir.startswith(place) for place in places
    )
