"""`dflint history`: how an image came about, entry by entry."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from dflint.cli.build_values import read_platform
from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FORMAT, NO_TRUNC, PLATFORM, ImageVerb
from dflint.content.catalog import find_image, image_for, read_catalog
from dflint.content.store import ContentStore
from dflint.images.history import HEADINGS, columns, history_rows
from dflint.images.sizes import Sizes
from dflint.text.listing import listing
from dflint.text.visible import make_visible

_FLAGS = (
    Flag("--human", "", "sizes and times for people, which is the default: `-H=false` for exact "
         "ones", "-H"),
    NO_TRUNC,
    Flag("--quiet", "", "print ids only", "-q"),
    FORMAT,
    PLATFORM,
)  # fmt: skip
_ABOUT = """\
Tells how an image came about, the newest entry first. Of an image that was built in
this store a last column names the lines of the Dockerfile."""
VERB = ImageVerb("history", "IMAGE", _ABOUT, _FLAGS, least=1, most=1)


def history(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _tell)


def _tell(given: Given, store: ContentStore) -> int:
    text = given.last("--platform")
    platform = None if text is None else read_platform(text, "--platform")
    image = find_image(read_catalog(store), given.arguments[0]).image
    sizes = Sizes(store)
    is_human = given.text("--human", "true") == "true"
    rows = history_rows(
        store, image_for(image, platform), image.id, sizes, time.time(),
        given.is_on("--no-trunc"), is_human,
    )  # fmt: skip
    has_lines = any(row["Dockerfile"] for row in rows)
    form = given.text("--format") or ("{{.ID}}" if given.is_on("--quiet") else "")
    if not form or form.startswith("table"):  # what others wrote must not reach the terminal raw
        rows = [{key: make_visible(str(value)) for key, value in row.items()} for row in rows]
    elif form == "json":
        rows = [{k: v for k, v in row.items() if v or k != "Dockerfile"} for row in rows]
    sys.stdout.write(listing(rows, HEADINGS, form, columns(is_human, has_lines)))
    for problem in sizes.problems:
        sys.stderr.write(f"dflint: history: {problem}\n")
    return 0
