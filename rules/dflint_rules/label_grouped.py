"""The rule `label-grouped`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Label
from dflint.lint.options import OptionSpec
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class LabelGrouped(Rule):
    """Labels are set by several `LABEL` in a row.

    One `LABEL` with several pairs, a line for each, says the same and is read as one. With old
    builders each `LABEL` was a layer; that is long gone, so it is a matter of taste.

    The fix makes one of all that follow each other. Comments between them stay above the pair that
    they are above, `LABEL key value` gets its `=`. There is none over comments that silence rules,
    in templates, and where a value has swallowed other pairs.

    Off unless selected.

    Dockerfile best practices, "LABEL".
    """

    meta = Meta(
        "label-grouped",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("tally/labels/prefer-grouped",),
        default=False,
        fix="safe",
        options=(
            OptionSpec(
                "three",
                "bool",
                False,
                "Report only what would make a LABEL of three pairs or more.",
                exact_for=("tally/labels/prefer-grouped",),
            ),
        ),
    )
    on = (Label,)
    bad = "FROM debian:12-slim\nLABEL team=web\nLABEL tier=front\n"
    good = "FROM debian:12-slim\nLABEL team=web \\\n    tier=front\n"
    valid = (
        Valid("FROM a\nLABEL b=c\nRUN d\nLABEL e=f\n"),
        Valid("FROM a\nENV b=c\nLABEL d=e\n"),
    )
    invalid = (
        Invalid("FROM a\nLABEL b=c\nLABEL d=e\nLABEL f=g\n", at="LABEL", options={"three": True},
                fixed="FROM a\nLABEL b=c \\\n    d=e \\\n    f=g\n"),
        Invalid("FROM a\nLABEL b=c\nLABEL d=e\nLABEL f=g\n", at=("LABEL", "LABEL"),
                fixed="FROM a\nLABEL b=c \\\n    d=e \\\n    f=g\n"),
        Invalid("FROM a\nLABEL b=c\n\n# d\nlabel d=e\n", at="label",
                fixed="FROM a\nLABEL b=c \\\n    # d\n    d=e\n"),
        Invalid("FROM a\r\nLABEL b c d\r\nLABEL e=f \\\r\n  g=h i=\r\nLABEL j  \"k l\" m \r\n",
                at=("LABEL", "LABEL"),
                fixed="FROM a\r\nLABEL b=\"c d\" \\\r\n  e=f \\\r\n  g=h \\\r\n  i= \\\r\n"
                      "  j=\"k l m\" \r\n"),
        Invalid("# escape=`\nFROM a\nLABEL b=c\\\nLABEL `\n  # d\n  d=e", at="LABEL",
                fixed="# escape=`\nFROM a\nLABEL b=c\\ `\n  # d\n  d=e"),
        Invalid("FROM a\nLABEL b=c\n# hadolint ignore=DL3048\nLABEL d=e\n", at="LABEL"),
        Invalid("FROM a\nLABEL b=c\n#if X\nLABEL d=e\n#endif\n", at="LABEL"),
        Invalid("FROM a\nLABEL b c d=e\nLABEL d=e\n", at="LABEL"),
    )  # fmt: skip

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        fewest = 3 if doc.settings.options.get(self.meta.name, {}).get("three") else 2
        previous = None
        pairs = 0
        fixes: dict[Instruction, Fix | None] = {}
        for instruction in doc.instructions:
            if not isinstance(instruction, Label):
                pairs = 0
            else:
                pairs += len(instruction.reading.arguments) // 3
            if isinstance(instruction, Label) and isinstance(previous, Label) and pairs >= fewest:
                yield self.finding(
                    doc,
                    doc.keyword(instruction),
                    "this can be a part of the LABEL above; write one LABEL with several lines",
                    fix=partial(_fix, doc, instruction, fixes),
                )
            previous = instruction


def _fix(doc: Document, label: Label, fixes: dict[Instruction, Fix | None]) -> Fix | None:
    """The fix of the row that it stands in, which is made for all of them at once."""
    if label not in fixes:
        import dflint.lint.label_fixes as module

        fixes.update(module.group_labels(doc, label))
    return fixes[label]
