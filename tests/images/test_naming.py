"""Names given and taken away, and images removed with the last one."""

from __future__ import annotations

import json
import os

from dflint.content.catalog import find_image, read_catalog
from dflint.images.filters import Filters
from dflint.images.naming import prune_images, remove_image, tag_image
from tests.images.made import put_image, whole


def names(store):
    return [name.removeprefix("docker.io/library/") for name, _ in store.tags()]


def image_of(store, text):
    return find_image(read_catalog(store), text).image


def test_a_tag_moves_and_leaves_a_dangling_image(dflint, store):
    old = image_of(store, "old:1")
    assert dflint("tag", "new", "other")[0] == 0
    assert names(store) == ["new:latest", "old:1", "old:2", "other:latest"]
    dflint("tag", "new", "old:1")
    assert store.untagged() == (), "it has another name"
    dflint("tag", old.id[7:15], "third:1")
    for name in ("old:2", "third:1"):
        dflint("tag", "new", name)
    (dangling,) = store.untagged()
    assert dangling.digest == old.descriptor.digest and dangling.annotations == {}
    assert image_of(store, old.id).is_dangling

    store.prune(everything=True)
    assert image_of(store, old.id).problem == "", "a prune of the cache leaves it"
    dflint("tag", old.id, "back:1")
    assert store.untagged() == ()
    assert image_of(store, "back:1").id == old.id


def test_what_cannot_be_tagged_is_told(dflint, store):
    assert dflint("tag", "nope", "x") == (1, "", "dflint: tag: no such image: nope:latest\n")
    status, _, err = dflint("tag", "new", "UPPER")
    assert status == 2 and "tag: invalid tag `UPPER`" in err
    assert dflint("tag", "new")[0] == 2
    image = image_of(store, "new")
    os.unlink(store.blob_path(image.platforms[0].manifest.layers[1].digest))
    status, _, err = dflint("tag", "new", "x")
    assert status == 1 and "is missing" in err
    assert "x:latest" not in names(store)


def test_the_last_name_takes_the_image_along(dflint, store):
    id = image_of(store, "old:1").id
    assert dflint("rmi", "old:1") == (0, "Untagged: old:1\n", "")
    assert dflint("rmi", "old:2") == (0, f"Untagged: old:2\nDeleted: {id}\n", "")
    assert [one.tags for one in read_catalog(store)] == [(whole("new:latest"),)]
    assert store.verify() == ()
    dflint("rmi", "new")
    usage = store.disk_usage()
    assert (usage.blobs, usage.total_bytes) == (0, 0)


def test_an_image_goes_by_its_id(dflint, store):
    new, old = read_catalog(store)
    short = old.id[7:19]
    status, out, err = dflint("rmi", old.id[7:13], new.id[7:13], "nope")
    assert status == 1
    assert out == f"Untagged: new:latest\nDeleted: {new.id}\n"
    assert err == (
        f"dflint: rmi: conflict: unable to delete {short} (must be forced) - image is referenced "
        "in multiple repositories\ndflint: rmi: no such image: nope:latest\n"
    )
    assert dflint("rmi", "-f", short) == (
        0, f"Untagged: old:1\nUntagged: old:2\nDeleted: {old.id}\n", "",
    )  # fmt: skip
    assert dflint("rmi", "--force", "nope")[0] == 0
    assert store.disk_usage().blobs == 0


def test_only_what_was_the_images_goes_with_it(store):
    left = store.put_blob(b"of no image")
    layer = image_of(store, "new").platforms[0].document.diff_ids[0]
    remove_image(store, "new")
    assert store.has_blob(left.digest)
    assert image_of(store, "old:1").platforms[0].document.diff_ids == (layer,)
    assert store.verify() == ()


def test_an_image_that_a_lease_holds_loses_its_name_only(store):
    from dflint.content import ContentStore

    other = ContentStore(store.root)
    image = image_of(store, "new")
    with other.lease():
        assert other.has_blob(image.platforms[0].manifest.layers[1].digest)
        remove_image(store, "new")
        assert other.has_blob(image.platforms[0].manifest.layers[1].digest)
        assert not store.has_blob(image.platforms[0].config)
    other.close()
    store.prune()
    assert not store.has_blob(image.platforms[0].manifest.layers[1].digest)


def test_a_name_that_went_to_another_image_meanwhile_stays(store):
    old, new = image_of(store, "old:1"), image_of(store, "new")
    assert not store.untag(whole("new:latest"), old.descriptor.digest)
    assert store.untag(whole("new:latest"), new.descriptor.digest)


def use(store, image, container="c1"):
    """Say that a container is made of an image."""
    folder = os.path.join(store.root, "containers", container)
    os.makedirs(folder)
    with open(os.path.join(folder, "container.json"), "w") as file:
        json.dump({"image": "new", "image_digest": image}, file)


def test_an_image_of_a_container_is_in_use(dflint, store):
    new = image_of(store, "new")
    use(store, new.descriptor.digest)
    status, _, err = dflint("rmi", "new")
    assert status == 1
    assert f"unable to delete {new.id[7:19]} (must be forced) - image is being used by" in err
    assert dflint("prune", "-af")[0] == 0
    assert names(store) == ["new:latest"]
    assert dflint("rmi", "-f", "new") == (0, "Untagged: new:latest\n", "")
    assert image_of(store, new.id).is_dangling
    dflint("prune", "--force")
    assert image_of(store, new.id).problem == ""


def test_dangling_images_are_pruned_and_all_by_a_switch(dflint, store):
    dangling = put_image(store, {"c": "z" * 10_000})
    store.keep_untagged(dangling)
    id = image_of(store, dangling.digest).id
    status, out, _ = dflint("prune", "--force")
    assert status == 0
    assert out.startswith(f"Deleted Images:\ndeleted: {id}\n\nTotal reclaimed space: ")
    assert dflint("prune", "-f") == (0, "Total reclaimed space: 0B\n", "")
    status, out, _ = dflint("image", "prune", "-af", "--filter", "label!=who")
    assert "untagged: new:latest\n" in out and "old" not in out
    dflint("prune", "-a", "-f", "--filter", "until=2024-01-01")
    assert names(store) == ["old:1", "old:2"]
    dflint("prune", "-a", "-f", "--filter", "label=who=me", "--filter", "until=1h")
    assert names(store) == [] and store.disk_usage().total_bytes == 0


def test_a_prune_asks(dflint, store, monkeypatch):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    status, out, _ = dflint("prune", "-a")
    assert status == 0 and out.startswith("WARNING! This will remove all images without at least")
    assert len(names(store)) == 3
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    dflint("prune", "-a")
    assert names(store) == []


def test_tagging_and_pruning_say_what_was_freed(store):
    before = store.disk_usage().total_bytes
    removed = prune_images(store, Filters(), takes_all=True)
    assert removed.freed == before - store.disk_usage().total_bytes > 0
    assert len(removed.deleted) == 2


def test_an_image_is_tagged_by_what_its_name_stands_for(store):
    tag_image(store, "old:2", whole("x:1"))
    assert store.resolve(whole("x:1")).digest == store.resolve(whole("old:2")).digest
