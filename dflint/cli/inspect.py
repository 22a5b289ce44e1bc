"""`dflint inspect`: what images are, as the JSON that docker's users know."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from dflint.cli.build_values import read_platform
from dflint.cli.docker_flags import Flag, Given
from dflint.cli.image_verbs import FAILED, FORMAT, PLATFORM, ImageVerb
from dflint.content.catalog import find_image, read_catalog
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.images.details import details
from dflint.images.sizes import Sizes
from dflint.text.go_functions import Fields, json_of, plain
from dflint.text.go_template import Template

_FLAGS = (Flag(FORMAT.name, FORMAT.value, "`json`, or a Go template", "-f"), PLATFORM)
#: Forms of the objects as they are.
_RAW = ("", "json")
_ABOUT = """\
Tells all of images as a list of JSON objects, or what a template makes of each. Images
that are not there are left out, and told."""
VERB = ImageVerb("inspect", "IMAGE [IMAGE...]", _ABOUT, _FLAGS, least=1)


def inspect(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 when any image is not there."""
    return VERB.run(words, _inspect, _without)


def _without(given: Given) -> int:
    _write([], given.text("--format"))
    return VERB.fail(f"no such image: {given.arguments[0]}")


def _inspect(given: Given, store: ContentStore) -> int:
    text = given.last("--platform")
    platform = None if text is None else read_platform(text, "--platform")
    catalog = read_catalog(store)
    sizes = Sizes(store)
    is_typed = given.text("--format") not in _RAW
    found, problems = [], []
    for name in given.arguments:
        try:
            found.append(details(find_image(catalog, name), sizes, platform, is_typed))
        except BuildError as error:
            problems.append(str(error))
    _write(found, given.text("--format"))
    for problem in (*problems, *sizes.problems):
        VERB.fail(problem)
    return FAILED if problems else 0


def _write(found: list[Fields], form: str) -> None:
    if form not in _RAW:
        template = Template(form)
        sys.stdout.writelines(f"{template.render(one)}\n" for one in found)
    elif form:
        sys.stdout.write(json_of(found) + "\n")
    else:
        sys.stdout.write(json.dumps(plain(found), indent=4, ensure_ascii=False) + "\n")
