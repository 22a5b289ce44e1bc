"""Cache records on a registry: `type=registry`, and the inline cache of images there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

from dflint.build.cache_config import CONFIG_TYPE, CacheConfig, read_cache_config, read_inline
from dflint.build.cache_export import write_cache
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, Manifest, read_document, read_manifest
from dflint.registry.documents import Descriptor as RegistryDescriptor
from dflint.registry.documents import Document
from dflint.registry.host import RegistryHost
from dflint.registry.options import Progress, RegistryOptions
from dflint.registry.pull import fetch_blob
from dflint.registry.push import PushListener, push_to
from dflint.registry.resolve import fetch_blob_data, fetch_manifest, full_name, read_reference

#: How many images of an index are looked into.
_IMAGES = 32


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
        document = read_document(root.data, root.descriptor.media_type, self.name)
        if isinstance(document, Index):
            for one in document.manifests:
                if one.media_type == CONFIG_TYPE:
                    return (self._config(one, document.manifests),)
            found = [self._of_image(one) for one in self._manifests(root)[:_IMAGES]]
        elif document.config.media_type == CONFIG_TYPE:
            return (self._config(document.config, document.layers),)
        else:
            found = [self._of_image(document)]
        configs = tuple(one for one in found if one is not None)
        if not configs:
            raise BuildError("it is an image without an inline cache")
        return configs

    def _manifests(self, index: Document) -> list[Manifest]:
        found = []
        for one in index.manifests():
            if media_types.is_manifest(one.media_type):
                document = fetch_manifest(self._host, self._reference, one.digest, one)
                found.append(read_manifest(document.data, one.media_type, self.name))
        return found

    def _config(self, config: Descriptor, blobs: Sequence[Descriptor]) -> CacheConfig:
        data = fetch_blob_data(self._host, self._reference, _asked(config))
        return read_cache_config(data, blobs, self.name)

    def _of_image(self, manifest: Manifest) -> CacheConfig | None:
        if not media_types.is_config(manifest.config.media_type):
            return None
        data = fetch_blob_data(self._host, self._reference, _asked(manifest.config))
        try:
            document = json.loads(data)
            diff_ids = document["rootfs"]["diff_ids"] or ()
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BuildError(f"{self.name}: its configuration is none of an image") from None
        return read_inline(document, diff_ids, manifest.layers, self.name)

    def open(self, blob: Descriptor) -> BinaryIO:
        """A layer's bytes, from the store, to which it is fetched when it is not there."""
        if self._store.blob_size(blob.digest) != blob.size:
            fetch_blob(self._host, self._reference, _asked(blob), self._store)
        return self._store.open_blob(blob.digest)


def _asked(blob: Descriptor) -> RegistryDescriptor:
    return RegistryDescriptor(blob.media_type, blob.digest, blob.size)
