"""`dflint save`: writes images of the store to an archive."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.build.exporter.destination import STDOUT, output_stream
from dflint.cli.build_values import read_platform
from dflint.cli.docker_flags import Flag, Given, choice
from dflint.cli.image_verbs import PLATFORM, ImageVerb
from dflint.content.store import ContentStore
from dflint.errors import UsageError
from dflint.images.saving import Saving

_FORMS = ("docker", "oci")
_FLAGS = (
    Flag("--output", "FILE", "where to write it (default: standard output)", "-o"),
    Flag("--output-format", "FORMAT", "`docker` (default), for `docker load`, or `oci`, an OCI "
         "image layout that has all platforms"),
    PLATFORM,
)  # fmt: skip
_ABOUT = """\
Writes images to a tar, which `dflint load` and `docker load` take. A repository without
a tag stands for all of its images."""
VERB = ImageVerb("save", "IMAGE [IMAGE...]", _ABOUT, _FLAGS, least=1)


def save(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _save)


def _save(given: Given, store: ContentStore) -> int:
    form = choice(given, "--output-format", _FORMS)
    text = given.last("--platform")
    platform = None if text is None else read_platform(text, "--platform")
    destination = given.text("--output") or STDOUT
    if destination == STDOUT and sys.stdout.isatty():
        raise UsageError(
            "save: expected a file as `-o FILE`, or standard output that is no terminal"
        )
    with store.lease():
        saving = Saving(store, form == "docker", platform)
        saving.add(given.arguments)
        with output_stream(destination) as stream:
            saving.write(stream)
    return 0
