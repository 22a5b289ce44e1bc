from __future__ import annotations

import os

import pytest

from dflint.content import ContentStore
from dflint.errors import BuildError
from dflint.oci.digest import digest_of

BOOT = "/proc/sys/kernel/random/boot_id"


def add(store, name="f", text="x"):
    with store.new_layer() as draft:
        with open(os.path.join(draft.tree, name), "w") as file:
            file.write(text)
        return draft.commit()


def test_a_layer_counts_from_commit_on(store):
    with store.new_layer() as draft:
        assert os.listdir(draft.path) == ["tree"]
        os.makedirs(os.path.join(draft.path, "work", "work"))
        with pytest.raises(BuildError, match=f"layer `{draft.id}` is missing"):
            store.layer(draft.id)
        id = draft.commit(digest_of(b"x"), 3)

    layer = store.layer(id)
    assert (layer.id, layer.diff_id, layer.size) == (id, digest_of(b"x"), 3)
    assert os.listdir(os.path.dirname(layer.tree)) == ["tree"]
    assert os.listdir(os.path.join(store.root, "drafts")) == []


def test_a_tree_begins_as_a_root_folder_is(store):
    before = os.umask(0o077)
    try:
        with store.new_layer() as draft:
            assert os.stat(draft.tree).st_mode & 0o777 == 0o755
    finally:
        os.umask(before)


def test_a_draft_that_is_not_committed_is_removed(store):
    with pytest.raises(ZeroDivisionError), store.new_layer() as draft:
        os.mkdir(os.path.join(draft.tree, "a"), 0)
        1 / 0  # noqa: B018 - any error

    assert not os.path.exists(draft.path)
    assert os.listdir(os.path.join(store.root, "drafts")) == []


def test_diff_id_can_be_said_later(store):
    id = add(store)
    assert (store.layer(id).diff_id, store.layer(id).size) == ("", 0)

    store.set_diff_id(id, digest_of(b"y"), 9)

    assert (store.layer(id).diff_id, store.layer(id).size) == (digest_of(b"y"), 9)
    with pytest.raises(BuildError, match="layer `none` is missing"):
        store.set_diff_id("none", digest_of(b"y"), 9)


def test_chain_ids_lead_to_layers(store):
    first, second = add(store), add(store)

    assert store.layer_of_chain("c") is None
    assert store.set_chain("c", first) == first
    assert store.set_chain("c", second) == first, "the first one counts"
    assert store.layer_of_chain("c") == first


def test_a_chain_whose_layer_is_gone_does_not_count(store):
    first, second = add(store), add(store)
    store.set_chain("c", first)
    os.rename(store.layer(first).tree, store.root + "/elsewhere")

    assert store.layer_of_chain("c") is None
    assert store.set_chain("c", second) == second


def test_compressed_forms_are_known_while_they_are_there(store):
    gzip, zstd = store.put_blob(b"1"), store.put_blob(b"22")
    store.add_blob_of("sha256:d", gzip.digest, "g", 1)
    store.add_blob_of("sha256:d", gzip.digest, "g", 1)
    store.add_blob_of("sha256:d", zstd.digest, "z", 2)

    assert set(store.blobs_of("sha256:d")) == {(gzip.digest, "g", 1), (zstd.digest, "z", 2)}
    os.unlink(store.blob_path(gzip.digest))
    assert store.blobs_of("sha256:d") == [(zstd.digest, "z", 2)]
    assert store.blobs_of("sha256:e") == []


@pytest.mark.skipif(not os.path.exists(BOOT), reason="the system does not tell its boots apart")
def test_layers_that_were_not_synced_do_not_outlive_a_boot(store):
    lost = add(store)
    store.add_record("lost", (lost,), "RUN lost")
    at_next_boot(store)
    kept = add(store)
    store.settle()
    store.add_record("kept", (kept,), "RUN kept")
    lost_too = add(store)
    at_next_boot(store)

    again = ContentStore(store.root)

    assert again.find_record("lost") is None
    assert again.find_record("kept").layers == (kept,)
    assert not again.has_layers((lost_too,))
    again.prune()
    assert os.listdir(os.path.join(store.root, "layers")) == [kept]


def at_next_boot(store):
    """Have what is not synced look as if it were from an earlier boot."""
    with store._database.transaction() as connection:
        connection.execute("UPDATE layers SET boot = 'earlier' WHERE boot != ''")


def test_records_lead_to_layers(store):
    layers = (add(store), add(store))

    store.add_record("key", layers, "RUN make")
    record = store.find_record("key")

    assert (record.key, record.layers, record.description) == ("key", layers, "RUN make")
    assert record.created <= record.used
    assert store.find_record("other") is None
    assert [each.key for each in store.records()] == ["key"]


def test_a_result_of_no_layers_is_a_record_too(store):
    store.add_record("scratch", (), "FROM scratch")

    assert store.find_record("scratch").layers == ()


def test_a_result_can_have_a_layer_twice(store):
    id = add(store)
    store.add_record("key", (id, id), "COPY --link")

    assert store.find_record("key").layers == (id, id)


def test_the_newest_record_of_a_key_counts(store):
    first, second = add(store), add(store)
    store.add_record("key", (first, second), "old")
    store.add_record("key", (second,), "new")

    record = store.find_record("key")

    assert (record.layers, record.description) == ((second,), "new")


def test_a_record_without_its_layers_does_not_count(store):
    id = add(store)
    store.add_record("key", (id,), "x")
    os.rename(store.layer(id).tree, store.root + "/elsewhere")

    assert store.find_record("key") is None
    assert store.records() == ()
    assert store.verify() == (f"layer `{id}` is missing",)


def test_a_record_of_layers_that_are_not_there_is_refused(store):
    with pytest.raises(BuildError, match="a layer of the result of `RUN x` is missing"):
        store.add_record("key", ("none",), "RUN x")

    assert store.find_record("key") is None


def test_names_that_are_no_text_of_utf8_are_kept(store):
    store.add_record("key\udcff", (), "RUN \udcff")

    assert store.find_record("key\udcff") is not None
