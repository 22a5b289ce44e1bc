"""The rule `latest-tag`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class LatestTag(Rule):
    """The base image has the tag `latest`.

    `latest` is no version: it is whatever was pushed under this tag last. The same Dockerfile
    gives another image tomorrow, and a new major version arrives unannounced. A digest beside
    the tag pins the image all the same.

    Off unless selected: which versions are pinned, and where, is a matter of policy, and the
    advice on pinning is what users of linters switch off most.

    Dockerfile reference, "FROM".
    """

    meta = Meta(
        "latest-tag",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3007",
            "latest_tag",
            "is_latest_tag",
            "DS-0001",
            "Image_Version_Using_latest",
            "avoid-latest-version",
            "CKV_DOCKER_7",
            "DKL-DI-0006",
        ),
        default=False,
    )
    on = (From,)
    bad = "FROM node:latest\n"
    good = "FROM node:22\n"
    valid = (
        Valid("FROM a:1 AS latest\nFROM latest\nFROM a:latest-slim\nFROM b\n"),
        Valid("FROM a:latest@sha256:" + "0" * 64 + "\nCOPY --from=b:latest c d\n"),
        Valid("ARG TAG\nFROM a:${TAG}\nFROM a:latest$TAG\n"),
    )
    invalid = (
        Invalid("FROM a:latest\n", at="latest"),
        Invalid("FROM \\\n  # a:1\n  localhost:5000/a:latest AS b\nFROM b\n", at="latest"),
        Invalid("ARG IMAGE\nFROM $IMAGE:latest\n", at="latest"),
        Invalid("ARG TAG=latest\nFROM a:$TAG\nFROM a:${X:-latest}\n", ("a:$TAG", "a:${X:-latest}")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the tag, or the whole name when a variable gives the tag."""
        if "latest" not in doc.text:
            return
        from dflint.semantic.base_tags import latest_bases

        for stage, name in latest_bases(doc.model):
            instruction = stage.from_instruction
            begin, end = instruction.reading.places[0]
            if instruction.reading.arguments[0].endswith(":latest"):
                begin = end - len("latest")
            yield self.finding(
                doc,
                doc.place(instruction, begin, end),
                f"{quoted(name)} is whatever was pushed last when the build runs; name a version",
            )
