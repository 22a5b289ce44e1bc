"""The grammar of record as parsimonious interprets it, behind the interface of the patterns."""

from __future__ import annotations

import importlib
from contextlib import contextmanager
from functools import cache

from parsimonious.exceptions import ParseError

from dflint.cst.parser.compiler import grammar

#: The modules that match rules.
USERS = tuple(
    f"dflint.cst.{name}"
    for name in (
        "parser.build",
        "parser.builder",
        "parser.head",
        "parser.heredoc_words",
        "parser.json_array",
        "parser.logical_lines",
        "reading",
    )
)


class Found:
    def __init__(self, text, start, end):
        self._text, self._start, self._end = text, start, end

    def end(self):
        return self._end

    def span(self):
        return self._start, self._end

    def group(self):
        return self._text[self._start : self._end]


class Interpreted:
    """One rule, matched by parsimonious."""

    def __init__(self, expression):
        self._expression = expression

    def match(self, text, at=0, end=None):
        text = text if end is None else text[:end]
        try:
            return Found(text, at, self._expression.match(text, at).end)
        except ParseError:
            return None

    def finditer(self, text, at=0, end=None):
        size = len(text) if end is None else end
        while at <= size:
            found = self.match(text, at, size)
            if found is None or found.end() == at:
                at += 1
            else:
                yield found
                at = found.end()


@cache
def interpreted(name, escape="\\"):
    return Interpreted(_grammar(escape)[name])


@cache
def _grammar(escape):
    return grammar(escape)


@contextmanager
def interpreting():
    """Let the parser use the interpreted grammar."""
    modules = [importlib.import_module(name) for name in USERS]
    kept = [module.rule for module in modules]
    for module in modules:
        module.rule = interpreted
    try:
        yield
    finally:
        for module, rule in zip(modules, kept, strict=True):
            module.rule = rule
