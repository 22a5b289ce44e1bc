"""The semantic model: stages, scopes and states of one Dockerfile."""

from __future__ import annotations

from functools import cache

from dflint.cst.instructions import Arg, Env, From, Instruction, Shell, User, Workdir
from dflint.semantic.expansion import (
    EXPANDED,
    VariableUse,
    expand_argument,
    expand_default,
    is_plain,
    needs_expansion,
)
from dflint.semantic.references import stage_references
from dflint.semantic.scope import DEFAULT_PATH, PLATFORM, Environment, Scope, Variable
from dflint.semantic.stages import Stage, StageGraph, StageReference
from dflint.semantic.state import BuildState, join_workdir, os_family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from dflint.cst.dockerfile import Dockerfile
    from dflint.text.span import Span


class FailedExpansion:
    """A word that BuildKit cannot expand: where it stands, and what BuildKit prints."""

    __slots__ = ("instruction", "reason", "span", "word")

    instruction: Instruction
    span: Span
    word: str
    reason: str

    def __init__(self, instruction: Instruction, span: Span, word: str, reason: str) -> None:
        self.instruction = instruction
        self.span = span
        self.word = word
        self.reason = reason


class SemanticModel:
    """What a Dockerfile means, with `build_args` given and for one target platform.

    `target` is the name of the stage that is built, empty for the last one; `contexts` are names
    that stand for further build contexts, and so for no image.

    Immutable once made; it never raises, whatever the tree. Instructions before the first FROM
    belong to no stage; ARGs among them are the global scope.
    """

    def __init__(
        self,
        tree: Dockerfile,
        build_args: Mapping[str, str] | None = None,
        platform: str = "linux/amd64",
        target: str = "",
        contexts: tuple[str, ...] = (),
    ) -> None:
        self.tree = tree
        self.target = target
        self.contexts = contexts
        self.build_args = build_args or {}
        self.platform = platform
        self.global_scope = Scope(variables=_platform_variables(platform))
        self.uses: list[VariableUse] = []
        self.failures: list[FailedExpansion] = []
        self._order = {node: at for at, node in enumerate(tree.instructions)}
        self._by_name: dict[str, Stage] = {}
        self._stage_at: list[Stage | None] = []
        self._states: dict[int, BuildState] = {}
        self._changes: dict[int, list[BuildState]] = {}
        self.stages = self._read_stages()
        self._references: tuple[StageReference, ...] | None = None
        self._graph: StageGraph | None = None

    @property
    def references(self) -> tuple[StageReference, ...]:
        """Every reference to a stage or image, in source order."""
        if self._references is None:
            self._references = tuple(stage_references(self))
        return self._references

    @property
    def graph(self) -> StageGraph:
        """Which stage needs which."""
        if self._graph is None:
            self._graph = StageGraph(self.stages, self.references)
        return self._graph

    @property
    def final_stage(self) -> Stage | None:
        """The stage that is built: the target, or the last one without it."""
        if self.target:
            stage = self.stage_named(self.target)
            if stage is not None:
                return stage
        return self.stages[-1] if self.stages else None

    def order(self, instruction: Instruction) -> int:
        """The index of an instruction in the file."""
        return self._order[instruction]

    def stage_of(self, instruction: Instruction) -> Stage | None:
        """The stage that an instruction is in; None before the first FROM."""
        return self._stage_at[self._order[instruction]]

    def stage_named(self, name: str, before: Stage | None = None) -> Stage | None:
        """The last stage of that name, in any case; with `before`, among the stages above it."""
        found = self._by_name.get(name.lower())
        if found is None or before is None or found.index < before.index:
            return found
        for stage in reversed(self.stages[: before.index]):
            if stage.name == name.lower():
                return stage
        return None

    def environment(self, instruction: Instruction) -> Environment:
        """The variables as the instruction sees them: those set before it."""
        order = self._order[instruction]
        stage = self._stage_at[order]
        return Environment(self.global_scope if stage is None else stage.scope, order)

    def state_before(self, instruction: Instruction) -> BuildState:
        """The state that an instruction of a stage begins with.

        Before the first FROM it is the state of an empty Linux image.
        """
        order = self._order[instruction]
        found = self._states.get(order)
        if found is None:
            stage = self._stage_at[order]
            if stage is None:
                env = Environment(self.global_scope, order)
                return BuildState(env, "/", False, None, None, "linux")
            changes = self._changes.get(stage.index)
            if changes is None:
                changes = self._changes[stage.index] = self._read_states(stage)
            found = changes[order - stage.first].seen_with(Environment(stage.scope, order))
            self._states[order] = found
        return found

    def state_after(self, instruction: Instruction) -> BuildState:
        """The state that an instruction leaves behind."""
        order = self._order[instruction]
        stage = self._stage_at[order]
        if stage is None:
            return self.state_before(instruction)
        before = self.state_before(instruction)
        return self._next_state(stage, before, instruction, order)

    def again(self, tree: Dockerfile) -> tuple[SemanticModel, list[Instruction]] | None:
        """The model of a later version of the tree, and the instructions that were changed in it.

        None unless it is certain that all stages, variables and states are what they were.
        """
        if self.failures:
            return None
        import dflint.semantic.later_version as module

        changed = module.changed(self.tree, tree)
        if changed is None:
            return None
        made = SemanticModel.__new__(SemanticModel)
        made.__dict__.update(self.__dict__)
        made._take_tree(tree)
        return made, changed

    def _take_tree(self, tree: Dockerfile) -> None:
        """Stand for a later version of the tree, in which each instruction does what it did."""
        order, instructions = self._order, tree.instructions
        self.tree = tree
        self._order = {node: at for at, node in enumerate(instructions)}
        self.uses = [use.of(instructions[order[use.instruction]]) for use in self.uses]
        stages: list[Stage] = []
        for stage in self.stages:
            base = stage.base
            stages.append(stage.of(instructions, None if base is None else stages[base.index]))
        self.stages = tuple(stages)
        self._by_name = {name: stages[stage.index] for name, stage in self._by_name.items()}
        self._stage_at = [stage and stages[stage.index] for stage in self._stage_at]
        self._references = None
        self._graph = None

    def _read_stages(self) -> tuple[Stage, ...]:
        stages: list[Stage] = []
        current: Stage | None = None
        for order, instruction in enumerate(self.tree.instructions):
            if type(instruction) not in EXPANDED:
                self._stage_at.append(current)
                continue
            if type(instruction) is From:
                current = self._begin_stage(instruction, order, len(stages))
                stages.append(current)
                self._stage_at.append(current)
                continue
            self._stage_at.append(current)
            scope = self.global_scope if current is None else current.scope
            if type(instruction) is Arg:
                self._declare(instruction, scope, order, current is None)
            elif type(instruction) is Env:
                self._set_env(instruction, scope, order)
            elif needs_expansion(instruction):
                env = Environment(scope, order)
                for at in range(len(instruction.reading.arguments)):
                    expand_argument(self, instruction, at, env)
        for at, stage in enumerate(stages):
            end = stages[at + 1].first if at + 1 < len(stages) else len(self.tree.instructions)
            stage.last = end
            stage.instructions = self.tree.instructions[stage.first : end]
        return tuple(stages)

    def _begin_stage(self, instruction: From, order: int, index: int) -> Stage:
        words = instruction.reading.arguments
        name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else ""
        stage = Stage(index, name, instruction, order)
        env = Environment(self.global_scope, order)
        if words:
            stage.image = expand_argument(self, instruction, 0, env)
            # Stage names are kept in lower case, and FROM, unlike COPY, looks for them as written.
            stage.base = self._by_name.get(stage.image)
        platform = instruction.reading.flag("platform")
        if platform:
            stage.platform = expand_argument(self, instruction, "platform", env)
        if stage.base is not None:
            stage.scope = Scope(stage.base.scope)
        else:
            stage.scope = Scope()
            stage.scope.set(Variable("PATH", DEFAULT_PATH, True, -1))
        if name:
            self._by_name[name] = stage
        return stage

    def _declare(self, instruction: Arg, scope: Scope, order: int, is_global: bool) -> None:
        reading = instruction.reading
        extra: dict[str, str] = {}
        for at, word in enumerate(reading.arguments):
            key, equals, _ = word.partition("=")
            value: str | None = None
            if equals:
                env = Environment(scope, order, extra)
                failures = len(self.failures)
                value = expand_default(self, instruction, at, env)
                if key in self.build_args:
                    del self.failures[failures:]  # a default that is not needed is not read
            if key in self.build_args:
                value = self.build_args[key]
            elif not equals:
                outer = None if is_global else self.global_scope.find(key)
                known = scope.find(key, order)
                if outer is not None and outer.value is not None:
                    value = outer.value
                elif known is not None:
                    value = known.value
            scope.set(Variable(key, value, False, order))
            if value is not None:
                extra[key] = value

    def _set_env(self, instruction: Env, scope: Scope, order: int) -> None:
        arguments = instruction.reading.arguments
        if is_plain(instruction.line.text, instruction.line.escape):
            for at in range(0, len(arguments), 3):
                scope.set(Variable(arguments[at], arguments[at + 1], True, order))
            return
        env = Environment(scope, order)
        settings = []
        for at in range(0, len(arguments), 3):
            name = expand_argument(self, instruction, at, env)
            settings.append(
                Variable(name, expand_argument(self, instruction, at + 1, env), True, order)
            )
        for setting in settings:
            scope.set(setting)

    def _read_states(self, stage: Stage) -> list[BuildState]:
        """For each instruction of a stage what the last change before it has left."""
        base = stage.base
        if base is None:
            family = os_family_of(stage.image, stage.platform or self.platform)
            workdir = "/" if stage.is_scratch else None
            user = "" if stage.is_scratch else None
            env = Environment(stage.scope, stage.first)
            state = BuildState(env, workdir, False, user, None, family)
        else:
            last = self.tree.instructions[base.last - 1]
            state = self.state_after(last).seen_with(Environment(stage.scope, stage.first))
            for _, trigger in stage.inherited_triggers():
                state = state.triggered(trigger)
        changes = []
        for order, instruction in enumerate(stage.instructions, stage.first):
            changes.append(state)
            if type(instruction) in _CHANGING:
                seen = state.seen_with(Environment(stage.scope, order))
                state = self._next_state(stage, seen, instruction, order)
        return changes

    def _next_state(
        self, stage: Stage, state: BuildState, instruction: Instruction, order: int
    ) -> BuildState:
        env = Environment(stage.scope, order + 1)
        workdir, workdir_set = state.workdir, state.workdir_set
        user, shell = state.user, state.shell
        if type(instruction) not in _CHANGING:
            return BuildState(env, workdir, workdir_set, user, shell, state.os_family)
        arguments = instruction.reading.arguments
        if isinstance(instruction, Workdir) and arguments:
            path = expand_argument(self, instruction, 0, state.env, record=False)
            workdir = join_workdir(workdir, path, state.os_family)
            workdir_set = True
        elif isinstance(instruction, User) and arguments:
            user = expand_argument(self, instruction, 0, state.env, record=False)
        elif isinstance(instruction, Shell) and instruction.reading.is_json:
            shell = arguments
        return BuildState(env, workdir, workdir_set, user, shell, state.os_family)


#: The instructions that change the state.
_CHANGING = frozenset((Workdir, User, Shell))


@cache
def _platform_variables(platform: str) -> tuple[Variable, ...]:
    system, _, rest = platform.partition("/")
    architecture, _, variant = rest.partition("/")
    values = (platform, system, architecture, variant) * 2
    return tuple(
        Variable(name, value, False, -1)
        for name, value in zip(PLATFORM, (*values, ""), strict=True)
    )
