"""Takes all images of an archive or a layout into the store, under the names that they have."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace

from dflint.content.archive import LayoutBlobs, TakenBlobs, take_document, take_image
from dflint.content.archive_reader import read_archive
from dflint.content.choose_image import is_attestation
from dflint.content.docker_archive import docker_manifests
from dflint.content.files import naming
from dflint.content.tags import check_layout, name_of, read_layout_index
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, read_index, read_manifest
from dflint.oci.reference import ReferenceProblem, parse_reference

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from dflint.content.store import ContentStore

    Named = tuple[tuple[str, ...], Descriptor]

_DEPTH = 8


@dataclass(frozen=True, slots=True)
class LoadedImage:
    """An image that was taken: its whole references, none for one without a name."""

    names: tuple[str, ...]
    descriptor: Descriptor


def load_path(store: ContentStore, path: str, names: tuple[str, ...] = ()) -> list[LoadedImage]:
    """Take the images of an archive or a layout's folder; see `load_stream`."""
    with naming(path):
        is_folder = stat.S_ISDIR(os.stat(path).st_mode)
    if not is_folder:
        with naming(path), open(path, "rb") as stream:
            return load_stream(store, stream, f"`{path}`", names)
    if not os.path.exists(os.path.join(path, "oci-layout")):
        raise BuildError(f"`{path}` is no OCI layout: expected a file `oci-layout` in it")
    check_layout(path)
    found = _of_index(store, LayoutBlobs(path), read_layout_index(path), f"`{path}`")
    return _tag(store, found, names, f"`{path}`")


def load_stream(
    store: ContentStore, stream: BinaryIO, what: str, names: tuple[str, ...] = ()
) -> list[LoadedImage]:
    """Take the images of a tar of `docker save` or of an OCI layout, perhaps compressed.

    `names` take the place of what the archive calls its only image. Raises BuildError when
    anything is missing or damaged; then the store has no tag more. An image without a name is kept.
    """
    archive = read_archive(store, stream, what)
    found: list[Named] = []
    if "oci-layout" in archive.documents and "index.json" in archive.documents:
        index = read_index(archive.documents["index.json"], what=f"{what}: `index.json`")
        found = _of_index(store, TakenBlobs(store), index, what)
    if not found:
        source = TakenBlobs(store)
        for said, each in docker_manifests(store, archive, what):
            found.append((said, take_image(store, source, each, what)))
    return _tag(store, found, names, what)


def _of_index(
    store: ContentStore, source: LayoutBlobs | TakenBlobs, index: Index, what: str
) -> list[Named]:
    return [
        ((name_of(each),) if name_of(each) else (), _take(store, source, each, what, 0))
        for each in index.manifests
        if not is_attestation(each)
    ]


def _tag(
    store: ContentStore, found: list[Named], names: tuple[str, ...], what: str
) -> list[LoadedImage]:
    """Name the images in the store, once all of them are there."""
    if names:
        if len({descriptor.digest for _, descriptor in found}) != 1:
            raise BuildError(f"{what}: expected one image to name, found {len(found)}")
        found = [(names, found[0][1])]
    images: dict[str, LoadedImage] = {}
    for said, descriptor in found:
        whole = tuple(_reference(one, what) for one in said)
        before = images.get(descriptor.digest, LoadedImage((), descriptor))
        images[descriptor.digest] = LoadedImage(_unique((*before.names, *whole)), descriptor)
    loaded = list(images.values())
    for one in loaded:
        for name in one.names:
            store.tag(name, one.descriptor)
        if not one.names:
            store.keep_untagged(one.descriptor)
    return loaded


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _reference(name: str, what: str) -> str:
    found = parse_reference(name)
    if isinstance(found, ReferenceProblem):
        raise BuildError(f"{what}: an image is named `{name}`: {found.message}")
    return f"{found.name}:{found.tag or 'latest'}"


def _take(
    store: ContentStore,
    source: LayoutBlobs | TakenBlobs,
    descriptor: Descriptor,
    what: str,
    depth: int,
) -> Descriptor:
    """Take an image, or all images of an index that are there; what stands for them.

    An index that names images which are not there, as that of a `docker save` may, is replaced by
    one of the others.
    """
    if not media_types.is_index(descriptor.media_type):
        return replace(take_image(store, source, descriptor, what), platform=descriptor.platform)
    if depth == _DEPTH:
        raise BuildError(f"{what}: indexes are nested more than {_DEPTH} deep")
    data = take_document(source, store, descriptor, f"{what}: index")
    index = read_index(data, descriptor.media_type, f"{what}: index")
    there: list[Descriptor] = []
    for each in index.manifests:
        if is_attestation(each):
            if _has(source, each):
                _take_attestation(store, source, each, what)
                there.append(each)
        elif _has(source, each):
            taken = _take(store, source, each, what, depth + 1)
            there.append(replace(each, digest=taken.digest, size=taken.size))
    if all(map(is_attestation, there)):
        raise BuildError(f"{what}: none of the images of `{descriptor.digest}` is there")
    if tuple(there) == index.manifests:
        return replace(descriptor, annotations={})
    written = store.put_blob(replace(index, manifests=tuple(there)).encode())
    return Descriptor(descriptor.media_type, str(written.digest), written.size)


def _has(source: LayoutBlobs | TakenBlobs, descriptor: Descriptor) -> bool:
    """Whether a manifest and its configuration, or an index, are there."""
    if not source.has(descriptor.digest):
        return False
    if media_types.is_index(descriptor.media_type):
        return True
    manifest = read_manifest(source.read(descriptor.digest), descriptor.media_type)
    return source.has(manifest.config.digest)


def _take_attestation(
    store: ContentStore, source: LayoutBlobs | TakenBlobs, descriptor: Descriptor, what: str
) -> None:
    data = take_document(source, store, descriptor, f"{what}: attestation")
    manifest = read_manifest(data, descriptor.media_type, f"{what}: attestation")
    for each in (manifest.config, *manifest.layers):
        source.take(store, each)
