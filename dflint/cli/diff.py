"""`dflint diff`: in what two images of the store differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dflint.cli.build_values import read_platform
from dflint.cli.docker_flags import Flag, Given, choice
from dflint.cli.image_verbs import PLATFORM, ImageVerb
from dflint.content.catalog import find_image, image_for, read_catalog
from dflint.content.store import ContentStore
from dflint.text.visible import make_visible

if TYPE_CHECKING:
    from dflint.verify.image.stored import ImageDifference, LayerChanges

_DIFFERENT, _UNKNOWN = 1, 4
_FORMS = ("text", "json")
_FLAGS = (
    Flag("--layers", "", "tell what each layer changes, too"),
    Flag("--format", "FORMAT", "how to print it: " + ", ".join(_FORMS)),
    PLATFORM,
)
_ABOUT = """\
Says in what two images differ: configuration, files, and layers by their instructions.
The exit status is 0 for the same, 1 for different ones, 4 when nobody can tell."""
VERB = ImageVerb(
    "diff", "IMAGE IMAGE", _ABOUT, _FLAGS, least=2, most=2, needs_trees=True, failed=_UNKNOWN
)


def diff(words: Sequence[str]) -> int:
    """Run the verb."""
    return VERB.run(words, _diff)


def _diff(given: Given, store: ContentStore) -> int:
    from dflint.verify.image.stored import compare_stored

    form = choice(given, "--format", _FORMS)
    text = given.last("--platform")
    platform = None if text is None else read_platform(text, "--platform")
    with store.lease():
        images = read_catalog(store)
        before, after = (
            image_for(find_image(images, name).image, platform) for name in given.arguments
        )
        found = compare_stored(store, before, after)
    if form == "json":
        sys.stdout.write(json.dumps(_plain(found), indent=2, ensure_ascii=False) + "\n")
    else:
        has_layers = given.is_on("--layers")
        sys.stdout.writelines(f"{make_visible(line)}\n" for line in _lines(found, has_layers))
    return 0 if found.is_same else _DIFFERENT


def _lines(found: ImageDifference, has_layers: bool) -> Iterator[str]:
    for one in found.differences:
        yield f"{one}  ({one.why})" if one.why else str(one)
    for mark, layers in (("-", found.removed), ("+", found.added)):
        for layer in layers:
            place = f"  ({layer.place})" if layer.place else ""
            yield f"{mark} layer {layer.diff_id[:19]}  {layer.instruction}{place}"
            for kind, path in layer.paths if has_layers else ():
                yield f"    {kind} {path}"
    count, times, shared = len(found.differences), found.times, found.shared
    yield (
        f"{count} difference{'' if count == 1 else 's'}, {times} file{'' if times == 1 else 's'} "
        f"with another time, {shared} layer{'' if shared == 1 else 's'} in common"
    )


def _plain(found: ImageDifference) -> dict[str, object]:
    return {
        "differences": [one.plain() for one in found.differences],
        "times": found.times,
        "shared_layers": found.shared,
        "removed_layers": list(map(_plain_layer, found.removed)),
        "added_layers": list(map(_plain_layer, found.added)),
    }


def _plain_layer(layer: LayerChanges) -> dict[str, object]:
    return {
        "diff_id": layer.diff_id,
        "instruction": layer.instruction,
        "dockerfile": layer.place,
        "changes": [{"kind": kind, "path": path} for kind, path in layer.paths],
    }
