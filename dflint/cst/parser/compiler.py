"""Compiles the grammar of record into regular expressions, ahead of time.

A PEG without recursion is exactly a regular expression with atomic groups and possessive
quantifiers: ordered choice is `(?>a|b)`, repetition is `e*+`, predicates are lookaheads. Run
`python -m dflint.cst.parser.compiler` after a change of `dockerfile.peg`; a test fails while
`compiled.py` is out of date.
"""

from __future__ import annotations

import re
from pathlib import Path

from parsimonious.expressions import (
    Expression,
    Literal,
    Lookahead,
    OneOf,
    Quantifier,
    Regex,
    Sequence,
)
from parsimonious.grammar import Grammar

HERE = Path(__file__).parent
#: The escape characters a Dockerfile can choose.
ESCAPES = ("\\", "`")


def grammar(escape: str) -> Grammar:
    """The grammar of record for one escape character, as parsimonious interprets it."""
    source = (HERE / "dockerfile.peg").read_text(encoding="utf-8")
    return Grammar(source.replace("ESCAPE", "\\\\\\\\" if escape == "\\" else escape))


def lower(expression: Expression) -> str:
    """The regular expression that matches what a PEG expression matches, at the same length.

    Raises ValueError for recursion and for kinds of expression that the grammar does not use.
    """
    if isinstance(expression, Literal):
        return re.escape(str(expression.literal))
    if isinstance(expression, Regex):
        return _possessive(str(expression.re.pattern))
    if isinstance(expression, Sequence):
        return "".join(lower(member) for member in expression.members)
    if isinstance(expression, OneOf):
        return "(?>" + "|".join(lower(member) for member in expression.members) + ")"
    if isinstance(expression, Lookahead):
        sign = "!" if expression.negativity else "="
        return f"(?{sign}{lower(expression.members[0])})"
    if isinstance(expression, Quantifier):
        suffix = {(0, 1): "?", (0, None): "*", (1, None): "+"}[
            expression.min, None if expression.max == float("inf") else expression.max
        ]
        return f"(?>{lower(expression.members[0])}){suffix}+"
    raise ValueError(f"the grammar may not use {type(expression).__name__}")


def _possessive(pattern: str) -> str:
    """A character class with a possessive quantifier: a PEG's terminals never give back."""
    if re.search(r"\][*+]$", pattern):
        return pattern + "+"
    return pattern


def compiled_source() -> str:
    """The text of compiled.py."""
    plain, other = (
        {name: lower(rules[name]) for name in sorted(rules)} for rules in map(grammar, ESCAPES)
    )
    different = {name: pattern for name, pattern in other.items() if pattern != plain[name]}
    return "\n".join(
        [
            '"""Generated from dockerfile.peg by dflint.cst.parser.compiler; do not edit."""',
            "",
            "_RULES = {",
            *(f"    {name!r}: {pattern!r}," for name, pattern in plain.items()),
            "}",
            "",
            "#: For each escape character, the regular expression of each rule.",
            "RULES: dict[str, dict[str, str]] = {",
            f"    {ESCAPES[0]!r}: _RULES,",
            f"    {ESCAPES[1]!r}: _RULES",
            "    | {",
            *(f"        {name!r}: {pattern!r}," for name, pattern in different.items()),
            "    },",
            "}",
            "",
        ]
    )


if __name__ == "__main__":
    (HERE / "compiled.py").write_text(compiled_source(), encoding="utf-8")
