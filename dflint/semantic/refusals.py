"""Everything that makes BuildKit refuse a file, from its parser to its conversion."""

from __future__ import annotations

from dflint.cst.instructions import Arg, BadInstruction, From, Instruction, UnknownInstruction
from dflint.cst.problems import SyntaxProblem, may_have_long_lines, parser_problems
from dflint.cst.reading import place_span
from dflint.semantic.conversion import conversion_problems
from dflint.semantic.instruction_problems import WITHOUT_LAWS, instruction_problem
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dflint.cst.dockerfile import Dockerfile
    from dflint.semantic.model import SemanticModel
    from dflint.text.source import Source

#: What an argument of the build may put right, where a variable is involved.
_OPEN = frozenset(
    (
        "blank-base-name", "invalid-image-reference", "invalid-platform", "failed-expansion",
        "empty-volume", "invalid-signal", "invalid-port",
    )
)  # fmt: skip


def final_refusal(problems: Iterable[SyntaxProblem], text: str) -> SyntaxProblem | None:
    """The first problem of a text for which it is refused whatever arguments the build is given."""
    for problem in problems:
        if problem.kind not in _OPEN or "$" not in text:
            return problem
    return None


def refusals(
    tree: Dockerfile, text: str, model: Callable[[], SemanticModel]
) -> Iterator[SyntaxProblem]:
    """The reasons for which BuildKit refuses the file, in source order."""
    problems = list(parser_problems(tree, text))
    for instruction in tree.instructions:
        reading = instruction.reading
        if reading.is_lawful or (not reading.flags and reading.keyword in WITHOUT_LAWS):
            continue
        problem = instruction_problem(instruction, reading)
        if problem is not None:
            problems.append(problem)
    problems += stage_problems(tree)
    if tree.instructions:
        problems += conversion_problems(tree, model())
    problems.sort(key=lambda problem: (problem.span.start, problem.kind))
    yield from problems


def is_still_accepted(text: str, model: SemanticModel, changed: Iterable[Instruction]) -> bool:
    """Whether it is certain that there is no reason either in a later version of a file.

    There was none before, and its `model` is what it was but for the `changed` instructions.
    """
    if may_have_long_lines(text):
        return False
    for instruction in changed:
        reading = instruction.reading
        if reading.flags or model.stage_of(instruction) is None:
            return False
        if reading.keyword in WITHOUT_LAWS:
            continue
        if instruction_problem(instruction, reading) is not None:
            return False
    return True


def encoding_problem(source: Source) -> SyntaxProblem | None:
    """That the file is not UTF-8, beside which nothing else is worth a word; or None."""
    if not source.encoding_problem:
        return None
    end = source.text.find("\n")
    span = Span(0, end if end >= 0 else len(source.text))
    reason = f"unknown instruction in a file that is {source.encoding_problem}"
    return SyntaxProblem("foreign-encoding", span, reason, source.encoding_problem)


def stage_problems(tree: Dockerfile) -> Iterator[SyntaxProblem]:
    """Instructions other than ARG before the first FROM, and a file without any FROM."""
    first: Instruction | None = None
    for instruction in tree.instructions:
        if isinstance(instruction, From):
            break
        if isinstance(instruction, (UnknownInstruction, BadInstruction)) and first is None:
            return  # the build stops there already
        if not isinstance(instruction, Arg) and first is None:
            first = instruction
    else:
        if first is None and tree.instructions:
            head = tree.instructions[0].reading.head
            span = place_span(tree.instructions[0], (0, head.keyword_end))
            reason = "dockerfile contains no stages to build"
            yield SyntaxProblem("no-build-stage", span, reason)
            return
    if first is not None:
        span = place_span(first, (0, first.reading.head.keyword_end))
        reason = "no build stage in current context"
        yield SyntaxProblem("no-build-stage", span, reason, first.KEYWORD)
