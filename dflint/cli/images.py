"""`dflint images`: lists the images of the store, as `docker images` does."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence

from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FILTER, FORMAT, NO_TRUNC, ImageVerb
from dflint.content.catalog import read_catalog
from dflint.content.store import ContentStore
from dflint.images.filters import LISTED, read_filters
from dflint.images.rows import HEADINGS, columns, image_rows
from dflint.images.sizes import Sizes
from dflint.text.listing import listing

_FLAGS = (
    Flag("--all", "", "all of them, which is the default: there are no intermediate images", "-a"),
    Flag("--quiet", "", "print ids only", "-q"),
    Flag("--digests", "", "show the digests of manifests"),
    NO_TRUNC,
    FILTER,
    FORMAT,
)
_ABOUT = """\
Lists the images of the store, the newest first.

Filters: dangling=true|false, reference=PATTERN, label=KEY[=VALUE], before=IMAGE,
since=IMAGE, until=TIME."""
VERB = ImageVerb("images", "[REPOSITORY[:TAG]]", _ABOUT, _FLAGS, most=1)


def images(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _list, lambda given: _write(given, ()))


def _list(given: Given, store: ContentStore) -> int:
    now = time.time()
    catalog = read_catalog(store)
    texts = [*given.all("--filter"), *(f"reference={one}" for one in given.arguments)]
    filters = read_filters(texts, LISTED, catalog, now)
    meant = [image for image in catalog if filters.has(image)]
    sizes = Sizes(store)
    rows = image_rows(meant, filters, sizes, now, given.is_on("--no-trunc"))
    status = _write(given, rows)
    for problem in [*(one.problem for one in meant if one.problem), *sizes.problems]:
        sys.stderr.write(f"dflint: images: {problem}\n")
    return status


def _write(given: Given, rows: Iterable[dict[str, object]]) -> int:
    form = given.text("--format")
    if given.is_on("--quiet") and not form:
        form = "{{.ID}}"
    sys.stdout.write(listing(rows, HEADINGS, form, columns(given.is_on("--digests"))))
    return 0
