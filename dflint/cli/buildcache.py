"""`dflint buildcache`: what the store of builds takes on disk, and making room in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

from dflint.cli.build_values import read_size
from dflint.cli.docker_flags import Flag, Given, read_flags
from dflint.cli.store_place import existing_store
from dflint.content.store import ContentStore
from dflint.errors import BuildError, UsageError
from dflint.text.go_units import byte_count

_FLAGS = (
    Flag("--all", "", "remove all cached steps, unpacked images and cache mounts", "-a"),
    Flag("--keep", "SIZE", "remove what was unused for longest until SIZE is left"),
    Flag("--filter", "until=TIME", "remove what was not used for so long, as `24h`"),
    Flag("--store", "DIR", "the store, as for `dflint build`"),
    Flag("--help", "", "print this", "-h"),
)
_HELP = """\
usage: dflint buildcache du [--store DIR]
       dflint buildcache prune [--all] [--keep SIZE] [--filter until=TIME] [--store DIR]

Says what the store of `dflint build` takes on disk, or makes room in it. What a name
or a running build holds stays.

prune removes what nothing refers to, and of cached steps, unpacked images and cache mounts:
  -a, --all              all of them
      --keep SIZE        those unused for longest, until SIZE is left, such as `10g`
      --filter until=T   those that were not used for so long, such as `24h` or `7d`
      --store DIR        the store, as for `dflint build`
  -h, --help             print this
"""
_TIME = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?\Z")
_SECONDS = (86400, 3600, 60, 1)


def buildcache(words: Sequence[str]) -> int:
    """Run the verb; the exit status is 1 for a store that cannot be read or written."""
    given = read_flags(words, _FLAGS)
    if given.is_on("--help"):
        sys.stdout.write(_HELP)
        return 0
    if given.arguments not in (["du"], ["prune"]):
        found = " ".join(f"`{word}`" for word in given.arguments) or "nothing"
        raise UsageError(f"buildcache: expected `du` or `prune`, found {found}")
    try:
        text = _usage(given) if given.arguments == ["du"] else _prune(given)
    except BuildError as error:
        sys.stderr.write(f"dflint: buildcache: {error}\n")
        return 1
    sys.stdout.write(text)
    return 0


def _usage(given: Given) -> str:
    for option in ("--all", "--keep", "--filter"):
        if given.last(option) is not None:
            raise UsageError(f"buildcache du: unknown option `{option}`")
    store = ContentStore(existing_store(given))
    try:
        usage = store.disk_usage()
    finally:
        store.close()
    rows = (
        ("images", f"{usage.tags} names", ""),
        ("blobs", str(usage.blobs), byte_count(usage.blob_bytes)),
        ("layers", str(usage.layers), byte_count(usage.layer_bytes)),
        ("cached steps", str(usage.records), ""),
        ("cache mounts", str(usage.cache_mounts), byte_count(usage.cache_mount_bytes)),
        ("total", "", byte_count(usage.total_bytes)),
    )
    return "".join(f"{name:<14}{count:>10}{size:>12}".rstrip() + "\n" for name, count, size in rows)


def _prune(given: Given) -> str:
    keep, older_than = given.last("--keep"), None
    for text in given.all("--filter"):
        older_than = _read_filter(text)
    size = None if keep is None else read_size(keep, "--keep")
    store = ContentStore(existing_store(given), makes_room=True)
    try:
        done = store.prune(given.is_on("--all"), size, older_than)
    finally:
        store.close()
    return (
        f"removed {done.records} cached steps, {done.layers} layers, {done.blobs} blobs, "
        f"{done.cache_mounts} cache mounts\nTotal reclaimed space: {byte_count(done.freed)}\n"
    )


def _read_filter(text: str) -> float:
    """The seconds of `until=TIME`."""
    name, _, value = text.partition("=")
    found = _TIME.match(value)
    if name != "until" or not value or found is None:
        raise UsageError(f"--filter: expected `until=` and a time such as `24h`, found `{text}`")
    return float(
        sum(int(count or 0) * unit for count, unit in zip(found.groups(), _SECONDS, strict=True))
    )
