"""The rule `maintainer-deprecated`."""

from __future__ import annotations

from dflint.cst.instructions import Maintainer
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class MaintainerDeprecated(Rule):
    """`MAINTAINER` is deprecated; a label says who maintains the image.

    `MAINTAINER` sets nothing but the author field of the image, which cannot be searched or
    overridden as labels can. The OCI image specification names the label for it:
    `org.opencontainers.image.authors`.

    Dockerfile reference, "MAINTAINER (deprecated)".
    """

    meta = Meta(
        "maintainer-deprecated",
        Category.DEPRECATION,
        Severity.WARNING,
        since="0.1",
        aliases=("DL4000", "MaintainerDeprecated"),
    )
    on = (Maintainer,)
    bad = "FROM alpine:3.22\nMAINTAINER Jo Doe <jo@example.org>\n"
    good = 'FROM alpine:3.22\nLABEL org.opencontainers.image.authors="Jo Doe <jo@example.org>"\n'
    valid = (
        Valid('FROM a\nLABEL org.opencontainers.image.authors="me"\n'),
        Valid("FROM a\n# MAINTAINER me\nLABEL maintainer=me\nRUN echo \\\n  MAINTAINER me\n"),
    )
    invalid = (
        Invalid("FROM a\nMAINTAINER me\n", at="MAINTAINER"),
        Invalid('FROM a\n  maintainer \\\n  # comment\n  "Jo $X" <jo@x>\n', at="maintainer"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report every MAINTAINER, with the label to write instead."""
        for instruction in doc.all(Maintainer):
            author = "".join(instruction.reading.arguments).strip("\"'")
            if len(author) > 60 or any(special in author for special in "\"'$\\`"):
                author = "…"
            yield self.finding(
                doc,
                doc.keyword(instruction),
                "`MAINTAINER` is deprecated; "
                f'write `LABEL org.opencontainers.image.authors="{author}"`',
            )
