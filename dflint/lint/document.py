"""What rules look at: a source, its tree, and what follows from them when asked for."""

from __future__ import annotations

from dflint.cst.node import Node
from dflint.cst.parser.build import parse
from dflint.cst.reading import place_span
from dflint.lint.occurring import Occurring
from dflint.semantic.model import SemanticModel
from dflint.semantic.refusals import encoding_problem, is_still_accepted, refusals
from dflint.text.contains import contains_any
from dflint.text.lines import LineIndex
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TypeVar

    from dflint.context.build_context import BuildContext
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.cst.positions import SpanMap
    from dflint.cst.problems import SyntaxProblem
    from dflint.semantic.later_runs import Runs
    from dflint.semantic.occurrences import Occurrence
    from dflint.semantic.programs import Program
    from dflint.text.source import Source

    AnyInstruction = TypeVar("AnyInstruction", bound=Instruction)

#: One of these stands in every comment that silences rules, but in parser directives.
_SUPPRESSING = ("ignore", "shellcheck", "skip=")
# Kept once they are imported, for to import them for each document costs more.
_occurrences: Callable[..., Iterator[Occurrence]] | None = None
_parse_again: Callable[[str, Dockerfile], Dockerfile] | None = None
_programs: Callable[[Dockerfile, Callable[[], SemanticModel]], list[Program]] | None = None


class Settings:
    """What the configuration tells rules.

    `engine` is the builder that advice is for: `buildkit`, `classic` or `buildah`.
    `label_schema` gives the types of labels by key; with `strict_labels` there are to be no
    others. `context` is what is known of the build context, None when that is nothing.
    `build_args`, `target` and `contexts` are what one build is given: arguments, the stage that is
    built (empty for the last one), and names that stand for contexts.
    """

    __slots__ = (
        "build_args",
        "context",
        "contexts",
        "engine",
        "label_schema",
        "options",
        "strict_labels",
        "target",
        "trusted_registries",
    )

    engine: str
    trusted_registries: tuple[str, ...]
    options: Mapping[str, Mapping[str, object]]
    label_schema: Mapping[str, str]
    strict_labels: bool
    context: BuildContext | None

    def __init__(
        self,
        engine: str = "buildkit",
        trusted_registries: tuple[str, ...] = (),
        options: Mapping[str, Mapping[str, object]] | None = None,
        label_schema: Mapping[str, str] | None = None,
        strict_labels: bool = False,
        context: BuildContext | None = None,
        build_args: Mapping[str, str] | None = None,
        target: str = "",
        contexts: tuple[str, ...] = (),
    ) -> None:
        self.engine = engine
        self.trusted_registries = trusted_registries
        self.options = options or {}
        self.label_schema = label_schema or {}
        self.strict_labels = strict_labels
        self.context = context
        self.build_args = build_args or {}
        self.target = target
        self.contexts = contexts

    def gives(self, name: str) -> bool:
        """Whether the setting of that name, in any of its spellings, says anything."""
        return bool(getattr(self, name.replace("-", "_")))

    def within(self, context: BuildContext | None) -> Settings:
        """The same settings for a file with this context."""
        if context is self.context:
            return self
        return Settings(
            self.engine,
            self.trusted_registries,
            self.options,
            self.label_schema,
            self.strict_labels,
            context,
            self.build_args,
            self.target,
            self.contexts,
        )


class _Meaning:
    """The model of a tree, made when it is first asked for.

    What a document holds asks this for it and not the document: nothing leads back to that, so
    that all of it goes with the last that knows it.
    """

    __slots__ = ("_model", "_settings", "_tree")

    def __init__(self, tree: Dockerfile, settings: Settings) -> None:
        self._tree = tree
        self._settings = settings
        self._model: SemanticModel | None = None

    def again(self, tree: Dockerfile) -> tuple[_Meaning, list[Instruction]] | None:
        """The same of a later version of the tree, and what was changed: see `SemanticModel`."""
        found = None if self._model is None else self._model.again(tree)
        if found is None:
            return None
        made = _Meaning(tree, self._settings)
        made._model, changed = found
        return made, changed

    def __call__(self) -> SemanticModel:
        if self._model is None:
            given = self._settings
            self._model = SemanticModel(
                self._tree, given.build_args, target=given.target, contexts=given.contexts
            )
        return self._model


def _tree_of(text: str, tree: Dockerfile | None, earlier: Dockerfile | None) -> Dockerfile:
    """The tree of a text, with what was read of an earlier version of it."""
    if earlier is None:
        return tree or parse(text)
    if tree is None:
        global _parse_again
        if _parse_again is None:
            from dflint.cst.parser.again import parse_again

            _parse_again = parse_again
        return _parse_again(text, earlier)
    from dflint.cst.instructions import take_readings

    take_readings(earlier.instructions, tree.instructions)
    return tree


class Document:
    """One Dockerfile under check. Everything below the tree is made when first asked for.

    What was read of a document that is `like` it is taken over, where the lines are the same.
    `tree` is the text's, where somebody has read it already.
    """

    __slots__ = (
        "_by_class",
        "_lines",
        "_may_suppress",
        "_meaning",
        "_problem_kinds",
        "_problems",
        "_programs",
        "_readable",
        "_runs",
        "_spans",
        "occurring",
        "settings",
        "source",
        "text",
        "tree",
    )

    occurring: Occurring

    def __init__(
        self,
        source: Source,
        settings: Settings | None = None,
        like: Document | None = None,
        tree: Dockerfile | None = None,
    ) -> None:
        self.source = source
        self.text = source.text
        self.settings = settings or Settings()
        self.tree: Dockerfile = _tree_of(source.text, tree, None if like is None else like.tree)
        #: What is known to stand anywhere in the text, in any case.
        self.occurring = Occurring(source.text, None if like is None else like.occurring)
        by_class: dict[type[Instruction], list[Instruction]] = {}
        for instruction in self.tree.instructions:
            kind = type(instruction)
            if kind in by_class:
                by_class[kind].append(instruction)
            else:
                by_class[kind] = [instruction]
        self._by_class = by_class
        self._lines: LineIndex | None = None
        self._may_suppress: bool | None = None
        self._spans: SpanMap | None = None
        self._meaning = _Meaning(self.tree, self.settings)
        self._problems: tuple[SyntaxProblem, ...] | None = None
        self._problem_kinds: frozenset[str] | None = None
        self._programs: tuple[Program, ...] | None = None
        self._readable: tuple[Program, ...] | None = None
        self._runs: Runs | None = None
        if like is not None and like._problems == () and like.settings is self.settings:
            self._take_over(like)

    def _take_over(self, earlier: Document) -> None:
        """Take over what an earlier version means, and that nothing is refused, if it is sure."""
        found = earlier._meaning.again(self.tree)
        if found is None:
            return
        self._meaning, changed = found
        if not self.source.encoding_problem and is_still_accepted(
            self.text, self._meaning(), changed
        ):
            self._problems = ()

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """All instructions in order."""
        return self.tree.instructions

    def all(self, kind: type[AnyInstruction]) -> list[AnyInstruction]:
        """The instructions of one class, in order."""
        return self._by_class.get(kind, [])  # type: ignore[return-value]  # keyed by class

    def occurrences(self, *kinds: type[Instruction]) -> Iterator[Occurrence]:
        """The instructions of some classes in order, ONBUILD's triggers among them."""
        global _occurrences
        if _occurrences is None:
            from dflint.semantic.occurrences import occurrences

            _occurrences = occurrences
        return _occurrences(self.tree, *kinds)

    def has(self, kinds: tuple[type[Instruction], ...]) -> bool:
        """Whether there is an instruction of one of the classes."""
        return not self._by_class.keys().isdisjoint(kinds)

    def has_after(self, kind: type[Instruction], earlier: tuple[type[Instruction], ...]) -> bool:
        """Whether an instruction of the class comes after one of the `earlier` classes."""
        found = self._by_class.get(kind)
        if not found:
            return False
        last = found[-1].line.start
        for one in earlier:
            others = self._by_class.get(one)
            if others and others[0].line.start < last:
                return True
        return False

    @property
    def keywords(self) -> frozenset[str]:
        """The keywords that occur; for an unknown or bad instruction its class's name."""
        return frozenset([kind.KEYWORD or kind.__name__ for kind in self._by_class])

    @property
    def may_suppress(self) -> bool:
        """Whether anything in it may silence findings; a quick look."""
        if self._may_suppress is None:
            self._may_suppress = bool(self.tree.directives) or contains_any(self.text, _SUPPRESSING)
        return self._may_suppress

    @property
    def lines(self) -> LineIndex:
        """Lines and columns of the text."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines

    @property
    def spans(self) -> SpanMap:
        """The spans of the tree's nodes."""
        if self._spans is None:
            from dflint.cst.positions import SpanMap

            self._spans = SpanMap(self.tree)
        return self._spans

    @property
    def model(self) -> SemanticModel:
        """Stages, scopes and states."""
        return self._meaning()

    @property
    def programs(self) -> tuple[Program, ...]:
        """The shell programs of all RUNs in order, ONBUILD's and those of `sh -c` included.

        Only those that are programs all through: of others nothing is guessed.
        """
        if self._readable is None:
            self._readable = tuple([one for one in self.all_programs if one.is_readable])
        return self._readable

    @property
    def all_programs(self) -> tuple[Program, ...]:
        """The same with those in which the shell would find an error."""
        if self._programs is None:
            global _programs
            if _programs is None:
                from dflint.semantic.programs import programs

                _programs = programs
            self._programs = tuple(_programs(self.tree, self._meaning))
        return self._programs

    @property
    def runs(self) -> Runs:
        """The RUNs of `programs` by their stages: who wants what an earlier one leaves."""
        if self._runs is None:
            import dflint.semantic.later_runs as module

            self._runs = module.Runs(self.programs, self.model)
        return self._runs

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """What makes BuildKit refuse the file, in source order."""
        if self._problems is None:
            foreign = encoding_problem(self.source)
            self._problems = (
                (foreign,)
                if foreign is not None
                else tuple(refusals(self.tree, self.text, self._meaning))
            )
        return self._problems

    @property
    def problem_kinds(self) -> frozenset[str]:
        """The kinds of the problems."""
        if self._problem_kinds is None:
            self._problem_kinds = frozenset(problem.kind for problem in self.problems)
        return self._problem_kinds

    def problems_of(self, *kinds: str) -> Iterator[SyntaxProblem]:
        """The problems of certain kinds."""
        return (problem for problem in self.problems if problem.kind in kinds)

    def span(self, where: Node | Span) -> Span:
        """The span of a node, or the span itself."""
        return where if isinstance(where, Span) else self.spans.span(where)

    def keyword(self, instruction: Instruction) -> Span:
        """The span of an instruction's keyword."""
        return place_span(instruction, (0, instruction.reading.head.keyword_end))

    def core(self, instruction: Instruction) -> Span:
        """The span from an instruction's keyword to the end of its arguments."""
        return place_span(instruction, (0, len(instruction.line.text)))

    def first_line(self, instruction: Instruction) -> Span:
        """The part of `core` on the instruction's first physical line."""
        core = self.core(instruction)
        close = self.text.find("\n", core.start, core.end)
        if close < 0:
            return core
        return Span(core.start, core.start + len(self.text[core.start : close].rstrip("\\` \t\r")))

    def argument(self, instruction: Instruction, at: int) -> Span:
        """The span of the argument `at` of `instruction.reading`."""
        return place_span(instruction, instruction.reading.places[at])

    def arguments(self, instruction: Instruction) -> Span:
        """The span of all arguments; the keyword's when there are none."""
        head = instruction.reading.head
        if head.arguments >= head.end:
            return self.keyword(instruction)
        return place_span(instruction, (head.arguments, head.end))

    def flag(self, instruction: Instruction, name: str, value: bool = False) -> Span:
        """The span of the first flag of that name, or of its value alone."""
        reading = instruction.reading
        text = instruction.line.text
        for flag, (begin, end) in zip(reading.flags, reading.head.flags, strict=False):
            if flag[2:].partition("=")[0] == name:
                equals = text.find("=", begin, end)
                if value and equals >= 0:
                    begin = equals + 1
                return place_span(instruction, (begin, end))
        return self.keyword(instruction)

    def place(self, instruction: Instruction, begin: int, end: int) -> Span:
        """The span of a place in the instruction's joined text."""
        return place_span(instruction, (begin, end))
