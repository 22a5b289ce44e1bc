"""The rule `label-semver`."""

from __future__ import annotations

from dflint.cst.instructions import Label, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.label_values import is_semver
from dflint.semantic.labels import labels_of_type
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelSemver(Rule):
    """A label that is to hold a semantic version holds something else.

    Versions are compared number by number: three numbers without leading zeros, then perhaps
    `-` and a pre-release, `+` and a build. There is no `v` in front.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `semver`.
    Variables are taken at the defaults that the file gives; a value that depends on others is
    passed over. An empty one is reported here too, beside `label-empty`.

    Silent without a schema.

    Semantic Versioning 2.0.0.
    """

    meta = Meta(
        "label-semver",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3056",),
    )
    on = (
        Label,
        OnBuild,
    )
    needs = "label-schema"
    given = (("label-schema", {"org.opencontainers.image.version": "semver"}),)
    bad = 'FROM alpine:3.22\nLABEL org.opencontainers.image.version="v1.2"\n'
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.version="1.2.0"\n'
    valid = (
        Valid(
            "FROM a\nARG C\nLABEL b=1.2.3-rc.1+5 b=$C b=$D c=x\n",
            {"label-schema": {"b": "semver"}},
        ),
        Valid("FROM a\nLABEL b=v1.2\n", {"label-schema": {"b": "text"}}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL c=x \\\n  # comment\n  b=v1.2\n",
            at="v1.2",
            options={"label-schema": {"b": "semver"}},
        ),
        Invalid(
            "FROM a\nARG C=v1.2\nLABEL b=$C\nONBUILD LABEL b='v1.2'\n",
            at=("$C", "'v1.2'"),
            options={"label-schema": {"b": "semver"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and of another form."""
        for pair, value in labels_of_type(doc.model, doc.settings.label_schema, "semver"):
            if not is_semver(value):
                message = (
                    f"{quoted(value)} is no semantic version and cannot be compared; "
                    "write it as in `1.2.3` or `1.2.3-rc.1`"
                )
                yield self.finding(doc, pair.value_span, message)
