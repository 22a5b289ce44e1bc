"""`dflint tag`: gives an image of the store another name."""

from __future__ import annotations

from collections.abc import Sequence

from dflint.cli.build_values import read_tag
from dflint.cli.docker_flags import Given
from dflint.cli.image_verbs import ImageVerb
from dflint.content.store import ContentStore
from dflint.images.naming import tag_image

_ABOUT = """\
Gives an image another name; the tag is `latest` unless one is written. An image that
had the name loses it, and stays without one."""
VERB = ImageVerb("tag", "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]", _ABOUT, (), least=2, most=2)


def tag(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _tag)


def _tag(given: Given, store: ContentStore) -> int:
    source, target = given.arguments
    tag_image(store, source, read_tag(target, "tag"))
    return 0
