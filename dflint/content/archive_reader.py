"""Reads a tar of images once: blobs go into the store, documents are kept in memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import posixpath
import tarfile
import zlib
from dataclasses import dataclass, field
from typing import cast

from dflint.errors import BuildError, UnsupportedError
from dflint.oci.digest import parse_digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO, BinaryIO

    from dflint.content.blobs import Blob
    from dflint.content.store import ContentStore

_DOCUMENTS = frozenset(("oci-layout", "index.json", "manifest.json"))
#: Files of `docker save` that say nothing which `manifest.json` does not.
_IGNORED = frozenset(("json", "VERSION", "repositories"))
_LARGEST_DOCUMENT = 64 << 20
_MOST_MEMBERS = 200_000
#: How many bytes the files of an archive may have together, unless the caller says otherwise.
LIMIT = 1 << 40
_CHUNK = 1 << 20
_DAMAGE = (
    tarfile.TarError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    ValueError,
    OverflowError,
)


@dataclass(slots=True)
class Archive:
    """What a tar of images holds.

    `documents` are the files at its top that describe it; `files` what else there is, by name:
    the blobs that they have become; `links` the names that links stand for.
    """

    documents: dict[str, bytes] = field(default_factory=dict)
    files: dict[str, Blob] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Blob | None:
        """The blob of a file, through links; None when it is not there."""
        for _ in range(8):
            if name in self.files:
                return self.files[name]
            if name not in self.links:
                return None
            name = self.links[name]
        return None


def read_archive(store: ContentStore, stream: BinaryIO, what: str, limit: int = LIMIT) -> Archive:
    """Read a tar, perhaps compressed, to its end; its files have at most `limit` bytes."""
    archive = Archive()
    size = 0
    try:
        with tarfile.open(fileobj=_decompressed(stream, what), mode="r|", bufsize=_CHUNK) as tar:
            for number, member in enumerate(tar):
                if number >= _MOST_MEMBERS:
                    raise BuildError(f"{what}: holds more than {_MOST_MEMBERS} files")
                size += max(member.size, 0)
                if size > limit:
                    raise BuildError(f"{what}: expected at most {limit} bytes of files")
                _read_member(store, archive, tar, member, what)
                tar.members.clear()  # type: ignore[attr-defined] # or every header is kept
    except (
        tarfile.TarError,
        EOFError,
        zlib.error,
        lzma.LZMAError,
        ValueError,
        OverflowError,
    ) as error:
        raise BuildError(f"{what}: is no tar, or a damaged one: {error}") from error
    except OSError as error:
        raise BuildError(f"{what}: cannot be read: {error}") from error
    except RecursionError:
        raise BuildError(f"{what}: is no tar: too many headers for one file") from None
    return archive


def _decompressed(stream: BinaryIO, what: str) -> IO[bytes]:
    """The tar itself, whatever it is compressed with."""
    buffered = io.BufferedReader(cast("io.RawIOBase", stream), _CHUNK)  # any that can be read
    start = buffered.peek(6)[:6]
    if start[:2] == b"\x1f\x8b":
        return cast("IO[bytes]", gzip.open(buffered))
    if start[:3] == b"BZh":
        return cast("IO[bytes]", bz2.open(buffered))
    if start == b"\xfd7zXZ\x00":
        return cast("IO[bytes]", lzma.open(buffered))
    return _zstandard(buffered, what) if start[:4] == b"\x28\xb5\x2f\xfd" else buffered


def _zstandard(stream: IO[bytes], what: str) -> IO[bytes]:
    try:
        import zstandard
    except ImportError:
        raise UnsupportedError(
            f"{what}: is compressed with zstd: install `zstandard`, or `dflint[build]`"
        ) from None
    decompressor = zstandard.ZstdDecompressor()
    return cast("IO[bytes]", decompressor.stream_reader(stream, read_across_frames=True))


def _read_member(
    store: ContentStore,
    archive: Archive,
    tar: tarfile.TarFile,
    member: tarfile.TarInfo,
    what: str,
) -> None:
    name = inner_name(member.name, what)
    if member.isdir():
        return
    if member.issym():
        target = posixpath.join(posixpath.dirname(name), member.linkname)
        archive.links[name] = inner_name(posixpath.normpath(target), what)
    elif member.islnk():
        archive.links[name] = inner_name(member.linkname, what)
    elif not member.isreg() or member.issparse():
        raise BuildError(f"{what}: expected files and folders only, found `{name}`")
    elif name in _DOCUMENTS:
        archive.documents[name] = _read_document(archive, tar, member, name, what)
    elif posixpath.basename(name) not in _IGNORED:
        archive.files[name] = _put(store, tar, member, name, what)


def _read_document(
    archive: Archive, tar: tarfile.TarFile, member: tarfile.TarInfo, name: str, what: str
) -> bytes:
    if name in archive.documents:
        raise BuildError(f"{what}: `{name}` is there twice")
    if member.size > _LARGEST_DOCUMENT:
        raise BuildError(f"{what}: `{name}`: expected at most {_LARGEST_DOCUMENT} bytes")
    return _content(tar, member).read()


def _put(
    store: ContentStore, tar: tarfile.TarFile, member: tarfile.TarInfo, name: str, what: str
) -> Blob:
    """Store a file; that of a layout has to have the digest that it is named by."""
    parts = name.split("/")
    digest = None
    if parts[0] == "blobs" and len(parts) == 3:
        digest = parse_digest(f"{parts[1]}:{parts[2]}")
    with store.new_blob(digest.algorithm if digest else "sha256") as writer:
        content = _content(tar, member)
        while chunk := content.read(_CHUNK):
            writer.write(chunk)
        try:
            return writer.commit(digest or "", member.size)
        except BuildError as error:
            raise BuildError(f"{what}: `{name}`: {error}") from error


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise tarfile.ReadError(f"`{member.name}` has no content")
    return content


def inner_name(name: str, what: str) -> str:
    """The name of a member without `./`; BuildError when it leads out of the archive."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts:
        raise BuildError(f"{what}: the name `{name}` leads out of the archive")
    return "/".join(parts)
