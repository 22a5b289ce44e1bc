from __future__ import annotations

import pytest

from dflint.errors import BuildError
from dflint.oci import media_types

OCI = "application/vnd.oci.image.layer"
DOCKER = "application/vnd.docker.image.rootfs"
LAYERS = {
    f"{OCI}.v1.tar": f"{DOCKER}.diff.tar",
    f"{OCI}.v1.tar+gzip": f"{DOCKER}.diff.tar.gzip",
    f"{OCI}.v1.tar+zstd": f"{DOCKER}.diff.tar.zstd",
    f"{OCI}.nondistributable.v1.tar+gzip": f"{DOCKER}.foreign.diff.tar.gzip",
}


@pytest.mark.parametrize(("oci", "docker"), LAYERS.items())
def test_layers_have_counterparts(oci, docker):
    assert media_types.is_layer(oci) and media_types.is_layer(docker)
    assert (media_types.to_docker(oci), media_types.to_oci(docker)) == (docker, oci)
    assert media_types.is_foreign_layer(oci) is ("nondistributable" in oci)
    assert media_types.is_foreign_layer(docker) is ("foreign" in docker)


@pytest.mark.parametrize(
    "pair",
    [
        (media_types.OCI_INDEX, media_types.DOCKER_INDEX),
        (media_types.OCI_MANIFEST, media_types.DOCKER_MANIFEST),
        (media_types.OCI_CONFIG, media_types.DOCKER_CONFIG),
    ],
)
def test_documents_have_counterparts(pair):
    assert (media_types.to_oci(pair[1]), media_types.to_docker(pair[0])) == pair


def test_other_types_stay():
    assert media_types.to_docker("text/plain") == "text/plain"
    assert media_types.to_oci(media_types.IN_TOTO) == media_types.IN_TOTO


def test_compression_is_read_from_the_type():
    read = media_types.layer_compression

    assert read(media_types.OCI_LAYER) == ""
    assert read(media_types.OCI_LAYER + "+zstd") == "zstd"
    assert read(media_types.DOCKER_LAYER + ".gzip") == "gzip"
    assert read(media_types.OCI_LAYER + ".gzip") is None
    assert read(media_types.OCI_LAYER + "+lzma") is None
    assert read(media_types.OCI_LAYER + "+") is None
    assert read(media_types.OCI_CONFIG) is None


def test_type_of_a_compression():
    assert media_types.layer_media_type("gzip") == media_types.OCI_LAYER + "+gzip"
    assert media_types.layer_media_type("", is_docker=True) == media_types.DOCKER_LAYER
    with pytest.raises(BuildError, match="expected a compression of gzip, zstd or none"):
        media_types.layer_media_type("xz")
