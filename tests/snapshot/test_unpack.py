from __future__ import annotations

import os
from dataclasses import dataclass

import pytest

from dflint.content import ContentStore
from dflint.errors import BuildError
from dflint.oci.digest import digest_of
from dflint.snapshot.unpack import unpack
from tests.content.worker import put_image


@dataclass
class Summary:
    diff_id: str
    size: int


def apply(stream, tree, lower):
    """Stands in for the unpacking of a tar: one file of all there is."""
    data = stream.read()
    with open(os.path.join(tree, "data"), "wb") as file:
        file.write(data)
    return Summary(digest_of(data), len(data))


def test_layers_are_unpacked_once(tmp_path):
    store = ContentStore(str(tmp_path / "store"))
    image = put_image(store, "x")

    layers = unpack(store, image, apply)

    assert unpack(store, image, apply) == layers
    assert os.listdir(store.layer(layers[0]).tree) == ["data"]
    assert store.layer(layers[0]).diff_id == digest_of(b"x")
    assert [blob.digest for blob in store.blobs_of(digest_of(b"x"))] == [digest_of(b"x")]


def test_a_tar_with_another_digest_is_refused(tmp_path):
    store = ContentStore(str(tmp_path / "store"))

    with pytest.raises(BuildError, match="layer 1 of 1: expected a tar with digest"):
        unpack(store, put_image(store, "x"), lambda *_: Summary(digest_of(b"y"), 1))

    assert os.listdir(os.path.join(store.root, "layers")) == []
