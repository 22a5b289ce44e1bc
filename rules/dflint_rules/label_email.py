"""The rule `label-email`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.label_values import is_email
from dflint.semantic.labels import labels_of_type
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelEmail(Rule):
    """A label that is to hold an e-mail address holds something else.

    It is to tell whom to write to: one address, `name@domain`, without a name beside it.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `email`.
    Variables are taken at the defaults that the file gives; a value that depends on others is
    passed over. An empty one is reported here too, beside `label-empty`.

    Silent without a schema.

    RFC 5322, section 3.4.1.
    """

    meta = Meta(
        "label-email",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3058",),
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "label-schema"
    given = (("label-schema", {"com.example.contact": "email"}),)
    bad = 'FROM alpine:3.22\nLABEL com.example.contact="Jo Doe"\n'
    good = 'FROM alpine:3.22\nLABEL com.example.contact="jo@example.org"\n'
    valid = (
        Valid(
            "FROM a\nARG C\nLABEL b=me@example.com b=$C b=$D c=x\n",
            {"label-schema": {"b": "email"}},
        ),
        Valid("FROM a\nLABEL b=me\n", {"label-schema": {"b": "text"}}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL c=x \\\n  # comment\n  b=me\n",
            at="me",
            options={"label-schema": {"b": "email"}},
        ),
        Invalid(
            "FROM a\nARG C=me\nLABEL b=$C\nONBUILD LABEL b='me'\n",
            at=("$C", "'me'"),
            options={"label-schema": {"b": "email"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and of another form."""
        for pair, value in labels_of_type(doc.model, doc.settings.label_schema, "email"):
            if not is_email(value):
                message = (
                    f"{quoted(value)} is no e-mail address to write to; "
                    "write one as in `name@example.com`"
                )
                yield self.finding(doc, pair.value_span, message)
