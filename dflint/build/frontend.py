"""From a Dockerfile's text and one build's values to the graph that is built."""

from __future__ import annotations

from dflint.build.platforms import own_platform
from dflint.cst.instructions import From, keywords
from dflint.cst.parser.build import parse
from dflint.cst.problems import parser_problems
from dflint.graph.build import Build
from dflint.graph.lower_build import lower_build
from dflint.graph.refused import RefusedError, instruction_span
from dflint.semantic.instruction_problems import instruction_problem
from dflint.semantic.model import SemanticModel
from dflint.semantic.refusals import stage_problems
from dflint.text.lines import LineIndex
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dflint.build.request import BuildRequest
    from dflint.cst.dockerfile import Dockerfile
    from dflint.cst.problems import SyntaxProblem
    from dflint.graph.build import BaseImage, NamedContext
    from dflint.graph.built_graph import BuiltGraph

_EPOCH = "SOURCE_DATE_EPOCH"


def build_for(
    request: BuildRequest,
    platform: str,
    named_contexts: Mapping[str, NamedContext],
    base: Callable[[str, str], BaseImage | None],
    modified: int | None = None,
) -> Build:
    """The values of a request's build for one platform, empty for that of this machine.

    `base` finds the configuration of an image; see `Build`. `modified` is the time of the context,
    which `SOURCE_DATE_EPOCH=context` stands for.
    """
    own = own_platform()
    arguments = dict(request.build_args)
    if arguments.get(_EPOCH) == "context":
        del arguments[_EPOCH]
        arguments |= {} if modified is None else {_EPOCH: str(modified)}
    return Build(
        arguments=arguments,
        platform=platform or own,
        build_platform=own,
        is_platform_given=bool(request.platforms),
        is_multi_platform=len(request.platforms) > 1,
        target=request.target,
        labels=dict(request.labels),
        named_contexts=named_contexts,
        base=base,
        entitlements=request.entitlements,
    )


def read_file(text: str) -> Dockerfile:
    """The tree of a Dockerfile that can be read; RefusedError, in BuildKit's words, for another.

    These are the errors of the whole file, whichever stages the target needs.
    """
    tree = parse(text)
    problems = sorted(parser_problems(tree, text), key=lambda one: one.span.start)
    if problems:
        span = _around(tree, problems[0].span)
        if problems[0].kind == "unterminated-heredoc":
            span = Span(span.start, len(text.removesuffix("\n")))
        elif problems[0].kind == "empty-dockerfile":  # the last line is where none was found
            start = text.rfind("\n", 0, len(text) - 1) + 1
            span = Span(start, start)
        raise RefusedError(problems[0].reason, span)
    for instruction in tree.instructions:
        problem = instruction_problem(instruction, instruction.reading)
        if problem is not None:
            line = LineIndex(text).line(instruction.line.start)
            reason = _reason(instruction.reading.keyword, problem)
            message = f"dockerfile parse error on line {line}: {reason}"
            raise RefusedError(message, instruction_span(instruction))
    for problem in stage_problems(tree):
        raise RefusedError(problem.reason, _around(tree, problem.span))
    return tree


def _around(tree: Dockerfile, span: Span) -> Span:
    """The instruction in which a span begins, which BuildKit shows as a whole."""
    for instruction in tree.instructions:
        whole = instruction_span(instruction)
        if whole.start <= span.start <= whole.end:
            return whole
    return span


def _reason(keyword: str, problem: SyntaxProblem) -> str:
    """BuildKit's words, with what it takes a mistaken name for."""
    from dflint.semantic.flags import FLAGS
    from dflint.semantic.suggest import suggestion

    meant = None
    if problem.kind == "unknown-instruction":
        meant = suggestion(problem.found.upper(), sorted(keywords()))
    elif problem.kind == "unknown-flag":
        meant = suggestion(problem.found.removeprefix("--"), FLAGS.get(keyword, {}))
    elif problem.kind == "shell-not-json":
        return problem.reason.partition(":")[0]
    has_hint = meant is None or "did you mean" in problem.reason
    return problem.reason if has_hint else f"{problem.reason} (did you mean {meant}?)"


def model_of(tree: Dockerfile, build: Build) -> SemanticModel:
    """What the file means with the values of the build."""
    return SemanticModel(tree, dict(build.arguments), build.platform)


def build_graph(text: str, build: Build) -> BuiltGraph:
    """The graph of what the build's target needs; RefusedError for what cannot be built."""
    tree = read_file(text)
    return lower_build(tree, model_of(tree, build), build)


def check_directive(tree: Dockerfile) -> str:
    """The value of `# check=`, empty without."""
    directive = tree.directive("check")
    return "" if directive is None else directive.value.partition(" ")[0]


def unneeded_stages(tree: Dockerfile, text: str, needed: set[int]) -> list[tuple[int, int]]:
    """The first line, and the one past the last, of each stage whose index is not needed."""
    lines = LineIndex(text)
    starts = [lines.line(one.line.start) for one in tree.instructions if isinstance(one, From)]
    ends = [*starts[1:], lines.line(len(text)) + 1]
    pairs = zip(starts, ends, strict=False)
    return [pair for index, pair in enumerate(pairs) if index not in needed]
