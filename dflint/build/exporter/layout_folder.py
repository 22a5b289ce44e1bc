"""A directory that is, or becomes, an OCI image layout."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from dflint.build.exporter.destination import temporary_name, write_file
from dflint.content.archive import open_layout_blob
from dflint.content.references import references
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, read_index

NAME = "io.containerd.image.name"
REF_NAME = "org.opencontainers.image.ref.name"


class LayoutFolder:
    """A layout to which an image is added; what is there stays.

    As a context manager it is locked against other exports, and removes all that it has made
    unless `keep` was called.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._blobs = os.path.join(path, "blobs", "sha256")
        self._made: list[str] = []
        self._is_kept = False
        self._lock = -1

    def __enter__(self) -> Self:
        self._make_folder(self._blobs)
        self._lock = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for path in () if self._is_kept else reversed(self._made):
            with suppress(OSError):
                os.rmdir(path) if os.path.isdir(path) else os.unlink(path)
        os.close(self._lock)

    def keep(self) -> None:
        """Say that all is written."""
        self._is_kept = True

    def add_blob(self, digest: str, chunks: Iterable[bytes]) -> None:
        """Write a blob; one that is there is not written again."""
        path = os.path.join(self._blobs, digest.partition(":")[2])
        if os.path.exists(path):
            return
        temporary = temporary_name(path)
        self._made.append(temporary)
        with open(temporary, "xb") as file:
            for chunk in chunks:
                file.write(chunk)
        os.chmod(temporary, 0o444)
        os.replace(temporary, path)
        self._made[-1] = path

    def add_file(self, name: str, data: bytes) -> None:
        """Write a document of the layout."""
        path = os.path.join(self.path, name)
        if not os.path.exists(path):
            self._made.append(path)
        write_file(path, data)

    def sweep(self, index: Index) -> None:
        """Remove the blobs that an index does not lead to; none where that cannot be told."""
        found = references(index.manifests, self._read)
        if found.problems:
            return
        named = {digest.partition(":")[2] for digest in found.blobs}
        for name in os.listdir(self._blobs):
            if name not in named and not name.startswith("."):
                with suppress(OSError):
                    os.unlink(os.path.join(self._blobs, name))

    def _read(self, digest: str) -> bytes:
        with open_layout_blob(self.path, digest) as stream:
            return stream.read()

    def other_entries(self, entries: Sequence[Descriptor]) -> list[Descriptor]:
        """What `index.json` says of images that are called otherwise."""
        path = os.path.join(self.path, "index.json")
        try:
            with open(path, "rb") as file:
                found = read_index(file.read(), what=f"`{path}`").manifests
        except FileNotFoundError:
            self._made.append(path)
            return []
        new = [_called(entry) for entry in entries]
        return [entry for entry in found if _called(entry) not in new]

    def _make_folder(self, path: str) -> None:
        missing: list[str] = []
        while path and not os.path.isdir(path):
            missing.append(path)
            path = os.path.dirname(path)
        for one in reversed(missing):
            os.mkdir(one)
            self._made.append(one)


def _called(entry: Descriptor) -> tuple[str, str]:
    return entry.annotations.get(NAME, ""), entry.annotations.get(REF_NAME, "")
