"""The rule `root-user`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import OnBuild, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.last_user import last_user, needs_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.fix import Fix
    from dflint.lint.rule import Finding
    from dflint.semantic.stages import Stage


class RootUser(Rule):
    """The last `USER` of the image is root.

    Containers then run as root unless told otherwise, and whoever breaks out of the program has
    all rights in the container, often more on the host. Switch back to another user after what
    needs root, as in `USER app`.

    Only the last `USER` of the last stage counts, or of the stage that it is built on: builders
    may well work as root. No matter of this rule is an image without any `USER`, one of Windows,
    a user that an `ARG` gives, and what has to begin as root to give it up: an `ENTRYPOINT` where
    `gosu`, `su-exec` or `s6-setuidgid` are used, and `/sbin/init`, systemd or `my_init`.

    Proposed is the user that was set before in the file, else the one that the base image runs as
    or is known to have (`jenkins`, `node`): a `USER` behind the last step. Nothing is proposed
    where a server or a port below 1024 may need root, and beside ONBUILD. Who wrote `USER root`
    last may have meant it, so nothing is applied.

    Dockerfile reference, "USER"; Dockerfile best practices, "USER".
    """

    meta = Meta(
        "root-user",
        Category.SECURITY,
        Severity.WARNING,
        since="0.1",
        aliases=(
            "DL3002",
            "DS-0002",
            "Last_User_Is_root",
            "last-user-is-root",
            "S6471",
            "CKV_DOCKER_8",
        ),
        fix="display",
    )
    on = (
        User,
        OnBuild,
    )
    mentions = ("root", "0")
    bad = 'FROM node:22-slim\nUSER root\nRUN npm install -g serve@14.2.4\nCMD ["serve", "/site"]\n'
    good = (
        "FROM node:22-slim\n"
        "USER root\n"
        "RUN npm install -g serve@14.2.4\n"
        "USER node\n"
        'CMD ["serve", "/site"]\n'
    )
    valid = (
        Valid("FROM a AS b\nUSER root\nFROM c\nRUN x\n"),
        Valid("FROM a\nUSER root\nRUN x\nUSER app\n"),
        Valid("FROM a\nARG U=root\nUSER $U\nONBUILD USER root\n"),
        Valid('FROM a\nUSER root\nCMD ["/lib/systemd/systemd"]\n'),
        Valid('FROM a\nRUN apk add su-exec\nUSER root\nENTRYPOINT ["/start.sh"]\n'),
    )
    invalid = (
        Invalid("FROM a\nUSER app\nRUN x\nUSER root\n", at="root"),
        Invalid("FROM a\nENV U=0\nUSER \\\n  # comment\n  ${U}:app\n", at="${U}:app"),
        Invalid("FROM a AS b\nONBUILD USER 0:0\nFROM b\n", at="0:0"),
        Invalid("FROM a\nRUN gosu b c\nUSER root\nRUN d\n", at="root"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report the USER that counts."""
        user = last_user(doc.model)
        if not doc.model.stages or user is None or user.name is None or user.is_of_build:
            return
        is_zero = user.name.isascii() and user.name.isdigit() and not user.name.strip("0")
        if (is_zero or user.name == "root") and not needs_root(doc.model):
            yield self.finding(
                doc,
                user.span,
                "containers of this image run as root; add another `USER` after what needs root",
                fix=partial(_fix, doc),
            )


def _fix(doc: Document) -> Fix | None:
    from dflint.lint.fixing import Applicability
    from dflint.lint.user_fixes import run_as
    from dflint.semantic.spare_users import own_user, spare_user
    from dflint.semantic.start_rights import may_need_root

    stage = doc.model.final_stage
    if stage is None or may_need_root(doc.text, doc.model, stage):
        return None
    image = (stage, *stage.ancestors())[-1].image
    user = _earlier_user(stage) or own_user(image) or spare_user(image)
    return run_as(doc, stage, user, Applicability.DISPLAY) if user else None


#: Users of servers, as which a RUN prepares something.
_OF_SERVERS = ("postgres", "mysql", "mongodb", "redis", "elasticsearch", "rabbitmq")


def _earlier_user(stage: Stage) -> str:
    """The last user that the file sets before, as it is written; empty where that is root."""
    for one in (stage, *stage.ancestors()):
        for instruction in reversed(one.instructions):
            if isinstance(instruction, User) and len(instruction.reading.arguments) == 1:
                user = instruction.reading.arguments[0]
                name = user.partition(":")[0]
                if name.strip("0") not in ("", "root", *_OF_SERVERS):
                    return user
    return ""
