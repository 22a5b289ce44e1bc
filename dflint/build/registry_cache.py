"""Cache records on a registry: `type=registry`, and the inline cache of images there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from dflint.build.cache_config import CacheConfig
from dflint.build.cache_documents import CacheDocuments
from dflint.build.cache_export import write_cache
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.oci.descriptor import Descriptor
from dflint.registry.documents import Descriptor as RegistryDescriptor
from dflint.registry.host import RegistryHost
from dflint.registry.options import Progress, RegistryOptions
from dflint.registry.pull import fetch_blob
from dflint.registry.push import PushListener, push_to
from dflint.registry.resolve import fetch_blob_data, fetch_manifest, full_name, read_reference


def _host(location: CacheLocation) -> RegistryHost:
    domain = read_reference(location.place).domain
    plain = frozenset((domain,) if location.is_insecure else ())
    return RegistryHost(domain, RegistryOptions(plain_http=plain))


def export_to_registry(
    store: ContentStore,
    location: CacheLocation,
    records: Mapping[str, Result],
    results: Iterable[Result],
    progress: Progress,
) -> str:
    """Send records with their layers, and name them; the name with the digest."""
    written = write_cache(store, location, records, results)
    reference = read_reference(location.place)
    listener = PushListener(progress=progress)
    pushed = push_to(_host(location), reference, written.top.digest, store, listener)
    return f"{reference.name}@{pushed.descriptor.digest}"


class RegistrySource:
    """The records of a cache or of an image on a registry. Layers come into the store."""

    def __init__(self, store: ContentStore, location: CacheLocation) -> None:
        self._store = store
        self._reference = read_reference(location.place)
        self._host = _host(location)

    @property
    def name(self) -> str:
        """The reference in full."""
        return full_name(self._reference)

    def read(self) -> Sequence[CacheConfig]:
        """The records of the cache, or of all images that the reference stands for."""
        reference = self._reference
        root = fetch_manifest(self._host, reference, reference.digest or reference.tag)
        documents = CacheDocuments(self.name, self._document, self._blob)
        return documents.read(root.data, root.descriptor.media_type)

    def _document(self, one: Descriptor) -> bytes:
        return fetch_manifest(self._host, self._reference, one.digest, _asked(one)).data

    def _blob(self, one: Descriptor) -> bytes:
        return fetch_blob_data(self._host, self._reference, _asked(one))

    def open(self, blob: Descriptor) -> BinaryIO:
        """A layer's bytes, from the store, to which it is fetched when it is not there."""
        if self._store.blob_size(blob.digest) != blob.size:
            fetch_blob(self._host, self._reference, _asked(blob), self._store)
        return self._store.open_blob(blob.digest)


def _asked(blob: Descriptor) -> RegistryDescriptor:
    return RegistryDescriptor(blob.media_type, blob.digest, blob.size)
