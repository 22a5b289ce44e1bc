"""Several builds by one builder, for whoever compares what they make."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from dataclasses import replace

from dflint.build.request import BuildRequest, Output
from dflint.builders.base import Builder
from dflint.builders.taking import TakenImage, unpacked
from dflint.content.store import ContentStore


class EngineSession:
    """Has a builder build Dockerfiles over one context; a context manager.

    `request` says all but the Dockerfile's text; its outputs and names do not count, and it is for
    one platform. The process has to be where mounts can be made. Images stay in the store as long
    as the session.
    """

    def __init__(self, builder: Builder, request: BuildRequest) -> None:
        self._builder = builder
        self._request = replace(request, outputs=(Output("image"),), tags=())
        self._held = contextlib.ExitStack()

    def __enter__(self) -> EngineSession:
        with contextlib.ExitStack() as held:
            self._store = held.enter_context(contextlib.closing(ContentStore(self._request.store)))
            held.enter_context(self._store.lease())
            self._held = held.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def build(self, text: str, *, is_fresh: bool = False) -> TakenImage:
        """Build a Dockerfile of this text, without the builder's cache if `is_fresh`.

        The ignore file is that of the request's Dockerfile. Raises BuildError.
        """
        with tempfile.TemporaryDirectory(prefix="dflint-verify-") as folder:
            path = os.path.join(folder, "Dockerfile")
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
            ignored = f"{self._request.dockerfile}.dockerignore"
            if os.path.isfile(ignored):
                shutil.copyfile(ignored, f"{path}.dockerignore")
            request = replace(self._request, dockerfile=path, no_cache=is_fresh)
            return unpacked(self._store, self._builder.build(request, "quiet"))
