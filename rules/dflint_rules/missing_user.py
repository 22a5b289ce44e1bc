"""The rule `missing-user`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import From, OnBuild, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.last_user import last_user
from dflint.semantic.state import os_family_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage


class MissingUser(Rule):
    """The image runs as whoever the base image says, which is mostly root.

    Without `USER` a container runs as the user of the base image: root, in all but a few. A
    program that somebody has broken into then owns the container, and what is mounted into it.
    Create a user, and write `USER` behind what needs root.

    Off unless selected: whether the base image has a user of its own is not in the file, images
    for building need root, and many servers give up root by themselves. `root-user` says where
    the file itself asks for root.

    Proposed is the user that the file makes, or the one that the base image is known to have
    (`node`, `nonroot`), else a new one where it is known how to make it. Nothing is proposed where
    the file names no program to start, or a shell or a script, where a server or a port below 1024
    may need root, where something gives root up (`gosu`, `supervisord`), and beside ONBUILD. Which
    files have to belong to the user only a run can tell.

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
        fix="display",
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
            fix=partial(_fix, doc, stage),
        )


def _fix(doc: Document, stage: Stage) -> Fix | None:
    from dflint.lint.fixing import Applicability
    from dflint.lint.user_fixes import run_as
    from dflint.semantic.made_users import made_users
    from dflint.semantic.spare_users import maker_of, spare_user
    from dflint.semantic.start_rights import may_need_root, starts_script, starts_shell

    if starts_shell(stage) or may_need_root(doc.text, doc.model, stage):
        return None
    made = made_users(doc.programs, stage)
    if made is None or len(made) > 1 or (not made and starts_script(stage)):
        return None
    image = (stage, *stage.ancestors())[-1].image
    user, making = "".join(made), ""
    if not user:
        user = "65532:65532" if image == "scratch" else spare_user(image)
    if not user:
        user, making = "app", maker_of(image)
        if not making or "/root" in doc.text:
            return None
    return run_as(doc, stage, user, Applicability.DISPLAY, making and f"{making} {user}")
