"""The file system of an image as a tar or a directory: `type=tar` and `type=local`."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence

from dflint.build.exporter.destination import output_stream
from dflint.build.exporter.image import Entry, FileSystem, Writer
from dflint.build.exporter.local_folder import LocalFolder
from dflint.build.exporter.tar_header import END_OF_ARCHIVE, directory_header
from dflint.build.request import Output
from dflint.errors import BuildError
from dflint.layer.export import merged_entries, write_merged_tar
from dflint.layer.writer import TarSummary
from dflint.oci.platform import Platform

_END = len(END_OF_ARCHIVE)


def export_tar(systems: Sequence[FileSystem], output: Output, *, epoch: int | None = None) -> None:
    """Write file systems as one tar; each in a folder of its own where there are several.

    All times are `epoch` (seconds since 1970) where it is given. BuildError when it cannot be
    written; a file then does not appear.
    """
    is_split = _is_split(systems, output)
    with output_stream(output.destination) as stream:
        body = _WithoutEnd(stream)
        for system in systems:
            prefix = b""
            if is_split:
                folder = folder_of(system.platform)
                prefix = folder.encode() + b"/"
                body.write(directory_header(folder))
            system.write_tar(body, prefix, epoch)
            body.drop_end()
        stream.write(END_OF_ARCHIVE)


def export_local(
    systems: Sequence[FileSystem], output: Output, *, epoch: int | None = None
) -> None:
    """Write file systems into a directory; what is there and is not replaced stays.

    Owners are not kept: all is owned by who builds. All times are `epoch` where it is given, as
    BuildKit has it. A directory that was not there does not appear
    when the export fails; in one that was, no file is left half written.
    """
    is_split = _is_split(systems, output)
    with LocalFolder(output.destination, epoch) as folder:
        for system in systems:
            place = folder.path
            if is_split:
                place = folder.add_platform(folder_of(system.platform))
            folder.add(place, system.entries())
        folder.finish()


class LayerFileSystem:
    """The file system that layer trees make, topmost last, for one platform."""

    def __init__(self, platform: Platform, trees: Sequence[str]) -> None:
        self.platform = platform
        self._trees = trees

    def entries(self) -> Iterator[tuple[bytes, Entry]]:
        """Every file but the root."""
        for entry in merged_entries(self._trees):
            yield entry.name, entry

    def write_tar(self, out: Writer, prefix: bytes, epoch: int | None) -> TarSummary:
        """Write all of it as a tar, with the end of the archive."""
        return write_merged_tar(self._trees, out, epoch=epoch, prefix=prefix)


def folder_of(platform: Platform) -> str:
    """The folder of a platform: `linux_amd64`, `linux_arm_v7`."""
    return str(platform).replace("/", "_")


def _is_split(systems: Sequence[FileSystem], output: Output) -> bool:
    is_split = output.platform_split
    if is_split is None:
        is_split = len(systems) > 1
    if not is_split:
        _refuse_overwriting(systems)
    return is_split


def _refuse_overwriting(systems: Sequence[FileSystem]) -> None:
    if len(systems) < 2:
        return
    seen: dict[bytes, tuple[bool, Platform]] = {}
    for system in systems:
        for name, entry in system.entries():
            is_folder = stat.S_ISDIR(entry.status.st_mode)
            before = seen.setdefault(name, (is_folder, system.platform))
            if before[1] != system.platform and not (is_folder and before[0]):
                raise BuildError(
                    f"cannot overwrite `{name.decode('utf-8', 'replace')}` of {before[1]} with "
                    f"that of {system.platform}: platforms are not kept apart"
                )


class _WithoutEnd:
    """Passes a tar on but for the blocks of zeros at its end."""

    def __init__(self, out: Writer) -> None:
        self._out = out
        self._held = b""

    def write(self, data: bytes) -> int:
        size = len(data)
        # Writers may hand over a view of a buffer that they fill again.
        joined = self._held + bytes(data[-_END:]) if size < _END else bytes(data[-_END:])
        if size >= _END:
            self._out.write(self._held)
            self._out.write(data[:-_END])
            self._held = joined
            return size
        self._out.write(joined[:-_END])
        self._held = joined[-_END:]
        return size

    def drop_end(self) -> None:
        """Forget the end of an archive."""
        if self._held.strip(b"\0"):
            raise BuildError("expected a tar with two blocks of zeros at its end")
        self._held = b""
