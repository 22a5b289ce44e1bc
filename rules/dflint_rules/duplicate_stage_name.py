"""The rule `duplicate-stage-name`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Related, Rule, Severity, Valid
from dflint.semantic.stage_names import written_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class DuplicateStageName(Rule):
    """Two stages have the same name; the earlier one can hardly be reached by it.

    Names are compared without regard to case. `docker build --target` and `COPY --from` take the
    last stage of the name; a `COPY --from` between the two stages is refused, for the stage that
    it names comes later. `FROM` takes the last one above it.

    Dockerfile reference, "FROM"; BuildKit check DuplicateStageName.
    """

    meta = Meta(
        "duplicate-stage-name",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3024",
            "DuplicateStageName",
            "DS-0012",
            "Same_Alias_In_Different_Froms",
            "CKV_DOCKER_11",
            "DUPLICATE_BUILD_STAGE_NAME",
        ),
    )
    on = (From,)
    occasion = "stage name"
    bad = (
        "FROM golang:1.25 AS build\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM alpine:3.22 AS build\n"
        "COPY --from=0 /app /app\n"
    )
    good = (
        "FROM golang:1.25 AS build\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM alpine:3.22 AS final\n"
        "COPY --from=build /app /app\n"
    )
    valid = (
        Valid("FROM a AS one\nFROM b AS two\nFROM one\n"),
        Valid("FROM a AS one\nFROM one\n# FROM b AS one\nRUN echo \\\n  AS one\n"),
    )
    invalid = (
        Invalid("FROM a AS one\nFROM b AS one\n", at="one"),
        Invalid("FROM a AS one\nFROM b \\\n  # comment\n  as One\nFROM c\n", at="One"),
        Invalid("FROM a AS x\nFROM b AS x\nFROM c AS x\n", at=("x", "x")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every name that an earlier stage has."""
        first: dict[str, From] = {}
        for stage in doc.all(From):
            name = written_name(stage).lower()
            earlier = first.setdefault(name, stage) if name else stage
            if earlier is stage:
                continue
            where = doc.argument(earlier, 2)
            yield self.finding(
                doc,
                doc.argument(stage, 2),
                f"the stage on line {doc.lines.line(where.start)} is `{name}` too: "
                f"`COPY --from={name}` and `--target {name}` take the last one; rename one",
                (Related(where, "the first stage of this name"),),
            )
