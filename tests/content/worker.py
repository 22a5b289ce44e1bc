"""Works on a store as builds do, and checks what it is promised: `worker ROOT SEED STEPS`.

Prints the seed when all steps are done; an assertion that fails ends it with status 1.
"""

from __future__ import annotations

import os
import random
import sys

from dflint.content import ContentStore
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor, PlatformFields
from dflint.oci.image_document import ImageDocument
from dflint.oci.manifest import Manifest


def put_image(store: ContentStore, text: str) -> Descriptor:
    """An image of one layer, which is no tar, but nobody looks."""
    layer = store.put_blob(text.encode())
    image = ImageDocument(PlatformFields("amd64", "linux"), diff_ids=(layer.digest,))
    config = store.put_blob(image.encode())
    manifest = Manifest(
        Descriptor(media_types.OCI_CONFIG, config.digest, config.size),
        (Descriptor(media_types.OCI_LAYER, layer.digest, layer.size),),
    )
    written = store.put_blob(manifest.encode())
    return Descriptor(media_types.OCI_MANIFEST, written.digest, written.size)


def new_layer(store: ContentStore, key: str) -> str:
    """A layer whose file tells its key."""
    with store.new_layer() as draft:
        os.makedirs(os.path.join(draft.tree, "deep", "er"))
        with open(os.path.join(draft.tree, "key"), "w") as file:
            file.write(key)
        return draft.commit()


def key_of(store: ContentStore, id: str) -> str:
    """The key that a layer's file tells."""
    with open(os.path.join(store.layer(id).tree, "key")) as file:
        return file.read()


def build(store: ContentStore, numbers: random.Random) -> None:
    """A build: steps that are cached or made, and an image in the end."""
    layers: tuple[str, ...] = ()
    with store.lease():
        for step in range(numbers.randrange(1, 4)):
            key = f"{step}-{numbers.randrange(3)}"
            record = store.find_record(key)
            if record is None:
                made = (*layers[:step], new_layer(store, key))
                store.add_record(key, made, key)
                layers = made
            else:
                layers = record.layers
            assert key_of(store, layers[-1]) == key
            chain = f"chain-{step}"
            assert key_of(store, store.set_chain(chain, layers[-1]))[0] == str(step)
        with store.hold_cache_mount("m", numbers.choice(["shared", "private", "locked"])) as path:
            assert os.path.isdir(path)
        name = f"app:{numbers.randrange(3)}"
        store.tag(name, put_image(store, name))
        for id in layers:
            assert key_of(store, id)


def step(store: ContentStore, numbers: random.Random) -> None:
    """A build, or something else that is done to a store."""
    what = numbers.randrange(10)
    if what == 0:
        store.prune(everything=True)
    elif what == 1:
        store.prune(keep_storage=20_000)
    elif what == 2:
        store.untag(f"app:{numbers.randrange(3)}")
    else:
        build(store, numbers)


def main(root: str, seed: int, steps: int) -> None:
    numbers = random.Random(seed)
    store = ContentStore(root)
    for _ in range(steps):
        step(store, numbers)
    store.close()
    print(seed)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
