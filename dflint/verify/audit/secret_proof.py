"""Secrets of a Dockerfile mounted where they are used, each with the proof that it is gone."""

from __future__ import annotations

import os
import posixpath
from dataclasses import dataclass, replace

from dflint.build.request import BuildRequest, Secret
from dflint.build.session import BuildSession
from dflint.cst.instructions import Instruction
from dflint.errors import BuildError
from dflint.lint.contract import SAME_IMAGE
from dflint.lint.document import Document
from dflint.lint.fix import Fix
from dflint.lint.secret_fixes import mount_file, mount_variable
from dflint.text.edit import apply_edits
from dflint.text.source import Source
from dflint.verify.audit.needles import Needle
from dflint.verify.audit.secrets import Leak, SecretsAudit, audit_secrets
from dflint.verify.image.verdict import ImageVerdict
from dflint.verify.image.verifier import ImageVerifier

_UNSURE = "no mount can be written in its place without a guess"


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of one leaking secret.

    `title` is what the fix does, empty where there is none; `reason` why it is not kept, empty
    where it is. `verdict` compares the images, None where none were built.
    """

    needle: Needle
    title: str
    reason: str
    verdict: ImageVerdict | None = None

    @property
    def is_kept(self) -> bool:
        """Whether the fix is proved."""
        return not self.reason

    def __str__(self) -> str:
        if not self.is_kept:
            return f"{self.needle} stays: {self.reason}"
        return f"{self.needle}: {self.title}; built with it and searched again: it is not there"

    def plain(self) -> dict[str, object]:
        """It as a JSON object."""
        found: dict[str, object] = {
            "kind": self.needle.kind, "name": self.needle.name, "kept": self.is_kept,
        }  # fmt: skip
        if self.title:
            found["title"] = self.title
        if self.reason:
            found["reason"] = self.reason
        if self.verdict is not None:
            found["verdict"] = self.verdict.level.value
            found["declared"] = [one.plain() for one in self.verdict.declared]
        return found


def mend_secrets(
    session: BuildSession, doc: Document, found: SecretsAudit, folder: str
) -> tuple[str, tuple[Mended, ...], SecretsAudit]:
    """The text with proved fixes of what an audit has found, what became of each, the last audit.

    A fix is kept when the image is built of it with the same values, none of these is found in it
    that was not found before, the mended one is not found at all, and files and settings are those
    of before but for the secret. `folder` is for the values.
    """
    mended: list[Mended] = []
    for needle in dict.fromkeys(one.needle for one in found.leaks):
        leaks = [one for one in found.leaks if one.needle.value == needle.value]
        if not leaks:
            continue  # an earlier fix has taken it away
        needle, fix = _fix(doc, needle, leaks, found.needles)
        if fix is None:
            mended.append(Mended(needle, "", _UNSURE))
            continue
        after = _document(doc, apply_edits(doc.text, fix.edits))
        request = _with_secret(found.request, needle, folder)
        one, again = _proved(session, (doc, after), fix, needle, found, request, folder)
        mended.append(one)
        if again is not None:
            doc, found = after, again
    return doc.text, tuple(mended), found


def _proved(
    session: BuildSession,
    texts: tuple[Document, Document],
    fix: Fix,
    needle: Needle,
    found: SecretsAudit,
    request: BuildRequest,
    folder: str,
) -> tuple[Mended, SecretsAudit | None]:
    """Whether a fix takes a secret away and nothing else; the audit of it if it does."""
    before, after = texts
    try:
        again = audit_secrets(session, request, after, folder)
    except BuildError as error:
        return Mended(needle, fix.title, f"it does not build with the mount: {_line(error)}"), None
    left = [one for one in again.leaks if one.needle.value == needle.value]
    known = {one.needle.value for one in found.leaks}
    new = [one for one in again.leaks if one.needle.value not in known]
    if left or new:
        where = left or new
        return Mended(needle, fix.title, f"with the mount, too, {_where(where[0])}"), None
    verdict = ImageVerifier(session, request=again.request).compare(
        before.text, after.text, fix.contract or SAME_IMAGE
    )
    if verdict.is_accepted:
        return Mended(needle, fix.title, "", verdict), again
    reason = "the mount changes the image: " + "; ".join(verdict.sentences[:3])
    return Mended(needle, fix.title, reason, verdict), None


def _fix(
    doc: Document, needle: Needle, leaks: list[Leak], needles: tuple[Needle, ...]
) -> tuple[Needle, Fix | None]:
    """The fix of a leak, with the needle that it is of: several files may hold one value."""
    if needle.kind in ("argument", "text"):
        return needle, mount_variable(doc, needle.name)
    files = [one for one in needles if one.kind == "file" and one.value == needle.value]
    for leak in leaks:
        copy = _at(doc, leak.origin.line if leak.origin is not None else 0)
        if not leak.path or copy is None:
            continue
        for one in files:
            source = posixpath.normpath(one.name.replace(os.sep, "/"))
            fix = mount_file(doc, copy, source, leak.path)
            if fix is not None:
                return one, fix
    return needle, None


def _at(doc: Document, line: int) -> Instruction | None:
    """The instruction that begins on a line, from 1."""
    for instruction in doc.instructions:
        if doc.lines.line(instruction.line.start) == line:
            return instruction
    return None


def _with_secret(request: BuildRequest, needle: Needle, folder: str) -> BuildRequest:
    """The request with the same value given as a secret."""
    path, id = os.path.join(folder, f"value-{os.urandom(8).hex()}"), needle.name
    if needle.kind == "file":
        path = os.path.join(request.context, needle.name)
        id = os.path.basename(needle.name).lstrip(".")
    else:
        with open(path, "wb") as file:
            file.write(needle.value)
    others = tuple(one for one in request.secrets if one.id != id)
    return replace(request, secrets=(*others, Secret(id, file=path)))


def _document(like: Document, text: str) -> Document:
    data = text.encode("utf-8", "surrogateescape")
    return Document(Source(like.source.path, data), like.settings)


def _where(leak: Leak) -> str:
    origin = f", from {leak.origin}" if leak.origin is not None else ""
    return f"it is in {leak.place}, {leak.form}{origin}"


def _line(error: BuildError) -> str:
    return " ".join(str(error).split())
