"""Contexts that are no folder yet: fetched, unpacked, checked out."""

from __future__ import annotations

import hashlib
import os
import shutil
from dataclasses import dataclass, field
from typing import BinaryIO

from dflint.errors import BuildError
from dflint.sources.archive import USUAL_LIMIT, look_at, unpack
from dflint.sources.contexts import GitContext, HttpContext
from dflint.sources.git import GitOptions, check_out, find_commit
from dflint.sources.http import HttpCache, HttpOptions, fetch_file

#: What the file is called that a URL names as context.
FETCHED = "context"
_LONGEST_DOCKERFILE = 4 << 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """A context as a folder.

    `dockerfile` is the name of the Dockerfile in it that takes the place of any other, or ""; a
    Dockerfile that came alone is `content`. Files keep their owners. `key` names what was fetched.
    `modified` is its time in seconds since 1970, None where nobody says one: a commit's, what a web
    server says, or that of an archive's newest file.
    """

    folder: str
    key: str
    dockerfile: str = ""
    content: bytes | None = field(default=None, repr=False)
    modified: int | None = None


def load_stream(stream: BinaryIO, folder: str, limit: int = USUAL_LIMIT) -> Loaded:
    """The context that a stream holds, in a folder that is made.

    What is no archive is a Dockerfile, and the folder stays empty. Raises BuildError.
    """
    opened = look_at(stream)
    os.mkdir(folder, 0o755)
    if opened.is_archive:
        return Loaded(folder, "", modified=unpack(opened, folder, limit))
    content = opened.start + stream.read(_LONGEST_DOCKERFILE)
    if len(content) > _LONGEST_DOCKERFILE:
        raise BuildError(
            f"standard input is neither an archive nor a Dockerfile of at most"
            f" {_LONGEST_DOCKERFILE} bytes"
        )
    return Loaded(folder, "sha256:" + hashlib.sha256(content).hexdigest(), "", content)


def load_http(
    context: HttpContext,
    folder: str,
    *,
    cache: HttpCache | None = None,
    options: HttpOptions | None = None,
) -> Loaded:
    """The context that a URL names, in a folder that is made where it is not there.

    An archive is unpacked. Anything else is the Dockerfile, whatever its name, and stands alone in
    the folder as `context`. Raises BuildError.
    """
    os.makedirs(folder, 0o755, exist_ok=True)
    file = fetch_file(context.url, folder, cache=cache, options=options)
    is_kept = os.path.dirname(file.path) != os.path.abspath(folder)
    key = file.key(FETCHED)
    with open(file.path, "rb") as stream:
        opened = look_at(stream)
        if opened.is_archive:
            if not is_kept:
                os.unlink(file.path)
            newest = unpack(opened, folder)
            return Loaded(folder, key, modified=file.mtime or newest)
    place = os.path.join(folder, FETCHED)
    if is_kept:
        shutil.copyfile(file.path, place)
    else:
        os.rename(file.path, place)
    os.chmod(place, 0o600)
    os.utime(place, (file.mtime, file.mtime))
    return Loaded(folder, key, FETCHED, modified=file.mtime or None)


def load_git(context: GitContext, folder: str, options: GitOptions | None = None) -> Loaded:
    """The context that a repository holds, in a folder that is made. Raises BuildError."""
    found = find_commit(context.address, options)
    return Loaded(folder, found.key, modified=check_out(context.address, found, folder, options))
