"""The rule `unused-user`."""

from __future__ import annotations

import re

from dflint.cst.instructions import OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class UnusedUser(Rule):
    """A user is created that nothing uses.

    A user was made for the program, and the image still runs as root: `USER` is missing, or names
    somebody else. Where a script that is copied in changes to the user, the name is not in the
    file, and the finding is wrong.

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
        Valid("FROM a\nRUN useradd b && chown b /c\n"),
        Valid("FROM a AS d\nRUN useradd b\nFROM c\nRUN adduser e video\n"),
    )
    invalid = (
        Invalid("FROM a\nRUN useradd -m -u 1000 b\n", at="b"),
        Invalid("FROM a\nRUN adduser -D b\nUSER root\n", at="b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        stage = doc.model.final_stage
        chain = {one.index for one in (stage, *stage.ancestors())} if stage is not None else set()
        for program in doc.programs:
            if program.stage_number not in chain:
                continue
            for call in program.invocations_of("useradd", "adduser"):
                operands = call.operands
                name = operands[-1].value if call.name == "useradd" and operands else None
                if call.name == "adduser" and len(operands) == 1:
                    name = operands[0].value
                if (
                    name
                    and len(re.findall(rf"(?<![\w./-]){re.escape(name)}(?![\w-])", doc.text)) < 2
                ):
                    yield self.finding(
                        doc,
                        operands[-1].span,
                        "nothing in the file runs as this user, or gives it anything; write "
                        "`USER` at the "
                        "end, or leave it out",
                    )
