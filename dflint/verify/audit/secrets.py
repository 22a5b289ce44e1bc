"""Whether an image gives secrets away: it is built with random ones, and they are looked for."""

from __future__ import annotations

import fnmatch
import json
import os
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from dflint.build.request import BuildRequest, Secret
from dflint.build.session import BuildSession, BuiltImage
from dflint.cst.instructions import Arg, From, Run
from dflint.errors import BuildError
from dflint.lint.document import Document
from dflint.semantic.secret_names import is_secret_name
from dflint.verify.audit.needles import Haystack, Needle
from dflint.verify.audit.origins import Origin, origins
from dflint.verify.image.settings import read_settings
from dflint.verify.image.verifier import silence

#: Files of a context whose content is nobody's business, by their names.
SECRET_FILES = (
    ".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "id_rsa", "id_dsa", "id_ecdsa",
    "id_ed25519", ".npmrc", ".pypirc", ".netrc", ".git-credentials", ".htpasswd", ".pgpass",
    "credentials", "credentials.json", "secrets.y*ml", "secrets.json", "*.kubeconfig",
)  # fmt: skip
#: What is no secret although it is called like one.
_PUBLIC = ("*.example", "*.sample", "*.template", "*.pub", "*.dist")
#: What is looked for of a file has at least so many bytes, and at most.
_LEAST, _LONGEST = 12, 200


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that an image holds.

    `place` is `history`, a key of the configuration, or a path; `is_deleted` tells that a later
    layer removes the path, which leaves it in its own. `advice` is what to do.
    """

    needle: Needle
    place: str
    form: str
    origin: Origin | None
    is_deleted: bool
    advice: str

    def __str__(self) -> str:
        where = f", from {self.origin}" if self.origin is not None else ""
        gone = " (removed later, still in its layer)" if self.is_deleted else ""
        return f"{self.needle} is in {self.place}{gone}, {self.form}{where}; {self.advice}"

    def plain(self) -> dict[str, object]:
        """The leak as a JSON object; the value itself is not in it."""
        found: dict[str, object] = {
            "kind": self.needle.kind, "name": self.needle.name, "place": self.place,
            "form": self.form, "deleted": self.is_deleted, "advice": self.advice,
            "digest": "sha256:" + sha256(self.needle.value).hexdigest(),
        }  # fmt: skip
        if self.origin is not None:
            found |= {"line": self.origin.line, "instruction": self.origin.text}
        return found


@dataclass(frozen=True, slots=True)
class SecretsAudit:
    """What was looked for, and what was found."""

    needles: tuple[Needle, ...]
    leaks: tuple[Leak, ...]


def audit_secrets(
    session: BuildSession, request: BuildRequest, doc: Document, folder: str
) -> SecretsAudit:
    """Build with random values for arguments and secrets, and look for them in the image.

    `folder` is for the values. Raises BuildError when it does not build, with values for all
    arguments, for those that are called like secrets, or for none.
    """
    files = list(_files(request.context))
    mounted, secret_needles = _secrets(doc, request, folder)
    failure: BuildError | None = None
    for arguments in _choices(doc, request):
        given = dict(request.build_args) | {one.name: one.value.decode() for one in arguments}
        wanted = replace(request, build_args=tuple(given.items()), secrets=mounted)
        try:
            image = session.build(doc.text, silence(), request=wanted)
        except BuildError as error:
            failure = error
            continue
        needles = (*arguments, *secret_needles, *files)
        return SecretsAudit(needles, tuple(_leaks(image, doc.text, list(needles))))
    raise failure or BuildError("nothing was built")


def _choices(doc: Document, request: BuildRequest) -> Iterator[list[Needle]]:
    """Values for all arguments that nobody gave, then for fewer, in case they do not go."""
    first = next((one.line.start for one in doc.all(From)), 0)
    own = {name for name, _ in request.build_args}
    names: dict[str, bool] = {}
    for instruction in doc.all(Arg):
        for word in instruction.reading.arguments:
            name, _, value = word.partition("=")
            if name not in own and instruction.line.start > first:
                names[name] = names.get(name, True) and not value
    some = [name for name, is_open in names.items() if is_open or is_secret_name(name)]
    wanted = [some, [name for name in some if is_secret_name(name)], []]
    for at, one in enumerate(wanted):
        if one not in wanted[:at]:
            yield [Needle("argument", name, _token()) for name in one]


def _token() -> bytes:
    return f"dflint:{secrets.token_hex(16)}".encode()


def _secrets(
    doc: Document, request: BuildRequest, folder: str
) -> tuple[tuple[Secret, ...], list[Needle]]:
    """A secret with a random value for each that a RUN mounts and nobody gave."""
    given = {one.id for one in request.secrets}
    mounted = list(request.secrets)
    needles: list[Needle] = []
    for instruction in doc.all(Run):
        for flag in instruction.reading.flags:
            name, _, value = flag.partition("=")
            fields = dict(_field(one) for one in value.split(","))
            if name != "--mount" or fields.get("type") != "secret":
                continue
            target = fields.get("target") or fields.get("dst") or ""
            id = fields.get("id") or os.path.basename(target)
            if not id or id in given:
                continue
            given.add(id)
            needle = Needle("secret", id, _token())
            path = os.path.join(folder, f"secret-{len(needles)}")
            with open(path, "wb") as file:
                file.write(needle.value)
            needles.append(needle)
            mounted.append(Secret(id, file=path))
    return tuple(mounted), needles


def _field(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _files(context: str) -> Iterator[Needle]:
    """The files of a context that are called like secrets, by their longest lines."""
    for folder, _, names in os.walk(context):
        for name in names:
            is_public = any(fnmatch.fnmatch(name, one) for one in _PUBLIC)
            if is_public or not any(fnmatch.fnmatch(name, one) for one in SECRET_FILES):
                continue
            path = os.path.join(folder, name)
            if not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            with open(path, "rb") as file:
                lines = [one.strip() for one in file.read(1 << 20).splitlines()]
            line = max(lines, key=len, default=b"")
            if len(line) >= _LEAST:
                yield Needle("file", os.path.relpath(path, context), line[:_LONGEST])


def _leaks(image: BuiltImage, text: str, needles: list[Needle]) -> Iterator[Leak]:
    haystack = Haystack(needles)
    for entry in image.built.graph.target.history:
        for needle, form in _sorted(haystack.find(entry.created_by.encode(errors="replace"))):
            origin = Origin(0, entry.created_by[:80].replace("\n", " "))
            if entry.vertex is not None:
                lines = text.count("\n", 0, entry.vertex.instruction.line.start) + 1
                origin = Origin(lines, entry.vertex.instruction.line.text.partition("\n")[0][:80])
            hidden = Origin(origin.line, haystack.hidden(origin.text))
            yield Leak(needle, "history", form, hidden, False, _advice(needle))
    for key, value in read_settings(image.document).items():
        for needle, form in _sorted(haystack.find(json.dumps(value).encode())):
            yield Leak(needle, f"configuration `{key}`", form, None, False, _advice(needle))
    gone = set(image.trees)
    for tree, origin in zip(image.trees, origins(image, text), strict=True):
        gone.discard(tree)
        if origin.line:
            yield from _in_layer(
                tree, origin, haystack, [one for one in image.trees if one in gone]
            )


def _in_layer(tree: str, origin: Origin, haystack: Haystack, above: list[str]) -> Iterator[Leak]:
    for folder, _, names in os.walk(os.fsencode(tree)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            inside = os.fsdecode(path[len(os.fsencode(tree)) :])
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    found = haystack.search(file)
            elif stat.S_ISLNK(status.st_mode):
                found = haystack.find(os.readlink(path))
            else:
                continue
            found |= haystack.find(os.fsencode(inside))
            for needle, form in _sorted(found):
                is_gone = any(os.path.lexists(one + inside) for one in above)
                yield Leak(needle, f"`{inside}`", form, origin, is_gone, _advice(needle))


def _sorted(found: set[tuple[Needle, str]]) -> list[tuple[Needle, str]]:
    return sorted(found, key=lambda one: (one[0].kind, one[0].name, one[1]))


def _advice(needle: Needle) -> str:
    if needle.kind == "argument":
        mount = f"RUN --mount=type=secret,id={needle.name},env={needle.name}"
        return f"mount it where it is used: `{mount}`, and build with `--secret id={needle.name}`"
    if needle.kind == "secret":
        return "do not write what is mounted into the image"
    name = os.path.basename(needle.name)
    mount = f"RUN --mount=type=secret,id={name.lstrip('.')}"
    return f"name it in .dockerignore, and mount it where it is used: `{mount}`"
