from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest

from dflint.content import ContentStore
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.digest import digest_of
from dflint.oci.media_types import OCI_MANIFEST
from tests.content.worker import put_image
from tests.oci.schema import schema_problems

NAME = "docker.io/library/app:latest"
IMAGE = Descriptor(OCI_MANIFEST, digest_of(b"x"), 1, platform=PlatformFields("amd64", "linux"))


def index(store):
    with open(os.path.join(store.root, "index.json"), "rb") as file:
        return file.read()


def test_a_new_store_is_an_image_layout(store):
    with open(os.path.join(store.root, "oci-layout"), "rb") as file:
        assert file.read() == b'{"imageLayoutVersion":"1.0.0"}'
    assert json.loads(index(store))["manifests"] == []
    assert schema_problems("image-index", index(store)) == []


def test_a_tag_stands_for_an_image(store):
    store.tag(NAME, IMAGE)

    found = store.resolve(NAME)
    assert (found.digest, found.size, found.platform) == (IMAGE.digest, 1, IMAGE.platform)
    assert [name for name, _ in store.tags()] == [NAME]
    assert store.resolve("docker.io/library/app:other") is None
    assert schema_problems("image-index", index(store)) == []
    assert json.loads(index(store))["manifests"][0]["annotations"] == {
        "io.containerd.image.name": NAME,
        "org.opencontainers.image.ref.name": NAME,
    }


def test_a_tag_moves(store):
    store.tag(NAME, IMAGE)
    store.tag("b:c", IMAGE)
    store.tag(NAME, Descriptor(OCI_MANIFEST, digest_of(b"y"), 2))

    assert store.resolve(NAME).digest == digest_of(b"y")
    assert [name for name, _ in store.tags()] == ["b:c", NAME]


def test_an_image_that_loses_its_last_name_stays_without_one(store):
    other = Descriptor(OCI_MANIFEST, digest_of(b"y"), 2)
    store.tag(NAME, IMAGE)
    store.tag("b:c", IMAGE)
    store.tag(NAME, other)
    assert store.untagged() == ()
    store.tag("b:c", other)

    assert store.untagged() == (IMAGE,), "without the annotations that named it"
    assert schema_problems("image-index", index(store)) == []
    store.tag("again:1", IMAGE)
    assert store.untagged() == ()


def test_an_image_is_kept_without_a_name_until_it_is_forgotten(store):
    store.keep_untagged(IMAGE)
    store.keep_untagged(IMAGE)
    assert store.untagged() == (IMAGE,)
    assert store.tags() == ()
    assert store.forget(IMAGE.digest)
    assert not store.forget(IMAGE.digest)
    store.tag(NAME, IMAGE)
    store.keep_untagged(IMAGE)
    assert store.untagged() == ()
    assert not store.forget(IMAGE.digest)
    assert not store.untag(NAME, digest_of(b"y"))
    assert store.untag(NAME, IMAGE.digest)


def test_a_tag_is_forgotten(store):
    store.tag(NAME, IMAGE)

    assert store.untag(NAME)
    assert not store.untag(NAME)
    assert store.tags() == ()


def test_an_image_without_a_name_is_not_tagged(store):
    with pytest.raises(BuildError, match="expected a reference to tag an image with"):
        store.tag("", IMAGE)


def test_what_other_programs_have_put_there_stays(store):
    other = Descriptor(OCI_MANIFEST, digest_of(b"z"), 3, annotations={"a": "b"})
    path = os.path.join(store.root, "index.json")
    with open(path, "w") as file:
        json.dump({"schemaVersion": 2, "manifests": [other.plain()], "annotations": None}, file)

    store.tag(NAME, IMAGE)

    assert [each["digest"] for each in json.loads(index(store))["manifests"]] == [
        other.digest, IMAGE.digest,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("index.json", "", "is not valid JSON"),
        ("index.json", '{"schemaVersion":2,"manifests":1}', "expected a list as `manifests`"),
        ("oci-layout", '{"imageLayoutVersion":"2"}', "expected image layout version 1.0.0"),
    ],
)
def test_a_damaged_file_is_named(store, name, text, message):
    with open(os.path.join(store.root, name), "w") as file:
        file.write(text)

    with pytest.raises(BuildError, match=message) as raised:
        ContentStore(store.root).tags()

    assert os.path.join(store.root, name) in str(raised.value)


@pytest.mark.skipif(shutil.which("skopeo") is None, reason="skopeo is not installed")
def test_skopeo_reads_the_store(store):
    image = put_image(store, "x")
    store.tag(NAME, image)

    arguments = ["skopeo", "inspect", "--raw", f"oci:{store.root}:{NAME}"]
    done = subprocess.run(arguments, capture_output=True, check=True)

    assert done.stdout == store.read_blob(image.digest)


@pytest.mark.skipif(shutil.which("umoci") is None, reason="umoci is not installed")
def test_umoci_reads_the_store(store):
    store.tag(NAME, put_image(store, "x"))

    arguments = ["umoci", "stat", "--json", "--image", f"{store.root}:{NAME}"]
    subprocess.run(arguments, capture_output=True, check=True)
    done = subprocess.run(
        ["umoci", "list", "--layout", store.root], capture_output=True, check=True, text=True
    )

    assert done.stdout.split() == [NAME]
