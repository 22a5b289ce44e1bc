"""File systems of images as plain values, to compare what different tools make of one image."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import tarfile
from dataclasses import dataclass, replace

import zstandard

_KINDS = {
    stat.S_IFREG: "file",
    stat.S_IFDIR: "folder",
    stat.S_IFLNK: "link",
    stat.S_IFIFO: "fifo",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
}
_TAR_KINDS = {
    tarfile.DIRTYPE: "folder",
    tarfile.SYMTYPE: "link",
    tarfile.FIFOTYPE: "fifo",
    tarfile.CHRTYPE: "character device",
    tarfile.BLKTYPE: "block device",
}
_XATTR = "SCHILY.xattr."


@dataclass(frozen=True)
class Entry:
    """What is at a path; `same` is the first path of its hard links, `time` in whole seconds."""

    kind: str
    mode: int
    owner: tuple[int, int]
    time: int
    content: str = ""
    same: str = ""
    attributes: tuple[tuple[str, bytes], ...] = ()


Tree = dict[str, Entry]


def tree_of_tar(path: str) -> Tree:
    """The tree that a tar of a whole file system holds, without its root."""
    found: Tree = {}
    targets: dict[str, str] = {}
    with tarfile.open(path) as archive:
        for one in archive:
            name = one.name.removeprefix("./").strip("/")
            if name in ("", "."):
                continue
            if one.islnk():
                targets[name] = one.linkname.removeprefix("./").lstrip("/")
                continue
            found[name] = _tar_entry(archive, one)
    for name, target in targets.items():
        found[name] = found[target]
    return _with_links(found, {name: targets.get(name, name) for name in found})


def _tar_entry(archive: tarfile.TarFile, one: tarfile.TarInfo) -> Entry:
    kind = _TAR_KINDS.get(one.type, "file")
    content = one.linkname if kind == "link" else ""
    if kind == "file":
        opened = archive.extractfile(one)
        assert opened is not None
        with opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
    elif "device" in kind:
        content = f"{one.devmajor}:{one.devminor}"
    attributes = tuple(
        sorted(
            (name.removeprefix(_XATTR), text.encode("utf-8", "surrogateescape"))
            for name, text in one.pax_headers.items()
            if name.startswith(_XATTR)
        )
    )
    mode = 0o777 if kind == "link" else one.mode
    time = int(one.mtime // 1)
    return Entry(kind, mode, (one.uid, one.gid), time, content, attributes=attributes)


def tree_of_folder(root: str, add: int = 0) -> Tree:
    """The tree of a folder on disk, without the folder itself; times have `add` ns added."""
    found: Tree = {}
    numbers: dict[str, str] = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            status = os.lstat(path)
            found[relative] = _disk_entry(path, status, add)
            numbers[relative] = f"{status.st_dev}:{status.st_ino}"
    return _with_links(found, numbers)


def _disk_entry(path: str, status: os.stat_result, add: int) -> Entry:
    kind = _KINDS[stat.S_IFMT(status.st_mode)]
    content = ""
    if kind == "link":
        content = os.readlink(path)
    elif kind == "file":
        with open(path, "rb") as opened:
            content = hashlib.file_digest(opened, "sha256").hexdigest()
    elif "device" in kind:
        content = f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}"
    names = os.listxattr(path, follow_symlinks=False)
    attributes = tuple(
        (name, os.getxattr(path, name, follow_symlinks=False)) for name in sorted(names)
    )
    owner = (status.st_uid, status.st_gid)
    time = (status.st_mtime_ns + add) // 10**9
    mode = stat.S_IMODE(status.st_mode)
    return Entry(kind, mode, owner, time, content, attributes=attributes)


def layer_times(layers: list[bytes]) -> dict[str, int]:
    """When files were changed, in whole seconds, as the layers say, the lowest first.

    A folder of which nothing but its time has changed is in no layer, with BuildKit too.
    """
    times = {}
    for data in layers:
        with tarfile.open(fileobj=io.BytesIO(_decompressed(data))) as archive:
            times.update({one.name.strip("/"): int(one.mtime // 1) for one in archive})
    return times


def _decompressed(data: bytes) -> bytes:
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


def _with_links(tree: Tree, groups: dict[str, str]) -> Tree:
    """The tree with the first path of each group of hard links, for groups of several."""
    members: dict[str, list[str]] = {}
    for name in sorted(tree):
        if tree[name].kind != "folder":
            members.setdefault(groups[name], []).append(name)
    linked = {name: names[0] for names in members.values() if len(names) > 1 for name in names}
    return {name: replace(entry, same=linked.get(name, "")) for name, entry in tree.items()}


def differences(expected: Tree, found: Tree, ignored: tuple[str, ...] = ()) -> list[str]:
    """What is otherwise, a line a field; `ignored` names fields of `Entry`."""
    told = [f"{name!r}: missing" for name in sorted(expected.keys() - found.keys())]
    told += [f"{name!r}: not expected" for name in sorted(found.keys() - expected.keys())]
    for name in sorted(expected.keys() & found.keys()):
        one, other = vars(expected[name]), vars(found[name])
        told += [
            f"{name!r}: {key} is {other[key]!r}, expected {one[key]!r}"
            for key in one
            if key not in ignored and one[key] != other[key]
        ]
    return told
