"""The rule `missing-user`."""

from __future__ import annotations

from dflint.cst.instructions import From, OnBuild, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.last_user import last_user
from dflint.semantic.state import os_family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class MissingUser(Rule):
    """The image runs as whoever the base image says, which is mostly root.

    Without `USER` a container runs as the user of the base image: root, in all but a few. A
    program that somebody has broken into then owns the container, and what is mounted into it.
    Create a user, and write `USER` behind what needs root.

    Off unless selected: whether the base image has a user of its own is not in the file, images
    for building need root, and many servers give up root by themselves. `root-user` says where
    the file itself asks for root.

    Dockerfile best practices, "USER".
    """

    meta = Meta(
        "missing-user",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "Missing_User_Instruction",
            "missing-user-entrypoint",
            "CKV_DOCKER_3",
            "CIS-DI-0001",
        ),
        default=False,
    )
    on = (From,)
    bad = 'FROM debian:12-slim\nCOPY app /usr/local/bin/app\nCMD ["app"]\n'
    good = (
        'FROM debian:12-slim\nCOPY app /usr/local/bin/app\nRUN useradd app\nUSER app\nCMD ["app"]\n'
    )
    valid = (
        Valid('FROM a AS b\nUSER c\nFROM b\nCMD ["d"]\n'),
        Valid("FROM gcr.io/distroless/static:nonroot\nCOPY a /\n"),
        Valid("FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY a /\n"),
    )
    invalid = (
        Invalid("FROM a\nUSER b\nFROM c\n", at="FROM"),
        Invalid("FROM a\nRUN useradd b\n", at="FROM"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        if stage is None or (stage.is_scratch and not stage.instructions[1:]):
            return
        bottom = (stage, *stage.ancestors())[-1]
        if os_family_of(bottom.image, bottom.platform) == "windows" or "nonroot" in bottom.image:
            return
        if doc.has((User, OnBuild)) and last_user(doc.model) is not None:
            return
        yield self.finding(
            doc,
            doc.keyword(stage.from_instruction),
            "nothing in the file says who this image runs as, and mostly that is root then; add a "
            "user, and `USER` at the end",
        )
