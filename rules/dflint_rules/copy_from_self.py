"""The rule `copy-from-self`."""

from __future__ import annotations

from dflint.cst.instructions import Copy, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.copy_sources import copy_references
from dflint.semantic.stages import ReferenceKind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class CopyFromSelf(Rule):
    """A stage copies from itself, which no builder can do.

    The stage would have to be finished before it is built: BuildKit stops with "circular
    dependency detected on stage". Files of the stage itself are copied with `RUN cp`.

    Dockerfile reference, "COPY": `--from` takes a previous build stage.
    """

    meta = Meta(
        "copy-from-self",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3023",
            "DS-0006",
            "COPY_from_References_Current_FROM_Alias",
        ),
    )
    on = (Copy, Run)
    mentions = ("from=",)
    bad = (
        "FROM golang:1.25 AS build\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /out/app .\n"
        "COPY --from=build /out/app /usr/local/bin/\n"
    )
    good = (
        "FROM golang:1.25 AS build\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /out/app .\n"
        "\n"
        "FROM gcr.io/distroless/static:nonroot\n"
        "COPY --from=build /out/app /usr/local/bin/\n"
    )
    valid = (
        Valid("FROM a AS b\nFROM c AS d\nCOPY --from=b x y\nRUN --mount=from=b x\n"),
        Valid("FROM node AS build\nCOPY --from=node x y\n# COPY --from=build x y\n"),
        Valid("FROM a\nRUN --mount=from=0 x\n"),
    )
    invalid = (
        Invalid("FROM a AS b\nCOPY --from=b x y\n", at="b"),
        Invalid("FROM a\nCOPY \\\n  # comment\n  --chown=1 --from=0 x y\n", at="0"),
        Invalid("FROM a AS B\nRUN --mount=type=bind,from=b,target=/x <<E\nx\nE\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every reference of a stage to itself."""
        if "from=" not in doc.text:
            return
        for reference in copy_references(doc.model):
            if reference.kind is ReferenceKind.SELF:
                what = "mount" if reference.instruction.KEYWORD == "RUN" else "copy from"
                yield self.finding(
                    doc,
                    reference.span,
                    f"the stage {reference.user.title} cannot {what} itself, the build stops; "
                    "its files are here already: use `RUN cp`",
                )
