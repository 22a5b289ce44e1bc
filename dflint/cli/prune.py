"""`dflint prune`: removes images that have no name, or that nobody uses."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FILTER, FORCE, ImageVerb, has_agreed
from dflint.cli.rmi import write_removed
from dflint.content.catalog import read_catalog
from dflint.content.store import ContentStore
from dflint.images.filters import PRUNED, Filters, read_filters
from dflint.images.naming import prune_images
from dflint.text.go_units import human_size

ALL = Flag("--all", "", "all images that no container is made of, not just those without a name",
           "-a")  # fmt: skip
_FLAGS = (ALL, FORCE, Flag(FILTER.name, FILTER.value, FILTER.help))
_ABOUT = """\
Removes images that have no name, after a question.

Filters: dangling=true|false, label=KEY[=VALUE], label!=KEY[=VALUE], until=TIME."""
VERB = ImageVerb("prune", "", _ABOUT, _FLAGS, most=0, needs_trees=True, makes_room=True)
_DANGLING = "WARNING! This will remove all dangling images."
_ALL = "WARNING! This will remove all images without at least one container associated to them."


def prune(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _prune)


def _prune(given: Given, store: ContentStore) -> int:
    filters, takes_all = read_wish(given, store)
    if not given.is_on("--force") and not has_agreed(_ALL if takes_all else _DANGLING):
        return 0
    removed = prune_images(store, filters, takes_all)
    if removed.untagged or removed.deleted:
        sys.stdout.write("Deleted Images:\n")
        write_removed(removed, ("untagged", "deleted"))
        sys.stdout.write("\n")
    sys.stdout.write(f"Total reclaimed space: {human_size(removed.freed)}\n")
    return 0


def read_wish(given: Given, store: ContentStore) -> tuple[Filters, bool]:
    """The filters, and whether images with names go too: `dangling=false` is `--all`."""
    images = read_catalog(store)
    filters = read_filters(given.all("--filter"), PRUNED, images, time.time())
    takes_all = given.is_on("--all") or filters.is_dangling is False
    return filters.of_any_name(), takes_all
