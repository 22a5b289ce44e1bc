"""The rule `label-url`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.label_values import is_url
from dflint.semantic.labels import labels_of_type
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelUrl(Rule):
    """A label that is to hold a URL holds something else.

    Tools make a link of it, which leads nowhere without `https://` or another scheme in front.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `url`.
    Variables are taken at the defaults that the file gives; a value that depends on others is
    passed over. An empty one is reported here too, beside `label-empty`.

    Silent without a schema.

    RFC 3986, section 3.
    """

    meta = Meta(
        "label-url",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3052",),
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "label-schema"
    given = (("label-schema", {"org.opencontainers.image.source": "url"}),)
    bad = 'FROM alpine:3.22\nLABEL org.opencontainers.image.source="example.org/server"\n'
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.source="https://example.org/server"\n'
    valid = (
        Valid(
            "FROM a\nARG C\nLABEL b=https://a.b/c b=$C b=$D c=x\n",
            {"label-schema": {"b": "url"}},
        ),
        Valid("FROM a\nLABEL b=a.b/c\n", {"label-schema": {"b": "text"}}),
    )
    invalid = (
        Invalid('FROM a\nLABEL b=""\n', at='""', options={"label-schema": {"b": "url"}}),
        Invalid(
            "FROM a\nLABEL c=x \\\n  # comment\n  b=a.b/c\n",
            at="a.b/c",
            options={"label-schema": {"b": "url"}},
        ),
        Invalid(
            "FROM a\nARG C=a.b/c\nLABEL b=$C\nONBUILD LABEL b='a.b/c'\n",
            at=("$C", "'a.b/c'"),
            options={"label-schema": {"b": "url"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and of another form."""
        for pair, value in labels_of_type(doc.model, doc.settings.label_schema, "url"):
            if not is_url(value):
                message = (
                    f"{quoted(value)} is no URL, nobody can follow it; "
                    "write it with its scheme, as in `https://example.com`"
                )
                yield self.finding(doc, pair.value_span, message)
