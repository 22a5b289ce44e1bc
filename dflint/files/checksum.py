"""The digest of what a COPY or ADD would copy, for the key of its cache record.

It changes with what BuildKit's content hash takes in (cache/contenthash): names relative to the
source, type, mode, owner (0:0 in contexts), size, what a link says, device numbers, extended
attributes, content; for several sources their names. It does not change with times, with where the
source stands, with hard links, or with the mode of a context's root. Of a source its last name
counts.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from typing import Protocol

from dflint.context.patterns import clean_path
from dflint.context.wildcards import has_wildcards
from dflint.errors import BuildError
from dflint.files.beside import ReadBeside
from dflint.files.copying import Copy, read_path_patterns, source_and_patterns
from dflint.files.ignoring import may_hold_below
from dflint.files.tree import Entry, Selected, SourceTree, not_found
from dflint.kernel.file_content import StatKey, check_unchanged, read_xattrs, stat_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.files.ignoring import PathPatterns

_CHUNK = 1 << 20
#: A file that was written so many nanoseconds ago may change again with the same times.
_RACY = 2_000_000_000
#: After so many files that are read here another process reads those that follow.
_FEW = 32
_KEPT_XATTR = "security.capability"
_DROPPED_XATTRS = ("security.", "system.")


class DigestCache(Protocol):
    """Digests of files' content that were computed before."""

    def expect(self, keys: list[StatKey]) -> None:
        """Says what `get` will be asked for soon, all at once."""

    def get(self, key: StatKey) -> bytes | None:
        """The digest (32 bytes of SHA-256), None when it is not known."""

    def put(self, key: StatKey, digest: bytes) -> None:
        """Keeps a digest."""


def checksum(tree: SourceTree | None, action: Copy, cache: DigestCache | None = None) -> str:
    """The digest `sha256:…` of what one source of a COPY or ADD copies.

    Equal digests and equal options give equal results. A heredoc needs no tree. BuildError, in
    BuildKit's words, when the source is not there, and for a file that cannot be read.
    """
    whole = hashlib.sha256()
    if action.content is not None:
        whole.update(b"content\0" + os.fsencode(action.source) + b"\0")
        whole.update(action.content.encode("utf-8", "surrogateescape"))
        return "sha256:" + whole.hexdigest()
    assert tree is not None
    source, includes = source_and_patterns(action)
    source = clean_path("/" + source)
    if action.parents and not has_wildcards(action.source):
        tree.select(clean_path("/" + action.source))
    whole.update(os.fsencode(source.rpartition("/")[2]) + b"\0")
    walk = _Walk(tree, cache, includes, read_path_patterns(action.excludes))
    try:
        for selected in tree.select(source, is_filtered=bool(action.excludes)):
            whole.update(os.fsencode(selected.name) + b"\0" + walk.digest(selected))
    except RecursionError:
        raise BuildError(f"reading {action.source}: directories are nested too deeply") from None
    finally:
        walk.close()
    return "sha256:" + whole.hexdigest()


class _Walk:
    """One computation over a tree."""

    def __init__(
        self,
        tree: SourceTree,
        cache: DigestCache | None,
        includes: PathPatterns | None,
        excludes: PathPatterns | None,
    ) -> None:
        self._tree = tree
        self._cache = cache
        self._includes = includes
        self._excludes = excludes
        self._newest = time.time_ns() - _RACY
        self._prefix = ""
        self._top = ""
        self._reads = 0
        self._beside: ReadBeside | None = None

    def close(self) -> None:
        """Ends what reads files meanwhile."""
        beside, self._beside = self._beside, None
        if beside is not None:
            beside.close()

    def digest(self, selected: Selected) -> bytes:
        """The digest of one thing that the source stands for."""
        status = self._tree.status(selected.path)
        if status is None:
            raise not_found(selected.path)
        parent, _, name = selected.path.rpartition("/")
        if not stat.S_ISDIR(status.st_mode):
            directory = self._tree.open_directory(parent)
            try:
                return self._file(Entry(name, selected.path, status), directory)
            finally:
                os.close(directory)
        self.close()
        self._prefix = selected.path + "/" if selected.path else ""
        self._top, self._reads = selected.path, 0
        directory = self._tree.open_directory(selected.path)
        try:
            header = b""
            if selected.path or not self._tree.is_context:
                header = self._header(status, self._xattrs(directory), b"")
            return self._directory(selected.path, directory, header)[0]
        finally:
            os.close(directory)

    def _directory(self, path: str, directory: int, header: bytes) -> tuple[bytes, bool]:
        """A directory's digest, and whether anything in it is copied."""
        digest = hashlib.sha256(header)
        has_any = False
        entries = self._tree.entries(path, directory)
        self._expect(entries)
        for entry in entries:
            found = self._entry(entry, directory)
            if found is not None:
                has_any = True
                digest.update(os.fsencode(entry.name) + b"\0" + found)
        return digest.digest(), has_any

    def _entry(self, entry: Entry, directory: int) -> bytes | None:
        """The digest of a name in a directory; None when the patterns leave it out."""
        is_directory = stat.S_ISDIR(entry.status.st_mode)
        relative = entry.path[len(self._prefix) :]
        is_wanted = self._includes is None or self._includes.match(relative, is_directory)
        if is_wanted and self._excludes is not None:
            is_wanted = not self._excludes.match(relative, is_directory)
        if not is_directory:
            return self._file(entry, directory) if is_wanted else None
        if not is_wanted and not self._may_hold_below(relative):
            return None
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            below = os.open(entry.name, flags, dir_fd=directory)
        except OSError as error:
            text = (error.strerror or "").lower()
            raise BuildError(f"cannot read /{entry.path}: {text}") from None
        try:
            header = self._header(entry.status, self._xattrs(below), b"")
            digest, has_any = self._directory(entry.path, below, header)
        finally:
            os.close(below)
        return digest if is_wanted or has_any else None

    def _may_hold_below(self, path: str) -> bool:
        return may_hold_below(path, self._includes, self._excludes)

    def _file(self, entry: Entry, directory: int) -> bytes:
        """The digest of what is no directory."""
        status = entry.status
        detail = b""
        attributes: list[tuple[str, bytes]] = []
        if stat.S_ISLNK(status.st_mode):
            detail = os.fsencode(os.readlink(entry.name, dir_fd=directory))
            attributes = self._xattrs(f"/proc/self/fd/{directory}/{entry.name}")
        elif stat.S_ISREG(status.st_mode):
            key = stat_key(status)
            detail = self._known(key) or self._read_beside(key) or b""
            if detail and self._tree.is_context:
                return hashlib.sha256(self._header(status, attributes, detail)).digest()
            file = self._tree.open_file(entry, directory)
            try:
                attributes = self._xattrs(file)
                detail = detail or self._content(file, entry, key)
            finally:
                os.close(file)
        return hashlib.sha256(self._header(status, attributes, detail)).digest()

    def _expect(self, entries: list[Entry]) -> None:
        """Have the digests of a directory's files looked up together."""
        if self._cache is None:
            return
        keys = [stat_key(one.status) for one in entries if stat.S_ISREG(one.status.st_mode)]
        if len(keys) > 1:
            self._cache.expect(keys)

    def _known(self, key: StatKey) -> bytes | None:
        """The content's digest, where it is known and the file is not too new to tell."""
        if self._cache is None or max(key.mtime, key.ctime) > self._newest:
            return None
        return self._cache.get(key)

    def _read_beside(self, key: StatKey) -> bytes | None:
        """The content's digest, where there are so many that another process reads them."""
        self._reads += 1
        is_whole = self._includes is None and self._excludes is None
        if self._reads == _FEW and self._tree.is_context and is_whole:
            self._beside = ReadBeside(self._tree, self._top, self._unknown)
        found = None if self._beside is None else self._beside.get(key)
        if found is not None:
            self._tell(key.size)
            self._keep(key, found)
        return found

    def _unknown(self, entries: list[Entry]) -> list[Entry]:
        """The files of a directory that have to be read."""
        self._expect(entries)
        files = [one for one in entries if stat.S_ISREG(one.status.st_mode)]
        return [one for one in files if self._known(stat_key(one.status)) is None]

    def _content(self, file: int, entry: Entry, key: StatKey) -> bytes:
        digest = hashlib.sha256()
        count = 0
        while True:
            wanted = min(max(key.size - count, 0) + 1, _CHUNK)
            data = os.read(file, wanted)
            digest.update(data)
            count += len(data)
            self._tell(len(data))
            if not data or (count == key.size and len(data) < wanted):
                break  # less than what was asked for is the end, where it is expected
        check_unchanged(entry.status, os.fstat(file), count, entry.path)
        found = digest.digest()
        self._keep(key, found)
        return found

    def _tell(self, count: int) -> None:
        if self._tree.told is not None:
            self._tree.told(count)

    def _keep(self, key: StatKey, digest: bytes) -> None:
        if self._cache is not None and max(key.mtime, key.ctime) <= self._newest:
            self._cache.put(key, digest)

    def _xattrs(self, path: str | int) -> list[tuple[str, bytes]]:
        if self._tree.is_context:
            return []
        return [
            (name, value)
            for name, value in read_xattrs(path)
            if name == _KEPT_XATTR or not name.startswith(_DROPPED_XATTRS)
        ]

    def _header(
        self, status: os.stat_result, attributes: list[tuple[str, bytes]], detail: bytes
    ) -> bytes:
        """All that counts of a file but its name; `detail` is its content's digest, or link."""
        mode = status.st_mode
        if stat.S_ISSOCK(mode) and self._tree.is_context:
            mode = stat.S_IFREG | stat.S_IMODE(mode)
        is_device = stat.S_ISCHR(mode) or stat.S_ISBLK(mode)
        owner = (0, 0) if self._tree.is_context else (status.st_uid, status.st_gid)
        size = 0 if stat.S_ISDIR(mode) else status.st_size
        numbers = (mode, *owner, size, status.st_rdev if is_device else 0)
        parts = [repr(numbers).encode()]
        for name, value in attributes:
            parts += (os.fsencode(name), value)
        parts.append(detail)
        return b"".join(b"%d:%s," % (len(part), part) for part in parts)
