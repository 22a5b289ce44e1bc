"""The rule `untagged-image`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.base_tags import external_bases
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class UntaggedImage(Rule):
    """The base image has neither tag nor digest.

    The builder takes `latest`, which is whatever was pushed under this name last: the same
    Dockerfile gives another image tomorrow, and a new major version arrives unannounced.

    Off unless selected: which versions are pinned, and where, is a matter of policy, and the
    advice on pinning is what users of linters switch off most.

    Dockerfile reference, "FROM": without tag or digest the builder assumes `latest`.
    """

    meta = Meta(
        "untagged-image",
        Category.REPRODUCIBILITY,
        Severity.INFO,
        since="0.1",
        aliases=(
            "DL3006",
            "missing_tag",
            "no_tag",
            "Image_Version_Not_Explicit",
            "missing-image-version",
            "S6596",
        ),
        default=False,
    )
    on = (From,)
    bad = "FROM node\n"
    good = "FROM node:22\n"
    valid = (
        Valid("FROM a:1 AS b\nFROM b\nFROM scratch\nFROM localhost:5000/c:2\n"),
        Valid("ARG TAG\nARG IMAGE\nFROM a:$TAG\nFROM $IMAGE\nFROM b$TAG\n"),
        Valid("FROM a@sha256:" + "0" * 64 + "\nCOPY --from=b c d\n"),
    )
    invalid = (
        Invalid("FROM a\n", at="a"),
        Invalid(
            "FROM --platform=$BUILDPLATFORM \\\n  # a:1\n  a.b:5000/c AS d\nFROM d\n", "a.b:5000/c"
        ),
        Invalid("ARG IMAGE=debian\nFROM $IMAGE\nFROM ${X:-a}\n", at=("$IMAGE", "${X:-a}")),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the images that leave the choice to the registry."""
        for stage, image in external_bases(doc.model):
            if not image.tag and not image.digest:
                yield self.finding(
                    doc,
                    doc.argument(stage.from_instruction, 0),
                    f"{quoted(stage.image)} has no tag, so each build takes the `latest` of its "
                    f"day; name a version, {quoted(stage.image + ':…')}",
                )
