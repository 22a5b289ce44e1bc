"""What is damaged, missing or left over in a store.

Tables, layout and index are what a store is opened with; they are looked at without opening it.
What only waits to be swept - drafts of dead processes, folders without a row - is no fault.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import NamedTuple

from dflint.content.blobs import DamagedBlobError
from dflint.content.database import TABLES, VERSION, is_damage, table_error
from dflint.content.references import references
from dflint.content.tags import check_layout, read_layout_index
from dflint.errors import BuildError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.content.blobs import BlobFolder
    from dflint.content.cache_mounts import CacheMounts
    from dflint.content.database import Database
    from dflint.content.layers import LayerFolder
    from dflint.content.parts import StoreParts
    from dflint.content.store import ContentStore
    from dflint.oci.descriptor import Descriptor

_CHUNK = 1 << 20
_WAIT = 60.0


class Fault(NamedTuple):
    """Something that is not as it should be.

    `kind` is one of tables, layout, index, blob, layer, image; `name` the digest, id or reference
    of what it concerns, or a path; `text` a sentence about it.
    """

    kind: str
    name: str
    text: str


def base_faults(root: str, *, is_quick: bool = False) -> list[Fault]:
    """What keeps a store from being opened: its tables, `oci-layout` and `index.json`.

    BuildError when they cannot be read at all, or another version of dflint has made them.
    """
    path = os.path.join(root, "dflint.db")
    problem = _table_problem(path, is_quick) if os.path.exists(path) else ""
    found = [Fault("tables", path, f"`{path}` is damaged: {problem}")] if problem else []
    for kind, name, check in (
        ("layout", "oci-layout", check_layout),
        ("index", "index.json", read_layout_index),
    ):
        place = os.path.join(root, name)
        if not os.path.exists(place):
            continue  # it is made anew
        try:
            check(root)
        except BuildError as error:
            if isinstance(error.__cause__, OSError):
                raise
            found.append(Fault(kind, place, f"{error}"))
    return found


def _table_problem(path: str, is_quick: bool) -> str:
    """What SQLite says of a file of tables; empty when it is whole."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                return ""  # to open it says of which version it is
            pragma = "quick_check" if is_quick else "integrity_check"
            (first,) = connection.execute(f"PRAGMA {pragma}(1)").fetchone()
            if first != "ok":
                return str(first).replace("\n", " ")
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            missing = sorted(set(TABLES) - there) if version else []
            return f"it has no table `{missing[0]}`" if missing else ""
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        # A disk that is full, or files that are not ours: nothing is said of the tables by that.
        raise table_error(path, error) from error


def find_faults(parts: StoreParts, *, is_quick: bool = False) -> Iterator[Fault]:
    """The faults of a store that can be opened; `is_quick` reads no blob but documents."""
    store, blobs, layers = parts.store, parts.blobs, parts.layers
    damaged = set()
    for fault in () if is_quick else _damaged_blobs(blobs):
        damaged.add(fault.name)
        yield fault
    for id in layer_ids(parts.database):
        # A prune removes the row before the tree.
        if not layers.has_tree(id) and layers.has_row(id):
            yield Fault("layer", id, f"layer `{id}` is missing")
    for name, descriptor in kept_images(store):
        faults = list(_image_faults(name, descriptor, blobs, damaged))
        # It may have been untagged and pruned, or tagged anew, since the names were read.
        if faults and (name, descriptor) in kept_images(store):
            yield from faults


def kept_images(store: ContentStore) -> tuple[tuple[str, Descriptor], ...]:
    """What the index holds, by reference; what has none by its digest."""
    return (*store.tags(), *((each.digest, each) for each in store.untagged()))


def layer_ids(database: Database) -> list[str]:
    """The ids of all layers, sorted."""
    return [str(id) for (id,) in database.rows("SELECT id FROM layers ORDER BY id")]


def _damaged_blobs(blobs: BlobFolder) -> Iterator[Fault]:
    for digest in blobs.digests():
        try:
            with blobs.peek_at(digest) as stream:
                while stream.read(_CHUNK):
                    pass
        except BuildError as error:
            if blobs.find_size(digest) is not None:  # else a prune was faster
                text = error.text if isinstance(error, DamagedBlobError) else str(error)
                yield Fault("blob", digest, text)


def _image_faults(
    name: str, descriptor: Descriptor, blobs: BlobFolder, damaged: set[str]
) -> Iterator[Fault]:
    problems: list[str] = []
    found = references((descriptor,), blobs.peek)
    for digest, each in found.blobs.items():
        size = blobs.find_size(digest)
        if size is None:
            problems.append(f"blob `{digest}` is missing")
        elif size != each.size and digest not in damaged:
            problems.append(f"blob `{digest}`: expected {each.size} bytes, found {size}")
        elif digest in damaged:
            problems.append(f"blob `{digest}` is damaged")
    for problem in problems or found.problems:
        yield Fault("image", name, f"image `{name}`: {problem}")


class Leftovers(NamedTuple):
    """What dead processes have left and nobody counts: how many of each."""

    drafts: int
    layers: int
    trash: int
    writing: int
    leases: int
    cache_mounts: int
    records: int
    strays: int

    def lines(self) -> Iterator[str]:
        """A sentence for each kind of which there is something."""
        words = (
            (self.drafts, "drafts of layers"),
            (self.layers, "folders of layers without a row"),
            (self.trash, "things in `trash`"),
            (self.writing, "blobs half written"),
            (self.leases, "leases of processes that have ended"),
            (self.cache_mounts, "folders of cache mounts without a row"),
            (self.records, "cached steps whose layers are gone"),
            (self.strays, "files in `blobs` that are no blobs"),
        )
        for count, what in words:
            if count:
                yield f"left over: {count} {what}"


def find_leftovers(
    root: str, database: Database, layers: LayerFolder, cache_mounts: CacheMounts
) -> Leftovers:
    """Count what waits to be swept, in a store that nobody uses now."""

    def count(folder: str) -> int:
        return len(os.listdir(os.path.join(root, folder)))

    return Leftovers(
        count("drafts"),
        sum(not layers.has_row(id) and not layers.is_draft(id) for id in layers.ids()),
        count("trash"),
        count("ingest"),
        count("leases"),
        len(cache_mounts.unknown()),
        len(dead_records(database, layers)),
        sum(1 for _ in stray_files(root)),
    )


def dead_records(database: Database, layers: LayerFolder) -> set[str]:
    """The keys of records of which a layer is missing."""
    rows = database.rows("SELECT key, layer FROM record_layers")
    there = {str(layer): layers.has_tree(str(layer)) for layer in {layer for _, layer in rows}}
    there = {id: is_there and layers.has_row(id) for id, is_there in there.items()}
    return {str(key) for key, layer in rows if not there[str(layer)]}


def stray_files(root: str) -> Iterator[str]:
    """Paths in `blobs` that are no blobs of ours."""
    from dflint.oci.digest import parse_digest

    top = os.path.join(root, "blobs")
    for algorithm in sorted(os.listdir(top)):
        folder = os.path.join(top, algorithm)
        if not os.path.isdir(folder):
            yield folder
            continue
        for name in sorted(os.listdir(folder)):
            try:
                parse_digest(f"{algorithm}:{name}")
            except BuildError:
                yield os.path.join(folder, name)


def damaged_blob(error: BaseException | None) -> str:
    """The digest of the damaged blob that an error comes from; empty where it does from none."""
    while error is not None:
        if isinstance(error, DamagedBlobError):
            return error.digest
        error = error.__cause__ or error.__context__
    return ""
