"""Which differences the declared effects of a fix explain."""

from __future__ import annotations

from dflint.graph.ops import ExecOp, FileOp, MakeDirectory, plain
from dflint.graph.symbols import of_base, readable
from dflint.graph.vertex import Vertex
from dflint.lint.fix import Effect
from dflint.verify.difference import Difference, input_keys
from dflint.verify.gains import only_gains
from dflint.verify.layers import same_but_for_layers
from dflint.verify.metadata import says_no_less, sets_no_less

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.graph.build_graph import BuildGraph
    from dflint.graph.ops import Op
    from dflint.verify.edited import Edited

#: The fields of steps that other instructions than the step's own decide.
_FIELDS = {
    "env": frozenset(("variables",)),
    "arg": frozenset(("variables", "arg")),
    "workdir": frozenset(("workdir", "path", "mounts", "actions")),
    "user": frozenset(("user", "owner")),
    "shell": frozenset(("command",)),
    "from": frozenset(("workdir", "path", "user", "owner", "variables", "actions", "mounts")),
}
#: The fields of the configuration that a fix of what is built may change, by the instruction.
_SETTINGS = {
    "env": frozenset(("env",)),
    "arg": frozenset(("arguments", "env")),
    "workdir": frozenset(("workdir",)),
    "user": frozenset(("user",)),
    "shell": frozenset(("shell", "cmd", "entrypoint", "healthcheck")),
    "onbuild": frozenset(("onbuild",)),
    "from": frozenset(("workdir", "user", "env")),
}
#: The instruction that sets a field of the configuration.
_KEYWORDS = {
    "author": "maintainer", "cmd": "cmd", "entrypoint": "entrypoint", "env": "env",
    "exposed_ports": "expose", "healthcheck": "healthcheck", "labels": "label",
    "onbuild": "onbuild", "shell": "shell", "stop_signal": "stopsignal", "user": "user",
    "volumes": "volume", "workdir": "workdir", "arguments": "arg",
}  # fmt: skip
#: The instructions that set variables.
_SETTING = frozenset(("arg", "env"))


class Tolerance:
    """What may differ: by the effects, the edited instructions, the lost words."""

    __slots__ = ("edited", "effects", "lost")

    def __init__(self, effects: Effect, edited: Edited, lost: frozenset[str]) -> None:
        self.effects = effects
        self.edited = edited
        self.lost = lost

    def remaining(
        self, found: list[Difference], before: BuildGraph, after: BuildGraph
    ) -> list[Difference]:
        """The differences that no effect explains."""
        layered: dict[int, bool] = {}
        if Effect.LAYERS in self.effects:
            for one, other in zip(before.stages, after.stages, strict=False):
                layered[one.index] = same_but_for_layers(one, other)
        return [
            one
            for one in found
            if not (one.kind == "step" and layered.get(one.stage))
            and not self._is_free(one, before)
            and not self._explains(one, before, after)
        ]

    def _explains(self, difference: Difference, graph: BuildGraph, after: BuildGraph) -> bool:
        if not self.effects:
            return False
        if difference.kind == "stage" and difference.field == "name":
            return not difference.before  # a name more does no harm
        if difference.kind == "config":
            one, other = graph.stages[difference.stage], after.stages[difference.stage]
            if says_no_less(difference.field, one.config, other.config, self.lost):
                return bool(self.effects & (Effect.METADATA | Effect.FILES))
        if Effect.FILES not in self.effects:
            return False
        keywords = self._keywords(difference.stage, graph)
        keywords |= self._keywords(difference.stage, graph, self.edited.free_keywords)
        if difference.kind == "config":
            is_edited = any(difference.field in _SETTINGS.get(name, ()) for name in keywords)
            return is_edited and sets_no_less(difference.field, one.config, other.config)
        if difference.kind == "stage" and difference.field in ("base", "platform"):
            values = str(difference.before), str(difference.after)
            return "from" in keywords or ("arg" in keywords and _same_words(*values))
        if difference.kind == "stage":
            return False
        if difference.kind == "file":
            return "arg" in self.edited.keywords.get(-1, ()) and difference.field == "arguments"
        return self._explains_step(difference.before, difference.after, keywords)  # type: ignore[arg-type]  # vertices

    def _is_free(self, difference: Difference, graph: BuildGraph) -> bool:
        """Whether a difference is one of what an edited instruction does, and may be any."""
        if difference.kind == "step":
            before, after = difference.before, difference.after
            one = before.instruction if isinstance(before, Vertex) else None
            other = after.instruction if isinstance(after, Vertex) else None
            if self.edited.frees(one, other):
                return True
            keywords = self._keywords(difference.stage, graph, self.edited.free_keywords)
            return (
                isinstance(before, Vertex)
                and isinstance(after, Vertex)
                and not keywords.isdisjoint(_SETTING)
                and input_keys(before) == input_keys(after)
                and before.op.differing(after.op) == ["variables"]
            )
        keywords = self._keywords(difference.stage, graph, self.edited.free_keywords)
        if difference.kind == "config":
            is_value = not keywords.isdisjoint(_SETTING) and _same_values(difference)
            return is_value or _KEYWORDS.get(difference.field, "") in keywords
        return difference.field in ("base", "platform") and "arg" in keywords

    def _keywords(
        self, stage: int, graph: BuildGraph, by_stage: dict[int, set[str]] | None = None
    ) -> set[str]:
        """The keywords of edited instructions that bear on a stage."""
        edited = self.edited.keywords if by_stage is None else by_stage
        keywords = set(edited.get(-1, ()))
        while True:
            keywords |= edited.get(stage, set())
            base = graph.stages[stage].base if 0 <= stage < len(graph.stages) else ""
            number = base.partition(" ")[0]
            if not number.isdigit() or int(number) >= stage:
                return keywords
            stage = int(number)

    def _explains_step(
        self, before: Vertex | None, after: Vertex | None, keywords: set[str]
    ) -> bool:
        one = before.instruction if before is not None else None
        other = after.instruction if after is not None else None
        if self.edited.touches(one, other):
            if before is None:
                return True
            return self._is_gain(before, after, keywords)
        if before is None or one in self.edited.before:
            return False
        if after is None:
            # A WORKDIR that has become `/` by one above it makes no directory.
            return isinstance(before.op, MakeDirectory) and "workdir" in keywords
        allowed: set[str] = set()
        for keyword in keywords:
            allowed |= _FIELDS.get(keyword, frozenset())
        return _differ_only_in(before, after, allowed)

    def _is_gain(self, before: Vertex, after: Vertex | None, keywords: set[str]) -> bool:
        """Whether an edited step does no less than before, but for the words that may be lost."""
        one = before.op
        if isinstance(one, MakeDirectory):
            return "workdir" in keywords
        if after is None:
            return isinstance(one, ExecOp) and set(one.command.text.split()) <= self.lost
        return only_gains(one, after.op, self.lost, input_keys(before), input_keys(after))


def _differ_only_in(before: Vertex, after: Vertex, allowed: set[str]) -> bool:
    one, other = before.op, after.op
    if input_keys(before) != input_keys(after) or type(one) is not type(other):
        return False
    fields = one.differing(other)
    if "arg" in allowed:
        fields = [name for name in fields if not _same_words(_text(one, name), _text(other, name))]
    if not allowed.issuperset(fields):
        return False
    if any(getattr(other, name) == of_base(name) for name in fields if name in ("user", "workdir")):
        return False
    if "variables" in fields and isinstance(one, ExecOp) and isinstance(other, ExecOp):
        names = dict(other.variables.pairs())
        if not all(name in names for name, _ in one.variables.pairs()):
            return False
    if "command" in fields and isinstance(one, ExecOp) and isinstance(other, ExecOp):
        return one.command.text == other.command.text
    if "actions" in fields and isinstance(one, FileOp) and isinstance(other, FileOp):
        pairs = zip(one.actions, other.actions, strict=False)
        return len(one.actions) == len(other.actions) and all(
            mine.differing(theirs) in ([], ["target"]) for mine, theirs in pairs
        )
    return True


def _same_values(difference: Difference) -> bool:
    """Whether a field says the same but for the values of variables."""
    return _same_words(_shown(difference.before), _shown(difference.after))


def _shown(value: object) -> str:
    return "\n".join(_texts(tuple(value.items()) if isinstance(value, dict) else value))


def _text(op: Op, field: str) -> str:
    value = getattr(op, field)
    return "" if field in ("variables", "command") else "\n".join(_texts(plain(value)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)


def _same_words(one: str, other: str) -> bool:
    """Whether two values name the same variables in the same places, whatever these hold."""
    return bool(one) and readable(one, False) == readable(other, False)
