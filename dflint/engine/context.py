"""Finds the ignore file that belongs to a Dockerfile."""

from __future__ import annotations

import os

from dflint.context.build_context import BuildContext, IgnoreFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.text.source import Source

_NAME = ".dockerignore"


def context_of(source: Source, folder: str | None) -> BuildContext | None:
    """The build context of a source; None when nothing can be known of it.

    `folder` is the context's root if it is configured. Otherwise it is the Dockerfile's folder if
    that holds a `.dockerignore`, for one that is not at the root serves nobody. Nothing is read
    before the context is asked.
    """
    if folder is None and source.is_stream:
        return None
    return BuildContext(lambda: _ignore_file(source, folder))


def _ignore_file(source: Source, folder: str | None) -> IgnoreFile | None:
    """The ignore file that BuildKit reads: the Dockerfile's own before the context's."""
    places = [] if source.is_stream else [source.path + _NAME]
    places.append(os.path.join(os.path.dirname(source.path) if folder is None else folder, _NAME))
    for place in places:
        if os.path.isfile(place):
            return _read(place)
    return None


def _read(place: str) -> IgnoreFile | None:
    from dflint.errors import SourceError
    from dflint.text.source import Source

    try:
        return IgnoreFile(place, Source.read(place).text)
    except SourceError:
        return None
