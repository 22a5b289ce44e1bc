"""Media types of images: those of the OCI image-spec and of Docker's image manifest version 2."""

from __future__ import annotations

from dflint.errors import BuildError

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
OCI_CONFIG = "application/vnd.oci.image.config.v1+json"
OCI_EMPTY = "application/vnd.oci.empty.v1+json"
OCI_LAYER = "application/vnd.oci.image.layer.v1.tar"
OCI_FOREIGN_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar"
DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json"
DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar"
DOCKER_FOREIGN_LAYER = "application/vnd.docker.image.rootfs.foreign.diff.tar"
IN_TOTO = "application/vnd.in-toto+json"

_INDEXES = frozenset((OCI_INDEX, DOCKER_INDEX))
_MANIFESTS = frozenset((OCI_MANIFEST, DOCKER_MANIFEST))
_CONFIGS = frozenset((OCI_CONFIG, DOCKER_CONFIG))
#: What stands before a layer's compression, and the mark between them.
_LAYERS = (
    (OCI_LAYER, "+"), (OCI_FOREIGN_LAYER, "+"), (DOCKER_LAYER, "."), (DOCKER_FOREIGN_LAYER, "."),
)  # fmt: skip
_FOREIGN = (OCI_FOREIGN_LAYER, DOCKER_FOREIGN_LAYER)
_COMPRESSIONS = ("", "gzip", "zstd")
_COUNTERPARTS = (
    (OCI_INDEX, DOCKER_INDEX), (OCI_MANIFEST, DOCKER_MANIFEST), (OCI_CONFIG, DOCKER_CONFIG),
)  # fmt: skip


def is_index(media_type: str) -> bool:
    """Tell whether a document lists the images of several platforms."""
    return media_type in _INDEXES


def is_manifest(media_type: str) -> bool:
    """Tell whether a document is the manifest of one image."""
    return media_type in _MANIFESTS


def is_config(media_type: str) -> bool:
    """Tell whether a document is an image's configuration."""
    return media_type in _CONFIGS


def layer_compression(media_type: str) -> str | None:
    """How a layer is compressed: `""`, `gzip` or `zstd`; None when it is no layer's type."""
    for kind, mark in _LAYERS:
        if media_type.startswith(kind):
            compression = media_type[len(kind) :]
            if not compression:
                return ""
            if compression[0] == mark and compression[1:] in _COMPRESSIONS[1:]:
                return compression[1:]
    return None


def is_layer(media_type: str) -> bool:
    """Tell whether a blob is a layer: a tar of a file system's changes."""
    return layer_compression(media_type) is not None


def is_foreign_layer(media_type: str) -> bool:
    """Tell whether a layer is one that is not to be pushed (nondistributable, foreign)."""
    return is_layer(media_type) and media_type.startswith(_FOREIGN)


def layer_media_type(compression: str, is_docker: bool = False) -> str:
    """The type of a layer with a compression of `""`, `gzip` or `zstd`."""
    if compression not in _COMPRESSIONS:
        raise BuildError(f"expected a compression of gzip, zstd or none, found `{compression}`")
    kind, mark = (DOCKER_LAYER, ".") if is_docker else (OCI_LAYER, "+")
    return kind + mark + compression if compression else kind


def to_docker(media_type: str) -> str:
    """Docker's type for an OCI type; any other stays as it is."""
    return _translate(media_type, 0, 1)


def to_oci(media_type: str) -> str:
    """The OCI type for one of Docker's; any other stays as it is."""
    return _translate(media_type, 1, 0)


def _translate(media_type: str, given: int, wanted: int) -> str:
    for pair in _COUNTERPARTS:
        if pair[given] == media_type:
            return pair[wanted]
    compression = layer_compression(media_type)
    if compression is None:
        return media_type
    kinds = ((OCI_FOREIGN_LAYER, DOCKER_FOREIGN_LAYER), (OCI_LAYER, DOCKER_LAYER))
    kind = kinds[not is_foreign_layer(media_type)][wanted]
    mark = "." if wanted else "+"
    return kind + mark + compression if compression else kind
