"""Images as OCI image layouts, in a tar or a directory; for `docker load`, with its manifest too.

Sources: OCI image-spec, image-layout.md; Docker image specification 1.2 for `manifest.json`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dflint.build.exporter.destination import naming, output_stream, write_file
from dflint.build.exporter.image import Export, ExportBlob, ExportImage, Writer
from dflint.build.exporter.layout_folder import NAME, REF_NAME, LayoutFolder
from dflint.build.exporter.tar_header import (
    END_OF_ARCHIVE,
    directory_header,
    file_header,
    padding,
)
from dflint.build.request import Output
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Index
from dflint.oci.reference import familiar

LAYOUT_FILE = b'{"imageLayoutVersion":"1.0.0"}'
_CHUNK = 1 << 20


def export_layout(export: Export, output: Output) -> None:
    """Write an export of `type=oci` or `type=docker` to the output's destination.

    BuildError when it cannot be written, or a blob is damaged; nothing is left of it then.
    """
    if output.type == "docker" and len(export.images) > 1:
        raise BuildError(
            "the docker exporter takes the image of one platform, found several: use `type=oci`"
        )
    if output.is_directory:
        _write_folder(export, output)
        return
    with output_stream(output.destination) as stream:
        write_archive(export, stream, is_docker=output.type == "docker")


def write_archive(export: Export, out: Writer, *, is_docker: bool = False) -> None:
    """Write the tar of a layout; the same export gives the same bytes."""
    docker = [docker_entry(export.images[0], export.names)] if is_docker else []
    write_layout(export.blobs(), entries_of(export), docker, out)


def write_layout(
    blobs: Iterable[ExportBlob],
    entries: Iterable[Descriptor],
    docker: Sequence[Mapping[str, object]],
    out: Writer,
) -> None:
    """Write the tar of a layout of blobs, each once and sorted, and of the entries of its index.

    `docker` are the entries of `manifest.json`, of which there is none without any.
    """
    archive = _Archive(out)
    archive.add_directory("blobs")
    archive.add_directory("blobs/sha256")
    for blob in blobs:
        archive.add_blob(blob)
    archive.add("index.json", write_compact(Index(tuple(entries)).plain()), 0o644)
    if docker:
        archive.add("manifest.json", write_compact(list(docker)), 0o644)
    archive.add("oci-layout", LAYOUT_FILE, 0o444)
    archive.close()


def entries_of(export: Export, default_tag: str = "") -> list[Descriptor]:
    """What `index.json` says of an export: one descriptor for each name, or one without any."""
    descriptor, _ = export.top()
    if not export.names:
        return [called(descriptor, "", default_tag)]
    return [called(descriptor, name, name.rpartition(":")[2]) for name in export.names]


def called(descriptor: Descriptor, name: str, tag: str) -> Descriptor:
    """A descriptor with the annotations that name an image; an empty text is none."""
    annotations = dict(descriptor.annotations)
    if name:
        annotations[NAME] = name
    if tag:
        annotations[REF_NAME] = tag
    return replace(descriptor, annotations=annotations)


def docker_entry(image: ExportImage, names: Sequence[str]) -> dict[str, object]:
    """What `manifest.json` says of an image."""
    return {
        "Config": _place(image.config.digest),
        "RepoTags": [familiar(name) for name in names] or None,
        "Layers": [_place(layer.digest) for layer in image.layers],
    }


def _place(digest: str) -> str:
    return "blobs/" + digest.replace(":", "/", 1)


def read_whole(blob: ExportBlob) -> Iterator[bytes]:
    """The bytes of a blob in pieces; BuildError if there are not as many as there should be."""
    size = 0
    with blob.open() as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > blob.size:
                break
            yield chunk
    if size != blob.size:
        raise BuildError(f"blob {blob.digest}: expected {blob.size} bytes, found {size}")


def _write_folder(export: Export, output: Output) -> None:
    with naming(output.destination), LayoutFolder(output.destination) as folder:
        for blob in export.blobs():
            folder.add_blob(blob.digest, read_whole(blob))
        # Without a tag, a layout in a directory has the image as `latest`, as buildx writes it.
        entries = entries_of(export, default_tag="latest")
        if output.type == "docker":
            docker = [docker_entry(export.images[0], export.names)]
            folder.add_file("manifest.json", write_compact(docker))
        folder.add_file("oci-layout", LAYOUT_FILE)
        kept = folder.other_entries(entries)
        index = Index((*kept, *entries))
        write_file(os.path.join(folder.path, "index.json"), write_compact(index.plain()))
        folder.keep()


class _Archive:
    """A tar that is the same whenever it is written."""

    def __init__(self, out: Writer) -> None:
        self._out = out

    def add_directory(self, name: str) -> None:
        self._out.write(directory_header(name))

    def add(self, name: str, data: bytes, mode: int) -> None:
        self._out.write(file_header(name, len(data), mode) + data + padding(len(data)))

    def add_blob(self, blob: ExportBlob) -> None:
        self._out.write(file_header(_place(blob.digest), blob.size, 0o444))
        for chunk in read_whole(blob):
            self._out.write(chunk)
        self._out.write(padding(blob.size))

    def close(self) -> None:
        self._out.write(END_OF_ARCHIVE)
