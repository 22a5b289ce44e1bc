"""The rule `copy-without-chown`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, Run
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix

#: Accounts of every Windows container, where root is nobody and `--chown` does not go.
_OF_WINDOWS = ("ContainerAdministrator", "ContainerUser")


class CopyWithoutChown(Rule):
    """What is copied after `USER` belongs to root.

    `COPY` and `ADD` ignore `USER`: what they bring is root's, unless `--chown` says otherwise. A
    program that runs as the user can read it, and cannot change it, which is mostly what is
    wanted; where it has to write there, it fails.

    Off unless selected: files that the user cannot change are the better default. The fix names
    the user; it is unsafe. There is none for a name with `--link`, nor where the file shows nobody
    of that name: both would fail; and none for what goes to `/usr/bin` and other places of
    programs.

    Dockerfile reference, "COPY --chown".
    """

    meta = Meta(
        "copy-without-chown",
        Category.CORRECTNESS,
        Severity.INFO,
        since="0.1",
        aliases=("tally/copy-after-user-without-chown",),
        default=False,
        fix="unsafe",
    )
    on = (
        Copy,
        Add,
    )
    mentions = ("user",)
    bad = "FROM node:22-slim\nUSER node\nWORKDIR /app\nCOPY data/ data/\n"
    good = "FROM node:22-slim\nUSER node\nWORKDIR /app\nCOPY --chown=node data/ data/\n"
    valid = (
        Valid("FROM a\nUSER b\nCOPY c /c/d\nUSER root\nRUN chown -R b /c\nUSER b\n"),
        Valid("FROM a\nCOPY b c\nUSER root\nCOPY d e\n"),
        Valid("FROM $B\nUSER ContainerUser\nCOPY c.exe C:/d/\n"),
        Valid("FROM a\nUSER b\nCOPY --chown=b c d\nUSER $X\nCOPY e f\n"),
    )
    invalid = (
        Invalid("FROM scratch\nUSER b\nCOPY c d\n", at="COPY"),
        Invalid("FROM a\nUSER b\nCOPY c /usr/local/bin/\n", at="COPY"),
        Invalid("FROM debian\nUSER b\nCOPY c d\n", at="COPY"),
        Invalid("FROM a\nUSER b\nADD --link c d\n", at="ADD"),
        Invalid(
            "FROM a\nUSER b\nCOPY c /c\nRUN chown b /c\n",
            at="COPY",
            fixed="FROM a\nUSER b\nCOPY --chown=b c /c\nRUN chown b /c\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nUSER b\nCOPY c d\n",
            at="COPY",
            fixed="FROM a\nUSER b\nCOPY --chown=b c d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nARG U=b\nUSER $U\nCOPY c d\nARG U\nCOPY c d\n",
            at=("COPY", "COPY"),
            fixed="FROM a\nARG U=b\nUSER $U\nCOPY --chown=$U c d\nARG U\nCOPY c d\n",
            unsafe=True,
        ),
        Invalid(
            "FROM a\nUSER 1:2\nADD --link c d\n",
            at="ADD",
            fixed="FROM a\nUSER 1:2\nADD --chown=1:2 --link c d\n",
            unsafe=True,
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        given = _given_paths(doc)
        for instruction in doc.instructions:
            if not isinstance(instruction, (Copy, Add)):
                continue
            target = instruction.reading.arguments[-1] if instruction.reading.arguments else ""
            start = instruction.line.start
            if any(start < at and f"{target}/".startswith(f"{path}/") for at, path in given):
                continue
            user = doc.model.state_before(instruction).user
            name = (user or "").partition(":")[0]
            if (
                name in ("", "0", "root")
                or name in _OF_WINDOWS
                or instruction.reading.flag("chown") is not None
            ):
                continue
            yield self.finding(
                doc,
                doc.keyword(instruction),
                f"what is copied is root's, although the image runs as `{name}` here; add "
                f"`--chown={user}` if it has to be written to",
                fix=partial(_fix, doc, instruction, user or ""),
            )


def _given_paths(doc: Document) -> list[tuple[int, str]]:
    """The paths that root gives away with `chown`, each with where its instruction begins."""
    if "chown " not in doc.text:
        return []
    return [
        (program.instruction.line.start, (argument.value or "").rstrip("/"))
        for program in doc.programs
        if (doc.model.state_before(program.instruction).user or "root") in ("root", "0")
        for call in program.invocations_of("chown")
        for argument in call.operands[1:]
        if argument.value
    ]


#: What makes users, or brings the file of them.
_MAKING = ("useradd", "adduser", "addgroup", "groupadd", "/etc/passwd", "/etc/group", "sysusers")
#: Users of every usual distribution.
_USUAL = ("nobody", "www-data", "daemon", "bin", "mail", "games")


def _may_be_known(doc: Document, instruction: Instruction, user: str) -> bool:
    """Whether a user, and its group, are in the image as far as the file and its name tell."""
    from dflint.semantic.known_images import is_bare_system

    stage = doc.model.stage_of(instruction)
    while stage is not None and stage.base is not None:
        stage = stage.base
    image = "" if stage is None else stage.image
    if image == "scratch":
        return "passwd" in doc.text
    if not is_bare_system(image) or user in _USUAL:
        return True
    if any(word in doc.text for word in _MAKING):
        return True
    return any(doc.model.state_before(run).user == user for run in doc.all(Run))


def _written(doc: Document, instruction: Instruction, user: str) -> str | None:
    """The user as USER writes it where a build argument decides; None where it cannot be named."""
    from dflint.semantic.settable import is_same_there, is_settable, user_instruction

    setting = user_instruction(doc.model, instruction)
    if setting is None or not is_settable(doc.model, setting, setting.reading.arguments[0]):
        return user
    word = setting.reading.arguments[0]
    return word if is_same_there(doc.model, setting, instruction, word) else None


#: Where programs and their libraries are, which nobody is to write to.
_PROGRAMS = (
    "/bin/", "/sbin/", "/lib/", "/usr/bin/", "/usr/sbin/", "/usr/lib/",
    "/usr/local/bin/", "/usr/local/sbin/", "/usr/local/lib/",
)  # fmt: skip


def _fix(doc: Document, instruction: Instruction, user: str) -> Fix | None:
    """The flag behind the keyword; none for programs, and none with a name that may not be there.

    Names are looked for in `/etc/passwd` of the stage.
    """
    from dflint.lint.fixing import Applicability, Edit, Effect, Fix
    from dflint.lint.windows_steps import is_windows

    if not all(sign.isalnum() or sign in "_-.:" for sign in user):
        return None
    if instruction.reading.arguments[-1].startswith(_PROGRAMS):
        return None
    if is_windows(doc, instruction):
        return None
    if not user.replace(":", "").isdecimal():
        is_linked = instruction.reading.flag("link") is not None  # it sees no file of the stage
        if is_linked or not _may_be_known(doc, instruction, user):
            return None
    written = _written(doc, instruction, user)
    if written is None:
        return None
    edit = Edit.insertion(doc.keyword(instruction).end, f" --chown={written}")
    return Fix(
        "give it to the user", (edit,), Applicability.UNSAFE, Effect.FILES, contract=SAME_IMAGE
    )
