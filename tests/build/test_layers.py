"""Layers of a result as blobs: which of them one empty blob is enough for."""

from __future__ import annotations

import gzip
import os

import pytest

from dflint.build.layers import Form, layer_blobs, mark_alone
from dflint.content.store import ContentStore


@pytest.fixture
def store(tmp_path):
    made = ContentStore(str(tmp_path / "store"))
    yield made
    made.close()


def make(store, *names):
    with store.new_layer() as draft:
        for name in names:
            path = os.path.join(draft.tree, name)
            if name.endswith("/"):
                os.makedirs(path)
            else:
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as opened:
                    opened.write(os.path.basename(name))
        return draft.commit()


def names_in(store, blob):
    data = gzip.decompress(store.read_blob(blob.descriptor.digest))
    return {data[at : at + 100].rstrip(b"\0") for at in range(0, len(data), 512)} & {
        b"etc/", b"etc/hosts", b"etc/new", b"var/",
    }  # fmt: skip


def test_layers_that_change_nothing_are_one_empty_blob(store):
    kinds = {
        "base": ("etc/hosts",),
        "trace": ("etc/",),
        "change": ("etc/new",),
        "trace again": ("etc/",),
        "nothing": (),
        "alone": ("etc/",),
        "more": ("var/",),
        "known": ("var/",),
    }
    ids = {kind: make(store, *names) for kind, names in kinds.items()}
    mark_alone(store, ids["alone"])

    made = dict(zip(ids, layer_blobs(store, tuple(ids.values()), (), Form()), strict=True))

    assert {kind for kind, blob in made.items() if blob == made["nothing"]} == {
        "trace", "trace again", "nothing", "known",
    }  # fmt: skip
    assert names_in(store, made["change"]) == {b"etc/", b"etc/new"}
    assert names_in(store, made["alone"]) == {b"etc/"}
    assert names_in(store, made["more"]) == {b"var/"}
    for kind, blob in made.items():
        assert store.layer(ids[kind]).diff_id == blob.diff_id
    assert layer_blobs(store, tuple(ids.values()), (), Form()) == list(made.values())
