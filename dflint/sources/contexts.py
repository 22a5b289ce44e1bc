"""What the contexts of a command line mean: a folder, standard input, git, HTTP, images."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

from dflint.errors import BuildError
from dflint.oci.reference import ReferenceProblem, parse_reference
from dflint.sources.git_url import GitAddress, read_git_address

_HTTP = re.compile(r"https?://")
_IMAGE = "docker-image://"
_LAYOUT = "oci-layout://"
#: What archives begin with, as skopeo writes them; either may hold the other kind.
ARCHIVES = ("docker-archive:", "oci-archive:")
_TARGET = "target:"
_FILE = "file://"


@dataclass(frozen=True, slots=True)
class LocalContext:
    """A folder of this machine."""

    path: str


@dataclass(frozen=True, slots=True)
class StreamContext:
    """Standard input: an archive, or a Dockerfile with nothing beside it."""


@dataclass(frozen=True, slots=True)
class GitContext:
    """A repository of git."""

    address: GitAddress


@dataclass(frozen=True, slots=True)
class HttpContext:
    """A file of a web server: an archive, or a Dockerfile with nothing beside it."""

    url: str


@dataclass(frozen=True, slots=True)
class ImageContext:
    """An image, by its reference."""

    reference: str


@dataclass(frozen=True, slots=True)
class LayoutContext:
    """An image in an OCI layout: by its digest where one is given, else by its tag."""

    path: str
    tag: str = "latest"
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ArchiveContext:
    """An image in a tar of `docker save` or of an OCI layout; `name` is empty for the only one."""

    path: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class TargetContext:
    """The result of another target of the same bake file."""

    name: str


FileContext = LocalContext | StreamContext | GitContext | HttpContext
NamedContext = (
    LocalContext
    | GitContext
    | HttpContext
    | ImageContext
    | LayoutContext
    | ArchiveContext
    | TargetContext
)


def read_context(text: str) -> FileContext:
    """What the context of a build is. A folder that is there counts before all else.

    Raises BuildError, in Docker's words.
    """
    if not text:
        raise BuildError('please specify build context (e.g. "." for the current directory)')
    if text == "-":
        return StreamContext()
    if os.path.isdir(text):
        return LocalContext(text)
    remote = _remote(text)
    if remote is None:
        raise BuildError(f'unable to prepare context: path "{text}" not found')
    return remote


def read_named_context(name: str, text: str) -> NamedContext:
    """What the context is that `--build-context NAME=TEXT` gives. Raises BuildError."""
    if text.startswith(_IMAGE):
        reference = text.removeprefix(_IMAGE)
        problem = parse_reference(reference)
        if isinstance(problem, ReferenceProblem):
            raise BuildError(f"build context {name}: {problem.message}")
        return ImageContext(reference)
    if text.startswith(_LAYOUT):
        return _layout(name, text.removeprefix(_LAYOUT))
    if text.startswith(ARCHIVES):
        return _archive(name, text)
    if text.startswith(_TARGET):
        return TargetContext(text.removeprefix(_TARGET))
    # A folder named like a repository counts for the context itself only, as Docker has it.
    remote = _remote(text)
    if remote is not None:
        return remote
    if not os.path.lexists(text):
        raise BuildError(
            f"failed to get build context {name}: stat {text}: no such file or directory"
        )
    if not os.path.isdir(text):
        raise BuildError(f"failed to get build context path {text}: not a directory")
    return LocalContext(text)


def _remote(text: str) -> GitContext | HttpContext | None:
    address = read_git_address(text)
    if address is not None:
        return GitContext(address)
    if text.startswith(_FILE):
        return GitContext(_local_repository(text))
    return HttpContext(text) if _HTTP.match(text) else None


def _local_repository(text: str) -> GitAddress:
    """A repository of this machine: `file://PATH`, with `#ref:subdir` or a query as elsewhere.

    Docker has no such contexts; git's own address of them is taken.
    """
    place = text.removeprefix(_FILE)
    end = min((at for at in (place.find("#"), place.find("?")) if at >= 0), default=len(place))
    path = place[:end]
    if not os.path.isdir(path):
        raise BuildError(f'unable to prepare context: path "{text}" not found')
    # What is behind the path is read as it is for a repository elsewhere.
    read = read_git_address("ssh://local/x.git" + place[end:])
    if read is None:
        raise BuildError(f"no address of a git repository: {text}")
    name = path.rstrip("/").rpartition("/")[2].removesuffix(".git")
    return replace(read, remote=_FILE + path, short_name=name)


def _archive(name: str, text: str) -> ArchiveContext:
    """`docker-archive:PATH[:NAME]`: the path is as long as there is a file of it."""
    scheme, _, rest = text.partition(":")
    path, image = rest, ""
    while path and not os.path.lexists(path):
        path, _, _ = path.rpartition(":")
        image = rest[len(path) + 1 :]
    if not os.path.isfile(path):
        place = path or rest
        raise BuildError(f"build context {name}: {scheme}: expected an archive at `{place}`")
    return ArchiveContext(path, image)


def _layout(name: str, text: str) -> LayoutContext:
    place, _, digest = text.partition("@")
    path, has_tag, tag = place.rpartition(":")
    if not has_tag or "/" in tag:
        path, tag = place, "latest"
    if not os.path.isfile(os.path.join(path, "oci-layout")):
        raise BuildError(
            f"build context {name}: {path} is no OCI layout: expected a file oci-layout in it"
        )
    if digest and isinstance(parse_reference("x@" + digest), ReferenceProblem):
        raise BuildError(f"build context {name}: {digest} is no digest: expected sha256:…")
    return LayoutContext(path, tag or "latest", digest)
