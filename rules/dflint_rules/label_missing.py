"""The rule `label-missing`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.labels import missing_labels
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LabelMissing(Rule):
    """A label that the configuration asks for is not set.

    `[label-schema]` in the configuration lists the labels that every image has. A label counts
    when the stage sets it, a stage of the file that it is built on, or a trigger of that. Asked
    are the stages that give images: the last one, and those that no other stage is built on or
    copies from.

    Silent without a schema, and where a key has a variable of unknown value.

    Dockerfile reference, "LABEL".
    """

    meta = Meta(
        "label-missing",
        Category.LABELS,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3049",
            "label_rules",
            "S7028",
        ),
    )
    on = (From,)
    needs = "label-schema"
    given = (("label-schema", {"org.opencontainers.image.source": "url"}),)
    bad = "FROM alpine:3.22\nCOPY server /usr/local/bin/\n"
    good = (
        "FROM alpine:3.22\n"
        'LABEL org.opencontainers.image.source="https://example.org/server"\n'
        "COPY server /usr/local/bin/\n"
    )
    valid = (
        Valid("FROM a\nLABEL b=1\n", {"label-schema": {"b": "text"}}),
        Valid(
            "FROM a AS x\nONBUILD LABEL c=1\nFROM x\nLABEL \\\n  # comment\n  b=1\n",
            {"label-schema": {"b": "text", "c": "text"}},
        ),
        Valid("FROM a\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL c=1\n", at="FROM", options={"label-schema": {"b": "text"}}),
        Invalid(
            "FROM a AS x\nFROM b AS y\nLABEL b=1\nFROM \\\n  # comment\n  c\nCOPY --from=x d e\n",
            at="FROM",
            options={"label-schema": {"b": "text"}},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each stage that gives an image, with all labels that it lacks."""
        for stage, missing in missing_labels(doc.model, doc.settings.label_schema):
            shown = ", ".join(quoted(key) for key in missing[:5])
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            message = f"the image lacks what the label schema asks for: set {shown}{more}"
            yield self.finding(doc, doc.keyword(stage.from_instruction), message)
