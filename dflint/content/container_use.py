"""Which images containers are made of: those are in use, and stay."""

from __future__ import annotations

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.catalog import StoredImage

#: The folder of containers below a store, and the file in the folder of each that tells of it.
CONTAINERS = "containers"
RECORD = "container.json"


def container_images(root: str) -> dict[str, list[str]]:
    """The ids of containers by the digest of the manifest of their image."""
    found: dict[str, list[str]] = {}
    folder = os.path.join(root, CONTAINERS)
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        try:
            with open(os.path.join(folder, name, RECORD), encoding="utf-8") as file:
                said = json.load(file)
        except (OSError, ValueError):
            continue  # it is being made or removed, and held by a lease
        digest = said.get("image_digest") if isinstance(said, dict) else None
        if isinstance(digest, str):
            found.setdefault(digest, []).append(name)
    return found


def users(image: StoredImage, containers: dict[str, list[str]]) -> list[str]:
    """The containers that are made of an image."""
    digests = {image.id, *(one.digest for one in image.descriptors)}
    digests |= {digest for one in image.platforms for digest in (one.config, one.descriptor.digest)}
    return sorted({name for digest in digests for name in containers.get(digest, ())})
