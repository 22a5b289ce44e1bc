"""The results of earlier runs, for the verbs that keep any."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.cli.options import Arguments
    from dflint.engine.cached import ResultCache
    from dflint.engine.session import Session


def open_results(session: Session, arguments: Arguments) -> ResultCache | None:
    """The reports of earlier runs, if there is a place for them."""
    from dflint.cache.location import cache_folder

    folder = cache_folder(arguments.text("cache_dir"))
    if folder is None:
        if session.debug:
            sys.stderr.write("dflint: no cache: there is no home folder\n")
        return None
    from dflint.cache.store import Store
    from dflint.engine.cached import ResultCache

    return ResultCache(Store(folder), session.identity)


def close_results(results: ResultCache, debug: bool) -> None:
    """Write what this run found out; that it cannot be written is only of interest with --debug."""
    results.store.flush()
    if debug and results.store.problem is not None:
        sys.stderr.write(f"dflint: no cache: {results.store.problem}\n")
