"""Images in the store and in registries: by names, by digest, or not at all."""

from __future__ import annotations

import json

import pytest

from dflint.content.store import ContentStore
from dflint.testing.registry import MemoryRegistry

TEXT = 'FROM scratch\nCOPY a /\nCMD ["/a"]\n'


@pytest.fixture
def registry():
    with MemoryRegistry() as registry:
        yield registry


@pytest.fixture
def build(command):
    """Build an output; what the metadata file says, and the tags of the store."""
    command.write({"Dockerfile": TEXT, "a": "content of a"})

    def build(output, *options):
        path = command.place / "metadata"
        command.build("--metadata-file", str(path), "-o", output, *options)
        store = ContentStore(str(command.store))
        tags = {name: one.digest for name, one in store.tags()}
        store.close()
        return json.loads(path.read_bytes()), tags

    return build


def test_an_image_is_pushed_under_its_names(build, registry):
    said, tags = build(f"type=image,push=true,name={registry.address}/app:1")

    assert registry.count("PUT /v2/app/manifests/1") == 1
    assert tags == {f"{registry.address}/app:1": said["containerimage.digest"]}


def test_an_image_is_pushed_by_its_digest_alone(build, registry):
    said, tags = build(
        "type=image,push=true,push-by-digest=true,store=false", "-t", f"{registry.address}/app"
    )

    digest = said["containerimage.digest"]
    assert registry.count(f"PUT /v2/app/manifests/{digest}") == 1
    assert registry.count("PUT /v2/app/manifests/latest") == 0
    assert tags == {}


def test_names_with_the_digest(build):
    said, tags = build("type=image,name=app:1,name-canonical=true,dangling-name-prefix=loose")

    digest = said["containerimage.digest"]
    assert tags == dict.fromkeys(
        [
            "docker.io/library/app:1",
            f"docker.io/library/app:1@{digest}",
            f"docker.io/library/loose@{digest}",
        ],
        digest,
    )


def test_the_level_of_compression_counts(command):
    command.write({"Dockerfile": TEXT, "a": "".join(map(str, range(50_000)))})
    sizes = []
    for fields in ("", ",compression-level=1"):
        path = command.place / f"out-{len(sizes)}.tar"
        command.build("-o", f"type=oci,dest={path}{fields}")
        sizes.append(path.stat().st_size)
    assert sizes[0] != sizes[1]
