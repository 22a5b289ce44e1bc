"""The rule `label-spdx`."""

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
    from dflint.semantic.labels import LabelPair


class LabelSpdx(Rule):
    """A label that is to hold a licence expression of SPDX holds something else.

    Tools that list the licences of images know them by the identifiers of the SPDX License List,
    joined by `AND`, `OR`, `WITH` and parentheses: `Apache-2.0 OR MIT`, not `Apache 2.0/MIT`. A
    licence that is not on the list is `LicenseRef-` and a name of yours.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `spdx`,
    with variables taken at the defaults that the file gives; there an identifier that the list
    has deprecated, as `GPL-2.0`, is reported as well. Without a schema, too,
    `org.opencontainers.image.licenses` is reported when its value is written out: its definition
    demands this form. An empty value is reported where the schema asks for one.

    The fix writes the identifier of a licence that is written in another well-known way, as
    `Apache 2.0`, `SPDX:MIT`, `3-clause BSD`. It is unsafe, for somebody may read the old
    value. There is none where two identifiers may be meant, as with `GPL v3`.

    OCI image specification, "Annotations"; SPDX specification, "SPDX license expressions".
    """

    meta = Meta(
        "label-spdx",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3054",),
        fix="unsafe",
    )
    on = (Label, OnBuild)
    bad = 'FROM alpine:3.22\nLABEL org.opencontainers.image.licenses="Apache 2.0"\n'
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.licenses="Apache-2.0"\n'
    valid = (
        Valid("FROM a\nLABEL org.opencontainers.image.licenses='mit AND (ISC OR GPL-2.0+)'\n"),
        Valid(
            "FROM a\nLABEL b='GPL-2.0-only WITH Classpath-exception-2.0' b=LicenseRef-A b=$C\n",
            {"label-schema": {"b": "spdx"}},
        ),
        Valid("FROM a\nLABEL license='GNU GPL'\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL org.opencontainers.image.licenses='The MIT License' b=c\n",
            at="'The MIT License'",
            fixed="FROM a\nLABEL org.opencontainers.image.licenses='MIT' b=c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nLABEL org.opencontainers.image.licenses=apache2\n"
            'LABEL org.opencontainers.image.licenses="GPL v3+"\n'
            'LABEL org.opencontainers.image.licenses="GPL v3"\n',
            at=("apache2", '"GPL v3+"', '"GPL v3"'),
            fixed="FROM a\nLABEL org.opencontainers.image.licenses=Apache-2.0\n"
            'LABEL org.opencontainers.image.licenses="GPL-3.0-or-later"\n'
            'LABEL org.opencontainers.image.licenses="GPL v3"\n',
            unsafe=True,
        ),
        Invalid(
            "FROM a\nLABEL c=1 \\\n  # comment\n  org.opencontainers.image.licenses='MIT, ISC'\n",
            at="'MIT, ISC'",
        ),
        Invalid(
            "FROM a\nARG L=Apache\nLABEL b=$L b='MIT OR'\nONBUILD LABEL b=GPL-2.0\n",
            at=("$L", "'MIT OR'", "GPL-2.0"),
            options={"label-schema": {"b": "spdx"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and no expression."""
        standard = "org.opencontainers.image.licenses"
        schema = doc.settings.label_schema
        if not schema and standard not in doc.text:
            return
        from dflint.semantic.labels import labels_of_type
        from dflint.semantic.spdx import reason_against

        for pair, value in labels_of_type(doc.model, schema, "spdx", standard):
            reason = reason_against(value, is_strict=pair.key in schema)
            if reason is not None:
                fix = partial(_fix, doc, pair, value)
                yield self.finding(doc, pair.value_span, reason, fix=fix)


def _fix(doc: Document, pair: LabelPair, value: str) -> Fix | None:
    from dflint.lint.label_value_fixes import write_value
    from dflint.semantic.spdx_names import licence_meant

    meant = licence_meant(value)
    return None if meant is None else write_value(doc, pair, meant)
