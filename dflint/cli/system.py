"""`dflint system`: what the store takes on disk by kinds, and making room in it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FILTER, FORCE, FORMAT, ImageVerb, has_agreed
from dflint.cli.prune import read_wish
from dflint.cli.rmi import write_removed
from dflint.content.catalog import read_catalog
from dflint.content.store import ContentStore
from dflint.errors import UsageError
from dflint.text.go_units import human_size
from dflint.text.visible import make_visible

_DF_FLAGS = (Flag("--verbose", "", "each image, cached step and cache mount", "-v"), FORMAT)
_DF = ImageVerb(
    "system df",
    "",
    "Says what the store takes on disk, as `du` counts it: each file for one kind. RECLAIMABLE is\n"
    "what `dflint prune --all` and `dflint buildcache prune --all` would free now.",
    _DF_FLAGS,
    most=0,
    needs_trees=True,
)
_PRUNE_FLAGS = (
    Flag("--all", "", "all images that no container is made of, and all of the build cache", "-a"),
    FORCE,
    Flag(FILTER.name, FILTER.value, "of images: label=, label!=, until=; of the cache: until="),
)
_PRUNE = ImageVerb(
    "system prune",
    "",
    "Removes images without a name and what nothing refers to, after a question.",
    _PRUNE_FLAGS,
    most=0,
    needs_trees=True,
    makes_room=True,
)
_WARNING = """\
WARNING! This will remove:
  - {images}
  - {cache}
"""
_SOME = ("all dangling images", "unused build cache")
_ALL = (
    "all images without at least one container associated to them",
    "all build cache, cache mounts among it",
)
_HELP = """\
usage: dflint system df [-v] [--format FORMAT] [--store DIR]
       dflint system prune [--all] [--force] [--filter NAME=VALUE] [--store DIR]

df says what the store takes on disk by kinds, prune makes room in it.
"""


def system(words: Sequence[str]) -> int:
    """Run the verb that the first word names."""
    if not words or words[0] in ("--help", "-h"):
        sys.stdout.write(_HELP)
        return 0
    if words[0] == "df":
        return _DF.run(words[1:], _measure)
    if words[0] == "prune":
        return _PRUNE.run(words[1:], _prune)
    raise UsageError(f"system: expected `df` or `prune`, found `{words[0]}`")


def _measure(given: Given, store: ContentStore) -> int:
    from dflint.images import disk_rows
    from dflint.images.disk import measure
    from dflint.text.listing import listing

    form = given.text("--format")
    if given.is_on("--verbose") and form:
        raise UsageError("system df: expected `--verbose` or `--format`, found both")
    found = measure(store)
    if not given.is_on("--verbose"):
        rows = disk_rows.kind_rows(found, store.root)
        sys.stdout.write(listing(rows, disk_rows.HEADINGS, form, disk_rows.COLUMNS))
        return 0
    now = time.time()
    parts = (
        ("Images", disk_rows.IMAGE_HEADINGS, disk_rows.image_rows(found, now)),
        ("Build cache", disk_rows.CACHE_HEADINGS, disk_rows.cache_rows(found, now)),
        ("Cache mounts", disk_rows.MOUNT_HEADINGS, disk_rows.mount_rows(found, now)),
    )
    for title, headings, rows in parts:
        shown = ({key: make_visible(str(value)) for key, value in row.items()} for row in rows)
        table = listing(shown, headings, "", disk_rows.template(headings))
        sys.stdout.write(f"{title} space usage:\n\n{table}\n")
    sys.stdout.write(f"Total space usage: {human_size(found.total)}\n")
    return 0


def _prune(given: Given, store: ContentStore) -> int:
    from dflint.images.naming import prune_images

    filters, takes_all = read_wish(given, store)
    images, cache = _ALL if takes_all else _SOME
    warning = _WARNING.format(images=images, cache=cache)
    if not given.is_on("--force") and not has_agreed(warning):
        return 0
    removed = prune_images(store, filters, takes_all)
    if removed.untagged or removed.deleted:
        sys.stdout.write("Deleted Images:\n")
        write_removed(removed, ("untagged", "deleted"))
        sys.stdout.write("\n")
    freed = removed.freed
    if not filters.labels and not filters.other_labels:  # nothing of the cache has labels
        freed += _prune_cache(store, filters.until, takes_all)
    sys.stdout.write(f"Total reclaimed space: {human_size(freed)}\n")
    return 0


def _prune_cache(store: ContentStore, until: float | None, takes_all: bool) -> int:
    """Remove what nothing refers to, and with `takes_all` the build cache; the bytes freed."""
    older_than = time.time() - until if until is not None and takes_all else None
    done = store.prune(takes_all and until is None, None, older_than)
    if done.records or done.layers or done.cache_mounts:
        sys.stdout.write(
            f"Deleted build cache objects:\n{done.records} cached steps, {done.layers} layers, "
            f"{done.cache_mounts} cache mounts\n\n"
        )
    if takes_all and until is None and not read_catalog(store):
        store.compact()  # facts tell of images and of what was built
    return done.freed
