"""The rule `user-group-drop`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid
from dflint.semantic.memberships import memberships

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix


class UserGroupDrop(Rule):
    """`USER` with a group leaves the user's other groups out.

    With `USER app` a process is in all groups that `/etc/group` lists `app` in. With `USER
    app:app` it is in the one that is named, and no other: the membership that a `RUN` gave it
    (`usermod -aG docker app`) has no effect. Leave the group out.

    The fix leaves out a group of the user's own name, or one that a `RUN` has put the user into. It
    is unsafe: the first of the groups is the one of `/etc/passwd` then.

    Dockerfile reference, "USER".
    """

    meta = Meta(
        "user-group-drop",
        Category.CORRECTNESS,
        Severity.WARNING,
        since="0.1",
        aliases=("tally/user-explicit-group-drops-supplementary-groups",),
        fix="unsafe",
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
        Invalid(
            "FROM a\nUSER c:c\nRUN sudo usermod -aG b c\n",
            at="c:c",
            fixed="FROM a\nUSER c\nRUN sudo usermod -aG b c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nRUN useradd -m -G b,d c\nUSER c:c\n",
            at="c:c",
            fixed="FROM a\nRUN useradd -m -G b,d c\nUSER c\n",
            unsafe=True,
        ),
        Invalid("FROM a\nRUN useradd -m -G b,d c\nUSER c:users\n", at="c:users"),
        Invalid(
            ("FROM a\nRUN adduser -D c && addgroup c b; gpasswd -a e f\nUSER c:c\nUSER e:e\n"),
            at=("c:c", "e:e"),
            fixed="FROM a\nRUN adduser -D c && addgroup c b; gpasswd -a e f\nUSER c\nUSER e\n",
            unsafe=True,
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
            is_own = group == name or any(one[:2] == (name, group) for one in given)
            if lost:
                yield self.finding(
                    doc,
                    doc.argument(instruction, 0),
                    f"with a group named, `{name}` is not in `{lost[0]}`, which a RUN put it "
                    "into; write "
                    f"`USER {name}`",
                    fix=partial(_fix, doc, instruction, name, group, is_own),
                )


def _fix(doc: Document, instruction: User, name: str, group: str, is_own: bool) -> Fix | None:
    from dflint.lint.fixing import Applicability, Contract, Edit, Effect, Fix, Span

    span = doc.argument(instruction, 0)
    if not is_own or span.slice(doc.text) != f"{name}:{group}":
        return None
    edit = Edit(Span(span.start + len(name), span.end), "")
    level, effect = Applicability.UNSAFE, Effect.METADATA | Effect.FILES
    title, contract = f"run with all groups of `{name}`", Contract(keys=("User",))
    return Fix(title, (edit,), level, effect, contract=contract)
