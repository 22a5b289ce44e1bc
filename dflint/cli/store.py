"""`dflint store`: says whether the store of builds is whole, and mends it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dflint.cli.docker_flags import Flag, read_flags
from dflint.cli.store_place import existing_store
from dflint.content.faults import base_faults
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UsageError

_FLAGS = (
    Flag("--quick", "", "read no blobs of layers"),
    Flag("--store", "DIR", "the store, as for `dflint build`"),
    Flag("--help", "", "print this", "-h"),
)
_HELP = """\
usage: dflint store verify [--quick] [--store DIR]
       dflint store repair [--store DIR]

Says whether the store of `dflint build` is whole, or mends it.

verify reads everything: tables, index, the content of every blob, what images refer to,
layers. It prints a line for each fault. What dead processes have left is told, but is no
fault: builds and prunes sweep it.
repair drops what is damaged, makes anew what can be made of layers that are there, and
prints a line for each thing that was done and each image that is lost. What is whole
stays. It can be run beside builds.
      --quick      read no blobs of layers, only look for them and their sizes
      --store DIR  the store, as for `dflint build`
  -h, --help       print this

Exit status: 0 the store is whole, 1 it is not, or cannot be read.
"""


def store(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for a store that is not whole."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if given.arguments not in (["verify"], ["repair"]):
        found = " ".join(f"`{word}`" for word in given.arguments) or "nothing"
        raise UsageError(f"store: expected `verify` or `repair`, found {found}")
    is_repair = given.arguments == ["repair"]
    if is_repair and given.is_on("--quick"):
        raise UsageError("store repair: unknown option `--quick`")
    try:
        path = existing_store(given)
        return _repair(path) if is_repair else _verify(path, is_quick=given.is_on("--quick"))
    except BuildError as error:
        sys.stderr.write(f"dflint: store: {error}\n")
        return 1


def _verify(path: str, *, is_quick: bool) -> int:
    faults = [fault.text for fault in base_faults(path, is_quick=is_quick)]
    if faults:
        faults.append("the rest is told when this is repaired")
        return _tell(faults, "damaged")
    opened = ContentStore(path)
    try:
        faults = list(opened.verify(is_quick=is_quick))
        for line in opened.leftovers().lines():
            sys.stdout.write(f"{line}\n")
        names, others = len(opened.tags()), len(opened.untagged())
    finally:
        opened.close()
    if faults:
        return _tell(faults, "damaged")
    dangling = f", and {others} without a name" if others else ""
    sys.stdout.write(f"the store is whole; it has {names} named images{dangling}\n")
    return 0


def _tell(lines: list[str], what: str) -> int:
    for line in lines:
        sys.stdout.write(f"{what}: {line}\n")
    return 1


def _repair(path: str) -> int:
    from dflint.build.mend import Rebuilding
    from dflint.content.repair import mend_base

    for line in mend_base(path):
        sys.stdout.write(f"{line}\n")
    opened = ContentStore(path, makes_room=True)
    try:
        with opened.lease():
            for line in opened.repair(Rebuilding(opened).rebuild):
                sys.stdout.write(f"{line}\n")
        faults = list(opened.verify())
    finally:
        opened.close()
    if faults:
        return _tell(faults, "still damaged")
    sys.stdout.write("the store is whole\n")
    return 0
