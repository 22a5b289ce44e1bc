"""The rule `label-superfluous`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.text.span import Span


class LabelSuperfluous(Rule):
    """A label is set that the configuration does not know.

    With `strict-labels = true` images have the labels of `[label-schema]` and no others: a key
    that is misspelt, or left over, is then found here.

    Silent without `strict-labels`, and for keys with a variable of unknown value.

    Dockerfile reference, "LABEL".
    """

    meta = Meta(
        "label-superfluous",
        Category.LABELS,
        Severity.INFO,
        since="0.1",
        aliases=("DL3050",),
        fix="display",
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "strict-labels"
    given = (
        ("label-schema", {"org.opencontainers.image.version": "semver"}),
        ("strict-labels", True),
    )
    bad = (
        'FROM alpine:3.22\nLABEL org.opencontainers.image.version="1.2.0" com.example.host="ci-7"\n'
    )
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.version="1.2.0"\n'
    valid = (
        Valid("FROM a\nLABEL b=1\n", {"strict-labels": True, "label-schema": {"b": "text"}}),
        Valid("FROM a\nLABEL c=1\n", {"label-schema": {"b": "text"}}),
        Valid("FROM a\nLABEL $b=1\n", {"strict-labels": True}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL b=1 \\\n  # comment\n  B=2\n",
            at="B",
            options={"strict-labels": True, "label-schema": {"b": "text"}},
        ),
        Invalid("FROM a\nONBUILD LABEL c 1\n", at="c", options={"strict-labels": True}),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each key that the schema lacks."""
        settings = doc.settings
        if not settings.strict_labels:
            return
        from dflint.semantic.labels import label_pairs
        from dflint.text.nearest import nearest
        from dflint.text.quoted import quoted

        for pair in label_pairs(doc.model):
            if not pair.key or pair.key in settings.label_schema:
                continue
            meant = nearest(pair.key, settings.label_schema)
            advice = "remove it or add it to the schema" if meant is None else ""
            advice = advice or f"did you mean {quoted(str(meant))}?"
            message = f"the label schema has no {quoted(pair.key)}; {advice}"
            fix = None if meant is None else partial(_fix, pair.key_span, str(meant))
            yield self.finding(doc, pair.key_span, message, fix=fix)


def _fix(place: Span, key: str) -> Fix:
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix, may_set

    edit = Edit(place, key)
    return Fix(
        f"name it `{key}`",
        [edit],
        Applicability.DISPLAY,
        Effect.METADATA,
        contract=may_set("label"),
    )
