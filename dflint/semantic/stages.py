"""Build stages, and how they refer to one another."""

from __future__ import annotations

from dflint.cst.reading import place_span
from dflint.text.choice import Choice

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import From, Instruction
    from dflint.cst.reading import Reading
    from dflint.semantic.scope import Scope
    from dflint.text.span import Span


class Stage:
    """One build stage: a FROM and the instructions up to the next.

    `name` is in lower case, empty without `AS`. `image` is the base name after expansion, with
    ARG defaults; `base` the stage that it names, if it does. `first` and `last` are the indices
    of its instructions in the file, `last` excluded.
    """

    __slots__ = (
        "base",
        "first",
        "from_instruction",
        "image",
        "index",
        "instructions",
        "last",
        "name",
        "platform",
        "scope",
    )

    index: int
    name: str
    from_instruction: From
    image: str
    platform: str
    base: Stage | None
    instructions: tuple[Instruction, ...]
    first: int
    last: int
    scope: Scope

    def __init__(self, index: int, name: str, from_instruction: From, first: int) -> None:
        self.index = index
        self.name = name
        self.from_instruction = from_instruction
        self.first = first
        self.last = first
        self.image = ""
        self.platform = ""
        self.base = None
        self.instructions = ()

    def of(self, instructions: tuple[Instruction, ...], base: Stage | None) -> Stage:
        """The same stage of a later version of the file, in which `base` is its base."""
        first = self.first
        made = Stage(self.index, self.name, instructions[first], first)  # type: ignore[arg-type]  # a FROM
        made.last = self.last
        made.image = self.image
        made.platform = self.platform
        made.base = base
        made.instructions = instructions[first : self.last]
        made.scope = self.scope
        return made

    @property
    def is_scratch(self) -> bool:
        """Whether the stage begins with nothing."""
        return self.base is None and self.image == "scratch"

    @property
    def title(self) -> str:
        """The stage as people speak of it: its name, else its number from 0."""
        return f"`{self.name}`" if self.name else f"number {self.index}"

    def ancestors(self) -> list[Stage]:
        """The stages that this one is built on, nearest first."""
        found = []
        stage = self.base
        while stage is not None:
            found.append(stage)
            stage = stage.base
        return found

    def inherited_triggers(self) -> list[tuple[Instruction, Reading]]:
        """The ONBUILD triggers that run at the start of this stage: those of its base stage."""
        if self.base is None:
            return []
        from dflint.cst.instructions import OnBuild

        return [
            (instruction, instruction.reading.trigger)
            for instruction in self.base.instructions
            if isinstance(instruction, OnBuild) and instruction.reading.trigger is not None
        ]


class ReferenceKind(Choice):
    """What a `from` of FROM, COPY or a mount turns out to name."""

    #: An earlier stage, by name or number.
    STAGE = "stage"
    #: The stage that it stands in.
    SELF = "self"
    #: A stage that comes later.
    LATER = "later"
    #: A number that no stage has.
    NO_SUCH_INDEX = "no-such-index"
    #: An image or a named build context.
    IMAGE = "image"


class StageReference:
    """One `FROM x`, `COPY --from=x` or `RUN --mount=…,from=x`.

    `stage` is None for an image and for a number that no stage has. `place` is where the name
    stands in the instruction's joined text.
    """

    __slots__ = ("instruction", "kind", "place", "stage", "text", "user")

    user: Stage
    instruction: Instruction
    text: str
    place: tuple[int, int]
    kind: ReferenceKind
    stage: Stage | None

    def __init__(
        self,
        user: Stage,
        instruction: Instruction,
        text: str,
        place: tuple[int, int],
        kind: ReferenceKind,
        stage: Stage | None,
    ) -> None:
        self.user = user
        self.instruction = instruction
        self.text = text
        self.place = place
        self.kind = kind
        self.stage = stage

    @property
    def span(self) -> Span:
        """Where the name stands in the source."""
        return place_span(self.instruction, self.place)


class StageGraph:
    """Which stage needs which."""

    __slots__ = ("_needs", "stages")

    def __init__(self, stages: tuple[Stage, ...], references: tuple[StageReference, ...]) -> None:
        self.stages = stages
        needs: list[list[Stage]] = [[] for _ in stages]
        for reference in references:
            if reference.stage is not None and reference.stage not in needs[reference.user.index]:
                needs[reference.user.index].append(reference.stage)
        self._needs = needs

    def needs(self, stage: Stage) -> list[Stage]:
        """The stages that one needs directly, in the order of their mention."""
        return self._needs[stage.index]

    def reachable(self, target: Stage) -> list[Stage]:
        """The target and every stage that it needs, by index."""
        seen = {target.index}
        todo = [target]
        while todo:
            for needed in self._needs[todo.pop().index]:
                if needed.index not in seen:
                    seen.add(needed.index)
                    todo.append(needed)
        return [stage for stage in self.stages if stage.index in seen]

    def cycle(self) -> list[Stage]:
        """The stages of one cycle in order, or an empty list."""
        state = [0] * len(self.stages)
        for root in self.stages:
            if state[root.index]:
                continue
            state[root.index] = 1
            path = [(root, iter(self._needs[root.index]))]
            while path:
                following = next(path[-1][1], None)
                if following is None:
                    state[path.pop()[0].index] = 2
                elif state[following.index] == 1:
                    stages = [stage for stage, _ in path]
                    return stages[stages.index(following) :]
                elif not state[following.index]:
                    state[following.index] = 1
                    path.append((following, iter(self._needs[following.index])))
        return []
