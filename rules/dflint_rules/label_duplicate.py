"""The rule `label-duplicate`."""

from __future__ import annotations

from dflint.cst.instructions import Label
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.repeated_labels import repeated_labels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


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
    )
    on = (Label,)
    bad = "FROM debian:12-slim\nLABEL version=1.0.0\nLABEL version=1.1.0\n"
    good = "FROM debian:12-slim\nLABEL version=1.1.0\n"
    valid = (
        Valid("FROM a\nLABEL b=c d=e\nFROM f\nLABEL b=g\n"),
        Valid("FROM a\nLABEL $B=c $B=d\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b=c \\\n  d=e \\\n  b=f\n", at="b"),
        Invalid('FROM a\nLABEL "b"=c\nRUN d\nLABEL b=e\nLABEL b=f\n', at=('"b"', "b")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for first, second, key in repeated_labels(doc.model):
            yield self.finding(
                doc,
                first,
                f"`{key}` is set again below, and that value alone is in the image; leave one of "
                "the two",
                (Related(second, "set again here"),),
            )
