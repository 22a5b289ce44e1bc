"""The rule `stage-name-casing`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.stage_names import written_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class StageNameCasing(Rule):
    """A stage's name has capitals, which BuildKit turns into lower case.

    `AS Build` makes a stage `build`. `COPY --from=Build` finds it, `FROM Build` does not: it is
    taken for an image, and the build stops.

    BuildKit check StageNameCasing.
    """

    meta = Meta(
        "stage-name-casing",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("StageNameCasing",),
    )
    on = (From,)
    bad = "FROM golang:1.25 AS Build\n"
    good = "FROM golang:1.25 AS build\n"
    valid = (
        Valid("FROM a AS build-1.0_x\nCOPY --from=Build c d\n"),
        Valid("FROM A\n# FROM b AS Build\nRUN echo AS Build\n"),
    )
    invalid = (
        Invalid("FROM a AS Build\n", at="Build"),
        Invalid("from a \\\n  # comment\n  as BUILD\nFROM b AS One\n", at=("BUILD", "One")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the names with capitals."""
        for stage in doc.all(From):
            name = written_name(stage)
            if name != name.lower() and "$" not in name:
                yield self.finding(
                    doc,
                    doc.argument(stage, 2),
                    f"`FROM` finds the stage `{name}` as `{name.lower()}` only; name it so",
                )
