"""Pushing an image from a store: blobs that the registry lacks, then the manifests."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import BinaryIO, Protocol
from urllib.parse import urlencode, urljoin

from dflint.oci.reference import ImageReference
from dflint.registry.documents import Descriptor, Document, matches, read_document
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.registry.options import Progress, RegistryOptions
from dflint.registry.resolve import MANIFEST_LIMIT, full_name, read_reference, scope
from dflint.web.addresses import redacted
from dflint.web.client import Answer

#: Blobs up to this size are sent in one request, larger ones in pieces of it, in bytes.
PIECE = 16 << 20
_DEPTH = 3


class BlobSource(Protocol):
    """Where blobs are read."""

    def read_blob(self, digest: str) -> bytes:
        """A small blob."""

    def open_blob(self, digest: str) -> BinaryIO:
        """A blob to be read from its beginning."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push has done: the manifest's descriptor, and the digests of blobs by their way."""

    name: str
    descriptor: Descriptor
    sent: tuple[str, ...]
    mounted: tuple[str, ...]
    present: tuple[str, ...]


def _untold(digest: str, done: int, total: int) -> None:
    """Progress that nobody wants to know."""


def push(
    reference: str,
    digest: str,
    store: BlobSource,
    options: RegistryOptions | None = None,
    progress: Progress = _untold,
    mount_from: Sequence[str] = (),
) -> Pushed:
    """Send the image or index of a digest to a registry, and give it the reference's name.

    `mount_from` are repositories of the same registry that may have the blobs already. Blobs that
    the registry has are not sent; the manifest comes last. Raises RegistryError.
    """
    read = read_reference(reference)
    host = RegistryHost(read.domain, options or RegistryOptions())
    return _Push(host, read, store, progress, tuple(mount_from)).run(digest)


class _Push:
    def __init__(
        self,
        host: RegistryHost,
        reference: ImageReference,
        store: BlobSource,
        progress: Progress,
        mount_from: tuple[str, ...],
    ) -> None:
        self._host = host
        self._store = store
        self._progress = progress
        self._reference = reference
        self._mount_from = tuple(one for one in mount_from if one != reference.repository)
        self._name = full_name(reference)
        self._path = f"/v2/{reference.repository}"
        self._scopes = (scope(reference.repository, "pull,push"),)
        self._stop = threading.Event()
        self._ways: dict[str, str] = {}

    def run(self, digest: str) -> Pushed:
        documents = list(self._documents(digest, 0))
        blobs: dict[str, Descriptor] = {}
        for document in documents:
            if not document.is_index:
                for one in (*document.layers(), document.config()):
                    blobs.setdefault(one.digest, one)
        self._send_all(list(blobs.values()))
        for document in documents[:-1]:
            self._put(document, document.descriptor.digest)
        root = documents[-1]
        self._put(root, self._reference.tag or root.descriptor.digest)
        return Pushed(
            self._name,
            root.descriptor,
            *(tuple(d for d, way in self._ways.items() if way == wanted) for wanted in _WAYS),
        )

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
                yield from self._documents(one.digest, depth + 1)
        yield document

    def _send_all(self, blobs: list[Descriptor]) -> None:
        with ThreadPoolExecutor(max(1, self._host.options.parallel), "push") as pool:
            futures = [pool.submit(self._send, one) for one in blobs]
            try:
                done, waiting = wait(futures, return_when=FIRST_EXCEPTION)
                for future in waiting:
                    future.cancel()
                for future in done:
                    future.result()
            except BaseException:
                self._stop.set()
                raise

    def _send(self, blob: Descriptor) -> None:
        way = self._host.patiently(lambda: self._attempt(blob))
        self._ways[blob.digest] = way
        self._progress(blob.digest, blob.size, blob.size)

    def _attempt(self, blob: Descriptor) -> str:
        self._check()
        answer = self._ask("HEAD", f"{self._path}/blobs/{blob.digest}")
        with answer:
            status = answer.status
        if status == 200:
            return "present"
        if status not in (404, 403):
            raise self._refused(answer, f"failed to look for {blob.digest}")
        for repository in self._mount_from:
            if self._mount(blob, repository):
                return "mounted"
        self._upload(blob)
        return "sent"

    def _mount(self, blob: Descriptor, repository: str) -> bool:
        """Let the registry take a blob from another repository; tells whether it did."""
        query = urlencode({"mount": blob.digest, "from": repository})
        scopes = (*self._scopes, scope(repository))
        path = f"{self._path}/blobs/uploads/?{query}"
        answer = self._host.request("POST", path, scopes, _EMPTY, b"", follows=False)
        with answer:
            location = answer.headers.get("Location", "")
            is_begun = answer.status == 202 and location
        if is_begun:
            # It has begun an upload instead, which nobody will go on with.
            self._ask("DELETE", self._place(answer)).close()
        return answer.status == 201

    def _upload(self, blob: Descriptor) -> None:
        what = f"failed to send {blob.digest}"
        answer = self._ask("POST", f"{self._path}/blobs/uploads/", _EMPTY, b"")
        if answer.status != 202:
            raise self._refused(answer, what)
        answer.close()
        place = self._place(answer)
        sent = 0
        rest = b""
        with self._store.open_blob(blob.digest) as stream:
            while True:
                piece = _read(stream, PIECE)
                if sent + len(piece) == blob.size:
                    rest = piece
                    break
                if not piece or sent + len(piece) > blob.size:
                    raise RegistryError(
                        f"{self._name}: {what}: the store's blob has not {blob.size} bytes"
                    )
                place = self._patch(place, piece, sent, what)
                sent += len(piece)
                self._progress(blob.digest, sent, blob.size)
        separator = "&" if "?" in place else "?"
        url = f"{place}{separator}{urlencode({'digest': blob.digest})}"
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(len(rest))}
        answer = self._ask("PUT", url, headers, rest)
        if answer.status not in (201, 204):
            raise self._refused(answer, what)
        answer.close()

    def _patch(self, place: str, piece: bytes, sent: int, what: str) -> str:
        """Send a piece; where the next one goes. One that broke is sent on from where it is."""
        start = sent
        while True:
            self._check()
            data = piece[start - sent :]
            if not data:
                return place
            headers = {
                "Content-Type": "application/octet-stream",
                "Content-Length": str(len(data)),
                "Content-Range": f"{start}-{start + len(data) - 1}",
            }
            try:
                answer = self._ask("PATCH", place, headers, data)
                if answer.status not in (201, 202, 204):
                    raise self._refused(answer, what)
                answer.close()
                return self._place(answer)
            except RegistryError as error:
                if not error.is_passing:
                    raise
                place, arrived = self._arrived(place, error)
                if not sent <= arrived <= sent + len(piece) or arrived == start:
                    raise
                start = arrived

    def _arrived(self, place: str, error: RegistryError) -> tuple[str, int]:
        """Ask how much of an upload is there: where to go on, and from which byte."""
        answer = self._ask("GET", place)
        with answer:
            end = answer.headers.get("Range", "").removeprefix("bytes=").partition("-")[2]
        if answer.status != 204 or not end.isdecimal():
            raise error
        # An upload of nothing is at `0-0`, as one of a single byte is.
        return self._place(answer), int(end) + 1 if int(end) else 0

    def _put(self, document: Document, which: str) -> None:
        headers = {"Content-Type": document.descriptor.media_type}
        path = f"{self._path}/manifests/{which}"
        what = f"failed to send the manifest {document.descriptor.digest}"

        def put() -> str:
            self._check()
            answer = self._ask("PUT", path, headers, document.data)
            if answer.status not in (200, 201, 202):
                raise self._refused(answer, what)
            answer.close()
            return answer.headers.get("Docker-Content-Digest", "")

        told = self._host.patiently(put)
        if told and told != document.descriptor.digest:
            raise RegistryError(f"{self._name}: {what}: the registry took it for {told:.150}")

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        # Only what fetches follows redirects: what is sent is meant for this registry.
        follows = method in ("GET", "HEAD")
        return self._host.request(method, path, self._scopes, headers, body, follows=follows)

    def _place(self, answer: Answer) -> str:
        """Where an upload goes on."""
        location = answer.headers.get("Location", "")
        url = urljoin(answer.url, location)
        if not location or not url.startswith(("http://", "https://")):
            raise RegistryError(
                f"{self._name}: {redacted(answer.url)} does not say where an upload goes"
            )
        if answer.url.startswith("https://") and url.startswith("http://"):
            raise RegistryError(
                f"{self._name}: uploads go to {redacted(url)}, which is not encrypted"
            )
        return url

    def _refused(self, answer: Answer, what: str) -> RegistryError:
        error = self._host.error(answer, f"{self._name}: {what}")
        if error.status in (401, 403):
            error.message = f"push access denied: {error.message}"
            error.args = (error.message,)
        return error

    def _check(self) -> None:
        if self._stop.is_set() or self._host.options.cancel.is_set():
            raise RegistryError(f"{self._name}: cancelled")


_WAYS = ("sent", "mounted", "present")
_EMPTY = {"Content-Length": "0"}


def _read(stream: BinaryIO, size: int) -> bytes:
    """As many bytes as are there, up to a size."""
    parts = []
    left = size
    while left:
        data = stream.read(left)
        if not data:
            break
        parts.append(data)
        left -= len(data)
    return b"".join(parts)
