"""The caches of one build: where records come from besides the store, and where they go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dflint.build.cache_import import CacheSource, ImportedCaches
from dflint.build.progress.progress import Progress
from dflint.build.request import CacheLocation
from dflint.build.result import Result
from dflint.content.store import ContentStore
from dflint.errors import BuildError


def import_caches(
    store: ContentStore, locations: Sequence[CacheLocation], progress: Progress
) -> Callable[[str], Result | None]:
    """What finds results in the places of `--cache-from`, by their keys."""
    found = []
    for location in locations:
        where = "local" if location.type == "local" else location.place
        with progress.step(f"importing cache manifest from {where}") as step:
            sources = (_source(store, location),)
            found.append(ImportedCaches(store, sources, partial(progress.warn, step)).find)

    def find(key: str) -> Result | None:
        return next((result for one in found if (result := one(key)) is not None), None)

    return find


def _source(store: ContentStore, location: CacheLocation) -> CacheSource:
    if location.type == "local":
        from dflint.build.local_cache import FolderSource

        return FolderSource(location)
    from dflint.build.registry_cache import RegistrySource

    return RegistrySource(store, location)


def export_caches(
    store: ContentStore,
    locations: Sequence[CacheLocation],
    records: Mapping[str, Result],
    results: Sequence[Result],
    progress: Progress,
) -> None:
    """Write the records of a build to the places of `--cache-to`; those of images are there."""
    for location in locations:
        try:
            _export(store, location, records, results, progress)
        except BuildError:
            if not location.ignore_error:
                raise


def _export(
    store: ContentStore,
    location: CacheLocation,
    records: Mapping[str, Result],
    results: Sequence[Result],
    progress: Progress,
) -> None:
    if location.type == "local":
        from dflint.build.local_cache import export_to_folder

        with progress.step("exporting cache to client directory"):
            export_to_folder(store, location, records, results)
    elif location.type == "registry":
        from dflint.build.registry_cache import export_to_registry

        with progress.step("exporting cache to registry") as step:

            def sending(blob: str, done: int, total: int) -> None:
                name = f"writing layer {blob}"
                progress.status(step, name, done, total, is_done=done == total)

            name = export_to_registry(store, location, records, results, sending)
            progress.status(step, f"writing cache image manifest {name}", is_done=True)
