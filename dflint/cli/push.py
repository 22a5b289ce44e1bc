"""`dflint push`: sends images of the store to their registry."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.registry_flags import (
    CONNECTION,
    CONNECTION_HELP,
    HELP,
    STORE,
    image_reference,
    open_store,
    platform_of,
    registry_options,
)
from dflint.cli.transfer_lines import TransferLines
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UsageError
from dflint.oci.reference import ImageReference
from dflint.registry.host import RegistryHost
from dflint.registry.push import PushListener, Way
from dflint.registry.stored import push_image, stored_tags

_FLAGS = (
    Flag("--all-tags", "", "push all tags of the repository", "-a"),
    Flag("--platform", "PLATFORM", "of an image for several platforms push this one alone"),
    Flag("--quiet", "", "print the names of the images alone", "-q"),
    *CONNECTION,
    STORE,
    HELP,
)
_HELP = f"""\
usage: dflint push [OPTIONS] NAME[:TAG]

Sends an image of the store to its registry. What the registry has is not sent again.

  -a, --all-tags           push all tags of the repository
      --platform PLATFORM  of an image for several platforms push this one alone
  -q, --quiet              print the names of the images alone
{CONNECTION_HELP}\
      --store DIR          where images are kept, as for `dflint build`
  -h, --help               print this
"""
_STATES = {
    "sent": "Pushed",
    "present": "Layer already exists",
    "mounted": "Mounted from",
    "skipped": "Skipped foreign layer",
}


def push(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for an image that cannot be pushed."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if len(given.arguments) != 1:
        found = f"{len(given.arguments)} words" if given.arguments else "nothing"
        raise UsageError(f"push: expected one `NAME[:TAG]`, found {found}")
    reference = image_reference("push", given.arguments[0])
    if reference.digest:
        raise UsageError("push: expected a name and a tag, found a digest: tag the image first")
    if given.is_on("--all-tags") and reference.tag:
        raise UsageError("push: tag can't be used with --all-tags/-a")
    lines = TransferLines(sys.stdout, given.is_on("--quiet"))
    try:
        store = open_store(given)
        try:
            with store.lease():
                _push_all(store, given, reference, lines)
        finally:
            store.close()
    except BuildError as error:
        lines.end()
        sys.stderr.write(f"dflint: push: {error}\n")
        return 1
    return 0


def _push_all(
    store: ContentStore, given: Given, reference: ImageReference, lines: TransferLines
) -> None:
    is_quiet = given.is_on("--quiet")
    host = RegistryHost(reference.domain, registry_options(given, (reference.domain,)))
    tags: tuple[str, ...] = (reference.tag or "latest",)
    if given.is_on("--all-tags"):
        tags = stored_tags(store, reference)
        if not tags:
            raise BuildError(f"an image does not exist locally with the tag: {reference.name}")
    elif not reference.tag and not is_quiet:
        sys.stdout.write("Using default tag: latest\n")
    if not is_quiet:
        sys.stdout.write(f"The push refers to repository [{reference.name}]\n")
        sys.stdout.flush()
    for tag in tags:
        one = ImageReference(reference.domain, reference.repository, tag, "")
        _push_one(store, given, host, one, lines)


def _push_one(
    store: ContentStore,
    given: Given,
    host: RegistryHost,
    reference: ImageReference,
    lines: TransferLines,
) -> None:
    layers: set[str] = set()

    def begun(digests: Sequence[str]) -> None:
        layers.update(digests)
        for digest in digests:
            lines.set(digest, "Preparing")

    def progress(digest: str, done: int, total: int) -> None:
        lines.progress(digest, "Pushing", done, total)

    def ended(digest: str, way: Way) -> None:
        if digest in layers:
            lines.set(digest, " ".join(part for part in (_STATES[way.kind], way.source) if part))

    listener = PushListener(begun, progress, ended)
    pushed = push_image(store, host, reference, platform_of(given), listener)
    lines.end()
    if given.is_on("--quiet"):
        sys.stdout.write(f"{pushed.name}\n")
    else:
        found = pushed.descriptor
        sys.stdout.write(f"{reference.tag}: digest: {found.digest} size: {found.size}\n")
    sys.stdout.flush()
