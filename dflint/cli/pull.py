"""`dflint pull`: fetches images from registries into the store of builds."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from dflint.cli.build_values import read_platform
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
from dflint.oci.reference import ImageReference, familiar
from dflint.registry.host import RegistryHost
from dflint.registry.options import RegistryOptions
from dflint.registry.repository_tags import repository_tags
from dflint.registry.stored import pull_image

_FLAGS = (
    Flag("--all-tags", "", "pull all images of the repository", "-a"),
    Flag("--platform", "PLATFORM", "the platform to pull images for"),
    Flag("--quiet", "", "print the names of the images alone", "-q"),
    *CONNECTION,
    STORE,
    HELP,
)
_HELP = f"""\
usage: dflint pull [OPTIONS] NAME[:TAG|@DIGEST]…

Fetches images into the store, where `FROM` finds them. What the store has is not
fetched again.

  -a, --all-tags           pull all images of the repository
      --platform PLATFORM  the platform to pull images for (default: this machine's)
  -q, --quiet              print the names of the images alone
{CONNECTION_HELP}\
      --store DIR          where images are kept, as for `dflint build`
  -h, --help               print this
"""


def pull(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for an image that cannot be had."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if not given.arguments:
        raise UsageError("pull: expected `NAME[:TAG|@DIGEST]`, found nothing")
    wanted = [image_reference("pull", text) for text in given.arguments]
    for reference in wanted:
        if given.is_on("--all-tags") and (reference.tag or reference.digest):
            raise UsageError("pull: tag can't be used with --all-tags/-a")
    options = registry_options(given, {one.domain for one in wanted})
    pulling = _Pulling(given, options)
    try:
        store = open_store(given)
        try:
            with store.lease():
                for reference in wanted:
                    pulling.run(store, reference)
        finally:
            store.close()
    except BuildError as error:
        pulling.lines.end()
        sys.stderr.write(f"dflint: pull: {error}\n")
        return 1
    return 0


class _Pulling:
    """Pulls with the same options, and prints in docker's words."""

    def __init__(self, given: Given, options: RegistryOptions) -> None:
        self._takes_all = given.is_on("--all-tags")
        self._is_quiet = given.is_on("--quiet")
        self._asked = platform_of(given)
        self._options = options
        self.lines = TransferLines(sys.stdout, self._is_quiet)

    def run(self, store: ContentStore, reference: ImageReference) -> None:
        host = RegistryHost(reference.domain, self._options)
        for one in self._references(host, reference):
            self._pull(store, host, one)

    def _references(
        self, host: RegistryHost, reference: ImageReference
    ) -> Iterator[ImageReference]:
        domain, repository = reference.domain, reference.repository
        if self._takes_all:
            tags = repository_tags(host, repository)
            if not tags:
                raise BuildError(f"{reference.name}: the repository has no tags")
            for tag in tags:
                yield ImageReference(domain, repository, tag, "")
        elif reference.tag or reference.digest:
            yield reference
        else:
            self._say("Using default tag: latest")
            yield ImageReference(domain, repository, "latest", "")

    def _pull(self, store: ContentStore, host: RegistryHost, reference: ImageReference) -> None:
        which = reference.digest or reference.tag
        self._say(f"{which}: Pulling from {reference.repository}")
        platform = self._asked or read_platform("local", "--platform")
        listener = _Listener(self.lines)
        pulled = pull_image(
            store, host, reference, platform, listener, is_strict=self._asked is not None
        )
        self.lines.end()
        name = familiar(pulled.name)
        self._say(f"Digest: {pulled.digest}")
        if pulled.is_new:
            self._say(f"Status: Downloaded newer image for {name}")
        else:
            self._say(f"Status: Image is up to date for {name}")
        sys.stdout.write(f"{pulled.name}\n")
        sys.stdout.flush()

    def _say(self, line: str) -> None:
        if not self._is_quiet:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


class _Listener:
    """Says of each layer how far it is."""

    def __init__(self, lines: TransferLines) -> None:
        self._lines = lines
        self._present: frozenset[str] = frozenset()

    def begun(self, digests: Iterable[str], present: frozenset[str]) -> None:
        self._present = present
        for digest in digests:
            state = "Already exists" if digest in present else "Pulling fs layer"
            self._lines.set(digest, state)

    def progress(self, digest: str, done: int, total: int) -> None:
        if digest in self._present:
            return
        if done < total:
            self._lines.progress(digest, "Downloading", done, total)
        else:
            self._lines.set(digest, "Pull complete")
