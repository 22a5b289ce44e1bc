"""Blobs: content under its digest, one file each, as an OCI image layout has them."""

from __future__ import annotations

import io
import os
from contextlib import suppress
from typing import NamedTuple

from dflint.content.files import REPAIR, make_folder, naming, new_name, try_lock, write_all
from dflint.errors import BuildError
from dflint.oci.digest import Digest, finish, new_hash, parse_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

    from dflint.content.files import FileLock

_BUFFER = 1 << 18


class DamagedBlobError(BuildError):
    """A blob of a store has not the content of its digest, which is `digest`; `text` says so."""

    def __init__(self, digest: Digest, text: str) -> None:
        super().__init__(f"{text} ({REPAIR})")
        self.digest = digest
        self.text = text


class BlobFolder:
    """The folder `blobs` of a layout, and `ingest` beside it, where blobs are written.

    `keep` is called with a digest before it is looked for or gets its name, so that a lease can
    hold it.
    """

    __slots__ = ("_ingest", "_keep", "_root")

    def __init__(self, root: str, keep: Callable[[str], None]) -> None:
        self._root = os.path.join(root, "blobs")
        self._ingest = os.path.join(root, "ingest")
        self._keep = keep
        make_folder(os.path.join(self._root, "sha256"))
        make_folder(self._ingest)

    def path(self, digest: str) -> str:
        """Where a blob is, or would be."""
        parsed = parse_digest(digest)
        return os.path.join(self._root, parsed.algorithm, parsed.encoded)

    def size(self, digest: str) -> int | None:
        """The size of a blob in bytes; None when it is not there."""
        self._keep(parse_digest(digest))
        return size_of(self.path(digest))

    def open(self, digest: str) -> BinaryIO:
        """A stream of a blob's content that is checked by the time its last byte is read."""
        self._keep(parse_digest(digest))
        return self.peek_at(digest)

    def read(self, digest: str, limit: int) -> bytes:
        """The content of a blob of at most `limit` bytes."""
        size = self.size(digest)
        if size is not None and size > limit:
            raise BuildError(f"blob `{digest}`: expected at most {limit} bytes, found {size}")
        with self.open(digest) as stream:
            return stream.read()

    def peek_at(self, digest: str) -> BinaryIO:
        """A stream of a blob's content, as `open`, but no lease comes to hold it by this."""
        parsed = parse_digest(digest)
        path = self.path(digest)
        if size_of(path) is None:
            raise BuildError(f"blob `{parsed}` is missing: expected it at `{path}` ({REPAIR})")
        return open_verified(path, parsed, DamagedBlobError)

    def peek(self, digest: str) -> bytes:
        """The content of a blob, which no lease comes to hold by this."""
        with self.peek_at(digest) as stream:
            return stream.read()

    def find_size(self, digest: str) -> int | None:
        """The size of a blob, as `size`, but no lease comes to hold it by this."""
        return size_of(self.path(digest))

    def measure(self, digest: str) -> int:
        """What a blob takes on disk, in bytes; no lease comes to hold it."""
        with naming(self.path(digest)), suppress(FileNotFoundError):
            return os.stat(self.path(digest)).st_blocks * 512
        return 0

    def new(self, algorithm: str) -> BlobWriter:
        """A writer of one blob."""
        return BlobWriter(self._ingest, algorithm, self._place)

    def _place(self, digest: Digest, temporary: str) -> None:
        self._keep(digest)
        path = self.path(digest)
        with naming(path):
            if digest.algorithm != "sha256":
                os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            # One that is there already is replaced too: it might be damaged.
            os.replace(temporary, path)

    def remove(self, digest: str) -> int:
        """Remove a blob; the bytes that this frees."""
        path = self.path(digest)
        size = self.measure(digest)
        with naming(path), suppress(FileNotFoundError):
            os.unlink(path)
        return size

    def discard_damaged(self, digest: str) -> bool:
        """Remove a blob if it is damaged; whether it was. One that is written anew stays."""
        path, place = self.path(digest), os.path.join(self._ingest, new_name())
        with naming(path), suppress(FileNotFoundError):
            with open(path, "rb") as file:
                if _has_digest(file, parse_digest(digest)):
                    return False
                os.rename(path, place)
                moved, seen = os.stat(place), os.fstat(file.fileno())
            if (moved.st_dev, moved.st_ino) != (seen.st_dev, seen.st_ino):
                os.rename(place, path)
                return False
            os.unlink(place)
            return True
        return False

    def digests(self) -> Iterator[Digest]:
        """The digests of all blobs, sorted; files that are no blobs are left out."""
        for algorithm in sorted(os.listdir(self._root)):
            folder = os.path.join(self._root, algorithm)
            for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
                with suppress(BuildError):
                    yield parse_digest(f"{algorithm}:{name}")

    def sweep(self) -> int:
        """Remove what writers have left that live no more; the bytes that this frees."""
        freed = 0
        for name in os.listdir(self._ingest):
            path = os.path.join(self._ingest, name)
            with naming(path):
                held = try_lock(path, creates=False)
                if held is not None:
                    freed += size_of(path) or 0
                    held.remove()
        return freed


def size_of(path: str) -> int | None:
    """The size of a file; None when there is none."""
    with naming(path):
        try:
            return os.stat(path).st_size
        except FileNotFoundError:
            return None


class BlobWriter:
    """Writes one blob, which counts from `commit` on. Left without one, nothing remains.

    `size` is the number of bytes written so far.
    """

    __slots__ = ("_algorithm", "_descriptor", "_hash", "_held", "_path", "_place", "size")

    size: int

    def __init__(self, folder: str, algorithm: str, place: Callable[[Digest, str], None]) -> None:
        self._algorithm = algorithm
        self._hash = new_hash(algorithm)
        self._place = place
        self._path = os.path.join(folder, new_name())
        self.size = 0
        self._held: FileLock | None = None
        with naming(self._path):
            while self._held is None:  # a sweep may have had it between its making and its locking
                self._held = try_lock(self._path)
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)

    def write(self, data: bytes | memoryview) -> int:
        """Add some bytes; all of them are written."""
        self._hash.update(data)
        with naming(self._path):
            write_all(self._descriptor, data)
        self.size += len(data)
        return len(data)

    def commit(self, expected_digest: str = "", expected_size: int | None = None) -> Blob:
        """Have the blob count; BuildError when it is not what was expected."""
        digest = finish(self._hash, self._algorithm)
        if expected_size is not None and self.size != expected_size:
            raise BuildError(
                f"blob `{expected_digest or digest}`: expected {expected_size} bytes, "
                f"found {self.size}"
            )
        if expected_digest and digest != expected_digest:
            raise BuildError(f"expected content with digest `{expected_digest}`, found `{digest}`")
        with naming(self._path):
            os.fchmod(self._descriptor, 0o644)
            os.fsync(self._descriptor)
        self._place(digest, self._path)
        self._close()
        return Blob(digest, self.size)

    def __enter__(self) -> BlobWriter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._descriptor >= 0:
            with suppress(OSError):
                os.unlink(self._path)
            self._close()

    def _close(self) -> None:
        os.close(self._descriptor)
        self._descriptor = -1
        if self._held is not None:
            self._held.release()


class Blob(NamedTuple):
    """What a blob is found by: its digest, and its size in bytes."""

    digest: Digest
    size: int


def _has_digest(file: BinaryIO, digest: Digest) -> bool:
    hash = new_hash(digest.algorithm)
    while chunk := file.read(_BUFFER):
        hash.update(chunk)
    return finish(hash, digest.algorithm) == digest


def open_verified(
    path: str,
    digest: Digest,
    fail: Callable[[Digest, str], BuildError] = lambda digest, message: BuildError(message),
) -> BinaryIO:
    """A file whose last byte is not given out unless all have the digest: BuildError then.

    `fail` makes that error of a message.
    """
    with naming(path):
        try:
            file = io.FileIO(path, "rb")
        except FileNotFoundError:
            raise BuildError(f"blob `{digest}` is missing: expected it at `{path}`") from None
    return io.BufferedReader(_Verified(file, path, digest, fail), _BUFFER)


class _Verified(io.RawIOBase):
    """Reads a file, and compares its digest when it has read all of it."""

    def __init__(
        self,
        file: io.FileIO,
        path: str,
        digest: Digest,
        fail: Callable[[Digest, str], BuildError],
    ) -> None:
        self._file = file
        self._path = path
        self._digest = digest
        self._fail = fail
        self._hash = new_hash(digest.algorithm)
        self._left = os.fstat(file.fileno()).st_size
        self._is_checked = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # any buffer will do
        view = memoryview(buffer).cast("B")
        with naming(self._path):
            count = self._file.readinto(view) or 0
        self._hash.update(view[:count])
        self._left -= count
        if (self._left <= 0 or count == 0) and not self._is_checked:
            self._check()
        return count

    def _check(self) -> None:
        found = finish(self._hash, self._digest.algorithm)
        if found != self._digest:
            raise self._fail(
                self._digest,
                f"blob `{self._digest}` is damaged: the content of `{self._path}` has digest "
                f"`{found}`",
            )
        self._is_checked = True

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()
