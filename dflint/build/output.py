"""What was built, made into images and file systems, and handed to the exporters."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dflint.build.exporter.image import Export, ExportBlob, ExportImage, annotations_at
from dflint.build.image_document import ImageLayer, image_document
from dflint.build.images import FoundImage, Images
from dflint.build.layers import Form, LayerBlob, asked_compression, is_alone, layer_blobs
from dflint.build.outcome import BuildResult
from dflint.build.request import BuildRequest, Output
from dflint.build.result import Result
from dflint.build.times import time_text
from dflint.content.instruction_lines import InstructionLines, find_lines, keep_lines
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.graph.built_graph import BuiltGraph
from dflint.graph.ops import ImageSource, NamedContextSource, ScratchSource
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Manifest
from dflint.oci.platform import Platform, normal_platform, parse_platform
from dflint.oci.reference import ImageReference, parse_reference

if TYPE_CHECKING:
    from dflint.build.contexts import Dockerfile
    from dflint.build.exporter.file_system import LayerFileSystem
    from dflint.graph.ops import Op
    from dflint.graph.vertex import Vertex

_IMAGES = ("image", "oci", "docker")


class Told(Protocol):
    """Who wants to know of the parts of an export: a name, bytes that are done, and all bytes."""

    def __call__(self, id: str, current: int = 0, total: int = 0, *, is_done: bool = False) -> None:
        """Take note of how far a part is."""


@dataclass(frozen=True, slots=True)
class Built:
    """The result for one platform, and the graph that it is of."""

    graph: BuiltGraph
    result: Result

    def makers(self) -> tuple[Vertex | None, ...]:
        """The vertex that made each layer, None for those of the base image."""
        own = [one.vertex for one in self.graph.target.history if one.vertex is not None]
        below = len(self.result) - len(own)
        return (*(None for _ in range(below)), *own[max(-below, 0) :])


class Exporting:
    """Writes what one build asks for. The lines of `dockerfile` are kept with images.

    `records` lead from keys to results: those of its steps go into images that want them.
    """

    def __init__(
        self,
        store: ContentStore,
        images: Images,
        request: BuildRequest,
        built: Sequence[Built],
        dockerfile: Dockerfile | None = None,
        records: Mapping[str, Result] | None = None,
    ) -> None:
        self._store = store
        self._dockerfile = dockerfile
        self._images = images
        self._request = request
        self._built = built
        self._records = records or {}
        #: The base images' layers: their digests, and the names of the images without tags.
        self._origins: dict[str, ImageReference] = {}
        #: What was made an image, by the digest of the image's configuration.
        self.made: dict[str, Built] = {}

    def export(self, output: Output, told: Told) -> BuildResult:
        """Write one output, and say what it is. `told` hears of its parts."""
        epoch = _epoch_of(output, self._built[0].graph.epoch)
        if output.type not in _IMAGES:
            self._export_files(output, epoch)
            return BuildResult()
        names = output.names or self._request.tags
        annotations = (*self._request.annotations, *output.annotations)
        told("exporting layers")
        images = tuple(self._image(one, output, epoch, told) for one in self._built)
        told("exporting layers", is_done=True)
        created = "" if epoch is None else time_text(epoch)
        export = Export(images, names, created or time_text(int(time.time())), annotations)
        descriptor, top = export.top()
        for image in images:
            told(f"exporting manifest {image.manifest.digest}", is_done=True)
            told(f"exporting config {image.config.digest}", is_done=True)
        if len(images) > 1:
            told(f"exporting manifest list {top.digest}", is_done=True)
        if output.type == "image":
            stored = _stored_names(output, names, top.digest)
            for name in self._keep(export, stored, output.is_stored):
                told(f"naming to {name}", is_done=True)
        else:
            sending = "sending files" if output.is_directory else "sending tarball"
            told(sending)
            from dflint.build.exporter.layout import export_layout

            export_layout(export, output)
            told(sending, is_done=True)
        if output.is_pushed:
            self._push(names, top.digest, output, told)
        config = images[0].config.digest if len(images) == 1 else ""
        return BuildResult(top.digest, config, descriptor.plain(), names)

    def _export_files(self, output: Output, epoch: int | None) -> None:
        from dflint.build.exporter.file_system import export_local, export_tar

        systems = [self._file_system(one) for one in self._built]
        write = export_tar if output.type == "tar" else export_local
        write(systems, output, epoch=epoch)

    def _file_system(self, built: Built) -> LayerFileSystem:
        from dflint.build.exporter.file_system import LayerFileSystem

        platform = parse_platform(built.graph.target.platform or built.graph.build.platform)
        assert isinstance(platform, Platform)
        trees = [self._store.layer(one).tree for one in built.result]
        return LayerFileSystem(platform, trees)

    def _image(self, built: Built, output: Output, epoch: int | None, told: Told) -> ExportImage:
        compression = asked_compression(output.compression)
        form = Form(
            compression,
            output.compression_level,
            output.force_compression,
            epoch if output.rewrite_timestamp else None,
        )
        graph = built.graph
        bottom = _bottom(built)
        if graph.is_replaced and isinstance(bottom, (NamedContextSource, ScratchSource)):
            raise BuildError("invalid image config for export: missing architecture")
        base = self._base(built, told)
        # Of a stage that a context takes the place of, BuildKit knows no base: all is rewritten.
        kept = [] if graph.is_replaced and form.epoch is not None else base
        blobs = layer_blobs(self._store, built.result, kept, form)
        names = [*_step_names(built), *[""] * len(blobs)][: len(blobs)][::-1]
        layers = [
            ImageLayer(one.diff_id, "" if at < len(base) else self._created(layer, epoch), name)
            for at, (one, layer, name) in enumerate(zip(blobs, built.result, names, strict=True))
        ]
        made = "" if epoch is None else time_text(epoch)
        is_dated = graph.is_replaced
        document = image_document(graph.target, layers, graph.build, made, is_base_dated=is_dated)
        if graph.build.has_inline_cache or any(c.type == "inline" for c in self._request.cache_to):
            document = self._with_records(document, built.result)
        is_oci = output.oci_media_types is not False and not (
            output.type == "docker" and output.oci_media_types is None
        )
        image = self._documents(document, blobs, is_oci, output)
        self._keep_lines(built, image)
        self.made[image.config.digest] = built
        return image

    def _keep_lines(self, built: Built, image: ExportImage) -> None:
        """Keep which lines of the Dockerfile the entries of an image's history are of."""
        if self._dockerfile is None:
            return
        graph = built.graph
        below = len((graph.target.document or {}).get("history") or ())
        base = self._base_image(built)
        known = find_lines(self._store, base.manifest.config.digest) if base is not None else {}
        found = {number: lines for number, lines in known.items() if number < below}
        for number, entry in enumerate(graph.target.history, start=below):
            source = self._dockerfile.lines_of(entry.span)
            if source is not None:
                name = os.path.basename(source.file)
                found[number] = InstructionLines(name, *source.lines[0])
        keep_lines(self._store, image.config.digest, found)

    def _with_records(self, document: dict[str, object], result: Result) -> dict[str, object]:
        """An image's configuration with the records of its steps (inline cache)."""
        from dflint.build.cache_config import INLINE, inline_records

        store = self._store
        created = [store.layer(one).created for one in result]
        alone = [is_alone(store, one) for one in result]
        records = inline_records(result, self._records, created, alone)
        return dict(sorted({**document, INLINE: records}.items()))

    def _documents(
        self, document: dict[str, object], blobs: list[LayerBlob], is_oci: bool, output: Output
    ) -> ExportImage:
        """The image's configuration and manifest, kept in the store."""
        store = self._store
        names = (str(document.get(one) or "") for one in ("os", "architecture", "variant"))
        platform = normal_platform(*names)
        config = store.put_blob(write_compact(document))
        type = media_types.OCI_CONFIG if is_oci else media_types.DOCKER_CONFIG
        described = Descriptor(type, config.digest, config.size)
        layers = tuple(_typed(blob.descriptor, is_oci) for blob in blobs)
        annotations = (*self._request.annotations, *output.annotations)
        manifest = Manifest(
            described,
            layers,
            media_types.OCI_MANIFEST if is_oci else media_types.DOCKER_MANIFEST,
            annotations=annotations_at(annotations, "manifest", platform),
        )
        kept = store.put_blob(manifest.encode())
        return ExportImage(
            platform,
            self._blob(Descriptor(manifest.media_type, kept.digest, kept.size)),
            self._blob(described),
            tuple(self._blob(one) for one in layers),
        )

    def _blob(self, one: Descriptor) -> ExportBlob:
        return ExportBlob(
            one.media_type, one.digest, one.size, lambda: self._store.open_blob(one.digest)
        )

    def _base(self, built: Built, told: Told) -> list[LayerBlob]:
        """The layers of the image at the bottom of a result."""
        source = _source_of(built)
        if source is None:
            return []

        def pulling(blob: str, done: int, total: int) -> None:
            told(blob, done, total, is_done=done == total)

        platform = source.platform or built.graph.build.platform
        found = self._images.fetch(source.reference, platform, pulling)
        origin = parse_reference(source.reference)
        if isinstance(origin, ImageReference):
            self._origins.update((one.digest, origin) for one in found.manifest.layers)
        return [
            LayerBlob(diff_id, Descriptor(one.media_type, one.digest, one.size))
            for diff_id, one in zip(found.diff_ids, found.manifest.layers, strict=True)
        ]

    def _base_image(self, built: Built) -> FoundImage | None:
        """The image at the bottom of a result."""
        source = _source_of(built)
        if source is None:
            return None
        return self._images.find(source.reference, source.platform or built.graph.build.platform)

    def _created(self, layer: str, epoch: int | None) -> str:
        if epoch is not None:
            return time_text(epoch)
        return time_text(self._store.layer(layer).created)

    def _keep(self, export: Export, names: Sequence[str], is_stored: bool) -> Sequence[str]:
        _, top = export.top()
        if len(export.images) > 1:
            with top.open() as stream:
                self._store.put_blob(stream.read())
        descriptor = Descriptor(top.media_type, top.digest, top.size)
        for name in names:
            self._store.tag(name, descriptor)
        if not names and is_stored:
            self._store.keep_untagged(descriptor)
        return names

    def _push(self, names: Iterable[str], digest: str, output: Output, told: Told) -> None:
        from dflint.registry.options import RegistryOptions
        from dflint.registry.push import PushListener, push
        from dflint.registry.resolve import read_reference

        def sending(blob: str, done: int, total: int) -> None:
            told(f"pushing {blob}", done, total, is_done=done == total)

        for name in names:
            read = read_reference(name)
            insecure = frozenset((read.domain,) if output.is_insecure else ())
            where = f"{read.name}@{digest}" if output.is_pushed_by_digest else name
            push(
                where,
                digest,
                self._store,
                RegistryOptions(plain_http=insecure),
                PushListener(progress=sending),
                self._mountable(read.domain),
            )
            told(f"pushing manifest for {where.partition('@')[0]}@{digest}", is_done=True)

    def _mountable(self, domain: str) -> dict[str, tuple[str, ...]]:
        """The repositories of a registry that the base images' layers are from."""
        origins = self._origins.items()
        return {digest: (one.repository,) for digest, one in origins if one.domain == domain}


def _bottom(built: Built) -> Op:
    """What a result begins with."""
    vertex = built.graph.target.last
    while vertex.inputs:
        vertex = vertex.inputs[0]
    return vertex.op


def _source_of(built: Built) -> ImageSource | None:
    """What names the image at the bottom of a result; None for one that begins with nothing."""
    op = _bottom(built)
    return op if isinstance(op, ImageSource) else None


def _step_names(built: Built) -> Iterator[str]:
    """What is said of the steps that made the layers of a result, from the top on."""
    vertex = built.graph.target.last
    while vertex.inputs:
        yield built.graph.names.get(vertex, "")
        vertex = vertex.inputs[0]
    if isinstance(vertex.op, NamedContextSource):
        yield f"local source for {vertex.op.name}"


def _stored_names(output: Output, names: Sequence[str], digest: str) -> list[str]:
    """The names that an image is kept under."""
    if not output.is_stored:
        return []
    found = [*names]
    if output.has_canonical_names:
        found += [f"{name}@{digest}" for name in names]
    if output.dangling_prefix:
        found.append(f"{output.dangling_prefix}@{digest}")
    return found


def _typed(descriptor: Descriptor, is_oci: bool) -> Descriptor:
    change = media_types.to_oci if is_oci else media_types.to_docker
    return Descriptor(
        change(descriptor.media_type),
        descriptor.digest,
        descriptor.size,
        annotations=descriptor.annotations,
    )


def _epoch_of(output: Output, epoch: int | None) -> int | None:
    if output.source_date_epoch is None:
        return epoch
    return int(output.source_date_epoch) if output.source_date_epoch else None
