"""Pulling an image into a store: each blob once, several at a time, taken up where one broke."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Protocol

from dflint.errors import BuildError
from dflint.oci.reference import ImageReference
from dflint.registry.documents import Descriptor
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.options import Progress, RegistryOptions, untold
from dflint.registry.platforms import Choice
from dflint.registry.resolve import Resolved, full_name, read_reference, resolve_at, scope
from dflint.registry.side_by_side import move_all
from dflint.web.addresses import is_loopback, redacted
from dflint.web.client import Answer
from dflint.web.errors import WebError


class BlobWriter(Protocol):
    """A blob that is being written; it is removed where it is left without `commit`."""

    def __enter__(self) -> BlobWriter: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None: ...

    def write(self, data: bytes) -> object:
        """Append bytes."""

    def commit(self, expected_digest: str = "") -> object:
        """Keep the blob; BuildError when its bytes have another digest."""


class BlobStore(Protocol):
    """Where blobs are kept."""

    def has_blob(self, digest: str) -> bool:
        """Tell whether a blob is there."""

    def put_blob(self, data: bytes) -> object:
        """Keep a small blob."""

    def new_blob(self, algorithm: str = "sha256") -> BlobWriter:
        """Begin a blob whose digest is of an algorithm."""


def pull(
    reference: str,
    choose: Choice,
    store: BlobStore,
    options: RegistryOptions | None = None,
    progress: Progress = untold,
) -> Resolved:
    """Fetch an image for one platform: layers, configuration, manifest and index, in this order.

    What the store has is not fetched. Raises RegistryError; a failed pull leaves whole blobs only.
    """
    read = read_reference(reference)
    options = options or RegistryOptions()
    host = RegistryHost(read.domain, options)
    resolved = resolve_at(host, read, choose)
    pull_layers(host, resolved, store, progress)
    return resolved


def pull_resolved(
    resolved: Resolved,
    store: BlobStore,
    options: RegistryOptions | None = None,
    progress: Progress = untold,
) -> None:
    """Fetch the layers of an image that was resolved before, and keep its documents."""
    host = RegistryHost(resolved.reference.domain, options or RegistryOptions())
    pull_layers(host, resolved, store, progress)


def pull_layers(
    host: RegistryHost, resolved: Resolved, store: BlobStore, progress: Progress
) -> None:
    """`pull_resolved` at a registry that is spoken with already."""
    wanted = {one.digest: one for one in resolved.manifest.layers()}
    missing = []
    for one in wanted.values():
        if store.has_blob(one.digest):
            progress(one.digest, one.size, one.size)
        else:
            missing.append(one)
    _fetch_all(host, resolved.reference, missing, store, progress)
    for data in (resolved.config, resolved.manifest.data):
        store.put_blob(data)
    if resolved.index is not None:
        store.put_blob(resolved.index.data)


def fetch_blob(
    host: RegistryHost,
    reference: ImageReference,
    blob: Descriptor,
    store: BlobStore,
    progress: Progress = untold,
) -> None:
    """Fetch one blob into a store."""
    _Download(host, reference, blob, progress, threading.Event()).into(store)


def _fetch_all(
    host: RegistryHost,
    reference: ImageReference,
    missing: list[Descriptor],
    store: BlobStore,
    progress: Progress,
) -> None:
    if not missing:
        return
    stop = threading.Event()

    def fetch(blob: Descriptor) -> None:
        _Download(host, reference, blob, progress, stop).into(store)

    move_all(missing, fetch, stop, host.options.parallel, "pull")


class _Download:
    """One blob on its way: what has arrived, and its digest so far."""

    def __init__(
        self,
        host: RegistryHost,
        reference: ImageReference,
        blob: Descriptor,
        progress: Progress,
        stop: threading.Event,
    ) -> None:
        self._host = host
        self._stop = stop
        self._reference = reference
        self._blob = blob
        self._progress = progress
        self._done = 0
        self._what = f"{full_name(reference)}: failed to fetch {blob.digest}"

    def into(self, store: BlobStore) -> None:
        """Fetch the blob and keep it."""
        with store.new_blob(self._blob.digest.partition(":")[0]) as writer:
            path = f"/v2/{self._reference.repository}/blobs/{self._blob.digest}"
            try:
                self._fetch(path, writer)
            except RegistryError as error:
                if error.status != 404 or not self._blob.urls or self._done:
                    raise
                self._fetch_elsewhere(writer, error)
            try:
                writer.commit(self._blob.digest)
            except BuildError as error:
                raise RegistryError(f"{self._what}: {error}") from None

    def _fetch_elsewhere(self, writer: BlobWriter, error: RegistryError) -> None:
        """Fetch a layer that may not be distributed from where its manifest says it is."""
        if not self._host.options.fetches_foreign:
            raise RegistryError(f"{error}; it is a foreign layer, and these are not fetched")
        for url in self._blob.urls:
            if url.startswith("https://") or (url.startswith("http://") and _is_here(url)):
                self._fetch(url, writer)
                return
        shown = ", ".join(redacted(url) for url in self._blob.urls)
        raise RegistryError(f"{error}; its other places are not used: expected https, not {shown}")

    def _fetch(self, path: str, writer: BlobWriter) -> None:
        while True:
            before = self._done
            try:
                self._host.patiently(lambda: self._attempt(path, writer))
                break
            except RegistryError as error:
                # A transfer that gets on is worth going on with, however often it breaks.
                if not error.is_passing or self._done == before:
                    raise
        if self._done != self._blob.size:
            raise RegistryError(
                f"{self._what}: it has {self._done} bytes: expected {self._blob.size}"
            )

    def _attempt(self, path: str, writer: BlobWriter) -> None:
        """Fetch what is missing, in one request."""
        if self._done == self._blob.size and self._done:
            return
        self._check()
        headers = {"Range": f"bytes={self._done}-"} if self._done else {}
        answer = self._host.request("GET", path, (scope(self._reference.repository),), headers)
        if answer.status not in (200, 206):
            raise self._host.error(answer, self._what)
        with answer:
            try:
                self._take(answer, writer)
            except WebError as error:
                raise RegistryError(
                    f"{self._what}: {error}", url=error.url, is_passing=error.is_passing
                ) from None

    def _take(self, answer: Answer, writer: BlobWriter) -> None:
        known = self._known(answer)
        total = self._blob.size
        for chunk in answer.chunks():
            self._check()
            if known:
                chunk, known = chunk[known:], max(known - len(chunk), 0)
            if self._done + len(chunk) > total:
                raise RegistryError(
                    f"{self._what}: the registry sends more than the {total} bytes expected",
                    url=redacted(answer.url),
                )
            writer.write(chunk)
            self._done += len(chunk)
            self._progress(self._blob.digest, self._done, total)
        if self._done < total:
            raise RegistryError(
                f"{self._what}: {redacted(answer.url)} ends after {self._done} of {total} bytes",
                url=redacted(answer.url),
                # What was announced so short will not get longer.
                is_passing="Content-Length" not in answer.headers,
            )

    def _check(self) -> None:
        if self._stop.is_set() or self._host.options.cancel.is_set():
            raise RegistryError(f"{self._what}: cancelled")

    def _known(self, answer: Answer) -> int:
        """How many of the answer's first bytes have arrived before."""
        if answer.status == 200:
            return self._done
        span = answer.headers.get("Content-Range", "")
        if not span.startswith(f"bytes {self._done}-"):
            raise RegistryError(
                f"{self._what}: asked for bytes from {self._done}, got {span!r:.100}",
                url=redacted(answer.url),
            )
        return 0


def _is_here(url: str) -> bool:
    return is_loopback(url.partition("://")[2].partition("/")[0])
