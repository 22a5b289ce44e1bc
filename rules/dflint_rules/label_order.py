"""The rule `label-order`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class LabelOrder(Rule):
    """The labels of a `LABEL` are not in alphabetical order.

    In order one finds a label among many, and two people who add one do not change the same line.

    The fix puts the pairs into order, where no comment stands among them.

    Off unless selected.

    Dockerfile best practices, "LABEL".
    """

    meta = Meta(
        "label-order",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/labels/prefer-stable-order",),
        default=False,
        fix="safe",
    )
    on = (Label,)
    bad = "FROM debian:12-slim\nLABEL tier=front \\\n      team=web\n"
    good = "FROM debian:12-slim\nLABEL team=web \\\n      tier=front\n"
    valid = (
        Valid("FROM a\nLABEL b=c d=e\nLABEL a=f\n"),
        Valid("FROM a\nLABEL $X=b a=c\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL d=e b=c\n", at="b", fixed="FROM a\nLABEL b=c d=e\n"),
        Invalid('FROM a\nLABEL "c"=d \\\n  e=f b=g a=h\n', at="b",
                fixed='FROM a\nLABEL a=h \\\n  b=g "c"=d e=f\n'),
        Invalid('FROM a\nLABEL c="d \\\n  # e\n  f" b=1 "b"=2 a=\n', at="b",
                fixed='FROM a\nLABEL a= b=1 "b"=2 c="d \\\n  # e\n  f"\n'),
        Invalid("FROM a\nLABEL c=d \\\n  # of b\n  b=e\n", at="b"),
        Invalid("FROM a\nLABEL c=d\\\\ b=e\n", at="b"),
        Invalid("FROM a\nLABEL c=d b=e $A=f\n", at="b"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(Label):
            keys = [key.strip("\"'") for key in instruction.reading.arguments[::3]]
            for at in range(1, len(keys)):
                if keys[at] < keys[at - 1] and "$" not in keys[at] + keys[at - 1]:
                    yield self.finding(
                        doc,
                        doc.argument(instruction, 3 * at),
                        f"`{keys[at]}` comes before `{keys[at - 1]}`; sort the labels",
                        fix=partial(_fix, doc, instruction),
                    )
                    break


def _fix(doc: Document, instruction: Label) -> Fix | None:
    import dflint.lint.label_fixes as fixes

    return fixes.sort_labels(doc, instruction)
