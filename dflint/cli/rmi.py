"""`dflint rmi`: takes names of images away, and removes images with the last one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FAILED, ImageVerb
from dflint.content.catalog import NoImageError
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.images.naming import Removed, remove_image

_FLAGS = (
    Flag("--force", "", "remove an image with several names, or one that a container is made of; "
         "what is not there is no failure", "-f"),
    Flag("--no-prune", "", "accepted: there are no untagged parents to keep"),
)  # fmt: skip
_ABOUT = """\
Takes a name away from an image, and removes the image with its last name. By an id,
which may be cut short, an image goes with its name."""
VERB = ImageVerb(
    "rmi", "IMAGE [IMAGE...]", _ABOUT, _FLAGS, least=1, needs_trees=True, makes_room=True
)


def rmi(words: Sequence[str]) -> int:
    """Run the verb; it goes on after an image that cannot be removed."""
    return VERB.run(words, _remove)


def _remove(given: Given, store: ContentStore) -> int:
    status = 0
    is_forced = given.is_on("--force")
    for text in given.arguments:
        try:
            write_removed(remove_image(store, text, is_forced), ("Untagged", "Deleted"))
        except BuildError as error:
            VERB.fail(str(error))
            if not (is_forced and isinstance(error, NoImageError)):
                status = FAILED
    return status


def write_removed(removed: Removed, words: tuple[str, str]) -> None:
    """Say what was untagged and deleted, in docker's words."""
    for word, names in zip(words, (removed.untagged, removed.deleted), strict=True):
        for name in names:
            sys.stdout.write(f"{word}: {name}\n")
