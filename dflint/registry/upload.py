"""One blob on its way to a registry: in one request, and in pieces where that one broke."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlencode, urljoin

from dflint.registry.documents import Descriptor
from dflint.registry.errors import RegistryError
from dflint.registry.host import RegistryHost
from dflint.web.addresses import redacted
from dflint.web.client import Answer, Resent

#: What is sent in one request after a break, in bytes.
PIECE = 16 << 20
_CHUNK = 1 << 20
_EMPTY = {"Content-Length": "0"}
_BYTES = "application/octet-stream"
_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class Target:
    """Where blobs go: a registry, the path of a repository there (`/v2/NAME`), and its scopes.

    `name` begins the messages of errors; `check` raises when the push is to end.
    """

    host: RegistryHost
    path: str
    scopes: tuple[str, ...]
    name: str
    check: Callable[[], None]

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | Resent | None = None,
        scopes: tuple[str, ...] = (),
    ) -> Answer:
        """A request about the repository; `scopes` are further ones."""
        # Only what fetches follows redirects: what is sent is meant for this registry.
        follows = method in ("GET", "HEAD")
        asked = (*self.scopes, *scopes)
        return self.host.request(method, path, asked, headers, body, follows=follows)

    def refused(self, answer: Answer, what: str) -> RegistryError:
        """The error that an answer is, in the words that Docker has for it."""
        error = self.host.error(answer, f"{self.name}: {what}")
        if error.status in (401, 403):
            error.message = f"push access denied: {error.message}"
            error.args = (error.message,)
        return error

    def place(self, answer: Answer) -> str:
        """Where an upload goes on."""
        location = answer.headers.get("Location", "")
        url = urljoin(answer.url, location)
        if not location or not url.startswith(("http://", "https://")):
            raise RegistryError(
                f"{self.name}: {redacted(answer.url)} does not say where an upload goes"
            )
        if answer.url.startswith("https://") and url.startswith("http://"):
            raise RegistryError(
                f"{self.name}: uploads go to {redacted(url)}, which is not encrypted"
            )
        return url


class Upload:
    """Sends one blob. `open` gives its bytes from the first on; `told` hears how many went."""

    def __init__(
        self,
        target: Target,
        blob: Descriptor,
        open: Callable[[], BinaryIO],
        told: Callable[[int], None],
    ) -> None:
        self._target = target
        self._blob = blob
        self._open = open
        self._told = told
        self._what = f"failed to send {blob.digest}"

    def run(self, place: str = "") -> None:
        """Send the blob; `place` is an upload that was begun."""
        place = place or self._begin()
        try:
            self._finish(place, self._part(0, self._blob.size))
            return
        except RegistryError as error:
            if error.status == _TOO_LARGE:
                start = 0
            elif error.is_passing:
                place, start = self._arrived(place, error)
            else:
                raise
        self._send_pieces(place, start)

    def _begin(self) -> str:
        path = f"{self._target.path}/blobs/uploads/"
        answer = self._target.ask("POST", path, _EMPTY, b"")
        if answer.status != 202:
            raise self._target.refused(answer, self._what)
        answer.close()
        return self._target.place(answer)

    def _send_pieces(self, place: str, start: int) -> None:
        """Send what is missing; what breaks again goes on from where it is if it got on."""
        while start < self._blob.size:
            part = self._part(start, min(PIECE, self._blob.size - start))
            try:
                place = self._patch(place, part)
                start += part.size
            except RegistryError as error:
                if not error.is_passing:
                    raise
                place, arrived = self._arrived(place, error)
                if arrived == start:
                    raise
                start = arrived
        try:
            self._target.host.patiently(lambda: self._finish(place))
        except RegistryError as error:
            # What was put together of pieces may have come apart: sent in one piece it may do.
            error.is_passing |= error.code in ("DIGEST_INVALID", "SIZE_INVALID")
            raise

    def _finish(self, place: str, part: BlobPart | None = None) -> None:
        answer = self._end(place, part)
        if answer.status not in (201, 204):
            raise self._target.refused(answer, self._what)
        answer.close()

    def _patch(self, place: str, part: BlobPart) -> str:
        headers = {
            "Content-Type": _BYTES,
            "Content-Length": str(part.size),
            "Content-Range": f"{part.start}-{part.start + part.size - 1}",
        }
        answer = self._target.ask("PATCH", place, headers, part)
        if answer.status not in (201, 202, 204):
            error = self._target.refused(answer, self._what)
            error.is_passing = error.is_passing or error.status == 416
            raise error
        answer.close()
        return self._target.place(answer)

    def _end(self, place: str, part: BlobPart | None) -> Answer:
        separator = "&" if "?" in place else "?"
        url = f"{place}{separator}{urlencode({'digest': self._blob.digest})}"
        size = part.size if part else 0
        headers = {"Content-Type": _BYTES, "Content-Length": str(size)}
        return self._target.ask("PUT", url, headers, part or b"")

    def _arrived(self, place: str, error: RegistryError) -> tuple[str, int]:
        """Ask how much of an upload is there: where to go on, and from which byte."""
        answer = self._target.ask("GET", place)
        with answer:
            end = answer.headers.get("Range", "").removeprefix("bytes=").partition("-")[2]
        if answer.status != 204 or not end.isdecimal() or int(end) >= self._blob.size:
            raise error
        # An upload of nothing is at `0-0`, as one of a single byte is.
        return self._target.place(answer), int(end) + 1 if int(end) else 0

    def _part(self, start: int, size: int) -> BlobPart:
        return BlobPart(start, size, self._chunks)

    def _chunks(self, start: int, size: int) -> Iterator[bytes]:
        """Bytes of the blob; the store checks all of it when its last byte is read."""
        done = 0
        with self._open() as stream:
            while done < start + size:
                skips = done < start
                left = start - done if skips else start + size - done
                chunk = stream.read(min(_CHUNK, left))
                if not chunk:
                    raise RegistryError(
                        f"{self._target.name}: {self._what}: the store's blob has {done} bytes: "
                        f"expected {self._blob.size}"
                    )
                done += len(chunk)
                if skips:
                    continue
                self._target.check()
                yield chunk
                self._told(done)


class BlobPart(Resent):
    """Bytes of a blob as the body of a request, which can be sent again."""

    def __init__(
        self, start: int, size: int, chunks: Callable[[int, int], Iterator[bytes]]
    ) -> None:
        self.start = start
        self.size = size
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks(self.start, self.size)
