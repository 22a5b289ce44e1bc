"""The rule `label-time`."""

from __future__ import annotations

import re
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

#: A date in the order of ISO 8601, perhaps with a time, perhaps with a zone.
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:[Tt]|[ ]+)(\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?"
    r"(?: *(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?))?)?"
)


class LabelTime(Rule):
    """A label that is to hold a time holds something else.

    Such a value is a date, a time and an offset in the form of RFC 3339, and tools read it as
    nothing else: `2025-01-31T12:00:00Z`. A date alone is not one, nor is a time without `Z` or
    `+01:00`.

    Asked are the labels to which `[label-schema]` in the configuration gives the type `rfc3339`,
    with variables taken at the defaults that the file gives. Without a schema, too,
    `org.opencontainers.image.created` is reported when its value is written out: its definition
    demands this form. An empty value is reported where the schema asks for one.

    The fix writes what has a zone in this form (`2025-01-31 12:00 +0100`). It is unsafe, for
    somebody may read the old value. For a date alone, and a time without a zone, that of UTC is
    only proposed.

    OCI image specification, "Annotations"; RFC 3339, section 5.6.
    """

    meta = Meta(
        "label-time",
        Category.LABELS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3053",),
        fix="unsafe",
    )
    on = (Label, OnBuild)
    bad = 'FROM alpine:3.22\nLABEL org.opencontainers.image.created="2025-01-31"\n'
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.created="2025-01-31T12:00:00Z"\n'
    valid = (
        Valid("FROM a\nLABEL org.opencontainers.image.created=2025-01-31T12:00:00.5+01:00\n"),
        Valid("FROM a\nARG D=today\nLABEL org.opencontainers.image.created=$D created=today\n"),
        Valid("FROM a\nARG D\nLABEL b=$D c=2025\n", {"label-schema": {"b": "rfc3339"}}),
    )
    invalid = (
        Invalid(
            "FROM a\nLABEL org.opencontainers.image.created='2025-01-31 12:00 +0100'\n"
            "LABEL org.opencontainers.image.created=20250131T120000Z b=c\n",
            at=("'2025-01-31 12:00 +0100'", "20250131T120000Z"),
            fixed="FROM a\nLABEL org.opencontainers.image.created='2025-01-31T12:00:00+01:00'\n"
            "LABEL org.opencontainers.image.created=2025-01-31T12:00:00Z b=c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nLABEL c=1 \\\n  # comment\n  org.opencontainers.image.created=2025-01-31\n",
            at="2025-01-31",
        ),
        Invalid(
            "FROM a\nARG D=today\nLABEL b=$D\nONBUILD LABEL b='2025-02-30T12:00:00Z'\n",
            at=("$D", "'2025-02-30T12:00:00Z'"),
            options={"label-schema": {"b": "rfc3339"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each value that is known and of another form."""
        standard = "org.opencontainers.image.created"
        schema = doc.settings.label_schema
        if not schema and standard not in doc.text:
            return
        from dflint.semantic.label_values import is_time
        from dflint.semantic.labels import labels_of_type
        from dflint.text.quoted import quoted

        for pair, value in labels_of_type(doc.model, schema, "rfc3339", standard):
            if not is_time(value):
                message = (
                    f"{quoted(value)} is no time as RFC 3339 has it, tools cannot read it; "
                    "write it as in `2025-01-31T12:00:00Z`"
                )
                fix = partial(_fix, doc, pair, value)
                yield self.finding(doc, pair.value_span, message, fix=fix)


def _fix(doc: Document, pair: LabelPair, value: str) -> Fix | None:
    from dflint.lint.fixing import Applicability
    from dflint.lint.label_value_fixes import write_value
    from dflint.semantic.label_values import is_time

    found = _ISO.fullmatch(value.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second, part, zone = (one or "" for one in found.groups())
    offset = "Z"
    if zone[:1] in ("+", "-"):
        offset = f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
    time = f"{hour or '00'}:{minute or '00'}:{second or '00'}{part}"
    written = f"{year}-{month}-{day}T{time}{offset}"
    applicability = Applicability.UNSAFE if zone else Applicability.DISPLAY
    return write_value(doc, pair, written, applicability) if is_time(written) else None
