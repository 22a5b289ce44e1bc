"""The rule `label-duplicate`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.repeated_labels import repeated_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.repeated_labels import RepeatedLabel


class LabelDuplicate(Rule):
    """A label is set twice in a stage.

    An image has one value for each label: the last one. What stands before it is in no image, and
    says something that does not hold.

    Docker documentation, "Docker object labels".
    """

    meta = Meta(
        "label-duplicate",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/labels/no-duplicate-keys",),
        fix="safe",
    )
    on = (Label,)
    bad = "FROM debian:12-slim\nLABEL version=1.0.0\nLABEL version=1.1.0\n"
    good = "FROM debian:12-slim\nLABEL version=1.1.0\n"
    valid = (
        Valid("FROM a\nLABEL b=c d=e\nFROM f\nLABEL b=g\n"),
        Valid("FROM a\nLABEL $B=c $B=d\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b=c \\\n  d=e \\\n  b=f\n", at="b",
                fixed="FROM a\nLABEL d=e \\\n  b=f\n"),
        Invalid('FROM a\nLABEL "b"=c\nRUN d\nLABEL b=e\nLABEL b=f\n', at=('"b"', "b"),
                fixed="FROM a\nRUN d\nLABEL b=f\n"),
        Invalid("FROM a\nLABEL x=1 b=c y=2 \\\n  d=e\nLABEL b=f\nLABEL d g\n", at=("b", "d"),
                fixed="FROM a\nLABEL x=1 y=2\nLABEL b=f\nLABEL d g\n"),
        Invalid("FROM a\nLABEL x=1 \\\n  # of b\n  b=c\n# two\nLABEL b=f\n", at="b"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for found in repeated_labels(doc.model):
            yield self.finding(
                doc,
                found.span,
                f"`{found.key}` is set again below, and that value alone is in the image; leave "
                "one of the two",
                (Related(found.later, "set again here"),),
                partial(_fix, doc, found),
            )


def _fix(doc: Document, found: RepeatedLabel) -> Fix | None:
    """The first of the two taken away.

    None beside a comment, in a file that a builder refuses, and in what may be a template.
    """
    from dflint.lint.fixing import Fix
    from dflint.lint.pair_removal import pair_removal

    edit = pair_removal(doc, found.instruction, found.at)
    return None if edit is None else Fix("remove the label", (edit,))
