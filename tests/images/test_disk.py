"""`dflint system`: every byte of the store is of one kind; a prune frees what it says."""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from dflint.content import ContentStore
from dflint.content.catalog import find_image, read_catalog
from dflint.images import disk
from tests.content.worker import new_layer
from tests.images.made import put_image, whole
from tests.images.test_naming import use


def counted(place):
    """What `du` says of a folder, in bytes."""
    done = subprocess.run(
        ["du", "-s", "--block-size=1", str(place)], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[0])


def measured(store):
    """What is said of a store, which stays open."""
    return disk.measure(ContentStore(store.root))


@pytest.fixture
def filled(store):
    """A store that has something of every kind."""
    with store.new_layer() as draft:
        unpacked = image_of(store, "old:1").platforms[0].document.diff_ids[0]
        with open(os.path.join(draft.tree, "a"), "w") as file:
            file.write("x" * 5000)
        os.link(os.path.join(draft.tree, "a"), os.path.join(draft.tree, "b"))
        of_image = draft.commit(unpacked, 6000)
    store.add_record("held by an image", (of_image,), "COPY a /")
    for number in range(3):
        id = new_layer(store, f"{number}" * 20_000)
        store.add_record(f"sha256:{number}", (of_image, id), f"RUN {number}")
    store.put_blob(b"of nothing" * 1000)
    with store.hold_cache_mount("mount") as path, open(os.path.join(path, "f"), "w") as file:
        file.write("m" * 9000)
    use(store, image_of(store, "new").descriptor.digest)
    with open(os.path.join(store.root, "trash", "left"), "w") as file:
        file.write("t" * 4000)
    store.add_facts({f"fact {number}": b"x" * 100 for number in range(1000)})
    store.close()
    reopened = ContentStore(store.root)
    yield reopened
    reopened.close()


def image_of(store, text):
    return find_image(read_catalog(store), text).image


def test_the_kinds_together_are_what_du_says(filled):
    root = filled.root
    filled.close()
    found = measured(filled)
    assert found.total == counted(root)
    (mount,) = os.scandir(os.path.join(root, "cache-mounts"))
    whole_folders = {disk.CONTAINER: "containers", disk.MOUNTS: f"cache-mounts/{mount.name}"}
    for kind, folder in whole_folders.items():
        assert found.sizes[kind] == counted(os.path.join(root, folder)), kind
    assert found.sizes[disk.TEMPORARY] == counted(os.path.join(root, "trash", "left"))
    blobs = sum(counted(one.path) for one in os.scandir(os.path.join(root, "blobs", "sha256")))
    layers = sum(counted(one.path) for one in os.scandir(os.path.join(root, "layers")))
    assert found.sizes[disk.IMAGES] + found.sizes[disk.CACHE] == blobs + layers
    rest = counted(root) - blobs - layers - sum(
        found.sizes[kind] for kind in (disk.CONTAINER, disk.MOUNTS, disk.TEMPORARY)
    )  # fmt: skip
    assert found.sizes[disk.METADATA] == rest


def test_images_share_what_several_of_them_hold(filled):
    found = measured(filled)
    sizes = {one.image.names[0][0]: one for one in found.images}
    new, old = sizes[whole("new:latest")], sizes[whole("old:1")]
    shared = new.size - new.unique
    assert shared == old.size - old.unique > 0
    assert new.unique + old.unique + shared == found.sizes[disk.IMAGES]
    assert (new.containers, old.containers) == (1, 0)
    assert (found.counts[disk.IMAGES], found.active[disk.IMAGES]) == (2, 1)


def test_what_a_prune_frees_is_what_was_said(filled, dflint):
    root = filled.root
    filled.close()
    before = measured(filled)
    assert before.reclaimable[disk.IMAGES] > 0

    def free(kind, *words):
        earlier, sizes = measured(filled).reclaimable[kind], counted(root)
        assert dflint(*words)[0] == 0
        metadata = [one.sizes[disk.METADATA] for one in (before, measured(filled))]
        temporary = [one.sizes[disk.TEMPORARY] for one in (before, measured(filled))]
        grown = metadata[1] - metadata[0] + temporary[1] - temporary[0]
        assert sizes - counted(root) + grown == earlier, kind
        assert measured(filled).reclaimable[kind] == 0
        return measured(filled)

    before = free(disk.IMAGES, "prune", "--all", "--force")
    assert [one.image.tags for one in before.images] == [(whole("new:latest"),)]
    both = measured(filled).reclaimable
    all_of_it = both[disk.CACHE] + both[disk.MOUNTS]
    size = before.sizes
    dflint("buildcache", "prune", "--all")
    after = measured(filled)
    freed = sum(size[kind] - after.sizes[kind] for kind in (disk.IMAGES, disk.CACHE, disk.MOUNTS))
    assert freed == all_of_it
    assert after.reclaimable[disk.CACHE] == after.reclaimable[disk.MOUNTS] == 0
    assert after.sizes[disk.CACHE] == 0, "nothing but images and containers is left"
    assert after.total == counted(root)


def test_after_a_prune_of_everything_only_metadata_is_left(filled, dflint):
    root = filled.root
    filled.close()
    import shutil

    shutil.rmtree(os.path.join(root, "containers"))
    status, out, _ = dflint("system", "prune", "--all", "--force")
    assert status == 0
    assert "untagged: new:latest\n" in out
    assert "Deleted build cache objects:\n4 cached steps, 4 layers, 1 cache mounts\n" in out
    found = measured(filled)
    assert {kind for kind in disk.KINDS if found.sizes[kind]} == {disk.METADATA}
    assert found.total == counted(root)
    empty = ContentStore(root + "-new")
    empty.close()
    assert counted(root) == counted(root + "-new"), "as small as a new store"


def test_what_is_said_of_kinds(filled, dflint):
    status, out, _ = dflint("system", "df")
    assert status == 0
    lines = out.splitlines()
    assert lines[0].split() == ["TYPE", "TOTAL", "ACTIVE", "SIZE", "RECLAIMABLE"]
    assert [line[:14].strip() for line in lines[1:]] == list(disk.KINDS)
    _, out, _ = dflint("system", "df", "--format", "json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["Type"] for row in rows] == list(disk.KINDS)
    assert rows[0]["TotalCount"] == "2" and rows[0]["Active"] == "1"
    assert (
        rows[1]["TotalCount"] == "1"
        and rows[2]["TotalCount"] == "4"
        and rows[1]["Reclaimable"] == "-"
    )
    _, out, _ = dflint("system", "df", "-v")
    assert "IMAGE ID       CREATED" in out and "SHARED SIZE   UNIQUE SIZE   CONTAINERS" in out
    assert "RUN 2" in out and "mount      " in out
    status, _, err = dflint("system", "df", "-v", "--format", "json")
    assert status == 2 and "expected `--verbose` or `--format`, found both" in err
    assert dflint("system", "what")[2] == (
        "dflint: system: expected `df` or `prune`, found `what`\n"
    )


def test_a_store_without_containers_has_no_row_of_them(store, dflint):
    _, out, _ = dflint("system", "df", "--format", "{{.Type}}")
    assert out.split("\n")[:2] == ["Images", "Build Cache"]


def test_a_system_prune_leaves_what_is_used(store, dflint):
    id = new_layer(store, "x")
    store.add_record("key", (id,), "RUN x")
    store.keep_untagged(put_image(store, {"d": "x" * 9000}))
    left = store.put_blob(b"left")
    status, out, _ = dflint("system", "prune", "-f", "--filter", "label=nobody")
    assert (status, out) == (0, "Total reclaimed space: 0B\n")
    status, out, _ = dflint("system", "prune", "-f")
    assert out.startswith("Deleted Images:\ndeleted: sha256:")
    assert not store.has_blob(left.digest)
    assert store.find_record("key") is not None
    assert len(read_catalog(store)) == 2 and store.verify() == ()
    dflint("system", "prune", "-af", "--filter", "until=24h")
    assert read_catalog(store) == ()
    assert store.find_record("key") is not None, "it was used within a day"
