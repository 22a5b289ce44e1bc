"""The rule `base-platform-mismatch`."""

from __future__ import annotations

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.image_platforms import mismatched_bases
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class BasePlatformMismatch(Rule):
    """The base image is not of the platform that `--platform` asks for.

    An image for one platform stays what it is whatever `--platform` says. Either the builder
    finds no match and stops, or it warns and goes on, and the programs of the base are for another
    processor or operating system.

    What a registry would tell is not asked. Reported are images whose name tells the platform:
    official images in Docker Hub's namespaces of one architecture, such as `arm64v8/alpine`, and
    Microsoft's images of Windows. A platform that depends on the target is not judged, nor are
    variants such as `arm/v6` and `arm/v7`.

    Docker documentation, "Build checks", InvalidBaseImagePlatform.
    """

    meta = Meta(
        "base-platform-mismatch",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "InvalidBaseImagePlatform",
            "tally/platform-mismatch",
        ),
    )
    on = (From,)
    mentions = ("--platform",)
    bad = "FROM --platform=linux/amd64 arm64v8/nginx:1.29\n"
    good = "FROM nginx:1.29\n"
    valid = (
        Valid("FROM --platform=linux/arm64 arm64v8/a\nFROM --platform=linux/arm/v6 arm32v7/a\n"),
        Valid("FROM arm64v8/a\nFROM --platform=$TARGETPLATFORM i386/a\nFROM --platform=linux b\n"),
        Valid("FROM --platform=linux ghcr.io/i386/a\nFROM --platform=linux/arm64 i386\n"),
        Valid("FROM --platform=linux s390x/a\nFROM --platform=windows mcr.microsoft.com/windows\n"),
    )
    invalid = (
        Invalid("FROM --platform=linux/amd64 arm64v8/a:1 AS b\nFROM b\n", at="arm64v8/a:1"),
        Invalid(
            "ARG P=linux/amd64\nFROM \\\n  # comment\n  --platform=$P \\\n  i386/a\n", at="i386/a"
        ),
        Invalid(
            "FROM --platform=linux mcr.microsoft.com/windows/servercore:ltsc2022\n",
            at="mcr.microsoft.com/windows/servercore:ltsc2022",
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the image."""
        for stage, expected, actual in mismatched_bases(doc.model):
            yield self.finding(
                doc,
                doc.argument(stage.from_instruction, 0),
                f"{quoted(stage.image)} is an image for `{actual}`, not for "
                f"{quoted(str(expected))} as `--platform` says: the build stops, or its programs "
                "are for the wrong platform",
            )
