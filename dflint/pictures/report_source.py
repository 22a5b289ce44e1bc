"""Where the image of a report comes from: the store, an archive, or what a build has said."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress

from dflint.build.build_record import find_record
from dflint.build.images import apply_layer
from dflint.build.platforms import own_platform
from dflint.content.archive import import_image
from dflint.content.catalog import NoImageError, find_image, read_catalog
from dflint.content.choose_image import choose_manifest
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import Index, read_manifest
from dflint.oci.platform import Platform, parse_platform
from dflint.oci.reference import ImageReference, parse_reference
from dflint.pictures.report import Report, ReportedImage, report_of_dockerfile, report_of_image
from dflint.snapshot.unpack import unpack
from dflint.text.source import Source
from dflint.verify.audit.size import sized_files

_DIGEST_KEY = "containerimage.digest"


def read_report(store: ContentStore, what: str, platform: Platform | None) -> Report:
    """The report of an image by its name or digest, of a file of `--metadata-file`, of an archive
    or layout, or of a Dockerfile; BuildError, SourceError when it is none of them.

    The process has to be where mounts can be made. An archive is unpacked into a store of its own,
    which is gone afterwards.
    """  # noqa: D205 - one sentence
    descriptor = _named(store, what)
    if descriptor is not None:
        return _of_store(store, what, descriptor, platform)
    if os.path.isdir(what):
        if os.path.exists(os.path.join(what, "oci-layout")):
            return _of_archive(store, what, platform)
        what = os.path.join(what, "Dockerfile")
    if not os.path.exists(what):
        raise BuildError(
            f"expected an image of the store, a file of `dflint build --metadata-file`, an archive "
            f"or a Dockerfile, found no image and no file `{what}`"
        )
    if _is_archive(what):
        return _of_archive(store, what, platform)
    source = Source.read(what)
    if source.text.lstrip().startswith("{"):
        return _of_metadata(store, source, platform)
    report = report_of_dockerfile(what, source.text)
    if report.stages is None or not report.stages.boxes:
        raise BuildError(f"`{what}` is no Dockerfile: expected a stage, found no FROM in it")
    return report


def _named(store: ContentStore, what: str) -> Descriptor | None:
    """The manifest or index that a name, an id or a digest stands for in the store."""
    with suppress(NoImageError):
        found = find_image(read_catalog(store), what)
        # A file or folder is meant rather than an id that begins as it is called.
        return found.descriptor if found.name or not os.path.exists(what) else None
    if what.startswith("sha256:"):
        return _of_digest(store, what)
    reference = parse_reference(what)
    if isinstance(reference, ImageReference) and reference.digest:
        return _of_digest(store, reference.digest)
    return None


def _of_digest(store: ContentStore, digest: str) -> Descriptor | None:
    size = store.blob_size(digest)
    if size is None:
        return None
    try:
        type = json.loads(store.read_blob(digest)).get("mediaType")
    except (ValueError, AttributeError):
        type = None
    if not isinstance(type, str):
        raise BuildError(f"expected the digest of a manifest or an index, found another: {digest}")
    return Descriptor(type, digest, size)


def _is_archive(path: str) -> bool:
    """Whether a file is a tar, perhaps compressed, rather than text."""
    try:
        with open(path, "rb") as stream:
            head = stream.read(512)
    except OSError as error:
        raise BuildError(f"`{path}` cannot be read: {error.strerror}") from None
    return b"\0" in head or head[:3] in (b"\x1f\x8b\x08", b"BZh")


def _of_metadata(store: ContentStore, source: Source, platform: Platform | None) -> Report:
    try:
        said = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise BuildError(f"`{source.path}` is no JSON: {error}") from None
    digest = said.get(_DIGEST_KEY)
    if not isinstance(digest, str):
        raise BuildError(f"`{source.path}`: expected `{_DIGEST_KEY}`, found none")
    descriptor = _of_digest(store, digest)
    if descriptor is None:
        raise BuildError(
            f"`{source.path}`: the image `{digest}` is not in the store `{store.root}`"
        )
    names = str(said.get("image.name") or digest).split(",")
    return _of_store(store, names[0], descriptor, platform)


def _of_archive(store: ContentStore, path: str, platform: Platform | None) -> Report:
    with tempfile.TemporaryDirectory(prefix="dflint-report-") as folder:
        own = ContentStore(os.path.join(folder, "store"))
        try:
            with own.lease():
                descriptor = import_image(own, path, "", platform or _own())
                image = _read(own, os.path.basename(path.rstrip("/")), descriptor)
        finally:
            own.close()
    return report_of_image(image, find_record(store, image.config_digest))


def _of_store(
    store: ContentStore, name: str, descriptor: Descriptor, platform: Platform | None
) -> Report:
    with store.lease():
        what = f"`{name}`"
        index = Index((descriptor,))
        is_index = media_types.is_index(descriptor.media_type)
        wanted = platform or (_own() if is_index else None)
        chosen = choose_manifest(index, "", wanted, store.read_blob, what)
        image = _read(store, name, chosen)
        return report_of_image(image, find_record(store, image.config_digest))


def _own() -> Platform:
    platform = parse_platform(own_platform())
    assert isinstance(platform, Platform)
    return platform


def _read(store: ContentStore, name: str, descriptor: Descriptor) -> ReportedImage:
    manifest = read_manifest(store.read_blob(descriptor.digest), descriptor.media_type)
    document = read_image_document(store.read_blob(manifest.config.digest))
    trees = [store.layer(one).tree for one in unpack(store, descriptor, apply_layer)]
    files = sorted(sized_files(trees), key=lambda one: (one.layer, one.path))
    stored = tuple(one.size for one in manifest.layers)
    return ReportedImage(
        name, descriptor.digest, manifest.config.digest, document, stored, tuple(files)
    )
