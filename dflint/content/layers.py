"""Layers on disk: a tree each, made as a draft, never changed after it is committed.

`layers/ID/tree` is in overlayfs' upper format, `layers/ID/work` its work folder, if any. A draft
has a locked file in `drafts`, and no row; a layer has a row, which is written last. Trees are not
synced: a row remembers the boot that it is from, and does not count after the next one unless
the file system was synced meanwhile. Where another process does that, the row has a mark behind the
boot, which the process writes down.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass

from dflint.content.files import make_folder, naming, new_name, remove_tree, remove_work, try_lock
from dflint.content.settling import forget_marks, read_marks, sync_file_system, sync_later
from dflint.errors import BuildError
from dflint.kernel.spreading import spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dflint.content.database import Database
    from dflint.content.files import FileLock
    from dflint.content.leases import Leases

_BOOT = "/proc/sys/kernel/random/boot_id"


@dataclass(frozen=True, slots=True)
class Layer:
    """A committed layer.

    `tree` is the path of its tree; `diff_id` and `size`, in bytes, are those of its tar, empty and
    0 until they are known; `created` is in seconds since 1970.
    """

    id: str
    tree: str
    diff_id: str
    size: int
    created: float


class LayerFolder:
    """The layers of a store. Leases hold what is given out."""

    __slots__ = ("_boot", "_database", "_drafts", "_leases", "_root", "_store", "_trash")

    def __init__(self, root: str, database: Database, leases: Leases) -> None:
        self._store = root
        self._root = os.path.join(root, "layers")
        self._drafts = os.path.join(root, "drafts")
        self._trash = os.path.join(root, "trash")
        self._database = database
        self._leases = leases
        self._boot = _boot_id()
        is_new = not os.path.isdir(self._root)
        for folder in (self._root, self._drafts, self._trash):
            make_folder(folder)
        if is_new:
            spread(self._root)
        self._forget_unsettled()

    def path(self, id: str) -> str:
        """The folder of a layer or draft."""
        return os.path.join(self._root, id)

    def new(self) -> DraftLayer:
        """An empty draft."""
        return DraftLayer(self._root, self._drafts, self._commit)

    def _commit(self, id: str, diff_id: str, size: int, created: float | None) -> None:
        now = time.time()
        with self._database.transaction() as connection:
            self._leases.keep("layer", id)
            connection.execute(
                "INSERT INTO layers VALUES (?, ?, ?, NULL, ?, ?, ?)",
                (id, diff_id, size, now if created is None else created, now, self._boot),
            )
        self._leases.prove((id,))

    def find(self, id: str) -> Layer | None:
        """A layer by its id; None when it does not count."""
        self._leases.keep("layer", id)
        rows = self._database.rows("SELECT diff_id, size, created FROM layers WHERE id = ?", id)
        tree = os.path.join(self.path(id), "tree")
        if not rows or not os.path.isdir(tree):
            return None
        diff_id, size, created = rows[0]
        return Layer(id, tree, str(diff_id), int(str(size)), float(str(created)))

    def have(self, ids: Iterable[str]) -> bool:
        """Tell whether all of some layers are there, and mark them used.

        Once is enough for as long as a lease holds them: a build asks again with each step.
        """
        wanted = self._leases.unproved(dict.fromkeys(ids))
        if not wanted:
            return True
        with self._database.transaction() as connection:
            self._leases.keep("layer", *wanted)
            for id in wanted:
                changed = connection.execute(
                    "UPDATE layers SET used = ? WHERE id = ?", (time.time(), id)
                )
                if not changed.rowcount or not os.path.isdir(os.path.join(self.path(id), "tree")):
                    return False
            self._leases.prove(wanted)
        return True

    def set_diff_ids(self, ids: Iterable[str], diff_id: str, size: int) -> None:
        """Say what the digest and size of the tar of some layers are."""
        with self._database.transaction() as connection:
            for id in ids:
                changed = connection.execute(
                    "UPDATE layers SET diff_id = ?, size = ? WHERE id = ?", (diff_id, size, id)
                )
                if not changed.rowcount:
                    raise BuildError(f"store: layer `{id}` is missing")

    def disk_sizes(self) -> dict[str, int]:
        """What each layer takes on disk, in bytes; counted once."""
        rows = self._database.rows("SELECT id, disk FROM layers")
        sizes = {str(id): int(str(size)) for id, size in rows if size is not None}
        counted = {str(id): disk_size(self.path(str(id))) for id, size in rows if size is None}
        if counted:
            query = "UPDATE layers SET disk = ? WHERE id = ?"
            with self._database.transaction() as connection:
                connection.executemany(query, [(size, id) for id, size in counted.items()])
        return sizes | counted

    def settle(self) -> None:
        """Sync the file system, so that the layers of now count after the next boot too."""
        mark = self._mark()
        if mark:
            self._sync(mark)

    def settle_soon(self) -> None:
        """Have that done by a process which this one does not wait for, and may end before."""
        mark = self._mark()
        if mark and not sync_later(self._store, mark):
            self._sync(mark)

    def _sync(self, mark: str) -> None:
        with naming(self._root):
            sync_file_system(self._root)
        with self._database.transaction() as connection:
            connection.execute("UPDATE layers SET boot = '' WHERE boot = ?", (mark,))

    def _mark(self) -> str:
        """A new mark, of all layers that count for this boot only; nothing where there is none."""
        if not self._note_settled():
            return ""
        mark = f"{self._boot}/{new_name()}"
        with self._database.transaction() as connection, naming(self._store):
            here = f"{self._boot}/%"
            connection.execute(
                "UPDATE layers SET boot = ? WHERE boot = ? OR boot LIKE ?", (mark, self._boot, here)
            )
            forget_marks(self._store)
        return mark

    def _note_settled(self) -> list[str]:
        """Note what other processes have synced; the boots and marks of what is not, so far."""
        rows = self._database.rows("SELECT DISTINCT boot FROM layers WHERE boot != ''")
        boots = [str(boot) for (boot,) in rows]
        if not boots:
            return []
        with naming(self._store):
            marks = read_marks(self._store)
        settled = [(boot,) for boot in boots if boot in marks]
        if settled:
            with self._database.transaction() as connection:
                connection.executemany("UPDATE layers SET boot = '' WHERE boot = ?", settled)
        return [boot for boot in boots if boot not in marks]

    def _forget_unsettled(self) -> None:
        """Forget layers of earlier boots that were not synced."""
        lost = [one for one in self._note_settled() if one.partition("/")[0] != self._boot]
        if lost:
            with self._database.transaction() as connection:
                connection.executemany(
                    "DELETE FROM layers WHERE boot = ?", [(one,) for one in lost]
                )

    def discard(self, id: str) -> None:
        """Remove the folder of a layer that has no row any more."""
        place = os.path.join(self._trash, new_name())
        path = self.path(id)
        with naming(path):
            try:
                os.rename(path, place)
            except FileNotFoundError:
                return
        remove_tree(place)

    def sweep_drafts(self) -> None:
        """Remove the drafts of dead processes."""
        for id in os.listdir(self._drafts):
            path = os.path.join(self._drafts, id)
            with naming(path):
                held = try_lock(path, creates=False)
            if held is not None:
                if not self.has_row(id):
                    self.discard(id)
                held.remove()

    def sweep(self) -> None:
        """Remove dead drafts, folders without a row, and what is left of earlier removals."""
        self.sweep_drafts()
        for id in self.ids():
            # In this order: a draft that is committed meanwhile has its row before its lock goes.
            is_draft = self.is_draft(id)
            if not is_draft and not self.has_row(id):
                self.discard(id)
        for name in os.listdir(self._trash):
            remove_tree(os.path.join(self._trash, name))

    def ids(self) -> list[str]:
        """The names of the folders of layers and drafts, with a row or without, sorted."""
        return sorted(os.listdir(self._root))

    def is_draft(self, id: str) -> bool:
        """Whether a folder is that of a draft, of a process that may have ended."""
        return os.path.exists(os.path.join(self._drafts, id))

    def has_tree(self, id: str) -> bool:
        """Whether the tree of a layer or draft is there."""
        return os.path.isdir(os.path.join(self.path(id), "tree"))

    def has_row(self, id: str) -> bool:
        """Whether a layer counts."""
        return bool(self._database.rows("SELECT 1 FROM layers WHERE id = ?", id))


class DraftLayer:
    """A layer in the making: `path` has `tree` in it. Left uncommitted, it is removed.

    What is mounted over the tree may have its work folder beside it, `work`. `id` is the id that
    the layer will have.
    """

    __slots__ = ("_commit", "_held", "_is_committed", "id", "path")

    id: str
    path: str

    def __init__(
        self, root: str, drafts: str, commit: Callable[[str, str, int, float | None], None]
    ) -> None:
        self.id = new_name()
        self.path = os.path.join(root, self.id)
        self._commit = commit
        self._is_committed = False
        self._held: FileLock | None = None
        place = os.path.join(drafts, self.id)
        with naming(place):
            while self._held is None:
                self._held = try_lock(place)
        try:
            with naming(self.path):
                os.mkdir(self.path, 0o700)
                os.mkdir(self.tree, 0o755)
                os.chmod(self.tree, 0o755)
        except BaseException:
            self.__exit__()
            raise

    @property
    def tree(self) -> str:
        """The path of the layer's tree."""
        return os.path.join(self.path, "tree")

    def commit(self, diff_id: str = "", size: int = 0, created: float | None = None) -> str:
        """Have the layer count; its id. The tree must not be changed, or be mounted, any more.

        `created`, in seconds since 1970, is when it was made, if not now.
        """
        if self._is_committed:
            return self.id
        work = os.path.join(self.path, "work")
        if os.path.isdir(work):
            remove_work(os.path.join(work, "work"))
            remove_tree(work)
        self._commit(self.id, diff_id, size, created)
        self._is_committed = True
        self._release()
        return self.id

    def __enter__(self) -> DraftLayer:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_committed:
            self._is_committed = True
            try:
                remove_tree(self.path)
            finally:
                self._release()

    def _release(self) -> None:
        if self._held is not None:
            self._held.remove()
            self._held = None


def disk_size(path: str) -> int:
    """What a folder takes on disk, in bytes; files with several names count once."""
    seen = set()
    total = 0
    with suppress(FileNotFoundError, NotADirectoryError):
        total = os.lstat(path).st_blocks * 512
    waiting = [path]
    while waiting:
        with suppress(FileNotFoundError, PermissionError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                state = entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif state.st_nlink > 1:
                    if state.st_ino in seen:
                        continue
                    seen.add(state.st_ino)
                total += state.st_blocks * 512
    return total


def _boot_id() -> str:
    """What tells this boot of the machine from others."""
    try:
        with open(_BOOT, encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return "unknown"
