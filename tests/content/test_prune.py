from __future__ import annotations

import os
import shutil
import time

import pytest

from dflint.content import ContentStore
from dflint.content.blobs import BlobFolder
from dflint.content.prune import Pruned
from tests.content.test_layers import add
from tests.content.worker import put_image


@pytest.fixture
def other(store):
    """The same store, as another process has it open."""
    other = ContentStore(store.root)
    yield other
    other.close()


def aged(store, table, column, name, seconds):
    with store._database.transaction() as connection:
        connection.execute(
            f"UPDATE {table} SET used = ? WHERE {column} = ?", (time.time() - seconds, name)
        )


def test_what_nothing_refers_to_goes(store):
    id = add(store)
    blob = store.put_blob(b"x")
    path = store.layer(id).tree

    pruned = store.prune()

    assert (pruned.layers, pruned.blobs, pruned.records, pruned.cache_mounts) == (1, 1, 0, 0)
    assert pruned.freed > 0
    assert not os.path.exists(path)
    assert not store.has_blob(blob.digest)
    assert store.prune() == Pruned(0, 0, 0, 0, 0)


def test_what_records_and_chains_refer_to_stays_unless_everything_goes(store):
    first, second = add(store), add(store)
    store.add_record("key", (first,), "x")
    store.set_chain("chain", second)
    store.cache_mount("m")

    assert store.prune() == Pruned(0, 0, 0, 0, 0)
    assert store.has_layers((first, second))

    pruned = store.prune(everything=True)
    assert (pruned.layers, pruned.records, pruned.cache_mounts) == (2, 1, 1)
    assert store.disk_usage().total_bytes == 0


def test_what_a_tag_refers_to_stays_always(store):
    image = put_image(store, "x")
    store.tag("a:b", image)
    with store.new_layer() as draft:
        unpacked = draft.commit(store.put_blob(b"x").digest, 1)

    pruned = store.prune(everything=True)

    assert pruned == Pruned(0, 0, 0, 0, 0)
    assert store.has_layers((unpacked,)), "it is the unpacked layer of a tagged image"
    assert store.verify() == ()
    store.untag("a:b")
    assert store.prune().blobs == 3


def test_blobs_of_layers_stay_with_them(store):
    id = add(store)
    store.set_diff_id(id, "sha256:d", 1)
    blob = store.put_blob(b"compressed")
    store.add_blob_of("sha256:d", blob.digest, "x", blob.size)
    store.add_record("key", (id,), "x")

    store.prune()
    assert store.has_blob(blob.digest)
    store.prune(everything=True)
    assert not store.has_blob(blob.digest)
    assert store.blobs_of("sha256:d") == []


def test_what_a_lease_has_seen_stays(store, other):
    id = add(other)
    other.add_record("key", (id,), "x")
    found = other.put_blob(b"found")
    add(other)

    with store.lease():
        assert store.find_record("key") is not None
        made = add(store)
        assert store.has_blob(found.digest)
        written = store.put_blob(b"written")
        with store.new_layer() as draft:
            pruned = other.prune(everything=True)
            later = draft.commit()

        assert pruned.layers == 1, "the one that the lease has not seen"
        assert store.has_layers((id, made, later))
        assert store.find_record("key") is not None
        assert store.read_blob(found.digest) + store.read_blob(written.digest) == b"foundwritten"

    assert other.prune(everything=True).layers == 3
    assert os.listdir(os.path.join(store.root, "leases")) == []


def test_a_layer_that_a_lease_holds_is_looked_for_once(store, other):
    id = add(other)
    assert store.has_layers((id,))
    with store.lease():
        assert store.has_layers((id,))
        shutil.rmtree(other.layer(id).tree)
        assert store.has_layers((id,)), "nobody but by hand can have removed it"
        with store.lease():
            assert not store.has_layers((id,)), "not what another lease has seen"
    assert not store.has_layers((id,))


def test_a_blob_that_appears_while_blobs_are_listed_stays(store, other, monkeypatch):
    listed = BlobFolder.digests

    def then_put(folder):
        yield from listed(folder)
        if not store.has_blob(data.digest):
            store.put_blob(b"late")

    data = other.put_blob(b"late")
    os.unlink(store.blob_path(data.digest))
    with store.lease():
        assert not store.has_blob(data.digest)
        monkeypatch.setattr(BlobFolder, "digests", then_put)
        other.prune()
        assert store.read_blob(data.digest) == b"late"


def test_leases_can_be_nested_and_those_of_threads_overlap(store, other):
    first = store.lease()
    second = store.lease()
    with first:
        one = add(store)
        with second:
            two = add(store)
        other.prune(everything=True)
        assert store.has_layers((one, two))

    assert other.prune().layers == 2


def test_what_was_not_used_for_long_goes(store):
    old, new = add(store), add(store)
    store.add_record("old", (old,), "x")
    store.add_record("new", (new, old), "x")
    store.cache_mount("mount")
    aged(store, "records", "key", "old", 1000)
    aged(store, "cache_mounts", "id", "mount", 1000)

    pruned = store.prune(older_than=500)

    assert (pruned.records, pruned.cache_mounts, pruned.layers) == (1, 1, 0)
    assert store.find_record("new").layers == (new, old)


def test_what_was_unused_for_longest_goes_first(store):
    ids = [add(store, text="x" * 50_000) for _ in range(4)]
    for age, id in enumerate(ids):
        store.add_record(id, (id,), "x")
        aged(store, "records", "key", id, 1000 - age)
    size = store.disk_usage().total_bytes

    store.prune(keep_storage=size)
    assert len(store.records()) == 4
    store.prune(keep_storage=size // 2)
    assert {record.key for record in store.records()} == set(ids[2:])
    store.prune(keep_storage=0)
    assert store.disk_usage().total_bytes == 0


def test_layers_of_several_records_are_freed_by_the_last(store):
    base, top = add(store, text="x" * 90_000), add(store)
    store.add_record("a", (base,), "x")
    store.add_record("b", (base, top), "x")
    aged(store, "records", "key", "a", 1000)

    store.prune(keep_storage=store.disk_usage().total_bytes - 1)

    assert store.records() == (), "the older one alone frees nothing"


def test_usage_counts_what_is_there(store):
    store.tag("a:b", put_image(store, "x"))
    id = add(store, text="x" * 100_000)
    store.add_record("key", (id,), "x")
    with open(os.path.join(store.cache_mount("m"), "f"), "w") as file:
        file.write("y" * 10_000)

    usage = store.disk_usage()

    assert (usage.blobs, usage.layers, usage.cache_mounts) == (3, 1, 1)
    assert (usage.records, usage.tags) == (1, 1)
    assert 100_000 < usage.layer_bytes < 130_000
    assert 10_000 < usage.cache_mount_bytes < 40_000
    assert usage.total_bytes == usage.blob_bytes + usage.layer_bytes + usage.cache_mount_bytes


def test_hard_links_count_once(store):
    with store.new_layer() as draft:
        path = os.path.join(draft.tree, "f")
        with open(path, "w") as file:
            file.write("x" * 100_000)
        os.link(path, path + "2")
        draft.commit()

    assert store.disk_usage().layer_bytes < 130_000
