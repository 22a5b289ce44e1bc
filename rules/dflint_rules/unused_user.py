"""The rule `unused-user`."""

from __future__ import annotations

import re
from functools import partial

from dflint.cst.instructions import OnBuild, Run, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.made_users import created

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.programs import Program
    from dflint.semantic.stages import Stage


class UnusedUser(Rule):
    """A user is created that nothing uses.

    A user was made for the program, and the image still runs as root: `USER` is missing, or names
    somebody else. A group of the same name, and options of the call itself, are no use of it.
    Where a script that is copied in changes to the user, the name is not in the file, and the
    finding is wrong; nothing is reported where only a build can tell who `USER` is.

    The fix writes `USER` behind the last step of the image. It is unsafe, as files may have to
    belong to the user, where the image starts a program that runs as whoever starts it, such as
    `node` or `java`, and only proposed for others. There is none where several users are made or
    another one is set, where a server or a port below 1024 may need root or something gives root
    up (`gosu`, `supervisord`), and beside ONBUILD.

    Off unless selected, because what scripts of the project do is not known.

    Dockerfile best practices, "USER".
    """

    meta = Meta(
        "unused-user",
        Category.SECURITY,
        Severity.INFO,
        since="0.1",
        aliases=("tally/user-created-but-never-used",),
        default=False,
        fix="unsafe",
    )
    on = (
        Run,
        OnBuild,
    )
    mentions = (
        "useradd",
        "adduser",
    )
    bad = 'FROM debian:12-slim\nRUN useradd --create-home app\nCMD ["server"]\n'
    good = 'FROM debian:12-slim\nRUN useradd --create-home app\nUSER app\nCMD ["server"]\n'
    valid = (
        Valid("FROM a\nRUN useradd b\nUSER 1000:1000\n"),
        Valid("FROM a\nRUN useradd b && chown b /c\n"),
        Valid("FROM a AS d\nRUN useradd b\nFROM c\nRUN adduser e video\n"),
        Valid("FROM a\nRUN useradd -u 1000 b\nUSER 1000\n"),
        Valid("FROM a\nARG U=b\nRUN useradd $U\nUSER $U\n"),
        Valid("FROM a\nRUN useradd b\nUSER $U\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN useradd -m -u 1000 b\n", at="b"),
        Invalid("FROM a\nRUN groupadd -r b && useradd -r -g b -d /b b\n", at="b"),
        Invalid("FROM a\nRUN adduser -D b\nUSER root\n", at="b"),
        Invalid(
            'FROM node\nRUN useradd b\nUSER root\nRUN c\n# d\nEXPOSE 3000\nCMD ["node", "e.js"]\n',
            at="b",
            fixed=(
                "FROM node\nRUN useradd b\nUSER root\nRUN c\nUSER b\n# d\nEXPOSE 3000\n"
                'CMD ["node", "e.js"]\n'
            ),
            unsafe=True,
        ),
        Invalid("FROM a\nRUN useradd b\nEXPOSE 80\nCMD node c.js\n", at="b"),
        Invalid("FROM a\nRUN useradd b\nONBUILD RUN c\nCMD node c.js\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        chain = {one.index for one in (stage, *stage.ancestors())} if stage is not None else set()
        users = {word for one in doc.all(User) for word in one.reading.arguments}
        numbers = {word.partition(":")[0] for word in users} - {"0"}
        if any("$" in word for word in users) or any(map(str.isdecimal, numbers)):
            return
        programs = [program for program in doc.programs if program.stage_number in chain]
        text = ""
        for program in programs:
            for call in program.invocations_of("useradd", "adduser"):
                name = created(call)
                if name is None:
                    continue
                text = text or _without_groups(doc.text, programs)
                if len(re.findall(rf"(?<![\w./-]){re.escape(name)}(?![\w-])", text)) < 1:
                    yield self.finding(
                        doc,
                        call.operands[-1].span,
                        "nothing in the file runs as this user, or gives it anything; write "
                        "`USER` at the end, or leave it out",
                        fix=partial(_fix, doc, stage, name),
                    )


def _fix(doc: Document, stage: Stage | None, name: str) -> Fix | None:
    from dflint.lint.fixing import Applicability
    from dflint.lint.user_fixes import run_as
    from dflint.semantic.last_user import last_user
    from dflint.semantic.made_users import made_users
    from dflint.semantic.start_rights import may_need_root, starts_plainly

    if stage is None or made_users(doc.programs, stage) != {name}:
        return None
    user = last_user(doc.model)
    if user is not None and user.name not in ("root", "0"):
        return None
    if may_need_root(doc.text, doc.model, stage):
        return None
    level = Applicability.UNSAFE if starts_plainly(stage) else Applicability.DISPLAY
    return run_as(doc, stage, name, level)


def _without_groups(text: str, programs: Iterable[Program]) -> str:
    """The file without the calls that make users and groups."""
    spans = {
        call.whole_span
        for program in programs
        for call in program.invocations_of("useradd", "adduser", "groupadd", "addgroup")
        if call.name in ("useradd", "groupadd") or len(call.operands) == 1
    }
    for span in sorted(spans, key=lambda one: -one.start):
        text = text[: span.start] + " " + text[span.end :]
    return text
