"""Whether a folder is a store of dflint, and ours."""

from __future__ import annotations

import os

from dflint.content.files import naming
from dflint.errors import BuildError

_FIRST_FILES = frozenset(
    ("lock", "dflint.db", "dflint.db-journal", "dflint.db-wal", "dflint.db-shm")
)


def check_ours(root: str) -> None:
    """Raise BuildError when a folder holds what is no store of ours."""
    with naming(root):
        names = set(os.listdir(root))
    if "dflint.db" in names:
        _check_owner(root)
    if "dflint.db" in names or names <= _FIRST_FILES:
        return
    example = min(names - _FIRST_FILES)
    raise BuildError(
        f"store: `{root}` is no store of dflint: expected a new folder or one with `dflint.db`, "
        f"found `{example}`"
    )


def _check_owner(root: str) -> None:
    """Raise BuildError when another user has made a store: its ids are others than ours.

    The owners of a layer's files are those of the user namespace that it was made in.
    """
    path = os.path.join(root, "dflint.db")
    with naming(path):
        owner = os.stat(path).st_uid
    if owner != os.geteuid():
        raise BuildError(
            f"store: `{root}` is the store of another user, and owners of files are kept as that "
            "user's: expected one of your own (`--store`, `$DFLINT_STORE`)"
        )
