"""From a Dockerfile's text and one build's values to the graph that is built."""

from __future__ import annotations

from dflint.cst.parser.build import parse
from dflint.cst.problems import parser_problems
from dflint.graph.lower_build import lower_build
from dflint.graph.refused import RefusedError
from dflint.semantic.instruction_problems import instruction_problem
from dflint.semantic.model import SemanticModel
from dflint.semantic.refusals import stage_problems
from dflint.text.lines import LineIndex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cst.dockerfile import Dockerfile
    from dflint.graph.build import Build
    from dflint.graph.built_graph import BuiltGraph


def read_file(text: str) -> Dockerfile:
    """The tree of a Dockerfile that can be read; RefusedError, in BuildKit's words, for another.

    These are the errors of the whole file, whichever stages the target needs.
    """
    tree = parse(text)
    problems = sorted(parser_problems(tree, text), key=lambda one: one.span.start)
    if problems:
        raise RefusedError(problems[0].reason, problems[0].span)
    for instruction in tree.instructions:
        problem = instruction_problem(instruction, instruction.reading)
        if problem is not None:
            line = LineIndex(text).line(instruction.line.start)
            reason = f"dockerfile parse error on line {line}: {problem.reason}"
            raise RefusedError(reason + _hint(problem.kind, problem.found), problem.span)
    for problem in stage_problems(tree):
        raise RefusedError(problem.reason, problem.span)
    return tree


def _hint(kind: str, found: str) -> str:
    """What BuildKit asks back for a keyword that it does not know."""
    if kind != "unknown-instruction":
        return ""
    from dflint.cst.instructions import keywords
    from dflint.semantic.suggest import suggestion

    meant = suggestion(found.upper(), sorted(keywords()))
    return f" (did you mean {meant}?)" if meant else ""


def model_of(tree: Dockerfile, build: Build) -> SemanticModel:
    """What the file means with the values of the build."""
    return SemanticModel(tree, dict(build.arguments), build.platform)


def build_graph(text: str, build: Build) -> BuiltGraph:
    """The graph of what the build's target needs; RefusedError for what cannot be built."""
    tree = read_file(text)
    return lower_build(tree, model_of(tree, build), build)
