"""The rule `label-hash`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.label_values import is_hash
from dflint.semantic.labels import labels_of_type
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelHash(Rule):
    """A label that is to hold a hash of Git holds something else.

    It is to tell which commit the image was made from. A hash has 40 hexadecimal digits (64 in a
    repository that uses SHA-256), or the first 7 of them or more.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `hash`.
    Variables are taken at the defaults that the file gives; a value that depends on others is
    passed over. An empty one is reported here too, beside `label-empty`.

    Silent without a schema.

    gitrevisions(7), "SPECIFYING REVISIONS".
    """

    meta = Meta(
        "label-hash",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3055",),
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "label-schema"
    given = (("label-schema", {"org.opencontainers.image.revision": "hash"}),)
    bad = 'FROM alpine:3.22\nLABEL org.opencontainers.image.revision="main"\n'
    good = (
        "FROM alpine:3.22\n"
        'LABEL org.opencontainers.image.revision="9fceb02d0ae598e95dc970b74767f19372d61af8"\n'
    )
    valid = (
        Valid("FROM a\nARG C\nLABEL b=0123abc b=$C b=$D c=x\n", {"label-schema": {"b": "hash"}}),
        Valid("FROM a\nLABEL b=main\n", {"label-schema": {"b": "text"}}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL c=x \\\n  # comment\n  b=main\n",
            at="main",
            options={"label-schema": {"b": "hash"}},
        ),
        Invalid(
            "FROM a\nARG C=main\nLABEL b=$C\nONBUILD LABEL b='main'\n",
            at=("$C", "'main'"),
            options={"label-schema": {"b": "hash"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and of another form."""
        for pair, value in labels_of_type(doc.model, doc.settings.label_schema, "hash"):
            if not is_hash(value):
                message = (
                    f"{quoted(value)} names no commit; "
                    "write the hash, as `git rev-parse HEAD` prints it"
                )
                yield self.finding(doc, pair.value_span, message)
