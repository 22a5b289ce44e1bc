"""What verify says of a store that is damaged, and what repair makes of it."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from dflint.content import ContentStore
from dflint.content.faults import base_faults
from dflint.content.repair import mend_base
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, read_index
from tests.content.worker import build, new_layer, put_image


def nothing(digest, diff_id, media_type):
    """Makes no blob anew."""
    return False


def alter(store, digest):
    """Turn a bit of a blob."""
    path = Path(store.blob_path(digest))
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def test_a_damaged_layer_costs_its_image_alone(store):
    store.tag("a:1", put_image(store, "one"))
    store.tag("b:1", put_image(store, "two"))
    layer = store.put_blob(b"one")
    alter(store, layer.digest)

    assert len(store.verify()) == 2
    assert store.verify(is_quick=True) == ()
    done = list(store.repair(nothing))

    assert done[0] == f"dropped blob `{layer.digest}`, which was damaged"
    assert done[1].startswith("lost image `a:1`: ")
    assert len(done) == 2
    assert [name for name, _ in store.tags()] == ["b:1"]
    assert store.verify() == ()


def test_an_image_without_a_name_counts(store):
    store.keep_untagged(kept := put_image(store, "one"))
    store.keep_untagged(going := put_image(store, "two"))
    layer = store.put_blob(b"two")
    alter(store, layer.digest)

    assert len(store.verify()) == 2
    done = list(store.repair(nothing))

    assert done[1:] == [f"lost image `{going.digest}`: build, load or pull it again"]
    assert [each.digest for each in store.untagged()] == [kept.digest]
    assert store.verify() == ()


@pytest.mark.parametrize("name", ["a:1", ""])
def test_some_platforms_stay(store, name):
    one, two = put_image(store, "one"), put_image(store, "two")
    index = store.put_blob(Index((one, two)).encode())
    whole = Descriptor(media_types.OCI_INDEX, str(index.digest), index.size)
    if name:
        store.tag(name, whole)
    else:
        store.keep_untagged(whole)
    alter(store, store.put_blob(b"two").digest)

    done = list(store.repair(nothing))

    shown = name or whole.digest
    assert done[1:] == [f"lost some platforms of image `{shown}`: build, load or pull it again"]
    (left,) = (*(each for _, each in store.tags()), *store.untagged())
    assert read_index(store.read_blob(left.digest)).manifests == (one,)
    assert store.verify() == ()


def test_a_build_names_the_command(store):
    blob = store.put_blob(b"text")
    alter(store, blob.digest)

    with pytest.raises(BuildError, match="`dflint store repair` mends it"):
        store.read_blob(blob.digest)


def test_a_blob_that_is_made_anew_saves_its_image(store):
    store.tag("a:1", put_image(store, "one"))
    layer = store.put_blob(b"one")
    store.add_blob_of("sha256:" + "1" * 64, layer.digest, "type", layer.size)
    alter(store, layer.digest)

    def rebuild(digest, diff_id, media_type):
        assert (digest, diff_id, media_type) == (layer.digest, "sha256:" + "1" * 64, "type")
        return store.put_blob(b"one").digest == digest

    done = list(store.repair(rebuild))

    assert done[1:] == [f"made blob `{layer.digest}` anew"]
    assert store.resolve("a:1") is not None
    assert store.verify() == ()


def test_what_is_whole_stays(store):
    numbers = random.Random(5)
    for _ in range(4):
        build(store, numbers)
    before = (store.tags(), store.records(), sorted(os.listdir(f"{store.root}/blobs/sha256")))

    assert list(store.repair(nothing)) == []
    assert (
        store.tags(), store.records(), sorted(os.listdir(f"{store.root}/blobs/sha256"))
    ) == before  # fmt: skip


def test_a_missing_layer_costs_its_cached_steps(store):
    id = new_layer(store, "k")
    store.add_record("key", (id,), "step")
    os.rename(os.path.join(store.root, "layers", id), os.path.join(store.root, "trash", "x"))

    assert store.verify() == (f"layer `{id}` is missing",)
    done = list(store.repair(nothing))

    assert done == [
        f"forgot layer `{id}`, whose files are missing",
        "forgot 1 cached steps, which are run again",
    ]
    assert store.find_record("key") is None
    assert store.verify() == ()
    assert not any(store.leftovers())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schemaVersion": 2, "manifests": 3}'])
@pytest.mark.parametrize("name", ["index.json", "oci-layout"])
def test_a_damaged_document_is_told_and_written_anew(tmp_path, name, content):
    root = str(tmp_path / "store")
    ContentStore(root).close()
    (tmp_path / "store" / name).write_bytes(content)

    with pytest.raises(BuildError, match="dflint store repair"):
        ContentStore(root).tags()
    assert len(base_faults(root)) == 1
    assert len(list(mend_base(root))) in (1, 2)

    assert base_faults(root) == []
    assert ContentStore(root).verify() == ()


def test_entries_of_a_damaged_index_are_kept(tmp_path):
    root = str(tmp_path / "store")
    store = ContentStore(root)
    store.tag("a:1", put_image(store, "one"))
    index = tmp_path / "store" / "index.json"
    index.write_text(index.read_text().replace('"manifests":[', '"manifests":[{"digest":1},'))

    done = list(mend_base(root))

    assert done[1] == "1 images could be read, all others are lost"
    assert store.resolve("a:1") is not None
    assert store.verify() == ()


@pytest.mark.parametrize("content", [b"no tables" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_damaged_tables_cost_the_cache_and_no_image(tmp_path, content):
    root = str(tmp_path / "store")
    store = ContentStore(root)
    store.tag("a:1", put_image(store, "one"))
    store.add_record("key", (new_layer(store, "k"),), "step")
    store.close()
    (tmp_path / "store" / "dflint.db").write_bytes(content)

    with pytest.raises(BuildError, match="dflint store repair"):
        ContentStore(root)
    assert [fault.kind for fault in base_faults(root)] == ["tables"]
    (line,) = mend_base(root)

    assert line.startswith("dropped the tables, with all cached steps: ")
    store = ContentStore(root)
    assert store.verify() == ()
    assert store.resolve("a:1") is not None
    assert store.find_record("key") is None


def test_tables_are_not_mended_beside_a_build(tmp_path):
    root = str(tmp_path / "store")
    store = ContentStore(root)
    with store.lease():
        (tmp_path / "store" / "oci-layout").write_bytes(b"")

        with pytest.raises(BuildError, match="in use by a running build"):
            list(mend_base(root))

    assert len(list(mend_base(root))) == 1


def test_a_blob_that_is_whole_is_not_dropped(store):
    blob = store.put_blob(b"text")

    assert not store.discard_damaged(blob.digest)
    assert not store.discard_damaged("sha256:" + "0" * 64)
    assert store.read_blob(blob.digest) == b"text"


def test_a_cache_mount_that_nobody_knows_is_swept(store):
    os.makedirs(os.path.join(store.root, "cache-mounts", "f" * 32, "0", "dir"))

    assert list(store.leftovers().lines()) == ["left over: 1 folders of cache mounts without a row"]
    store.prune()

    assert not any(store.leftovers())


@pytest.mark.parametrize("moment", [0.0, 1e9, 4e9, 1e11])
def test_no_clock_is_relied_on(tmp_path, monkeypatch, moment):
    store = ContentStore(str(tmp_path / "store"))
    build(store, random.Random(1))
    monkeypatch.setattr("time.time", lambda: moment)
    build(store, random.Random(1))
    monkeypatch.undo()
    store.prune(older_than=60)
    build(store, random.Random(1))
    store.prune(everything=True)

    assert store.verify() == ()
    assert not any(store.leftovers())
