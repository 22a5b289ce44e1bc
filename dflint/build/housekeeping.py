"""Keeps a store from growing over a limit, after builds and only now and then."""

from __future__ import annotations

import time

from dflint.content.container_use import container_images
from dflint.content.store import ContentStore

#: Measuring a store takes a while: it is done once in so many seconds.
INTERVAL = 3600.0
_FACT = "housekeeping"


def keep_within(store: ContentStore, limit: int) -> int:
    """Remove what was unused for longest until a store has no more than so many bytes.

    Images without a name go first, but for the newest one and those that containers are made of;
    what tags and leases hold stays. Gives the number of bytes that were freed: 0 where there is
    room, or where somebody has looked within the last hour.
    """
    now = time.time()
    last = store.find_fact(_FACT)
    if last is not None and 0 <= now - float(last.decode()) < INTERVAL:
        return 0
    store.add_facts({_FACT: repr(now).encode()})
    if store.disk_usage().total_bytes <= limit:
        return 0
    used = container_images(store.root)
    for image in store.untagged()[:-1]:
        if image.digest not in used:
            store.forget(image.digest)
    return store.prune(keep_storage=limit).freed
