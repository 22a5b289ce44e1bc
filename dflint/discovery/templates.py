"""Template markup that keeps a file from being a Dockerfile."""

from __future__ import annotations

import re

from dflint.cst.instructions import From
from dflint.cst.parser.build import parse
from dflint.cst.problems import parser_problems
from dflint.cst.reading import read
from dflint.discovery.markup import CALLS
from dflint.semantic.instruction_problems import instruction_problem
from dflint.text.contains import contains_any
from dflint.text.span import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.dockerfile import Dockerfile

_MARKUP = (
    r"\{(?:\{|%|(?<!\$\{)\#)|<%"
    r"|%%[A-Za-z]\w*+%%"
    r"|@@[A-Z][A-Z0-9_]*+@@"
    r"|@[A-Z][A-Z0-9_]*+@"
    r"|__[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)*+__"
)
_CALLS = r"\b(?:m4_)?+(?:s?include|define|ifdef|ifelse|changequote|pushdef|undefine|divert)\("
_OPENING = re.compile(_MARKUP)
"""Markup of Jinja, Go, Handlebars, jq, ERB and EJS; placeholders."""
_OPENING_OR_CALL = re.compile(f"{_MARKUP}|{_CALLS}")
"""The same, and calls of m4, which take longer to look for: anything may begin one."""
_CALLED = (*CALLS, "pushdef(")

_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}", "<%": "%>"}

_PREPROCESSOR = re.compile(r"""^#[ \t]*+include[ \t]++["<]""", re.MULTILINE)
"""What the C preprocessor takes in, which Podman runs on a `Containerfile.in`."""

_SHOWN = 40


def markup_that_breaks(text: str) -> str | None:
    """What markup makes a builder refuse the text, as a sentence; None if there is none.

    Either a refused instruction has markup at the place for which it is refused, or something is
    refused in a file whose base image is markup, or nothing is built without what an `#include`
    would bring.
    """
    opening = _OPENING_OR_CALL if contains_any(text, _CALLED) else _OPENING
    if opening.search(text) is None and _PREPROCESSOR.search(text) is None:
        return None
    tree = parse(text)
    bases = [instruction for instruction in tree.instructions if isinstance(instruction, From)]
    markup = list(_markup_spans(tree, opening))
    of_bases = [
        span for base in bases for span in markup if base.line.start <= span.start < base.line.end
    ]
    # Without markup in a base image, what matters is what is refused where there is some.
    asked = None if of_bases or not bases else markup
    refused = sorted(_refused_spans(tree, text, asked)) if markup else []
    for place in refused:
        for span in markup:
            if span.start < place.end and place.start < span.end:
                return _reason(text, span)
    if not bases:
        found = _PREPROCESSOR.search(text)
        return None if found is None else _reason(text, Span(found.start(), found.end()))
    return _reason(text, of_bases[0]) if of_bases and refused else None


def _refused_spans(tree: Dockerfile, text: str, markup: list[Span] | None) -> Iterator[Span]:
    """The places for which a builder refuses the file; for `markup` those of its instructions."""
    for problem in parser_problems(tree, text):
        yield problem.span
    for instruction in tree.instructions:
        line = instruction.line
        if markup is None or any([line.start <= span.start < line.end for span in markup]):
            refusal = instruction_problem(instruction, read(instruction))
            if refusal is not None:
                yield refusal.span


def _markup_spans(tree: Dockerfile, pattern: re.Pattern[str]) -> Iterator[Span]:
    """The markup in instructions; what is not closed reaches to its instruction's end."""
    for instruction in tree.instructions:
        line = instruction.line
        at = line.start
        while (opening := pattern.search(line.source, at, line.end)) is not None:
            at = opening.end()
            closing = _CLOSING.get(opening[0])
            if closing is not None:
                close = line.source.find(closing, at, line.end)
                at = line.end if close < 0 else close + len(closing)
            yield Span(opening.start(), at)


def _reason(text: str, span: Span) -> str:
    """The sentence that shows the markup at `span`."""
    shown = span.slice(text).partition("\n")[0].strip()
    if len(shown) > _SHOWN:
        shown = shown[: _SHOWN - 1] + "…"
    line = text.count("\n", 0, span.start) + 1
    return f"a template, no Dockerfile yet: `{shown}` in line {line} keeps it from being one"
