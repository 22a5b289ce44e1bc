"""The rule `reserved-stage-name`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.stage_names import written_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class ReservedStageName(Rule):
    """A stage is named `scratch` or `context`, words that BuildKit keeps for itself.

    With a stage `scratch` above it, `FROM scratch` begins with that stage's files instead of
    with nothing. `context` is what BuildKit calls the build context.

    BuildKit check ReservedStageName.
    """

    meta = Meta(
        "reserved-stage-name",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3063", "ReservedStageName"),
    )
    on = (From,)
    occasion = "stage name"
    bad = (
        "FROM golang:1.25 AS scratch\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM scratch\n"
        "COPY --from=0 /app /app\n"
    )
    good = (
        "FROM golang:1.25 AS build\n"
        "WORKDIR /src\nCOPY . .\n"
        "RUN go build -o /app .\n"
        "\n"
        "FROM scratch\n"
        "COPY --from=build /app /app\n"
    )
    valid = (
        Valid("FROM scratch AS empty\nFROM empty\n"),
        Valid("FROM a AS contexts\nFROM b AS from-scratch\n"),
    )
    invalid = (
        Invalid("FROM a AS scratch\nFROM scratch\n", at="scratch"),
        Invalid("FROM a \\\n  # comment\n  as Context\n", at="Context"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the reserved names."""
        for stage in doc.all(From):
            name = written_name(stage)
            if name.lower() == "scratch":
                effect = "a later `FROM scratch` begins with this stage instead of with nothing"
            elif name.lower() == "context":
                effect = "it is what BuildKit calls the build context"
            else:
                continue
            yield self.finding(
                doc,
                doc.argument(stage, 2),
                f"`{name}` is a reserved name: {effect}; choose another",
            )
