"""The rule `stale-base-digest`."""

from __future__ import annotations

from dflint.cst.instructions import Label
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


_KEY = "org.opencontainers.image.base.digest"


class StaleBaseDigest(Rule):
    """A label names another base image than `FROM` does.

    `org.opencontainers.image.base.digest` is where scanners and registries look to find out
    whether an image is built on one that has been replaced. When `FROM` is raised and the label
    is not, they compare with an image that has nothing to do with it.

    OCI image specification, "Pre-Defined Annotation Keys".
    """

    meta = Meta(
        "stale-base-digest",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/labels/no-stale-base-digest",),
    )
    on = (Label,)
    mentions = ("org.opencontainers.image.base.digest",)
    bad = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "LABEL "
        "org.opencontainers.image.base.digest=sha256:1111111111111111111111111111111111111111111111111111111111111111\n"
    )
    good = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "LABEL "
        "org.opencontainers.image.base.digest=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
    )
    valid = (
        Valid(
            "FROM a\n"
            "LABEL "
            "org.opencontainers.image.base.digest=sha256:1111111111111111111111111111111111111111111111111111111111111111\n"
        ),
        Valid(
            "FROM "
            "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
            "LABEL org.opencontainers.image.base.digest=$X b=sha256:1\n"
        ),
    )
    invalid = (
        Invalid(
            "FROM a@sha256:0000000000000000000000000000000000000000000000000000000000000000 AS b\n"
            "FROM b\nLABEL org.opencontainers.image.base.digest=sha256:1\n",
            at="sha256:1",
        ),
        Invalid(
            (
                "FROM "
                "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
                "LABEL b=c \\\n"
                '  org.opencontainers.image.base.digest="sha256:1"\n'
            ),
            at='"sha256:1"',
        ),
        Invalid(
            (
                "ARG "
                "D=sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
                "FROM a@$D\n"
                "LABEL org.opencontainers.image.base.digest sha256:2\n"
            ),
            at="sha256:2",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            _, at, digest = (stage, *stage.ancestors())[-1].image.partition("@")
            if not at or not digest.startswith("sha256:"):
                continue
            for instruction in stage.instructions:
                if not isinstance(instruction, Label):
                    continue
                arguments = instruction.reading.arguments
                for place in range(0, len(arguments), 3):
                    value = arguments[place + 1].strip("\"'")
                    is_digest = value.startswith("sha256:") and "$" not in value
                    if arguments[place] == _KEY and is_digest and value != digest:
                        yield self.finding(
                            doc,
                            doc.argument(instruction, place + 1),
                            "the stage is built on another image than this label says; write the "
                            "digest of `FROM`, or leave the label to what builds",
                        )
