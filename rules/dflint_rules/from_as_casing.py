"""The rule `from-as-casing`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.stage_names import written_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class FromAsCasing(Rule):
    """`AS` is written in another case than the `FROM` before it.

    Both work; the two keywords of one instruction read better alike.

    BuildKit check FromAsCasing.
    """

    meta = Meta(
        "from-as-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("FromAsCasing",),
        fix="safe",
    )
    on = (From,)
    occasion = "stage name"
    bad = "FROM golang:1.25 as build\n"
    good = "FROM golang:1.25 AS build\n"
    valid = (
        Valid("FROM a AS b\nfrom a as c\nFROM as\n"),
        Valid("From a as b\nFROM b AS as\n"),
    )
    invalid = (
        Invalid("FROM a as b\n", at="as", fixed="FROM a AS b\n"),
        Invalid(
            "from a \\\n  # as\n  As b\nFROM as As c\n",
            at=("As", "As"),
            fixed="from a \\\n  # as\n  as b\nFROM as AS c\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each AS that differs from a FROM in one case."""
        for stage in doc.all(From):
            if not written_name(stage):
                continue
            word = stage.reading.arguments[1]
            keyword = stage.line.text[: stage.reading.head.keyword_end]
            if keyword == "FROM":
                expected = "AS"
            elif keyword == "from":
                expected = "as"
            else:
                continue
            if word != expected:
                place = doc.argument(stage, 1)
                yield self.finding(
                    doc,
                    place,
                    f"`{word}` differs in case from `{keyword}`; write `{expected}`",
                    fix=partial(_fix, place, expected),
                )


def _fix(place: Span, expected: str) -> Fix:
    from dflint.lint.fixing import Edit, Fix

    return Fix(f"write `{expected}`", [Edit(place, expected)])
