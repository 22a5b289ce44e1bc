"""The rule `user-without-passwd`."""

from __future__ import annotations

from dflint.cst.instructions import Add, Copy, Run, User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding


class UserWithoutPasswd(Rule):
    """`USER` names somebody whom an image without `/etc/passwd` does not know.

    A name is looked up in the image's `/etc/passwd` when a container starts. An image that begins
    with `scratch` has that file only if it was copied in; without it the container does not
    start: `unable to find user app: no matching entries in passwd file`. A number needs no file.

    Dockerfile reference, "USER".
    """

    meta = Meta(
        "user-without-passwd",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/named-identity-in-passwdless-stage",),
    )
    on = (User,)
    mentions = ("scratch",)
    bad = 'FROM scratch\nCOPY app /app\nUSER app\nENTRYPOINT ["/app"]\n'
    good = 'FROM scratch\nCOPY app /app\nUSER 1000\nENTRYPOINT ["/app"]\n'
    valid = (
        Valid("FROM scratch\nCOPY --from=a /etc/passwd /etc/\nUSER b\n"),
        Valid("FROM scratch\nADD rootfs.tar /\nUSER b\nFROM scratch\nUSER 1000:1000\n"),
        Valid("FROM a\nUSER b\nFROM scratch\nARG U\nUSER $U\n"),
    )
    invalid = (
        Invalid("FROM scratch\nUSER a\n", at="a"),
        Invalid("FROM scratch\nCOPY b /c/\nUSER 1000:d\n", at="1000:d"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            if not stage.is_scratch or any(map(_may_bring_users, stage.instructions)):
                continue
            for instruction in stage.instructions:
                name = (
                    "".join(instruction.reading.arguments[:1])
                    if isinstance(instruction, User)
                    else ""
                )
                parts = [part for part in name.split(":") if part]
                is_number = all(part.isdecimal() for part in parts)
                if parts and "$" not in name and not is_number and parts[0] != "root":
                    yield self.finding(
                        doc,
                        doc.argument(instruction, 0),
                        "nothing brings `/etc/passwd` into this image, and no container of it "
                        "starts; "
                        "write the user's number",
                    )


def _may_bring_users(instruction: Instruction) -> bool:
    """Whether `/etc/passwd` may be among what it puts into the image."""
    if isinstance(instruction, Run):
        return True
    if not isinstance(instruction, (Copy, Add)):
        return False
    arguments = instruction.reading.arguments
    target = arguments[-1] if arguments else "/"
    return "$" in target or target.startswith("/etc") or target.strip("./") in ("", "etc")
