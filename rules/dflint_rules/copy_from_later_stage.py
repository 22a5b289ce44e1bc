"""The rule `copy-from-later-stage`."""

from __future__ import annotations

from dflint.cst.instructions import Copy, From, Run
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.copy_sources import copy_references, later_stage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class CopyFromLaterStage(Rule):
    """A stage copies from one that comes after it.

    BuildKit refuses it: the stage "needs to be defined before current stage". Where two stages
    share a name, BuildKit takes the last of them, even one below the `COPY`.

    Dockerfile reference, "COPY": `--from` takes a previous build stage.
    """

    meta = Meta(
        "copy-from-later-stage",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3022",
            "COPY_from_Without_FROM_Alias_Defined_Previously",
            "tally/circular-stage-deps",
        ),
    )
    on = (Copy, Run)
    mentions = ("from=",)
    bad = (
        "FROM nginx:1.29\n"
        "COPY --from=build /site /usr/share/nginx/html\n"
        "\n"
        "FROM node:22 AS build\n"
        "RUN npm run build\n"
    )
    good = (
        "FROM node:22 AS build\n"
        "RUN npm run build\n"
        "\n"
        "FROM nginx:1.29\n"
        "COPY --from=build /site /usr/share/nginx/html\n"
    )
    valid = (
        Valid("FROM a AS b\nFROM c AS d\nCOPY --from=b x y\nCOPY --from=0 x y\n"),
        Valid("FROM a\nCOPY --from=c x y\n# FROM b AS c\nRUN --mount=from=1 x\nFROM d\n"),
    )
    invalid = (
        Invalid("FROM a\nCOPY --from=c x y\nFROM b AS c\n", at="c"),
        Invalid("FROM a\nCOPY \\\n  # comment\n  --from=1 x y\nFROM b\n", at="1"),
        Invalid("FROM a\nRUN --mount=target=/x,from=C x\nFROM b AS c\n", at="C"),
        Invalid("FROM a AS b\nFROM c\nCOPY --from=b x y\nFROM d AS b\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every reference to a stage further down."""
        if "from=" not in doc.text or len(doc.all(From)) < 2:
            return
        for reference in copy_references(doc.model):
            later = later_stage(doc.model, reference)
            if later is not None:
                where = doc.first_line(later.from_instruction)
                yield self.finding(
                    doc,
                    reference.span,
                    f"stage {later.title} begins only on line {doc.lines.line(where.start)}, the "
                    "build stops; move it above this stage",
                    (Related(where, "the stage that is named"),),
                )
