"""How large the files of layers are: what docker calls the size of an image."""

from __future__ import annotations

from dflint.errors import BuildError
from dflint.layer import decompress
from dflint.layer.reader import TarReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.content.catalog import PlatformImage, StoredImage
    from dflint.content.store import ContentStore
    from dflint.oci.descriptor import Descriptor

_PREFIX = "content size "


class Sizes:
    """The sizes of layers, images and histories, each layer read once and remembered in the store.

    The size of a layer is the sum of those of the files in its tar. `problems` tell of layers that
    cannot be read; they count as empty.
    """

    def __init__(self, store: ContentStore) -> None:
        self._store = store
        self._known: dict[str, int] = {}
        self.problems: list[str] = []

    def layers(self, image: PlatformImage) -> tuple[int, ...]:
        """The sizes of an image's layers, bottom to top."""
        pairs = zip(image.document.diff_ids, image.manifest.layers, strict=False)
        return tuple(self._layer(diff_id, blob) for diff_id, blob in pairs)

    def image(self, image: StoredImage) -> int:
        """The size of an image for all its platforms, a layer that they share counted once."""
        found: dict[str, int] = {}
        for one in image.platforms:
            found |= dict(zip(one.document.diff_ids, self.layers(one), strict=False))
        return sum(found.values())

    def _layer(self, diff_id: str, blob: Descriptor) -> int:
        if diff_id not in self._known:
            fact = self._store.find_fact(_PREFIX + diff_id)
            if fact is None:
                try:
                    size = self._read(blob)
                except BuildError as error:
                    self.problems.append(str(error))
                    size = 0
                else:
                    self._store.add_facts({_PREFIX + diff_id: str(size).encode()})
            else:
                size = int(fact)
            self._known[diff_id] = size
        return self._known[diff_id]

    def _read(self, blob: Descriptor) -> int:
        with self._store.open_blob(blob.digest) as stream:
            return sum(entry.size for entry in TarReader(decompress(stream)))
