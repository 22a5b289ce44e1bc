"""Paths as other tools want them."""

from __future__ import annotations

import os


def repository_path(path: str) -> str:
    """Write the path with forward slashes, relative to the working directory where it is below it.

    Annotations are matched to the files of a change by such a path; a run starts at the root
    of the repository.
    """
    path = os.path.normpath(path)
    if os.path.isabs(path):
        path = _shorten(path)
    return path.replace(os.sep, "/")


def _shorten(path: str) -> str:
    try:
        root = os.path.join(os.getcwd(), "")
    except OSError:  # the working directory is gone
        return path
    # On Windows case does not matter; elsewhere `normcase` changes nothing.
    if os.path.normcase(path).startswith(os.path.normcase(root)):
        return path[len(root) :]
    return path
