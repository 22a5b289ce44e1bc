"""The rule `label-empty`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.labels import label_pairs
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.labels import LabelPair


class LabelEmpty(Rule):
    """A label that the configuration asks for has no value.

    The label is there, and says nothing: whoever reads it finds an empty text. Asked are the
    labels of `[label-schema]`. A value that is empty only because of a build argument's default
    waits for that argument, and is not reported.

    The fix removes the label. It is unsafe: the base image may have one of that name, which an
    empty value hides. There is none in a trigger, nor where the file sets the label to something
    else as well.

    Silent without a schema.

    Dockerfile reference, "LABEL".
    """

    meta = Meta(
        "label-empty",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3051",),
        fix="unsafe",
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "label-schema"
    given = (("label-schema", {"com.example.team": "text"}),)
    bad = 'FROM alpine:3.22\nLABEL com.example.team=""\n'
    good = 'FROM alpine:3.22\nLABEL com.example.team="platform"\n'
    valid = (
        Valid('FROM a\nARG C=""\nLABEL b=$C d=\n', {"label-schema": {"b": "text"}}),
        Valid('FROM a\nLABEL b=" "\n', {"label-schema": {"b": "text"}}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL b=\n",
            at="b",
            options={"label-schema": {"b": "text"}},
            fixed="FROM a\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a AS c\nLABEL b=1\nFROM c\nLABEL b=\n",
            at="b",
            options={"label-schema": {"b": "text"}},
        ),
        Invalid(
            "FROM a\nLABEL c=1 \\\n  b='' \\\n  d=2\n",
            at="''",
            options={"label-schema": {"b": "text"}},
            fixed="FROM a\nLABEL c=1 \\\n  d=2\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nLABEL c=1 \\\n  # comment\n  b=''\nONBUILD LABEL b=\"\"\n",
            at=("''", '""'),
            options={"label-schema": {"b": "url"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each label of the schema with an empty value."""
        for pair in label_pairs(doc.model):
            if pair.value == "" and pair.key and pair.key in doc.settings.label_schema:
                message = f"{quoted(pair.key)} is in the image without a value; give it one"
                yield self.finding(doc, pair.value_span, message, fix=partial(_fix, doc, pair))


def _fix(doc: Document, pair: LabelPair) -> Fix | None:
    from dflint.lint.label_value_fixes import remove_label

    if any(one.key == pair.key and one.value != "" for one in label_pairs(doc.model)):
        return None  # which it takes back
    return remove_label(doc, pair)
