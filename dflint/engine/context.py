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
    return BuildContext(lambda: _ignore_file(source, folder), lambda at: _begin(source, folder, at))


def _ignore_file(source: Source, folder: str | None) -> IgnoreFile | None:
    """The ignore file that BuildKit reads: the Dockerfile's own before the context's."""
    places = [] if source.is_stream else [source.path + _NAME]
    places.append(os.path.join(os.path.dirname(source.path) if folder is None else folder, _NAME))
    for place in places:
        if os.path.isfile(place):
            return _read(place)
    return None


def _begin(source: Source, folder: str | None, path: str) -> bytes | None:
    """The first bytes of a file of the context, which is looked for where it surely is."""
    if folder is None:
        folder = os.path.dirname(source.path)
        if not os.path.isfile(os.path.join(folder, _NAME)):
            return None
    root = os.path.realpath(folder)
    place = os.path.realpath(os.path.join(root, path))
    if place != root and not place.startswith(root.rstrip(os.sep) + os.sep):
        return None
    if os.path.isdir(place):
        return b""
    if not os.path.isfile(place):
        return None
    from dflint.context.archives import ENOUGH

    try:
        with open(place, "rb") as stream:
            return stream.read(ENOUGH)
    except OSError:
        return None


def _read(place: str) -> IgnoreFile | None:
    from dflint.errors import SourceError
    from dflint.text.source import Source

    try:
        return IgnoreFile(place, Source.read(place).text)
    except SourceError:
        return None
