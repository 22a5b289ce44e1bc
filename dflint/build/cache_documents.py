"""The documents of a cache, wherever they are: a manifest or an index, and images with records."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dflint.build.cache_config import CONFIG_TYPE, CacheConfig, read_cache_config, read_inline
from dflint.errors import BuildError
from dflint.oci import media_types
from dflint.oci.descriptor import Descriptor
from dflint.oci.manifest import Index, Manifest, read_document

#: How many images of an index are looked into.
_IMAGES = 32


@dataclass(frozen=True, slots=True)
class CacheDocuments:
    """Reads records. `document` and `blob` give the bytes of a manifest or index, and of a blob.

    `what` is what people call the place. Methods raise BuildError.
    """

    what: str
    document: Callable[[Descriptor], bytes]
    blob: Callable[[Descriptor], bytes]

    def read(self, data: bytes, media_type: str) -> Sequence[CacheConfig]:
        """The records of a cache, or of all images that a document stands for."""
        document = read_document(data, media_type, self.what)
        if isinstance(document, Index):
            for one in document.manifests:
                if one.media_type == CONFIG_TYPE:
                    return (self._config(one, document.manifests),)
            found = [self._of_image(one) for one in self._manifests(document)[:_IMAGES]]
        elif document.config.media_type == CONFIG_TYPE:
            return (self._config(document.config, document.layers),)
        else:
            found = [self._of_image(document)]
        configs = tuple(one for one in found if one is not None)
        if not configs:
            raise BuildError("it is an image without an inline cache")
        return configs

    def _manifests(self, index: Index) -> list[Manifest]:
        found = []
        for one in index.manifests:
            if media_types.is_manifest(one.media_type):
                read = read_document(self.document(one), one.media_type, self.what)
                if isinstance(read, Manifest):
                    found.append(read)
        return found

    def _config(self, config: Descriptor, blobs: Sequence[Descriptor]) -> CacheConfig:
        return read_cache_config(self.blob(config), blobs, self.what)

    def _of_image(self, manifest: Manifest) -> CacheConfig | None:
        if not media_types.is_config(manifest.config.media_type):
            return None
        data = self.blob(manifest.config)
        try:
            document = json.loads(data)
            diff_ids = document["rootfs"]["diff_ids"] or ()
        except (ValueError, KeyError, TypeError, RecursionError):
            raise BuildError(f"{self.what}: its configuration is none of an image") from None
        return read_inline(document, diff_ids, manifest.layers, self.what)
