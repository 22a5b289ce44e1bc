"""All images of an archive, taken into a store."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil

import pytest

from dflint.content import ContentStore
from dflint.content.load import load_path, load_stream
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.manifest import Index
from tests.content.test_archive import saved, tar_of
from tests.content.worker import put_image


def load(store, members, names=(), compress=bytes):
    stream = io.BytesIO(compress(tar_of(members)))
    return [(one.names, one.descriptor) for one in load_stream(store, stream, "archive", names)]


def members_of(root, without=()):
    """The files of a layout as members of a tar."""
    found = []
    for folder, _, files in os.walk(root):
        for name in files:
            path = os.path.join(folder, name)
            inner = os.path.relpath(path, root)
            if inner.startswith(("blobs", "index.json", "oci-layout")) and name not in without:
                with open(path, "rb") as file:
                    found.append((inner, file.read()))
    return found


@pytest.fixture
def source(tmp_path):
    """A layout in which images can be named."""
    source = ContentStore(str(tmp_path / "source"))
    yield source
    source.close()


def index_of(source, *images):
    """An index of images for one platform each, and the attestation of another."""
    described = [
        Descriptor(one.media_type, one.digest, one.size, platform=PlatformFields(name, "linux"))
        for name, one in images
    ]
    index = Index(tuple(described))
    blob = source.put_blob(index.encode())
    return Descriptor(media_types.OCI_INDEX, str(blob.digest), blob.size)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_all_images_of_a_layout_are_named(store, source, compress):
    one, other = put_image(source, "one"), put_image(source, "other")
    source.tag("docker.io/library/a:1", one)
    source.tag("registry.test/b:2", one)
    source.tag("docker.io/library/c:latest", other)

    found = load(store, members_of(source.root), compress=compress)

    assert [names for names, _ in found] == [
        ("docker.io/library/a:1", "registry.test/b:2"), ("docker.io/library/c:latest",)
    ]  # fmt: skip
    assert store.resolve("registry.test/b:2").digest == one.digest
    assert store.resolve("docker.io/library/c:latest").digest == other.digest
    assert store.verify() == ()


def test_all_images_of_an_old_archive_are_named(store):
    first, second = saved([b"one"]), saved([b"one", b"two"])
    listing = json.loads(first.pop()[1]) + json.loads(second.pop()[1])
    listing[1]["RepoTags"] = ["other", "x.test/y/z:3"]
    found = load(store, [*first, *second, ("manifest.json", json.dumps(listing).encode())])

    assert [names for names, _ in found] == [
        ("docker.io/library/app:1",), ("docker.io/library/other:latest", "x.test/y/z:3")
    ]  # fmt: skip
    assert store.verify() == ()


def test_a_folder_is_taken(store, source):
    source.tag("docker.io/library/a:1", put_image(source, "x"))
    (found,) = load_path(store, source.root)
    assert found.names == ("docker.io/library/a:1",)
    with pytest.raises(BuildError, match="is no OCI layout"):
        load_path(store, os.path.dirname(source.root))


def test_an_image_of_several_platforms_is_taken_whole(store, source):
    top = index_of(source, ("amd64", put_image(source, "a")), ("arm64", put_image(source, "b")))
    source.tag("docker.io/library/a:1", top)

    load(store, members_of(source.root))

    assert store.resolve("docker.io/library/a:1").digest == top.digest
    assert store.verify() == ()


def test_platforms_that_an_archive_does_not_hold_are_left_out(store, source):
    there, absent = put_image(source, "a"), put_image(source, "b")
    source.tag("docker.io/library/a:1", index_of(source, ("amd64", there), ("arm64", absent)))

    load(store, members_of(source.root, without=[absent.digest.partition(":")[2]]))

    kept = store.resolve("docker.io/library/a:1")
    index = json.loads(store.read_blob(kept.digest))
    assert [one["platform"]["architecture"] for one in index["manifests"]] == ["amd64"]
    assert store.verify() == ()


def test_a_name_is_given_to_the_only_image(store, source):
    image = put_image(source, "x")
    index = Index((image,))
    members = members_of(source.root, ["index.json"])
    members.append(("index.json", index.encode()))
    load(store, members)
    assert [one.digest for one in store.untagged()] == [image.digest]

    load(store, members, ("docker.io/library/mine:1",))

    assert store.tags()[0][0] == "docker.io/library/mine:1"
    assert store.untagged() == ()
    two = Index((image, put_image(source, "y")))
    with pytest.raises(BuildError, match="expected one image to name, found 2"):
        load(
            store,
            [*members_of(source.root, ["index.json"]), ("index.json", two.encode())],
            ("a:b",),
        )


def test_nothing_is_named_when_one_image_is_damaged(store, source):
    for text in ("one", "two"):
        source.tag(f"docker.io/library/{text}:1", put_image(source, text))
    members = members_of(source.root)
    lost = [one for one in members if one[1] != b"two"]
    assert len(lost) == len(members) - 1

    with pytest.raises(BuildError, match=r"layer 1 of 1: blob `sha256:[0-9a-f]+` is missing"):
        load(store, lost)
    with pytest.raises(BuildError, match="expected content with digest"):
        load(store, [(name, b"owt" if data == b"two" else data) for name, data in members])
    assert store.tags() == ()


@pytest.mark.parametrize("name", ["BAD NAME", "a b", "x/"])
def test_a_name_that_is_none_is_told(store, source, name):
    source.tag(name, put_image(source, "x"))
    with pytest.raises(BuildError, match=f"an image is named `{name}`"):
        load(store, members_of(source.root))
    shutil.rmtree(source.root)
