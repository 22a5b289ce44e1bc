"""The rule `user-group-drop`."""

from __future__ import annotations

from dflint.cst.instructions import User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.memberships import memberships

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class UserGroupDrop(Rule):
    """`USER` with a group leaves the user's other groups out.

    With `USER app` a process is in all groups that `/etc/group` lists `app` in. With `USER
    app:app` it is in the one that is named, and no other: the membership that a `RUN` gave it
    (`usermod -aG docker app`) has no effect. Leave the group out.

    Dockerfile reference, "USER".
    """

    meta = Meta(
        "user-group-drop",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/user-explicit-group-drops-supplementary-groups",),
    )
    on = (User,)
    mentions = (
        "usermod",
        "useradd",
        "gpasswd",
        "addgroup",
        "adduser",
    )
    bad = "FROM debian:12-slim\nRUN useradd app && usermod -aG video app\nUSER app:app\n"
    good = "FROM debian:12-slim\nRUN useradd app && usermod -aG video app\nUSER app\n"
    valid = (
        Valid("FROM a\nRUN usermod -aG b c\nUSER c\n"),
        Valid("FROM a\nRUN usermod -aG b c\nFROM d\nUSER c:c\n"),
        Valid("FROM a\nRUN usermod -aG b c\nUSER c:b\n"),
    )
    invalid = (
        Invalid("FROM a\nUSER c:c\nRUN sudo usermod -aG b c\n", at="c:c"),
        Invalid("FROM a\nRUN useradd -m -G b,d c\nUSER c:c\n", at="c:c"),
        Invalid(
            ("FROM a\nRUN adduser -D c && addgroup c b; gpasswd -a e f\nUSER c:c\nUSER e:e\n"),
            at=("c:c", "e:e"),
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        given = memberships(doc.programs)
        for instruction in doc.all(User) if given else ():
            word = "".join(instruction.reading.arguments[:1])
            name, colon, group = word.partition(":")
            stage = doc.model.stage_of(instruction)
            if not colon or stage is None or "$" in word:
                continue
            chain = {one.index for one in (stage, *stage.ancestors())}
            lost = [
                other
                for user, other, number in given
                if user == name and other != group and number in chain
            ]
            if lost:
                yield self.finding(
                    doc,
                    doc.argument(instruction, 0),
                    f"with a group named, `{name}` is not in `{lost[0]}`, which a RUN put it "
                    "into; write "
                    f"`USER {name}`",
                )
