"""What the images of a store refer to: blobs by descriptors, layers by their tars' digests."""

from __future__ import annotations

from dataclasses import dataclass, field

from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.digest import chain_ids
from dflint.oci.image_document import read_image_document
from dflint.oci.manifest import Index, read_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from dflint.oci.descriptor import Descriptor

_DEPTH = 8


@dataclass(slots=True)
class References:
    """What images refer to, directly or not. `problems` says what could not be read, and why."""

    blobs: dict[str, Descriptor] = field(default_factory=dict)
    diff_ids: set[str] = field(default_factory=set)
    chain_ids: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)


def references(roots: tuple[Descriptor, ...], read: Callable[[str], bytes]) -> References:
    """What some images refer to; `read` gives the content of a blob."""
    found = References()
    for descriptor in roots:
        _follow(descriptor, read, found, 0)
    return found


def _follow(
    descriptor: Descriptor, read: Callable[[str], bytes], found: References, depth: int
) -> None:
    if descriptor.digest in found.blobs or depth > _DEPTH:
        return
    found.blobs[descriptor.digest] = descriptor
    kind = descriptor.media_type
    try:
        if media_types.is_index(kind) or media_types.is_manifest(kind):
            document = read_document(read(descriptor.digest), kind, f"`{descriptor.digest}`")
            if isinstance(document, Index):
                below = document.manifests
            else:
                below = (document.config, *document.layers)
            for each in below:
                _follow(each, read, found, depth + 1)
        elif media_types.is_config(kind):
            image = read_image_document(read(descriptor.digest), f"`{descriptor.digest}`")
            found.diff_ids.update(image.diff_ids)
            found.chain_ids.update(chain_ids(image.diff_ids))
    except BuildError as error:
        found.problems.append(str(error))
