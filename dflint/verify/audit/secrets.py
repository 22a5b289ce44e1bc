"""Whether an image gives secrets away: it is built with random ones, and they are looked for."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from dflint.build.request import BuildRequest, Secret
from dflint.build.session import BuildSession, BuiltImage, uses_secrets
from dflint.cst.instructions import Arg, From, Run
from dflint.errors import BuildError
from dflint.lint.document import Document
from dflint.semantic.secret_literals import secret_literals
from dflint.semantic.secret_names import is_harmless, is_secret_name
from dflint.verify.audit.needles import Haystack, Needle
from dflint.verify.audit.origins import Origin, origins
from dflint.verify.image.settings import read_settings
from dflint.verify.image.verifier import silence

#: Files of a context whose content is nobody's business, by their names.
SECRET_FILES = (
    ".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "id_rsa", "id_dsa", "id_ecdsa",
    "id_ed25519", ".pypirc", ".netrc", "_netrc", ".git-credentials", ".htpasswd", ".pgpass",
    "credentials", "credentials.*", "secrets.y*ml", "secrets.json", "secrets.toml", "*.kubeconfig",
    "*.ppk", "*.keystore", "*.kdbx", "*.ovpn", "*.token", "*.secret", "*.tfvars", ".vault-token",
    ".s3cfg", ".boto", ".my.cnf", ".dockercfg", "auth.json", "service-account*.json",
    "terraform.tfstate",
)  # fmt: skip
#: Files that may hold a secret beside what anybody may see: of these the lines that look like one.
SETTINGS_FILES = (
    ".npmrc", "pip.conf", ".yarnrc", ".yarnrc.yml", "nuget.config", "NuGet.Config",
    "settings.xml", "gradle.properties", "config.json", "config", ".gitconfig", ".curlrc",
    ".wgetrc", "database.yml",
    "wp-config.php", "application.properties", "application.y*ml", "kubeconfig",
)  # fmt: skip
_TELLING = re.compile(
    rb"(?i)(?:_auth|auth[_-]?token|password|passwd|secret|token|api[_-]?key|private[_-]?key"
    rb"|credential)[\w.-]*[\"']?[ \t]*+[:=>][ \t]*+[\"']?(?P<value>[^\s\"'<>${}]{8,})"
    rb"|://[^\s/:@]*+:(?P<password>[^\s/:@${}]{6,})@|\"auth\"[ \t]*+:[ \t]*+\"(?P<auth>[^\"]{8,})\""
)
#: What is no secret although it is called like one.
_PUBLIC = ("*.example", "*.sample", "*.template", "*.pub", "*.dist")
#: What is looked for of a file has at least so many bytes, and at most.
_LEAST, _LONGEST = 12, 200
#: Of what is given, or set by name.
_LEAST_GIVEN = 8


@dataclass(frozen=True, slots=True)
class Leak:
    """A secret that an image holds.

    `place` is `history`, a key of the configuration, or a path; `is_deleted` tells that a later
    layer removes the path, which leaves it in its own. `advice` is what to do. `path` is the
    absolute one of a file, without which it is empty.
    """

    needle: Needle
    place: str
    form: str
    origin: Origin | None
    is_deleted: bool
    advice: str
    path: str = ""

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
    """What was looked for, what was found, and with which values it was built."""

    needles: tuple[Needle, ...]
    leaks: tuple[Leak, ...]
    request: BuildRequest


def audit_secrets(
    session: BuildSession, request: BuildRequest, doc: Document, folder: str
) -> SecretsAudit:
    """Build with random values for arguments and secrets, and look for them in the image.

    `folder` is for the values. Raises BuildError when it does not build, with values for all
    arguments, for those that are called like secrets, or for none.
    """
    files = [*_given(request), *_written(doc), *_files(request.context)]
    mounted, secret_needles = _secrets(doc, request, folder)
    failure: BuildError | None = None
    for arguments in _choices(doc, request):
        given = dict(request.build_args) | {one.name: one.value.decode() for one in arguments}
        wanted = replace(request, build_args=tuple(given.items()), secrets=mounted)
        try:
            image = session.build(doc.text, silence(), uses_secrets(), wanted)
        except BuildError as error:
            failure = error
            continue
        needles = (*arguments, *secret_needles, *files)
        return SecretsAudit(needles, tuple(_leaks(image, doc.text, list(needles))), wanted)
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


def _given(request: BuildRequest) -> Iterator[Needle]:
    """What the build is given: secrets, and arguments that are called like them."""
    for name, value in request.build_args:
        if is_secret_name(name) and len(value) >= _LEAST_GIVEN:
            yield Needle("argument", name, value.encode("utf-8", "surrogateescape"))
    for one in request.secrets:
        data = os.environb.get(os.fsencode(one.variable or one.id), b"")
        if one.file:
            with open(one.file, "rb") as file:
                data = file.read(1 << 20)
        line = max((each.strip() for each in data.splitlines()), key=len, default=b"")
        if len(line) >= _LEAST_GIVEN:
            yield Needle("secret", one.id, line[:_LONGEST])


def _written(doc: Document) -> Iterator[Needle]:
    """The secrets that stand in the Dockerfile itself: tokens, passwords, settings called so."""
    for span, what in secret_literals(doc.text):
        yield Needle("text", what, span.slice(doc.text).encode("utf-8", "surrogateescape"))
    for instruction in doc.instructions:
        reading = instruction.reading
        pairs = list(reading.pairs) if reading.keyword in ("env", "label") else []
        if reading.keyword == "arg":
            pairs = [(one.partition("=")[0], one.partition("=")[2]) for one in reading.arguments]
        for name, value in pairs:
            value = value.strip("\"'")
            is_known = "$" not in value and not is_harmless(name, value)
            if is_secret_name(name) and is_known and len(value) >= _LEAST_GIVEN:
                yield Needle("text", name, value.encode("utf-8", "surrogateescape"))


def _files(context: str) -> Iterator[Needle]:
    """The files of a context that hold secrets, each by a line of it, or what that sets."""
    for folder, _, names in os.walk(context):
        for name in names:
            path = os.path.join(folder, name)
            is_public = any(fnmatch.fnmatch(name, one) for one in _PUBLIC)
            if is_public or not stat.S_ISREG(os.lstat(path).st_mode):
                continue
            is_secret = any(fnmatch.fnmatch(name, one) for one in SECRET_FILES)
            if not is_secret and not any(fnmatch.fnmatch(name, one) for one in SETTINGS_FILES):
                continue
            with open(path, "rb") as file:
                data = file.read(1 << 20)
            relative = os.path.relpath(path, context)
            for value in _values(data) if not is_secret else [_longest_line(data)]:
                if len(value) >= (_LEAST if is_secret else _LEAST_GIVEN):
                    yield Needle("file", relative, value[:_LONGEST])


def _longest_line(data: bytes) -> bytes:
    return max((one.strip() for one in data.splitlines()), key=len, default=b"")


def _values(data: bytes) -> Iterator[bytes]:
    """What lines of settings set that are called like secrets."""
    for match in _TELLING.finditer(data):
        yield match["value"] or match["password"] or match["auth"]


def _leaks(image: BuiltImage, text: str, needles: list[Needle]) -> Iterator[Leak]:
    haystack = Haystack(needles)
    for entry in image.built.graph.target.history:
        for needle, form in _sorted(haystack.within(entry.created_by.encode(errors="replace"))):
            origin = Origin(0, entry.created_by[:80].replace("\n", " "))
            if entry.vertex is not None:
                lines = text.count("\n", 0, entry.vertex.instruction.line.start) + 1
                origin = Origin(lines, entry.vertex.instruction.line.text.partition("\n")[0][:80])
            hidden = Origin(origin.line, haystack.hidden(origin.text))
            yield Leak(needle, "history", form, hidden, False, _advice(needle))
    for key, value in read_settings(image.document).items():
        for needle, form in _sorted(haystack.within(json.dumps(value).encode())):
            yield Leak(needle, f"configuration `{key}`", form, None, False, _advice(needle))
    gone = set(image.trees)
    for tree, origin in zip(image.trees, origins(image, text), strict=True):
        gone.discard(tree)
        if origin.line:
            yield from _in_layer(
                tree, origin, haystack, [one for one in image.trees if one in gone]
            )


def _in_layer(tree: str, origin: Origin, haystack: Haystack, above: list[str]) -> Iterator[Leak]:
    root = os.fsencode(tree)
    for folder, folders, names in os.walk(root):
        for name in sorted((*folders, *names)):
            path = os.path.join(folder, name)
            inside = os.fsdecode(path[len(root) :])
            found = _in_entry(path, haystack) | haystack.within(os.fsencode(name))
            place = haystack.hidden(inside)
            for needle, form in _sorted(found):
                is_gone = any(os.path.lexists(one + inside) for one in above)
                told = f"`{place}`"
                yield Leak(needle, told, form, origin, is_gone, _advice(needle), inside)


def _in_entry(path: bytes, haystack: Haystack) -> set[tuple[Needle, str]]:
    """The needles in the content of a file, the target of a link, and in attributes."""
    status = os.lstat(path)
    found: set[tuple[Needle, str]] = set()
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            found |= haystack.search(file)
    elif stat.S_ISLNK(status.st_mode):
        found |= haystack.within(os.readlink(path))
    for name in os.listxattr(path, follow_symlinks=False):
        value = os.getxattr(path, name, follow_symlinks=False)
        found |= haystack.within(os.fsencode(name) + b"\0" + value)
    return found


def _sorted(found: set[tuple[Needle, str]]) -> list[tuple[Needle, str]]:
    return sorted(found, key=lambda one: (one[0].kind, one[0].name, one[1]))


def _advice(needle: Needle) -> str:
    if needle.kind == "argument":
        mount = f"RUN --mount=type=secret,id={needle.name},env={needle.name}"
        return f"mount it where it is used: `{mount}`, and build with `--secret id={needle.name}`"
    if needle.kind == "text":
        return "withdraw it, and mount it where it is used: `RUN --mount=type=secret,id=…`"
    if needle.kind == "secret":
        return "do not write what is mounted into the image"
    name = os.path.basename(needle.name)
    mount = f"RUN --mount=type=secret,id={name.lstrip('.')}"
    return f"name it in .dockerignore, and mount it where it is used: `{mount}`"
