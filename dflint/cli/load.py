"""`dflint load`: takes the images of an archive into the store of builds."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.build_values import read_tag
from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.store_place import store_path
from dflint.content.catalog import find_image, read_catalog
from dflint.content.load import LoadedImage, load_path, load_stream
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UsageError
from dflint.oci.reference import familiar

_FLAGS = (
    Flag("--input", "FILE", "the archive, or the directory of an OCI layout", "-i"),
    Flag("--quiet", "", "do not print what was loaded", "-q"),
    Flag("--tag", "NAME[:TAG]", "a name for the only image of the archive", "-t"),
    Flag("--store", "DIR", "where images are kept, as for `dflint build`"),
    Flag("--help", "", "print this", "-h"),
)
_HELP = """\
usage: dflint load [-i FILE] [-t NAME] [-q] [--store DIR]

Takes all images of an archive into the store: a tar of `docker save` or of an OCI
image layout, perhaps compressed, from a file or from standard input.

  -i, --input FILE      the archive, or the directory of an OCI layout
  -t, --tag NAME[:TAG]  a name for the only image of the archive
  -q, --quiet           do not print what was loaded
      --store DIR       where images are kept, as for `dflint build`
  -h, --help            print this
"""


def load(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for an archive that cannot be taken."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if given.arguments:
        raise UsageError(f"load: expected the archive as `-i FILE`, found `{given.arguments[0]}`")
    names = tuple(dict.fromkeys(read_tag(text) for text in given.all("--tag")))
    try:
        said = _load(given, names)
    except BuildError as error:
        sys.stderr.write(f"dflint: load: {error}\n")
        return 1
    if not given.is_on("--quiet"):
        sys.stdout.writelines(f"{line}\n" for line in said)
    return 0


def _load(given: Given, names: tuple[str, ...]) -> list[str]:
    """Take the images; what is to be said of them."""
    path = given.text("--input")
    if not path and sys.stdin.isatty():
        raise UsageError("load: expected the archive as `-i FILE` or on standard input")
    store = ContentStore(store_path(given))
    try:
        with store.lease():
            if path:
                loaded = load_path(store, path, names)
            else:
                loaded = load_stream(store, sys.stdin.buffer, "standard input", names)
            return [line for image in loaded for line in _told(store, image)]
    finally:
        store.close()


def _told(store: ContentStore, image: LoadedImage) -> list[str]:
    if image.names:
        return [f"Loaded image: {familiar(name)}" for name in image.names]
    found = find_image(read_catalog(store), image.descriptor.digest)
    return [f"Loaded image ID: {found.image.id}"]
