"""The rule `redundant-platform`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.image_platforms import is_target_platform

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class RedundantPlatform(Rule):
    """`FROM --platform=$TARGETPLATFORM` says what holds without it.

    A base is of the target's platform unless `--platform` asks for another one, and BuildKit
    always sets `TARGETPLATFORM`, so that a default as in `${TARGETPLATFORM:-linux/amd64}` is
    never used. Where the file gives `ARG TARGETPLATFORM` a default of its own before `FROM`, that
    default counts, and nothing is reported. Nor is it for the classic builder and Buildah, which
    a default can serve.

    Dockerfile reference, "Automatic platform ARGs in the global scope".
    """

    meta = Meta(
        "redundant-platform",
        Category.STYLE,
        Severity.STYLE,
        since="0.1",
        aliases=("RedundantTargetPlatform", "DL3065"),
        fix="safe",
    )
    on = (From,)
    mentions = ("targetplatform",)
    bad = "FROM --platform=$TARGETPLATFORM nginx:1.29\n"
    good = "FROM nginx:1.29\n"
    valid = (
        Valid("FROM --platform=$BUILDPLATFORM a\nARG TARGETPLATFORM\nRUN b $TARGETPLATFORM\n"),
        Valid("FROM --platform=$TARGETOS/$TARGETARCH a\nFROM --platform=$TARGETPLATFORM$V a\n"),
        Valid("ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM a\n"),
        Valid("FROM --platform=$TARGETPLATFORM a\n", {"engine": "classic"}),
    )
    invalid = (
        Invalid(
            "FROM --platform=${TARGETPLATFORM} a\n",
            at="--platform=${TARGETPLATFORM}",
            fixed="FROM a\n",
        ),
        Invalid(
            "ARG TARGETPLATFORM\nFROM \\\n  # comment\n  --platform=${TARGETPLATFORM:-arm64} a\n",
            at="--platform=${TARGETPLATFORM:-arm64}",
            fixed="ARG TARGETPLATFORM\nFROM \\\n  # comment\n  a\n",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the flag."""
        if doc.settings.engine != "buildkit":
            return
        for stage in doc.model.stages:
            if is_target_platform(doc.model, stage):
                yield self.finding(
                    doc,
                    doc.flag(stage.from_instruction, "platform"),
                    "the base is of the target's platform without this flag, too; leave it out",
                    fix=partial(_fix, doc, stage.from_instruction),
                )


def _fix(doc: Document, instruction: From) -> Fix:
    from dflint.lint.edits import flag_removal
    from dflint.lint.fix import Fix

    return Fix("remove `--platform`", [flag_removal(doc, instruction, "platform")])
