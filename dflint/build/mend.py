"""Makes blobs of layers anew from the trees that they were made of, for a store that lost them."""

from __future__ import annotations

from collections.abc import Iterator

from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.layer import CompressingWriter, write_tar
from dflint.oci import media_types


class Rebuilding:
    """Makes blobs of the layers that builds have left in a store."""

    def __init__(self, store: ContentStore) -> None:
        self._store = store

    def rebuild(self, digest: str, diff_id: str, media_type: str) -> bool:
        """Make a blob anew, by the digest of its tar; whether it has become the same."""
        name = next(
            (
                one
                for one in ("none", "gzip", "zstd")
                if media_types.layer_media_type("" if one == "none" else one) == media_type
            ),
            "",
        )
        return bool(name) and any(
            self._write(digest, diff_id, media_type, name, layers)
            for layers in self._results(diff_id)
        )

    def _results(self, diff_id: str) -> Iterator[tuple[str, ...]]:
        """The layers of results that end in a layer of this digest."""
        seen = set()
        for record in self._store.records():
            for number, layer in enumerate(record.layers):
                if layer not in seen and self._diff_id(layer) == diff_id:
                    seen.add(layer)
                    yield record.layers[: number + 1]

    def _diff_id(self, layer: str) -> str:
        try:
            return self._store.layer(layer).diff_id
        except BuildError:  # it is missing
            return ""

    def _write(
        self, digest: str, diff_id: str, media_type: str, name: str, layers: tuple[str, ...]
    ) -> bool:
        store = self._store
        try:
            *lower, tree = (store.layer(one).tree for one in layers)
        except BuildError:
            return False
        with store.new_blob() as out:
            writer = CompressingWriter(out, name)
            write_tar(tree, lower, writer)
            made = writer.finish()
            if made.digest != digest:
                return False
            out.commit(digest)
        store.add_blob_of(diff_id, digest, media_type, made.size)
        return True
