"""The file system that layers make, as a listing and as the tar of `--output type=tar`."""

from __future__ import annotations

import os
from typing import NamedTuple

from dflint.layer import header as tar
from dflint.layer.merged import OPAQUE_NAMES, MergedTree
from dflint.layer.writer import TarWriter, header_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dflint.layer.header import Header
    from dflint.layer.writer import TarSummary, Writer

_SECOND = 1_000_000_000
_HIDDEN = tuple(name.rpartition(".")[0] + "." for name in OPAQUE_NAMES)


class MergedEntry(NamedTuple):
    """One file of a merged file system: its name in there, and the file on disk that it is."""

    name: bytes
    path: bytes
    status: os.stat_result


def merged_entries(trees: Sequence[str]) -> Iterator[MergedEntry]:
    """All that layer trees (topmost last) make together, without the root.

    A directory comes before what is in it, names are sorted as bytes; nothing is mounted, no
    symbolic link followed. The path says which tree a file comes from.
    """
    for name, place in MergedTree(trees).walk():
        yield MergedEntry(name, place.path, place.status)


def write_merged_tar(
    trees: Sequence[str], out: Writer, *, epoch: int | None = None, prefix: bytes = b""
) -> TarSummary:
    """Write the file system of layer trees as one tar, as BuildKit's `type=tar` does.

    Times are rounded to seconds, all of them are `epoch` where it is given; all extended
    attributes are kept but overlay's own; sockets are left out. `prefix` stands before every name,
    as `linux_amd64/` does where there are several platforms.
    """
    archive = TarWriter(out)
    names: dict[tuple[int, int], bytes] = {}
    for entry in merged_entries(trees):
        status = entry.status
        mtime = (status.st_mtime_ns + _SECOND // 2) // _SECOND if epoch is None else epoch
        header = header_of(prefix + entry.name, entry.path, status, mtime)
        if header is None:
            continue
        header.xattrs = _attributes(entry.path)
        if status.st_nlink > 1 and header.type not in (tar.DIRECTORY, tar.SYMLINK):
            _link(header, names.setdefault((status.st_dev, status.st_ino), header.name))
        if header.type == tar.FILE and header.size:
            archive.add_file(header, entry.path)
        else:
            archive.add(header)
    return archive.close()


def _link(header: Header, first: bytes) -> None:
    if header.name != first:
        header.type, header.link, header.size = tar.HARD_LINK, first, 0


def _attributes(path: bytes) -> list[tuple[bytes, bytes]]:
    return [
        (os.fsencode(name), os.getxattr(path, name, follow_symlinks=False))
        for name in os.listxattr(path, follow_symlinks=False)
        if not name.startswith(_HIDDEN)
    ]
