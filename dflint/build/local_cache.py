"""Cache records in a folder: `--cache-to type=local` and `--cache-from type=local`.

The folder is an OCI image layout, as BuildKit's is.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import BinaryIO

from dflint.build.cache_config import CacheConfig
from dflint.build.cache_documents import CacheDocuments
from dflint.build.cache_export import write_cache
from dflint.build.exporter.destination import naming, write_file
from dflint.build.exporter.image import ExportBlob
from dflint.build.exporter.layout import LAYOUT_FILE, read_whole
from dflint.build.exporter.layout_folder import LayoutFolder
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.archive import LayoutBlobs, open_layout_blob
from dflint.content.store import ContentStore
from dflint.content.tags import REFERENCE_NAME, read_layout_index
from dflint.errors import BuildError
from dflint.oci.descriptor import Descriptor
from dflint.oci.json_text import write_compact
from dflint.oci.manifest import Index


def export_to_folder(
    store: ContentStore,
    location: CacheLocation,
    records: Mapping[str, Result],
    results: Iterable[Result],
) -> None:
    """Write records with their layers.

    What the folder's index names besides stays, other blobs go. BuildError when it cannot be
    written.
    """
    written = write_cache(store, location, records, results)
    entry = replace(written.top, annotations={REFERENCE_NAME: location.tag})
    with naming(location.place), LayoutFolder(location.place) as folder:
        for one in (*written.layers, written.config, written.top):
            blob = ExportBlob(one.media_type, one.digest, one.size, _opener(store, one.digest))
            folder.add_blob(one.digest, read_whole(blob))
        folder.add_file("oci-layout", LAYOUT_FILE)
        index = Index((*folder.other_entries([entry]), entry))
        write_file(os.path.join(folder.path, "index.json"), write_compact(index.plain()))
        folder.keep()
        folder.sweep(index)


def _opener(store: ContentStore, digest: str) -> Callable[[], BinaryIO]:
    return lambda: store.open_blob(digest)


class FolderSource:
    """The records in a folder."""

    def __init__(self, location: CacheLocation) -> None:
        self._location = location

    @property
    def name(self) -> str:
        """The folder."""
        return self._location.place

    def read(self) -> Sequence[CacheConfig]:
        """The records of the tag or the digest that is asked for."""
        location = self._location
        entries = [
            one
            for one in read_layout_index(location.place).manifests
            if location.digest == one.digest
            or (not location.digest and one.annotations.get(REFERENCE_NAME) == location.tag)
        ]
        if not entries:
            raise BuildError(f"it has no cache with the tag `{location.tag}`")
        documents = CacheDocuments(f"`{location.place}`", self._blob, self._blob)
        return documents.read(self._blob(entries[-1]), entries[-1].media_type)

    def open(self, blob: Descriptor) -> BinaryIO:
        """A layer's bytes."""
        return open_layout_blob(self._location.place, blob.digest)

    def _blob(self, one: Descriptor) -> bytes:
        return LayoutBlobs(self._location.place).read(one.digest)
