"""Images of a store as an archive: what `docker save` writes, or an OCI image layout."""

from __future__ import annotations

from dataclasses import replace

from dflint.build.exporter.image import ExportBlob, ExportImage
from dflint.build.exporter.layout import called, docker_entry, write_layout
from dflint.content.catalog import find_image, image_for, read_catalog, repository_of
from dflint.content.references import references
from dflint.errors import BuildError
from dflint.oci import media_types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.build.exporter.image import Writer
    from dflint.content.catalog import PlatformImage, StoredImage
    from dflint.content.store import ContentStore
    from dflint.oci.descriptor import Descriptor
    from dflint.oci.platform import Platform


class Saving:
    """The images of one archive, chosen while a lease holds them.

    `is_docker`: each image for one platform, with `manifest.json` beside the layout, as `docker
    load` takes it; else images as they are, for all platforms unless one is given.
    """

    def __init__(self, store: ContentStore, is_docker: bool, platform: Platform | None) -> None:
        self._store = store
        self._is_docker = is_docker
        self._platform = platform
        self._blobs: dict[str, ExportBlob] = {}
        self._entries: list[Descriptor] = []
        self._docker: list[dict[str, object]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Choose images by names or ids; a repository without a tag is all of its images.

        BuildError when no image is meant by a text, or something of one is not there.
        """
        images = read_catalog(self._store)
        chosen: dict[str, tuple[StoredImage, Descriptor, list[str]]] = {}
        for text in texts:
            for image, descriptor, name in _meant(images, text):
                _, _, names = chosen.setdefault(descriptor.digest, (image, descriptor, []))
                if name and name not in names:
                    names.append(name)
        for image, descriptor, names in chosen.values():
            self._add(image, descriptor, names)

    def write(self, out: Writer) -> None:
        """Write the tar; the same images give the same bytes."""
        blobs = [self._blobs[digest] for digest in sorted(self._blobs)]
        write_layout(blobs, self._entries, self._docker, out)

    def _add(self, image: StoredImage, descriptor: Descriptor, names: Sequence[str]) -> None:
        if image.problem:
            raise BuildError(f"image `{image.id}`: {image.problem}")
        if self._is_docker or self._platform is not None:
            one = self._chosen(image, descriptor)
            descriptor = one.descriptor
            if self._is_docker:
                self._docker.append(docker_entry(self._exported(one), names))
        for blob in self._closure(descriptor):
            self._blobs[blob.digest] = self._blob(blob)
        bare = replace(descriptor, annotations={})
        self._entries += [called(bare, name, name.rpartition(":")[2]) for name in names] or [bare]

    def _chosen(self, image: StoredImage, descriptor: Descriptor) -> PlatformImage:
        """The image for one platform, by the manifest that a name stands for."""
        one = image_for(image, self._platform)
        if (
            media_types.is_index(descriptor.media_type)
            or one.descriptor.digest == descriptor.digest
        ):
            return one
        # Another manifest of the same configuration.
        from dflint.oci.manifest import read_manifest

        data = self._store.read_blob(descriptor.digest)
        manifest = read_manifest(data, descriptor.media_type, f"`{descriptor.digest}`")
        return replace(one, descriptor=descriptor, manifest=manifest)

    def _closure(self, descriptor: Descriptor) -> list[Descriptor]:
        """All blobs of an image; of an index, those of the platforms that are there."""
        found = references((descriptor,), self._store.read_blob)
        if found.problems and not media_types.is_index(descriptor.media_type):
            raise BuildError(found.problems[0])
        there = []
        for one in found.blobs.values():
            if self._store.blob_size(one.digest) == one.size:
                there.append(one)
            elif not media_types.is_manifest(one.media_type):
                raise BuildError(f"image `{descriptor.digest}`: blob `{one.digest}` is missing")
        return there

    def _exported(self, one: PlatformImage) -> ExportImage:
        manifest = one.manifest
        return ExportImage(
            one.document.platform.platform,
            self._blob(one.descriptor),
            self._blob(manifest.config),
            tuple(map(self._blob, manifest.layers)),
        )

    def _blob(self, one: Descriptor) -> ExportBlob:
        store = self._store
        return ExportBlob(one.media_type, one.digest, one.size, lambda: store.open_blob(one.digest))


def _meant(images: Iterable[StoredImage], text: str) -> list[tuple[StoredImage, Descriptor, str]]:
    """The images that a text means, each with the name under which it is saved, empty for none."""
    images = tuple(images)
    found = find_image(images, text) if _is_exact(text) else None
    if found is not None:
        return [(found.image, found.descriptor, found.name)]
    wanted = _repository(text)
    several = [
        (image, descriptor, name)
        for image in images
        for name, descriptor in image.names
        if wanted and "@" not in name and repository_of(name) == wanted
    ]
    if several:
        return sorted(several, key=lambda one: one[2])
    found = find_image(images, text)
    return [(found.image, found.descriptor, found.name)]


def _repository(text: str) -> str:
    """The registry and repository of a text without a tag; empty for what is no name."""
    from dflint.oci.reference import ImageReference, parse_reference

    found = parse_reference(text)
    return found.name if isinstance(found, ImageReference) else ""


def _is_exact(text: str) -> bool:
    """Whether a text has a tag or a digest."""
    return ":" in text.rpartition("/")[2] or "@" in text
