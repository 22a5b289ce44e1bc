"""Images whose documents are hostile: each is refused with what is wrong, and never a traceback."""

from __future__ import annotations

import json

import pytest

from dflint.content import ContentStore
from dflint.content.load import load_path
from dflint.errors import BuildError
from dflint.layer import apply_tar, decompress
from dflint.oci import media_types
from dflint.oci.digest import chain_ids
from dflint.snapshot.unpack import unpack
from tests.content.worker import put_image

_NONE = "sha256:" + "0" * 64
LARGE = "x" * 200_000


def changed(*keys, to):
    """Sets one value of a document."""

    def change(document):
        for key in keys[:-1]:
            document = document[key]
        document[keys[-1]] = to

    return change


def without(key):
    """Leaves one member out."""
    return lambda document: document.pop(key)


MANIFESTS = {
    "no config": without("config"),
    "a config that is a list": changed("config", to=[]),
    "a config that is text": changed("config", to="sha256:..."),
    "layers that are an object": changed("layers", to={}),
    "layers that are numbers": changed("layers", to=[1, 2]),
    "layers that are nothing": changed("layers", to=[None]),
    "more layers than the configuration has": changed("layers", to=[]),
    "a digest that is missing": changed("layers", 0, "digest", to=_NONE),
    "a digest that is no digest": changed("layers", 0, "digest", to="../../etc/passwd"),
    "a digest with a slash": changed("layers", 0, "digest", to="sha256:../" + "0" * 61),
    "a digest of another kind": changed("layers", 0, "digest", to="md5:" + "0" * 32),
    "a digest that is a number": changed("layers", 0, "digest", to=7),
    "a digest in capitals": changed("layers", 0, "digest", to="sha256:" + "A" * 64),
    "a size that is wrong": changed("layers", 0, "size", to=1),
    "a size below nothing": changed("layers", 0, "size", to=-1),
    "a size that is absurd": changed("layers", 0, "size", to=1 << 62),
    "a size beyond 64 bits": changed("layers", 0, "size", to=1 << 70),
    "a size that is text": changed("layers", 0, "size", to="3"),
    "a size that is true": changed("layers", 0, "size", to=True),
    "a size with a point": changed("layers", 0, "size", to=3.5),
    "a layer that is no layer": changed("layers", 0, "mediaType", to="text/plain"),
    "a layer without a type": changed("layers", 0, "mediaType", to=""),
    "a type that is a list": changed("layers", 0, "mediaType", to=[]),
    "an index and a manifest at once": changed("manifests", to=[]),
    "another version": changed("schemaVersion", to=1),
    "no version": without("schemaVersion"),
    "a version that is text": changed("schemaVersion", to="2"),
    "the type of an index": changed("mediaType", to=media_types.OCI_INDEX),
    "a type that nobody knows": changed("mediaType", to="application/" + LARGE),
    "annotations that are a list": changed("annotations", to=["a"]),
    "annotations that are numbers": changed("annotations", to={"a": 1}),
}

CONFIGS = {
    "a root file system that is a list": changed("rootfs", to=[]),
    "no root file system": without("rootfs"),
    "digests of layers that are numbers": changed("rootfs", "diff_ids", to=[5]),
    "digests of layers that are none": changed("rootfs", "diff_ids", to=["x"]),
    "too many digests of layers": changed("rootfs", "diff_ids", to=[_NONE] * 100_000),
    "a platform that is a number": changed("architecture", to=5),
    "an operating system that is a list": changed("os", to=[]),
}


def write_image(place, manifest=None, config=None):
    """A layout with an image whose documents are changed."""
    store = ContentStore(str(place))
    descriptor = put_image(store, "one")
    document = json.loads(store.read_blob(descriptor.digest))
    configuration = json.loads(store.read_blob(document["config"]["digest"]))
    if config is not None:
        config(configuration)
    blob = store.put_blob(json.dumps(configuration).encode())
    document["config"] |= {"digest": blob.digest, "size": blob.size}
    if manifest is not None:
        manifest(document)
    written = store.put_blob(json.dumps(document).encode())
    index = json.loads((place / "index.json").read_text())
    index["manifests"] = [
        {
            "mediaType": media_types.OCI_MANIFEST,
            "digest": written.digest,
            "size": written.size,
            "annotations": {"org.opencontainers.image.ref.name": "a:1"},
        }
    ]
    (place / "index.json").write_text(json.dumps(index))
    store.close()


@pytest.mark.parametrize("change", MANIFESTS.values(), ids=MANIFESTS)
def test_manifests(tmp_path, store, change):
    write_image(tmp_path / "layout", manifest=change)

    with pytest.raises(BuildError) as caught:
        load_path(store, str(tmp_path / "layout"))

    assert 0 < len(str(caught.value)) < 5_000
    assert store.tags() == ()


@pytest.mark.parametrize("change", CONFIGS.values(), ids=CONFIGS)
def test_configurations(tmp_path, store, change):
    write_image(tmp_path / "layout", config=change)

    with pytest.raises(BuildError) as caught:
        load_path(store, str(tmp_path / "layout"))

    assert 0 < len(str(caught.value)) < 5_000
    assert store.tags() == ()


DOCUMENTS = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "deep JSON": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "a number without an end": b'{"schemaVersion": ' + b"9" * 100_000 + b"}",
    "no UTF-8": b'{"a": "\xff"}',
    "zeros": bytes(4096),
    "infinity": b'{"schemaVersion": Infinity, "manifests": []}',
}


@pytest.mark.parametrize("name", ["index.json", "oci-layout"])
@pytest.mark.parametrize("data", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_of_a_layout(tmp_path, store, name, data):
    write_image(tmp_path / "layout")
    (tmp_path / "layout" / name).write_bytes(data)

    with pytest.raises(BuildError) as caught:
        load_path(store, str(tmp_path / "layout"))

    assert 0 < len(str(caught.value)) < 5_000


def test_a_list_of_very_many_layers(tmp_path, store):
    write_image(
        tmp_path / "layout",
        manifest=lambda document: document.update(layers=document["layers"] * 100_000),
        config=lambda document: document["rootfs"].update(
            diff_ids=document["rootfs"]["diff_ids"] * 100_001
        ),
    )

    with pytest.raises(BuildError):
        load_path(store, str(tmp_path / "layout"))


def test_a_layer_that_is_no_archive(store):
    """The content is that of its digest, but no tar: it is told when it is unpacked."""
    descriptor = put_image(store, "this is no archive")

    def apply(stream, tree, lower):
        return apply_tar(decompress(stream), tree, lower)

    with pytest.raises(BuildError, match=r"layer 1 of 1: "):
        unpack(store, descriptor, apply)

    assert store.layer_of_chain(chain_ids((_NONE,))[0]) is None
    assert not any(store.leftovers())


def test_an_index_that_names_itself(tmp_path, store):
    """No digest can: but an index of indexes may be deeper than anybody wants."""
    layout = tmp_path / "layout"
    write_image(layout)
    opened = ContentStore(str(layout))
    entry = json.loads((layout / "index.json").read_text())["manifests"][0]
    for _ in range(30):
        index = {"schemaVersion": 2, "mediaType": media_types.OCI_INDEX, "manifests": [entry]}
        blob = opened.put_blob(json.dumps(index).encode())
        entry = {"mediaType": media_types.OCI_INDEX, "digest": blob.digest, "size": blob.size}
    opened.close()
    (layout / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))

    with pytest.raises(BuildError, match="nested more than 8 deep"):
        load_path(store, str(layout))
