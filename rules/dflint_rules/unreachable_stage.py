"""The rule `unreachable-stage`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class UnreachableStage(Rule):
    """A stage is not needed to build the last one.

    BuildKit leaves out what the stage that is built does not need; the classic builder builds it
    all the same. The stage may be a target of its own (`--target`), or be copied from by an
    `ONBUILD` of the base image, which nothing in the file tells: off unless selected.

    Dockerfile reference, "FROM"; Docker documentation, "Multi-stage builds".
    """

    meta = Meta(
        "unreachable-stage",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/no-unreachable-stages",),
        default=False,
    )
    on = (From,)
    bad = "FROM node:22 AS test\nRUN npm test\n\nFROM nginx:1.29\nCOPY site /usr/share/nginx/html\n"
    good = (
        "FROM node:22 AS test\n"
        "RUN npm test\n"
        "\n"
        "FROM nginx:1.29\n"
        "COPY --from=test /app/site /usr/share/nginx/html\n"
    )
    valid = (
        Valid("FROM a AS b\nFROM b AS c\nFROM d\nCOPY --from=c x y\n"),
        Valid("FROM a\nFROM b AS c\nFROM d\nCOPY --from=0 x y\nRUN --mount=from=c x\n"),
        Valid("FROM a AS b-amd64\nFROM a AS b-arm64\nFROM b-$TARGETARCH\n"),
    )
    invalid = (
        Invalid("FROM a AS b\nFROM c\n", at="b"),
        Invalid("FROM a \\\n  # comment\n  AS b\nFROM b\nFROM c\nRUN b\n", at=("b", "FROM")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the stages that nothing leads to."""
        if len(doc.all(From)) < 2:
            return
        from dflint.semantic.needed_stages import unneeded_stages

        for stage in unneeded_stages(doc.model):
            start = stage.from_instruction
            yield self.finding(
                doc,
                doc.argument(start, 2) if stage.name else doc.keyword(start),
                f"the last stage does not need stage {stage.title}: only "
                f"`--target {stage.name or stage.index}` builds it",
            )
