"""`dflint save`: archives that load again, with the same ids."""

from __future__ import annotations

import json
import os
import tarfile

import pytest

from dflint.content import ContentStore
from dflint.content.catalog import find_image, read_catalog
from dflint.content.load import load_path
from tests.images.made import put_image, put_index, whole


@pytest.fixture
def other(tmp_path):
    """An empty store."""
    other = ContentStore(str(tmp_path / "other"))
    yield other
    other.close()


def document(path, name):
    with tarfile.open(path) as archive:
        return json.load(archive.extractfile(name))


@pytest.mark.parametrize("form", ["docker", "oci"])
def test_what_is_saved_loads_with_the_same_ids(dflint, store, other, tmp_path, form):
    path = str(tmp_path / "x.tar")
    words = ("save", "--output-format", form, "-o", path, "old", "new")
    assert dflint(*words) == (0, "", "")
    load_path(other, path)
    before = {name: image.id for image in read_catalog(store) for name in image.tags}
    assert {name: image.id for image in read_catalog(other) for name in image.tags} == before
    assert other.verify() == ()
    with open(path, "rb") as file:
        data = file.read()
    dflint(*words)
    with open(path, "rb") as file:
        assert file.read() == data, "the same images give the same bytes"


def test_the_manifest_of_docker(dflint, store, tmp_path):
    path = str(tmp_path / "x.tar")
    id = find_image(read_catalog(store), "new").image.id
    dflint("save", "-o", path, "old:2", id)
    old, new = document(path, "manifest.json")
    assert old["RepoTags"] == ["old:2"] and new["RepoTags"] is None
    assert new["Config"] == "blobs/" + id.replace(":", "/") and len(new["Layers"]) == 2
    with tarfile.open(path) as archive:
        names = archive.getnames()
        assert len(names) == len(set(names)), "a layer of both is there once"
        assert set(new["Layers"]) <= set(names)
    named = [one.get("annotations") for one in document(path, "index.json")["manifests"]]
    assert named == [
        {"io.containerd.image.name": whole("old:2"), "org.opencontainers.image.ref.name": "2"},
        None,
    ]


def test_a_repository_is_all_of_its_images(dflint, store, tmp_path):
    path = str(tmp_path / "x.tar")
    store.tag(whole("old:3"), store.resolve(whole("new:latest")))
    dflint("save", "-o", path, "old")
    assert [one["RepoTags"] for one in document(path, "manifest.json")] == [
        ["old:1", "old:2"], ["old:3"],
    ]  # fmt: skip


def test_an_image_without_a_name_comes_back(dflint, store, other, tmp_path, monkeypatch):
    path = str(tmp_path / "x.tar")
    id = find_image(read_catalog(store), "new").image.id
    dflint("save", "-o", path, id[7:19])
    assert dflint("load", "-i", path, "--store", other.root) == (0, f"Loaded image ID: {id}\n", "")
    assert [one.id for one in read_catalog(other)] == [id]


def test_all_platforms_are_saved_as_a_layout_and_one_for_docker(dflint, store, other, tmp_path):
    one = put_image(store, {"a": "1"}, arch="amd64")
    two = put_image(store, {"a": "2"}, arch="s390x")
    index = put_index(store, ("amd64", one), ("s390x", two))
    store.tag(whole("many:1"), index)
    path = str(tmp_path / "x.tar")
    dflint("save", "--output-format", "oci", "-o", path, "many:1")
    load_path(other, path)
    assert other.resolve(whole("many:1")).digest == index.digest
    dflint("save", "--platform", "linux/s390x", "-o", path, "many:1")
    load_path(other, path)
    assert other.resolve(whole("many:1")).digest == two.digest


def test_what_cannot_be_saved_leaves_nothing(dflint, store, tmp_path):
    path = tmp_path / "x.tar"
    status, out, err = dflint("save", "-o", str(path), "new", "nope")
    assert (status, out, err) == (1, "", "dflint: save: no such image: nope:latest\n")
    image = find_image(read_catalog(store), "new").image
    os.unlink(store.blob_path(image.platforms[0].manifest.layers[0].digest))
    status, _, err = dflint("save", "-o", str(path), "new")
    assert status == 1 and "is missing" in err
    with open(store.blob_path(image.platforms[0].manifest.layers[1].digest), "r+b") as file:
        file.write(b"damaged")
    status, _, err = dflint("save", "-o", str(path), "--output-format", "docker", "old:1", "new")
    assert status == 1
    assert not path.exists() and os.listdir(tmp_path) == ["store"]
