"""Where the store of builds is that a verb is to use."""

from __future__ import annotations

import os

from dflint.cli.build_values import default_store
from dflint.cli.docker_flags import Given
from dflint.errors import BuildError


def store_path(given: Given) -> str:
    """The store of `--store`, or the usual one; it need not be there."""
    return given.text("--store") or default_store(os.environ)


def existing_store(given: Given) -> str:
    """The same; BuildError when it is not there.

    The process goes where files of layers can be seen and removed, which may belong to ids that
    only a namespace has.
    """
    path = require_store(store_path(given))
    from dflint.cli.build import enter_namespace

    enter_namespace()
    return path


def require_store(path: str) -> str:
    """A path at which there is a store; BuildError when there is none."""
    if not os.path.isdir(path):
        raise BuildError(f"there is no store at `{path}`")
    return path
