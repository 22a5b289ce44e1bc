"""A container from its image to its end."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from dflint.containers.configuration import process_of
from dflint.containers.image import ContainerImage, open_image
from dflint.containers.published import HeldPort, asked_ports, holding
from dflint.containers.records import ContainerRecord, Containers
from dflint.containers.request import ContainerRequest
from dflint.content.container_use import CONTAINERS
from dflint.content.store import ContentStore
from dflint.executor.namespaces import NamespacesExecutor
from dflint.executor.process import Process
from dflint.snapshot.base import StoredLayer
from dflint.snapshot.choose import choose as choose_snapshotter
from dflint.snapshot.copying import CopyingSnapshotter
from dflint.snapshot.overlay import OverlaySnapshotter


@dataclass(slots=True)
class Container:
    """A container that can be started: its root is mounted for this process and its children."""

    image: ContainerImage
    process: Process
    root: str
    executor: NamespacesExecutor
    record: ContainerRecord
    ports: tuple[HeldPort, ...]
    exit_code: int | None = None


@contextlib.contextmanager
def open_container(
    request: ContainerRequest,
    terminal: tuple[int, int] | None = None,
    told: Callable[[str], None] = lambda text: None,
) -> Iterator[Container]:
    """A new container; at the end of the context it is removed, or kept with its `exit_code`.

    The process has to be where mounts can be made, as for `dflint.build.builder.build`; call it
    before other threads start. `told` hears of what is fetched, and of ports that are chosen.
    Raises BuildError.
    """
    with contextlib.ExitStack() as held:
        executor = NamespacesExecutor()
        held.callback(executor.close)
        store = ContentStore(request.store)
        held.callback(store.close)
        held.enter_context(store.lease())
        image = open_image(store, request.image, request.platform, request.pulls, _Pulling(told))
        asked = asked_ports(request, image.document.config)
        ports = held.enter_context(holding(asked, request.network))
        containers = Containers(store.root)
        id = held.enter_context(containers.new(request.name))
        items = [*(("layer", one) for one in image.layers), *(("blob", one) for one in image.blobs)]
        store.hold_for(f"{CONTAINERS}/{id}", items)
        store.settle_soon()
        process = process_of(image.document.config, request, id, terminal)
        record = ContainerRecord(
            id,
            request.image,
            process.arguments,
            time.time(),
            name=request.name,
            image_digest=image.digest,
            layers=image.layers,
            image_bytes=sum(store.layer(one).size for one in image.layers),
            ports=tuple(str(one.port) for one in ports),
            is_kept=request.is_kept,
            process=os.getpid(),
        )
        containers.write(record)
        layers = _ContainerLayers(store, containers.folder(id))
        has_overlay = choose_snapshotter(store, request.snapshotter).name == "overlay"
        snapshotter = (OverlaySnapshotter if has_overlay else CopyingSnapshotter)(layers)
        with snapshotter.prepare(image.layers) as draft:
            for one in ports:
                if one.is_chosen:
                    told(f"listening on {one.port}")
            container = Container(image, process, draft.root, executor, record, ports)
            yield container
            if request.is_kept:
                draft.commit()
                code = 137 if container.exit_code is None else container.exit_code
                containers.write(replace(record, finished=time.time(), exit_code=code))


class _ContainerLayers:
    """The store as a snapshotter sees it, with the container's folder as the only draft."""

    def __init__(self, store: ContentStore, folder: str) -> None:
        self._store = store
        self.path = folder

    def layer(self, id: str) -> StoredLayer:
        """A layer of the image."""
        return self._store.layer(id)

    @contextlib.contextmanager
    def new_layer(self) -> Iterator[_ContainerLayers]:
        """The container's own folder."""
        os.mkdir(os.path.join(self.path, "tree"), 0o755)
        yield self

    def commit(self) -> str:
        """Leave the tree where it is."""
        return ""


class _Pulling:
    """Says once of each blob that it is fetched."""

    def __init__(self, told: Callable[[str], None]) -> None:
        self._told = told
        self._known: set[str] = set()

    def __call__(self, digest: str, done: int, total: int) -> None:
        if digest not in self._known:
            self._known.add(digest)
            self._told(f"fetching {digest[:19]} ({total} bytes)")
