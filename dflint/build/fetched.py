"""Files of web servers, kept in the store from one build to the next."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, replace

from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.sources.http import HttpFile, HttpOptions, fetch_file

_CHUNK = 1 << 20


class FetchedFiles:
    """The files of `ADD URL`, by URL: see `dflint.sources.http.HttpCache`.

    Their content is blobs of the store, which a prune removes; then they are fetched anew.
    """

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def find(self, url: str) -> HttpFile | None:
        """The file of a URL, when it is still there."""
        fact = self._store.find_fact(_name(url))
        if fact is None:
            return None
        try:
            file = HttpFile(path="", **json.loads(fact))
            if self._store.blob_size(file.digest) != file.size:
                return None
            return replace(file, path=self._store.blob_path(file.digest))
        except (ValueError, TypeError, BuildError):
            return None  # another version of dflint may have written it

    def keep(self, url: str, file: HttpFile) -> HttpFile:
        """Keep the content of a file; the file stays where it is, for this build."""
        with open(file.path, "rb") as stream, self._store.new_blob() as writer:
            while chunk := stream.read(_CHUNK):
                writer.write(chunk)
            writer.commit()
        said = asdict(file)
        del said["path"]
        self._store.add_facts({_name(url): json.dumps(said).encode()})
        return file

    def fetch(
        self, url: str, folder: str, checksum: str, told: Callable[[int, int], None] | None = None
    ) -> HttpFile:
        """The file of a URL, from its server where it is not the one that was kept."""
        options = HttpOptions(told=told)
        return fetch_file(url, folder, checksum=checksum, cache=self, options=options)

    def place(self, url: str, file: HttpFile, folder: str, path: str) -> None:
        """Have a fetched file at a path, with its time. What was damaged is fetched anew."""
        if file.path == self._store.blob_path(file.digest):
            try:
                self.copy(file, path)
            except BuildError:
                file = self.keep(url, fetch_file(url, folder, checksum=file.digest))
                os.replace(file.path, path)
        else:
            os.rename(file.path, path)
        os.utime(path, (file.mtime, file.mtime))

    def copy(self, file: HttpFile, path: str) -> None:
        """Copy a file that was kept; BuildError when it is damaged."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as out, self._store.open_blob(file.digest) as stream:
            while chunk := stream.read(_CHUNK):
                out.write(chunk)


class CheckedFiles:
    """The same files, as `HttpCache` for who reads them where they are: each copied and checked."""

    def __init__(self, store: ContentStore, folder: str) -> None:
        self._store = store
        self._files = FetchedFiles(store)
        self._folder = folder

    def find(self, url: str) -> HttpFile | None:
        """A copy of the file of a URL, when it is still there and whole."""
        known = self._files.find(url)
        if known is None:
            return None
        path = os.path.join(self._folder, f"kept-{os.urandom(8).hex()}")
        try:
            self._files.copy(known, path)
        except BuildError:
            os.unlink(path)
            return None
        return replace(known, path=path)

    def keep(self, url: str, file: HttpFile) -> HttpFile:
        """Keep the content of a file."""
        return self._files.keep(url, file)


def _name(url: str) -> str:
    """The key of a URL, which may hold a password."""
    return "http " + hashlib.sha256(url.encode("utf-8", "surrogateescape")).hexdigest()
