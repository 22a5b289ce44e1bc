"""The rule `tag-and-digest`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class TagAndDigest(Rule):
    """A base image has a tag beside its digest.

    The digest alone decides which image is taken; the tag is read by nobody, and when the digest
    is raised without it, it says something that is not true. Some tools want both, to know which
    line of versions to follow.

    Off unless selected: beside a digest the tag tells people what it is.

    Dockerfile reference, "FROM".
    """

    meta = Meta(
        "tag-and-digest",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("S8431",),
        default=False,
    )
    on = (From,)
    mentions = ("@sha",)
    bad = (
        "FROM "
        "debian:12-slim@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "RUN ./make\n"
    )
    good = (
        "FROM "
        "debian@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        "RUN ./make\n"
    )
    valid = (
        Valid(
            "FROM "
            "a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
            "FROM b:1\n"
        ),
        Valid(
            "FROM "
            "localhost:5000/a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"
        ),
    )
    invalid = (
        Invalid(
            ("FROM a:1@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"),
            at="1",
        ),
        Invalid("FROM localhost:5000/a:$V@sha256:1 AS b\n", at="$V"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for instruction in doc.all(From):
            word = (*instruction.reading.arguments, "")[0]
            name, at, _ = word.partition("@")
            tag = name.rpartition("/")[2].partition(":")[2]
            if at and tag:
                begin, _ = instruction.reading.places[0]
                end = begin + len(name)
                yield self.finding(
                    doc,
                    doc.place(instruction, end - len(tag), end),
                    "the digest alone decides; the tag is read by nobody, and may be wrong one day",
                )
