"""The rule `user-without-passwd`."""

from __future__ import annotations

from functools import partial

from dflint.cst.instructions import Add, Copy, Run, User, Workdir
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dflint.cst.instructions import Instruction
    from dflint.lint.document import Document
    from dflint.lint.finding import Finding
    from dflint.lint.fix import Fix
    from dflint.semantic.stages import Stage
    from dflint.text.span import Span


class UserWithoutPasswd(Rule):
    """A name is used that an image without `/etc/passwd` does not know.

    The name in `USER` is looked up in the image's `/etc/passwd` when a container starts, that of
    a group in `/etc/group`. An image that begins with `scratch` has those files only if they were
    copied in; without them the container does not start: `unable to find user app: no matching
    entries in passwd file`. For `COPY --chown=app` BuildKit looks when it copies: directly on
    `scratch` the build stops (`invalid user index: -1`), later the file belongs to root without a
    word. A number needs no file.

    Proposed are numbers: those of `nobody` and `nonroot` where these are named, 65532 for others.

    Dockerfile reference, "USER" and "COPY --chown --chmod".
    """

    meta = Meta(
        "user-without-passwd",
        Category.CORRECTNESS,
        Severity.ERROR,
        since="0.1",
        aliases=("tally/named-identity-in-passwdless-stage",),
        fix="display",
    )
    on = (User, Copy, Add)
    mentions = ("scratch",)
    bad = 'FROM scratch\nCOPY app /app\nUSER app\nENTRYPOINT ["/app"]\n'
    good = 'FROM scratch\nCOPY app /app\nUSER 1000\nENTRYPOINT ["/app"]\n'
    valid = (
        Valid("FROM scratch\nCOPY --from=a /etc/passwd /etc/\nUSER b\n"),
        Valid("FROM scratch\nADD rootfs.tar /\nUSER b\nFROM scratch\nUSER 1000:1000\n"),
        Valid("FROM a\nUSER b\nFROM scratch\nARG U\nUSER $U\n"),
        Valid("FROM scratch\nUSER b\nCOPY passwd /etc/passwd\nCOPY --chown=b c /c\n"),
        Valid("FROM scratch\nCOPY --chown=root:0 b /b\nCOPY --chown=$C d /d\nUSER root:0\n"),
        Valid("FROM scratch AS a\nCOPY passwd group /etc/\nFROM a\nUSER b:c\n"),
    )
    invalid = (
        Invalid("FROM scratch\nUSER a\n", at="a"),
        Invalid("FROM scratch\nCOPY b /c/\nUSER 1000:d\n", at="1000:d"),
        Invalid("FROM scratch AS b\nFROM b\nARG C=d\nUSER $C\n", at="$C"),
        Invalid("FROM scratch\nCOPY --from=b /etc/passwd /etc/passwd\nUSER c:d\n", at="c:d"),
        Invalid("FROM scratch\nCOPY --chown=b:b c /c\n", at="--chown=b:b"),
        Invalid("FROM scratch\nCOPY b /b\nADD --chown=0:c d /d\n", at="--chown=0:c"),
        Invalid("FROM scratch\nCOPY --chown=b c /c\nCOPY passwd /etc/\n", at="--chown=b"),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each."""
        for stage in doc.model.stages:
            chain = [*reversed(stage.ancestors()), stage]
            if not chain[0].is_scratch:
                continue
            inherited = _files_of(one for below in chain[:-1] for one in below.instructions)
            yield from self._users(doc, stage, inherited | _files_of(stage.instructions))
            yield from self._owners(doc, stage, inherited)

    def _users(self, doc: Document, stage: Stage, files: set[str]) -> Iterator[Finding]:
        for instruction in stage.instructions:
            if not isinstance(instruction, User):
                continue
            missing = _missing(doc.model.state_after(instruction).user or "", files)
            if missing:
                yield self.finding(
                    doc,
                    doc.argument(instruction, 0),
                    f"nothing brings `/etc/{missing}` into this image, and no container of it "
                    "starts; write the number",
                    fix=partial(_fix, doc, doc.argument(instruction, 0)),
                )

    def _owners(self, doc: Document, stage: Stage, files: set[str]) -> Iterator[Finding]:
        is_empty = stage.base is None
        for instruction in stage.instructions:
            owner = ""
            if isinstance(instruction, (Copy, Add)):
                owner = instruction.reading.flag("chown") or ""
            missing = _missing(owner, files) if "$" not in owner else ""
            if missing:
                result = "the build stops" if is_empty else "the file belongs to root"
                yield self.finding(
                    doc,
                    doc.flag(instruction, "chown"),
                    f"there is no `/etc/{missing}` to find the name in, {result}; write the number",
                    fix=partial(_fix, doc, doc.flag(instruction, "chown")),
                )
            files = files | _files_of((instruction,))
            is_empty = is_empty and not isinstance(instruction, (Copy, Add, Run, Workdir))


def _missing(identity: str, files: set[str]) -> str:
    """Which file would be needed for a `user:group` and is not there; empty for none."""
    if "$" in identity:
        return ""
    for name, file in zip(identity.split(":"), ("passwd", "group"), strict=False):
        if name and name != "root" and not name.isdecimal() and file not in files:
            return file
    return ""


def _files_of(instructions: Iterable[Instruction]) -> set[str]:
    """Which of `/etc/passwd` and `/etc/group` may be among what they put into the image."""
    found: set[str] = set()
    for instruction in instructions:
        if isinstance(instruction, Run):
            return {"passwd", "group"}
        if isinstance(instruction, (Copy, Add)):
            *sources, target = instruction.reading.arguments or ("", "/")
            found |= _brought(sources, target)
    return found


def _brought(sources: list[str], target: str) -> set[str]:
    both = {"passwd", "group"}
    if "$" not in target and target.strip("./") not in ("", "etc"):
        return {target.rpartition("/")[2]} & both if target.startswith("/etc") else set()
    names = {source.rpartition("/")[2] for source in sources}
    return names & both if target.strip("/") == "etc" and names & both else both


#: The users that images without a system have by custom.
_NUMBERS = {"root": "0", "nobody": "65534", "nogroup": "65534", "nonroot": "65532"}


def _fix(doc: Document, span: Span) -> Fix | None:
    from dflint.lint.fixing import SAME_IMAGE, Applicability, Edit, Effect, Fix, Span

    text = span.slice(doc.text)
    identity = text.removeprefix("--chown=")
    if any(sign in identity for sign in "$\"'"):
        return None
    user, colon, group = identity.partition(":")
    number = user if user.isdecimal() else _NUMBERS.get(user, "65532")
    other = group if group.isdecimal() else _NUMBERS.get(group, number)
    name = number + colon + (other if colon else "")
    edit = Edit(Span(span.end - len(identity), span.end), name)
    title, effect = f"write `{name}`", Effect.METADATA | Effect.FILES
    return Fix(title, (edit,), Applicability.DISPLAY, effect, contract=SAME_IMAGE)
