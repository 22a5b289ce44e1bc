"""Pushing an image from a store: blobs that the registry lacks, then the manifests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol
from urllib.parse import urlencode

from dflint.oci import media_types
from dflint.oci.reference import ImageReference
from dflint.registry.documents import Descriptor, Document, matches, read_document
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.options import Progress, RegistryOptions, untold
from dflint.registry.resolve import MANIFEST_LIMIT, full_name, read_reference, scope
from dflint.registry.side_by_side import move_all
from dflint.registry.upload import Target, Upload

_DEPTH = 3
_EMPTY = {"Content-Length": "0"}


class BlobSource(Protocol):
    """Where blobs are read."""

    def has_blob(self, digest: str) -> bool:
        """Tell whether a blob is there."""

    def read_blob(self, digest: str) -> bytes:
        """A small blob."""

    def open_blob(self, digest: str) -> BinaryIO:
        """A blob to be read from its beginning."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a blob has come to be in a repository.

    `kind` is `sent`, `mounted` (from the repository `source`), `present` (it was there), or
    `skipped` (a foreign layer, which may not be distributed).
    """

    kind: str
    source: str = ""


def _unheard(digest: str, way: Way) -> None:
    """An end that nobody wants to know."""


@dataclass(frozen=True, slots=True)
class PushListener:
    """Who hears of a push: `begun` of the layers' digests, `progress` of bytes, `ended` of ways."""

    begun: Callable[[Sequence[str]], None] = lambda digests: None
    progress: Progress = untold
    ended: Callable[[str, Way], None] = _unheard


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push has done: the manifest's descriptor, and the way of each blob by its digest."""

    name: str
    descriptor: Descriptor
    ways: Mapping[str, Way] = field(default_factory=dict)

    def digests(self, kind: str) -> tuple[str, ...]:
        """The blobs that went one way."""
        return tuple(digest for digest, way in self.ways.items() if way.kind == kind)


def push(
    reference: str,
    digest: str,
    store: BlobSource,
    options: RegistryOptions | None = None,
    listener: PushListener | None = None,
    mount_from: Mapping[str, Sequence[str]] | None = None,
) -> Pushed:
    """Send the image or index of a digest to a registry, and give it the reference's name.

    `mount_from` says of blobs which repositories of the same registry may have them already. Blobs
    that the registry has are not sent; the manifest comes last. Raises RegistryError.
    """
    read = read_reference(reference)
    host = RegistryHost(read.domain, options or RegistryOptions())
    return push_to(host, read, digest, store, listener, mount_from)


def push_to(
    host: RegistryHost,
    reference: ImageReference,
    digest: str,
    store: BlobSource,
    listener: PushListener | None = None,
    mount_from: Mapping[str, Sequence[str]] | None = None,
) -> Pushed:
    """`push` to a registry that is spoken with already."""
    pushing = _Push(host, reference, store, listener or PushListener(), mount_from or {})
    return pushing.run(digest)


class _Push:
    def __init__(
        self,
        host: RegistryHost,
        reference: ImageReference,
        store: BlobSource,
        listener: PushListener,
        mount_from: Mapping[str, Sequence[str]],
    ) -> None:
        self._host = host
        self._store = store
        self._listener = listener
        self._reference = reference
        self._mount_from = mount_from
        self._name = full_name(reference)
        scopes = (scope(reference.repository, "pull,push"),)
        path = f"/v2/{reference.repository}"
        self._target = Target(host, path, scopes, self._name, self._check)
        self._stop = threading.Event()
        self._ways: dict[str, Way] = {}

    def run(self, digest: str) -> Pushed:
        documents = list(self._documents(digest, 0))
        blobs: dict[str, Descriptor] = {}
        layers: dict[str, None] = {}
        for document in documents:
            below = _blobs(document)
            layers.update(
                (one.digest, None) for one in below if media_types.is_layer(one.media_type)
            )
            for one in below:
                blobs.setdefault(one.digest, one)
        self._listener.begun(tuple(layers))
        parallel = self._host.options.parallel
        move_all(blobs.values(), self._send, self._stop, parallel, "push")
        for document in documents[:-1]:
            self._put(document, document.descriptor.digest)
        root = documents[-1]
        self._put(root, self._reference.tag or root.descriptor.digest)
        return Pushed(self._name, root.descriptor, self._ways)

    def _documents(self, digest: str, depth: int) -> Iterator[Document]:
        """A manifest, and before an index those that it lists."""
        data = self._store.read_blob(digest)
        if len(data) > MANIFEST_LIMIT or not matches(data, digest):
            raise RegistryError(f"{self._name}: the store's manifest {digest} is damaged")
        document = read_document(data, "")
        if document.is_index:
            if depth == _DEPTH:
                raise RegistryError(f"{self._name}: indexes stand too deep in one another")
            for one in document.manifests():
                if _is_document(one):
                    yield from self._documents(one.digest, depth + 1)
        yield document

    def _send(self, blob: Descriptor) -> None:
        way = self._host.patiently(lambda: self._attempt(blob))
        self._ways[blob.digest] = way
        self._listener.progress(blob.digest, blob.size, blob.size)
        self._listener.ended(blob.digest, way)

    def _attempt(self, blob: Descriptor) -> Way:
        self._check()
        answer = self._target.ask("HEAD", f"{self._target.path}/blobs/{blob.digest}")
        with answer:
            status = answer.status
        if status == 200:
            return Way("present")
        # An answer without a body does not say why: who may not look may not send either.
        if status not in (401, 403, 404):
            raise self._target.refused(answer, f"failed to look for {blob.digest}")
        if media_types.is_foreign_layer(blob.media_type) and not self._store.has_blob(blob.digest):
            return Way("skipped")
        place = ""
        for repository in self._mount_from.get(blob.digest, ()):
            if repository == self._reference.repository:
                continue
            is_mounted, place = self._mount(blob, repository)
            if is_mounted:
                return Way("mounted", repository)
            if place:
                break
        self._upload(blob, place)
        return Way("sent")

    def _mount(self, blob: Descriptor, repository: str) -> tuple[bool, str]:
        """Let the registry take a blob from another repository; whether it did.

        Where it did not it may have begun an upload instead, whose place is the second value.
        """
        query = urlencode({"mount": blob.digest, "from": repository})
        path = f"{self._target.path}/blobs/uploads/?{query}"
        try:
            answer = self._target.ask("POST", path, _EMPTY, b"", (scope(repository),))
        except RegistryError as error:
            if error.is_passing:
                raise
            return False, ""  # who may not read the other repository sends the blob
        with answer:
            is_begun = answer.status == 202 and "Location" in answer.headers
        return answer.status == 201, self._target.place(answer) if is_begun else ""

    def _upload(self, blob: Descriptor, place: str) -> None:
        def told(done: int) -> None:
            self._listener.progress(blob.digest, min(done, blob.size - 1), blob.size)

        Upload(self._target, blob, lambda: self._store.open_blob(blob.digest), told).run(place)

    def _put(self, document: Document, which: str) -> None:
        headers = {"Content-Type": document.descriptor.media_type}
        path = f"{self._target.path}/manifests/{which}"
        what = f"failed to send the manifest {document.descriptor.digest}"

        def put() -> str:
            self._check()
            answer = self._target.ask("PUT", path, headers, document.data)
            if answer.status not in (200, 201, 202):
                raise self._target.refused(answer, what)
            answer.close()
            return answer.headers.get("Docker-Content-Digest", "")

        told = self._host.patiently(put)
        if told and told != document.descriptor.digest:
            raise RegistryError(f"{self._name}: {what}: the registry took it for {told:.150}")

    def _check(self) -> None:
        if self._stop.is_set() or self._host.options.cancel.is_set():
            raise RegistryError(f"{self._name}: cancelled")


def _is_document(one: Descriptor) -> bool:
    """Whether an index's entry is a manifest or an index; those of BuildKit's caches are blobs."""
    kind = one.media_type
    return media_types.is_manifest(kind) or media_types.is_index(kind)


def _blobs(document: Document) -> list[Descriptor]:
    if document.is_index:
        return [one for one in document.manifests() if not _is_document(one)]
    return [*document.layers(), document.config()]
