"""Containers on disk: a folder each in the store's `containers`, and a lock for as long as it runs.

ID.lock             held by the process that runs the container, however that ends
ID/container.json   what is known of it
ID/tree, ID/work    the writable layer, in overlayfs' upper format; `root` is where it is mounted
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from dflint.content.container_use import CONTAINERS, RECORD
from dflint.content.files import FileLock, make_folder, naming, remove_tree, replace_file, try_lock
from dflint.errors import BuildError

_LOCK = ".lock"
_WAIT = 10.0


@dataclass(frozen=True, slots=True)
class ContainerRecord:
    """What is known of a container. Times are in seconds since 1970, 0 for not yet.

    `process` is the number of the process that runs it; `layers` are those of its image, bottom to
    top, and `image_bytes` is their size. `exit_code` counts once it is `finished`.
    """

    id: str
    image: str
    command: tuple[str, ...]
    created: float
    name: str = ""
    image_digest: str = ""
    layers: tuple[str, ...] = ()
    image_bytes: int = 0
    ports: tuple[str, ...] = ()
    is_kept: bool = False
    process: int = 0
    finished: float = 0.0
    exit_code: int = 0
    is_running: bool = False


class Containers:
    """The containers of a store."""

    def __init__(self, store: str) -> None:
        self._folder = os.path.join(store, CONTAINERS)
        make_folder(self._folder)

    def folder(self, id: str) -> str:
        """The folder of a container."""
        return os.path.join(self._folder, id)

    @contextlib.contextmanager
    def new(self, name: str) -> Iterator[str]:
        """The id of a new container, whose folder is there; `remove` or `finish` it at the end.

        BuildError when the name is another's. What the context leaves unkept is removed.
        """
        id = os.urandom(32).hex()
        with self._naming():
            if name and any(one.name == name for one in self.all()):
                raise BuildError(
                    f"the name `{name}` is in use by another container: "
                    f"remove it by `dflint rm {name}`, or take another"
                )
            held = try_lock(self.folder(id) + _LOCK)
            assert held is not None
            make_folder(self.folder(id))
            first = ContainerRecord(id, "", (), time.time(), name, process=os.getpid())
            self.write(first)
        try:
            yield id
        finally:
            self._end(id, held)

    def write(self, record: ContainerRecord) -> None:
        """Keep what is known of a container."""
        path = os.path.join(self.folder(record.id), RECORD)
        replace_file(path, json.dumps(asdict(record), indent=1).encode())

    def all(self) -> tuple[ContainerRecord, ...]:
        """All containers, the newest first; what killed processes have left is put in order."""
        found = []
        for file in sorted(os.listdir(self._folder)):
            if not file.endswith(_LOCK):
                continue
            id = file.removesuffix(_LOCK)
            held = try_lock(os.path.join(self._folder, file), creates=False)
            if held is not None:
                self._end(id, held)
            record = self._read(id)
            if record is not None:
                found.append(replace(record, is_running=held is None and not record.finished))
        return tuple(sorted(found, key=lambda one: (-one.created, one.id)))

    def find(self, text: str) -> ContainerRecord:
        """The container of a name, an id, or the beginning of one; BuildError when not just one."""
        known = self.all()
        found = [one for one in known if text in (one.name, one.id) and text]
        found = found or [one for one in known if text and one.id.startswith(text)]
        if len(found) != 1:
            several = "several containers begin with" if found else "no such container:"
            raise BuildError(f"{several} `{text}`")
        return found[0]

    def remove(self, record: ContainerRecord, *, is_forced: bool = False) -> None:
        """Remove a container; one that runs is killed where that is forced, else BuildError."""
        path = self.folder(record.id) + _LOCK
        with naming(path):
            held = try_lock(path, creates=False)
            if held is None and os.path.exists(path):
                if not is_forced:
                    raise BuildError(
                        f"container `{record.name or record.id[:12]}` is running: end it, or "
                        "remove it by `dflint rm --force`"
                    )
                held = _kill(record.process, path)
            if held is not None:
                remove_tree(self.folder(record.id))
                held.remove()

    @contextlib.contextmanager
    def _naming(self) -> Iterator[None]:
        """Nobody else makes a container meanwhile, so that a name is given once."""
        path = os.path.join(self._folder, "names")
        end = time.monotonic() + _WAIT
        with naming(path):
            while (held := try_lock(path)) is None:
                if time.monotonic() > end:
                    raise BuildError(f"another process does not let go of `{path}`")
                time.sleep(0.01)
        with held:
            yield

    def _end(self, id: str, held: FileLock) -> None:
        """Put a container in order that runs no longer: finished, or removed if it is not kept."""
        record = self._read(id)
        if record is None or not record.is_kept:
            remove_tree(self.folder(id))
            held.remove()
            return
        if not record.finished:
            self.write(replace(record, finished=time.time(), exit_code=137))
        held.release()

    def _read(self, id: str) -> ContainerRecord | None:
        try:
            with open(os.path.join(self.folder(id), RECORD), "rb") as file:
                said = json.load(file)
            lists = {key: tuple(said[key]) for key in ("command", "layers", "ports")}
            return ContainerRecord(**{**said, **lists})
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _kill(process: int, path: str) -> FileLock | None:
    """Kill the process that holds a lock; the lock, or None when another has removed it."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        descriptor = -1
    end = time.monotonic() + _WAIT
    try:
        while time.monotonic() < end:
            held = try_lock(path, creates=False)
            if held is not None or not os.path.exists(path):
                return held
            # The lock is held still, so that the number is that of its holder.
            if descriptor >= 0:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(descriptor, signal.SIGKILL)
            time.sleep(0.02)
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    raise BuildError(f"the process {process} does not let go of `{path}`")
