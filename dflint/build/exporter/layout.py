"""Images as OCI image layouts, in a tar or a directory; for `docker load`, with its manifest too.

Sources: OCI image-spec, image-layout.md; Docker image specification 1.2 for `manifest.json`.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator

from dflint.build.exporter.destination import naming, output_stream, write_file
from dflint.build.exporter.image import OCI_INDEX, Export, ExportBlob, Writer, write_json
from dflint.build.exporter.layout_folder import NAME, REF_NAME, LayoutFolder
from dflint.build.request import Output
from dflint.errors import BuildError

_LAYOUT = b'{"imageLayoutVersion":"1.0.0"}'
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
    archive = _Archive(out)
    archive.add_directory("blobs")
    archive.add_directory("blobs/sha256")
    for blob in export.blobs():
        archive.add_blob(blob)
    archive.add("index.json", layout_index(entries_of(export)), 0o644)
    if is_docker:
        archive.add("manifest.json", _docker_manifest(export), 0o644)
    archive.add("oci-layout", _LAYOUT, 0o444)
    archive.close()


def entries_of(export: Export, default_tag: str = "") -> list[dict[str, object]]:
    """What `index.json` says of an export: one descriptor for each name, or one without any."""
    descriptor, _ = export.top()
    if not export.names:
        return [_called(descriptor, "", default_tag)]
    return [_called(descriptor, name, name.rpartition(":")[2]) for name in export.names]


def layout_index(entries: list[dict[str, object]]) -> bytes:
    """The document `index.json` of a layout."""
    return write_json({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})


def _called(descriptor: dict[str, object], name: str, tag: str) -> dict[str, object]:
    found = descriptor.get("annotations")
    annotations: dict[str, object] = dict(found) if isinstance(found, dict) else {}
    if name:
        annotations[NAME] = name
    if tag:
        annotations[REF_NAME] = tag
    said: dict[str, object] = {}
    for key in ("mediaType", "digest", "size"):
        said[key] = descriptor[key]
    if annotations:
        said["annotations"] = dict(sorted(annotations.items()))
    if "platform" in descriptor:
        said["platform"] = descriptor["platform"]
    return said


def _docker_manifest(export: Export) -> bytes:
    image = export.images[0]
    said = {
        "Config": _place(image.config.digest),
        "RepoTags": [familiar(name) for name in export.names] or None,
        "Layers": [_place(layer.digest) for layer in image.layers],
    }
    return write_json([said])


def familiar(name: str) -> str:
    """A whole reference as Docker's users write it: `app:1` for `docker.io/library/app:1`."""
    return name.removeprefix("docker.io/").removeprefix("library/")


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
            folder.add_file("manifest.json", _docker_manifest(export))
        folder.add_file("oci-layout", _LAYOUT)
        kept = folder.other_entries(entries)
        write_file(os.path.join(folder.path, "index.json"), layout_index([*kept, *entries]))
        folder.keep()


class _Archive:
    """A tar with nothing in it that differs from one export to the next: time 0, owner 0."""

    def __init__(self, out: Writer) -> None:
        self._out = out

    def add_directory(self, name: str) -> None:
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o755
        self._out.write(entry.tobuf(tarfile.PAX_FORMAT))

    def add(self, name: str, data: bytes, mode: int) -> None:
        self._add_header(name, len(data), mode)
        self._out.write(data)
        self._out.write(bytes(-len(data) % tarfile.BLOCKSIZE))

    def add_blob(self, blob: ExportBlob) -> None:
        self._add_header(_place(blob.digest), blob.size, 0o444)
        for chunk in read_whole(blob):
            self._out.write(chunk)
        self._out.write(bytes(-blob.size % tarfile.BLOCKSIZE))

    def close(self) -> None:
        self._out.write(bytes(2 * tarfile.BLOCKSIZE))

    def _add_header(self, name: str, size: int, mode: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, mode
        self._out.write(entry.tobuf(tarfile.PAX_FORMAT))
