"""A stage of one build while it is lowered."""

from __future__ import annotations

from math import log10

from dflint.graph.history import HistoryEntry
from dflint.graph.refused import unexpanded
from dflint.graph.state import StageState
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.instructions import Instruction
    from dflint.graph.build_graph import StagePlan
    from dflint.graph.built_graph import DeclaredArgument
    from dflint.graph.image_config import ImageConfig
    from dflint.graph.lower_build import BuildLowering
    from dflint.graph.variables import Variables
    from dflint.graph.vertex import Vertex
    from dflint.semantic.stages import Stage

#: More characters than any file may make of a word.
_NO_LIMIT = 1 << 28


class BuiltState(StageState):
    """A stage with the values of one build.

    `arguments` are the names of ARGs so far, each once, in order, `declared` the ARGs of the stage
    itself. `title`, `total` and `count`
    are what the names of its steps begin with: `[title count/total]`.
    """

    __slots__ = ("arguments", "count", "declared", "history", "lowering", "title", "total")

    def __init__(
        self,
        lowering: BuildLowering,
        stage: Stage,
        plan: StagePlan,
        config: ImageConfig,
        variables: Variables,
        last: Vertex,
    ) -> None:
        super().__init__(stage, plan, config, variables, last)
        self.lowering = lowering
        self.arguments: dict[str, None] = {}
        self.declared: list[DeclaredArgument] = []
        self.history: list[HistoryEntry] = []
        self.title = ""
        self.total = 0
        self.count = 0

    def expand(self, word: str, instruction: Instruction) -> str:
        """A word with its variables replaced; RefusedError for one that cannot be read."""
        escape = instruction.line.escape
        if "$" not in word and "'" not in word and '"' not in word and escape not in word:
            return word
        expansion = evaluate_word(word, self.variables.get, escape, limit=_NO_LIMIT)
        if expansion.error is not None:
            raise unexpanded(word, expansion.error, instruction)
        return expansion.text

    def step_name(self, text: str) -> str:
        """The name of the next step: `[builder 2/5] RUN make`."""
        if not self.total:
            return text
        self.count += 1
        build = self.lowering.build
        words = [self.plan.platform or build.platform] if build.is_multi_platform else []
        words += [self.title] if self.title else []
        number = f"{self.count:{int(1 + log10(self.total))}d}/{self.total}"
        return f"[{' '.join([*words, number])}] {text}"
