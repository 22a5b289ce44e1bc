"""Files from web servers: sources of ADD, and contexts given by URL."""

from __future__ import annotations

import email.utils
import hashlib
import json
import os
import posixpath
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from dflint.errors import BuildError
from dflint.web.addresses import redacted
from dflint.web.client import Answer, WebClient, WebSettings
from dflint.web.errors import WebError

#: The name of a file whose URL has none.
UNNAMED = "__unnamed__"
#: The longest file that is fetched unless it is said otherwise, in bytes.
USUAL_LIMIT = 16 << 30
_PASSING = frozenset((429, 502, 503, 504))
_GZIP = 31


@dataclass(frozen=True, slots=True)
class HttpFile:
    """A file that was fetched, or that is known to be unchanged.

    `path` is where it is, mode 0600; `last_modified` and `etag` are the server's words or "";
    `mtime` is in seconds, 0 where the server says none.
    """

    path: str
    digest: str
    size: int
    etag: str
    last_modified: str

    @property
    def mtime(self) -> int:
        """When the server says that the file was changed, in seconds since the epoch."""
        moment = email.utils.parsedate_tz(self.last_modified) if self.last_modified else None
        return max(int(email.utils.mktime_tz(moment)), 0) if moment else 0

    def key(self, name: str) -> str:
        """What a cache key takes: equal keys mean equal files of a name."""
        parts = {"name": name, "mode": 0o600, "digest": self.digest, "modified": self.last_modified}
        return "sha256:" + hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


class HttpCache(Protocol):
    """Files that were fetched before."""

    def find(self, url: str) -> HttpFile | None:
        """The file of a URL, when it is still there."""

    def keep(self, url: str, file: HttpFile) -> HttpFile:
        """Keep a file beyond the folder it is in; the file at its new place."""


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How files are fetched: `limit` in bytes, `attempts` for what may pass.

    `told` is called with the number of bytes that have come, and that of all, 0 for an unknown one.
    """

    limit: int = USUAL_LIMIT
    attempts: int = 3
    delay: float = 0.3
    ca_files: tuple[str, ...] = ()
    connect_timeout: float = 20.0
    read_timeout: float = 60.0
    cancel: threading.Event = field(default_factory=threading.Event)
    told: Callable[[int, int], None] | None = None


def file_name(url: str) -> str:
    """The name that ADD gives to the file of a URL: the last part of its path."""
    base = posixpath.basename(unquote(urlsplit(url).path).rstrip("/"))
    return base if base not in ("", ".", "..") else UNNAMED


def fetch_file(
    url: str,
    folder: str,
    *,
    checksum: str = "",
    cache: HttpCache | None = None,
    options: HttpOptions | None = None,
) -> HttpFile:
    """Fetch the file of a URL into a folder, under a name of its own.

    A file that the cache has is asked for with its ETag or date, and not sent again while it is
    the same. Raises BuildError for answers that are no file, and for files that have not the
    checksum (`sha256:…`); then nothing is left in the folder.
    """
    options = options or HttpOptions()
    known = cache.find(url) if cache else None
    if known is not None and checksum and known.digest == checksum:
        return known
    client = WebClient(
        WebSettings(
            connect_timeout=options.connect_timeout,
            read_timeout=options.read_timeout,
            ca_files=options.ca_files,
            allows_downgrade=True,
        )
    )
    for attempt in range(1, options.attempts + 1):
        try:
            file = _attempt(client, url, folder, known, options)
            break
        except WebError as error:
            if not error.is_passing or attempt == options.attempts or options.cancel.is_set():
                raise
        options.cancel.wait(options.delay * attempt)
    if checksum and file.digest != checksum:
        if file is not known:
            os.unlink(file.path)
        raise BuildError(f"digest mismatch {file.digest}: {checksum}")
    return cache.keep(url, file) if cache and file is not known else file


def _attempt(
    client: WebClient, url: str, folder: str, known: HttpFile | None, options: HttpOptions
) -> HttpFile:
    headers = {}
    if known is not None and known.etag:
        headers["If-None-Match"] = known.etag
    elif known is not None and known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    with client.request("GET", url, headers) as answer:
        if answer.status == 304 and known is not None:
            return known
        if not 200 <= answer.status < 300:
            shown = redacted(answer.url)
            raise WebError(
                f"invalid response status {answer.status}: {shown}",
                status=answer.status,
                url=shown,
                is_passing=answer.status in _PASSING,
            )
        return _keep(answer, folder, options)


def _keep(answer: Answer, folder: str, options: HttpOptions) -> HttpFile:
    """Write an answer's body; the file is removed when it does not arrive whole."""
    handle, path = tempfile.mkstemp(prefix="http-", dir=folder)  # mode 0600
    try:
        with open(handle, "wb") as out:
            digest, size = _write(answer, out, options)
        file = HttpFile(
            path,
            digest,
            size,
            answer.headers.get("ETag", ""),
            answer.headers.get("Last-Modified", ""),
        )
        os.utime(path, (file.mtime, file.mtime))
    except BaseException:
        os.unlink(path)
        raise
    return file


def _write(answer: Answer, out: BinaryIO, options: HttpOptions) -> tuple[str, int]:
    shown = redacted(answer.url)
    hashed = hashlib.sha256()
    size = 0
    length = answer.headers.get("Content-Length", "")
    total = int(length) if length.isdecimal() and not _is_packed(answer) else 0
    for chunk in _decoded(answer):
        if options.cancel.is_set():
            raise BuildError(f"fetching {shown} was cancelled")
        size += len(chunk)
        if size > options.limit:
            raise BuildError(f"{shown} is longer than {options.limit} bytes")
        hashed.update(chunk)
        out.write(chunk)
        if options.told is not None:
            options.told(size, total)
    return "sha256:" + hashed.hexdigest(), size


def _is_packed(answer: Answer) -> bool:
    return bool(answer.headers.get("Content-Encoding", "").strip().lower() == "gzip")


def _decoded(answer: Answer) -> Iterator[bytes]:
    """The body, unpacked where it was packed for the transfer."""
    if not _is_packed(answer):
        yield from answer.chunks()
        return
    shown = redacted(answer.url)
    decoder = zlib.decompressobj(_GZIP)
    for chunk in answer.chunks():
        data = chunk
        while data:
            try:
                # In pieces: a few bytes may hold gigabytes.
                yield decoder.decompress(data, 1 << 20)
            except zlib.error:
                raise BuildError(f"the answer of {shown} is no gzip stream") from None
            data = decoder.unconsumed_tail
    rest = decoder.flush()
    if rest:
        yield rest
    if not decoder.eof:
        raise BuildError(f"the answer of {shown} ends too early")
