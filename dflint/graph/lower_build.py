"""From a tree and the values of one build to the graph of what the target needs."""

from __future__ import annotations

from dflint.cst.instructions import Arg, From, Run
from dflint.errors import BuildError
from dflint.graph.build_stages import (
    check_references,
    circular,
    is_alone,
    is_replaced,
    named_context,
    needed_stages,
    stage_index,
    stage_inputs,
    stage_needs,
    target_index,
    title_of,
)
from dflint.graph.built_graph import BuiltGraph, DeclaredArgument
from dflint.graph.history import HistoryEntry, text_after, text_before
from dflint.graph.lower import apply, frontend_of, is_strict
from dflint.graph.lower_built_stage import begin, trigger_text, triggers
from dflint.graph.lower_metadata import declare
from dflint.graph.lowering import Lowering, full_reference
from dflint.graph.ops import (
    ContextSource,
    CopyAction,
    FileOp,
    ImageSource,
    NamedContextSource,
    ScratchSource,
)
from dflint.graph.refused import (
    RefusedError,
    check_instruction,
    instruction_span,
    refused,
    unexpanded,
)
from dflint.graph.step_names import CONTEXT, COUNTED, instruction_name
from dflint.graph.variables import Variables
from dflint.graph.vertex import Vertex
from dflint.oci.reference import familiar
from dflint.semantic.expand import evaluate_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.instructions import Instruction
    from dflint.cst.reading import Reading
    from dflint.graph.build import BaseImage, Build, NamedContext
    from dflint.graph.build_stages import StageInput
    from dflint.graph.built_state import BuiltState
    from dflint.graph.lower_built_stage import Trigger
    from dflint.graph.ops import Op
    from dflint.graph.state import StageState
    from dflint.semantic.model import SemanticModel
    from dflint.text.span import Span


_CONTEXT = "[context "
_LOAD = "load from client"
_LOADS = {"oci-layout": f"OCI {_LOAD}"}


def _loaded(reference: str) -> str:
    """How progress calls the image of a build context."""
    scheme, is_local, _ = reference.partition("://")
    if is_local:
        return _LOADS.get(scheme, _LOAD)
    return familiar(reference).removesuffix(":latest")


def lower_build(tree: Dockerfile, model: SemanticModel, build: Build) -> BuiltGraph:
    """The graph of one build. RefusedError, with BuildKit's words, for what cannot be built.

    The model is that of the build's arguments and platform. What BuildKit refuses when it reads
    the file is not looked for again: see `dflint.build.frontend`.
    """
    lowering = BuildLowering(tree, model, build)
    lowering.inputs = stage_inputs(model, build, lowering.globals)
    target = target_index(lowering.inputs, build.target)
    check_references(model, lowering.inputs)
    for index in needed_stages(model, lowering.inputs, target):
        lowering.stage(index)
    plans = tuple(lowering.built[index].plan for index in sorted(lowering.built))
    arguments = tuple(lowering.arguments)
    graph = BuiltGraph(plans, frontend_of(tree), is_strict(tree), arguments)
    graph.build = build
    graph.target = lowering.built[target].plan
    graph.names = lowering.names
    graph.spans = lowering.spans
    graph.images = lowering.images
    graph.declared = {index: tuple(state.declared) for index, state in lowering.built.items()}
    graph.needs = stage_needs(model, lowering.inputs)
    graph.globals = lowering.globals
    graph.is_replaced = is_replaced(lowering.inputs, target)
    graph.epoch, graph.epoch_of = lowering.epoch()
    return graph


def needed_images(
    tree: Dockerfile, model: SemanticModel, build: Build
) -> tuple[tuple[str, str], ...]:
    """Reference and platform of each image that a build asks for, as far as the file tells.

    The triggers of an image may ask for more. `build.base` is not called.
    """
    from dataclasses import replace

    found: dict[tuple[str, str], None] = {}

    def note(reference: str, platform: str) -> BaseImage | None:
        found[reference, platform] = None
        return None

    lower_build(tree, model, replace(build, base=note))
    return tuple(found)


class BuildLowering(Lowering):
    """The lowering of one build; stages are lowered when something needs them."""

    __slots__ = (
        "build",
        "built",
        "copied",
        "images",
        "inputs",
        "names",
        "open_stages",
        "place",
        "spans",
        "vertices",
    )

    def __init__(self, tree: Dockerfile, model: SemanticModel, build: Build) -> None:
        super().__init__(model, build.arguments)
        self.build = build
        self.inputs: tuple[StageInput, ...] = ()
        self.built: dict[int, BuiltState] = {}
        self.open_stages: list[int] = []
        self.names: dict[Vertex, str] = {}
        self.spans: dict[Vertex, Span] = {}
        self.place: Span | None = None
        """Where the instructions of triggers stand for errors: at the FROM that brings them."""
        self.images: dict[Vertex, BaseImage] = {}
        self.copied: set[Vertex] = set()
        self.vertices: dict[tuple[str, str, str], Vertex] = {}
        self.globals = Variables(has_base=False)
        last = model.stages[-1].name if model.stages else ""
        for name, value in build.platform_arguments(last):
            self.globals = self.globals.set(name, value, False)
        for instruction in tree.instructions:
            if isinstance(instruction, From):
                break
            if isinstance(instruction, Arg):
                self._declare(instruction)

    def _declare(self, instruction: Arg) -> None:
        for word in instruction.reading.arguments:
            name, _, written = word.partition("=")
            expansion = evaluate_word(written, self.globals.get, instruction.line.escape)
            if expansion.error is not None and name not in self.build.arguments:
                raise unexpanded(written, expansion.error, instruction)
        self.globals, declared = declare(self, self.globals, None, instruction, instruction.reading)
        self.arguments += declared

    def stage(self, index: int) -> BuiltState:
        """The stage of that index, lowered."""
        found = self.built.get(index)
        if found is not None:
            return found
        if index in self.open_stages:
            stage = self.inputs[index].stage
            raise circular(stage, stage.from_instruction)
        self.open_stages.append(index)
        place, self.place = self.place, None
        given = self.inputs[index]
        state = begin(self, given)
        self.built[index] = state
        if given.context is None:
            self._lower(state, given)
        state.plan.steps = tuple(state.steps)
        state.plan.last = state.last
        state.plan.config = state.config
        state.plan.history = tuple(state.history)
        self.open_stages.pop()
        self.place = place
        return state

    def _lower(self, state: BuiltState, given: StageInput) -> None:
        brought = triggers(self, given)
        own = [(one, one.reading) for one in given.stage.instructions[1:]]
        # Every trigger counts, whether it is a step or not.
        state.total = len(brought) + sum(1 for _, reading in own if reading.keyword in COUNTED)
        state.title = "" if is_alone(self.model, self.inputs) else title_of(given.stage)
        if given.base is None and given.image != "scratch":
            state.total += 1
            plain = self.names[state.last]
            # What a build context gives has its own name, and no number.
            is_own = not plain or plain.startswith(_CONTEXT)
            name = plain if is_own else state.step_name(plain)
            # Another stage may have begun with the image already, or something was copied from it.
            if plain.startswith("FROM ") and state.last not in self.copied:
                self.names[state.last] = name
        self._trigger(state, brought, instruction_span(given.stage.from_instruction))
        for instruction, reading in own:
            self._apply(state, instruction, reading)

    def _trigger(self, state: BuiltState, brought: list[Trigger], place: Span) -> None:
        for instruction, reading in brought:
            self.place = place
            try:
                self._apply(state, instruction, reading)
            except RefusedError as error:
                raise RefusedError(error.message, self.place or error.span) from None
            finally:
                self.place = None

    def _apply(self, state: BuiltState, instruction: Instruction, reading: Reading) -> None:
        before = len(state.steps)
        keyword = reading.keyword
        is_counted = keyword in COUNTED
        name = instruction_name(instruction, reading, state.variables) if is_counted else ""
        check_instruction(state, instruction, reading)
        text = text_before(state, instruction, reading)
        apply(self, state, instruction, reading)
        if keyword == "arg":
            state.declared += self._declared(state, instruction, reading)
            state.arguments |= dict.fromkeys(one.name for one in state.declared)
        elif keyword == "onbuild":
            state.plan.onbuild = (*state.plan.onbuild, trigger_text(instruction, reading))
        text = text or text_after(state, instruction, reading)
        step = state.steps[-1] if len(state.steps) > before else None
        if step is not None:
            if isinstance(step.op, FileOp):
                # BuildKit copies what is written in place behind all that comes from elsewhere.
                step.op.actions = tuple(sorted(step.op.actions, key=_is_inline))
            self.names[step] = state.step_name(name)
            self.note(step, instruction)
            text += "" if keyword == "workdir" else " # buildkit"
        if text:
            span = self.place or instruction_span(instruction)
            state.history.append(HistoryEntry(text, step, span))

    def _declared(
        self, state: BuiltState, instruction: Instruction, reading: Reading
    ) -> Iterator[DeclaredArgument]:
        """The arguments of an ARG as they are behind it."""
        for word in reading.arguments:
            name, equals, _ = word.partition("=")
            is_own = bool(equals) or name in self.build.arguments
            outer = self.globals.find(name)
            is_inherited = not is_own and outer is not None
            value = state.variables.find(name) if is_own or is_inherited else None
            yield DeclaredArgument(name, value or "", is_inherited, instruction)

    def note(self, vertex: Vertex, instruction: Instruction) -> None:
        """Keep where a vertex comes from, and those that only it has brought."""
        span = self.place or instruction_span(instruction)
        for one in (vertex, *vertex.inputs):
            self.spans.setdefault(one, span)

    def of_base(self, what: str, otherwise: str) -> str:
        """Not asked: the configuration of each base image is at hand."""
        raise NotImplementedError(what + otherwise)

    def context(self, instruction: Instruction) -> Vertex:
        """The build context."""
        return self.source("", "", ContextSource(), instruction, CONTEXT)

    def from_name(self, name: str, state: StageState, instruction: Instruction) -> Vertex:
        """What a `from` of COPY or of a mount names: an earlier stage, a context, an image."""
        index = stage_index(self.model, name, not isinstance(instruction, Run))
        if index is not None:
            return self._earlier(index, state, instruction)
        if name == "scratch":
            return self.source("", "scratch", ScratchSource(), instruction, "")
        found = self.image(name, self.build.platform, instruction)
        # It is named after no stage then, even if one begins with it.
        self.copied.add(found)
        title = self.names[found]
        if title.startswith("[") and "] FROM " in title:
            self.names[found] = title.partition("] ")[2]
        return found

    def _earlier(self, index: int, state: StageState, instruction: Instruction) -> Vertex:
        if index >= len(self.inputs):
            raise refused(f"invalid stage index {index}", instruction)
        own = state.stage
        if index == own.index:
            raise circular(own, instruction)
        if index > own.index:
            reason = (
                f'cannot copy from stage "{title_of(self.inputs[index].stage)}", '
                f'it needs to be defined before current stage "{title_of(own)}"'
            )
            raise refused(reason, instruction)
        return self.stage(index).last

    def image(self, name: str, platform: str, instruction: Instruction) -> Vertex:
        """An image by its name, or the build context that takes its place."""
        context = named_context(self.build, name, platform)
        if context is not None:
            return self.named(name, context, platform, instruction)
        return self.image_source(full_reference(name), platform, instruction)

    def named(
        self, name: str, context: NamedContext, platform: str, instruction: Instruction
    ) -> Vertex:
        """What a named build context gives."""
        if context.reference == "scratch":
            return self.source("", "scratch", ScratchSource(), instruction, "")
        if context.reference:
            title = f"{_CONTEXT}{name}] {_loaded(context.reference)}"
            return self.image_source(context.reference, platform, instruction, title)
        title = f"{_CONTEXT}{name}] {_LOAD}"
        return self.source("context", name, NamedContextSource(name), instruction, title)

    def image_source(
        self, reference: str, platform: str, instruction: Instruction, title: str = ""
    ) -> Vertex:
        """An image by its whole reference; its configuration is asked for once."""
        key = ("image", reference, platform)
        found = self.vertices.get(key)
        if found is not None:
            return found
        try:
            image = self.build.base(reference, platform)
        except RefusedError:
            raise
        except BuildError as error:
            reason = f"failed to resolve source metadata for {reference}: {error}"
            raise RefusedError(reason, self.place or instruction_span(instruction)) from error
        digest = "" if image is None or "@" in reference or not image.digest else image.digest
        name = title or f"FROM {reference}{'@' + digest if digest else ''}"
        found = self._add(key, ImageSource(reference, platform), instruction, name)
        if image is not None:
            self.images[found] = image
        return found

    def source(self, kind: str, name: str, op: Op, instruction: Instruction, title: str) -> Vertex:
        """A source that all steps share."""
        key = (kind, name, "")
        return self.vertices.get(key) or self._add(key, op, instruction, title)

    def _add(
        self, key: tuple[str, str, str], op: Op, instruction: Instruction, title: str
    ) -> Vertex:
        stage = self.open_stages[-1] if self.open_stages else 0
        vertex = Vertex(op, (), instruction, stage)
        self.vertices[key] = vertex
        self.names[vertex] = title
        self.note(vertex, instruction)
        return vertex

    def epoch(self) -> tuple[int | None, str]:
        """What SOURCE_DATE_EPOCH says: seconds, or the name of what they are taken from."""
        if self.build.epoch is not None:
            return self.build.epoch, ""
        name = "SOURCE_DATE_EPOCH"
        value = self.build.arguments.get(name)
        if value is None:
            value = dict(self.arguments).get(name) and self.globals.find(name)
        if not value:
            return None, ""
        if value.lstrip("-").isdigit() and value.isascii():
            return int(value), ""
        if name in self.build.arguments and value != "context":
            raise RefusedError(f"invalid {name}: {value}")
        return None, value


def _is_inline(action: CopyAction) -> bool:
    return action.content is not None
