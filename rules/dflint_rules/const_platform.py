"""The rule `const-platform`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.image_platforms import constant_platform
from dflint.text.quoted import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding


class ConstPlatform(Rule):
    """`FROM --platform` names one platform for whatever target is built.

    The stage gets its base for this platform even when `docker build --platform` asks for another
    one: the image is then of the wrong architecture, or runs under emulation. Without `--platform`
    a base is of the target's platform; `--platform=$BUILDPLATFORM` is for stages that run tools
    on the machine that builds.

    Not reported: a stage whose name has the architecture or the operating system in it, as
    `build_arm64` has, one of several from which `FROM build_$TARGETARCH` chooses; and a platform
    with a variable in it, which a build argument can change. In the first hadolint's DL3029 sees
    no intent, and in `linux/$TARGETARCH` no variable.

    Dockerfile reference, "FROM"; Docker documentation, "Multi-platform builds".
    """

    meta = Meta(
        "const-platform",
        Category.PORTABILITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "FromPlatformFlagConstDisallowed",
            "DL3029",
            "Using_Platform_Flag_with_FROM_Command",
            "avoid-platform-with-from",
        ),
        fix="display",
    )
    on = (From,)
    mentions = ("--platform",)
    bad = "FROM --platform=linux/amd64 nginx:1.29\nCOPY site/ /usr/share/nginx/html/\n"
    good = "FROM nginx:1.29\nCOPY site/ /usr/share/nginx/html/\n"
    valid = (
        Valid("ARG P=linux/arm64\nFROM --platform=$BUILDPLATFORM a\nFROM --platform=$P a\n"),
        Valid("FROM --platform=linux/amd64 a AS build_AMD64\nFROM --platform=arm64 a AS arm64\n"),
        Valid("FROM --platform=linux/$TARGETARCH a\nFROM --platform=foo a\nFROM --platform= a\n"),
    )
    invalid = (
        Invalid("FROM --platform=linux/amd64 a\nRUN b --platform\n", at="--platform=linux/amd64"),
        Invalid(
            'FROM \\\n  # comment\n  --platform="linux/arm/v7" a AS v7\nFROM --platform=arm64 v7\n',
            at=('--platform="linux/arm/v7"', "--platform=arm64"),
        ),
        Invalid("FROM --platform=x86_64 a AS x86_64\n", at="--platform=x86_64"),
        Invalid("FROM --platform=linux a AS b\n", at="--platform=linux"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the flag."""
        for stage in doc.model.stages:
            platform = constant_platform(stage)
            if platform is None or platform.os in stage.name:
                continue
            if platform.architecture and platform.architecture in stage.name:
                continue
            yield self.finding(
                doc,
                doc.flag(stage.from_instruction, "platform"),
                f"the base is for {quoted(str(platform))} whatever platform the build is for; "
                "leave it to `docker build --platform`, or use `$BUILDPLATFORM` for build tools",
                fix=partial(_fix, doc, stage.from_instruction),
            )


def _fix(doc: Document, instruction: From) -> Fix:
    from dflint.lint.edits import flag_removal
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Effect, Fix

    # Whether there is such an image for other platforms only a registry knows.
    edits = [flag_removal(doc, instruction, "platform")]
    return Fix(
        "remove `--platform`", edits, Applicability.DISPLAY, Effect.FILES, contract=SAME_IMAGE
    )
