"""The rule `copy-whole-fs`."""

from __future__ import annotations

from dflint.cst.instructions import Copy, OnBuild
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.whole_copies import whole_copies
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class CopyWholeFs(Rule):
    """The whole file system of one image is copied over that of another.

    `COPY --from=x / /` puts the programs, libraries and `/etc` of one system over another's:
    users and packages that the base image had installed are overwritten in part, its package
    database no longer tells what is there, and the image holds both. Copy the directories that
    are needed.

    Not reported onto `scratch`, where it makes one layer of many on purpose, and from a stage
    that began as `scratch` or an image as it is that is no known system: they often hold nothing
    but what is to be added, as `tonistiigi/xx` does.

    Dockerfile reference, "COPY --from".
    """

    meta = Meta(
        "copy-whole-fs",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("DL3067",),
    )
    on = (
        Copy,
        OnBuild,
    )
    mentions = ("from=",)
    bad = (
        "FROM golang:1.25 AS build\n"
        "RUN go install example.org/server@v1.4.0\n"
        "\n"
        "FROM debian:12-slim\n"
        "COPY --from=build / /\n"
    )
    good = (
        "FROM golang:1.25 AS build\n"
        "RUN go install example.org/server@v1.4.0\n"
        "\n"
        "FROM debian:12-slim\n"
        "COPY --from=build /go/bin/server /usr/local/bin/\n"
    )
    valid = (
        Valid("FROM a AS b\nFROM scratch\nCOPY --from=b / /\n"),
        Valid("FROM scratch AS b\nFROM c\nCOPY --from=b / /\nCOPY --from=d/e / /\n"),
        Valid("FROM tonistiigi/xx AS xx\nFROM c\nCOPY --from=xx / /\n"),
        Valid("COPY --from=b / .\n"),
        Valid("FROM debian AS b\nFROM c\nCOPY --from=b / /b\nCOPY --from=b /b /\nCOPY / /\n"),
    )
    invalid = (
        Invalid("FROM debian AS b\nFROM c\nCOPY --from=b / /\n", at="/ /"),
        Invalid(
            "FROM a AS b\nRUN x\nFROM c\nWORKDIR /\nCOPY --from=0 \\\n  # comment\n  /d . ./\n",
            at="/d . ./",
        ),
        Invalid('FROM a\nONBUILD COPY --from=alpine:3 ["/", "/"]\n', at='["/", "/"]'),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each copy of a root onto a root."""
        for found in whole_copies(doc.model):
            name = quoted(found.reading.flag("from") or "")
            yield self.finding(
                doc,
                found.arguments,
                f"the system of {name} overwrites that of the base image, and the image holds "
                "both; copy the directories that are needed",
            )
