"""Images of a store: their ids and names, and how they are found."""

from __future__ import annotations

import pytest

from dflint.content.catalog import NoImageError, find_image, image_for, read_catalog
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor
from dflint.oci.platform import Platform
from dflint.oci.reference import familiar
from tests.images.made import put_image, put_index, whole


def test_images_have_the_ids_of_their_configurations(store):
    new, old = read_catalog(store)
    assert new.tags == (whole("new:latest"),)
    assert old.tags == (whole("old:1"), whole("old:2"))
    assert old.id == old.platforms[0].config != old.descriptor.digest
    assert not old.is_dangling and old.untagged == ()


def test_manifests_of_one_configuration_are_one_image(store):
    (image,) = (one for one in read_catalog(store) if len(one.tags) == 2)
    data = store.read_blob(image.descriptor.digest) + b"\n"
    other = store.put_blob(data)
    store.tag(whole("other:1"), Descriptor(image.descriptor.media_type, other.digest, other.size))

    (found,) = (one for one in read_catalog(store) if one.id == image.id)
    assert found.tags == (whole("old:1"), whole("old:2"), whole("other:1"))
    assert [one.digest for one in found.descriptors] == [image.descriptor.digest, other.digest]
    assert find_image([found], "other:1").descriptor.digest == other.digest


def test_an_image_is_found_by_names_and_ids(store):
    images = read_catalog(store)
    new, old = images
    repository = old.descriptor.digest
    for text in (
        "old:1", "docker.io/old:1", "docker.io/library/old:2", old.id, old.id[7:], old.id[:20],
        old.id[7:12], repository, f"old@{repository}",
    ):  # fmt: skip
        assert find_image(images, text).image is old, text
    assert find_image(images, "new").name == whole("new:latest")
    assert find_image(images, new.id).name == ""
    with pytest.raises(NoImageError, match="no such image: old:latest"):
        find_image(images, "old")
    for text in ("nope:1", "UPPER", "", "sha256:" + "0" * 64, f"new@{repository}"):
        with pytest.raises(NoImageError, match="no such image"):
            find_image(images, text)


def test_an_id_that_several_have_is_told(store):
    images = read_catalog(store)
    for number in range(40):  # of 16 digits two are the same then
        image = put_image(store, {f"f{number}": "x"})
        store.keep_untagged(image)
    images = read_catalog(store)
    digits = [one.id[7] for one in images]
    twice = next(digit for digit in digits if digits.count(digit) > 1)
    with pytest.raises(BuildError, match=f"multiple images have an id that begins with `{twice}`"):
        find_image(images, twice)


def test_a_name_that_looks_like_an_id_counts_first(store):
    images = read_catalog(store)
    start = images[0].id[7:11]
    store.tag(whole(f"{start}:latest"), images[1].descriptor)
    assert find_image(read_catalog(store), start).image.id == images[1].id


def test_an_image_for_several_platforms(store):
    one, other = (
        put_image(store, {"a": "1"}, arch="amd64"),
        put_image(store, {"a": "2"}, arch="s390x"),
    )
    index = put_index(store, ("amd64", one), ("s390x", other))
    store.tag(whole("many:1"), index)

    image = find_image(read_catalog(store), "many:1").image
    assert image.id == index.digest
    assert [str(each.document.platform.platform) for each in image.platforms] == [
        "linux/amd64", "linux/s390x",
    ]  # fmt: skip
    assert image_for(image, Platform("linux", "s390x")).descriptor.digest == other.digest
    with pytest.raises(BuildError, match="none for `linux/ppc64le` is there, only"):
        image_for(image, Platform("linux", "ppc64le"))


def test_an_image_that_cannot_be_read_is_there_all_the_same(store):
    import os

    image = find_image(read_catalog(store), "new").image
    os.unlink(store.blob_path(image.platforms[0].config))
    broken = find_image(read_catalog(store), "new").image
    assert "is missing" in broken.problem and broken.id == image.descriptor.digest
    with pytest.raises(BuildError, match="is missing"):
        image_for(broken, None)


def test_names_are_shortened_as_docker_does():
    for name, short in {
        "docker.io/library/a:1": "a:1", "docker.io/x/a:1": "x/a:1",
        "ghcr.io/library/a": "ghcr.io/library/a", "localhost/a": "localhost/a",
        "docker.io/library/x/a": "library/x/a",
    }.items():  # fmt: skip
        assert familiar(name) == short
